#!/usr/bin/env python3
"""Writes tocsin/_interface.py: the declarations of the public headers as cffi takes them, macros replaced.
usage: make_interface.py INCLUDE-DIR CC OUT"""
import os
import re
import subprocess
import sys
import tempfile


def main():
    include, compiler, out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as stubs:
        for name in ("stddef.h", "stdint.h", "stdlib.h"):  # cffi knows the types of these
            open(os.path.join(stubs, name), "w").close()
        text = subprocess.run([compiler, "-E", "-P", "-nostdinc", "-I", stubs, "-I", include, "-DTOCSIN_API=", "-x", "c", "-"],
                              input="#include <tocsin/tocsin.h>\n", capture_output=True, text=True, check=True).stdout
    text = re.sub(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)", "", text)
    version = re.search(r'TOCSIN_VERSION_STRING "([^"]+)"', open(os.path.join(include, "tocsin/version.h")).read()).group(1)
    with open(out, "w") as file:
        file.write('"""Made by make_interface.py from the headers of the library."""\n\nVERSION = %r\nDECLARATIONS = """\n%s"""\n' %
                   (version, text.replace("\\", "\\\\")))


main()
