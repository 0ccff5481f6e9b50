#!/usr/bin/env python3
"""Every code that the library reports has a number and stands in docs/LINT.md, which says what `tocsin lint --codes` says.
Every tocsin_status is returned somewhere, and the contract of some function names it."""
import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def reported():
    """Maps each code to the file that reports it: the kebab-case strings after a severity, or in a macro that has
    one."""
    found = {}
    for path in sorted([*(ROOT / "lib").rglob("*.c"), ROOT / "tools/tocsin/lint_folder.c", ROOT / "tools/tocsin/lint_fold.c"]):
        if path.name == "diagnostic_codes.c":
            continue
        for code in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', path.read_text(encoding="utf-8")):
            found.setdefault(code, path.relative_to(ROOT))
    return found


def printed_codes(tocsin, locale):
    environment = dict(os.environ, LC_ALL=locale, LANGUAGE="")
    printed = subprocess.run([tocsin, "lint", "--codes"], check=True, capture_output=True, text=True, env=environment).stdout
    return [tuple(re.match(r"(T\d+)  (\S+) +(.*)", line).groups()) for line in printed.splitlines()]


def compare(page, listed):
    written = re.findall(r"^\| (T\d+) \| `([a-z0-9-]+)` \| (.*) \|$", (ROOT / page).read_text(encoding="utf-8"), flags=re.M)
    return [f"{page} has no {row}" for row in listed if row not in written] + \
        [f"{page} has {row}, the program has not" for row in written if row not in listed]


def statuses():
    """Returns the problems of the values of tocsin_status."""
    header = ROOT / "include/tocsin/status.h"
    names = re.findall(r"^    (TOCSIN_ERROR_[A-Z_]+) = -", header.read_text(encoding="utf-8"), flags=re.M)
    contracts = "".join(path.read_text(encoding="utf-8") for path in header.parent.glob("*.h") if path != header)
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "lib").rglob("*.c") if path.name != "status.c")
    assert len(names) > 10
    return [f"{header.relative_to(ROOT)}: {name} is in no {what}" for name in names
            for what, text in (("contract", contracts), ("source", sources)) if not re.search(rf"\b{name}\b", text)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tocsin", required=True)
    arguments = parser.parse_args()
    listed = printed_codes(arguments.tocsin, "C")
    wrong = compare("docs/LINT.md", listed)
    chinese = printed_codes(arguments.tocsin, "zh_CN.UTF-8")
    if chinese != listed:  # else there are no translations in this build
        wrong += compare("docs/LINT.zh-CN.md", chinese)
    known = {code for _, code, _ in listed}
    used = reported()
    wrong += [f"{path}: {code} has no number" for code, path in used.items() if code not in known]
    single = {"empty", "example", "utf16"}  # one word each: not told from other words above
    wrong += [f"{code} is reported nowhere" for code in known if code not in used and code not in single]
    wrong += statuses()
    print("\n".join(wrong) or f"{len(listed)} codes, as docs/LINT.md has them")
    return 1 if wrong or len(listed) < 80 else 0


if __name__ == "__main__":
    sys.exit(main())
