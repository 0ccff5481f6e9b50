#!/usr/bin/env python3
"""Draws the plots of docs/BENCHMARKS.md from the CSV of tocsin-bench.

    plot.py --x terms OUT.svg FILE.csv…        MB/s over the number of terms, a panel each corpus and lexicon
    plot.py --x doc_bytes OUT.svg FILE.csv…    MB/s over the size of a document, a panel each corpus and number of terms

Several files are taken as one: an engine that takes minutes to compile a large lexicon can be measured apart.
Both axes are logarithmic. The SVG needs no other files, and has a light and a dark style.
"""

import argparse
import csv
import html
import math
import sys

WIDTH, HEIGHT = 430, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 34, 44
COLUMNS = 2
ENGINES = ["tocsin", "match", "hyperscan", "icu+hyperscan", "naive", "tocsin-hyperscan", "match-hyperscan", "icu", "memcpy"]
NAMES = {
    ("tocsin", "scan"): "tocsin: fold + match + spans",
    ("match", "match"): "tocsin on folded text",
    ("hyperscan", "match"): "Hyperscan on folded text",
    ("icu+hyperscan", "scan"): "ICU + Hyperscan",
    ("tocsin", "classify"): "tocsin: verdicts",
    ("tocsin", "fold"): "tocsin: fold alone",
    ("icu", "fold"): "ICU: fold alone",
    ("memcpy", "fold"): "memcpy",
}
STYLE = """<style>
svg { background: #fff; font: 12px system-ui, sans-serif; }
text { fill: #222; } .faint { fill: #666; } .grid { stroke: #ddd; } .axis { stroke: #888; }
.series { fill: none; stroke-width: 2; }
.s0 { stroke: #c0392b; fill: #c0392b; } .s1 { stroke: #e08e79; fill: #e08e79; } .s2 { stroke: #1f6fb2; fill: #1f6fb2; }
.s3 { stroke: #7a9e3f; fill: #7a9e3f; } .s4 { stroke: #888; fill: #888; } .s5 { stroke: #8e5bb5; fill: #8e5bb5; }
.s6 { stroke: #3aa7a3; fill: #3aa7a3; } .s7 { stroke: #b58900; fill: #b58900; } .s8 { stroke: #444; fill: #444; }
path.series { fill: none; }
@media (prefers-color-scheme: dark) {
svg { background: #16181c; } text { fill: #ddd; } .faint { fill: #999; } .grid { stroke: #333; } .axis { stroke: #777; }
.s8 { stroke: #ccc; fill: #ccc; } }
</style>"""


def read(paths, stages):
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            yield from (row for row in csv.DictReader(file) if row["stage"] in stages)


def group(rows, x):
    """{panel title: {(engine, stage): [(x, MB/s)]}}; measurements with several threads are left out"""
    panels = {}
    for row in rows:
        if row["threads"] != "1":
            continue
        docs, size, terms = int(row["docs"]), int(row["bytes"]), int(row["terms"])
        lexicon = f"{row['min_chars']}+ characters" if terms else "no lexicon"
        if x == "terms":
            if not terms:
                continue
            title, at = f"{row['corpus']}, {size / docs:.0f} B a document; terms of {lexicon}", terms
        else:
            title, at = f"{row['corpus']}; {terms:,} terms of {lexicon}" if terms else row["corpus"], size / docs
        line = panels.setdefault(title, {}).setdefault((row["engine"], row["stage"]), {})
        line.setdefault(at, float(row["mb_per_s"]))
    return {title: {key: sorted(line.items()) for key, line in lines.items()} for title, lines in panels.items()}


def ticks(low, high):
    """1, 2 and 5 times the powers of ten within the range."""
    steps = [m * 10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for m in (1, 2, 5)]
    inside = [step for step in steps if low <= step <= high]
    return inside if len(inside) <= 9 else [step for step in inside if f"{step:e}"[0] == "1"]


def short(number):
    for factor, letter in ((1e6, "M"), (1e3, "k")):
        if number >= factor:
            return f"{number / factor:g}{letter}"
    return f"{number:g}"


class Scale:
    def __init__(self, values, start, end):
        self.low, self.high = min(values), max(values)
        if self.low == self.high:
            self.low, self.high = self.low / 2, self.high * 2
        self.start, self.end = start, end

    def __call__(self, value):
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return round(self.start + share * (self.end - self.start), 1)


def draw_axes(across, up, label):
    for value in ticks(up.low, up.high):
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(value)}" y2="{up(value)}"/>'
        yield f'<text class="faint" x="{LEFT - 6}" y="{up(value) + 4}" text-anchor="end">{short(value)}</text>'
    for value in ticks(across.low, across.high):
        yield f'<line class="grid" x1="{across(value)}" x2="{across(value)}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        yield f'<text class="faint" x="{across(value)}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{short(value)}</text>'
    yield f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>'
    yield f'<line class="axis" x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
    yield f'<text class="faint" x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{label}</text>'
    yield f'<text class="faint" x="14" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 {HEIGHT / 2})">MB/s of UTF-8</text>'


def draw_panel(title, lines, label):
    across = Scale([x for line in lines.values() for x, _ in line], LEFT + 8, WIDTH - RIGHT - 8)
    up = Scale([y for line in lines.values() for _, y in line], HEIGHT - BOTTOM - 8, TOP + 8)
    yield f'<text x="{LEFT}" y="20" font-weight="600">{html.escape(title)}</text>'
    yield from draw_axes(across, up, label)
    for (engine, stage), line in lines.items():
        kind = style(engine)
        path = " ".join(f"{'L' if i else 'M'}{across(x)} {up(y)}" for i, (x, y) in enumerate(line))
        yield f'<path class="series {kind}" d="{path}"/>'
        for x, y in line:
            words = f"{name(engine, stage)}: {y:.0f} MB/s at {short(round(x))}"
            yield f'<circle class="{kind}" cx="{across(x)}" cy="{up(y)}" r="3"><title>{html.escape(words)}</title></circle>'


def name(engine, stage):
    return NAMES.get((engine, stage), f"{engine}: {stage}")


def style(engine):
    return f"s{ENGINES.index(engine) if engine in ENGINES else 4}"


def draw(panels, label):
    keys = list(dict.fromkeys(key for lines in panels.values() for key in lines))
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    legend = 26 * -(-len(keys) // columns)
    width, height = WIDTH * columns, HEIGHT * rows + legend + 10
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    yield STYLE
    for i, (title, lines) in enumerate(panels.items()):
        yield f'<g transform="translate({i % columns * WIDTH} {i // columns * HEIGHT})">'
        yield from draw_panel(title, lines, label)
        yield "</g>"
    for i, (engine, stage) in enumerate(keys):
        x, y = i % columns * WIDTH + LEFT, HEIGHT * rows + 14 + i // columns * 26
        yield f'<line class="{style(engine)}" stroke-width="3" x1="{x}" x2="{x + 24}" y1="{y}" y2="{y}"/>'
        yield f'<text x="{x + 32}" y="{y + 4}">{html.escape(name(engine, stage))}</text>'
    yield "</svg>"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--x", choices=["terms", "doc_bytes"], required=True)
    parser.add_argument("--stages", default="match,scan", help="default: match,scan")
    parser.add_argument("svg")
    parser.add_argument("csv", nargs="+")
    options = parser.parse_args()
    panels = group(read(options.csv, options.stages.split(",")), options.x)
    if not panels:
        sys.exit(f"plot: no such results in {' '.join(options.csv)}")
    label = {"terms": "terms", "doc_bytes": "bytes a document"}[options.x]
    with open(options.svg, "w", encoding="utf-8") as file:
        file.write("\n".join(draw(panels, label)) + "\n")


if __name__ == "__main__":
    main()
