"""Tests tocsin report: the content of the page, and that a real browser shows and prints it.
usage: run_report_tests.py TOCSIN PLAN [FOLDER for the pictures]"""
import glob
import html.parser
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "incidents"))
import generate

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from program_tests import FIRE, GIFT, check

TOCSIN, PLAN = sys.argv[1], sys.argv[2]
PICTURES = sys.argv[3] if len(sys.argv) > 3 else None
HOSTILE = "<script>document.title='pwned'</script><img src=x onerror=alert(1)>\u202e" + FIRE
VOID = {"meta", "link", "br", "line", "rect", "path"}
HOUR = 3600000
NOW = 1764208800
ENVIRONMENT = dict(os.environ, TZ="Asia/Shanghai", SOURCE_DATE_EPOCH=str(NOW))


class Page(html.parser.HTMLParser):
    """Checks that tags close in order, and keeps the attributes of each."""

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


def watch(db, path, posts, *arguments):
    """Writes the posts to the file `path`, and reads the new ones into the database."""
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(post, ensure_ascii=False) + "\n" for post in posts)
    subprocess.run([TOCSIN, "watch", "-q", "-p", PLAN, "--db", db, "--once", *arguments, path], check=True, env=ENVIRONMENT)


def make_database(folder):
    documents = [{"id": "h", "time": 1764140000, "venue": "forum", "text": HOSTILE, "reach": 120000}]
    for i in range(40):
        documents.append({"id": "a%d" % i, "time": 1764140000 + i * 120, "venue": "account", "reach": 10,
                          "text": "转发：包河区锦绣家园3号楼起火，消防车半小时才到，水枪没水，家属质问救援 太慢了%d" % (i % 3)})
    documents.append({"id": "g", "time": 1764200000, "venue": "forum", "text": GIFT})
    db = folder + "/i.db"
    watch(db, folder + "/feed.ndjson", documents)
    return db


def report(db, *arguments, expect=0, wall=NOW):
    done = subprocess.run([TOCSIN, "report", "--db", db, *arguments], capture_output=True, text=True,
                          env=dict(ENVIRONMENT, SOURCE_DATE_EPOCH=str(wall)))
    check(done.returncode == expect, "%s: exit %d: %s" % (arguments, done.returncode, done.stderr))
    return done.stderr if expect else done.stdout


def desk(db, *arguments, expect=0, given=None):
    done = subprocess.run([TOCSIN, "desk", "--db", db, *arguments], capture_output=True, text=True, input=given, env=ENVIRONMENT)
    check(done.returncode == expect, "%s: exit %d: %s" % (arguments, done.returncode, done.stderr))
    return done.stderr if expect else done.stdout


def make_busy_database(folder):
    """The generator's stories, with four weeks shortened to two days, so that many incidents are active at the
    end."""
    posts = sorted(generate.feed("development") + generate.feed("untouched"), key=lambda post: post["time"])
    first, last = posts[0]["time"], posts[-1]["time"]
    moments = [1763344800 - 2 * 86400 + (post["time"] - first) * 2 * 86400 // (last - first) for post in posts]
    db = folder + "/busy.db"
    watch(db, folder + "/busy.ndjson", [dict(post, id="p%d" % i, time=moment, url="https://weibo.example/%d" % i)
                                        for i, (post, moment) in enumerate(zip(posts, moments))], "--keep-text")
    return db


def rows_of(db, query, *values):
    reader = sqlite3.connect(db)
    try:
        return reader.execute(query, values).fetchall()
    finally:
        reader.close()


def plain(text):
    return re.sub(r"<[^>]*>", "", text)


def figures_of(text):
    """For each of the six lines its figure and that of the day before."""
    table = re.search(r'<table class="figures">.*?</table>', text, re.S).group()
    return [tuple(map(int, re.search(r"<b>(\d+)</b>.*?(\d+)</td>", row, re.S).groups())) for row in table.split("<tr")[1:]]


def shown_of(text):
    """Ids of the incidents on the page: those of the cards, and those of the lines after them."""
    cards = [t[1]["id"] for t in Page(text).tags if t[0] == "article" and "id" in t[1]]
    return cards, [t[1]["id"] for t in Page(text).tags if t[0] == "tr" and "id" in t[1]]


def incidents_of(text):
    return [t[1]["id"] for t in Page(text).tags if t[0] == "section" and t[1].get("class") == "incident"]


def test_pages(db):
    for language, words in {"zh": "网络舆情监测报告", "en": "Report of incidents"}.items():
        text = report(db, "--lang", language, "--appendix")
        for page in Page(text), Page(report(db, "--lang", language)):
            check(not page.problems, page.problems)
        page = Page(text)
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
        check("2025-11-27 10:00" in text and "UTC+0800" in text, "when it was made, and in which time zone")


def test_filters(db):
    full = lambda *a: incidents_of(report(db, "--appendix", *a))
    count = lambda *a: len(full(*a))
    ids = [i for i, in rows_of(db, "SELECT id FROM incidents")]
    check(count() == len(ids) == 3, (count(), ids))
    check(count("--tier", "major") + count("--tier", "general") == 3, "tiers")
    check(count("--tier", "重大") == count("--tier", "major") == 2, "a tier by its name")
    check("the plan has no tier \"serious\"" in report(db, "--tier", "serious", expect=2), "a tier that is none")
    check("the plan has no clause \"XX\"" in report(db, "--clause", "XX", expect=2), "a clause that is none")
    check(count("--clause", "M1") == 2 and count("--clause", "G2") == 0, "clauses")
    check(count("--place", "庐阳区") == 1, "places")
    days = count("--since", "2025-11-27"), count("--until", "2025-11-26"), count("--since", "2025-11-25", "--until", "2025-11-25")
    check(days == (1, 2, 0), days)
    hours = count("--since", "2025-11-26T15:10"), count("--since", "2025-11-26T23:00+00:00"), count("--since", "2025-11-26 16:30")
    check(hours == (2, 1, 1), hours)
    check(count("--since", "1h") == 1 and count("--since", "16h") == 2 and count("--since", "1d") == 3, "hours before the latest post")
    check(count("--limit", "1") == 1, "limit")
    check(full() == ["i1", "i2", "i3"], "the most attention first: %s" % full())
    for bad in ("soon", "16x", "h", "-3h"):
        check("is a time as" in report(db, "--since=" + bad, expect=2), "a time that is none: " + bad)
    check("is not before" in report(db, "--since", "2025-11-27", "--until", "2025-11-20", expect=2), "an end before the start")
    check("there is no incident 99" in report(db, "--sheets", "99", expect=3), "no such incident")
    check("cannot be opened" in report(db + "x", expect=3), "no such database")


def counted(db, kinds, start, end):
    return len(rows_of(db, "SELECT DISTINCT i.shown_in FROM events AS e JOIN incidents AS i ON i.id = e.incident WHERE NOT muted AND"
                           " kind IN (%s) AND time BETWEEN ? AND ?" % ", ".join("'%s'" % k for k in kinds), start, end))


def test_day(db):
    """Six figures, five cards by attention and growth, the rest in a line each."""
    now, = rows_of(db, "SELECT value FROM meta WHERE key = 'now'")[0]
    text = report(db, "--since", "24h")
    figures, day = figures_of(text), 24 * HOUR
    for line, kinds in (0, ("began",)), (1, ("tier", "attention", "outgrown")), (2, ("returned",)):
        expected = counted(db, kinds, now - day, now), counted(db, kinds, now - 2 * day, now - day)
        check(figures[line] == expected, "%s: %s, not %s" % (kinds, figures[line], expected))
    quiet = lambda end: len(rows_of(db, "SELECT 1 FROM incidents GROUP BY shown_in HAVING sum(posts) > 0 AND max(last_time) + ?1 >= ?2"
                                        " - ?1 AND max(last_time) + ?1 < ?2", day, end))
    check(figures[5] == (quiet(now), quiet(now - day)), (figures[5], quiet(now), quiet(now - day)))
    check(figures[0][0] > 5 and figures[0][1] > 5 and figures[1][0] > 0 and figures[5][0] > 0, "a day on which much happens: %s" % figures)
    cards, lines = shown_of(text)
    check(len(cards) == 5 and len(lines) == len(set(lines)) > 20 and not set(cards) & set(lines), (cards, len(lines)))
    rank = {}
    for i, attention in rows_of(db, "SELECT shown_in, max(attention) FROM incidents GROUP BY shown_in HAVING max(last_time) >= ?",
                                now - day):
        recent, before = rows_of(db, "SELECT total(iif(hour > ?2 - 6, posts, 0)), total(iif(hour <= ?2 - 6, posts, 0)) FROM hours WHERE"
                                     " hour > ?2 - 12 AND incident IN (SELECT id FROM incidents WHERE shown_in = ?1)", i, now // HOUR)[0]
        rank["i%d" % i] = (attention, recent - before)
    best = sorted(rank.values(), reverse=True)[:5]
    check([rank[c] for c in cards] == best, "cards %s, not %s" % ([rank[c] for c in cards], best))
    check(text.count('<p class="do">') == text.count("已告知：") == text.count("<svg") == 5, "each card has what to do, who was told, a curve")
    check(text.count("级别或关注度上升") == 5 and text.count('class="axis"') >= 10 and text.count('class="v"') >= 5, "axis, values, legend")
    check('class="tier r0">重大' in text and 'class="tier r1">一般' in text, "a colour a tier")
    check(re.search(r"<b>地区：</b>\S+ \d+ 件 \d+ 帖", text), "districts")
    for wanted in lines:  # one line each, with the date and hour of its latest post
        row = re.search(r'<tr id="%s">.*?</tr>' % wanted, text, re.S).group()
        check("\n" not in row and re.search(r">\d\d-\d\d \d\d:\d\d</td>", row), row)
    for one in cards:  # words as they were written
        card = re.search(r'<article class="card edge\d" id="%s">.*?</article>' % one, text, re.S).group()
        for word in re.findall(r"([^、：<>]+?) \d+(?=、|</p>)", re.search(r"<b>用词：</b>(.*?)</p>", card, re.S).group()):
            found = rows_of(db, "SELECT 1 FROM documents WHERE instr(coalesce(title, '') || coalesce(text, ''), ?)", word)
            check(found, "no post has the word %s" % word)


def test_links(db):
    """A number is a link only if its incident is on the page; the page names what is left out."""
    for more in (), ("--limit", "7"), ("--limit", "7", "--appendix"):
        text = report(db, "--since", "3d", *more)
        tags = Page(text).tags
        anchors = {a["id"] for _, a in tags if "id" in a}
        links = {a["href"][1:] for t, a in tags if t == "a"}
        check(links <= anchors and len(links) > 3, "%s: dead links: %s" % (more, sorted(links - anchors)[:5]))
        cards, lines = shown_of(text)
        check(not more or re.search(r"另有 \d+ 件", text), "those that are not listed")
        check(not more or len(cards) + len(lines) == (0 if "--appendix" in more else 7), (cards, lines))


def test_since_last(db, folder):
    copy = folder + "/last.db"
    shutil.copy(db, copy)
    news = lambda *a: [n for n, _ in figures_of(report(copy, *a))[:3]]
    first = news()
    check(first[0] > 0 and news("--since-last") == first, "the first one takes a day")
    check(news("--since-last") == [0, 0, 0] and news() == first, "nothing is new since then")
    post = {"id": "late", "time": 1763344800 - 2 * 86400, "venue": "forum", "text": "枞阳县横埠镇的消防站长期收受商户红包，吃拿卡要，已有七家店主联名举报"}
    watch(copy, folder + "/late.ndjson", [post])
    report(copy, "--since-last", "-o", folder + "/nowhere/x", expect=3)
    check(news("--since-last")[0] == 1, "a post that comes late is new, whatever its time; a report that failed told nobody")
    check(news("--since-last")[0] == 0, "it is new once")
    check("--since-last goes without" in report(copy, "--since-last", "--since", "1d", expect=2), "both")


def test_deadlines(folder):
    """The plan's deadlines run from the first post until somebody fills in the field or closes the incident."""
    path, db, start = folder + "/due.ndjson", folder + "/due.db", 1764140400
    texts = ("庐阳区阳光花园起火，消防车半小时才到，水枪没水，家属质问", "消防大队收红包、吃拿卡要，举报肥东消防大队没人管")
    posts = [{"id": "a", "time": start, "venue": "forum", "text": texts[0]}, {"id": "b", "time": start, "venue": "forum", "text": texts[1]},
             {"id": "n", "time": start + 4 * 3600, "text": "今天天气真好"}]

    page = lambda *arguments: report(db, *arguments, wall=posts[-1]["time"])
    overdue = lambda: figures_of(page())[4]
    dues = lambda i: [(d["field"], d["time"] // HOUR - start // 3600, d["overdue"])
                      for d in json.loads(page("--sheets", str(i), "--format", "json"))[0]["deadlines"]]
    watch(db, path, posts)
    check(overdue() == (0, 0), "after four hours: %s" % (overdue(),))
    check(dues(1) == [("answer", 5, False), ("briefing", 24, False)] and dues(2) == [("answer", 48, False)], (dues(1), dues(2)))
    posts.append({"id": "m", "time": start + 5 * 3600, "text": "天气"})
    watch(db, path, posts)
    check(overdue() == (1, 0) and dues(1)[0] == ("answer", 5, True), (overdue(), dues(1)))
    check("回应内容：2025-11-26 20:00 前，已超时" in page(), "the page says so")
    desk(db, "set", "1", "answer=已发布情况通报", "--by", "王敏")
    check(overdue() == (0, 0) and dues(1)[0] == ("answer", 5, False), "answered")
    check(figures_of(page())[3] == (1, 0), "counted as answered")
    posts.append({"id": "o", "time": start + 29 * 3600, "text": "天气"})
    watch(db, path, posts)
    check(overdue() == (1, 1), "the briefing; a day before it was the answer: %s" % (overdue(),))
    check("i1" in str(shown_of(page())), "what is overdue is listed however old it is")
    desk(db, "close", "1", "--by", "王敏")
    check(overdue()[0] == 0 and not any(late for _, _, late in dues(1)), "what is closed is not overdue: %s" % dues(1))
    desk(db, "set", "2", "deadline=2025-11-27 15:00", "--by", "王敏")
    check(("answer", 24, True) in dues(2) and overdue()[0] == 1, "a deadline that people set: %s" % dues(2))
    for field, problem in ("deadline=soon", "is a time as"), ("stage=第一", "stage is"):
        check(problem in desk(db, "set", "2", field, "--by", "王敏", expect=2), field)


def test_deadlines_of_a_quiet_feed(folder):
    """Deadlines run by the clock even if no more posts come, but not if the feed was from another time when it was
    read."""
    path, db = folder + "/quiet.ndjson", folder + "/quiet.db"
    late = lambda page: (figures_of(page)[4][0], "已超时" in page, "小时没有新内容" in page)
    # hours since the first post, since the latest one, and since they were read;
    for first, latest, read, seen in ((6, 2, 2, (1, True, True)), (4, 2, 2, (0, False, True)), (6, 0, 0, (1, True, False)),
                                      (60, 50, 50, (1, True, True)), (60, 56, 0, (0, False, False))):
        for leftover in glob.glob(db + "*"):
            os.remove(leftover)
        posts = [{"id": "a", "time": NOW - first * 3600, "venue": "forum", "text": "庐阳区阳光花园起火，消防车半小时才到，水枪没水，家属质问"},
                 {"id": "n", "time": NOW - latest * 3600, "text": "今天天气真好"}]
        watch(db, path, posts)
        with sqlite3.connect(db) as writer:
            writer.execute("UPDATE outbox SET created = ?", ((NOW - read * 3600) * 1000,))
        found = late(report(db))
        check(found == seen, "%d, %d, %d: %s, not %s" % (first, latest, read, found, seen))
    check(figures_of(report(db, "--until", "2025-11-28"))[4][0] == 1, "of a time that was asked for")


def test_quiet_hours(db):
    """An incident that was quiet for sixteen hours has no posts in the last hour, and one post makes no forecast."""
    text = report(db, "--appendix", "--lang", "en")
    first = re.search(r'<section class="incident" id="i2".*?</section>', text, re.S).group()
    check("the last hour 0, the one before 0" in first, plain(first)[:600])
    alone = re.search(r'<section class="incident" id="i3".*?</section>', text, re.S).group()
    check('class="forecast"' in first and 'class="forecast"' not in alone, "a forecast from one post")


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


FILLED = {"link": "https://x.example/1", "unit": "庐阳大队", "person": "王敏", "responsible": "宣传处", "deadline": "2025-11-27 15:00",
          "verified": "8 分钟到场\n供水正常", "instruction": "尽快回应", "answer": "已通报", "result": "平稳", "answered": "11-26 18:00",
          "briefing": "11-27 09:00", "approved": "赵雪", "stage": "首报"}


def test_filling(db, folder):
    """The desk or JSON can fill in every row of the handling sheet; each keeps its history, and a returning incident
    keeps them."""
    copy = folder + "/filled.db"
    shutil.copy(db, copy)
    sheet = lambda i: json.loads(report(copy, "--sheets", str(i), "--format", "json"))[0]
    before, number = sheet(2), rows_of(copy, "SELECT number FROM incidents WHERE id = 2")[0][0]
    given = json.dumps([dict(before, **FILLED)], ensure_ascii=False)
    check("13 fields are set" in subprocess.run([TOCSIN, "desk", "--db", copy, "fill", "-", "--by", "王敏"], input=given, text=True,
                                                capture_output=True, env=ENVIRONMENT).stderr, "all of them")
    after = sheet(2)
    check({k: after[k] for k in FILLED} == FILLED, after)
    check([(h["field"], h["who"]) for h in after["history"]] == [(h["field"], "王敏") for h in after["history"]] and
          len(after["history"]) == 13, after["history"])
    desk(copy, "fill", "-", "--by", "李强", given=given)
    check(sheet(2) == after, "what is as it was is not set again")
    desk(copy, "set", "2", "stage=续报", "answer=再次通报", "--by", "李强")
    after = sheet(2)
    check(after["answer"] == "再次通报" and [h["text"] for h in after["history"] if h["field"] == "answer"] == ["已通报", "再次通报"], after)
    for language, names in (("zh", ("报送单位", "报送人", "来源", "链接", "首报", "续报", "终报", "责任单位", "办理时限", "领导批示", "处置结果",
                                    "回应时间", "新闻发布会", "填报记录")),
                            ("en", ("Reporting unit", "Reported by", "Source", "Link", "first", "follow-up", "final", "Responsible unit",
                                    "Deadline", "Instruction", "Result", "Time of answer", "Press briefing", "Filled in"))):
        for form in "html", "markdown":
            text = report(copy, "--sheets", "2", "--lang", language, "--format", form)
            check(all(name in text for name in names + (number, "宣传处", "尽快回应", "https")), (form, language))
    text = report(copy, "--sheets", "2")
    check("☑ 首报" in text and "☑ 续报" in text and "☐ 终报" in text and "8 分钟到场<br>供水正常" in text, "boxes and lines")
    for bad, problem in (("{", "it is not the JSON of a sheet"), ("[1]", "it is not the JSON of a sheet"), ('{"unit":"x"}', "no number of an incident"),
                         ('{"incident":2,"unti":"x"}', 'no member "unti"'), ('{"incident":2,"unit":5}', '"unit" is not text'),
                         ('[{"incident":2,"unit":"y"},{"incident":99,"unit":"x"}]', "there is no incident 99"),
                         ('[{"incident":2,"unit":"y","stage":"x"}]', "stage is")):
        check(problem in desk(copy, "fill", "-", "--by", "李强", expect=2, given=bad), bad)
    check(sheet(2) == after, "of what was refused nothing is set")
    check("cannot be read" in desk(copy, "fill", folder + "/none.json", "--by", "李强", expect=3), "no such file")
    again = [{"id": "r%d" % i, "time": 1764140000 + 3 * 86400 + i * 60, "venue": "account",
              "text": "转发：包河区锦绣家园3号楼起火，消防车半小时才到，水枪没水，家属质问救援 太慢了%d" % (i % 3)} for i in range(7)]
    watch(copy, folder + "/again.ndjson", again)
    back, = [i for i, in rows_of(copy, "SELECT id FROM incidents WHERE returns = 2")]
    check(sheet(back)["unit"] == "庐阳大队" and sheet(back)["history"] == after["history"], "what returns has the sheet of before")
    check("接续 " + number in report(copy, "--sheets", str(back)), "and names it by its number")
    check(rows_of(copy, "SELECT number FROM incidents WHERE id = 2")[0][0] == number, "a number stays")


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
    """The page after one of our scripts ran on it."""
    path = folder + "/probe.html"
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.replace("</body>", "<script>%s</script></body>" % script))
    return open_page(path, "--window-size=%d,900" % width, "--dump-dom")


NARROW = """
var frame = document.createElement('iframe'); frame.style.cssText = 'width:390px;height:3000px;border:0'; frame.srcdoc = %s;
frame.onload = function () {
  var d = frame.contentDocument, bad = [];
  if (d.documentElement.scrollWidth > 390) bad.push('page ' + d.documentElement.scrollWidth);
  d.querySelectorAll('td, th, h3, p').forEach(function (e) {
    var r = e.getBoundingClientRect();
    if (r.width && (r.right > 391 || r.left < -1)) bad.push(e.textContent.slice(0, 30) + ' ends at ' + r.right);
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow == 'hidden') bad.push('cut: ' + e.textContent.slice(0, 30));
  });
  document.title = d.querySelectorAll('tr').length + ' rows; ' + bad.slice(0, 3).join('; ') + ';';
};
document.body.appendChild(frame);"""


def picture_of(path, name, width, height=1600):
    open_page(path, "--window-size=%d,%d" % (width, height), "--screenshot=" + name)
    check(os.path.getsize(name) > 20000, "an empty picture: " + name)


def pages_of(path, pdf):
    open_page(path, "--no-pdf-header-footer", "--print-to-pdf=" + pdf)
    told = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    check("A4" in told, told)
    return int(re.search(r"Pages: +(\d+)\n", told)[1])


def written(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def make_crowd(busy, folder):
    """Twice as many incidents, each with the most content that is possible."""
    crowd = folder + "/crowd.db"
    shutil.copy(busy, crowd)
    with sqlite3.connect(crowd) as writer:
        columns = [name for _, name, *_ in writer.execute("PRAGMA table_info(incidents)") if name not in ("id", "shown_in", "number")]
        writer.execute("INSERT INTO incidents (id, shown_in, number, %s) SELECT id + 1000, id + 1000, '20251116-' || (id + 1000), %s"
                       " FROM incidents WHERE posts > 0" % ((", ".join(columns),) * 2))
        writer.execute("UPDATE incidents SET about = about || ?", ("，现场视频在同城群里传开，家属要求公开出警记录和录音" * 3,))
        writer.execute("INSERT INTO deliveries (channel, incident, kind, event, state, created, due, ended) SELECT c.value, incidents.id, 'news', 1,"
                       " 'sent', 1763344000000, 0, 1763344000000 FROM incidents, json_each('[\"wecom-office\", \"dingtalk-brigade\","
                       " \"feishu-province\"]') AS c")
    return crowd


def test_browser(db, busy, folder):
    crowd = make_crowd(busy, folder)
    pictures = PICTURES or folder
    os.makedirs(pictures, exist_ok=True)
    for language in ("zh", "en"):
        text = report(crowd, "--lang", language, "--since", "3d")
        check(sum(map(len, shown_of(text))) == 80, "as many incidents as a page takes")
        path = written(folder + "/report.html", text)
        for name, width in (("wide", 1200), ("narrow", 500)):
            picture_of(path, "%s/report.%s.%s.png" % (pictures, language, name), width)
            shown = dom(folder, text, "document.title=document.documentElement.scrollWidth+' of '+innerWidth", width)
            have, of = map(int, re.search(r"<title>(\d+) of (\d+)", shown).groups())
            check(have <= of, "%s is %d wide, the window %d" % (name, have, of))
        for shown in text, report(db, "--sheets", "all", "--lang", language), report(db, "--appendix", "--lang", language):
            escaped = json.dumps(shown).replace("</", "<\\/")
            told = re.search("<title>(.*?)</title>", dom(folder, "<html><body></body></html>", NARROW % escaped, 500))
            check(told and re.fullmatch(r"[1-9]\d* rows; ;", told[1]), told and told[1])
        pdf = "%s/report.%s.pdf" % (pictures, language)
        pages = pages_of(path, pdf)
        check(pages <= 4, "a busy day has %d pages" % pages)
        printed = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
        for line in shown_of(text)[1]:
            row = re.search(r'<tr id="%s">.*?</tr>' % line, text, re.S).group()
            cells = [re.search(r'class="number">([^<]+)<', row)[1], re.search(r">(\d\d-\d\d \d\d:\d\d)</td>", row)[1]]
            check(any(all(c in l for c in cells) for l in printed.splitlines()), "printed without %s" % cells)
        shown = dom(folder, text, "document.querySelectorAll('table.lines thead button')[3].click();"
                                  "document.title=Array.from(document.querySelectorAll('table.lines tbody tr')).map(r=>r.cells[3]."
                                  "textContent).join(' ')", 1200)
        posts = list(map(int, re.search("<title>(.*?)</title>", shown)[1].split()))
        check(len(posts) > 50 and posts == sorted(posts, reverse=True), "sorted by posts: %s" % posts)
        for database, sheets in (db, 3), (busy, None):
            path = written(folder + "/sheets.html", report(database, "--sheets", "all", "--lang", language, "--limit", "40"))
            pages = pages_of(path, "%s/sheets.%s.pdf" % (pictures, language))
            check(pages == (sheets or 40), "%d pages" % pages)


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        db = make_database(folder)
        busy = make_busy_database(folder)
        tests = [("pages", lambda: test_pages(db)), ("filters", lambda: test_filters(db)), ("day", lambda: test_day(busy)),
                 ("links", lambda: test_links(busy)), ("since last", lambda: test_since_last(busy, folder)),
                 ("quiet hours", lambda: test_quiet_hours(db)), ("deadlines", lambda: test_deadlines(folder)),
                 ("deadlines of a quiet feed", lambda: test_deadlines_of_a_quiet_feed(folder)),
                 ("filling", lambda: test_filling(db, folder)), ("sheets", lambda: test_sheets(db))]
        if browser() and shutil.which("pdfinfo"):
            tests.append(("browser", lambda: test_browser(db, busy, folder)))
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
