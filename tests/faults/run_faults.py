"""Runs each tool with failing input and output: each call of a kind fails in turn, with every error that it can have.
usage: run_faults.py TOCSIN FAULT_IO.SO PLAN

A run must either succeed (an interrupted or short call is repeated) or end with a failure status and a message. It
must never end by a signal or silently, and never leave half an output under its name."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOCSIN, SHIM, PLAN = (os.path.abspath(path) for path in sys.argv[1:4])
FAULTS = [("read", "EIO"), ("read", "EINTR"), ("read", "short"), ("write", "EIO"), ("write", "ENOSPC"), ("write", "EINTR"),
          ("write", "short"), ("open", "EMFILE"), ("open", "EACCES"), ("fsync", "EIO"), ("rename", "EIO")]
HARMLESS = ("EINTR", "short")
# The output files, and their required state after the run; a database is compared by its rows.
COMMANDS = {
    "classify": (["classify", "-p", "plan", "--all", "-j", "1", "-o", "out", "--rejects", "rejected", "posts.ndjson"], ["out"]),
    "classify, zstd": (["classify", "-p", "image.tocsin", "--all", "-q", "posts.zst"], []),
    "compile": (["compile", "-p", "plan", "-o", "out"], ["out"]),
    "extract": (["compile", "--extract", "folder", "image.tocsin"], []),
    "explain": (["explain", "-p", "plan", "消防队推诿"], []),
    "lint": (["lint", "plan", "--sample", "posts.ndjson"], []),
    "diff": (["diff", "plan", "image.tocsin", "posts.ndjson"], []),
    "import": (["import", "words.txt", "-o", "out"], ["out"]),
    "fold": (["fold", "words.txt"], []),
    "watch": (["watch", "-p", "plan", "--db", "db", "--once", "-q", "posts.ndjson"], []),
    "report": (["report", "--db", "kept.db", "-o", "out"], ["out"]),
    "init": (["init", "new-plan"], []),
}


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def prepare(folder):
    shutil.copytree(PLAN, folder + "/plan")
    posts = [{"id": str(n), "time": 1764000000 + n, "text": text} for n, text in enumerate(
        ["消防队迟到，群众不满", "今天天气真好", "消防车推诿" * 40, "x" * 5000])]
    write(folder + "/posts.ndjson", "".join(json.dumps(p, ensure_ascii=False) + "\n" for p in posts) + "not json\n")
    write(folder + "/words.txt", "消防队\n火災\n")
    subprocess.run(["zstd", "-q", folder + "/posts.ndjson", "-o", folder + "/posts.zst"], check=True)
    for words in (["compile", "-q", "-p", "plan", "-o", "image.tocsin"], ["watch", "-p", "plan", "--db", "kept.db", "--once", "-q", "posts.ndjson"]):
        subprocess.run([TOCSIN, *words], cwd=folder, check=False, capture_output=True)


def run(words, folder, fault=None):
    """Returns status, standard output, standard error, and whether the fault happened."""
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    hit = folder + "/.hit"
    if fault:
        environment.update(LD_PRELOAD=SHIM, FAULT=fault, FAULT_HIT=hit)
    done = subprocess.run([TOCSIN, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600,
                          check=False)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"), bool(fault) and os.path.getsize(hit) > 0


def steady(text):
    """Removes times and rates."""
    return re.sub(rb"[0-9.]+ (?:s|MB/s|documents/s)|\d{4}-\d\d-\d\d[T ][0-9:.]+Z?", b"", text)


def judge(name, fault, told, normal, folder, outputs):
    status, out, err, _ = told
    what = fault.split(":")[1]
    if status < 0:
        return "ended by signal %d" % -status
    if status == normal[0] and steady(out) == steady(normal[1]):
        wrong = [path for path in outputs if steady(open(folder + "/" + path, "rb").read()) != steady(normal[4][path])]
        return "another output, and nothing said" if wrong else None
    if what in HARMLESS:
        return "not tried again: exit %d, %s" % (status, err[:200])
    said = err.strip() or (name == "lint" and b"error: " in out)
    if status not in (2, 3) or not said:
        return "exit %d without a reason: %s" % (status, err[:200])
    for path in outputs:
        if os.path.exists(folder + "/" + path) and steady(open(folder + "/" + path, "rb").read()) != steady(normal[4][path]):
            return "half an output under its name"
    return None


def steps():
    yield from range(1, 9)
    number = 11
    while number < 2000:
        yield number
        number = number * 4 // 3


def sweep(name, template):
    words, outputs = COMMANDS[name]
    runs, failures = 0, []
    with tempfile.TemporaryDirectory() as scratch:
        def fresh():
            folder = scratch + "/run"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(template, folder)
            return folder
        folder = fresh()
        status, out, err, _ = run(words, folder)
        normal = (status, out, err, 0, {path: open(folder + "/" + path, "rb").read() for path in outputs})
        assert status in (0, 1), "%s: exit %d: %s" % (name, status, err)
        for call, what in FAULTS:
            for number in [0] if what == "short" else steps():
                fault, folder = "%s:%s:%d" % (call, what, number), fresh()
                told = run(words, folder, fault)
                if not told[3]:
                    break
                runs += 1
                problem = judge(name, fault, told, normal, folder, outputs)
                if problem:
                    failures.append("%s, %s: %s" % (name, fault, problem))
    return runs, failures


def main():
    total, failures = 0, []
    with tempfile.TemporaryDirectory() as template:
        prepare(template)
        for name in COMMANDS:
            runs, wrong = sweep(name, template)
            total += runs
            failures += wrong
            print("%-15s %4d faults, %d wrong" % (name, runs, len(wrong)))
    print("\n".join(failures[:40]))
    print("%d faults" % total)
    return 1 if failures or total < 200 else 0


sys.exit(main())
