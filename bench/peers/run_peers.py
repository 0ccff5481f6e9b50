#!/usr/bin/env python3
"""tocsin and its peers on the same documents and terms, in turn: A B A B, medians, counts asserted equal.

    run_peers.py --tocsin-bench build/release/bin/tocsin-bench [--rust build/peers-rust/release/tocsin-peers]
                 [--java CLASSPATH] [--corpus NAME…] [--lexicon FILE…] [--terms N…] [--min-chars N…] [--rounds N] [--json FILE]

tocsin-bench writes corpus and terms to a temporary folder, as they are and folded. In every round it measures the
library, and then each peer program reads the same files. On folded text every peer must find what tocsin finds. On
unfolded text a peer finds less: spellings that fold alike are different strings to it, and the table says how much it
misses. A peer with the same folding before it is charged the time of tocsin_fold, which is the fastest there is here.
Peers that do not count every occurrence are compared with a count of their own and marked.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

JAVA_EVERY = 3  # rounds: its compiler has to warm up each time
JAVA_ENGINES = {"raw": ["sensitive-word-folding"], "folded": ["sensitive-word", "lucene-monitor"]}
MARKS = {
    "longest": "the longest word at each place, going on behind it",
    "terms": "each term once a document; the first 0.1 MB only",
}
OURS = [("tocsin", "scan"), ("match", "match"), ("tocsin", "fold"), ("hyperscan", "match")]


def call(command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"run_peers: {command[0]} ended with {done.returncode}")
    return done.stdout


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tocsin-bench", required=True)
    parser.add_argument("--rust", help="the program of bench/peers/rust")
    parser.add_argument("--java", help="class path of bench/peers/java")
    parser.add_argument("--corpus", action="append", help="as of tocsin-bench; default posts and news")
    parser.add_argument("--lexicon", action="append", default=[])
    parser.add_argument("--terms", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--min-chars", type=int, nargs="+", default=[2])
    parser.add_argument("--max-bytes", type=int, default=32 << 20)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json")
    return parser.parse_args()


class Case:
    """One corpus and one lexicon."""

    def __init__(self, options, corpus, terms, min_chars):
        self.options, self.corpus, self.terms, self.min_chars = options, corpus, terms, min_chars
        self.seconds, self.hits, self.compile_s, self.plan_bytes = {}, {}, {}, {}
        self.facts, self.marks = {}, {}

    def bench(self, *more):
        base = [self.options.tocsin_bench, "--corpus", self.corpus, "--terms", self.terms, "--min-chars", self.min_chars]
        base += ["--max-bytes", self.options.max_bytes, "--seed", self.options.seed]
        for lexicon in self.options.lexicon:
            base += ["--lexicon", lexicon]
        return call(base + list(more))

    def add(self, key, seconds, one):
        self.seconds.setdefault(key, []).extend(seconds)
        if self.hits.setdefault(key, one["hits"]) != one["hits"]:
            sys.exit(f"run_peers: {key} does not count the same every time")
        self.compile_s[key], self.plan_bytes[key] = one["compile_s"], one["plan_bytes"]

    def ours(self, folder):
        out = folder / "ours.json"
        self.bench("--rounds", 1, "--engine", "tocsin,match,hyperscan", "--stage", "fold,match,scan", "--json", out)
        written = json.loads(out.read_text())
        for one in written["results"]:
            self.facts = {"machine": written["machine"], **one}
            key = (one["engine"], one["stage"])
            if key in OURS:
                self.add(key, [one["bytes"] * 1e-6 / one["mb_per_s"]], one)

    def peers(self, folder, round_number):
        for text in ("raw", "folded"):
            files = [folder / f"corpus.{text}", folder / f"terms.{text}"]
            if self.options.rust:
                self.read(text, call([self.options.rust, *files, 1]))
            if self.options.java and round_number % JAVA_EVERY == 0:
                java = ["java", "-cp", self.options.java, "Peers", *files, JAVA_EVERY]
                self.read(text, call(java + JAVA_ENGINES[text]))

    def read(self, text, said):
        for line in said.splitlines():
            one = json.loads(line)
            key = (one["engine"], text)
            whole = self.facts["bytes" if text == "raw" else "folded_bytes"]
            self.add(key, [seconds * whole / one["bytes"] for seconds in one["seconds"]], one)
            if "counts" in one:
                self.marks[key] = one["counts"]

    def run(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            self.bench("--dump", folder)
            for round_number in range(self.options.rounds):
                self.ours(folder)
                self.peers(folder, round_number)
        expected = self.hits[("tocsin", "scan")]
        for (engine, text), hits in self.hits.items():
            if text not in ("raw", "fold") and (engine, text) not in self.marks and hits != expected:
                sys.exit(f"run_peers: {engine} on {text} text found {hits} hits, tocsin {expected}; no figures")

    def rows(self):
        median = {key: statistics.median(seconds) for key, seconds in self.seconds.items()}
        fold, scan = median[("tocsin", "fold")], median[("tocsin", "scan")]
        megabytes, hits = self.facts["bytes"] * 1e-6, self.hits[("tocsin", "scan")]
        for (engine, text), seconds in median.items():
            if text == "fold":
                continue
            yield {
                "corpus": self.facts["corpus"],
                "terms": self.facts["terms"],
                "min_chars": self.min_chars,
                "engine": engine,
                "text": {"scan": "original", "match": "folded"}.get(text, text),
                "hits": self.hits[(engine, text)],
                "counts": self.marks.get((engine, text), "all"),
                "counts_what": MARKS.get(self.marks.get((engine, text)), "every occurrence of every term"),
                "missed": None if (engine, text) in self.marks else hits - self.hits[(engine, text)],
                "mb_per_s": round(megabytes / seconds, 1),
                "with_fold": round(megabytes / (seconds + fold), 1) if text in ("match", "folded") else None,
                "tocsin_ratio": round((seconds + (fold if text in ("match", "folded") else 0)) / scan, 2),
                "compile_s": self.compile_s[(engine, text)],
                "plan_bytes": self.plan_bytes[(engine, text)],
                "rounds": len(self.seconds[(engine, text)]),
            }


def show(case):
    facts = case.facts
    print(f"\n{facts['corpus']}: {facts['docs']} documents, {facts['bytes'] / 1e6:.1f} MB; {facts['terms']} terms of "
          f"{case.min_chars} or more Han; {case.options.rounds} rounds in turn; MB/s of original UTF-8")
    columns = ("hits", 9), ("missed", 8), ("MB/s", 8), ("with fold", 9), ("tocsin is", 9), ("compile s", 10)
    print(f"  {'engine':22} {'text':9}" + "".join(f" {title:>{width}}" for title, width in columns))
    for row in case.rows():
        with_fold = "-" if row["with_fold"] is None else f"{row['with_fold']:.1f}"
        missed = row["missed"] if row["missed"] is not None else f"({row['counts']})"
        print(
            f"  {row['engine']:22} {row['text']:9} {row['hits']:9} {missed:>8} {row['mb_per_s']:8.1f} {with_fold:>9} "
            f"{row['tocsin_ratio']:8.2f}x {row['compile_s']:10.3f}"
        )
    for mark in sorted(set(case.marks.values())):
        print(f"  ({mark}) counts {MARKS[mark]}")
    sys.stdout.flush()


def main():
    options = arguments()
    if not (options.rust or options.java):
        sys.exit("run_peers: no peers: give --rust, --java or both")
    rows, machine = [], {}
    for corpus in options.corpus or ["posts", "news"]:
        for min_chars in options.min_chars:
            for terms in options.terms:
                case = Case(options, corpus, terms, min_chars)
                case.run()
                show(case)
                rows += case.rows()
                machine = case.facts["machine"]
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({"machine": machine, "results": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
