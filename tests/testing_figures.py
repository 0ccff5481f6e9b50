"""Fills in the figures of docs/TESTING.md: it counts some of them and takes measured ones from testing.json.
usage: testing_figures.py CTEST_FOLDER [--write]    without --write: fails where the page is out of date"""
import glob
import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PAGE, MEASURED = os.path.join(ROOT, "docs", "TESTING.md"), os.path.join(ROOT, "tests", "testing.json")
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def files(*patterns):
    return [path for pattern in patterns for path in glob.glob(os.path.join(ROOT, pattern))]


def count(pattern, paths):
    return sum(len(re.findall(pattern, read(path), re.M)) for path in paths)


def rounded(number):
    """Rounds to two digits, so that the figure does not change with every commit."""
    scale = 10 ** max(len(str(number)) - 2, 0)
    return f"{round(number / scale) * scale:,}".replace(",", " ")


def lines(*patterns):
    return rounded(sum(read(path).count("\n") for path in files(*patterns)))


def figures(folder):
    listed = subprocess.run(["ctest", "-N", "--test-dir", folder], capture_output=True, text=True, check=True).stdout
    tests = re.search(r"Total Tests: (\d+)", listed)[1]
    measured = json.loads(read(MEASURED))
    fuzzed = measured["fuzz"]
    rows = [
        ("programs and scripts of tests", tests),
        ("lines of the library; of the tools; of tests", "%s; %s; %s" % (
            lines("lib/*/*.c", "lib/*/*.h", "include/tocsin/*.h"), lines("tools/*/*.c", "tools/*/*.h"),
            lines("tests/*.[ch]", "tests/*.py", "tests/*/*.[ch]", "tests/*/*.py", "tests/golden/*.md", "tests/cli/cases/*.md"))),
        ("cases of the library's own checks (START_TEST)", rounded(count(r"^START_TEST", files("tests/*.c", "tests/*/*.c")))),
        ("golden documents, each with its exact verdict on three engines", rounded(count(r"^```text document", files("tests/golden/*.md")))),
        ("command lines with exactly what they print", rounded(count(r"^```sh", files("tests/cli/cases/*.md", "docs/*.md")))),
        ("problems that lint reports, each with a number", rounded(count(r"^    \{\"[a-z0-9-]+\", \"T\d+\"", ["lib/base/diagnostic_codes.c"]))),
        ("labelled posts for the two plans", rounded(count(r"^\{", files("tests/*/cases.ndjson", "tests/*/tuning.ndjson")))),
        ("lines and branches of lib/ that the tests run (%s)" % measured["coverage"]["day"],
         "%(lines).1f %%, %(branches).1f %%" % measured["coverage"]),
        ("mutants killed (%s)" % measured["mutants"]["day"], "%(killed)d of %(counted)d" % measured["mutants"]),
        ("fuzzing: targets; inputs; minutes of processor (%s)" % fuzzed["day"],
         "%d; %s; %s" % (len(fuzzed["targets"]), rounded(sum(t["inputs"] for t in fuzzed["targets"].values())), fuzzed["minutes"])),
    ]
    text = "| | |\n|---|---|\n" + "".join("| %s | %s |\n" % row for row in rows)
    text += "\n| fuzz target | inputs | edges |\n|---|---|---|\n"
    return text + "".join("| %s | %s | %s |\n" % (name, rounded(t["inputs"]), t["edges"]) for name, t in fuzzed["targets"].items())


def main():
    page = read(PAGE)
    before, rest = page.split(BEGIN)
    kept, after = rest.split(END)
    now = figures(sys.argv[1])
    if "--write" in sys.argv:
        with open(PAGE, "w", encoding="utf-8") as out:
            out.write(before + BEGIN + now + END + after)
        return 0
    if kept == now:
        print("the figures are those of the tree")
        return 0
    print("docs/TESTING.md is out of date: python3 tests/testing_figures.py %s --write\n%s" % (sys.argv[1], now))
    return 1


sys.exit(main())
