"""tocsin report: what stands on the page, and that a real browser shows and prints it.
usage: run_report_tests.py TOCSIN PLAN [FOLDER for the pictures]"""
import html.parser
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from program_tests import check

TOCSIN, PLAN = sys.argv[1], sys.argv[2]
PICTURES = sys.argv[3] if len(sys.argv) > 3 else None
HOSTILE = "<script>document.title='pwned'</script><img src=x onerror=alert(1)>\u202e庐阳区阳光花园起火，消防车半小时才到，水枪没水"
VOID = {"meta", "link", "br", "line", "rect"}


class Page(html.parser.HTMLParser):
    """Tags must close in order; what is said of each is kept."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.problems = [], [], []
        self.feed(text)
        if self.open:
            self.problems.append("never closed: %s" % self.open)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.problems.append("</%s> at %s" % (tag, self.getpos()))


def make_database(folder):
    documents = [{"id": "h", "time": 1764140000, "venue": "forum", "text": HOSTILE, "reach": 120000}]
    for i in range(40):
        documents.append({"id": "a%d" % i, "time": 1764140000 + i * 120, "venue": "account", "reach": 10,
                          "text": "转发：包河区锦绣家园3号楼起火，消防车半小时才到，水枪没水，家属质问救援 太慢了%d" % (i % 3)})
    documents.append({"id": "g", "time": 1764200000, "venue": "forum", "text": "消防大队收红包、吃拿卡要，举报消防大队没人管"})
    path, db = folder + "/feed.ndjson", folder + "/i.db"
    with open(path, "w", encoding="utf-8") as out:
        for document in documents:
            out.write(json.dumps(document, ensure_ascii=False) + "\n")
    subprocess.run([TOCSIN, "watch", "-q", "-p", PLAN, "--db", db, "--once", path], check=True)
    return db


def report(db, *arguments, expect=0):
    done = subprocess.run([TOCSIN, "report", "--db", db, *arguments], capture_output=True, text=True,
                          env=dict(os.environ, TZ="Asia/Shanghai"))
    check(done.returncode == expect, "%s: exit %d: %s" % (arguments, done.returncode, done.stderr))
    return done.stderr if expect else done.stdout


def incidents_of(text):
    return [t[1]["id"] for t in Page(text).tags if t[0] == "section" and t[1].get("class") == "incident"]


def test_pages(db):
    for language, words in {"zh": "网络舆情监测报告", "en": "Report of incidents"}.items():
        text = report(db, "--lang", language)
        page = Page(text)
        check(not page.problems, page.problems)
        check(words in text and "<script>document.title" not in text and "<img" not in text, "escaped")
        check("\u202e" not in text, "what turns text around is made visible")
        check(not re.search(r'(src|href)="(?!#|data:)', text) and "http" not in text.replace("http-equiv", ""),
              "nothing is fetched")
        tags = [t for t, _ in page.tags]
        check({"main", "header", "svg", "figcaption", "caption"} <= set(tags), "landmarks")
        check(all(a.get("aria-label") for t, a in page.tags if t == "svg"), "pictures are named")
        names = ("重大", "网络舆情突发事件处置工作预案"), ("Major", "Plan for handling incidents of online public opinion")
        for shown, wanted in zip(names, (language == "zh", language == "en")):
            check(all((name in text) == wanted for name in shown), (language, shown))
        check(("预计未来 24 小时" if language == "zh" else "The next 24 hours") in text, "the forecast")


def test_filters(db):
    count = lambda *a: len(incidents_of(report(db, *a)))
    ids = [i for i, in sqlite3.connect(db).execute("SELECT id FROM incidents")]
    check(count() == len(ids) == 3, (count(), ids))
    check(count("--tier", "major") + count("--tier", "general") == 3, "tiers")
    check(count("--clause", "M1") == 2 and count("--clause", "XX") == 0, "clauses")
    check(count("--place", "庐阳区") == 1, "places")
    days = count("--since", "2025-11-27"), count("--until", "2025-11-26"), count("--since", "2025-11-25", "--until", "2025-11-25")
    check(days == (1, 2, 0), days)
    check(count("--limit", "1") == 1, "limit")
    check(incidents_of(report(db)) == ["i2", "i1", "i3"], "the highest tier first, then the latest")
    check("is a day as" in report(db, "--since", "soon", expect=2), "a day that is none")
    check("there is no incident 99" in report(db, "--sheets", "99", expect=3), "no such incident")
    check("cannot be opened" in report(db + "x", expect=3), "no such database")


def test_sheets(db):
    sheets = json.loads(report(db, "--sheets", "all", "--format", "json"))
    by = {s["incident"]: s for s in sheets}
    check(len(sheets) == 3 and by[1]["about"].startswith("<script>"), "JSON has what was written")
    check(by[2]["posts"] == 40 and by[2]["attention"] == "elevated" and by[2]["raised_by"] == "rate of posts", by[2])
    check([e["event"] for e in by[2]["course"]][:1] == ["began"] and "leading_group" in by[2]["routes"], by[2])
    text = report(db, "--sheets", "1", "--format", "markdown", "--lang", "en")
    check("\\<script\\>" in text and "| Tier | Major |" in text and "领导小组" not in text and "Leading group" in text and "| Verified facts |  |" in text, text)
    with sqlite3.connect(db) as writer:
        for field, text in ("verified", "已核实：出警 8 分钟"), ("answer", "<b>已回应</b>"), ("approved", "王"):
            writer.execute("INSERT INTO actions (incident, kind, who, time, field, detail) VALUES (1, 'set', '王', 1, ?, ?)",
                           (field, text))
    text = report(db, "--sheets", "1")
    check("已核实：出警 8 分钟" in text and "&lt;b&gt;已回应" in text and not Page(text).problems, "what was filled in")


def browser():
    for name in ("chromium", "chromium-browser"):
        if shutil.which(name):
            return [name, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                    "--enable-logging=stderr", "--disable-dev-shm-usage"]
    return None


def open_page(path, *arguments):
    done = subprocess.run([*browser(), *arguments, "file://" + path], capture_output=True, text=True, timeout=600)
    console = [l for l in done.stderr.splitlines() if "CONSOLE" in l]
    check(not console, console)
    return done.stdout


def dom(folder, text, script, width):
    """What the page is after a script of ours ran on it."""
    path = folder + "/probe.html"
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.replace("</body>", "<script>%s</script></body>" % script))
    return open_page(path, "--window-size=%d,900" % width, "--dump-dom")


def test_browser(db, folder):
    pictures = PICTURES or folder
    os.makedirs(pictures, exist_ok=True)
    for language in ("zh", "en"):
        path = folder + "/report.html"
        text = report(db, "--lang", language)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        for name, width in (("wide", 1200), ("narrow", 500)):
            picture = "%s/report.%s.%s.png" % (pictures, language, name)
            open_page(path, "--window-size=%d,1400" % width, "--screenshot=" + picture)
            check(os.path.getsize(picture) > 20000, "an empty picture: " + picture)
            shown = dom(folder, text, "document.title=document.documentElement.scrollWidth+' of '+innerWidth", width)
            have, of = map(int, re.search(r"<title>(\d+) of (\d+)", shown).groups())
            check(have <= of, "%s is %d wide, the window %d" % (name, have, of))
        shown = dom(folder, text, "document.querySelectorAll('thead button')[4].click();"
                                  "document.title=document.querySelector('tbody td.n~td')?"
                                  "Array.from(document.querySelectorAll('table.sort tbody tr')).map(r=>r.cells[4]."
                                  "textContent).join(' '):''", 1200)
        check("<title>40 1 1<" in shown, re.search("<title>.*?</title>", shown).group())
        sheets = folder + "/sheets.html"
        with open(sheets, "w", encoding="utf-8") as out:
            out.write(report(db, "--sheets", "all", "--lang", language))
        pdf = "%s/sheets.%s.pdf" % (pictures, language)
        open_page(sheets, "--no-pdf-header-footer", "--print-to-pdf=" + pdf)
        told = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
        check(re.search(r"Pages: +3\n", told) and "A4" in told, told)


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        db = make_database(folder)
        tests = [("pages", lambda: test_pages(db)), ("filters", lambda: test_filters(db)),
                 ("sheets", lambda: test_sheets(db))]
        if browser() and shutil.which("pdfinfo"):
            tests.append(("browser", lambda: test_browser(db, folder)))
        else:
            print("SKIPPED browser: there is no chromium or no pdfinfo (Debian: chromium, poppler-utils)")
        for name, test in tests:
            try:
                test()
                print("ok   " + name)
            except AssertionError as problem:
                failed += 1
                print("FAIL %s: %s" % (name, problem))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
