"""Checks that whatever builds tocsin installs the Debian packages that CMake asks for: ./run, for this machine and for aarch64,
and the Debian package itself. usage: check_packages.py"""
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
# There is none for aarch64; and what only tests need.
X86_ONLY, TESTS_ONLY = {"libhyperscan-dev"}, {"check"}


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def main():
    asked = set(re.findall(r"""^ *tocsin_require(?:_header)?\(\S+ \S+ "?([a-z0-9.+-]+)""", read("cmake/TocsinDependencies.cmake"), re.M))
    assert len(asked) > 12 and "libicu-dev" in asked, asked
    asked -= TESTS_ONLY
    run = read("run")

    def of_run(name):
        return set(re.search(r'^%s="([^"]*)"' % name, run, re.M)[1].split())

    control = re.search(r"^Build-Depends:(.*(?:\n .*)*)", read("tools/packaging/debian/control"), re.M)[1]
    places = {
        "run, build_packages": (of_run("build_packages"), asked),
        "run, arm64_packages": (of_run("arm64_packages"), asked - X86_ONLY),
        "tools/packaging/debian/control, Build-Depends": ({part.split()[0] for part in control.split(",")}, asked),
    }
    wrong = ["%s lacks %s" % (place, name) for place, (found, wanted) in places.items() for name in sorted(wanted - found)]
    print("\n".join(wrong) or "%d packages in %d places" % (len(asked), len(places)))
    return 1 if wrong else 0


sys.exit(main())
