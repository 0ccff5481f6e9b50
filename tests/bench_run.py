#!/usr/bin/env python3
"""Runs tocsin-bench on small corpora: every engine must find as many hits as a count in Python, and the files must
record what was measured.

    bench_run.py TOCSIN_BENCH PLOT.PY TABLES.PY
"""

import csv
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

KEYS = {
    "engine", "corpus", "stage", "terms", "docs", "bytes", "hits", "mb_per_s", "docs_per_s", "ns_per_doc_p50",
    "ns_per_doc_p99", "compile_s", "plan_bytes", "scratch_bytes", "peak_rss_bytes",
}
ENGINES = {
    ("tocsin", "fold"), ("icu", "fold"), ("memcpy", "fold"), ("tocsin", "scan"), ("match", "match"),
    ("hyperscan", "match"), ("icu+hyperscan", "scan"), ("naive", "match"), ("tocsin-hyperscan", "scan"),
    ("match-hyperscan", "match"),
}
TEXTS = ["消防車遲到，火災火灾火災", "ＡＢＣ火\u200b灾 fire 火火火", "", "\u2ed3消防消防车", "没有"]
WORDS = ["火灾", "火災", "消防", "消防车", "火火", "防車", "# no term", "没"]


def bench(program, *arguments, status=0):
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == status, f"{arguments}: ended with {done.returncode}: {done.stderr}"
    return done.stdout


def occurrences(text, term):
    return sum(text.startswith(term, at) for at in range(len(text)))


def counted(folder):
    """Counts the hits of the dumped corpus by the definition of a hit."""
    data, documents = (folder / "corpus.folded").read_bytes(), []
    while data:
        (length,) = struct.unpack("<I", data[:4])
        documents.append(data[4 : 4 + length].decode())
        data = data[4 + length :]
    terms = (folder / "terms.folded").read_text().split()
    return len(documents), sum(occurrences(text, term) for text in documents for term in terms)


def check_results(written, csv_path, expected, docs):
    assert KEYS <= set(written["results"][0]), written["results"][0]
    assert written["machine"]["cores"] >= 1 and written["machine"]["cpu"], written["machine"]
    assert {(one["engine"], one["stage"]) for one in written["results"]} == ENGINES, "not every engine is there"
    for one in written["results"]:
        assert one["docs"] == docs and one["mb_per_s"] > 0 and one["docs_per_s"] > 0, one
        assert one["ns_per_doc_p50"] <= one["ns_per_doc_p99"] <= one["ns_per_doc_p999"], one
        if one["stage"] in ("match", "scan"):
            assert one["hits"] == expected, f"{one['engine']}: {one['hits']} hits, counted {expected}"
            assert one["engine"] == "naive" or one["plan_bytes"] > 0, one
    with open(csv_path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    same = [{key: str(value) for key, value in one.items() if isinstance(value, str)} for one in written["results"]]
    assert [{key: row[key] for key in one} for row, one in zip(rows, same)] == same and len(rows) == len(same)


def check_corpus(program, folder, *arguments):
    engines = ",".join(sorted({engine for engine, _ in ENGINES}))
    bench(program, *arguments, "--dump", folder)
    docs, expected = counted(folder)
    assert expected > 0, "nothing to find: the test tests nothing"
    bench(program, *arguments, "--engine", engines, "--stage", "fold,match,scan", "--rounds", 1,
          "--json", folder / "out.json", "--csv", folder / "out.csv")  # fmt: skip
    check_results(json.loads((folder / "out.json").read_text()), folder / "out.csv", expected, docs)
    return expected


def check_plot(plot, folder):
    for x in ("terms", "doc_bytes"):
        subprocess.run([sys.executable, "-B", plot, "--x", x, folder / "out.svg", folder / "out.csv"], check=True)
        drawn = xml.etree.ElementTree.parse(folder / "out.svg").getroot()
        assert len(list(drawn.iter("{http://www.w3.org/2000/svg}circle"))) >= 7, "a plot without points"


def check_tables(tables, folder):
    text = subprocess.run([sys.executable, "-B", tables, folder / "out.csv"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout  # fmt: skip
    with open(folder / "out.csv", newline="") as file:
        rows = {(r["engine"], r["stage"]): r for r in csv.DictReader(file)}
    cells = [cell.strip() for cell in text.splitlines()[2].split("|")]
    speeds = [float(rows[e, s]["mb_per_s"]) for e, s in (("tocsin", "scan"), ("match", "match"), ("hyperscan", "match"))]
    assert cells[4:7] == [f"{speed:.0f}" for speed in speeds], (cells, speeds)
    assert cells[8] == f"{speeds[0] / speeds[2]:.2f}", (cells, speeds)
    assert "| posts | memcpy | fold |" in text, text


def main():
    program, plot, tables = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        lines = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in TEXTS)
        (folder / "texts.ndjson").write_text(lines)
        (folder / "texts.txt").write_text("\n".join(TEXTS) + "\n")
        (folder / "words.tsv").write_text("".join(f"{word}\t7\n" for word in WORDS))
        own = ["--lexicon", folder / "words.tsv", "--terms", 100, "--min-chars", 1]
        found = {check_corpus(program, folder, "--corpus", folder / f"texts.{kind}", *own) for kind in ("ndjson", "txt")}
        assert len(found) == 1, "a feed and a text of the same documents differ"
        check_corpus(program, folder, "--corpus", "posts", "--terms", 200, "--max-bytes", 20000)
        check_plot(plot, folder)
        check_tables(tables, folder)
        check_corpus(program, folder, "--corpus", "mixed", "--terms", 50, "--max-bytes", 9000, "--doc-bytes", 100)
        bench(program, "--corpus", "posts", "--stage", "classify", "--max-bytes", 9000, "--rounds", 1, "--json",
              folder / "graded.json")  # fmt: skip
        (graded,) = json.loads((folder / "graded.json").read_text())["results"]
        assert graded["stage"] == "classify" and graded["docs_per_s"] > 0, graded
        bench(program, "--corpus", "posts", "--stage", "scan", "--engine", "tocsin", "--terms", 20, "--threads", 3,
              "--max-bytes", 9000, "--rounds", 1, "--json", folder / "threads.json")  # fmt: skip
        threads = json.loads((folder / "threads.json").read_text())["results"]
        assert [one["threads"] for one in threads] == [1, 1, 3], threads
        assert len({one["hits"] for one in threads}) == 1 and all(one["mb_per_s"] > 0 for one in threads), threads
        for wrong in (["--engine", "magic"], ["--stage", "x"], ["--terms", "many"], ["--nothing"], ["--json"], ["--threads", 1]):
            bench(program, *wrong, status=2)
        bench(program, "--corpus", folder / "absent.ndjson", status=3)
    print("tocsin-bench: every engine counts as the definition does")


if __name__ == "__main__":
    main()
