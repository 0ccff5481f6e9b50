#!/usr/bin/env python3
"""Turns the CSV of tocsin-bench into the Markdown tables of docs/BENCHMARKS.md.

    tables.py FILE.csv…

Engines beside each other for every corpus and lexicon; what falls off with the lexicon; the stages that have no lexicon.
Figures of different runs are not compared: if two files have the same measurement, the last one counts.
"""
import csv
import sys

ENGINES = [("tocsin", "scan"), ("match", "match"), ("hyperscan", "match"), ("icu+hyperscan", "scan")]
DENSITY = {2: "dense", 3: "sparse"}


def read(paths):
    rows = {}
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if int(row["threads"]) == 1:
                    key = (row["corpus"], int(row["terms"]), int(row["min_chars"]))
                    rows.setdefault(key, {})[(row["engine"], row["stage"])] = row
    return rows


def speed(engines, which):
    return float(engines[which]["mb_per_s"]) if which in engines else None


def ratio(engines, above, below):
    a, b = speed(engines, above), speed(engines, below)
    return f"{a / b:.2f}" if a and b else "–"


def number(value):
    return f"{value:.0f}" if value is not None else "–"


def spaced(terms):
    return f"{terms:,}".replace(",", " ")


def lexicon_tables(rows):
    print("| corpus | terms | hits a kB | tocsin | match | hyperscan | icu+hyperscan | tocsin ÷ hyperscan "
          "| tocsin ÷ icu+hyperscan | compile s, tocsin / hyperscan |")
    print("|" + "---|" * 10)
    for (corpus, terms, chars), engines in sorted(rows.items()):
        if ENGINES[0] not in engines:
            continue
        tocsin, hyperscan = engines[ENGINES[0]], engines.get(ENGINES[2])
        compiled = f"{float(hyperscan['compile_s']):.2f}" if hyperscan else "–"
        print(f"| {corpus} | {spaced(terms)} {DENSITY.get(chars, chars)} | {float(tocsin['hits_per_kb']):.2f} | "
              + " | ".join(number(speed(engines, e)) for e in ENGINES)
              + f" | {ratio(engines, ENGINES[0], ENGINES[2])} | {ratio(engines, ENGINES[0], ENGINES[3])} "
              f"| {float(tocsin['compile_s']):.3f} / {compiled} |")


def fall_off(rows):
    print("\n| corpus | from | to | tocsin | hyperscan |\n|---|---|---|---|---|")
    for (corpus, terms, chars), engines in sorted(rows.items()):
        most = rows.get((corpus, terms * 100, chars))
        if terms and most and ENGINES[0] in engines and ENGINES[0] in most:
            falls = [speed(engines, e) / speed(most, e) if speed(engines, e) and speed(most, e) else None
                     for e in (ENGINES[0], ENGINES[2])]
            print(f"| {corpus} | {spaced(terms)} {DENSITY.get(chars, chars)} | {spaced(100 * terms)} | "
                  + " | ".join(f"{f:.2f} times" if f else "–" for f in falls) + " |")


def stages(rows):
    print("\n| corpus | engine | stage | MB/s | documents/s | p50 ns | p99 ns |\n|---|---|---|---|---|---|---|")
    for (corpus, terms, _), engines in sorted(rows.items()):
        for (engine, stage), row in sorted(engines.items(), key=lambda item: item[0][1]):
            if not terms:
                print(f"| {corpus} | {engine} | {stage} | {float(row['mb_per_s']):.0f} | "
                      f"{spaced(round(float(row['docs_per_s'])))} | {row['ns_per_doc_p50']} | {row['ns_per_doc_p99']} |")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rows = read(sys.argv[1:])
    lexicon_tables(rows)
    fall_off(rows)
    stages(rows)


if __name__ == "__main__":
    main()
