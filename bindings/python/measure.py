"""Measures the package and the C library on one thread: the same documents in batches of 1 000, in turns, with equal counts.
usage: measure.py PLAN FEED.ndjson [ROUNDS]"""
import json
import statistics
import sys
import time

import tocsin
from tocsin._classes import _Batch
from tocsin._library import ffi, lib


def in_c(scanner, batches):
    """The package's call alone, with prepared arrays and verdicts that nobody reads."""
    out, error, count = ffi.new("tocsin_buffer *"), ffi.new("tocsin_error *"), 0
    lib.tocsin_buffer_init(out, ffi.NULL)
    for batch in batches:
        out.length = 0
        assert lib.tocsin_classify_batch_to_json(scanner._get(), batch.array, batch.count, 1, out, ffi.NULL, error) == 0
        count += ffi.buffer(out.data, out.length)[:].count(b"\n") if out.length else 0
    lib.tocsin_buffer_release(out)
    return count


def in_python(scanner, batches):
    return sum(len(batch) - scanner.classify_batch(batch, graded_only=True).count(None) for batch in batches)


def main():
    path, feed = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    texts = [json.loads(line).get("text", "") for line in open(feed, encoding="utf-8")]
    scanner = tocsin.Plan.load(path).scanner()
    batches = [texts[i:i + 1000] for i in range(0, len(texts), 1000)]
    made = [_Batch(batch) for batch in batches]
    times, counts = {in_c: [], in_python: []}, set()
    for _ in range(rounds + 1):
        for way, argument in ((in_c, made), (in_python, batches)):
            began = time.process_time()
            counts.add(way(scanner, argument))
            times[way].append(time.process_time() - began)
    assert len(counts) == 1, counts
    c, python = (statistics.median(times[way][1:]) / len(texts) * 1e6 for way in (in_c, in_python))
    print("%d documents, %d graded: C %.2f µs, Python %.2f µs a document; Python ÷ C in speed: %.2f" %
          (len(texts), counts.pop(), c, python, c / python))


main()
