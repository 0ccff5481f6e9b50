"""How well posts about one matter are put together: pairs of posts that the watcher has in one incident against pairs
that are of one. Posts that it has in none are alone. Ends with 1 where precision or recall is less than asked for."""
import argparse
import collections
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate


def pairs(count):
    return count * (count - 1) // 2


def scores(truth, found):
    """truth: label by post; found: incident by post, where there is one."""
    both = collections.Counter((truth[p], i) for p, i in found.items() if truth[p] is not None)
    together = collections.Counter(found.values())
    known = collections.Counter(label for label in truth.values() if label is not None)
    right = sum(pairs(n) for n in both.values())
    return (right / max(1, sum(pairs(n) for n in together.values())),
            right / max(1, sum(pairs(n) for n in known.values())))


def watch(tocsin, plan, documents, options):
    with tempfile.TemporaryDirectory() as folder:
        path, database = os.path.join(folder, "feed.ndjson"), os.path.join(folder, "i.db")
        with open(path, "w", encoding="utf-8") as out:
            for document in documents:
                out.write(json.dumps(document, ensure_ascii=False) + "\n")
        subprocess.run([tocsin, "watch", "-q", "-p", plan, "--db", database, "--once", *options, path], check=True)
        with sqlite3.connect(database) as db:
            return dict(db.execute("SELECT id, incident FROM documents"))


def timeline(entries, headlines, count):
    """One fire as it was told, with headlines about it all around: are its entries one incident, and of themselves?"""
    documents = []
    with open(entries, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            time = "%sT%s:00+08:00" % (entry["date"], entry["time"])
            documents.append({"id": "0:" + entry["id"], "time": time, "venue": "site", "text": entry["text"]})
    times = sorted(d["time"] for d in documents)
    with subprocess.Popen(["zstdcat", headlines], stdout=subprocess.PIPE) as reader:
        for i, line in enumerate(reader.stdout):
            if i == count:
                break
            time = times[i * len(times) // count]
            documents.append({"id": "-:%d" % i, "time": time, "venue": "site", "text": json.loads(line)["text"]})
        reader.kill()
    return sorted(documents, key=lambda d: d["time"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tocsin")
    parser.add_argument("plan")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--precision", type=float, default=0.95)
    parser.add_argument("--recall", type=float, default=0.83)
    parser.add_argument("--options", default="")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--timeline", nargs=2, metavar=("ENTRIES", "HEADLINES"))
    arguments = parser.parse_args()
    if arguments.timeline:
        documents = timeline(*arguments.timeline, 5000)
        truth = {d["id"]: None if d["id"][0] == "-" else "fire" for d in documents}
        found = watch(arguments.tocsin, arguments.plan, documents, arguments.options.split())
        of_fire = collections.Counter(i for p, i in found.items() if truth[p])
        precision, recall = scores(truth, found)
        print("timeline: %d of %d entries in %d incidents, %d headlines in incidents; precision %.3f, recall %.3f"
              % (sum(of_fire.values()), sum(1 for t in truth.values() if t), len(of_fire),
                 sum(1 for p in found if not truth[p]), precision, recall))
        return 0
    good = True
    for seed in range(1, arguments.seeds + 1):
        documents = list(generate.feed(seed, arguments.incidents, 3000))
        truth = {d["id"]: None if d["id"][0] == "-" else d["id"].split(":")[0] for d in documents}
        found = watch(arguments.tocsin, arguments.plan, documents, arguments.options.split())
        precision, recall = scores(truth, found)
        lost = sum(1 for p, label in truth.items() if label is not None and p not in found)
        print("seed %d: %d posts of %d incidents, %d found in %d; pairs: precision %.4f, recall %.4f; %d in none"
              % (seed, sum(1 for t in truth.values() if t is not None), arguments.incidents, len(found),
                 len(set(found.values())), precision, recall, lost))
        good = good and precision >= arguments.precision and recall >= arguments.recall
        if arguments.show:
            text = {d["id"]: d["text"] for d in documents}
            for label in sorted(set(truth.values()) - {None}, key=int)[:12]:
                for p in sorted((p for p, t in truth.items() if t == label), key=lambda p: int(p.split(":")[1])):
                    print(label, found.get(p), text[p])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
