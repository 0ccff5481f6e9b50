"""Checks that code which has taken over a program during grading can only write its results.
usage: run_confine.py TOCSIN INTRUDER.SO PLAN

Ends with 77 where the kernel has no Landlock."""
import ctypes
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

TOCSIN, SHIM, PLAN = (os.path.abspath(path) for path in sys.argv[1:4])
CREATE_RULESET, ASK_VERSION = 444, 1  # of linux/landlock.h; the number is the same on every architecture
DENIED = {"write": 1, "rename": 1, "make": 1, "make a folder": 1, "link": 1, "delete": 1, "start a program": 1, "truncate": 3,
          "connect": 4, "signal": 6}  # and the version of Landlock that has it
POSTS = '{"id":"1","text":"消防队推诿"}\n'


def landlock_version():
    return ctypes.CDLL(None, use_errno=True).syscall(CREATE_RULESET, None, 0, ASK_VERSION)


def intrude(words, folder, victim, port):
    """The program's report about each attempt."""
    environment = dict(os.environ, LC_ALL="C.UTF-8", LD_PRELOAD=SHIM, INTRUDER="%s:%d" % (victim, port))
    done = subprocess.run([TOCSIN, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600,
                          check=False)
    said = dict(re.findall(r"^intruder: (.*): (\w+)$", done.stderr.decode(), re.M))
    assert done.returncode == 0, (words, done.returncode, done.stderr.decode())
    assert set(said) == set(DENIED) | {"read"}, (words, said, done.stderr.decode())
    return said


def fresh(root, name):
    path = os.path.join(root, name)
    shutil.rmtree(path, ignore_errors=True)
    os.mkdir(path)
    return path


def run_case(root, port, words, made, confined, version):
    """Makes the attempts from a folder of the program, on another folder; afterwards the output must exist and be
    complete."""
    folder, victim = fresh(root, "own"), fresh(root, "other")
    shutil.copytree(PLAN, folder + "/plan")
    os.mkdir(folder + "/results")
    for path, text in ((folder + "/posts.ndjson", POSTS), (victim + "/kept", "kept\n")):
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    said = intrude(words, folder, victim, port)
    assert said["read"] == "done", said
    for what, since in DENIED.items():
        allowed = not confined or version < since
        assert (said[what] == "done") == allowed, "%s: %s: %s" % (" ".join(words), what, said[what])
        assert allowed or said[what] in ("EACCES", "EPERM"), "%s: %s: %s" % (" ".join(words), what, said[what])
    for path in made:
        assert os.path.getsize(os.path.join(folder, path)), "%s: %s is empty" % (words, path)
    if confined and version >= 3:
        assert os.listdir(victim) == ["kept"] and os.path.getsize(victim + "/kept") == 5, os.listdir(victim)


def main():
    version = landlock_version()
    if version < 1:
        print("SKIPPED: this kernel has no Landlock")
        return 77
    classify = ["classify", "-p", "plan", "--all", "-q", "posts.ndjson"]
    cases = [
        (["fold", "posts.ndjson"], [], 0),  # without confinement the attempts succeed
        (classify, [], 1),
        ([*classify, "-o", "results/out", "--rejects", "results/rejected", "--metrics", "results/metrics"],
         ["results/out", "results/metrics"], 1),
        ([*classify, "--reload", "-j", "2", "-o", "/dev/null"], [], 1),
        ([*classify, "-o", "out", "--rejects", "results/rejected"], ["out"], 1),
        (["watch", "-p", "plan", "--db", "results/db", "--once", "--metrics", "results/metrics", "posts.ndjson"],
         ["results/db", "results/metrics"], 1),
    ]
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as root:
        for words, made, confined in cases:
            run_case(root, server.getsockname()[1], words, made, confined, version)
    print("%d runs, %d things tried in each; Landlock %d" % (len(cases), len(DENIED) + 1, version))
    return 0


sys.exit(main())
