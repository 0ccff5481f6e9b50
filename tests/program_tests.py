"""Shared by the tests of the programs: posts, the program that the first argument names, reading a database, a check,
and a run of all test_ functions of a module."""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

PATIENCE = 120.0
FIRE = "庐阳区阳光花园起火，消防车半小时才到，水枪没水"
GIFT = "消防大队收红包、吃拿卡要，举报消防大队没人管"


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def write(path, text, mode="w"):
    with open(path, mode, encoding="utf-8") as out:
        out.write(text)
    return path


def post(number, text=FIRE, **more):
    return json.dumps({"id": str(number), "time": 1764000000 + number, "venue": "forum", "source": "bbs.example",
                       "text": text, **more}, ensure_ascii=False) + "\n"


def tocsin(*arguments, expect=0, **more):
    done = subprocess.run([os.path.abspath(sys.argv[1]), *arguments], capture_output=True, text=True, timeout=PATIENCE, **more)
    check(done.returncode == expect, "%s: exit %d: %s" % (arguments, done.returncode, done.stderr))
    return done


def rows(db, sql):
    reader = sqlite3.connect(db, timeout=60)
    try:
        return reader.execute(sql).fetchall()
    finally:
        reader.close()


def run_tests(module, names, world=lambda folder: folder):
    """
    Runs each test_NAME of `module` (its globals) that `names` has, or all when it is empty, on the world of a fresh folder;
    "-NAME" leaves one out. Returns the exit status: 0, or 1 when one failed or when there is none of a name.
    """
    tests = {name[5:]: test for name, test in module.items() if name.startswith("test_")}
    failed = sorted({name.lstrip("-") for name in names} - set(tests))
    left_out = {name[1:] for name in names if name.startswith("-")}
    names = [name for name in names if not name.startswith("-")]
    for name in failed:
        print("FAIL %s: there is no such test" % name)
    for name, test in tests.items():
        if name in left_out or (names and name not in names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            started = time.time()
            try:
                test(world(folder))
                print("ok   %s, %.1f s" % (name, time.time() - started), flush=True)
            except AssertionError as problem:
                failed.append(name)
                print("FAIL %s: %s" % (name, problem), flush=True)
    return 1 if failed else 0

