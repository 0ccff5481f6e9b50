"""Sends millions of documents through a running program while its plan changes: memory and open files must not grow.
usage: soak.py TOCSIN PLAN [--documents N] [--seconds N]
       [--command watch|classify]"""
import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

BLOCK = 2000


def blocks(documents, reposts):
    """Lines of posts, in blocks; each post is a second later than the one before, so that incidents end and are
    evicted."""
    rng = random.Random(5)
    words = ["消防队", "迟到", "推诿", "起火", "天气真好", "合肥", "瑶海区", "小区", "物业", "水枪没水", "救援", "谢谢"]
    texts = ["".join(rng.choice(words) for _ in range(rng.randrange(3, 14))) for _ in range(5000)]
    for first in range(0, documents, BLOCK):
        yield "".join(json.dumps({"id": str(n), "time": 1700000000 + n, "text": texts[n % 50 if n % reposts else n * 31 % 5000],
                                  "venue": "forum"}, ensure_ascii=False) + "\n" for n in range(first, min(first + BLOCK, documents))).encode()


def measure(pid):
    with open("/proc/%d/status" % pid, encoding="utf-8") as status:
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    return resident / 1024, len(os.listdir("/proc/%d/fd" % pid))


def another_version(plan, number):
    """Another plan with the same rules."""
    with open(plan + "/plan.yaml", encoding="utf-8") as file:
        text = re.sub("^version: .*", 'version: "%d"' % number, file.read(), flags=re.M)
    with open(plan + "/plan.next", "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(plan + "/plan.next", plan + "/plan.yaml")


def print_samples(samples):
    for documents, resident, files in samples[:: max(len(samples) // 8, 1)]:
        print("%9d documents  %7.1f MB  %3d files" % (documents, resident, files))


def judge(samples):
    """After the warm-up, memory (MB) and open files must not grow."""
    early = max(s[1] for s in samples[len(samples) // 5: len(samples) // 2])
    late = max(s[1] for s in samples[len(samples) // 2:])
    files = {s[2] for s in samples[len(samples) // 5:]}
    print("memory %.1f MB, then %.1f; files %s" % (early, late, sorted(files)))
    assert late < early * 1.15 + 5, "memory grows"
    assert max(files) - min(files) <= 2, "files are left open"


def feed(process, documents, samples, until):
    """Waits for that many documents, or until the given time. Samples the process each second; the last sample covers
    all documents."""
    given, looked = 0, 0
    try:
        for block in blocks(documents, 3):
            if time.time() > until:
                break
            process.stdin.write(block)
            given += block.count(b"\n")
            if time.time() > looked + 1:
                looked = time.time()
                samples.append((given, *measure(process.pid)))
        samples.append((given, *measure(process.pid)))
    finally:
        process.stdin.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tocsin")
    parser.add_argument("plan")
    parser.add_argument("--documents", type=int, default=10000000)
    parser.add_argument("--seconds", type=float, default=1e9, help="give it no more after so long")
    parser.add_argument("--command", default="watch")
    options = parser.parse_args()
    samples, reloads, began = [], 0, time.time()
    with tempfile.TemporaryDirectory() as folder:
        plan = folder + "/plan"
        shutil.copytree(options.plan, plan)
        words = ["watch", "-p", plan, "--db", folder + "/db", "-q", "-"] if options.command == "watch" else \
            ["classify", "-p", plan, "--reload", "-q", "--format", "ndjson", "-"]
        process = subprocess.Popen([os.path.abspath(options.tocsin), *words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        errors = []
        reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))
        reader.start()
        feeder = threading.Thread(target=feed, args=(process, options.documents, samples, began + options.seconds))
        feeder.start()
        while feeder.is_alive():
            time.sleep(3)
            if process.poll() is None:
                another_version(plan, reloads + 2)
                process.send_signal(signal.SIGHUP)
                reloads += 1
        status = process.wait(600)
        reader.join()
    print_samples(samples)
    said = errors[0].decode("utf-8", "replace")
    assert status == 0, said[-2000:]
    print("%d documents in %.0f s, plan read again %d times" % (samples[-1][0], time.time() - began, reloads))
    judge(samples)
    taken = said.count("the plan is now ")
    print("%d other plans were taken" % taken)
    assert reloads and taken >= reloads // 2, "the plan was not exchanged: %s" % said[-500:]
    return 0


if __name__ == "__main__":
    sys.exit(main())
