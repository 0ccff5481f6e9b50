"""Posts that once came to wrong incidents or wrong times, by the shipped plan.
usage: run_cases.py TOCSIN PLAN [NAME…]"""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

TOCSIN, PLAN = sys.argv[1], sys.argv[2]
FIRE = "新站物流园大火，消防栓没水，消防车半小时才到，眼睁睁看着烧光"


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def post(number, time, text, **more):
    return {"id": str(number), "time": time, "venue": "account", "text": text, **more}


def at(day, clock):
    """Of October 2026."""
    return "2026-10-%02dT%s:00+08:00" % (day, clock)


def quiet_hours(day, clock, count):
    """Posts of nothing that bring the feed forward, five hours each."""
    hour = int(clock[:2])
    return [post("z%d" % i, at(day + (hour + 5 * i) // 24, "%02d:00" % ((hour + 5 * i) % 24)), "今天天气真好")
            for i in range(1, count + 1)]


class Desk:
    """A database and what is read into it."""

    def __init__(self, folder):
        self.folder, self.database, self.runs = folder, os.path.join(folder, "i.db"), 0

    def take(self, documents, *options, environment=None, plan=PLAN):
        self.runs += 1
        path = os.path.join(self.folder, "%d.ndjson" % self.runs)
        with open(path, "w", encoding="utf-8") as out:
            for document in documents:
                out.write(json.dumps(document, ensure_ascii=False) + "\n")
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
        """Ids of posts by incident, in the order of the incidents."""
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
    """5: one text with five different links; five chains that quote it."""
    text = "顺达仓库着火，消防栓没水，消防车半小时才到"
    desk.take([post("l%d" % i, at(13, "22:%02d" % i), "%s http://t.cn/A6%s" % (text, c * 5)) for i, c in enumerate("abcde")])
    check(len(desk.incidents()) == 1, desk.incidents())
    other = "经开那边着火等了四十八分钟，消防车才到，救火没水"
    names = ["庐州老街坊", "小明", "爱吃面的阿花", "HeFei_cat", "路过的人"]
    desk.take([post("c%d" % i, at(13, "23:%02d" % i), "转发微博" + "".join("//@%s:" % n for n in names[:i]) + "//@原博:" + other)
               for i in range(5)])
    check([len(i) for i in desk.incidents()] == [5, 5], desk.incidents())


def main():
    tests = {n[5:]: f for n, f in globals().items() if n.startswith("test_")}
    failed = 0
    for name, test in tests.items():
        if sys.argv[3:] and name not in sys.argv[3:]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(Desk(folder))
                print("ok   " + name)
            except AssertionError as problem:
                failed += 1
                print("FAIL %s: %s" % (name, problem))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
