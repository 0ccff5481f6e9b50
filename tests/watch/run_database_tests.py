"""Tests the incident database beside other programs: locks, names, readers without write permission, foreign columns,
lost files.
usage: run_database_tests.py TOCSIN PLAN [NAME…]"""
import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from program_tests import FIRE, GIFT, PATIENCE, check, post, rows, run_tests, tocsin, write

TOCSIN, PLAN = map(os.path.abspath, sys.argv[1:3])
NOBODY = 65534


def watch(db, *arguments, expect=0, **more):
    return tocsin("watch", "-p", PLAN, "--db", db, *arguments, expect=expect, **more)


class Watcher:
    def __init__(self, db, *arguments, **more):
        self.error = tempfile.TemporaryFile()
        more.setdefault("stdout", subprocess.DEVNULL)
        self.process = subprocess.Popen([TOCSIN, "watch", "-p", PLAN, "--db", db, *arguments], stderr=self.error, **more)

    def said(self):
        self.error.seek(0)
        return self.error.read().decode()

    def wait_said(self, what):
        end = time.time() + PATIENCE
        while what not in self.said():
            check(time.time() < end and self.process.poll() is None, "not said: %s, but: %s" % (what, self.said()))
            time.sleep(0.02)

    def ends_with(self, status):
        check(self.process.wait(PATIENCE) == status, "exit %s: %s" % (self.process.returncode, self.said()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.error.close()


def wait_for(db, sql, value):
    end = time.time() + PATIENCE
    while True:
        try:
            found = rows(db, sql)[0][0]
        except (sqlite3.OperationalError, IndexError):
            found = None
        if found == value:
            return
        check(time.time() < end, "%s is %r" % (sql, found))
        time.sleep(0.05)


def test_one_watcher_by_any_name(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    watch(db, "--once", feed)
    os.link(db, folder + "/hard.db")
    os.symlink(db, folder + "/soft.db")
    with Watcher(db, feed) as w:
        wait_for(db, "SELECT count(*) FROM documents", 1)
        time.sleep(0.3)
        for name in ("i.db", "hard.db", "soft.db"):
            done = watch(folder + "/" + name, "--once", feed, expect=3)
            check("another watcher writes to it" in done.stderr, done.stderr)
        w.process.send_signal(signal.SIGKILL)
        w.process.wait()
    watch(folder + "/soft.db", "--once", feed)
    check(rows(db, "SELECT sum(documents) FROM graded") == [(1,)], "nothing was counted twice")


def test_names_of_no_file(folder):
    write(folder + "/feed.ndjson", post(1))
    for name in ("", ":memory:", "file:x?mode=memory", "file:%s/x.db" % folder):
        for verb in (["watch", "-p", PLAN, "--once", folder + "/feed.ndjson"], ["report"]):
            done = tocsin(*verb, "--db", name, expect=3, cwd=folder)
            check("not the name of one" in done.stderr, done.stderr)
    for name, reason in (("/dev/null", "not a regular file"), (folder, "Is a directory")):
        done = watch(name, "--once", folder + "/feed.ndjson", expect=3)
        check(reason in done.stderr, done.stderr)
    check(sorted(os.listdir(folder)) == ["feed.ndjson"], os.listdir(folder))


def test_lost_while_watched(folder):
    feed = folder + "/feed.ndjson"
    write(feed, post(1))
    for case in ("deleted", "replaced", "deleted before a post"):
        db = "%s/%s.db" % (folder, case)
        with Watcher(db, feed) as w:
            wait_for(db, "SELECT count(*) FROM documents", 1)
            os.remove(db)
            if case == "replaced":
                write(db, "")
            if "post" in case:
                write(feed, post(2), "a")
            w.ends_with(3)
            check("it was deleted, or another file has its name" in w.said(), w.said())


def test_waits_for_a_transaction(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    with Watcher(db, feed) as w:
        wait_for(db, "SELECT count(*) FROM documents", 1)
        holder = sqlite3.connect(db, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        write(feed, post(2), "a")
        w.wait_said("another program holds the database; waiting")
        time.sleep(5)  # longer than any patience of SQLite's own
        check(w.process.poll() is None, w.said())
        holder.execute("ROLLBACK")
        wait_for(db, "SELECT count(*) FROM documents", 2)
        holder.execute("BEGIN IMMEDIATE")
        write(feed, post(3), "a")
        time.sleep(1.5)
        w.process.send_signal(signal.SIGTERM)
        w.ends_with(3)
        holder.close()
    watch(db, "--once", feed)
    check(rows(db, "SELECT count(*) FROM documents") == [(3,)], "what was not committed is read again")


def test_makes_room_for_others(folder):
    """A watcher that always has work still lets others write."""
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    watch(db, "--once", feed)
    going = True

    def feed_it():
        with open(feed, "a", encoding="utf-8") as out:
            number = 2
            while going:
                out.write("".join(post(number + i, "第%d号院起火，消防车没水" % (number + i)) for i in range(200)))
                out.flush()
                number += 200
                time.sleep(0.005)

    with Watcher(db, "-q", feed) as w:
        feeder = threading.Thread(target=feed_it)
        feeder.start()
        try:
            time.sleep(1)
            took = []
            for _ in range(5):
                began = time.time()
                tocsin("desk", "--db", db, "note", "1", "seen", "--by", "王")
                took.append(time.time() - began)
            check(w.process.poll() is None and max(took) < 10, took)
        finally:
            going = False
            feeder.join()
    print("  five writes beside a busy watcher took up to %.2f s" % max(took))


def test_commits_within_what_was_read_at_once(folder):
    """A program that waits to write gets in before a whole batch is graded; after a kill -9 nothing is lost or
    counted twice."""
    db, feed, count = folder + "/i.db", folder + "/feed.txt", 6000
    write(feed, FIRE + "\n")
    watch(db, "--once", "--format", "text", feed)
    with sqlite3.connect(db) as other:
        other.execute("CREATE TABLE commits (documents INTEGER)")
        other.execute("CREATE TRIGGER log AFTER UPDATE ON tracker BEGIN INSERT INTO commits SELECT count(*) FROM documents; END")
    write(feed, "".join("第%d号院起火，消防车没水\n" % n for n in range(1, count)), "a")
    check(os.stat(feed).st_size < 1 << 18, "it is read at once")
    with open(db + ".lock", "rb") as waiting:
        fcntl.lockf(waiting, fcntl.LOCK_SH, 1, 0)  # like a program that waits and never begins
        with Watcher(db, "-q", "--format", "text", feed) as w:
            wait_for(db, "SELECT count(*) > 0 FROM commits", 1)
            w.process.send_signal(signal.SIGKILL)
            w.process.wait()
    first = rows(db, "SELECT documents FROM commits")[0][0]
    check(1 < first < count, "%d of %d documents are in the first commit" % (first, count))
    watch(db, "--once", "--format", "text", feed)
    check(rows(db, "SELECT count(*), count(DISTINCT id) FROM documents") == [(count, count)]
          and rows(db, "SELECT sum(documents) FROM graded") == [(count,)], "each is counted once")


def test_column_of_others(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    watch(db, "--once", feed)
    with sqlite3.connect(db) as other:
        for table, in other.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
            other.execute("ALTER TABLE %s ADD COLUMN remark TEXT DEFAULT 'x'" % table)
    write(feed, post(2) + post(3, GIFT), "a")
    watch(db, "--once", feed)
    check(rows(db, "SELECT count(*) FROM documents") == [(3,)], "it goes on")
    tocsin("report", "--db", db, "-o", folder + "/r.html")


def test_actions_stay(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    watch(db, "--once", feed)
    other = sqlite3.connect(db)
    with other:
        other.execute("INSERT INTO actions (incident, kind, who, time) VALUES (1, 'note', '王', 1)")
    for sql in ("DELETE FROM actions", "UPDATE actions SET who = '李'"):
        try:
            other.execute(sql)
            raise AssertionError(sql + " is let pass")
        except sqlite3.IntegrityError as refused:
            check("actions are only added" in str(refused), refused)
    other.close()


def test_readers_who_may_not_write(folder):
    if os.getuid():
        print("  SKIPPED: only root can be another user")
        return
    os.chmod(folder, 0o755)
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    watch(db, "--once", feed)
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    before = sorted(os.listdir(folder))
    check("阳光花园" in tocsin("report", "--db", db, **as_nobody).stdout, "the watcher is off")
    check(sorted(os.listdir(folder)) == before, "a reader leaves nothing")
    with Watcher(db, feed) as w:
        write(feed, post(2, GIFT), "a")
        wait_for(db, "SELECT count(*) FROM documents", 2)
        check("收红包" in tocsin("report", "--db", db, **as_nobody).stdout, "the watcher is on")
        w.process.kill()
        w.process.wait()
    check("收红包" in tocsin("report", "--db", db, **as_nobody).stdout, "the watcher was killed")
    os.mkdir(folder + "/copy")
    shutil.copy(db, folder + "/copy/100%? #1.db")
    shutil.copy(db + "-wal", folder + "/copy/log.db-wal")
    shutil.copy(db, folder + "/copy/log.db")
    os.chmod(folder + "/copy", 0o555)
    tocsin("report", "--db", folder + "/copy/100%? #1.db", **as_nobody)
    done = tocsin("report", "--db", folder + "/copy/log.db", expect=3, **as_nobody)
    check("its log (-wal)" in done.stderr, done.stderr)


def test_reader_of_events_dies(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    with Watcher(db, feed, stdout=subprocess.PIPE) as w:
        first = json.loads(w.process.stdout.readline())
        w.process.stdout.close()
        write(feed, post(2, GIFT), "a")
        w.ends_with(3)
        check("the events cannot be written; they are kept, and tocsin events --after %d has them" % first["number"]
              in w.said(), w.said())
    check(rows(db, "SELECT count(*) FROM events WHERE kind = 'began'") == [(2,)], "both are kept")


def test_reader_of_events_dies_while_nothing_comes(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    with Watcher(db, feed, stdout=subprocess.PIPE) as w:
        w.process.stdout.readline()
        w.process.stdout.close()
        w.ends_with(3)
        check("the events cannot be written; they are kept" in w.said(), w.said())


def test_copy_that_would_replace(folder):
    """A copy never takes the place of the database, by whatever name; a link stays one."""
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1))
    watch(db, "--once", feed)
    os.symlink("i.db", folder + "/soft.db")
    os.link(db, folder + "/hard.db")
    inode = os.stat(db).st_ino
    for name in ("i.db", "soft.db", "hard.db", "../%s/i.db" % os.path.basename(folder)):
        check("it is the database itself" in tocsin("backup", "--db", db, "-o", os.path.join(folder, name), expect=3).stderr, name)
    check(os.stat(db).st_ino == inode and not [n for n in os.listdir(folder) if "partial" in n], os.listdir(folder))
    os.symlink("copy.db", folder + "/link.db")
    for _ in range(2):
        tocsin("backup", "--db", db, "-o", folder + "/link.db")
        check(os.path.islink(folder + "/link.db") and rows(folder + "/copy.db", "SELECT count(*) FROM documents") == [(1,)], "the link stays")


def test_full_disk(folder):
    """Reading works, and writing fails with that reason."""
    disk = folder + "/disk"
    os.mkdir(disk)
    if os.getuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], stderr=subprocess.DEVNULL).returncode:
        print("  SKIPPED: no disk of its own can be mounted")
        return
    try:
        db = disk + "/i.db"
        write(folder + "/feed.ndjson", post(1))
        watch(db, "--once", folder + "/feed.ndjson")
        with open(disk + "/rest", "wb", buffering=0) as rest:
            try:
                while rest.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        check("阳光花园" in tocsin("desk", "--db", db, "list").stdout and "阳光花园" in tocsin("report", "--db", db).stdout, "it is read")
        for verb in (["desk", "--db", db, "ack", "1", "--by", "王"], ["prune", "--db", db, "--older-than", "1h"], ["backup", "--db", db, "-o", disk + "/c.db"]):
            check("the disk is full" in tocsin(*verb, expect=3).stderr, verb)
        os.remove(disk + "/rest")
        tocsin("desk", "--db", db, "ack", "1", "--by", "王")
        check(rows(db, "SELECT kind FROM actions") == [("acknowledge",)], "it goes on")
    finally:
        subprocess.run(["umount", disk], check=True)


def test_pruned_and_copied(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    day = 86400
    quiet = "".join(post(d * day, "天气很好") for d in range(1, 40))
    write(feed, post(1) + quiet + post(40 * day, GIFT))
    watch(db, "--once", "--keep-text", feed)
    tocsin("desk", "--db", db, "note", "1", "已核实", "--by", "王")
    for wrong in ("90", "d", "0d", "90w", "-1d", "99999999999h"):
        check("days or hours" in tocsin("prune", "--db", db, "--older-than", wrong, expect=2).stderr, wrong)
    with Watcher(db, feed) as w:
        check("0 incidents are removed" in tocsin("prune", "--db", db, "--older-than", "41d").stderr, "none is so old")
        check("1 incidents are removed" in tocsin("prune", "--db", db, "--older-than", "30d").stderr, "one is")
        tocsin("backup", "--db", db, "-o", folder + "/copy.db")
        w.process.send_signal(signal.SIGTERM)
        w.ends_with(0)
    for path in (db, folder + "/copy.db"):
        check(rows(path, "SELECT id FROM incidents") == [(2,)], "the other one stays")
        for table in ("documents", "events", "hours", "venues", "words", "outbox"):
            check(rows(path, "SELECT DISTINCT incident FROM " + table) == [(2,)], table)
        check(rows(path, "SELECT who, detail FROM actions") == [("王", "已核实")], "decisions stay")
        check(rows(path, "PRAGMA integrity_check") == [("ok",)], "whole")
    write(feed, post(40 * day + 60, "转发：" + GIFT), "a")
    watch(folder + "/copy.db", "--once", feed)
    check(rows(folder + "/copy.db", "SELECT posts FROM incidents") == [(2,)], "the copy can be gone on with")
    check("not a regular file" in tocsin("backup", "--db", db, "-o", "/dev/full", expect=3).stderr, "a device stays one")
    tocsin("backup", "--db", db, "-o", folder + "/none/copy.db", expect=3)
    check(not [n for n in os.listdir(folder) if "partial" in n], os.listdir(folder))


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[3:]))
