"""Checks the manual pages: there is one for each verb, program and public function, and groff reports no problem.
usage: check_man.py FOLDER HEADERS TOCSIN"""
import glob
import os
import re
import shutil
import subprocess
import sys

# A warning about the terminal used here, not about the pages.
OF_THE_FONT = ("can't find special character", "cannot adjust line", "can't break line")


def points_nowhere(folder):
    """Whether a page names a file of the tree, or a file that the packages do not install."""
    root, wrong, named = os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."), [], 0
    for path in sorted(glob.glob(folder + "/man*/*")):
        with open(path, encoding="utf-8") as text:
            page = text.read().replace("\\-", "-")
        wrong += [(path, name) for name in re.findall(r"(?<![\w/])(?:docs|examples)/[\w.-]+|(?<![\w/])[A-Z_]+\.md", page)]
        for place, name in re.findall(r"/usr/share/(doc/tocsin/docs|tocsin)/([\w-]+(?:\.md)?)", page):
            named += 1
            if not os.path.exists(os.path.join(root, "docs" if place[0] == "d" else "examples", name)):
                wrong.append((path, name))
    for path, name in wrong:
        print("%s points to %s, which is not installed" % (path, name))
    if not named:
        print("no page points to a file")
    return bool(wrong) or not named


def without_synopsis(folder):
    """Whether a page of a program has no synopsis, or text about usage elsewhere."""
    wrong = []
    for path in sorted(glob.glob(folder + "/man1/*")):
        with open(path, encoding="utf-8") as text:
            page = text.read().replace("\\-", "-")
        synopsis = re.search(r"^\.SH SYNOPSIS\n\.nf\n(tocsin[^\n]*(?:\n +tocsin[^\n]*)*)\n\.fi\n", page, re.M)
        if not synopsis or synopsis[1].endswith(".") or "usage:" in page:
            wrong.append(path)
            print("%s: the usage is not the synopsis" % path)
    return bool(wrong)


def main():
    folder, headers, tocsin = sys.argv[1:4]
    verbs = re.findall(r"^  ([a-z]+)[ -]", subprocess.run([tocsin, "--help"], capture_output=True, text=True,
                                                          check=True).stdout, re.M)
    functions = set()
    for path in glob.glob(headers + "/*.h"):
        with open(path, encoding="utf-8") as text:
            functions |= set(re.findall(r"TOCSIN_API [^;(]*?\b(tocsin_[a-z0-9_]+)\(", text.read()))
    wanted = {"tocsin-%s.1" % v for v in verbs if v not in ("help", "tocsin")} | {f + ".3" for f in functions}
    wanted |= {"tocsin.1", "tocsin-kafka.1", "tocsin-bench.1", "tocsin.3", "tocsin-plan.5"}
    found = {os.path.basename(path) for path in glob.glob(folder + "/man*/*")}
    failed = found != wanted
    if failed:
        print("missing: %s; too many: %s" % (sorted(wanted - found), sorted(found - wanted)))
    failed |= points_nowhere(folder)
    failed |= without_synopsis(folder)
    if not shutil.which("groff"):
        print("SKIPPED: there is no groff (Debian: groff-base)")
        return failed
    for path in sorted(glob.glob(folder + "/man*/*")):
        said = subprocess.run(["groff", "-K", "utf8", "-man", "-ww", "-z", path], capture_output=True, text=True).stderr
        wrong = [line for line in said.splitlines() if not any(part in line for part in OF_THE_FONT)]
        failed |= bool(wrong)
        print("\n".join(wrong), end="\n" if wrong else "")
    print("%d pages, of %d functions" % (len(found), len(functions)))
    return failed


sys.exit(main())
