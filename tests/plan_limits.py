#!/usr/bin/env python3
"""Limits a plan to what one person can remember: numbers of topics, terms and defines, how deep defines nest,
which weights terms have, and what the names are written in. tocsin lint has no error, warning or note about it.

usage: plan_limits.py TOCSIN PLAN_FOLDER [--topics 20] [--terms 2000] [--defines 15] [--depth 3] [--weights 1,0.5,0.25] [--han]
"""

import argparse
import csv
import json
import pathlib
import re
import subprocess
import sys

WORDS = re.compile(r"[^\W\d]\w*")


def read_block(lines, key):
    """The lines `  name: value` under `key:`, as pairs; a value goes on in lines that are indented further."""
    pairs, inside = [], False
    for line in lines:
        if re.match(r"\S", line):
            inside = line.startswith(key + ":")
        found = re.match(r"  ([^\s#:]+):\s*(.*)", line)
        if inside and found:
            pairs.append((found[1], found[2]))
        elif inside and pairs and re.match(r"   +[^\s#]", line):
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + " " + line.strip())
    return pairs


def terms_of(path):
    """Pairs of term and weight. In a .txt list every line that is not empty and no comment is a term."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".txt":
        return [(line.strip(), "") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(row["term"], row.get("weight") or "") for row in csv.DictReader(text.splitlines()) if row["term"]]


def depth(name, defines, seen=()):
    """The depth of a define; a define that uses no other has depth 1."""
    if name in seen:
        return len(seen)
    used = [word for word in WORDS.findall(defines[name]) if word in defines and word != name]
    return 1 + max((depth(word, defines, (*seen, name)) for word in used), default=0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tocsin")
    parser.add_argument("plan", type=pathlib.Path)
    for name, limit in (("topics", 20), ("terms", 2000), ("defines", 15), ("depth", 3)):
        parser.add_argument("--" + name, type=int, default=limit)
    parser.add_argument("--weights", default="1,0.5,0.25")
    parser.add_argument("--han", action="store_true", help="topics and defines have Chinese names")
    limits = parser.parse_args()
    lines = (limits.plan / "plan.yaml").read_text(encoding="utf-8").splitlines()
    topics, defines = read_block(lines, "topics"), dict(read_block(lines, "define"))
    allowed = {float(weight) for weight in limits.weights.split(",")}
    wrong, count = [], 0
    for topic, value in topics:
        for name in re.findall(r"[\w-]+\.(?:csv|txt)", value):
            terms = terms_of(limits.plan / name)
            count += len(terms)
            wrong += [f"{name}: {term} weighs {weight}" for term, weight in terms
                      if weight and float(weight) not in allowed]
    deepest = max((depth(name, defines) for name in defines), default=0)
    for what, found in (("topics", len(topics)), ("terms", count), ("defines", len(defines)), ("depth", deepest)):
        print(f"{what}: {found} of at most {getattr(limits, what)}")
        if not found or found > getattr(limits, what):
            wrong.append(f"{what}: {found}")
    if limits.han:
        wrong += [f"{name} is no Chinese name" for name in [t for t, _ in topics] + list(defines)
                  if not re.fullmatch(r"[\u4e00-\u9fff]+", name)]
    linted = subprocess.run([limits.tocsin, "lint", "--json", limits.plan], capture_output=True, text=True)
    told = json.loads(linted.stdout)["diagnostics"]
    wrong += ["{file}:{line}: {message}".format(**diagnostic) for diagnostic in told]
    for line in wrong:
        print("wrong:", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
