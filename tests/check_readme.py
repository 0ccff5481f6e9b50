"""Checks the two READMEs: their commands run, their links have targets, the index has each page of docs/, and both
show the same. Their fenced blocks are
run and compared by check_docs.py.
usage: check_readme.py TOCSIN"""
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
TOCSIN = sys.argv[1]
SAMPLE_LINES = 12
SIZES = (("README.md", r"\((?P<topics>\d+) topics, (?P<terms>[\d ]+) terms,", "fire-service"),
         ("README.zh-CN.md", r"（(?P<topics>\d+) 个主题、(?P<terms>[\d ]+) 个词、", "fire-service"),
         ("examples/water-utility/README.md", r"(?P<terms>\d+) terms in (?P<topics>\d+) topics", "water-utility"))
POSTS = '{"id": "42", "text": "着火四十分钟消防车才到，消防队还互相推諉", "venue": "hot_forum"}\n'


def run(words, **more):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    if done.returncode:
        raise AssertionError("%s: exit %d: %s" % (words, done.returncode, done.stderr))
    return done.stdout


def check_commands(text, folder):
    """Runs the commands that name the built tool, in a folder with a feed and the example."""
    os.symlink(os.path.join(ROOT, "examples"), os.path.join(folder, "examples"))
    with open(os.path.join(folder, "posts.ndjson"), "w", encoding="utf-8") as out:
        out.write(POSTS)
    commands = re.findall(r"^    (build/release/bin/tocsin .*)$", text, re.M)
    for command in commands:
        run(["sh", "-ec", command.replace("build/release/bin/tocsin", TOCSIN)], cwd=folder)
    with open(os.path.join(folder, "verdicts.ndjson"), encoding="utf-8") as verdicts:
        assert '"tier":"major"' in verdicts.read()
    assert len(commands) == 2, commands
    return len(commands)


def check_verbs(text):
    """Every verb and option in the READMEs exists."""
    shown = re.findall(r"\btocsin ([a-z]+)((?: --?[a-z-]+| [^-\s|`]\S*)*)", text)
    count = 0
    for verb, words in shown:
        if "`tocsin %s" % verb not in text and "    tocsin %s" % verb not in text:
            continue
        offered = run([TOCSIN, "help", verb])
        for option in re.findall(r" (--[a-z-]+)", words):
            assert option in offered, "tocsin %s has no %s" % (verb, option)
        count += 1
    return count


def check_links(text):
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert link.startswith("http") or os.path.exists(os.path.join(ROOT, link)), "there is no %s" % link


def check_index(name, text):
    """The index has each page once; the Chinese index has the Chinese page if there is one."""
    pages = sorted(n for n in os.listdir(os.path.join(ROOT, "docs")) if n.endswith(".md"))
    chinese = {n.replace(".zh-CN", "") for n in pages if ".zh-CN" in n}
    index = "\n".join(re.findall(r"^\| .*\|$", text, re.M))
    for page in pages:
        if ".zh-CN" in page:
            continue
        page = page.replace(".md", ".zh-CN.md") if "zh-CN" in name and page in chinese else page
        count = index.count("](docs/%s)" % page)
        assert count == 1, "%s: the tables name docs/%s %d times" % (name, page, count)
    return len(pages) - len(chinese)


def check_java(name, text):
    """The Java sample and its output are those of the tests in bindings/java."""
    with open(os.path.join(ROOT, "bindings", "java", "README.md"), encoding="utf-8") as file:
        run_there = file.read()
    sample = re.findall(r"```java\n(.*?)```", text, re.S)
    assert sample == re.findall(r"```java\n(.*?)```", run_there, re.S)[:1], "%s: another program than bindings/java" % name
    for line in re.search(r"```text\n(.*?)```", run_there, re.S)[1].splitlines():
        assert "`%s`" % line in text, "%s does not say that the sample in Java prints %s" % (name, line)


def check_samples(name, text):
    """The samples are short enough to read at a glance."""
    for language, sample in re.findall(r"```(c|java|python)\n(.*?)```", text, re.S):
        assert sample.count("\n") <= SAMPLE_LINES, "%s: the sample in %s has more than %d lines" % (name, language, SAMPLE_LINES)


def check_sizes():
    """The numbers of topics and terms of the plans that pages state."""
    for page, pattern, plan in SIZES:
        with open(os.path.join(ROOT, page), encoding="utf-8") as file:
            stated = re.search(pattern, file.read())
        assert stated, "%s does not state the size of the plan %s" % (page, plan)
        sizes = json.loads(run([TOCSIN, "lint", "--json", os.path.join(ROOT, "examples", plan)]))
        for what in ("topics", "terms"):
            assert int(stated[what].replace(" ", "")) == sizes[what], "%s: %s has %d %s" % (page, plan, sizes[what], what)


def check_accuracy(english, chinese):
    """The pages and the plan's page give the same counts; the demo prints those of README.md."""
    counts = [re.search(rf"^\| {row} .*: (\d+) of (\d+) \|$", english, re.M).groups()
              for row in ("precision of alerts", "recall of major events")]
    (right, alerts), (found, events) = counts
    assert f"{alerts} 条中对 {right} 条" in chinese and f"{events} 件找到 {found} 件" in chinese, counts
    with open(os.path.join(ROOT, "examples", "fire-service", "README.md"), encoding="utf-8") as file:
        assert f"| 报 {alerts} 条，对 {right} 条；该报 {events} 条，报到 {found} 条 |" in file.read(), counts


def check_contributing():
    """The files that CONTRIBUTING names exist, so that its worked examples can be followed."""
    there = {name for folder, _, names in os.walk(ROOT) if "/build" not in folder for name in names}
    with open(os.path.join(ROOT, "docs", "CONTRIBUTING.md"), encoding="utf-8") as file:
        named = set(re.findall(r"`(?:[\w./-]+/)?([a-z_]\w*\.(?:c|h|inc|py|sh|md|dict|po|map))`", file.read()))
    assert len(named) > 30 and named <= there, "CONTRIBUTING.md names files that are not there: %s" % sorted(named - there)
    return len(named)


def headings(text):
    return [len(mark) for mark in re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.S), re.M)]


def blocks(text):
    """The code without comments is equal in both languages."""
    code = re.findall(r"```(?:c|java|json|python|sh|yaml|text)\b(.*?)```", text, re.S) + re.findall(r"^    (.*)$", text, re.M)
    return [re.sub(r"\s*(?:/\*.*?\*/|#\s.*)", "", block) for block in code]


def main():
    texts = {}
    for name in ("README.md", "README.zh-CN.md"):
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            texts[name] = file.read()
    for name, text in texts.items():
        with tempfile.TemporaryDirectory() as folder:
            check_links(text)
            check_java(name, text)
            check_samples(name, text)
            print("%s: %d commands run, %d are of verbs that there are, %d pages in the index" %
                  (name, check_commands(text, folder), check_verbs(text), check_index(name, text)))
    english, chinese = texts.values()
    check_sizes()
    check_accuracy(english, chinese)
    print("CONTRIBUTING.md names %d files" % check_contributing())
    assert headings(english) == headings(chinese), "other headings: %s, %s" % (headings(english), headings(chinese))
    assert blocks(english) == blocks(chinese), "other code: %s" % [
        pair for pair in zip(blocks(english), blocks(chinese)) if pair[0] != pair[1]]


main()
