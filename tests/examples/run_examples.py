"""Runs the built programs of examples/ and compares their output.
usage: run_examples.py FOLDER LIBTOCSIN.SO|none EXAMPLES"""
import os
import subprocess
import sys

FOLDER, LIBRARY, EXAMPLES = sys.argv[1:4]
PLAN = os.path.join(EXAMPLES, "fire-service")
LATE = "着火四十分钟消防车才到，消防队还互相推諉"
SMALL = """plan: other
version: "1"
topics: {late: {terms: late.txt}}
tiers: [{id: low, clauses: [{id: L1, when: late}]}]
"""


def run(program, *words, said=""):
    done = subprocess.run([*program, *words], input=said, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError("%s: exit %d: %s" % (program, done.returncode, done.stderr))
    return done.stdout


def example(name, *words, said=""):
    return run([os.path.join(FOLDER, name)], *words, said=said)


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def other_plan():
    folder = os.path.join(FOLDER, "other-plan")
    os.makedirs(folder, exist_ok=True)
    for name, text in (("plan.yaml", SMALL), ("late.txt", "才到\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)
    return folder


def main():
    found = example("first_verdict", PLAN, "hot_forum", LATE)
    holds(found.startswith("major\n") and "M3" in found and "推諉" in found, found)
    found = example("pieces", PLAN, said=LATE)
    holds(found.startswith("major, "), found)
    found = example("why", PLAN, LATE)
    holds(found.count("\n+ ") + found.count("\n- ") == 8 and "\n+ M1" in found, found)
    found = example("why", PLAN, "消防员打架")
    holds("would be" in found, found)
    lines = [LATE if i % 10 == 0 else "今天天气真好 %d" % i for i in range(1000)]
    found = example("threads", PLAN, said="\n".join(lines) + "\n")
    holds(found == "1000 of 1000 lines graded, 100 with a tier\n", found)
    found = example("hot_swap", PLAN, other_plan(), LATE)
    holds(found == "generation 1: major\ngeneration 2: low\n", found)
    found = example("overlay", PLAN, "我们公司", "own & !负面", "我们公司的班车")
    holds(found == "none\ngeneral\n", found)
    done = subprocess.run([os.path.join(FOLDER, "overlay"), PLAN, "我们公司", "own & 负靣", "x"], capture_output=True, text=True, check=False)
    holds(done.returncode == 1 and done.stderr.startswith("rules, row 2, character 7: "), done.stderr)
    found = example("incidents", PLAN, said="".join("转发%d：合肥阳光花园%s\n" % (i, LATE) for i in range(250)) + "今天天气真好\n")
    holds(found.startswith("1 major, attention elevated, 250 posts: ") and found.count("\n") == 1, found)
    found = example("own_allocator", PLAN)
    holds("not in 64 KiB: out of memory" in found and "compiled in at most" in found, found)
    found = example("fold_spans", "火灾", "ABC合肥火\u200b災！")
    holds(found == "abc合肥火灾!\nbytes 9-18: 火\u200b災\n", found)
    found = example("filter", PLAN, said="%s\n今天天气真好\n" % LATE)
    holds(found.splitlines()[0].startswith("major\tM") and found.splitlines()[1] == "none", found)
    if LIBRARY != "none":
        found = run([sys.executable, "-B", os.path.join(EXAMPLES, "from_python.py")], LIBRARY, PLAN, LATE)
        holds(found.startswith("major [") and "消防队" in found, found)
    print("10 programs%s say what they should" % ("" if LIBRARY == "none" else " and one of Python"))


main()
