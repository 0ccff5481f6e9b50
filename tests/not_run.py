"""Lists the lines of lib/ that no test ran, without those that tests/not_run.txt accepts with a reason.
usage: not_run.py TREE LCOV     ends with 1 where a line is not judged, or one that is judged ran after all

A judgement is a comment, the reason, and below it the lines that it is about: FILE: what stands there, or * for all of the file."""
import os
import re
import sys


def read_judged(path):
    """For each file its judged lines, in the words of the list."""
    judged = {}
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, colon, code = line.rstrip("\n").partition(": ")
            assert colon, "%s:%d: FILE: LINE" % (path, number)
            judged.setdefault(name, set()).add(code.strip())
    return judged


def read_counts(path):
    """For each file and line of lib/ the number of runs, in the program that ran it most."""
    counts, name = {}, None
    with open(path, encoding="utf-8") as text:
        for line in text:
            if line.startswith("SF:"):
                name = re.sub(r"^.*?(?=\blib/)", "", line[3:].strip())
            elif line.startswith("DA:") and name.startswith("lib/") and name.endswith((".c", ".h")):
                number, count = line[3:].split(",")[:2]
                lines = counts.setdefault(name, {})
                lines[int(number)] = max(int(count), lines.get(int(number), 0))
    return counts


def main():
    tree, lcov = sys.argv[1:3]
    judged = read_judged(os.path.join(tree, "tests", "not_run.txt"))
    counts = read_counts(lcov)
    assert len(counts) > 80, "no counts of lib/"
    used, silent, told = set(), 0, 0
    for name in sorted(counts):
        if not os.path.exists(os.path.join(tree, name)):
            continue  # made when the library is built: tables
        with open(os.path.join(tree, name), encoding="utf-8") as source:
            lines = source.read().split("\n")
        for number, count in sorted(counts[name].items()):
            code = lines[number - 1].strip()
            if count or not re.search(r"\w", code):
                continue
            silent += 1
            known = {"*", code} & judged.get(name, set())
            used |= {(name, each) for each in known}
            if not known:
                told += 1
                print("%s:%d: not run, and not judged: %s" % (name, number, code))
    idle = sorted({(name, code) for name, codes in judged.items() for code in codes} - used)
    for name, code in idle:
        print("%s: judged, and run or gone: %s" % (name, code))
    print("%d lines are not run, %d of them are judged" % (silent, silent - told))
    return 1 if told or idle else 0


sys.exit(main())
