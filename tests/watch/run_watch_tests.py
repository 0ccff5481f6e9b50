"""Tests tocsin watch on real files and databases: followed feeds, refusals, and the state after a kill at any moment.
usage: run_watch_tests.py TOCSIN PLAN [NAME…] [-NAME…]"""
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "incidents"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import generate
from program_tests import check, rows, run_tests, write

TOCSIN, PLAN = sys.argv[1], sys.argv[2]
KILLS = int(os.environ.get("TOCSIN_KILLS", "50"))
SMALL = """plan: x
version: "1"
topics: {fire: {terms: fire.txt}, place: {terms: place.txt, role: place}}
tiers: [{id: low, clauses: [{id: L1, when: fire}]}, {id: high, clauses: [{id: H1, when: fire & attention >= high}]}]
"""


def small_plan(folder):
    os.makedirs(os.path.join(folder, "plan"))
    write(os.path.join(folder, "plan", "plan.yaml"), SMALL)
    write(os.path.join(folder, "plan", "fire.txt"), "起火\n火灾\n")
    write(os.path.join(folder, "plan", "place.txt"), "合肥\n")
    return os.path.join(folder, "plan")


def line(number, text="合肥阳光花园起火", **more):
    return json.dumps({"id": str(number), "time": 1764000000 + number, "text": text, **more}, ensure_ascii=False) + "\n"


def watch(database, *arguments, plan=PLAN, expect=0, **more):
    done = subprocess.run([TOCSIN, "watch", "-p", plan, "--db", database, *arguments], capture_output=True, text=True,
                          timeout=2 * PATIENCE, **more)
    check(done.returncode == expect, "exit %d: %s" % (done.returncode, done.stderr))
    return done


def content(database):
    """All data that must be equal whatever happened on the way."""
    tables = {"incidents": "id", "documents": "number", "events": "number", "hours": "incident, hour",
              "venues": "incident, venue", "words": "incident, clause, topic, term", "places": "incident, topic, term",
              "routes": "incident, route", "graded": "hour, tier_id", "versions": "document, version"}
    return {t: rows(database, "SELECT * FROM %s ORDER BY %s" % (t, by)) for t, by in tables.items()}


PATIENCE = 300.0  # seconds in which nothing moves; a busy machine does not take that long for one step


def wait_for(database, sql, value):
    """Waits; fails if the result has not changed for a long time."""
    found, end = None, time.time() + PATIENCE
    while time.time() < end:
        before = found
        try:
            found = rows(database, sql)[0][0]
        except (sqlite3.OperationalError, IndexError):
            pass
        if found == value:
            return
        if found != before:
            end = time.time() + PATIENCE
        time.sleep(0.1)
    raise AssertionError("%s is %r, not %r" % (sql, found, value))


class Watcher:
    def __init__(self, database, *arguments, plan=PLAN):
        # Files: a pipe that nobody reads would make it wait.
        self.out, self.error = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen([TOCSIN, "watch", "-p", plan, "--db", database, *arguments],
                                        stdin=subprocess.PIPE, stdout=self.out, stderr=self.error)

    def stop(self, sent=signal.SIGTERM):
        self.process.send_signal(sent)
        self.process.wait(PATIENCE)
        return self.said(self.out), self.said(self.error)

    def wait_told(self, seconds):
        """Waits for the first event or for the time limit; nothing may have happened."""
        end = time.time() + seconds
        while not self.said(self.out) and time.time() < end:
            time.sleep(0.02)

    def wait_said(self, what):
        end = time.time() + PATIENCE
        while what not in self.said(self.error):
            check(time.time() < end and self.process.poll() is None, "not said: %s" % what)
            time.sleep(0.05)

    @staticmethod
    def said(file):
        """The text up to the last complete line: a killed program may have stopped in the middle of one."""
        file.seek(0)
        return file.read().rpartition(b"\n")[0].decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.out.close()
        self.error.close()


def test_events_and_tables(folder):
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    write(feed, line(1) + line(2, "转发：合肥阳光花园起火", reach=200000) + "{bad\n" + line(3, "天气好"))
    done = watch(db, "--once", "--keep-text", feed, plan=plan, expect=1)
    events = [json.loads(l) for l in done.stdout.splitlines()]
    check([e["event"] for e in events] == ["began", "tier", "clause", "attention"], done.stdout)
    check("feed.ndjson:3:" in done.stderr and "3 documents, 2 of them of incidents, 1 incidents new" in done.stderr,
          done.stderr)
    check(rows(db, "SELECT id, tier_id, clauses, posts, reach, attention FROM incidents")
          == [(1, "high", '["L1","H1"]', 2, 200000, 2)], rows(db, "SELECT * FROM incidents"))
    check(rows(db, "SELECT id, text FROM documents")[1] == ("2", "转发：合肥阳光花园起火"), "text is kept when asked")
    check(rows(db, "SELECT term, posts FROM places") == [("合肥", 2)], "places")
    check(rows(db, "SELECT tier_id, sum(documents) FROM graded GROUP BY 1 ORDER BY 1")
          == [("high", 1), ("low", 1), ("none", 1)], rows(db, "SELECT * FROM graded"))
    before = content(db)
    watch(db, "--once", "--keep-text", feed, plan=plan)
    check(content(db) == before, "reading the feed again counts nothing twice")
    watch(folder + "/j.db", "--once", feed, plan=plan, expect=1)
    check(rows(folder + "/j.db", "SELECT title, text FROM documents")[0] == (None, None), "text is not kept unasked")


def test_growing_rotated_and_cut(folder):
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    count = "SELECT sum(documents) FROM graded"
    with Watcher(db, feed, plan=plan) as w:
        w.wait_said("does not exist yet")
        write(feed, line(1) + line(2))
        wait_for(db, count, 2)
        write(feed, line(3)[:-1], "a")  # no end yet
        write(feed, "\n" + line(4), "a")
        wait_for(db, count, 4)
        os.rename(feed, feed + ".1")
        write(feed + ".1", line(5) + line(6)[:-1], "a")  # written to the old one, the last line is never ended
        write(feed, line(7))
        wait_for(db, count, 7)
        with open(feed, "w", encoding="utf-8"):
            pass  # cut to nothing
        w.wait_said("was cut to 0 bytes")
        write(feed, line(8), "a")
        wait_for(db, count, 8)
        out, error = w.stop()
        check(w.process.returncode == 0 and "does not exist yet" in error and "was cut to 0 bytes" in error, error)
    # Renamed while nobody watched: the rest of it is read first, then the one that has its name.
    write(feed, line(9), "a")
    os.rename(feed, feed + ".2")
    write(feed, line(10))
    watch(db, "--once", feed, plan=plan)
    check(rows(db, count)[0][0] == 10, rows(db, count))
    ids = sorted(int(i) for i, in rows(db, "SELECT id FROM documents"))
    check(ids == list(range(1, 11)), ids)
    # Deleted and replaced: read from its start, with a message.
    os.remove(feed)
    shutil.rmtree(folder + "/old", ignore_errors=True)
    os.mkdir(folder + "/old")
    for name in (".1", ".2"):
        os.rename(feed + name, folder + "/old/feed" + name)
    write(feed, "\n\n" + line(11))
    done = watch(db, "--once", feed, plan=plan, expect=1)
    check("another file than the one that was read" in done.stderr and rows(db, count)[0][0] == 11, done.stderr)


def ids(db):
    return [i for i, in rows(db, "SELECT id FROM documents ORDER BY number")]


COUNT = "SELECT sum(documents) FROM graded"


def test_rotated_while_down(folder):
    """Several rotations, by numbers and by dates, the last one compressed: all lines are read once and in order."""
    plan = small_plan(folder)
    series = {"numbers": ["%s.2", "%s.1"], "many": ["%s.10", "%s.9"], "dates": ["%s-20260102", "%s-20260103"],
              "inside": ["feed.2.ndjson", "feed.1.ndjson"]}
    for name, (older, younger) in series.items():
        place = folder + "/" + name
        os.mkdir(place)
        db, feed = place + "/i.db", place + "/feed.ndjson"
        older, younger = [place + "/" + (n % "feed.ndjson" if "%" in n else n) for n in (older, younger)]
        write(feed, line(1))
        watch(db, "--once", feed, plan=plan)
        write(feed, line(2), "a")
        os.rename(feed, older)
        write(feed, line(3))
        os.rename(feed, younger)
        write(feed, line(4))
        watch(db, "--once", feed, plan=plan)
        check(ids(db) == ["1", "2", "3", "4"], "%s: %s" % (name, ids(db)))
        write(feed, line(5), "a")
        watch(db, "--once", feed, plan=plan)
        check(ids(db) == ["1", "2", "3", "4", "5"], "%s: %s" % (name, ids(db)))
    place = folder + "/packed"
    os.mkdir(place)
    db, feed = place + "/i.db", place + "/feed.ndjson"
    write(feed, line(1))
    watch(db, "--once", feed, plan=plan)
    os.rename(feed, feed + ".2")
    write(feed, line(2) + line(3))
    subprocess.run(["gzip", feed], check=True)
    os.rename(feed + ".gz", feed + ".1.gz")
    write(feed, line(4))
    watch(db, "--once", feed, plan=plan)
    check(ids(db) == ["1", "2", "3", "4"], ids(db))


def test_written_anew(folder):
    """The same file gets other content and grows past the last read position: by `cat new > file` and by
    copytruncate."""
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    with Watcher(db, feed, plan=plan) as w:
        write(feed, line(1) + line(2))
        wait_for(db, COUNT, 2)
        write(feed, line(11) + line(12) + line(13))
        wait_for(db, COUNT, 5)
        shutil.copy(feed, feed + ".1")
        write(feed + ".1", line(14), "a")  # written before it was cut
        write(feed, line(21) + line(22) + line(23) + line(24))
        wait_for(db, COUNT, 10)
        _, error = w.stop()
        check("was written anew after" in error, error)
    check(ids(db) == ["1", "2", "11", "12", "13", "14", "21", "22", "23", "24"], ids(db))
    # Changed while nobody watches; only the middle differs.
    write(feed, line(21) + line(22) + line(23) + line(25) + line(26))
    done = watch(db, "--once", feed, plan=plan, expect=1)
    check("another file than the one that was read" in done.stderr and "3  seen again" in done.stderr, done.stderr)
    check(ids(db)[10:] == ["25", "26"], ids(db))


def test_folder_that_grows(folder):
    plan, db, spool = small_plan(folder), folder + "/i.db", folder + "/spool"
    os.mkdir(spool)
    write(spool + "/a.ndjson", line(1))
    with Watcher(db, spool, plan=plan) as w:
        wait_for(db, COUNT, 1)
        write(spool + "/a.ndjson", line(2) + line(3)[:9], "a")
        wait_for(db, COUNT, 2)
        write(spool + "/a.ndjson", line(3)[9:], "a")
        wait_for(db, COUNT, 3)
        write(spool + "/a.ndjson", line(4)[:-1], "a")  # no newline: taken after a while; the newline that comes later adds no document
        wait_for(db, COUNT, 4)
        write(spool + "/a.ndjson", "\n" + line(5), "a")
        wait_for(db, COUNT, 5)
        os.rename(spool + "/a.ndjson", spool + "/b.ndjson")
        write(spool + "/a.ndjson", line(6))
        write(spool + "/b.ndjson", line(7), "a")
        wait_for(db, COUNT, 7)
        w.stop()
    write(spool + "/b.ndjson", line(8), "a")
    os.rename(spool + "/b.ndjson", spool + "/c.ndjson")
    os.link(spool + "/a.ndjson", spool + "/d.ndjson")
    write(spool + "/d.ndjson", line(9), "a")
    done = watch(db, "--once", spool, plan=plan)
    check(ids(db)[:5] == list("12345") and sorted(ids(db)) == list("123456789"), ids(db))
    check("d.ndjson is the same file as a.ndjson" in done.stderr, done.stderr)
    # Replaced by a longer copy: only the new lines are read.
    with open(spool + "/c.ndjson", encoding="utf-8") as file:
        write(spool + "/.c", file.read() + line(10))
    os.replace(spool + "/.c", spool + "/c.ndjson")
    watch(db, "--once", spool, plan=plan)
    check(len(ids(db)) == 10 and ids(db)[-1] == "10", ids(db))
    write(spool + "/.c", "".join(line(i) for i in range(11, 20)))
    os.replace(spool + "/.c", spool + "/c.ndjson")
    done = watch(db, "--once", spool, plan=plan)
    check("is another file than the one that was read" in done.stderr and rows(db, COUNT)[0][0] == 19, done.stderr)
    watch(db, "--once", spool, plan=plan)
    check(rows(db, COUNT)[0][0] == 19, "nothing is read twice")
    # Symbolic links, whose names come before and after the file's own.
    lone = folder + "/lone"
    os.mkdir(lone)
    write(lone + "/m.txt", "合肥阳光花园起火\n")
    os.symlink("m.txt", lone + "/z.txt")
    os.symlink("m.txt", lone + "/a.txt")
    done = watch(folder + "/lone.db", "--once", lone, plan=plan)
    write(lone + "/m.txt", "合肥阳光花园又起火\n", "a")
    watch(folder + "/lone.db", "--once", lone, plan=plan)
    check(rows(folder + "/lone.db", COUNT) == [(2,)] and done.stderr.count("is the same file as a.txt") == 2, done.stderr)


def test_broken_files(folder):
    """Bad files are named, counted and skipped; later files are read; bad ones are tried again when they change."""
    plan, db, spool = small_plan(folder), folder + "/i.db", folder + "/spool"
    os.mkdir(spool)
    whole = subprocess.run(["zstd", "-q"], input=(line(1) + line(2)).encode(), capture_output=True, check=True).stdout
    for name, content in {"a.zst": whole[:-9], "b.xz": b"\xfd7zXZ\0 and so on", "c.db": b"SQLite format 3\0" * 9,
                          "d.ndjson": line(3).encode(), "e.xlsx": b"PK\3\4" * 9, "f.gz": b"\x1f\x8b\x08\0rubbish"}.items():
        with open(spool + "/" + name, "wb") as out:
            out.write(content)
    done = watch(db, "--once", spool, plan=plan, expect=3)
    for said in ("a.zst: the zstd data end", "b.xz: is compressed by xz", "c.db: is a SQLite database", "e.xlsx: is a zip",
                 "f.gz: the gzip data", "5  files could not be read"):
        check(said in done.stderr, "%s not in %s" % (said, done.stderr))
    check(ids(db) == ["3"], ids(db))
    with Watcher(db, spool, plan=plan) as w:
        w.wait_said("f.gz: the gzip data")
        with open(spool + "/a.zst", "wb") as out:
            out.write(whole)
        wait_for(db, COUNT, 3)
        write(spool + "/b.xz", line(4))
        wait_for(db, COUNT, 4)
        _, error = w.stop()
        check(error.count("e.xlsx: is a zip") == 1, error)
    # A file of many frames, read in part, then whole: no line is read twice.
    frames = b"".join(subprocess.run(["zstd", "-q"], input=line(i).encode(), capture_output=True, check=True).stdout
                      for i in (5, 6, 7))
    os.mkdir(folder + "/other")
    with open(folder + "/other/x.zst", "wb") as out:
        out.write(frames[:-9])
    watch(db, "--once", folder + "/other", plan=plan, expect=3)
    check(ids(db)[-2:] == ["5", "6"], ids(db))
    with open(folder + "/other/x.zst", "wb") as out:
        out.write(frames)
    watch(db, "--once", folder + "/other", plan=plan)
    check(ids(db)[-3:] == ["5", "6", "7"], ids(db))


def test_followed_files_of_other_kinds(folder):
    plan, db = small_plan(folder), folder + "/i.db"
    feed = folder + "/feed"
    with open(feed, "wb") as out:
        out.write(b"BZh91AY&SY and so on\n" * 9)
    done = watch(db, "--once", feed, plan=plan, expect=3)
    check("is compressed by bzip2" in done.stderr and not rows(db, COUNT)[0][0], done.stderr)
    subprocess.run("gzip -c > '%s'" % feed, shell=True, input=(line(1) + line(2)).encode(), check=True)
    watch(db, "--once", feed, plan=plan, expect=1)
    check(ids(db) == ["1", "2"], ids(db))
    write(feed, "")
    with Watcher(db, feed, plan=plan) as w:
        with open(feed, "wb") as out:
            out.write((line(3) + line(4)).encode("utf-16"))
        wait_for(db, COUNT, 4)
        w.stop()


def test_csv_that_grows(folder):
    """Rows with line ends in them, cut anywhere; the header is known after a restart; a quote that is never
    closed."""
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/posts.csv"
    names = ["--field", "text=内容", "--field", "id=编号", "--field", "time=时间"]
    whole = "编号,时间,内容\n" + "".join('%d,2026-01-02 03:04,"合肥\n第""%d""处起火,了"\n' % (n, n) for n in range(1, 6))
    for end in (3, 40, 60, 200):
        with open(feed, "wb") as out:
            out.write(whole.encode()[:end])
        watch(db, "--once", feed, *names, plan=plan)
    with open(feed, "wb") as out:
        out.write(whole.encode())
    with Watcher(db, feed, *names, plan=plan) as w:
        wait_for(db, COUNT, 5)
        write(feed, '6,2026-01-02,"起火\n', "a")
        time.sleep(0.3)
        write(feed, '在合肥"\r\n7,,起火\r\n8,,"火灾\n9,,"合肥火灾"\n', "a")
        wait_for(db, COUNT, 8)
        w.stop()
    check(ids(db) == ["1", "2", "3", "4", "5", "6", "7", "9"], ids(db))
    done = watch(db, "--once", feed, *names, plan=plan)
    check("0 documents" in done.stderr, done.stderr)


def test_gb18030(folder):
    """Growing files in GB18030: the reading of a line does not depend on the time of writing or on a restart."""
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    said = "is not UTF-8 and is read as GB18030"

    def add(path, text, encoding="gb18030"):
        with open(path, "ab") as out:
            out.write(text.encode(encoding))

    add(feed, line(1, "ok"))
    with Watcher(db, feed, plan=plan) as w:
        wait_for(db, COUNT, 1)
        add(feed, line(2, "ok") + line(3))
        wait_for(db, COUNT, 3)
        add(feed, line(4) + line(5, "火灾"))
        wait_for(db, COUNT, 5)
        w.wait_said("feed.ndjson: " + said)
        _, told = w.stop()
        check(told.count(said) == 1, told)
    add(feed, line(6, "火灾"))
    done = watch(db, "--once", feed, plan=plan)
    check(ids(db) == ["3", "4", "5", "6"] and done.stderr.count(said) == 1, done.stderr)
    os.remove(feed)
    add(feed, "".join(line(n) for n in range(10, 20)), "utf-8")
    done = watch(db, "--once", feed, plan=plan, expect=1)
    check(rows(db, COUNT) == [(16,)] and said not in done.stderr, "a new file is looked at anew: " + done.stderr)
    posts = folder + "/posts"
    os.makedirs(posts)
    add(posts + "/a.csv", "编号,时间,内容\n21,1764000021,合肥起火\n")
    add(posts + "/b.csv", "编号,时间,内容\n22,1764000022,合肥起火\n", "utf-8")
    add(posts + "/c.json", "[" + line(23).strip() + "]")
    fields = [x for field in ("id=编号|id", "time=时间|time", "text=内容|text") for x in ("--field", field)]
    done = watch(db, "--once", *fields, posts, plan=plan)
    add(posts + "/a.csv", "24,1764000024,合肥火灾\n25,1764000025,火灾")
    done = watch(db, "--once", *fields, posts, plan=plan)
    check(rows(db, COUNT) == [(21,)] and done.stderr.count("a.csv: " + said) == 1, done.stderr)
    check(said not in done.stderr.replace("a.csv: " + said, ""), done.stderr)


def test_arrays_and_folders_of_all_kinds(folder):
    """An array is read when it is complete, and from its start when it was rewritten; other formats beside it."""
    plan, db, spool = small_plan(folder), folder + "/i.db", folder + "/spool"
    os.mkdir(spool)
    write(spool + "/a.json", "[" + line(1) + "," + line(2))
    write(spool + "/b.csv", "id,text\n3,起火\n")
    write(spool + "/c.tsv", "id\ttext\n4\t起火\n")
    write(spool + "/d.html", "<!DOCTYPE html>起火")
    done = watch(db, "--once", spool, plan=plan, expect=3)
    check("has no end" in done.stderr and "page of HTML" in done.stderr, done.stderr)
    write(spool + "/a.json", "[" + line(1) + "," + line(2) + "]")
    write(spool + "/b.csv", "5,火灾\n", "a")
    os.remove(spool + "/d.html")
    watch(db, "--once", spool, plan=plan)
    check(sorted(ids(db)) == ["1", "2", "3", "4", "5"], ids(db))
    write(spool + "/a.json", "[" + ",".join(line(n) for n in (1, 2, 6)) + "]")
    watch(db, "--once", spool, plan=plan)
    check(sorted(set(ids(db))) == ["1", "2", "3", "4", "5", "6"], ids(db))
    done = watch(folder + "/j.db", "--once", "--records", "items", "-", plan=plan,
                 input='{"items": [%s, %s]}' % (line(7), line(8)))
    check(ids(folder + "/j.db") == ["7", "8"], done.stderr)


def test_output_of_crawlers(folder):
    """Ids, times, reach and hosts of the invented samples, read from files and from a folder."""
    plan = small_plan(folder)
    files = os.path.join(os.path.dirname(__file__), "..", "cli", "data", "crawlers")
    write(plan + "/fire.txt", "消防\n平安\n")
    seen = []
    for name in sorted(os.listdir(files)):
        shape = "rss" if name[:3] in ("rss", "jso") else name.split(".")[0] if name[:2] == "we" else "mediacrawler"
        db = os.path.join(folder, name + ".db")  # some have the same posts
        watch(db, "--once", "--keep-text", "--shape", shape, "--time-zone", "+08:00", os.path.join(files, name),
              plan=plan)
        seen += rows(db, "SELECT id, time, reach, source FROM documents")
    check(len(seen) == 18, seen)
    check({time for _, time, _, _ in seen} == {1795163400000, 1795188600000}, seen)
    check([row[2] for row in seen if row[0] in ("777", "888", "9001", "999")] == [12800] * 4, seen)
    check({row[3] for row in seen if row[0] in ("5101", "5102", "X5101")} <=
          {"weibo.com", "https://m.weibo.cn/detail/5101"}, seen)


def test_names(folder):
    """Dated names by a pattern; ids by line number; one file under two names; the format that was recognised first
    stays."""
    plan, db, spool = small_plan(folder), folder + "/i.db", folder + "/spool"
    os.mkdir(spool)
    write(spool + "/contents_1.jsonl", line(1))
    write(spool + "/contents_2.jsonl", line(2))
    write(spool + "/comments_1.jsonl", line(3))
    write(spool + "/notes.txt", "合肥起火\n合肥大火灾\n")
    watch(db, "--once", "--pattern", "contents_*.jsonl", spool, plan=plan)
    check(ids(db) == ["1", "2"], ids(db))
    watch(db, "--once", "--pattern", "contents_*.jsonl", "--pattern", "*.txt", spool, plan=plan)
    name = spool + "/notes.txt"
    check(ids(db) == ["1", "2", name + ":1", name + ":2"], ids(db))
    done = watch(db, "--once", "--pattern", "*.txt", name, plan=plan, expect=3)
    check("no FEED is one" in done.stderr, done.stderr)
    watch(db, "--once", "--pattern", "a/b", spool, plan=plan, expect=2)
    feed = folder + "/live"
    write(feed, line(5))
    os.link(feed, folder + "/hard")
    os.symlink("live", folder + "/soft")
    same = [feed, os.path.join(folder, ".", "live"), folder + "/hard", folder + "/soft"]
    before = rows(db, COUNT)[0][0]
    done = watch(db, "--once", *same, plan=plan)
    check(rows(db, COUNT)[0][0] == before + 1 and done.stderr.count("it is read once") == 3, done.stderr)
    done = watch(db, "--once", "live", plan=plan, cwd=folder)
    watch(db, "--once", "./spool/../live", plan=plan, cwd=folder)
    check(rows(db, COUNT)[0][0] == before + 1, "one file however it is named")
    watch(db, "--once", name, spool, plan=plan)
    check(rows(db, COUNT)[0][0] == before + 2, "a file and its folder: comments_1.jsonl alone is new")
    write(feed, "{bad\n" + line(6), "a")
    watch(db, "--once", feed, plan=plan, expect=1)
    write(feed, "{worse\n" + "not JSON\n", "a")
    done = watch(db, "--once", feed, plan=plan, expect=1)
    check("live:4: not" in done.stderr and "live:5: not" in done.stderr and ids(db)[-1] == "6", done.stderr)
    # Lines of files that have one name after another.
    text = folder + "/text"
    write(text, "合肥起火甲乙丙丁\n")
    watch(db, "--once", text, plan=plan)
    os.rename(text, text + ".1")
    write(text, "合肥起火戊己庚辛\n")
    watch(db, "--once", text, plan=plan)
    check(ids(db)[-2:] == [text + ":1", text + "#2:1"], ids(db))
    for _ in range(2):
        watch(db, "--once", plan=plan, input="合肥起火壬癸\n")
    check(ids(db)[-2:] == ["-:1", "-#2:1"], ids(db))


def test_rejects(folder):
    plan, db, feed, rejects = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson", folder + "/bad.ndjson"
    write(feed, line(1) + "{bad\n")
    watch(db, "--once", "--rejects", rejects, feed, plan=plan, expect=1)
    write(feed, "[]\n", "a")
    watch(db, "--once", "--rejects", rejects, feed, plan=plan, expect=1)
    watch(db, "--once", "--rejects", rejects, feed, plan=plan)
    with open(rejects, encoding="utf-8") as file:
        lines = [json.loads(l) for l in file]
    check([(l["file"], l["line"], l["raw"]) for l in lines] == [(feed, 2, "{bad"), (feed, 3, "[]")], lines)
    check(all(l["reason"] for l in lines), lines)
    done = watch(db, "--once", "--rejects", "-", feed, plan=plan, expect=2)
    check("rejects go to a file" in done.stderr, done.stderr)


def test_nothing_to_read(folder):
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    write(feed, line(1, "") + line(2, ""))
    done = watch(db, "--once", feed, plan=plan, expect=1)
    check("no document has a text: --field text=NAME" in done.stderr, done.stderr)
    write(feed, line(3, "天气"), "a")
    watch(db, "--once", feed, plan=plan)


def test_further_documents(folder):
    """Comments are posts of their own; their ids stay, whenever reading stops and however the file grows."""
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    further = ["--further", "comments[].content"]

    def record(number, *comments, **more):
        return json.dumps({"time": 1764000000 + number, "text": "天气", "comments": list(comments), **more}) + "\n"

    write(feed, record(1, {"content": "合肥阳光花园起火"}, 5, {"content": "天气"}, {"id": "own", "content": "合肥阳光花园起火了"}))
    done = watch(db, "--once", *further, feed, plan=plan, expect=1)
    check("feed.ndjson:1: element 2 of comments: not a JSON object" in done.stderr, done.stderr)
    check(ids(db) == [feed + ":1#1", "own"] and rows(db, COUNT)[0][0] == 4, ids(db))
    write(feed, record(2, {"content": "合肥阳光花园起火！"}, id="b", url="https://x.example/b")
          + json.dumps({"id": "c", "comments": ["合肥阳光花园起火？"]}) + "\n", "a")
    done = watch(db, "--once", *further, feed, plan=plan, expect=1)
    check("feed.ndjson:3: neither a field text nor a field title" in done.stderr, done.stderr)
    check(ids(db) == [feed + ":1#1", "own", "b#1", "c#1"], ids(db))
    check(rows(db, "SELECT url FROM documents WHERE id = 'b#1'") == [("https://x.example/b",)], "that of its record")
    before = content(db)
    watch(db, "--once", *further, feed, plan=plan)
    check(content(db) == before, "nothing is read twice")
    # Killed at any moment, with several feeds, which are left in the middle of a part.
    feeds = [folder + "/%d.ndjson" % i for i in range(2)]
    for i, name in enumerate(feeds):
        write(name, "".join(record(10 * n + i, *["合肥阳光花园起火 %d %d" % (n, m) for m in range(5)])
                            for n in range(400)))
    watch(folder + "/whole.db", "--once", "-q", *further, *feeds, plan=plan)
    killed = folder + "/killed.db"
    for _ in range(4):
        with Watcher(killed, "-q", "--once", *further, *feeds, plan=plan) as w:
            time.sleep(random.uniform(0, 0.3))
            w.stop(signal.SIGKILL)
    watch(killed, "--once", "-q", *further, *feeds, plan=plan)
    check(rows(killed, COUNT) == [(4800,)] and sorted(ids(killed)) == sorted(ids(folder + "/whole.db")),
          "%s, %d" % (rows(killed, COUNT), len(ids(killed))))
    done = watch(db, *further, "--kafka", "x:1", "topic", plan=plan, expect=2)
    check("--further is for files, not for topics" in done.stderr, done.stderr)


def test_standard_input_and_spool(folder):
    plan, db, spool = small_plan(folder), folder + "/i.db", folder + "/spool"
    count = "SELECT sum(documents) FROM graded"
    with Watcher(db, "-", plan=plan) as w:
        w.process.stdin.write((line(1) + line(2)).encode())
        w.process.stdin.flush()
        wait_for(db, count, 2)
        w.process.stdin.write(line(3)[:-1].encode())
        w.process.stdin.close()
        w.process.stdin = None
        w.process.wait(PATIENCE)
        check(w.process.returncode == 0, "the end of standard input ends it")
    check(rows(db, count)[0][0] == 3, rows(db, count))
    os.mkdir(spool)
    write(spool + "/a.ndjson", line(4) + line(5)[:-1])
    write(spool + "/b.ndjson.tmp", "half")
    with Watcher(db, spool, plan=plan) as w:
        wait_for(db, count, 5)
        write(spool + "/.c", line(6))
        os.rename(spool + "/.c", spool + "/c.ndjson")
        wait_for(db, count, 6)
        subprocess.run(["zstd", "-q", "-o", spool + "/d.zst"], input=line(7).encode(), check=True)
        wait_for(db, count, 7)
        w.stop()
    watch(db, "--once", spool, plan=plan)
    check(rows(db, count)[0][0] == 7, "files of a folder are read once")


def test_reload(folder):
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    write(feed, line(1, "锅炉爆炸"))
    with Watcher(db, feed, plan=plan) as w:
        wait_for(db, "SELECT sum(documents) FROM graded", 1)
        write(plan + "/fire.txt", "起火\n火灾\n爆炸\n")
        w.process.send_signal(signal.SIGHUP)
        w.wait_said("the plan is now")
        write(feed, line(2, "锅炉爆炸"), "a")
        wait_for(db, "SELECT count(*) FROM documents", 1)
        w.stop()


def test_image(folder):
    """A plan that is an image."""
    plan, db, feed, image = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson", folder + "/plan.tocsin"
    write(feed, line(1) + line(2, "今天天气真好"))
    subprocess.run([TOCSIN, "compile", "-q", "-p", plan, "-o", image], check=True)
    watch(db, "--once", feed, plan=image)
    check(rows(db, "SELECT sum(documents) FROM graded") == [(2,)], "both were graded")
    check(rows(db, "SELECT count(*) FROM documents") == [(1,)], "one is of an incident")


def test_two_watchers(folder):
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    write(feed, line(1))
    with Watcher(db, feed, plan=plan) as w:
        wait_for(db, "SELECT count(*) FROM documents", 1)
        done = watch(db, "--once", feed, plan=plan, expect=3)
        check("another watcher writes to it" in done.stderr, done.stderr)
        w.stop()
    watch(db, "--once", feed, plan=plan)


def test_refused_databases(folder):
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    write(feed, "".join(line(i, "合肥%d号院起火" % i) for i in range(300)))
    watch(db, "-q", "--once", feed, plan=plan)
    with open(db, "rb") as file:
        whole = file.read()
    write(folder + "/text.db", "this is no database, whatever its name says\n" * 40)
    sqlite3.connect(folder + "/other.db").execute("CREATE TABLE t (x)").connection.close()
    newer = sqlite3.connect(folder + "/newer.db")
    newer.executescript("PRAGMA application_id = %d; PRAGMA user_version = 99; CREATE TABLE t (x);" % 0x74637369)
    newer.close()
    with open(folder + "/damaged.db", "wb") as file:
        file.write(whole[:5000] + b"\xff" * 3000 + whole[8000:])
    with open(folder + "/cut.db", "wb") as file:
        file.write(whole[: len(whole) // 2])
    reasons = {"text": "not a database", "other": "of another program", "newer": "newer tocsin", "damaged": "damaged",
               "cut": "damaged"}
    for name, reason in reasons.items():
        path = "%s/%s.db" % (folder, name)
        with open(path, "rb") as file:
            before = file.read()
        done = watch(path, "--once", feed, plan=plan, expect=3)
        check(reason in done.stderr, "%s: %s" % (name, done.stderr))
        with open(path, "rb") as file:
            check(file.read() == before, name + " was written to")


# The columns that versions 2 and 3 added to version 1.
LATER = ["CREATE TABLE sheets (incident INTEGER PRIMARY KEY REFERENCES incidents, verified TEXT NOT NULL DEFAULT '',"
         " answer TEXT NOT NULL DEFAULT '', approved TEXT NOT NULL DEFAULT '');"
         "INSERT INTO sheets VALUES (2, '出警 8 分钟', '', '王')",
         "CREATE TABLE messages (cluster TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,"
         " next INTEGER NOT NULL, taken TEXT NOT NULL, PRIMARY KEY (cluster, topic, partition)) WITHOUT ROWID;"
         "INSERT INTO messages VALUES ('c', 't', 0, 7, '8-9')"]


def test_older_databases_are_migrated(folder):
    plan, feed = small_plan(folder), folder + "/feed.ndjson"
    write(feed, line(1))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "databases", "version-1.sql"),
              encoding="utf-8") as file:
        first = file.read()
    for version in (1, 2, 3):
        db = "%s/%d.db" % (folder, version)
        old = sqlite3.connect(db)
        old.executescript(first + ";".join(LATER[:version - 1]) + ";PRAGMA user_version = %d" % version)
        before = old.execute("SELECT number, incident, time, kind, detail FROM timeline ORDER BY number").fetchall()
        spans = [sorted({(e["field"], e["start"], e["end"], e["text"]) for e in json.loads(v)["evidence"]})
                 for v, in old.execute("SELECT verdict FROM documents ORDER BY number")]
        old.close()
        refused = subprocess.run([TOCSIN, "report", "--db", db], capture_output=True, text=True)
        check(refused.returncode == 3 and "tocsin watch brings them up to date" in refused.stderr, refused.stderr)
        watch(db, "--once", feed, plan=plan)
        check(rows(db, "PRAGMA user_version")[0][0] == 5, "the version")
        check([i for i, in rows(db, "SELECT id FROM incidents ORDER BY id")] == [1, 2, 3], "old incidents stay, ids go on")
        check(all(n.endswith("-%d" % i) for i, n in rows(db, "SELECT id, number FROM incidents")), "their numbers")
        check(rows(db, "SELECT number, incident, time, kind, detail FROM events ORDER BY number")[:len(before)] == before,
              "the timeline is the events")
        marks = [sorted(map(tuple, json.loads(m))) for m, in rows(db, "SELECT marks FROM documents ORDER BY number")]
        check(marks[:len(spans)] == spans and any(spans), "the marked words are those of the verdicts")
        check(rows(db, "SELECT count(*) FROM documents WHERE clauses = '[]'") == [(0,)], "clauses")
        check(rows(db, "SELECT incident, field, detail FROM actions ORDER BY number")
              == ([(2, "verified", "出警 8 分钟"), (2, "approved", "王")] if version > 1 else []), "what was filled in")
        check(rows(db, "SELECT next, taken FROM messages") == ([(7, "8-9")] if version > 2 else []), "messages")
        sheet = subprocess.run([TOCSIN, "report", "--db", db, "--sheets", "2"], capture_output=True, text=True)
        check(("出警 8 分钟" in sheet.stdout) == (version > 1), "the sheet has it")


def test_disk_full(folder):
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    write(feed, "".join(line(i, "合肥%d号院起火" % i) for i in range(20000)))

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (600000, 600000))

    done = subprocess.run([TOCSIN, "watch", "-q", "-p", plan, "--db", db, "--once", feed], capture_output=True,
                          text=True, preexec_fn=limit)
    check(done.returncode == 3 and "cannot be written" in done.stderr, "%d %s" % (done.returncode, done.stderr))
    check(rows(db, "PRAGMA integrity_check") == [("ok",)], "the database stays whole")
    watch(db, "-q", "--once", feed, plan=plan)
    watch(folder + "/j.db", "-q", "--once", feed, plan=plan)
    check(content(db) == content(folder + "/j.db"), "it goes on as if the disk had not been full")


def test_killed(folder):
    """The watcher is killed at random moments (50 by default) while a feed grows and is rotated; the database equals
    that of a run without kills."""
    r = random.Random(5)
    posts = [dict(d, id="%s-%d" % (d["id"], i)) for i in range(3) for d in generate.feed("development", 3, 3)]
    again = [(i + r.randrange(1, 500), dict(d, reach=2 * d["reach"] + 5, text=d["text"] + "（已更正）" * (i % 20 == 0)))
             for i, d in enumerate(posts) if i % 10 == 0]
    arriving = sorted(list(enumerate(posts)) + again, key=lambda pair: pair[0])
    documents = [json.dumps(d, ensure_ascii=False) + "\n" for _, d in arriving]
    feed, db, parts = folder + "/feed.ndjson", folder + "/i.db", KILLS + 10
    write(folder + "/empty.ndjson", "\n")
    begun = time.time()
    watch(folder + "/k.db", "-q", "--once", folder + "/empty.ndjson")
    start = time.time() - begun  # time from the start of a watcher until it reads
    per = len(documents) // parts + 1
    kills = 0
    acknowledged = 0
    for part in range(parts):
        write(feed, "".join(documents[part * per:(part + 1) * per]), "a")
        if part == parts // 2:
            check(rows(db, "SELECT count(*) FROM feeds") == [(1,)], "nothing was kept before the file is renamed")
            os.rename(feed, feed + ".1")
            write(feed, "")
        if kills < KILLS:
            with Watcher(db, feed) as w:
                if kills % 2:  # while it starts, or after its first event
                    time.sleep(r.uniform(start / 2, start + 0.2))
                else:
                    w.wait_told(10)
                    time.sleep(r.uniform(0, 0.5))
                out, _ = w.stop(signal.SIGKILL)
                kills += 1
            acknowledged = max([acknowledged] + [json.loads(l)["incident"] for l in out.splitlines()])
            if os.path.exists(db) and acknowledged:
                last = rows(db, "SELECT max(id) FROM incidents")[0][0]
                check(last is not None and last >= acknowledged, "incident %d was told and is lost" % acknowledged)
    watch(db, "-q", "--once", feed)
    write(folder + "/whole.ndjson", "".join(documents))
    watch(folder + "/j.db", "-q", "--once", folder + "/whole.ndjson")
    a, b = content(db), content(folder + "/j.db")
    for table in a:
        check(a[table] == b[table], "%s: %d rows and %d" % (table, len(a[table]), len(b[table])))
    graded = rows(db, "SELECT sum(documents) FROM graded")[0][0]
    check(len(posts) <= graded < len(documents), "%d of %d" % (graded, len(documents)))
    check(rows(db, "SELECT count(*) - count(DISTINCT id) FROM documents") == [(0,)], "posts that were seen again were counted again")
    check(len(a["versions"]) > 20, "%d versions" % len(a["versions"]))
    check(acknowledged > 20, "hardly anything was acknowledged before a kill: %d" % acknowledged)
    print("  %d kills, %d documents counted, each once; %d incidents, %d posts of them, equal to a run without kills"
          % (kills, graded, len(a["incidents"]), len(a["documents"])))


def dealt(folder, posts, names, written):
    """Feeds of the same period, with posts in turns of random length, and a single feed of all posts in order of
    time."""
    r = random.Random(7)
    feeds = {name: [] for name in names}
    for post in posts:
        feeds[r.choice(names)].append(post)
    for name, some in feeds.items():
        write("%s/%s" % (folder, name), "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in some))
        os.utime("%s/%s" % (folder, name), (written, written))
    merged = [(d["time"], i, d) for i, name in enumerate(names) for d in feeds[name]]
    return [d for _, _, d in sorted(merged, key=lambda one: one[:2])]


def in_the_middle(db):
    """The number of feeds that were read in part, up to a line in the order of time."""
    try:
        return rows(db, "SELECT count(*) FROM feeds WHERE head LIKE '%=%'")[0][0]
    except sqlite3.OperationalError:
        return 0  # there is no database yet


def left_in_the_middle(db, feeds):
    """Reads from the beginning; kills the watcher while a feed is half read, and checks that it is still half read
    afterwards."""
    for _ in range(20):
        for end in ("", "-wal", "-shm"):
            if os.path.exists(db + end):
                os.remove(db + end)
        with Watcher(db, "--once", *feeds) as w:
            while not in_the_middle(db) and w.process.poll() is None:
                time.sleep(0.005)
            w.stop(signal.SIGKILL)
        if in_the_middle(db):
            break
    return in_the_middle(db)


def test_merged_by_time(folder):
    """Several feeds with kills at random moments give the same result as one feed in order of time."""
    r = random.Random(11)
    posts = [dict(d, id="%s-%d" % (d["id"], i)) for i in range(6) for d in generate.feed("development", 4)]
    names, db = ["a.ndjson", "b.csv.ndjson", "c.ndjson"], folder + "/i.db"
    written = max(d["time"] for d in posts)
    merged = dealt(folder, sorted(posts, key=lambda d: d["time"]), names, written)
    feeds = ["%s/%s" % (folder, name) for name in names]
    hit = parts = 0
    for _ in range(max(4, KILLS // 4)):
        with Watcher(db, "--once", *feeds) as w:
            while not w.said(w.out) and w.process.poll() is None:
                time.sleep(0.02)
            time.sleep(r.uniform(0, 0.4))
            hit += w.process.poll() is None
            w.stop(signal.SIGKILL)
        parts += in_the_middle(db)
    whole = KILLS >= 50  # with fewer, under sanitizers, buffers hold one line, so no feed has a middle
    if not parts and whole:  # no random moment hit one: kill as soon as one is seen
        parts = left_in_the_middle(db, feeds)
    watch(db, "-q", "--once", *feeds)
    write(folder + "/whole.ndjson", "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in merged))
    os.utime(folder + "/whole.ndjson", (written, written))
    watch(folder + "/j.db", "-q", "--once", folder + "/whole.ndjson")
    a, b = content(db), content(folder + "/j.db")
    for table in a:
        check(a[table] == b[table], "%s: %d rows and %d" % (table, len(a[table]), len(b[table])))
    check(rows(db, "SELECT sum(documents) FROM graded") == [(len(posts),)], "each once")
    check(rows(db, "SELECT count(*) FROM feeds WHERE head LIKE '%=%'") == [(0,)], "all of it was read")
    check(parts or not whole, "no feed was ever left in the middle")
    print("  %d kills in the middle, %d feeds left in the middle of a part" % (hit, parts))


def test_waits_for_an_earlier_one(folder):
    """A new post is held for a while, as another feed may bring an earlier one."""
    plan, db, a, b = small_plan(folder), folder + "/i.db", folder + "/a.ndjson", folder + "/b.ndjson"
    write(a, line(1))
    write(b, line(2, "合肥和平小区起火"))
    with Watcher(db, "--order-wait", "3600", a, b, plan=plan) as w:
        wait_for(db, "SELECT count(*) FROM documents", 2)
        write(a, line(20), "a")
        time.sleep(1)  # a machine that is slower has not seen it yet, which does no harm
        check(rows(db, "SELECT count(*) FROM documents") == [(2,)], "it is held")
        write(b, line(10, "合肥和平小区起火") + line(30, "合肥和平小区起火"), "a")
        wait_for(db, "SELECT count(*) FROM documents", 4)
        check(rows(db, "SELECT id FROM documents ORDER BY number") == [("1",), ("2",), ("10",), ("20",)], "by time")
        w.stop()
    watch(db, "-q", "--once", a, b, plan=plan)
    check(rows(db, "SELECT id FROM documents ORDER BY number")[4:] == [("30",)], "nothing is lost")
    with Watcher(db, "--order-wait", "0", a, b, plan=plan):
        write(a, line(50), "a")
        wait_for(db, "SELECT count(*) FROM documents", 6)


def test_odd_times_and_bounds(folder):
    plan, db, feed = small_plan(folder), folder + "/i.db", folder + "/feed.ndjson"
    count = 20000 if KILLS >= 50 else 2000  # under sanitizers a chunk is some bytes, and each is looked through
    with open(feed, "w", encoding="utf-8") as out:
        for i in range(count):
            when = {5: 1, 6: 4294967295, 7: 4294967295}.get(i, 1764000000 + i)
            text = "合肥起火" if i % 2 else "%s%s起火%d" % (chr(0x4E00 + i % 20000), chr(0x4E00 + i * 7 % 20000), i)
            out.write(json.dumps({"id": str(i), "time": when, "text": text}) + "\n")
    watch(db, "-q", "--once", "--max-incidents", "500", feed, plan=plan)
    check(rows(db, "SELECT sum(documents) FROM graded")[0][0] == count, "all are graded")
    most = rows(db, "SELECT max(posts), count(*) FROM incidents")[0]
    check(most[0] == count // 2 and most[1] > count // 4, most)
    check(rows(db, "SELECT min(first_time) > 1.7e12, max(last_time) < 1.8e12 FROM incidents") == [(1, 1)],
          "times of 1970 and 2106 are not believed")


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[3:]))
