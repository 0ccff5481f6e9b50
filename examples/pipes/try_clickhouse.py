#!/usr/bin/env python3
"""Runs the functions of tocsin_function.xml in ClickHouse's own engine (pip install chdb-core) and compares what they give with what
the command line says. usage: try_clickhouse.py TOCSIN PLAN"""
import json
import os
import subprocess
import sys
import tempfile

import chdb

ROWS = 20000
TEXTS = ["着火四十分钟消防车才到", "消防员牺牲", "晴", "", "a\tb\n着火了没人管，\"消防\"呢\\", "🔥火灾致三人死亡"]
VENUES = ["hot_forum", "mainstream_site", "nowhere", "forum"]  # one is no venue: that row is rejected


def of_tool(tocsin, plan, posts, *options):
    done = subprocess.run([tocsin, "classify", "-q", "--all", "-p", plan, *options, "-"], check=False,
                          input="\n".join(json.dumps(dict(post, id=str(i))) for i, post in enumerate(posts)).encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return {int(v["id"]): v for v in map(json.loads, done.stdout.splitlines())}


def main():
    tocsin, plan = map(os.path.abspath, sys.argv[1:3])
    posts = [{"text": "%s %d" % (TEXTS[i % len(TEXTS)], i) if i % 7 else "", "venue": VENUES[i % len(VENUES)]} for i in range(ROWS)]
    wanted, lenient = of_tool(tocsin, plan, posts, "--strict"), of_tool(tocsin, plan, posts)
    with tempfile.TemporaryDirectory() as folder:
        here = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(here, "tocsin_function.xml"), encoding="utf-8") as file:
            text = file.read().replace("/usr/bin/tocsin", tocsin).replace("/usr/share/tocsin/fire-service", plan)
        with open(os.path.join(folder, "tocsin_function.xml"), "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(folder, "posts.ndjson"), "w", encoding="utf-8") as file:
            for i, post in enumerate(posts):
                file.write(json.dumps(dict(post, id=i)) + "\n")
        query = ("SELECT id, tocsin_tier(text, venue) AS tier, tocsin(toJSONString(map('id', toString(id), 'text', text, 'venue', venue))) AS verdict "
                 "FROM file('%s/posts.ndjson', JSONEachRow, 'id UInt64, text String, venue String') ORDER BY id" % folder)
        found = [json.loads(line) for line in str(chdb.query(query, "JSONEachRow", udf_path=folder)).splitlines()]
    assert [row["id"] for row in found] == list(range(ROWS)), len(found)
    graded = 0
    for row, post in zip(found, posts):
        said = wanted.get(row["id"])
        assert row["tier"] == (said["tier"] if said else ""), (row, post, said)
        assert json.loads(row["verdict"]) == lenient[row["id"]], row
        graded += row["tier"] not in ("", "none")
    rejected = sum(not row["tier"] for row in found)
    assert graded > 1000 and rejected == sum(post["venue"] == "nowhere" for post in posts), (graded, rejected)
    version = json.loads(str(chdb.query("SELECT version() AS v", "JSONEachRow")))["v"]
    print("ClickHouse %s: %d rows, %d graded, %d rejected, as the command line says" % (version, ROWS, graded, rejected))


main()
