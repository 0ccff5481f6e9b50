#!/usr/bin/env python3
"""More matters than any desk has: N posts, each about another matter, then the report, the list and one incident
among so many.
Ends with 1 if the watcher's memory is not bounded, or if it joins many of the posts.
usage: many_matters.py TOCSIN PLAN [--count N] [--most-mb MB]"""
import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

TELLINGS = ("{p}小区昨晚起火，打119打不通，消防车{n}分钟才到，{q}家的阳台全烧没了",
            "举报{p}消防大队收红包，{q}老板送了{n}千才肯给验收",
            "{p}大厦着火，云梯够不着，消防员在楼下干瞪眼，{q}说等了{n}分钟",
            "{p}村失火，消防车熄火了，{q}喊人自救，烧掉{n}间房")
SPACING = 7  # seconds between posts


def names(r):
    letters = [chr(c) for c in range(0x4E00, 0x4E00 + 6000)]
    while True:
        yield "".join(r.sample(letters, 3))


def write_feed(path, count):
    r = random.Random(1)
    place, person = names(r), names(r)
    with open(path, "w", encoding="utf-8") as out:
        for i in range(count):
            text = r.choice(TELLINGS).format(p=next(place), q=next(person), n=r.randrange(15, 60))
            out.write(json.dumps({"id": "m%d" % i, "time": 1764000000 + i * SPACING, "venue": "forum", "text": text},
                                 ensure_ascii=False) + "\n")


def timed(*command):
    """Seconds, and the peak memory in MB."""
    begun = time.time()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("%s: exit %d" % (" ".join(command), process.returncode))
    return time.time() - begun, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tocsin")
    parser.add_argument("plan")
    parser.add_argument("--count", type=int, default=100000)
    parser.add_argument("--most-mb", type=float, default=400)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        feed, database = os.path.join(folder, "feed.ndjson"), os.path.join(folder, "i.db")
        write_feed(feed, arguments.count)
        seconds, watching = timed(arguments.tocsin, "watch", "-q", "-p", arguments.plan, "--db", database, "--once", feed)
        reader = sqlite3.connect(database)
        posts, = reader.execute("SELECT count(*) FROM documents").fetchone()
        incidents, = reader.execute("SELECT count(*) FROM incidents WHERE shown_in = id").fetchone()
        reader.close()
        print("%d posts, %d kept in %d incidents: %.1f s, %.0f MB, %.0f bytes of database an incident" % (
            arguments.count, posts, incidents, seconds, watching, os.path.getsize(database) / max(1, incidents)))
        for command in (("report", "--db", database), ("desk", "--db", database, "list"), ("report", "--db", database, "--sheets", "1")):
            seconds, memory = timed(arguments.tocsin, *command)
            print("%s: %.1f s, %.0f MB" % (" ".join(word for word in command if word != database and word != "--db"), seconds, memory))
    if posts < arguments.count * 0.7:
        print("the plan grades %d of %d posts" % (posts, arguments.count), file=sys.stderr)
        return 1
    if incidents < posts * 0.95 or watching > arguments.most_mb:
        print("matters were put together, or %.0f MB are more than %.0f" % (watching, arguments.most_mb), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
