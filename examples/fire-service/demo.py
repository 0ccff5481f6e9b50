#!/usr/bin/env python3
"""Grades the feed of 300 posts beside this file and shows what a duty officer would see first.

demo.py TOCSIN, where TOCSIN is the command line tool.
"""

import collections
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import time
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
FEED = HERE / "feed.ndjson.zst"
LABELS = HERE.parent.parent / "tests" / "fire-service" / "feed_labels.ndjson"
SHOWN = 5
SAYS = {"伤亡", "牺牲", "全国关注", "出警不力", "负面", "泄密敏感", "灾害事故"}
WIDTH = 100

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ
MARK = ("\033[1;31m", "\033[0m") if COLOUR else ("【", "】")
BOLD = ("\033[1m", "\033[0m") if COLOUR else ("", "")


def columns(text):
    """How wide a terminal shows it: Han characters take two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text, width):
    while columns(text) > width:
        text = text[:-1]
    return text


def read_lines(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"demo: {command[0]} ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def plan_names():
    """The names of tiers, clauses and routes, from the plan: `id: …` and `name: …` stand together in it."""
    names, last = {}, None
    for line in (HERE / "plan.yaml").read_text(encoding="utf-8").splitlines():
        for part in line.replace("{", "").replace("}", "").split(", "):
            key, _, value = part.strip().lstrip("- ").partition(": ")
            if key == "id":
                last = value
            elif key == "name" and last:
                names.setdefault(last, value.strip('"'))
    return names


def marked(text, spans):
    """The text with the byte ranges marked; ranges that meet or overlap become one."""
    raw, out, at = text.encode("utf-8"), [], 0
    joined = []
    for start, end in sorted(set(spans)):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    for start, end in joined:
        out += [raw[at:start].decode(), MARK[0], raw[start:end].decode(), MARK[1]]
        at = end
    return "".join(out) + raw[at:].decode()


def print_table(verdicts, names, total, seconds):
    tiers = collections.Counter(verdict["tier"] for verdict in verdicts)
    clauses = collections.Counter(clause for verdict in verdicts for clause in verdict["clauses"])
    routes = collections.Counter(route for verdict in verdicts for route in verdict["routes"])
    print(f"{BOLD[0]}{total} posts{BOLD[1]}, compiled the plan and graded them in {seconds:.2f} s\n")
    for kind, counts in (("tier", tiers), ("clause", clauses), ("route", routes)):
        order = [name for name in names if name in counts] + [name for name in counts if name not in names]
        for name in order:
            print(f"  {kind:6}  {name:13}  {counts[name]:4}  {cut(names.get(name, ''), WIDTH - 32)}")
        print()


def print_post(number, verdict, post, names):
    place = post.get("source") or post.get("venue") or "?"
    clauses = " ".join(verdict["clauses"])
    print(f"{BOLD[0]}{number}. {verdict['id']}{BOLD[1]}  {place}  reach {post.get('reach', 0)}"
          f"  {names.get(verdict['tier'], verdict['tier'])} by {clauses}  → {' '.join(verdict['routes'])}")
    evidence = [e for e in verdict["evidence"] if not is_learned(e) or len(re.findall(r"\w", e["text"])) > 2]
    for field in ("title", "text"):
        spans = [(e["start"], e["end"]) for e in evidence if e["field"] == field]
        if post.get(field):
            print("   " + marked(post[field], spans))
    words = {}
    for one in evidence:
        words.setdefault(one["clause"], {})[f"{one['text']} ({one['topic']})"] = True
    for clause, made in words.items():
        print(f"   {clause}: {', '.join(made)}")
    print()


def is_learned(evidence):
    return evidence["topic"].startswith("learned(")


def told_by_words(verdict):
    """How many topics say what happened, not only who it was."""
    return len({e["topic"] for e in verdict["evidence"] if e["topic"] in SAYS})


def share(part, whole, z=1.96):
    """A share with its Wilson interval."""
    if not whole:
        return "none"
    middle, bottom = part / whole + z * z / (2 * whole), 1 + z * z / whole
    spread = z * math.sqrt(part / whole * (1 - part / whole) / whole + z * z / (4 * whole * whole))
    return f"{part} of {whole}, {part / whole:.0%} ({(middle - spread) / bottom:.0%} to {(middle + spread) / bottom:.0%})"


def measured(row):
    """The counts of a row of the table in README.md: real posts and their labels are not in the repository."""
    text = (HERE.parent.parent / "README.md").read_text(encoding="utf-8")
    return tuple(map(int, re.search(rf"^\| {row} .*: (\d+) of (\d+) \|$", text, re.M).groups()))


def print_accuracy(verdicts):
    """Compares with labels that people gave before any list was written; an installed plan has none without the tests."""
    if LABELS.exists():
        wanted = {label["id"]: label["tier"] for label in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines())}
        found = {verdict["id"]: verdict["tier"] for verdict in verdicts}
        print("These 300 posts are invented, and no list was tuned on them. Compared with their labels:")
        print("  tier right      ", share(sum(found[i] == tier for i, tier in wanted.items()), len(wanted)))
        for title, tier in (("major found     ", "major"), ("none kept none  ", "none")):
            ids = [i for i in wanted if wanted[i] == tier]
            print(f"  {title}", share(sum(found[i] == tier for i in ids), len(ids)))
    print("Real posts with one clear answer, from the fifth of the labels that was held back (README.md; ./run real DIR):")
    print("  alerts right    ", share(*measured("precision of alerts")))
    print("  events found    ", share(*measured("recall of major events")))
    print()


def main():
    tocsin = sys.argv[1]
    posts = {post["id"]: post for post in read_lines(["zstd", "-dcq", str(FEED)])}
    began = time.monotonic()
    verdicts = read_lines([tocsin, "classify", "-p", str(HERE), "--all", "--quiet", str(FEED)])
    seconds = time.monotonic() - began
    names = plan_names()
    print_table(verdicts, names, len(posts), seconds)
    print_accuracy(verdicts)
    majors = sorted((verdict for verdict in verdicts if verdict["tier"] == "major"), key=told_by_words, reverse=True)
    print(f"The {min(SHOWN, len(majors))} of {len(majors)} major posts in which words of the lists cover the largest part, with those words:\n")
    for number, verdict in enumerate(majors[:SHOWN], 1):
        print_post(number, verdict, posts[verdict["id"]], names)
    print("""Read on:
  examples/fire-service/plan.yaml   the plan that graded them; its word lists are beside it
  build/release/bin/tocsin explain -p examples/fire-service --venue hot_forum '消防车迟到还互相推诿'
  tests/golden/*.md                 how each part of a plan works, as test cases
  README.md, docs/DESIGN.md         the library, and the reasons for its design""")


if __name__ == "__main__":
    main()
