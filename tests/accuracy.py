#!/usr/bin/env python3
"""Grades labelled posts by a plan and prints the accuracy of both halves, a confusion table, and precision and recall
of every clause.

The posts were labelled by meaning before the lexicon was tuned, and the half called test was never looked at while it
was. goals.json beside them has the plan's tiers, the goals for that half, and floors: what has been reached, so that
nobody loses it unseen. A result below a floor is a failure, one below a goal is only reported.

usage: accuracy.py TOCSIN PLAN CASES [--show dev] [--only-report]
"""

import json
import os
import subprocess
import sys


def classify(tocsin, plan, cases_path):
    run = subprocess.run([tocsin, "classify", "-p", plan, "--all", "--quiet", cases_path], stdout=subprocess.PIPE, check=True)
    return {verdict["id"]: verdict for verdict in map(json.loads, run.stdout.splitlines())}


def share(part, whole):
    return part / whole if whole else 1.0


def measures(cases, verdicts, highest):
    pairs = [(case["expect"]["tier"], verdicts[case["id"]]["tier"]) for case in cases]
    highs = [found for wanted, found in pairs if wanted == highest]
    nones = [found for wanted, found in pairs if wanted == "none"]
    return {
        "tier right": share(sum(wanted == found for wanted, found in pairs), len(pairs)),
        "highest found": share(highs.count(highest), len(highs)),
        "none kept none": share(nones.count("none"), len(nones)),
    }


def print_confusion(cases, verdicts, tiers):
    print("  wanted \\ found " + "".join(f"{tier:>12}" for tier in tiers))
    for wanted in tiers:
        row = [verdicts[case["id"]]["tier"] for case in cases if case["expect"]["tier"] == wanted]
        print(f"  {wanted:<15}" + "".join(f"{row.count(found):>12}" for found in tiers))


def print_clauses(cases, verdicts):
    print("  clause  wanted  found  precision  recall")
    for clause in sorted({c for case in cases for c in case["expect"]["clauses"] + verdicts[case["id"]]["clauses"]}):
        wanted = {case["id"] for case in cases if clause in case["expect"]["clauses"]}
        found = {case["id"] for case in cases if clause in verdicts[case["id"]]["clauses"]}
        both = len(wanted & found)
        print(f"  {clause:<7}{len(wanted):>7}{len(found):>7}{share(both, len(found)):>11.1%}{share(both, len(wanted)):>8.1%}")
    exact = sum(sorted(case["expect"]["clauses"]) == sorted(verdicts[case["id"]]["clauses"]) for case in cases)
    print(f"  all clauses right: {exact} of {len(cases)} ({share(exact, len(cases)):.1%})")


def show_misses(cases, verdicts):
    for case in cases:
        verdict = verdicts[case["id"]]
        if case["expect"]["tier"] != verdict["tier"] or sorted(case["expect"]["clauses"]) != sorted(verdict["clauses"]):
            words = " ".join(f"{e['clause']}:{e['topic']}:{e['text']}" for e in verdict["evidence"])
            print(json.dumps(case, ensure_ascii=False), "\n    found", verdict["tier"], verdict["clauses"], words)


def main(arguments):
    tocsin, plan, cases_path = arguments[:3]
    with open(cases_path, encoding="utf-8") as file:
        cases = [json.loads(line) for line in file if line.strip()]
    with open(os.path.join(os.path.dirname(cases_path), "goals.json"), encoding="utf-8") as file:
        goals = json.load(file)
    verdicts = classify(tocsin, plan, cases_path)
    failed, short = [], []
    for half in ("dev", "test"):
        chosen = [case for case in cases if case["split"] == half]
        if not chosen:
            continue
        reached = measures(chosen, verdicts, goals["tiers"][-1])
        print(f"{half}: {len(chosen)} posts; " + ", ".join(f"{name} {value:.1%}" for name, value in reached.items()))
        print_confusion(chosen, verdicts, goals["tiers"])
        print_clauses(chosen, verdicts)
        if half == "test":
            failed = [name for name, floor in goals["floors"].items() if reached[name] < floor]
            short = [name for name, goal in goals["goals"].items() if reached[name] < goal]
        if "--show" in arguments and half == arguments[arguments.index("--show") + 1]:
            show_misses(chosen, verdicts)
    for name in short:
        print(f"goal not reached on the test half: {name}, {goals['goals'][name]:.0%} is asked for")
    for name in failed:
        print(f"under its floor on the test half: {name}, {goals['floors'][name]:.0%} had been reached")
    return 1 if failed and "--only-report" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
