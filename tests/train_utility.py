#!/usr/bin/env python3
"""Trains the learned weights of the water utility's plan in the same way again.

usage: train_utility.py TOCSIN PLAN FOLDER

One score a clause, from the authored posts of tests/water-utility without their test half. Headlines, forum questions and mixed
paragraphs of FOLDER, as for real.py, stand beside them as posts about something else.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from real import lines_of
from train_plan import write

AUTHORED = pathlib.Path(__file__).resolve().parent / "water-utility" / "cases.ndjson"
CLAUSES = {"complaint": "N1", "rumour": "N2", "outage": "D1", "quality": "D2", "break": "D3", "harm": "E1", "many": "E2"}


def example(post, clause):
    made = {key: post[key] for key in ("id", "title", "text") if post.get(key)}
    wanted = clause in post["expect"]["clauses"]
    made["expect"] = {"tier": "emergency" if wanted else "none", "clauses": ["E1"] if wanted else []}
    return made


def main(tocsin, plan, folder):
    folder, plan = pathlib.Path(folder), pathlib.Path(plan)
    posts = [post for post in map(json.loads, lines_of(AUTHORED)) if post["split"] == "dev"]
    background = [folder / f"{name}.ndjson.zst" for name in ("news_titles", "forum_titles", "mixed_zh_en")]
    with tempfile.TemporaryDirectory() as work:
        none = write(pathlib.Path(work) / "none.ndjson", (json.loads(line) for feed in background for line in lines_of(feed)))
        for name, clause in CLAUSES.items():
            labelled = write(pathlib.Path(work) / f"{name}.ndjson", [example(post, clause) for post in posts])
            subprocess.run([tocsin, "train", "-p", str(plan), name, labelled, "--none", none, "--sample", "1500", "--min-documents", "3",
                            "--max-features", "6000", "-q", "-o", str(plan / f"{name}.tsv")], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
