"""A real cluster, real workers and access to the topics, for run_kafka_tests.py."""
import collections
import copy
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "incidents"))
import generate

BROKER = os.path.join(HERE, "..", "..", "examples", "kafka", "broker.sh")
MADE = ("story", "wave", "role", "made")
Record = collections.namedtuple("Record", "topic partition offset headers key value")


def check(condition, what):
    if not condition:
        raise AssertionError(what)


PATIENCE = 300.0


def wait_until(condition, what, moves=lambda: None, patience=PATIENCE):
    """
    Waits; fails if nothing has changed for `patience` seconds, longer than one step takes on a busy machine. `moves`
    returns a value that changes on the way.
    """
    state, end = moves(), time.time() + patience
    while True:
        found = condition()
        if found:
            return found
        now = moves()
        if now != state:
            state, end = now, time.time() + patience
        if time.time() > end:
            raise AssertionError("nothing moved for %g s: not %s" % (patience, what))
        time.sleep(0.1)


def cpu_seconds(process):
    """Processor time of a process with its threads, and of its children that ended."""
    with open("/proc/%d/stat" % process, encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def feed(seed, count):
    """
    The given number of documents of stories and noise, spread over a fortnight, each with its own id, as lines of JSON. No two
    have the same time in milliseconds: nothing else orders messages of different partitions. The fields that say how a
    post was made are left out: they are not those of a document, so a verdict's document does not have them.
    """
    posts = generate.feed("development", seed, count // 3000 + 1)
    lines, latest = [], 0
    for i in range(count):
        post = {name: value for name, value in posts[i * len(posts) // count].items() if name not in MADE}
        latest = max(latest + 1, post["time"] * 1000)
        lines.append(json.dumps(dict(post, id="%d:%d" % (seed, i), time=latest), ensure_ascii=False))
    return lines


class World:
    def __init__(self, tocsin, worker, plan, home, port=29092):
        self.tocsin, self.worker_path, self.plan, self.home, self.port = tocsin, worker, plan, home, port
        self.environment = dict(os.environ, TOCSIN_KAFKA_HOME=home, TOCSIN_KAFKA_PORT=str(port))
        self.workers = []
        self.numbers = itertools.count(1)
        self.nodes = 0

    def broker(self, *words):
        done = subprocess.run([BROKER, *words], env=self.environment, capture_output=True, text=True, timeout=300)
        check(done.returncode == 0, "broker.sh %s: %s%s" % (" ".join(words), done.stdout, done.stderr))
        return done.stdout

    def start(self, nodes, *more):
        self.broker("wipe")
        self.nodes = nodes
        return self.broker("start", str(nodes), *more).strip()

    def part(self):
        """The same cluster with separate workers, for a test that runs beside others."""
        other = copy.copy(self)
        other.workers = []
        return other

    @property
    def brokers(self):
        return ",".join("127.0.0.1:%d" % (self.port + n) for n in range(self.nodes))

    def topics(self, *specs):
        """Creates topics with names that no other test has, from specifications of broker.sh."""
        number = next(self.numbers)
        names = ["%s-%d" % (spec.partition(":")[0], number) for spec in specs]
        self.broker("topics", *("%s%s%s" % (name, *spec.partition(":")[1:]) for name, spec in zip(names, specs)))
        return names

    def kcat(self, *words, **more):
        return subprocess.run(["kcat", "-b", self.brokers, *words], check=True, capture_output=True, **more).stdout

    def produce(self, topic, lines):
        """Produces messages, each keyed by the id of its document."""
        text = "".join("%s\t%s\n" % (json.loads(line)["id"], line) for line in lines)
        self.kcat("-P", "-t", topic, "-K", "\t", input=text.encode())

    def produce_slowly(self, topic, lines, seconds):
        """Starts the producer and does not wait for it."""
        child = subprocess.Popen([sys.executable, "-B", os.path.join(HERE, "slowly.py"), self.brokers, topic,
                                  str(seconds)], stdin=subprocess.PIPE)
        text = "".join("%s\t%s\n" % (json.loads(line)["id"], line) for line in lines)
        child.stdin.write(text.encode())
        child.stdin.close()
        return child

    def produce_bytes(self, topic, value, *words):
        path = os.path.join(self.home, "message-%d" % next(self.numbers))
        with open(path, "wb") as out:
            out.write(value)
        self.kcat("-P", "-t", topic, *words, path)

    def read(self, topic, *words, least=0):
        """
        The messages that a read_committed reader sees, once there are as many as expected. Kafka confirms the end of a transaction
        before every partition has it; until then readers stop before it.
        """
        count, until = -1, 0.0
        while True:
            records = list(self.read_now(topic, *words))
            if len(records) != count:
                count, until = len(records), time.time() + PATIENCE
            if count >= least or time.time() > until:
                return records
            time.sleep(0.2)

    def read_now(self, topic, *words):
        out = self.kcat("-C", "-e", "-q", "-t", topic, "-X", "isolation.level=read_committed", "-J", *words)
        for line in out.decode("utf-8", "replace").splitlines():
            record = json.loads(line)
            headers = record.get("headers") or []
            yield Record(record["topic"], record["partition"], record["offset"],
                         dict(zip(headers[::2], headers[1::2])), record["key"], record["payload"])

    def classify(self, lines, *options):
        """The verdicts of one process over a file, by id and without the generation."""
        done = subprocess.run([self.tocsin, "classify", "-q", "--all", "-p", self.plan, "--format", "ndjson", *options],
                              input="\n".join(lines).encode(), capture_output=True, check=True)
        return {v["id"]: v for v in map(json.loads, done.stdout.decode().splitlines())}

    def worker(self, group, source, target, *options, plan=None, **more):
        started = Worker(self, group, source, target, options, plan or ["-p", self.plan], **more)
        self.workers.append(started)
        return started

    def broker_seconds(self):
        """The logs of all brokers."""
        total = 0.0
        for node in range(1, self.nodes + 1):
            with open(os.path.join(self.home, "node%d" % node, "pid"), encoding="ascii") as pid:
                total += cpu_seconds(int(pid.read()))
        return total

    def kill_workers(self):
        for worker in self.workers:
            worker.kill()

    def close(self):
        self.broker("stop")


class Worker:
    def __init__(self, world, group, source, target, options, plan, brokers=None, errors=None):
        base = os.path.join(world.home, "worker-%d" % next(world.numbers))
        self.metrics_path, self.health_path, self.log_path = base + ".prom", base + ".json", base + ".log"
        self.words = [world.worker_path, *plan, "-b", brokers or world.brokers, "-g", group, "-i", source, "-o", target,
                      "--metrics", self.metrics_path, "--health", self.health_path, *options]
        if errors:
            self.words += ["--errors", errors]
        for path in (self.metrics_path, self.health_path, self.log_path):
            if os.path.exists(path):
                os.remove(path)
        self.launch()

    def launch(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def log(self):
        with open(self.log_path, encoding="utf-8") as text:
            return text.read()

    def said(self, what):
        return what in self.log()

    def metrics(self):
        """Metrics by name and labels; {} if there are none yet."""
        try:
            with open(self.metrics_path, encoding="utf-8") as text:
                return {m[1]: float(m[2]) for m in re.finditer(r"^([a-z_]+(?:\{.*\})?) (\S+)$", text.read(), re.M)}
        except FileNotFoundError:
            return {}

    def count(self, name):
        return sum(v for k, v in self.metrics().items() if k == name or k.startswith(name + "{"))

    def health(self):
        try:
            with open(self.health_path, encoding="utf-8") as text:
                return json.load(text)
        except FileNotFoundError:
            return {}

    def documents(self):
        return self.count("tocsin_documents_total")

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def stop(self, expect=0, seconds=PATIENCE):
        self.process.send_signal(signal.SIGTERM)
        return self.wait(expect, seconds)

    def wait(self, expect=0, seconds=PATIENCE):
        status = self.process.wait(seconds)
        check(status == expect, "exit %d: %s" % (status, self.log()[-2000:]))
        return self

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)


def drained(workers, partitions=6):
    """Whether all workers are alive, all partitions are assigned, and nothing is left to read."""
    states = [w.health() for w in workers]
    return (all(s.get("state") == "running" and s["lag"] == 0 for s in states) and
            sum(s["partitions"] for s in states) == partitions)


def alone(test):
    """Marks a test that must run alone, since it measures or stops brokers."""
    test.alone = True
    return test


def same_verdicts(records, expected, at_least=False):
    """Checks that each expected verdict came exactly once (or at least once) and no other; returns how many came more
    than once."""
    seen = collections.Counter()
    for record in records:
        verdict = json.loads(record.value)
        verdict.pop("generation", None)
        verdict.pop("document", None)
        plan = verdict.pop("plan")
        check(plan["name"] and plan["version"] == record.headers["tocsin-plan-version"] and
              plan["content"] == record.headers["tocsin-plan-content"] and len(plan["content"]) == 16, "the plan is %s" % plan)
        check(verdict["id"] in expected, "a verdict of nobody: %s" % record.value)
        check(verdict == expected[verdict["id"]], "another verdict: %s, not %s" % (verdict, expected[verdict["id"]]))
        check(record.headers["tocsin-tier"] == verdict["tier"], "the header says %s" % record.headers)
        check(record.key == verdict["id"], "the key is %s" % record.key)
        seen[verdict["id"]] += 1
    missing = len(expected) - len(seen)
    twice = sum(n - 1 for n in seen.values())
    check(not missing, "%d verdicts are missing of %d" % (missing, len(expected)))
    check(at_least or not twice, "%d verdicts came more than once" % twice)
    return twice
