#!/usr/bin/env python3
"""The tool for another processor, run by an emulator, prints the same bytes as the tool for this one: verdicts with their evidence, by plans
in sources and in images, and folded text; images are the same too. Posts of tests/ are read, and others cut and mixed from them.
usage: same_output.py NATIVE EMULATED…    Status 77: there is no native tool."""
import json
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FEEDS = {"fire-service": ["fire-service/tuning.ndjson", "fire-service/cases.ndjson", "fire-service/messages.ndjson"],
         "water-utility": ["water-utility/cases.ndjson"]}
JOINTS = ["", " ", "。", "🔥", "ＡＢ", "\u0301", "\u200b", "\n", "𠮷", "é"]
VENUES = ["unknown", "mainstream_site", "hot_forum", "own"]


def posts(paths):
    """What is written in the feeds, and as many posts of their pieces, cut at any character."""
    texts = []
    for path in paths:
        for line in open(os.path.join(ROOT, "tests", path), encoding="utf-8"):
            post = json.loads(line)
            if post.get("text") and post.get("split", "dev") == "dev":
                texts.append((post.get("title", ""), post["text"]))
    chance = random.Random(26)
    mixed = []
    for _ in texts:
        pieces = [chance.choice(texts)[1] for _ in range(chance.randint(1, 4))]
        pieces = [piece[chance.randrange(len(piece)):] for piece in pieces]
        mixed.append((chance.choice(texts)[0], chance.choice(JOINTS).join(pieces)))
    for i, (title, text) in enumerate(texts + mixed):
        yield {"id": str(i), "title": title, "text": text, "venue": VENUES[i % len(VENUES)], "reach": 30000 * (i % 3)}


def output(tool, arguments, given=b""):
    done = subprocess.run([*tool, *arguments], input=given, capture_output=True)
    assert done.returncode == 0, (tool, arguments, done.stderr.decode())
    return done.stdout


def main():
    native, emulated = sys.argv[1:2], sys.argv[2:]
    if not os.path.exists(native[0]):
        print("skipped: %s is not built" % native[0])
        return 77
    wrong = 0

    def compare(what, one, other, least):
        nonlocal wrong
        lines = zip(one.splitlines(), other.splitlines())
        first = next((i for i, (a, b) in enumerate(lines) if a != b), None)
        wrong += one != other or one.count(b"\n") < least
        print("%s: %d and %d bytes in %d lines, %s" % (what, len(one), len(other), one.count(b"\n"),
                                                      "the same" if one == other else "not the same from line %s on" % first))

    with tempfile.TemporaryDirectory() as folder:
        for name, paths in FEEDS.items():
            plan = os.path.join(ROOT, "examples", name)
            made = list(posts(paths))
            feed = "".join(json.dumps(post, ensure_ascii=False) + "\n" for post in made).encode()
            images = []
            for i, tool in enumerate((native, emulated)):
                images.append(os.path.join(folder, "%s%d" % (name, i)))
                output(tool, ["compile", "-q", "-p", plan, "-o", images[i]])
            compare(name + ", image", *(open(image, "rb").read() for image in images), 0)
            wanted = output(native, ["classify", "-q", "--all", "-p", plan, "-"], feed)
            graded = sum(json.loads(line)["tier"] != "none" for line in wanted.splitlines())
            assert graded > len(made) / 10, "only %d of %d posts have a tier" % (graded, len(made))
            for way in (plan, images[0]):
                compare("%s, verdicts (%d with a tier)" % (name, graded), wanted,
                        output(emulated, ["classify", "-q", "--all", "-p", way, "-"], feed), len(made))
            for options in ([], ["--profile", "nfkc_cf", "--between-han", "space,punct", "--between-latin", "symbol"]):
                text = "".join(post["title"] + post["text"] + "\n" for post in made).encode()
                compare(name + ", folded text", *(output(tool, ["fold", *options, "-"], text) for tool in (native, emulated)), len(made))
    return 1 if wrong else 0


sys.exit(main())
