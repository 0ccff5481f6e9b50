#!/usr/bin/env python3
"""Measures a plan on real posts: a folder of feeds and a table of labels by id, in the format of docs/TRAINING.md.

usage: real.py TOCSIN PLAN FOLDER [--holdout 1/5] [--work FOLDER]

FOLDER has feeds (*.ndjson, *.ndjson.zst) and labels/*.tsv with the columns id, venue, tier and accept. A feed without
venues gets those that the labels give to ids with the same prefix (up to the first colon). Prints alerts a million documents by feed,
venue and clause, then what `tocsin score` says of the labels, all of them and the part that was held back.
Without labels in the folder it says so on standard error and measures nothing.
"""

import argparse
import collections
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile

MILLION = 1_000_000


def wilson(part, whole, z=1.96):
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, z * z
    middle, bottom = share + square / (2 * whole), 1 + square / whole
    spread = z * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return max(0.0, (middle - spread) / bottom), (middle + spread) / bottom


def venues_of(labels):
    """The venue and source that most labels give to a prefix of ids."""
    seen = collections.defaultdict(collections.Counter)
    for row in labels:
        seen[row["id"].split(":")[0]][row.get("venue") or "", row.get("source") or ""] += 1
    return {prefix: counter.most_common(1)[0][0] for prefix, counter in seen.items()}


def lines_of(path):
    if path.suffix != ".zst":
        with open(path, "rb") as file:
            yield from file
        return
    with subprocess.Popen(["zstd", "-dcq", str(path)], stdout=subprocess.PIPE) as run:
        yield from run.stdout
    if run.returncode:
        sys.exit(f"real: {path}: zstd ended with {run.returncode}")


def with_venues(path, venues, out_path):
    """Copies a feed with venues; returns how many documents each venue has, and whether any id has a known prefix."""
    count, known = collections.Counter(), False
    with open(out_path, "w", encoding="utf-8") as out:
        for line in lines_of(path):
            if not line.strip():
                continue
            document = json.loads(line)
            venue, source = venues.get(str(document.get("id", "")).split(":")[0], ("", ""))
            known |= bool(venue)
            for key, value in (("venue", venue), ("source", source)):
                if value and not document.get(key):
                    document[key] = value
            count[document.get("venue") or "unknown"] += 1
            out.write(json.dumps(document, ensure_ascii=False) + "\n")
    return count, known


def rate(part, whole):
    low, high = wilson(part, whole)
    return f"{part * MILLION / max(1, whole):8.0f} a million ({low * MILLION:.0f} to {high * MILLION:.0f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tocsin")
    parser.add_argument("plan")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--holdout", default="1/5")
    asked = parser.parse_args()
    tables = sorted(asked.folder.glob("labels/*.tsv"))
    feeds = sorted([*asked.folder.glob("*.ndjson"), *asked.folder.glob("*.ndjson.zst")])
    if not tables or not feeds:
        print(f"real: SKIPPED: {asked.folder} has no labels/*.tsv beside feeds, so nothing was measured", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as work:
        labelled = []
        for table in tables:
            with open(table, encoding="utf-8") as file:
                rows = list(csv.DictReader(file, delimiter="\t"))
            labelled += rows
        venues, used = venues_of(labelled), []
        for number, feed in enumerate(feeds):
            path = pathlib.Path(work) / f"{number}.ndjson"
            count, known = with_venues(feed, venues, path)
            if known:
                used.append(str(path))
            run = subprocess.run([asked.tocsin, "classify", "-p", asked.plan, "--quiet", str(path)], stdout=subprocess.PIPE)
            if run.returncode not in (0, 1):
                return 3
            alerts = [json.loads(line) for line in run.stdout.splitlines()]
            total = sum(count.values())
            print(f"{feed.name}: {total} documents ({', '.join(f'{n} {v}' for v, n in count.most_common())}), "
                  f"{len(alerts)} alerts, {rate(len(alerts), total)}")
            for clause, found in sorted(collections.Counter(c for v in alerts for c in v["clauses"]).items()):
                print(f"    {clause}  {found:6}  {rate(found, total)}")
        for table in tables:
            for title, more in (("all labels", []), ("held back", ["--holdout", asked.holdout, "--part", "held"])):
                print(f"\n{table.name}, {title}:", flush=True)
                done = subprocess.run([asked.tocsin, "score", "-p", asked.plan, "--labels", str(table), *more, *used])
                if done.returncode not in (0, 1):
                    return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
