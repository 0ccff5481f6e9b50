"""The pictures of the READMEs: what tocsin explain prints on a terminal, as SVG.
usage: explained.py TOCSIN [--write]     without --write: fails when the kept ones are others"""
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
PLAN = """plan: duty
version: "1"
topics:
  service: {terms: service.txt}
  late:    {terms: late.txt}
  denied:  {terms: denied.txt}
venues: venues.csv
tiers:
  - {id: general, name: 一般, clauses: [{id: G1, name: the service and a failure, when: service near/12 late}]}
  - {id: major, name: 重大, clauses: [{id: M1, name: the same on a mainstream site, when: service near/12 late & venue == mainstream_site}]}
"""
LISTS = {"service.txt": "消防队\n消防车\n", "late.txt": "推诿\n才到\n", "denied.txt": "不实\n", "venues.csv": "pattern,class\nnews.example,mainstream_site\n"}
PICTURES = {"explained.svg": "C.UTF-8", "explained.zh-CN.svg": "zh_CN.UTF-8"}
COMMAND = "tocsin explain -p plan --venue hot_forum '着火四十分钟消防車才到，消防队還互相推諉'"
COLOURS = {"1;31": ("#ff7b72", "bold"), "33": ("#e3b341", "normal"), "1;32": ("#7ee787", "bold"), "2": ("#8b949e", "normal"),
           "1": ("#ffffff", "bold"), "0": ("#c9d1d9", "normal")}
WIDTH, LINE, LEFT = 8.4, 20, 16


def printed(tocsin, language):
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(folder + "/plan")
        for name, text in {"plan.yaml": PLAN, **LISTS}.items():
            with open("%s/plan/%s" % (folder, name), "w", encoding="utf-8") as out:
                out.write(text)
        words = COMMAND.replace("tocsin", os.path.abspath(tocsin), 1) + " --color always"
        return subprocess.run(["sh", "-c", words], cwd=folder, check=True, capture_output=True, text=True,
                              env=dict(os.environ, LC_ALL=language)).stdout


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def svg(text):
    lines = ["\033[2m$\033[0m " + COMMAND] + text.rstrip("\n").split("\n")
    width = max(columns(re.sub(r"\033\[[0-9;]*m", "", line)) for line in lines) * WIDTH + 2 * LEFT
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="\'DejaVu Sans Mono\', \'Noto Sans Mono CJK SC\', '
           'Menlo, Consolas, monospace" font-size="14">' % (width, len(lines) * LINE + 28),
           '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>']
    for number, line in enumerate(lines):
        at, style = 0, "0"
        for part in re.split(r"(\033\[[0-9;]*m)", line):
            if part.startswith("\033["):
                style = part[2:-1] or "0"
                continue
            # Each piece, of one width, is set at its column and to its width, so that it stands right in any font.
            for piece in re.findall(r" +|[^\x00-\x7f]+|[!-~]+", part):
                colour, weight = COLOURS[style]
                if piece.strip():
                    out.append('<text x="%.1f" y="%d" fill="%s" font-weight="%s" textLength="%.1f">%s</text>' % (
                        LEFT + at * WIDTH, 28 + number * LINE, colour, weight, columns(piece) * WIDTH, escape(piece)))
                at += columns(piece)
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    wrong = 0
    for name, language in PICTURES.items():
        picture, kept = svg(printed(sys.argv[1], language)), os.path.join(HERE, name)
        if "--write" in sys.argv:
            with open(kept, "w", encoding="utf-8") as out:
                out.write(picture)
            continue
        with open(kept, encoding="utf-8") as file:
            same = file.read() == picture
        wrong += not same
        print("%s is %s" % (name, "what is printed" if same else "another one; --write makes it so"))
    return 1 if wrong else 0


sys.exit(main())
