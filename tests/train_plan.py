#!/usr/bin/env python3
"""Trains the learned weights of the fire-service plan in the same way again.

usage: train_plan.py TOCSIN PLAN FOLDER

FOLDER has real posts and labels as for real.py; one id in five is held back and never read. 重大 learns from the real labels, 失当, 负面,
敏感 and 误读 from the authored posts of tests/fire-service (without their test half). Real posts labelled none, and
other real texts that the plan is about, stand beside them, so that a style does not count as a complaint. Features of fewer than three
documents are left out.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

from real import lines_of

AUTHORED = pathlib.Path(__file__).resolve().parent / "fire-service"
NEGATIVE = {"G1", "G2", "M2", "M3"}
COMMON = ["--min-documents", "3", "--max-features", "12000", "-q"]
SAMPLED = {"重大": ("4000", "10"), "失当": ("2000", "20"), "负面": ("2000", "20"), "敏感": ("2000", "20"), "误读": ("2000", "20")}


def authored_posts():
    for name in ("tuning", "cases", "messages"):
        for line in lines_of(AUTHORED / f"{name}.ndjson"):
            post = json.loads(line)
            if post["split"] == "dev":
                yield post


def went_wrong(post):
    return "M1" in post["expect"]["clauses"] and "viral" not in post["kind"] and "high attention" not in post["kind"]


def accuses(post):
    """A complaint stays one where no venue says which clause it falls under; a rumour that somebody relays (G3) is none."""
    clauses = set(post["expect"]["clauses"])
    return bool(NEGATIVE & clauses) or (went_wrong(post) and "G3" not in clauses) or "plain negative" in post["kind"]


def example(post, positive, accept=None):
    made = {key: post[key] for key in ("id", "title", "text", "venue") if post.get(key)}
    made["expect"] = {"tier": "major" if positive else "none", "clauses": ["M1"] if positive else []}
    if accept:
        made["expect"]["accept"] = accept
    return made


ANY_PLAN = """plan: any
version: "1"
topics: {word: {terms: word.txt}}
tiers:
  - {id: general, clauses: [{id: G1, when: word}, {id: G2, when: word}, {id: G3, when: word}, {id: G4, when: word}]}
  - {id: major, clauses: [{id: M1, when: word}, {id: M2, when: word}, {id: M3, when: word}, {id: M4, when: word}]}
"""


def held_ids(tocsin, work, table, feeds):
    """The ids that `tocsin score` counts as held back. The plan may have weights that do not fit any more: any will do."""
    plan = work / "any"
    plan.mkdir()
    (plan / "plan.yaml").write_text(ANY_PLAN, encoding="utf-8")
    (plan / "word.txt").write_text("消防\n", encoding="utf-8")
    run = subprocess.run([tocsin, "score", "-p", str(plan), "--labels", table, "--holdout", "1/5", "--part", "held", "--json", "--each",
                          *feeds], stdout=subprocess.PIPE, check=True)
    return {document["id"] for document in json.loads(run.stdout)["each"]}


def write(path, posts):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in posts)
    return str(path)


def train(tocsin, plan, work, sets):
    for name, (sample, cost) in SAMPLED.items():
        labelled = write(work / f"{name}.ndjson", sets[name])
        subprocess.run([tocsin, "train", "-p", str(plan), name, labelled, "--none", str(work / "none.ndjson"), "--sample", sample,
                        "-C", cost, *COMMON, "-o", str(plan / f"{name}.tsv")], check=True)


def about(tocsin, plan, work, posts):
    """The posts that pass the plan's guard."""
    path = write(work / "long.ndjson", posts)
    run = subprocess.run([tocsin, "classify", "-p", str(plan), "--all", "--quiet", path], stdout=subprocess.PIPE, check=True)
    passed = {verdict["id"] for verdict in map(json.loads, run.stdout.splitlines()) if verdict["about"]}
    return [post for post in posts if post["id"] in passed]


def main(tocsin, plan, folder):
    folder, plan = pathlib.Path(folder), pathlib.Path(plan)
    table = folder / "labels" / "real.tsv"
    labels = {row["id"]: row for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines(), delimiter="\t")}
    feeds = [folder / name for name in ("news_titles.ndjson.zst", "forum_titles.ndjson.zst", "trad_forum.ndjson.zst")]
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        held = held_ids(tocsin, work, str(table), [str(feed) for feed in feeds])
        real, background, long = [], [], []
        for feed in feeds:
            for post in map(json.loads, lines_of(feed)):
                if post["id"] in labels:
                    real += [post] if post["id"] not in held else []
                else:
                    (long if feed is feeds[-1] else background).append(post)
        for name in ("news", "mixed_zh_en"):
            long += [json.loads(line) for line in lines_of(folder / f"{name}.ndjson.zst")]
        posts = list(authored_posts())
        is_event = lambda post: "M1" in labels[post["id"]]["clauses"]
        accept = lambda post: labels[post["id"]]["accept"].split(",") if "," in labels[post["id"]]["accept"] else None
        sets = {
            "重大": [example(p, is_event(p), accept(p)) for p in real]
            + [example(p, False) for p in posts if "M1" not in p["expect"]["clauses"]],
            "失当": [example(p, went_wrong(p)) for p in posts] + [example(p, False) for p in real],
            "负面": [example(p, accuses(p)) for p in posts]
            + [example(p, False) for p in real if labels[p["id"]]["tier"] == "none" or is_event(p)],
        }
        for name, clause in (("敏感", "M4"), ("误读", "G3")):
            sets[name] = [example(p, clause in p["expect"]["clauses"]) for p in posts] + [example(p, False) for p in real]
        write(work / "none.ndjson", background)
        train(tocsin, plan, work, sets) # the plan can grade again, and says which long texts it is about
        beside = [example(post, False) for post in about(tocsin, plan, work, long + background)]
        train(tocsin, plan, work, {name: learned + ([] if name == "重大" else beside) for name, learned in sets.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
