#!/usr/bin/env python3
"""Trains a plain logistic regression of scikit-learn on the labels of real posts, to compare learned weights with it.

TF-IDF of n-grams of one to three characters, C = 10, no window. A post is held out when XXH3_64bits of its id (seed 0) is
a multiple of 5; it is never trained on. Besides the labels, 4 000 random headlines are taken as none. With TOCSIN and
PLAN the weights that tocsin trains on the same posts are measured beside it.

usage: learned_baseline.py DATA [TOCSIN PLAN [NAME [TRAIN-OPTION…]]]      DATA has labels/real.tsv and the feeds
Without scikit-learn or DATA this says so and exits with 77, which ctest counts as skipped.
"""

import csv
import ctypes
import ctypes.util
import json
import math
import os
import subprocess
import sys
import tempfile

FEEDS = ("news_titles", "forum_titles", "trad_forum")
NEGATIVES = 4000


def xxh3():
    library = ctypes.CDLL(ctypes.util.find_library("xxhash") or "libxxhash.so.0")
    library.XXH3_64bits.restype = ctypes.c_uint64
    library.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    library.XXH3_64bits_withSeed.restype = ctypes.c_uint64
    library.XXH3_64bits_withSeed.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64]
    return library


XXH = xxh3()


def is_held_out(name):
    data = name.encode()
    return XXH.XXH3_64bits(data, len(data)) % 5 == 0


def read_feed(path):
    lines = subprocess.run(["zstdcat", path], stdout=subprocess.PIPE, check=True).stdout.splitlines()
    return {record["id"]: (record.get("title") or "") + "\n" + (record.get("text") or "") for record in map(json.loads, lines)}


def read_data(data):
    with open(os.path.join(data, "labels", "real.tsv"), encoding="utf-8") as file:
        labels = {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    texts = {}
    for feed in FEEDS:
        texts.update(read_feed(os.path.join(data, feed + ".ndjson.zst")))
    headlines = [name for name in read_feed(os.path.join(data, "news_titles.ndjson.zst")) if name not in labels]
    headlines.sort(key=lambda name: XXH.XXH3_64bits_withSeed(name.encode(), len(name.encode()), 2))
    return labels, texts, headlines[:NEGATIVES]


def wilson(part, whole, z=1.959964):
    if not whole:
        return 0.0, 1.0
    p = part / whole
    middle, spread = p + z * z / (2 * whole), z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    return (middle - spread) / (1 + z * z / whole), (middle + spread) / (1 + z * z / whole)


def measure(scores, labels, held, threshold, clear):
    found = wanted = both = 0
    for name in held:
        if clear and len(labels[name]["accept"].split(",")) > 1:
            continue
        says, is_so = scores[name] >= threshold, labels[name]["tier"] != "none"
        found, wanted, both = found + says, wanted + is_so, both + (says and is_so)
    return both, found, wanted


def print_table(what, scores, labels, held):
    print(what)
    for clear in (True, False):
        print("  clear labels" if clear else "  all labels")
        print("  threshold  found  right  wanted  precision  recall  (95 %)")
        for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            both, found, wanted = measure(scores, labels, held, threshold, clear)
            low, high = wilson(both, found)
            below, above = wilson(both, wanted)
            print(f"  {threshold:9.1f}{found:7}{both:7}{wanted:8}{both / max(found, 1):11.1%}{both / max(wanted, 1):8.1%}"
                  f"  {low:.0%}-{high:.0%}  {below:.0%}-{above:.0%}")
    ranked = sorted((-scores[name], labels[name]["tier"] != "none") for name in held
                    if len(labels[name]["accept"].split(",")) == 1)
    right, total, area = 0, sum(is_so for _, is_so in ranked), 0.0
    for i, (_, is_so) in enumerate(ranked, 1):
        right += is_so
        area += right / i / total if is_so else 0
    print(f"  average precision, clear labels: {area:.3f}")


def baseline(labels, texts, headlines, held):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    trained = [name for name in labels if name not in held]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    x = vectors.fit_transform([texts[name] for name in trained] + [texts[name] for name in headlines])
    y = [labels[name]["tier"] != "none" for name in trained] + [False] * len(headlines)
    model = LogisticRegression(C=10, max_iter=1000).fit(x, y)
    order = sorted(held)
    return dict(zip(order, model.predict_proba(vectors.transform([texts[name] for name in order]))[:, 1]))


def learned(data, tocsin, plan, name, options, held):
    """The learned scores of a copy of the plan with weights that are trained here."""
    feeds = [os.path.join(data, feed + ".ndjson.zst") for feed in FEEDS]
    with tempfile.TemporaryDirectory() as folder:
        copy, weights = os.path.join(folder, "plan"), os.path.join(folder, "plan", name + ".tsv")
        subprocess.run(["cp", "-rL", plan, copy], check=True)
        with open(os.path.join(copy, "plan.yaml"), encoding="utf-8") as file:
            text = file.read()
        if "\nlearned:" not in text:
            with open(os.path.join(copy, "plan.yaml"), "a", encoding="utf-8") as file:
                file.write(f"\nlearned:\n  {name}: {{weights: {name}.tsv}}\n")
        subprocess.run([tocsin, "train", "-p", copy, name, "--labels", os.path.join(data, "labels", "real.tsv"), *feeds,
                        "--target", "tier >= general", "--holdout", "0.2", "--none", feeds[0], "--sample", str(NEGATIVES),
                        *options, "-o", weights], check=True)
        said = subprocess.run([tocsin, "score", "-p", copy, "--labels", os.path.join(data, "labels", "real.tsv"), *feeds,
                               "--holdout", "0.2", "--part", "held", "--json", "--each"], stdout=subprocess.PIPE, check=True)
        documents = json.loads(said.stdout)["each"]
        scores = {document["id"]: document["learned"][name] for document in documents}
        assert set(scores) == held, "tocsin and this script hold out different posts"
        return scores


def main(arguments):
    data = arguments[0] if arguments else ""
    if not os.path.exists(os.path.join(data, "labels", "real.tsv")):
        print(f"SKIPPED: there is no labels/real.tsv in \"{data}\"")
        return 77
    try:
        import sklearn
    except ImportError:
        print("SKIPPED: scikit-learn is not installed")
        return 77
    labels, texts, headlines = read_data(data)
    held = {name for name in labels if is_held_out(name)}
    print(f"{len(labels)} labels, {len(held)} held out; scikit-learn {sklearn.__version__}")
    print_table("scikit-learn", baseline(labels, texts, headlines, held), labels, held)
    if len(arguments) > 2:
        name = arguments[3] if len(arguments) > 3 else "重大"
        print_table("tocsin", learned(data, arguments[1], arguments[2], name, arguments[4:], held), labels, held)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
