"""A worker without failures: verdicts, scale, a permanent name, files, stopping."""
import json
import os
import subprocess
import time

import kafka_world
from kafka_world import alone, check, cpu_seconds, drained, feed, same_verdicts, wait_until


def test_verdicts(world):
    """The verdicts equal those of one process over a file, each once, from one worker, in both modes of delivery."""
    lines = feed(1, 20000)
    source, once, least = world.topics("posts", "once", "least:3")
    world.produce(source, lines)
    expected = world.classify(lines)
    world.worker("verdicts-once", source, once, "--all", "--once").wait()
    world.worker("verdicts-least", source, least, "--all", "--once", "--at-least-once", "-j", "1").wait()
    same_verdicts(world.read(once, least=len(expected)), expected)
    same_verdicts(world.read(least, least=len(expected)), expected)
    tiers = {i: v for i, v in expected.items() if v["tier"] != "none"}
    check(len(tiers) > 100, "only %d have a tier" % len(tiers))
    target, = world.topics("tiers:1")
    world.worker("verdicts-tiers", source, target, "--once", "--with-document").wait()
    records = world.read(target, least=len(tiers))
    same_verdicts(records, tiers)
    documents = {json.loads(line)["id"]: json.loads(line) for line in lines}
    for record in records:
        verdict = json.loads(record.value)
        written = dict(verdict["document"])
        check(written.pop("time").endswith("Z"), "the time is %s" % record.value)
        wanted = {k: v for k, v in documents[verdict["id"]].items() if k != "time" and v != 0}
        check(written == wanted, "the document is %s, not %s" % (written, wanted))
        check(record.headers["tocsin-plan-version"] and record.headers["tocsin-generation"] == "1", record.headers)
        check(record.headers["tocsin-input"].startswith(source + "/"), record.headers)
    return "%d documents, each verdict once; %d with a tier" % (len(lines), len(tiers))


def processor(pids, running):
    """Seconds of processor of processes, as long as they run; asked often enough to see the last of them."""
    used = dict.fromkeys(pids, 0.0)
    while running():
        for pid in pids:
            try:
                used[pid] = cpu_seconds(pid)
            except (FileNotFoundError, ProcessLookupError):
                pass
        time.sleep(0.01)
    return sum(used.values())


def grade_all(world, source, expected, workers, options):
    """Measures from the start of the workers to the end of the last one; returns a row of the table."""
    target, = world.topics("scale")
    brokers, began = world.broker_seconds(), time.time()
    running = [world.worker(target, source, target, "-j", "1", "--once", *options) for _ in range(workers)]
    used = processor([w.process.pid for w in running], lambda: any(w.process.poll() is None for w in running))
    took, brokers = time.time() - began, world.broker_seconds() - brokers
    grading = sum(w.wait().count("tocsin_grading_seconds_total") for w in running)
    tiers = {i: v for i, v in expected.items() if v["tier"] != "none"}
    same_verdicts(world.read(target, least=len(tiers)), tiers, at_least=bool(options))
    name = "%d worker%s%s" % (workers, "s" if workers > 1 else "", ", at least once" if options else "")
    return name, len(expected) / took, used, grading, brokers


def read_all(world, source, count):
    """librdkafka's own tool reads the same messages and discards them."""
    brokers, began = world.broker_seconds(), time.time()
    with subprocess.Popen(["kcat", "-b", world.brokers, "-C", "-e", "-q", "-t", source], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as reader:
        used = processor([reader.pid], lambda: reader.poll() is None)
    return "reading alone", count / (time.time() - began), used, 0.0, world.broker_seconds() - brokers


@alone
def test_scale(world):
    """One, two and three workers over six partitions: their cost and the broker's."""
    lines = feed(2, world.documents)
    source, = world.topics("posts:6")
    world.produce(source, lines)
    expected = world.classify(lines)
    rows = [read_all(world, source, len(lines))]
    for options in ([], ["--at-least-once"]):
        rows += [grade_all(world, source, expected, workers, options) for workers in (1, 2, 3)]
    said = "%d documents; documents a second, and µs of processor a document:" % len(lines)
    for name, rate, *seconds in rows:
        used, grading, brokers = (s / len(lines) * 1e6 for s in seconds)
        said += "\n         %-26s %8.0f/s   worker %5.1f, grading %4.1f of it; broker %5.1f" % (name, rate, used, grading,
                                                                                       brokers)
    return said


@alone
def test_stop_and_names(world):
    """SIGTERM leaves the group, and others take over at once; a named worker that comes back moves nothing."""
    lines = feed(3, 4000)
    source, target = world.topics("posts:4", "verdicts")
    first = world.worker("names", source, target, "--all", "--instance", "a")
    second = world.worker("names", source, target, "--all", "--instance", "b")
    wait_until(lambda: sum(w.health().get("partitions", 0) for w in (first, second)) == 4 and
               first.health()["partitions"] == 2, "two partitions each")
    world.produce(source, lines[:2000])
    wait_until(lambda: first.documents() + second.documents() == 2000, "2000 graded")
    moved = second.count("tocsin_rebalances_total")
    first.stop()
    first.launch()
    world.produce(source, lines[2000:])
    wait_until(lambda: first.documents() + second.documents() >= 2000 and drained([first, second], 4), "all graded")
    check(second.count("tocsin_rebalances_total") == moved, "a restart under the same name moved partitions")
    twin = world.worker("names", source, target, "--all", "--instance", "b")
    wait_until(lambda: second.process.poll() is not None, "one of two of the same name ended")
    check(second.process.returncode == 3 and second.said("another worker of this group has taken the name b"),
          second.log())
    twin.stop()
    first.stop()
    same_verdicts(world.read(target), world.classify(lines))
    leaving = world.worker("leaving", source, target)
    wait_until(lambda: leaving.health().get("partitions") == 4, "four partitions")
    staying = world.worker("leaving", source, target)
    wait_until(lambda: staying.health().get("partitions") == 2, "two partitions")
    began = time.time()
    leaving.stop()
    wait_until(lambda: staying.health().get("partitions") == 4, "all partitions")
    staying.stop()
    return "named: no partition moved; others: %.1f s until another had them" % (time.time() - began)


def test_files_and_log(world):
    """Metrics, health, and a log of JSON objects."""
    lines = feed(4, 3000)
    source, target, errors = world.topics("posts", "verdicts", "errors:1")
    world.produce(source, lines + [json.dumps({"id": "bad", "text": [7]})])
    worker = world.worker("files", source, target, "--log", "json", errors=errors)
    wait_until(lambda: worker.count("tocsin_commits_total") > 0 and drained([worker]), "all graded")
    expected = world.classify(lines)
    wait_until(lambda: worker.documents() == len(lines), "%d counted" % len(lines))
    metrics = worker.metrics()
    for tier in ("major", "general", "none"):
        wanted = sum(v["tier"] == tier for v in expected.values())
        check(metrics['tocsin_documents_total{tier="%s"}' % tier] == wanted, "%s: %s" % (tier, metrics))
    check(metrics["tocsin_rejected_messages_total"] == 1, "rejected: %s" % metrics)
    check(metrics["tocsin_latency_seconds_count"] == len(lines) + 1, "latency: %s" % metrics)
    check(metrics['tocsin_latency_seconds_bucket{le="+Inf"}'] == len(lines) + 1, "latency: %s" % metrics)
    check(metrics["tocsin_plan_generation"] == 1 and metrics["tocsin_healthy"] == 1, str(metrics))
    check(sum(k.startswith("tocsin_lag_messages{") for k in metrics) == 6, str(metrics))
    alive = worker.health()["alive"]
    wait_until(lambda: worker.health()["alive"] > alive, "a later sign of life")
    worker.process.send_signal(19)  # SIGSTOP: nothing is written any more, as a supervisor sees
    time.sleep(0.5)
    written = os.stat(worker.health_path).st_mtime
    time.sleep(1.5)
    check(os.stat(worker.health_path).st_mtime == written, "a stopped worker looks alive")
    worker.process.send_signal(18)
    worker.stop()
    for line in worker.log().splitlines():
        record = json.loads(line)
        check({"time", "level", "program", "message"} <= set(record), line)
    check(worker.health()["state"] == "stopping", str(worker.health()))
    return "counts as classify has them"


def test_quick_start(world):
    """Runs the commands of examples/kafka/README.md, with another port."""
    folder = os.path.dirname(kafka_world.BROKER)
    with open(os.path.join(folder, "README.md"), encoding="utf-8") as text:
        section = text.read().split("## In production")[0]
    commands = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    check(len(commands) == 4, "four commands: %s" % commands)
    port, home = world.port + 200, os.path.join(world.home, "quick-start")
    os.makedirs(home, exist_ok=True)
    if not os.path.exists(os.path.join(home, "lib")):
        os.symlink(os.path.join(world.home, "lib"), os.path.join(home, "lib"))
    environment = dict(os.environ, TOCSIN_KAFKA_HOME=home, TOCSIN_KAFKA_PORT=str(port))
    tools = "build/release/bin/tocsin-kafka"

    def run(command):
        command = command.replace("127.0.0.1:19092", "127.0.0.1:%d" % port).replace(tools, world.worker_path)
        done = subprocess.run(["sh", "-ec", command], cwd=os.path.join(folder, "..", ".."), env=environment,
                              capture_output=True, text=True, timeout=120, check=False)
        check(done.returncode == 0, "%s: %s" % (command, done.stderr))
        return done.stdout.splitlines()

    graded = run("zstdcat examples/fire-service/feed.ndjson.zst | %s classify -q -p examples/fire-service"
                 % os.path.abspath(world.tocsin))
    seen = []

    def all_there():  # Kafka ends the transactions of other partitions a moment after the worker's commit
        seen[:] = run(commands[-1])
        return len(seen) >= len(graded)

    try:
        for command in commands[:-1]:
            run(command)
        wait_until(all_there, "all verdicts", lambda: len(seen))
    finally:
        subprocess.run([kafka_world.BROKER, "wipe"], env=environment, check=True, capture_output=True)
    check(len(seen) == len(graded) > 0, "%d verdicts of %d" % (len(seen), len(graded)))
    check(all("tocsin-tier=" in line for line in seen), str(seen))
    return "%d commands, %d verdicts" % (len(commands), len(seen))
