"""Many workers grade and one watcher makes incidents: workers write verdicts with their documents, the watcher reads
them."""
import os
import random
import signal
import sqlite3
import subprocess
import time

from kafka_world import check, drained, feed, wait_until

TABLES = {"incidents": "id", "documents": "number", "events": "number", "hours": "incident, hour",
          "venues": "incident, venue", "words": "incident, clause, topic, term", "places": "incident, topic, term",
          "routes": "incident, route", "graded": "hour, tier_id"}


def content(database):
    with sqlite3.connect("file:%s?mode=ro" % database, uri=True, timeout=30) as db:
        return {t: db.execute("SELECT * FROM %s ORDER BY %s" % (t, by)).fetchall() for t, by in TABLES.items()}


def same_content(found, expected):
    for table, rows in expected.items():
        check(len(found[table]) == len(rows), "%s: %d rows, not %d" % (table, len(found[table]), len(rows)))
        for a, b in zip(found[table], rows):
            check(a == b, "%s: %s, not %s" % (table, a, b))


def start_watch(world, database, topic, *more):
    with open(database + ".log", "ab") as log:
        return subprocess.Popen([world.tocsin, "watch", "-q", "-p", world.plan, "--db", database, "--kafka",
                                 world.brokers, *more, topic], stdout=log, stderr=log)


def end(process, expect=0):
    process.send_signal(signal.SIGTERM)
    check(process.wait(60) == expect, "the watcher ended with %d" % process.returncode)


def fresh(world, name):
    path = os.path.join(world.home, name)
    for end_of in ("", "-wal", "-shm", ".log", ".lock"):
        if os.path.exists(path + end_of):
            os.remove(path + end_of)
    return path


def single_process(world, name, lines):
    """The incidents of one watcher over one file."""
    path, database = os.path.join(world.home, name + ".ndjson"), fresh(world, name + ".db")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    subprocess.run([world.tocsin, "watch", "-q", "-p", world.plan, "--db", database, "--once", path], check=True)
    return content(database)


def graded(database):
    try:
        with sqlite3.connect("file:%s?mode=ro" % database, uri=True, timeout=30) as db:
            return db.execute("SELECT coalesce(sum(documents), 0) FROM graded").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def test_watch(world):
    """Three workers and one watcher, which is killed now and then, make the incidents of a single process, row by
    row."""
    lines = feed(31, min(world.documents, 30000))
    source, verdicts = world.topics("posts:6", "verdicts:3")
    expected = single_process(world, "single", lines)
    database = fresh(world, "watch.db")
    workers = [world.worker("watched", source, verdicts, "--all", "--with-document", "-j", "1") for _ in range(3)]
    wait_until(lambda: sum(w.health().get("partitions", 0) for w in workers) == 6, "six partitions")
    producer = world.produce_slowly(source, lines, 8)
    watcher = start_watch(world, database, verdicts, "--order-wait", "3")
    r = random.Random(31)
    for _ in range(8):
        time.sleep(r.uniform(0.4, 1.4))
        watcher.kill()
        watcher.wait()
        watcher = start_watch(world, database, verdicts, "--order-wait", "3")
    producer.wait(60)
    wait_until(lambda: drained(workers), "all graded")
    wait_until(lambda: graded(database) == len(lines), "all %d watched" % len(lines))
    end(watcher)
    same_content(content(database), expected)
    later = fresh(world, "later.db")
    check(start_watch(world, later, verdicts, "--once").wait(120) == 0, "the watcher failed")
    same_content(content(later), expected)
    check(start_watch(world, later, verdicts, "--once").wait(120) == 0, "the watcher failed")
    same_content(content(later), expected)
    for worker in workers:
        worker.stop()
    return "3 workers, 8 kills of the watcher, %d documents, %d incidents: each row as of one process" % (
        len(lines), len(expected["incidents"]))


def posts(database):
    """The posts of each incident, and how they were graded."""
    with sqlite3.connect("file:%s?mode=ro" % database, uri=True) as db:
        return dict(db.execute("SELECT id, tier_id FROM documents"))


def test_watch_topics(world):
    """watch may also read documents; from verdicts that all have a tier it keeps the same graded posts."""
    lines = feed(32, 20000)
    source, verdicts = world.topics("posts:6", "verdicts:1")
    world.produce(source, lines)
    expected = single_process(world, "whole", lines)
    whole = {i: t for i, t in posts(os.path.join(world.home, "whole.db")).items() if t != "none"}
    world.worker("tiers", source, verdicts, "--with-document", "--once").wait()
    database = fresh(world, "tiers.db")
    check(start_watch(world, database, verdicts, "--once").wait(120) == 0, "the watcher failed")
    # A post whose tier comes from the tracker's attention alone has no verdict with a tier, so it is not in that topic.
    found, graded = posts(database), world.classify(lines)
    missing = {i for i in whole if i not in found}
    check(all(graded[i]["tier"] == "none" for i in missing), "a post with a tier is missing")
    check(found and all(whole.get(i) == tier for i, tier in found.items()), "other posts are of incidents")
    database = fresh(world, "documents.db")
    check(start_watch(world, database, source, "--once").wait(120) == 0, "the watcher failed")
    same_content(content(database), expected)
    world.kcat("-P", "-t", source, "-k", "bad", input=b"{nothing\n")
    check(start_watch(world, database, source, "--once").wait(60) == 1, "a rejected message is no reason")
    with open(database + ".log", encoding="utf-8") as text:
        check("not JSON" in text.read(), "the reason is not told")
    check(start_watch(world, database, "nowhere", "--once").wait(60) == 3, "a topic that is not there")
    return "%d documents: the same rows from the documents; %d posts with a tier from their verdicts" % (
        len(lines), len(whole))
