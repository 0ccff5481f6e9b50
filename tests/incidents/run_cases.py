"""Posts that once got a wrong incident or a wrong time with the shipped plan.
usage: run_cases.py TOCSIN PLAN [NAME…]"""
import datetime
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import generate
from program_tests import check, run_tests

TOCSIN, PLAN = sys.argv[1], sys.argv[2]
FIRE = "新站物流园大火，消防栓没水，消防车半小时才到，眼睁睁看着烧光"


def post(number, time, text, **more):
    return {"id": str(number), "time": time, "venue": "account", "text": text, **more}


def at(day, clock):
    """A time in October 2026."""
    return "2026-10-%02dT%s:00+08:00" % (day, clock)


def quiet_hours(day, clock, count):
    """Irrelevant posts that move the feed's clock forward, five hours each."""
    hour = int(clock[:2])
    return [post("z%d" % i, at(day + (hour + 5 * i) // 24, "%02d:00" % ((hour + 5 * i) % 24)), "今天天气真好")
            for i in range(1, count + 1)]


class Desk:
    """A database and the feeds that are read into it."""

    def __init__(self, folder):
        self.folder, self.database, self.runs = folder, os.path.join(folder, "i.db"), 0

    def take(self, documents, *options, written=None, environment=None, plan=PLAN):
        """written: the time of the file, a day and a time of October 2026."""
        self.runs += 1
        path = os.path.join(self.folder, "%d.ndjson" % self.runs)
        with open(path, "w", encoding="utf-8") as out:
            for document in documents:
                out.write(json.dumps(document, ensure_ascii=False) + "\n")
        if written:
            stamp = datetime.datetime.fromisoformat(at(*written)).timestamp()
            os.utime(path, (stamp, stamp))
        done = subprocess.run([TOCSIN, "watch", "-p", plan, "--db", self.database, "--once", *options, path],
                              capture_output=True, text=True, env={**os.environ, **(environment or {})})
        check(done.returncode == 0, "exit %d: %s" % (done.returncode, done.stderr))
        self.said = done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def rows(self, sql):
        db = sqlite3.connect(self.database)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def incidents(self):
        """The ids of the posts of each incident, in the order of incidents."""
        found = {}
        for incident, post_id in self.rows("SELECT incident, id FROM documents ORDER BY incident, number"):
            found.setdefault(incident, []).append(post_id)
        return [found[i] for i in sorted(found)]


def test_names_of_users(desk):
    """4: two fires reposted from one user, whose name ends like a place."""
    desk.take([post("a", at(13, "22:00"), "求证 //@庐州老街坊：顺达仓库着火，消防栓没水，消防车半小时才到"),
               post("b", at(13, "22:20"), "气死 //@庐州老街坊：经开那边着火等了四十八分钟，消防车才到，救火没水")])
    check(desk.incidents() == [["a"], ["b"]], desk.incidents())
    abouts = [about for about, in desk.rows("SELECT about FROM incidents ORDER BY id")]
    check(abouts[0] == "求证 顺达仓库着火，消防栓没水，消防车半小时才到" and "庐州" not in abouts[1], abouts)


def test_names_of_users_do_not_return(desk):
    """4: another matter of the same user a day later is new."""
    events = desk.take([post("a", at(13, "22:00"), "求证 //@庐州老街坊：顺达仓库着火，消防栓没水，消防车半小时才到")]
                       + quiet_hours(13, "22:00", 6)
                       + [post("b", at(15, "08:00"), "萌化了 //@庐州老街坊：消防窗口的人态度恶劣，材料退了三次，推诿扯皮")])
    check([e["event"] for e in events] == ["began", "began"], events)


def test_links_and_chains(desk):
    """5: one text with five different links, and five chains of reposts that quote it."""
    text = "新站物流园大火，消防栓没水，消防车半小时才到，眼睁睁看着烧光"
    desk.take([post("l%d" % i, at(13, "22:%02d" % i), "%s http://t.cn/A6%s" % (text, c * 5)) for i, c in enumerate("abcde")])
    check(len(desk.incidents()) == 1, desk.incidents())
    other = "经开那边着火等了四十八分钟，消防车才到，救火没水"
    names = ["庐州老街坊", "小明", "爱吃面的阿花", "HeFei_cat", "路过的人"]
    desk.take([post("c%d" % i, at(13, "23:%02d" % i), "转发微博" + "".join("//@%s:" % n for n in names[:i]) + "//@原博:" + other)
               for i in range(5)])
    check([len(i) for i in desk.incidents()] == [5, 5], desk.incidents())


def test_longer_report_between(desk):
    """3: what c says is contained in b, which joins a, in whatever order they come."""
    texts = {"a": "学府路居民楼着火，消防车半小时才到", "c": "物业锁了门，喊破嗓子没人开，消防栓拧不开，消防车半小时才到"}
    texts["b"] = "学府路居民楼3栋住户说，" + texts["c"]
    for i, name in enumerate("acb"):
        desk.take([post(name, at(13, "1%d:00" % i), texts[name])])
    together = [i for i in desk.incidents() if "b" in i][0]
    check("a" in together, desk.incidents())


def times_of(desk):
    """For each post its own time in local form, and the time that is used if it differs."""
    local = "strftime('%%m-%%d %%H:%%M', %s / 1000, 'unixepoch', '+8 hours')"
    return {name: (own, used) for name, own, used in desk.rows(
        "SELECT id, %s, %s FROM documents" % (local % "time", local % "time_used"))}


SLOW = ["三孝口的消防栓没水，消防车来了干等", "消防窗口推诿扯皮跑了五趟", "消防检查收了烟还罚款", "打119没人接，等了四十分钟",
        "消防员招录暗箱操作", "云梯坏了升不上去，眼睁睁看着烧"]


def test_slow(desk):
    """1: six posts over six days, each at its own time."""
    hours = [8 + 30 * i for i in range(6)]
    desk.take([post("s%d" % i, at(1 + h // 24, "%02d:00" % (h % 24)), text)
               for i, (h, text) in enumerate(zip(hours, SLOW))], written=(8, "00:00"))
    found = times_of(desk)
    check(len(found) >= 5, found)
    for name, times in found.items():
        hour = hours[int(name[1:])]
        check(times == ("10-%02d %02d:00" % (1 + hour // 24, hour % 24), None), (name, times))


def test_gap_of_days(desk):
    """1: Friday evening, then Monday morning by another run."""
    desk.take([post("f", at(16, "18:00"), SLOW[0])], written=(16, "18:05"))
    desk.take([post("m", at(19, "09:00"), SLOW[1])], written=(19, "09:05"))
    check(times_of(desk)["m"] == ("10-19 09:00", None), times_of(desk))
    page = subprocess.run([TOCSIN, "report", "--db", desk.database, "--sheets", "2", "--format", "markdown"], capture_output=True,
                          text=True, env={**os.environ, "TZ": "Asia/Shanghai"})
    check("2026-10-19 09:00" in page.stdout, page.stdout + page.stderr)


def test_wrong_time_first(desk):
    """1: one post of 2062, then posts of today: these keep today's times, and the first gets the time at which its
    file was written."""
    events = desk.take([post("w", "2062-10-13T10:00:00+08:00", SLOW[0])]
                       + [post("t%d" % i, at(13, "10:%02d" % i), text) for i, text in enumerate(SLOW[1:3])], written=(13, "10:30"))
    found = times_of(desk)
    check(found["w"] == ("10-13 10:00", "10-13 10:30") and found["t0"] == ("10-13 10:00", None), found)
    check(desk.rows("SELECT time FROM documents WHERE id = 'w'")[0][0] > 2.9e12, "its own time is stored")
    check("1  with an implausible time" in desk.said, desk.said)
    check(events[0]["latest"]["time"] > events[0]["time"], events)


def test_without_a_time(desk):
    """1: the time of arrival, marked as such."""
    document = post("n", None, SLOW[0])
    del document["time"]
    events = desk.take([document], written=(13, "10:30"))
    check(times_of(desk)["n"] == (None, "10-13 10:30") and events[0]["latest"]["time"] is None, (times_of(desk), events))
    check("1  without a time" in desk.said, desk.said)


def test_eight_digits(desk):
    """1: eight digits are a date."""
    desk.take([post("d", "20261013", SLOW[0])], written=(14, "10:30"), environment={"TZ": "Asia/Shanghai"})
    check(times_of(desk)["d"] == ("10-13 00:00", None), times_of(desk))


def test_late(desk):
    """2: five like posts, three of them late."""
    events = desk.take([post("a", at(13, "22:00"), FIRE), post("b", at(13, "22:30"), FIRE)] + quiet_hours(13, "23:00", 6)
                       + [post(n, at(13, "22:1%d" % i), FIRE) for i, n in enumerate("cde")])
    check(desk.incidents() == [["a", "b", "c", "d", "e"]] and [e["event"] for e in events] == ["began"], events)


def test_any_order(desk):
    """2: posts between two incidents merge them, and no incident returns before it ended."""
    events = desk.take([post("c", at(15, "08:00"), FIRE), post("a", at(13, "10:00"), FIRE), post("b", at(14, "09:00"), FIRE)])
    check([e["event"] for e in events] == ["began", "began", "merged"], events)
    check((events[2]["incident"], events[2]["detail"]) == (1, "2"), events)
    check(sorted(sum(desk.incidents(), [])) == ["a", "b", "c"] and len(desk.incidents()) == 1, desk.incidents())
    check(desk.rows("SELECT id, shown_in, posts FROM incidents") == [(1, 1, 3), (2, 1, 0)], "both ids are kept")
    check(desk.rows("SELECT sum(posts), count(DISTINCT incident) FROM hours") == [(3, 1)], desk.rows("SELECT * FROM hours"))
    events = desk.take([post("d", at(18, "12:00"), FIRE)])
    check(events == [] and desk.rows("SELECT posts FROM incidents") == [(4,), (0,)], "a repost after the end is no return")
    events = desk.take([post("e", at(18, "13:00"), FIRE + "，昨天区里来人说是线路老化，住户们都不信这话")])
    check([e["event"] for e in events] == ["returned"], events)


def test_archive_after(desk):
    """2: 25 posts of August after one of November: they keep August, and raise no alarm."""
    events = desk.take([post("n", "2026-11-05T10:00:00+08:00", FIRE)]
                       + [post("o%d" % i, "2026-08-05T10:%02d:00+08:00" % i, FIRE) for i in range(25)])
    check(not [e for e in events if e["event"] in ("attention", "returned")], events)
    check([len(i) for i in desk.incidents()] == [1, 25], desk.incidents())
    check(all(times[0].startswith("08-05") for name, times in times_of(desk).items() if name != "n"), times_of(desk))


CHAIN = ["锦绣花园着火，消防车四十八分钟才到，家都烧没了",
         "锦绣花园6栋业主说，接线员让他别催，导航错到隔壁去了，打了三次119，消防车四十八分钟才到",
         "接线员让他别催，导航错到隔壁去了，打了三次119，消防车四十八分钟才到",
         "接线员让他别催，导航错到隔壁去了，打了三次119，消防车四十八分钟才到"]


def test_chain(desk):
    """3: the clauses of a later post count for the incident too; each post has the reason why it joined."""
    desk.take([post(n, at(15, "10:%d0" % i), text) for i, (n, text) in enumerate(zip("abcd", CHAIN))])
    check(desk.incidents() == [["a", "b", "c", "d"]], desk.incidents())
    joined = desk.rows("SELECT joined_by, score FROM documents ORDER BY number")
    page = subprocess.run([TOCSIN, "report", "--db", desk.database, "--lang", "en", "--appendix"], capture_output=True, text=True).stdout
    check(re.search(r"the same words</th><td>0\.[6-9]\d</td><td class=\"n\">3<", page), "the report says why")
    check([j for j, _ in joined] == [0, 1, 1, 1] and joined[2][1] >= 0.999 and 0.6 <= joined[1][1] <= 1, joined)


def test_forecast(desk):
    """8: a steady 60 posts an hour up to 20:02: the forecast is about 60 an hour; the last hour is 60 minutes."""
    desk.take([post("s%d" % m, at(13, "%02d:%02d" % (m // 60, m % 60)), FIRE) for m in range(20 * 60 + 3)], written=(13, "20:03"))
    page = subprocess.run([TOCSIN, "report", "--db", desk.database, "--appendix", "--lang", "en"], capture_output=True, text=True).stdout
    foretold = int(re.search(r"next 6 hours: about (\d+) posts", page)[1])
    check(300 <= foretold <= 400, foretold)
    check("the last hour 60, the one before 60" in page, re.findall(r"the last hour[^<]*", page))
    desk.take([post("f%d" % i, at(13, "20:0%d" % i), SLOW[1]) for i in range(4)], written=(13, "20:10"))
    page = subprocess.run([TOCSIN, "report", "--db", desk.database, "--appendix", "--lang", "en"], capture_output=True, text=True).stdout
    check(page.count("next 6 hours") == 1, "of four posts nothing is foretold")


def kept(desk):
    """The figures that must not change when posts are seen again."""
    return [desk.rows(sql) for sql in (
        "SELECT incident, id, reach FROM documents ORDER BY number", "SELECT id, posts, reach, attention FROM incidents",
        "SELECT * FROM hours", "SELECT * FROM venues", "SELECT * FROM words", "SELECT * FROM places", "SELECT * FROM routes",
        "SELECT * FROM graded", "SELECT incident, kind, detail FROM events ORDER BY number")]


def seen(reach, text=FIRE, name="p", time=at(13, "22:00"), **more):
    return post(name, time, text, source="weibo.com", reach=reach, **more)


def test_seen_again(desk):
    """6: the same id three times with reach 4000 is one post of reach 4000, and no alarm."""
    desk.take([seen(4000)])
    before = kept(desk)
    check(desk.take([seen(4000), seen(3000), seen(4000)]) == [], "nothing happened")
    check(kept(desk) == before and "3  seen again" in desk.said, (kept(desk), before, desk.said))
    check(desk.rows("SELECT posts, reach, attention FROM incidents") == [(1, 4000, 0)], before)


def test_seen_again_grows(desk):
    """6: the larger reach replaces the smaller one in the post, its hour and its incident, and raises attention if it
    is large enough."""
    first = desk.take([seen(10), seen(20, name="q", time=at(13, "23:10"))])
    check([e["event"] for e in first] == ["began"], first)
    events = desk.take([seen(30), seen(25)])
    check(events == [] and desk.rows("SELECT reach FROM documents ORDER BY number") == [(30,), (20,)], events)
    check(desk.rows("SELECT posts, reach FROM hours ORDER BY hour") == [(1, 30), (1, 20)], desk.rows("SELECT * FROM hours"))
    events = desk.take([seen(60000)])
    check([(e["event"], e["posts"], e["reach"]) for e in events if e["event"] == "attention"] == [("attention", 2, 60020)], events)
    check(desk.rows("SELECT posts, reach, attention FROM incidents") == [(2, 60020, 1)], desk.rows("SELECT * FROM incidents"))
    late = desk.take([seen(90000)])
    check(late == [] and desk.rows("SELECT reach FROM incidents") == [(90020,)], late)


def test_seen_again_of_a_part(desk):
    """6: the same for an incident that was merged into another one."""
    desk.take([seen(5, name="c", time=at(15, "08:00")), seen(5, name="a", time=at(13, "10:00")), seen(5, name="b", time=at(14, "09:00"))])
    check(desk.rows("SELECT posts, reach FROM incidents") == [(3, 15), (0, 0)], "merged")
    desk.take([seen(7, name=name, time=at(15, "09:00")) for name in "abc"])
    check(desk.rows("SELECT posts, reach FROM incidents") == [(3, 21), (0, 0)], desk.rows("SELECT id, posts, reach FROM incidents"))


def test_seen_again_after_it_was_forgotten(desk):
    """6: the tracker knows one incident at a time; the database knows the others."""
    other = "消防窗口的人态度恶劣，材料退了三次，推诿扯皮"
    one = ("--max-incidents", "1")
    desk.take([seen(10), seen(1, other, "o", at(14, "09:00"))], *one)
    desk.take([seen(50)], *one)
    check(desk.rows("SELECT posts, reach FROM incidents ORDER BY id") == [(1, 50), (1, 1)], desk.rows("SELECT * FROM incidents"))


EDITED = FIRE + "。更正：有人被困，两人受伤"


def test_edits(desk):
    """6: an edit is not counted as a post; the earlier text is kept as a version; an older text that comes late is no
    edit."""
    desk.take([seen(10)], "--keep-text")
    words = desk.rows("SELECT sum(posts) FROM words WHERE posts > 1")
    desk.take([seen(10, EDITED), seen(10, EDITED), seen(12, FIRE), seen(12, EDITED)], "--keep-text")
    check(desk.rows("SELECT id, reach, text FROM documents") == [("p", 12, EDITED)], desk.rows("SELECT * FROM documents"))
    check(desk.rows("SELECT document, version, text FROM versions") == [(1, 1, FIRE)], desk.rows("SELECT * FROM versions"))
    check(desk.rows("SELECT posts, reach FROM incidents") == [(1, 12)] and
          desk.rows("SELECT sum(posts) FROM words WHERE posts > 1") == words, desk.rows("SELECT * FROM words"))
    marks = json.loads(desk.rows("SELECT marks FROM documents")[0][0])
    check(marks and all(EDITED.encode()[a:b].decode() == word for field, a, b, word in marks), marks)
    desk.take([seen(12, EDITED + "！！")])
    check(desk.rows("SELECT version, text FROM versions") == [(1, FIRE), (2, EDITED)] and
          desk.rows("SELECT text FROM documents") == [(None,)], desk.rows("SELECT * FROM versions"))
    desk.take(quiet_hours(13, "22:00", 20))
    pruned = subprocess.run([TOCSIN, "prune", "--db", desk.database, "--older-than", "2d"], capture_output=True, text=True)
    check(pruned.returncode == 0 and desk.rows("SELECT count(*) FROM versions") == [(0,)], "versions go too: " + pruned.stderr)


def test_an_edit_raises(desk):
    """6: the incident gets the clauses that an edit adds."""
    mild = "消防窗口的人态度恶劣，材料退了三次，推诿扯皮"
    desk.take([seen(1, mild)])
    clauses = desk.rows("SELECT clauses FROM incidents")
    events = desk.take([seen(1, mild + "。" + FIRE)])
    check([e["event"] for e in events] and {e["event"] for e in events} <= {"tier", "clause", "attention"}, events)
    check(desk.rows("SELECT clauses FROM incidents") != clauses and desk.rows("SELECT posts FROM incidents") == [(1,)], clauses)


def test_other_posts_of_one_id(desk):
    """6: an id with an entirely different text, or from another source, is another post; so is a line without an
    id."""
    other = "消防窗口的人态度恶劣，材料退了三次，推诿扯皮"
    desk.take([seen(10), seen(10, other), dict(seen(10), source="other.example")])
    check(desk.rows("SELECT count(*), sum(reach) FROM documents") == [(3, 30)], desk.rows("SELECT * FROM documents"))
    desk.take([seen(11), seen(12, other)])
    check(desk.rows("SELECT sum(reach) FROM documents") == [(33,)], "both are known again")
    nameless = {"time": at(13, "22:30"), "text": FIRE, "source": "weibo.com", "reach": 1}
    for day in "12":  # files of one name: both are lines.ndjson:1
        folder = os.path.join(desk.folder, "day" + day)
        os.mkdir(folder)
        with open(os.path.join(folder, "lines.ndjson"), "w", encoding="utf-8") as out:
            out.write(json.dumps(nameless) + "\n")
        done = subprocess.run([TOCSIN, "watch", "-q", "-p", os.path.abspath(PLAN), "--db", desk.database, "--once", "lines.ndjson"],
                              cwd=folder, capture_output=True, text=True)
        check(done.returncode == 0, done.stderr)
    check(desk.rows("SELECT count(*) FROM documents") == [(5,)], desk.rows("SELECT id FROM documents"))


def test_number_stays(desk):
    """7: an incident keeps the number of its beginning, whatever post comes late and wherever it is read."""
    numbers = set()
    desk.take([post("a", at(14, "00:10"), FIRE)], environment={"TZ": "Asia/Shanghai"})
    for zone in ("Asia/Shanghai", "America/New_York"):
        numbers |= set(desk.rows("SELECT number FROM incidents"))
        page = subprocess.run([TOCSIN, "report", "--db", desk.database], capture_output=True, text=True,
                              env={**os.environ, "TZ": zone})
        check("20261014-1" in page.stdout, zone)
        desk.take([post("b" + zone, at(13, "23:50"), FIRE)], environment={"TZ": zone})
    check(numbers == {("20261014-1",)}, numbers)


SAID_PLAN = {
    "plan.yaml": """plan: x
version: "1"
about: "fire | crew"
topics:
  crew: {terms: crew.txt}
  fire: {terms: fire.txt}
  water: {terms: water.txt}
  late: {terms: late.txt}
  reply: {terms: reply.txt, role: answer}
  denial: {terms: denial.txt, role: rebuttal}
venues: venues.csv
attention: {reach: {elevated: 1000, high: 50000}}
tiers:
  - {id: low, clauses: [{id: L1, when: fire & water & late}]}
  - {id: high, name: 重大, clauses: [{id: H1, when: fire & water & reach < 5000 & attention >= elevated}]}
""",
    "crew.txt": "消防\n", "fire.txt": "起火\n火灾\n", "water.txt": "消防栓\n没水\n", "late.txt": "迟到\n",
    "reply.txt": "消防支队通报\n", "denial.txt": "不实\n", "venues.csv": "pattern,class\nweibo/合肥消防,own\n"}


def write_plan(desk, files):
    folder = os.path.join(desk.folder, "plan")
    os.makedirs(folder, exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)
    return folder


def accuse(desk):
    plan = write_plan(desk, SAID_PLAN)
    desk.take([post("a", at(13, "20:00"), "阳光花园三号楼起火，消防栓没水，消防车迟到四十分钟", reach=10),
               post("b", at(13, "20:10"), "阳光花园起火，消防栓没水，消防车又迟到了，住户在楼下哭", reach=10)], plan=plan)
    return plan


def counted(desk):
    return [desk.rows(sql) for sql in (
        "SELECT id, tier_id, clauses, attention, posts, reach, first_time FROM incidents", "SELECT * FROM hours",
        "SELECT * FROM venues", "SELECT * FROM words", "SELECT * FROM places", "SELECT * FROM routes")]


SAID = [post("c", at(13, "19:00"), "阳光花园昨夜起火，消防栓没水，消防队员在现场", reach=900000),
        post("d", at(13, "20:40"), "阳光花园的消防不实，大家别再传了", reach=900000),
        post("e", at(13, "20:50"), "阳光花园的火灾说法不实，我就住那里"),
        {**post("f", at(13, "21:00"), "阳光花园一事我们正在核查，结果会向社会公布"), "source": "weibo/合肥消防", "venue": None},
        post("g", at(13, "21:10"), "关于阳光花园火情，消防支队通报：十九时十二分接警"),
        post("h", at(13, "21:30"), "消防支队通报：网传阳光花园消防车一事不实")]


SCENIC = os.path.join(os.path.dirname(PLAN), "scenic-area")
RIDE = ["云岭景区索道突然停运，游客滞留半空两小时", "云岭景区索道停运被困，票价八十还不退票，坑人",
        "昨天在云岭景区坐索道，停在半空，游客滞留到天黑", "云岭景区索道故障，游客滞留，工作人员态度恶劣"]
OTHERS = [("h", "市民热线：云岭景区厕所脏乱差，排队半小时，服务态度恶劣"), ("d", "云岭景区演练：模拟游客坠落山崖，救援队到场")]


def scenic(desk, home):
    """The plan of a scenic area, which may name its place."""
    folder = os.path.join(desk.folder, "scenic")
    shutil.copytree(SCENIC, folder)
    if home:
        path = os.path.join(folder, "plan.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as out:
            out.write(text.replace("topics:\n", "topics:\n  本景区: {terms: 本景区.csv, role: home}\n", 1))
        with open(os.path.join(folder, "本景区.csv"), "w", encoding="utf-8") as out:
            out.write("term\n云岭景区\n云岭\n")
    return folder


def test_home(desk):
    """9: the place of the plan's owner does not join posts: a complaint by telephone and a drill are not part of an
    incident there."""
    feed = [post("r%d" % i, at(13, "1%d:00" % i), text) for i, text in enumerate(RIDE)]
    feed += [post(name, at(13, "15:%02d" % i), text) for i, (name, text) in enumerate(OTHERS)]
    desk.take(feed, plan=scenic(desk, True))
    together = desk.incidents()
    of_ride = [i for i in together if "r0" in i][0]
    check("h" not in of_ride and "d" not in of_ride, together)


def test_home_is_what_tells(desk):
    """The same without the owner's place: the place alone would join them."""
    feed = [post("r%d" % i, at(13, "1%d:00" % i), text) for i, text in enumerate(RIDE)]
    feed += [post(name, at(13, "15:%02d" % i), text) for i, (name, text) in enumerate(OTHERS)]
    desk.take(feed, plan=scenic(desk, False))
    of_ride = [i for i in desk.incidents() if "r0" in i][0]
    check("h" in of_ride, desk.incidents())


TIERS = """plan: x
version: "%s"
topics: {fire: {terms: fire.txt}, late: {terms: late.txt}}
tiers:
%s"""


def tiers_plan(desk, version, tiers):
    lines = "".join("  - {id: %s, name: %s, clauses: [{id: %s, when: %s}]}\n" % (i, n, "C" + i, w) for i, n, w in tiers)
    return write_plan(desk, {"plan.yaml": TIERS % (version, lines), "fire.txt": "大火\n", "late.txt": "半小时才到\n"})


def test_plans_change(desk):
    """10: a tier is inserted and another one renamed: earlier incidents keep their tier, and none counts as
    raised."""
    plan = tiers_plan(desk, 1, [("minor", "小", "fire"), ("major", "大", "fire & late")])
    check([e["event"] for e in desk.take([post("a", at(13, "10:00"), FIRE), post("b", at(13, "10:05"), "城南大火")], plan=plan)]
          == ["began", "began"], "two")
    plan = tiers_plan(desk, 2, [("minor", "小", "fire"), ("middle", "中", "count(fire) > 1"), ("major", "特大", "fire & late")])
    events = desk.take([post("c", at(13, "11:00"), "转发 " + FIRE)], plan=plan)
    check(events == [], events)
    check(desk.rows("SELECT id, tier_id FROM incidents ORDER BY id") == [(1, "major"), (2, "minor")], "tiers")
    page = subprocess.run([TOCSIN, "report", "--db", desk.database], capture_output=True, text=True).stdout
    check("class=\"tier r0\">特大</span>" in page, re.findall(r"class=.tier[^<]*<", page))
    plan = tiers_plan(desk, 3, [("low", "低", "fire"), ("grave", "严重", "fire & late")])
    events = desk.take([post("d", at(13, "12:00"), "再转 " + FIRE)], plan=plan)
    check([e["event"] for e in events] == ["clause", "clause"], events)
    page = subprocess.run([TOCSIN, "report", "--db", desk.database, "--appendix"], capture_output=True, text=True).stdout
    check("小</span>" in page, re.findall(r"class=.tier[^<]*<", page))
    graded = re.search("共分级 .*?</p>", page)[0]
    check("小 1" in graded and "不属于 0" in graded, graded)


def test_false_alarm_stays_quiet(desk):
    """11: an incident that was set to false alarm stays quiet when a similar post comes."""
    desk.take([post("a", at(13, "10:00"), FIRE)])
    done = subprocess.run([TOCSIN, "desk", "--db", desk.database, "--by", "王", "false-alarm", "1"], capture_output=True, text=True)
    check(done.returncode == 0, done.stderr)
    events = desk.take([post("b", at(13, "11:00"), "转发 " + FIRE)])
    check(all(e.get("muted") for e in events), events)
    listed = subprocess.run([TOCSIN, "desk", "--db", desk.database, "list", "--json"], capture_output=True, text=True).stdout
    check(not listed.strip(), listed)
    check(desk.rows("SELECT count(*) FROM outbox") == [(1,)], "nobody is told")


def explained(desk, text, *options, plan=PLAN):
    arguments = [TOCSIN, "explain", "-p", plan, "--venue", "account", "--db", desk.database, *options, text]
    done = subprocess.run(arguments, capture_output=True, text=True, env={**os.environ, "LANGUAGE": "en"})
    check(done.returncode == 0, done.stderr)
    return done.stdout


def test_explained(desk):
    """4: explain names the incident that a text would join, the reason and the certainty, and changes nothing."""
    desk.take([post("a", at(13, "20:00"), FIRE)])
    before = desk.rows("SELECT * FROM tracker")
    check(explained(desk, "转发微博//@路人:" + FIRE).endswith("incident: joins 1 by the same words (1.00): " + FIRE + "\n"), "words")
    matter = explained(desk, "新站物流园那场火，消防车迟到半小时，消防员推诿")
    check(re.search(r"joins 1 by the same place, topics and time \(0\.\d\d\): " + FIRE, matter), matter)
    check("it would begin a new one" in explained(desk, "消防车迟到了四十分钟，消防员推诿"), "another matter")
    check("incident: none" in explained(desk, "今天天气真好"), "nothing")
    joined = json.loads(explained(desk, FIRE, "--json"))["incident"]
    check(joined == {"joins": 1, "begins": False, "returns": 0, "joined_by": "words", "score": 1, "attached": None,
                     "attention": "low"}, joined)
    check(desk.rows("SELECT * FROM tracker") == before, "nothing is written")
    done = subprocess.run([TOCSIN, "explain", "-p", PLAN, "--db", "none.db", FIRE], capture_output=True, text=True)
    check(done.returncode == 3 and "none.db" in done.stderr and not done.stdout, done.stderr)


def test_answers(desk):
    """A text about an incident is attached to it, changes no count, and makes each event once."""
    plan = accuse(desk)
    before = counted(desk)
    events = desk.take(SAID, plan=plan)
    check([(e["event"], e["detail"]) for e in events] == [("doubted", "account"), ("answered", "own"), ("refuted", "account")],
          [(e["event"], e["detail"]) for e in events])
    check((events[2]["answers"], events[2]["rebuttals"], events[2]["echoes"], events[2]["posts"]) == (2, 3, 1, 2), events[2])
    check(events[2]["first"]["id"] == "a" and events[2]["latest"]["id"] == "h", events[2])
    check(counted(desk) == before, "it is counted")
    check(desk.rows("SELECT id, attached FROM documents ORDER BY number")
          == [("a", 0), ("b", 0), ("c", 3), ("d", 2), ("e", 2), ("f", 1), ("g", 1), ("h", 2)], "attached")
    check(desk.rows("SELECT answers, rebuttals, echoes FROM incidents") == [(2, 3, 1)], "how many")
    check("attached to 1 as a rebuttal, by" in explained(desk, SAID[5]["text"], plan=plan), "explain says so")
    page = subprocess.run([TOCSIN, "report", "--db", desk.database, "--lang", "en", "--appendix"], capture_output=True, text=True).stdout
    check("2 answers, 3 rebuttals, 1 echoes" in page and "refuted account" in page, "the report says so")
    show = subprocess.run([TOCSIN, "desk", "--db", desk.database, "show", "1", "--json"], capture_output=True, text=True).stdout
    check([p["attached"] for p in json.loads(show)["posts"]][:3] == ["rebuttal", "answer", "answer"], show)


def test_attached_becomes_a_post(desk):
    """An attached document that is seen again gets the larger reach, and becomes a post as soon as it has a tier."""
    plan = accuse(desk)
    echo = {**SAID[0], "time": at(13, "21:00"), "reach": 10, "source": "weibo.com"}
    desk.take([echo], plan=plan)
    before = counted(desk)
    desk.take([{**echo, "reach": 500}], plan=plan)
    check(counted(desk) == before and desk.rows("SELECT reach, attached FROM documents WHERE id = 'c'") == [(500, 3)], "reach")
    desk.take([{**echo, "reach": 600, "text": echo["text"] + "，不过消防车迟到了"}], plan=plan)
    check(desk.rows("SELECT reach, attached, tier_id FROM documents WHERE id = 'c'") == [(600, 0, "low")], "a post")
    check(desk.rows("SELECT posts, reach, echoes FROM incidents") == [(3, 620, 0)], desk.rows("SELECT * FROM incidents"))
    check(desk.rows("SELECT sum(posts), sum(reach) FROM hours") == [(3, 620)], "by hour")
    check(desk.rows("SELECT count(*) FROM documents") == [(3,)], "it is there once")


def after_weeks(desk, *posts):
    """The posts of each incident, and how many returned, after two weeks of other stories, which weigh the words."""
    if not os.path.exists(desk.database):
        desk.take([{**one, "time": one["time"] - 40 * 86400} for one in generate.feed("development")])
        shutil.copy(desk.database, desk.database + ".weeks")
    shutil.copy(desk.database + ".weeks", desk.database)
    desk.take([post(name, at(13, time), text) for name, time, text in posts])
    new = {name for name, _, _ in posts}
    returns = desk.rows("SELECT count(*) FROM incidents JOIN documents ON incident = incidents.id AND documents.id IN (%s) "
                        "WHERE returns AND joined_by = 0" % ", ".join("'%s'" % name for name in new))[0][0]
    return [[i for i in ids if i in new] for ids in desk.incidents() if new & set(ids)], returns


def test_one_report_of_two_places(desk):
    """Two posts say the same of different places; each has its own."""
    for a, b in (("肥东县撮镇镇一厂房着火，消防车半小时才到，附近消防栓没水", "庐江县白湖镇一厂房着火，消防车半小时才到，附近消防栓没水"),
                 ("西安长安区韦曲一小区失火，消防车来晚了，群众不满", "石家庄长安区谈固一小区失火，消防车来晚了，群众不满"),
                 ("#合肥身边事# 颐和花园着火，消防车抛锚", "#合肥身边事# 西园新村失火，消防栓没水，烧光了三户"),
                 ("西安新城区一住户失火，消防车来晚了，群众不满", "呼和浩特新城区一住户失火，消防车来晚了，群众不满"),
                 ("求证 长江西路的超市着火，消防车迟到四十分钟", "求证 凤阳东路的超市着火，消防车迟到四十分钟")):
        for first, second in ((a, b), (b, a)):
            found = after_weeks(desk, ("p", "20:00", first), ("q", "20:20", second), ("r", "21:00", "转发微博 //@路人:" + first))
            check(found == ([["p", "r"], ["q"]], 0), (first, second, found))


def test_two_reports_of_two_places(desk):
    """Each is told twice and reposted; half of the names have no ending that is known."""
    for a, b in (("丽水家园5栋", "琥珀山庄3栋"), ("安医大一附院", "省立医院南区"), ("桃花工业园一厂房", "双凤工业园一厂房"),
                 ("中海岭湖墅", "保利西山林语"), ("店埠镇一家超市", "梁园镇一家超市"), ("城隍庙小吃街", "淮河路步行街")):
        for first, second in (("%s着火了，消防车四十分钟才到，消防栓没水，邻居自己拿盆泼", "%s昨晚失火，等消防车等了四十分钟，人都急疯了"),
                              ("刚刚%s起火，打了三遍119没人接，消防车半小时才来", "%s的火烧了一个多小时，119打不通，消防来得太慢")):
            posts = [("a1", "20:00", first % a), ("b1", "20:10", first % b), ("a2", "20:30", second % a), ("b2", "20:40", second % b),
                     ("a3", "20:50", "气死人了 //@路人甲:" + first % a), ("b3", "20:55", "转发微博 //@老街坊:" + first % b)]
            for order in (1, -1):
                found, returns = after_weeks(desk, *posts[::order])
                check(sorted(map(sorted, found)) == [["a1", "a2", "a3"], ["b1", "b2", "b3"]] and not returns, (posts, order, found))


def test_one_place_in_other_words(desk):
    """What tells places apart does not part the tellers of one matter."""
    for texts in (("合肥瑶海区明光花园着火，消防车半小时才到", "明光花园失火，消防车半小时才到，瑶海区这边没人管", "等消防车等了半小时，明光花园烧了三户"),
                  ("南京鼓楼区一居民楼起火，消防车四十分钟才到，邻居说打了五次119", "南京鼓楼那个居民楼，119打了五次才有人接，消防来得太晚"),
                  ("文一名门11号楼着火，消防车41分钟才到", "文一名门十一栋起火，等消防车等了四十一分钟", "文一名门11#火灾，四十一分钟消防车才拐进来")):
        found, returns = after_weeks(desk, *[("p%d" % i, "20:%02d" % (10 * i), text) for i, text in enumerate(texts)])
        check((len(found), returns) == (1, 0), (texts, found))


def test_a_town_alone_returns_nothing(desk):
    """A town of which there was a story two weeks before."""
    found = after_weeks(desk, ("p", "20:00", "消防车撞了电动车，骑车大妈倒地，长丰县水湖镇"))
    check(found == ([["p"]], 0), found)


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[3:], Desk))
