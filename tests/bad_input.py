#!/usr/bin/env python3
"""Gives the tool bad input and records its answers. This script writes docs/BAD_INPUT.md; the tests compare the page.

bad_input.py TOCSIN [--write]

Each case runs in a folder of its own. What is compared is the exit status and both outputs, long lines cut. Whatever the
input, the tool ends by itself with a status of its own, and where other documents stand beside the bad one, they are graded.
"""

import difflib
import pathlib
import subprocess
import sys
import tempfile

DOCUMENT = pathlib.Path(__file__).resolve().parent.parent / "docs" / "BAD_INPUT.md"
SECONDS = 600
LINES = 24
COLUMNS = 200

PLAN = """plan: example
version: "1"
topics:
  word: {terms: [word.txt]}
tiers:
  - {id: found, name: Found, clauses: [{id: C1, name: One, when: "word"}]}
"""

TEN_MISTAKES = """plan: example
version: "1"
fold: {profile: nfkd}
colour: red
topics:
  word: {terms: [word.txt, gone.txt], bounds: sideways}
  other: {terms: [../outside.txt]}
tiers:
  - {id: found, name: Found, clauses: [{id: C1, name: One, when: "wrod & other"}]}
  - {id: found, name: Again, clauses: [{id: C1, name: Two, when: "word near other"}]}
routes:
  - {id: office, name: Office, when: "tier >= fuond"}
"""

GOOD = {"plan.yaml": PLAN, "word.txt": "火灾\n爆炸\n"}
LINT = ["lint", "."]
CLASSIFY = ["classify", "-p", ".", "--all", "--quiet", "feed.ndjson"]
CUT = ["classify", "-p", ".", "--quiet", "feed.ndjson.zst"]
MIB = 1 << 20


def with_rule(rule):
    return {**GOOD, "plan.yaml": PLAN.replace('"word"', f'"{rule}"')}


def with_list(name, content):
    return {**GOOD, "plan.yaml": PLAN.replace("word.txt", name), name: content}


def feed(*lines):
    """A feed with a good document after each bad line."""
    out = b""
    for number, line in enumerate(lines, 1):
        line = line if isinstance(line, bytes) else line.encode("utf-8")
        out += line + b"\n" + f'{{"id":"good {number}","text":"火灾"}}\n'.encode("utf-8")
    return {**GOOD, "feed.ndjson": out}


def bomb():
    levels = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
    return {**GOOD, "plan.yaml": "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + levels + PLAN}


def compressed(cut):
    """A feed of some blocks of 128 KiB as .zst, its last bytes cut off."""
    lines = "".join(f'{{"id":"{i}","text":"{"火灾" if i % 1000 == 0 else "天气"} {i * 7919 % 10007}"}}\n' for i in range(9000))
    done = subprocess.run(["zstd", "-qc"], input=lines.encode("utf-8"), stdout=subprocess.PIPE, check=True)
    return {**GOOD, "feed.ndjson.zst": done.stdout[: len(done.stdout) - cut]}


def large(size):
    text = "火灾" + "天" * (size // 3 - 2)
    text += "x" * (size - len(text.encode("utf-8")))
    return feed(f'{{"id":"large","text":"{text}"}}')


# title, files, arguments, exit status that is right
CASES = [
    ("# Plans and lists", None, None, None),
    ("A plan with ten mistakes", {**GOOD, "plan.yaml": TEN_MISTAKES}, LINT, 2),
    ("No plan at all", {}, LINT, 2),
    ("An empty plan", {**GOOD, "plan.yaml": ""}, LINT, 2),
    ("A plan that is not YAML", {**GOOD, "plan.yaml": "plan: [one\ntopics: }\n"}, LINT, 2),
    ("A plan that is a list", {**GOOD, "plan.yaml": "- plan\n- topics\n"}, LINT, 2),
    ("A plan that is not UTF-8", {**GOOD, "plan.yaml": PLAN.encode() + b"# \xff\xfe\n"}, LINT, 2),
    ("The same key twice", {**GOOD, "plan.yaml": PLAN + "plan: again\n"}, LINT, 2),
    ("Aliases that would become 9^12 values", bomb(), LINT, 2),
    ("YAML nested 10 000 deep", {**GOOD, "plan.yaml": "x: " + "[" * 10000 + "]" * 10000 + "\n" + PLAN}, LINT, 2),
    ("An unknown topic", with_rule("wrod & word"), LINT, 2),
    ("A rule with 10 000 parentheses", with_rule("(" * 10000 + "word" + ")" * 10000), LINT, 2),
    ("A rule of 40 000 words", with_rule(" | ".join(["word"] * 40000)), LINT, 2),
    ("A rule that stops early", with_rule("word near/"), LINT, 2),
    ("A list outside the plan's folder", {**GOOD, "plan.yaml": PLAN.replace("word.txt", "../word.txt")}, LINT, 2),
    ("A list by an absolute name", {**GOOD, "plan.yaml": PLAN.replace("word.txt", "/etc/passwd")}, LINT, 2),
    ("A list that is not there", {"plan.yaml": PLAN}, LINT, 2),
    ("A list that is a folder", {"plan.yaml": PLAN, "word.txt/inside.txt": "火灾\n"}, LINT, 2),
    ("An empty list", with_list("word.txt", ""), LINT, 0),
    ("A term of 1 MiB", with_list("word.txt", "火灾\n" + "火" * (MIB // 3) + "\n爆炸\n"), LINT, 2),
    ("A term that folds to nothing", with_list("word.txt", "火灾\n\u200b\u200d\n"), LINT, 2),
    ("A term with NUL", with_list("word.txt", b"\xe7\x81\xab\0\xe7\x81\xbe\n"), LINT, 2),
    ("A table without a header", with_list("word.csv", "火灾,word\n爆炸,word\n"), LINT, 2),
    ("A quote that is not closed", with_list("word.csv", 'term,topic\n"火灾,word\n爆炸,word\n'), LINT, 2),
    ("A weight that is no number", with_list("word.csv", "term,topic,weight\n火灾,word,heavy\n"), LINT, 2),
    ("An expression that is not one", with_list("word.csv", "term,topic,kind\n火(灾,word,regex\n"), LINT, 2),
    ("An expression that costs too much", with_list("word.csv", "term,topic,kind\n火.*灾,word,regex\n"), LINT, 2),
    ("# Documents", None, None, None),
    ("An empty feed", {**GOOD, "feed.ndjson": b""}, CLASSIFY, 0),
    ("A feed that is not there", GOOD, CLASSIFY, 3),
    ("A document of 0 bytes, and one without text", feed('{"id":"a","text":""}', '{"id":"b"}'), CLASSIFY, 1),
    ("A line that is not JSON", feed("nonsense", '{"id":"cut","text":"火'), CLASSIFY, 1),
    ("A line that is JSON, and no object", feed("[1,2]", "7", "null"), CLASSIFY, 1),
    ("An empty line", feed("", "   "), CLASSIFY, 0),
    ("A field twice", feed('{"id":"a","text":"x","text":"火灾"}'), CLASSIFY, 1),
    ("A field of the wrong kind", feed('{"id":"a","text":{"火":"灾"}}', '{"id":"b","text":"x","reach":"many"}'), CLASSIFY, 1),
    ("A reach below zero, one beyond 64 bits", feed('{"text":"x","reach":-1}', '{"text":"x","reach":1e30}'), CLASSIFY, 0),
    ("A venue that is none", feed('{"id":"a","text":"火灾","venue":"forun"}'), CLASSIFY, 0),
    ("A time that is none", feed('{"id":"a","text":"火灾","time":"yesterday"}'), CLASSIFY, 0),
    ("Lone surrogates", feed('{"id":"a","text":"火灾\\ud83d"}', '{"id":"b","text":"\\udd25火灾"}'), CLASSIFY, 0),
    ("Invalid UTF-8", feed(b'{"id":"a","text":"\xe7\x81\xab\xe7\x81\xbe\xff"}'), CLASSIFY, 1),
    ("NUL in a text", feed('{"id":"a","text":"火\\u0000灾火灾"}', b'{"id":"b\0","text":"x"}'), CLASSIFY, 0),
    ("JSON nested 100 000 deep", feed('{"id":"a","x":' + "[" * 100000 + "]" * 100000 + "}"), CLASSIFY, 1),
    ("A document of 64 MiB", large(64 * MIB), CLASSIFY, 0),
    ("A document of 64 MiB and one byte", large(64 * MIB + 1), CLASSIFY, 0),
    ("A .zst that was cut off", compressed(9), CUT, 3),
    ("A .zst that is none", {**GOOD, "feed.ndjson.zst": b"not zstd"}, CUT, 1),
    ("# Command lines", None, None, None),
    ("No verb", {}, [], 2),
    ("An unknown verb", {}, ["clasify"], 2),
    ("An unknown option", GOOD, ["classify", "-p", ".", "--al"], 2),
    ("No plan", GOOD, ["classify", "feed.ndjson"], 2),
]


def run(tocsin, files, arguments):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        done = subprocess.run([tocsin, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=SECONDS, check=False)
    return done.returncode, done.stderr, done.stdout


def shown(output):
    text = output.decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)
    lines = text.removesuffix("\n").split("\n") if text else []
    lines = [line if len(line) <= COLUMNS else f"{line[:COLUMNS]} … ({len(line)} characters)" for line in lines]
    if len(lines) > LINES:
        lines = lines[:LINES] + [f"… ({len(lines)} lines)"]
    return "".join(line + "\n" for line in lines)


def describe(tocsin, findings):
    parts = ["# Bad input, and what is said to it\n",
             "Written by `tests/bad_input.py`, and compared by the tests with what the tool says. Exit status: 0 done; 1 done,\n"
             "but input was rejected; 2 wrong usage or a plan that does not compile; 3 an input or output failed.\n"]
    for title, files, arguments, right in CASES:
        if files is None:
            parts.append(f"#{title}\n")
            continue
        status, errors, output = run(tocsin, files, arguments)
        if status not in (0, 1, 2, 3) or right not in (None, status):
            findings.append(f"{title}: exit status {status}, not {right}\n{shown(errors)}")
        parts.append(f"### {title}\n\n`tocsin {' '.join(arguments)}` ends with {status}\n".replace(" ` ends", "` ends"))
        if errors or output:
            parts.append("```text\n" + shown(errors) + shown(output) + "```\n")
    return "\n".join(parts).rstrip("\n") + "\n"


def main():
    findings = []
    text = describe(str(pathlib.Path(sys.argv[1]).resolve()), findings)
    if "--write" in sys.argv[2:]:
        DOCUMENT.write_text(text, encoding="utf-8")
    elif text != DOCUMENT.read_text(encoding="utf-8"):
        there, here = DOCUMENT.read_text(encoding="utf-8").splitlines(), text.splitlines()
        findings.extend(difflib.unified_diff(there, here, "docs/BAD_INPUT.md", "what it says now", n=2, lineterm=""))
    print("\n".join(findings) or f"{sum(1 for case in CASES if case[1] is not None)} bad inputs, each answered as written")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
