#!/usr/bin/env python3
"""Checks the two halves of stories: many wordings that share no phrase, no wording in both halves, a plan that grades
most of them, and the same feed on each run.  usage: check_stories.py TOCSIN PLAN"""
import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate

HALVES = ("development", "untouched")
PHRASE = 10  # length of text that two people share only if one copies the other
LEAST_GRADED = 0.55  # of the wordings that are neither an answer nor a rebuttal


def phrases(text):
    return {text[i:i + PHRASE] for i in range(len(text) - PHRASE + 1)}


def check_wordings(half, stories):
    if len(stories) < 7:
        yield "%s: %d stories are fewer than 7" % (half, len(stories))
    for story in stories:
        if not 20 <= len(story["wordings"]) <= 60:
            yield "%s has %d wordings, not 20 to 60" % (story["name"], len(story["wordings"]))
    seen = collections.defaultdict(list)
    for story in stories:
        for wording in story["wordings"]:
            for phrase in phrases(generate.whole(wording)):
                seen[phrase].append(story["name"])
    for phrase, names in seen.items():
        if len(names) > 1:
            yield "%s: written twice in %s" % (phrase, ", ".join(names))


def check_halves(told):
    names = [story["name"] for half in HALVES for story in told[half]]
    if len(set(names)) < len(names):
        yield "a story is in both halves"
    one, other = ({p for story in told[half] for w in story["wordings"] for p in phrases(generate.whole(w))} for half in HALVES)
    for phrase in sorted(one & other):
        yield "%s: written in both halves" % phrase


def check_feed(half, tocsin, plan):
    posts = generate.feed(half)
    if posts != generate.feed(half):
        yield "%s: the feed of a seed differs" % half
    if sum(1 for post in posts if post["story"] is None) < generate.NOISE:
        yield "%s: fewer than %d posts of noise" % (half, generate.NOISE)
    made = collections.Counter(post["made"] for post in posts)
    for kind in ("written", "chain", "chain of two", "plain repost", "reply", "link", "tag", "cut", "shared", "typed again", "comment", "roundup"):
        if not made[kind]:
            yield "%s: no post is %s" % (half, kind)
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        for post in posts:
            file.write(json.dumps(post, ensure_ascii=False) + "\n")
        file.flush()
        out = subprocess.run([tocsin, "classify", "-q", "-p", plan, file.name], capture_output=True, check=True).stdout
    graded = {json.loads(line)["id"] for line in out.splitlines()}
    written = [post["id"] in graded for post in posts if post["made"] == "written" and post["role"] == "post"]
    print("%s: %d posts; of %d wordings the plan grades %d" % (half, len(posts), len(written), sum(written)))
    if sum(written) < LEAST_GRADED * len(written):
        yield "%s: the plan grades %d of %d wordings" % (half, sum(written), len(written))


def main():
    told = {half: generate.read_stories(os.path.join(generate.HERE, "stories_%s.txt" % half)) for half in HALVES}
    problems = list(check_halves(told))
    for half in HALVES:
        problems += check_wordings(half, told[half])
        problems += check_feed(half, sys.argv[1], sys.argv[2])
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
