"""Checks that a test calls every public function that can run out of memory with an allocator that fails at each call
in turn.
usage: check_sweep.py"""
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    contracts = {}
    for header in glob.glob(os.path.join(HERE, "..", "include", "tocsin", "*.h")):
        for found in re.finditer(r"/\*\*((?:(?!\*/).)*)\*/\s*TOCSIN_API [^;]*?\b(tocsin_[a-z0-9_]+)\(", read(header), re.S):
            contracts[found[2]] = found[1]
    # By its own words, or by those of the function it refers to.
    asking = {name for name, text in contracts.items() if "TOCSIN_ERROR_MEMORY" in text}
    asking |= {name for name, text in contracts.items() if re.search(r"[Oo]therwise as|[Aa]s tocsin_|The same", text)}
    cmake = read(os.path.join(HERE, "CMakeLists.txt")) + read(os.path.join(HERE, "whole.cmake"))
    swept = "".join(read(os.path.join(HERE, name + ".c")) for name in re.findall(r'tocsin_test\((\w+) "?[a-z;]*oom', cmake))
    missing = sorted(name for name in asking if not re.search(r"\b%s\(" % name, swept))
    print("%d of %d public functions may be out of memory; not swept: %s" % (len(asking), len(contracts), ", ".join(missing) or "none"))
    return 1 if missing or len(asking) < 25 else 0


sys.exit(main())
