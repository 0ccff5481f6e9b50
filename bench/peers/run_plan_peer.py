#!/usr/bin/env python3
"""A plan's rules as queries of a Lucene Monitor, beside the same rules graded by tocsin, document by document.

    run_plan_peer.py --tocsin build/release/bin/tocsin --tocsin-bench build/release/bin/tocsin-bench --java CLASSPATH

Lucene cannot say all that a plan says, so plan_queries.py reduces the plan to what both can, and prints what that cost
each clause. Both read the same folded documents; the clauses that hold must be the same in every one, or the run ends with
exit status 1 and names the document. Then both are timed by the CPU time of one thread.
"""
import argparse
import json
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile

import plan_queries

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def call(command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"run_plan_peer: {command[0]} ended with {done.returncode}")
    return done.stdout


def documents_of(path):
    data, at, result = path.read_bytes(), 0, []
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        result.append(data[at + 4:at + 4 + length].decode())
        at += 4 + length
    return result


def clauses_by_tocsin(options, folder, feed, count):
    verdicts = call([options.tocsin, "classify", "-p", folder, "--all", "-q", feed]).splitlines()
    if len(verdicts) != count:
        sys.exit(f"run_plan_peer: tocsin graded {len(verdicts)} of {count} documents")
    return [" ".join(sorted(json.loads(verdict)["clauses"])) for verdict in verdicts]


def compare(documents, ours, theirs):
    if len(theirs) != len(ours):
        sys.exit(f"run_plan_peer: Lucene graded {len(theirs)} of {len(ours)} documents")
    for number, (text, mine, other) in enumerate(zip(documents, ours, theirs), 1):
        if mine != other:
            sys.exit(f"run_plan_peer: document {number} holds {mine or 'nothing'} by tocsin and {other or 'nothing'} by "
                     f"Lucene; no figures: {text[:200]}")


def measure(options, folder):
    call([options.tocsin_bench, "--corpus", options.corpus, "--max-bytes", options.max_bytes, "--terms", 10, "--dump", folder])
    reduced = plan_queries.Reduced(options.tocsin, options.plan, options.words)
    reduced.write(folder)
    documents = documents_of(folder / "corpus.folded")
    feed, matches, bench = folder / "feed.ndjson", folder / "matches", folder / "bench.json"
    feed.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in documents), encoding="utf-8")
    ours = clauses_by_tocsin(options, folder, feed, len(documents))
    theirs = json.loads(call(["java", "-cp", options.java, "PlanPeer", folder / "corpus.folded", folder / "queries.txt",
                              matches, options.rounds]))
    compare(documents, ours, matches.read_text(encoding="utf-8").split("\n")[:-1])
    call([options.tocsin_bench, "--corpus", feed, "--plan", folder, "--stage", "classify", "--engine", "tocsin",
          "--rounds", options.rounds, "--json", bench])
    written = json.loads(bench.read_text())
    one = written["results"][0]
    seconds = statistics.median(theirs["seconds"])
    size = sum(len(text.encode()) for text in documents)
    held = {clause: sum(clause in line.split() for line in ours) for clause in reduced.clauses}
    return {"machine": written["machine"], "documents": len(documents), "bytes": size,
            "words": sum(map(len, reduced.topics.values())), "topics": len(reduced.topics),
            "clauses": [{"clause": clause, "held": held[clause], "parts": plan_queries.size_of(tree),
                         "lost": dict(reduced.lost[clause])} for clause, tree in reduced.clauses.items()],
            "left_out": reduced.left_out,
            "tocsin": {"mb_per_s": one["mb_per_s"], "docs_per_s": one["docs_per_s"], "compile_s": one["compile_s"]},
            "lucene_monitor": {"mb_per_s": round(size * 1e-6 / seconds, 6), "docs_per_s": round(len(documents) / seconds, 1),
                               "compile_s": theirs["compile_s"]}}


def show(result):
    print(f"\nthe rules of the plan as queries: {result['documents']} documents, {result['bytes'] / 1e3:.0f} kB, "
          f"{result['words']} words in {result['topics']} topics; the same clauses hold in every document")
    print(f"  {'clause':8} {'held':>6} {'parts':>6}  left out or weakened")
    for one in result["clauses"]:
        lost = ", ".join(f"{count} {what}" for what, count in sorted(one["lost"].items()))
        print(f"  {one['clause']:8} {one['held']:6} {one['parts']:6}  {lost or 'nothing'}")
    for clause in result["left_out"]:
        print(f"  {clause:8} {'-':>6} {'-':>6}  all of it: nothing of its rule can be said in both")
    print(f"  {'engine':16} {'MB/s':>10} {'documents/s':>12} {'tocsin is':>11} {'compile s':>10}")
    fast = result["tocsin"]["docs_per_s"]
    for name in ("tocsin", "lucene_monitor"):
        one = result[name]
        print(f"  {name:16} {one['mb_per_s']:10.3f} {one['docs_per_s']:12.0f} {fast / one['docs_per_s']:10.0f}x "
              f"{one['compile_s']:10.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tocsin", required=True)
    parser.add_argument("--tocsin-bench", required=True)
    parser.add_argument("--java", required=True, help="class path of bench/peers/java")
    parser.add_argument("--plan", default=ROOT / "examples/fire-service")
    parser.add_argument("--corpus", default=ROOT / "examples/fire-service/feed.ndjson.zst")
    parser.add_argument("--words", type=int, default=10, help="of a topic, at most")
    parser.add_argument("--max-bytes", type=int, default=20000, help="of the corpus: Lucene takes 0.1 s a document")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            result = measure(options, pathlib.Path(folder))
        except plan_queries.Unsupported as problem:
            sys.exit(f"run_plan_peer: the plan cannot be read: {problem}")
    show(result)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
