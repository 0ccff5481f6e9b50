"""Tests tocsin-kafka with a mock cluster that returns errors on demand, which a healthy cluster cannot do.
usage: run_mock_tests.py TOCSIN TOCSIN-KAFKA MOCK-CLUSTER PLAN [NAME…]"""
import collections
import concurrent.futures
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import kafka_world
from kafka_world import PATIENCE, check, drained, feed, wait_until

# Kinds of requests, by their numbers in Kafka's protocol, and answers.
PRODUCE, FETCH, OFFSET_COMMIT, OFFSET_FETCH, JOIN, HEARTBEAT, INIT, ADD_PARTITIONS, ADD_OFFSETS, END, TXN_OFFSETS = (
    0, 1, 8, 9, 11, 12, 22, 24, 25, 26, 28)
TOO_LARGE, LOADING, NOT_COORDINATOR, ILLEGAL_GENERATION, UNKNOWN_MEMBER, REBALANCING = 10, 14, 16, 22, 25, 27
NOT_ALLOWED, GROUP_NOT_ALLOWED, EPOCH, CONCURRENT, STORAGE, FEW_REPLICAS, GONE = 29, 30, 47, 51, 56, 19, -195
QUICK = ["-X", "session.timeout.ms=10000", "-X", "heartbeat.interval.ms=300", "-X", "retry.backoff.ms=50"]


class Mock:
    """As kafka_world.World, with the mock cluster."""

    def __init__(self, tocsin, worker, program, plan, home):
        self.tocsin, self.worker_path, self.plan, self.home = tocsin, worker, plan, home
        self.numbers = itertools.count(1)
        self.workers = []
        self.process = subprocess.Popen([program, "3"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.brokers = self.process.stdout.readline().strip()

    def say(self, *words):
        self.process.stdin.write(" ".join(str(w) for w in words) + "\n")
        self.process.stdin.flush()
        check(self.process.stdout.readline() == "ok\n", "the cluster does not understand %s" % (words,))

    def kcat(self, *words, **more):
        return subprocess.run(["kcat", "-b", self.brokers, *words], check=True, capture_output=True, **more).stdout

    produce = kafka_world.World.produce
    classify = kafka_world.World.classify
    worker = kafka_world.World.worker

    def topics(self, *names):
        self.number = next(self.numbers)
        for name in names:
            self.say("topic", "%s-%d" % (name, self.number), 3)
        return ["%s-%d" % (name, self.number) for name in names]

    def verdicts(self, topic):
        """The number of verdicts of each document; the mock also keeps those of aborted transactions."""
        out = self.kcat("-C", "-e", "-q", "-t", topic, "-f", "%s\n").decode()
        return collections.Counter(json.loads(line)["id"] for line in out.splitlines())

    def close(self):
        for worker in self.workers:
            worker.kill()
        self.process.stdin.close()
        self.process.wait(PATIENCE)


def graded_in_spite(mock, errors, *options, seed=1, count=300, each_once=True, read_once=True):
    """Requests are refused while documents are graded: in the end every verdict is there and counted once."""
    lines = feed(seed, count)
    source, target, refused = mock.topics("posts", "verdicts", "errors")
    mock.produce(source, lines)
    for words in errors:
        mock.say("errors", *words)
    worker = mock.worker("g%d" % mock.number, source, target, "--all", "--batch", "100", *QUICK, *options,
                         errors=refused)
    wait_until(lambda: worker.documents() >= len(lines) and drained([worker], 3), "all graded",
               worker.documents)
    time.sleep(0.3)
    check(worker.documents() == len(lines) or not read_once,
          "%d documents counted, not %d" % (worker.documents(), len(lines)))
    seen = mock.verdicts(target)
    check(set(seen) == set(mock.classify(lines)), "%d of %d verdicts" % (len(seen), len(lines)))
    written = sum(seen.values())
    check("--at-least-once" not in options or worker.documents() == written,
          "%d documents counted, %d verdicts written" % (worker.documents(), written))
    check(not each_once or max(seen.values()) == 1, "a verdict came twice though nothing was given up")
    worker.stop()
    return worker


def test_nothing_refused(mock):
    for options in ([], ["--at-least-once"]):
        graded_in_spite(mock, [], *options)
    return "every verdict once"


def test_image(mock):
    """A plan that is an image."""
    lines = feed(8, 100)
    source, target = mock.topics("posts", "verdicts")
    mock.produce(source, lines)
    path = os.path.join(mock.home, "plan.tocsin")
    subprocess.run([mock.tocsin, "compile", "-q", "-p", mock.plan, "-o", path], check=True)
    worker = mock.worker("image", source, target, "--all", *QUICK, plan=["-p", path])
    wait_until(lambda: worker.documents() == 100, "all graded")
    worker.stop()
    check(mock.verdicts(target) == collections.Counter({key: 1 for key in mock.classify(lines)}), "other verdicts")
    return "100 documents"


def test_refused_for_a_while(mock):
    """Errors after which librdkafka repeats a request, and errors after which it does not: a full disk, no right to
    write."""
    worker = graded_in_spite(mock, [(PRODUCE, 3, FEW_REPLICAS, STORAGE)])
    worker = graded_in_spite(mock, [(PRODUCE, 3, NOT_ALLOWED)], each_once=False)
    check(worker.count("tocsin_aborts_total") > 0, "no transaction was given up")
    check(worker.said("verdicts cannot be written: Broker: Topic authorization failed"), worker.log())
    check(worker.said("goes on"), worker.log())
    worker = graded_in_spite(mock, [(PRODUCE, 2, NOT_ALLOWED)], "--at-least-once")
    check(worker.count("tocsin_retries_total") > 0, "it was never sent again")
    return "%.0f tries" % worker.count("tocsin_retries_total")


def test_never_answered(mock):
    """
    One partition of a topic is refused for good while records to the others are to be sent again: librdkafka 2.0 never
    answers these, and neither commits nor gives up the transaction. The worker goes on with another producer.
    """
    lines, restarts = feed(1, 300), 0
    for _ in range(3):  # nearly always the first time, with a librdkafka that has this mistake
        source, target = mock.topics("posts", "verdicts")
        mock.produce(source, lines)
        for partition in range(3):  # on one connection, where answers come in the order of the requests
            mock.say("leader", target, partition, 1)
        for broker in (1, 2, 3):
            mock.say("slow", broker, 100)  # all requests are under way when the first one is answered
        mock.say("errors", PRODUCE, 1, NOT_ALLOWED, FEW_REPLICAS, FEW_REPLICAS)
        worker = mock.worker(target, source, target, "--all", "--batch", "100", *QUICK)
        wait_until(lambda w=worker: w.documents() >= len(lines), "all graded", worker.documents)
        check(set(mock.verdicts(target)) == set(mock.classify(lines)), "verdicts are missing")
        restarts = worker.count("tocsin_producer_restarts_total")
        worker.stop()
        if restarts:
            break
        for broker in (1, 2, 3):
            mock.say("slow", broker, 0)
    return "%.0f producers anew" % restarts


def test_stopped_during_a_commit(mock):
    """A worker that waits for the end of a transaction stops on a signal."""
    source, target = mock.topics("posts", "verdicts")
    worker = mock.worker("stopped", source, target, "--all", *QUICK)
    wait_until(lambda: worker.health().get("partitions") == 3, "three partitions")
    mock.say("errors", END, 1000, LOADING)
    mock.produce(source, feed(7, 100))
    wait_until(lambda: worker.said("brokers are slow"), "told that a transaction does not end")
    worker.stop(expect=3)
    check(worker.said("messages were not answered: they will be read again"), worker.log())
    check(worker.documents() == 0, "documents were counted before the transaction ended")
    return "0 documents counted"


def test_too_large_together(mock):
    """A request is too large but its records are not: each record is sent alone, and none is lost."""
    worker = graded_in_spite(mock, [(PRODUCE, 1, TOO_LARGE)], "--at-least-once")
    check(worker.count("tocsin_rejected_messages_total") == 0, str(worker.metrics()))
    check(worker.count("tocsin_retries_total") > 0, str(worker.metrics()))
    return "none refused"


def transaction_test(*errors):
    """Each step of a transaction is refused with an error after which librdkafka repeats it."""
    def test(mock):
        graded_in_spite(mock, errors)
        return "every verdict once"
    return test


test_adding_partitions = transaction_test((ADD_PARTITIONS, 2, NOT_COORDINATOR, LOADING))
test_adding_offsets = transaction_test((ADD_OFFSETS, 2, LOADING, NOT_COORDINATOR), (TXN_OFFSETS, 2, LOADING))
test_ending = transaction_test((END, 1, LOADING, NOT_COORDINATOR), (INIT, 2, LOADING))


def test_given_up(mock):
    """Offsets of an old generation: the transaction is aborted and begun again."""
    worker = graded_in_spite(mock, [(TXN_OFFSETS, 1, ILLEGAL_GENERATION)], each_once=False)
    check(worker.count("tocsin_aborts_total") > 0, "no transaction was given up: %s" % worker.log())
    return "%.0f given up" % worker.count("tocsin_aborts_total")


def test_fenced(mock):
    """A producer is fenced: the worker creates another one and reads on from the committed offsets."""
    worker = graded_in_spite(mock, [(END, 1, EPOCH)], each_once=False)
    check(worker.count("tocsin_producer_restarts_total") > 0, "no other producer was made: %s" % worker.log())
    return "%.0f producers anew" % worker.count("tocsin_producer_restarts_total")


def test_joining(mock):
    """The group does not answer, or not with the offsets."""
    worker = graded_in_spite(mock, [(JOIN, 2, LOADING), (OFFSET_FETCH, 2, NOT_COORDINATOR)])
    return "%.0f rebalances" % worker.count("tocsin_rebalances_total")


def test_lost_while_writing(mock):
    """
    Partitions are lost while their verdicts are written at least once: verdicts that reached the brokers are counted,
    and counted again when their documents are read again.
    """
    lines = feed(1, 300)
    source, target = mock.topics("posts", "verdicts")
    mock.produce(source, lines)
    mock.say("errors", PRODUCE, 20000, FEW_REPLICAS)
    worker = mock.worker("lost", source, target, "--all", "--batch", "100", "--at-least-once", *QUICK)
    wait_until(lambda: worker.count("tocsin_grading_seconds_total") > 0, "graded, and being written")
    mock.say("errors", HEARTBEAT, 1, UNKNOWN_MEMBER)
    wait_until(lambda: worker.said("messages that were not finished"), "lost on the way")
    mock.say("clear", PRODUCE)
    wait_until(lambda: worker.documents() >= len(lines) and drained([worker], 3), "all graded", worker.documents)
    seen = mock.verdicts(target)
    check(set(seen) == set(mock.classify(lines)), "%d of %d verdicts" % (len(seen), len(lines)))
    check(worker.documents() == sum(seen.values()) > len(lines),
          "%d documents counted, %d verdicts written" % (worker.documents(), sum(seen.values())))
    worker.stop()
    return "%.0f documents" % worker.documents()


def test_rejoining(mock):
    """The group wants everybody to join again, and does not know the worker any more."""
    # The mock forgets the offsets of transactions: what was committed before the group did not know it is read again.
    graded_in_spite(mock, [(HEARTBEAT, 1, REBALANCING, UNKNOWN_MEMBER)], each_once=False, read_once=False)
    # A commit that a group refuses because it rebalances may come with the loss of the partitions: what stood behind
    # it is read again, at least once.
    worker = graded_in_spite(mock, [(OFFSET_COMMIT, 1, REBALANCING)], "--at-least-once", each_once=False,
                             read_once=False)
    return "%.0f rebalances" % worker.count("tocsin_rebalances_total")


def test_brokers_gone(mock):
    """Connections that break, and a cluster that is away for a while."""
    graded_in_spite(mock, [(PRODUCE, 2, GONE), (FETCH, 2, GONE)])
    lines = feed(5, 600)
    source, target = mock.topics("posts", "verdicts")
    worker = mock.worker("gone", source, target, "--all", *QUICK, "-X", "reconnect.backoff.max.ms=500")
    mock.produce(source, lines[:300])
    wait_until(lambda: worker.documents() == 300, "the first half", worker.documents)
    for broker in (1, 2, 3):
        mock.say("down", broker)
    time.sleep(1.5)
    for broker in (1, 2, 3):
        mock.say("up", broker)
    mock.produce(source, lines[300:])
    wait_until(lambda: worker.documents() >= 600, "the second half", worker.documents)
    check(set(mock.verdicts(target)) == set(mock.classify(lines)), "verdicts are missing")
    worker.stop()
    return "600 documents"


def test_well_again(mock):
    """A cluster that was away while nothing came: the worker says so, and after a while that it is well again."""
    source, target = mock.topics("posts", "verdicts")
    worker = mock.worker("idle", source, target, *QUICK, "-X", "reconnect.backoff.max.ms=500")
    wait_until(lambda: worker.health().get("partitions") == 3, "three partitions")
    for broker in (1, 2, 3):
        mock.say("down", broker)
    degraded = wait_until(lambda: worker.health()["state"] == "degraded" and worker.health(), "degraded")
    check(degraded["lag"] == "unknown", "what lags behind is not known: %s" % degraded)
    for broker in (1, 2, 3):
        mock.say("up", broker)
    began = time.time()
    wait_until(lambda: worker.health()["state"] == "running", "running")
    wait_until(lambda: worker.count("tocsin_healthy") == 1, "the same from the metrics")
    worker.stop()
    return "%.0f s after the brokers were back" % (time.time() - began)


def test_two_plans(mock):
    """Workers of one group grade by different plans: verdicts, health and metrics name the plan."""
    other = os.path.join(mock.home, "other")
    shutil.copytree(mock.plan, other)
    with open(os.path.join(other, "plan.yaml"), "a", encoding="utf-8") as out:
        out.write("# the same rules, other bytes\n")
    lines = feed(7, 300)
    source, target = mock.topics("posts", "verdicts")
    workers = [mock.worker("mixed", source, target, "--all", *QUICK, plan=["-p", plan]) for plan in (mock.plan, other)]
    wait_until(lambda: sorted(w.health().get("partitions", 0) for w in workers) == [1, 2], "both read")
    mock.produce(source, lines)
    wait_until(lambda: sum(w.documents() for w in workers) >= 300 and drained(workers, 3), "all graded")
    plans = [w.health()["plan"] for w in workers]
    check(plans[0]["content"] != plans[1]["content"] and plans[0]["version"] == plans[1]["version"], plans)
    for worker, plan in zip(workers, plans):
        info, = [name for name in worker.metrics() if name.startswith("tocsin_plan_info{")]
        check('content="%s"' % plan["content"] in info and plan["name"] in info, info)
        check(worker.documents() > 0, "a worker graded nothing")
    out = mock.kcat("-C", "-e", "-q", "-t", target, "-f", "%s\t%h\n").decode()
    graded = collections.Counter()
    for line in out.splitlines():
        value, headers = line.split("\t", 1)
        plan = json.loads(value)["plan"]
        check(plan in plans and "tocsin-plan-content=" + plan["content"] in headers, line)
        graded[plan["content"]] += 1
    check(len(graded) == 2, graded)
    return "%s documents" % " and ".join(map(str, graded.values()))


def test_not_allowed_to_read(mock):
    """The worker reports it, waits, and goes on."""
    lines = feed(6, 100)
    source, target = mock.topics("posts", "verdicts")
    mock.say("errors", JOIN, 3, GROUP_NOT_ALLOWED)
    mock.produce(source, lines)
    worker = mock.worker("forbidden", source, target, "--all", *QUICK)
    wait_until(lambda: worker.said("Group authorization failed"), "told")
    wait_until(lambda: worker.documents() == 100, "graded after all", worker.documents)
    mock.say("refuse", target, NOT_ALLOWED)
    refused = mock.worker("unwritable", source, target, "--all", *QUICK).wait(3)
    check(refused.said("topic %s cannot be used: Broker: Topic authorization failed" % target), refused.log())
    mock.say("refuse", target, 0)
    worker.stop()
    return "told"


def run(test, home):
    """The line that says how it went, and whether it went well."""
    began, name = time.time(), name_of(test)
    mock = Mock(*sys.argv[1:5], os.path.join(home, name))
    try:
        return "ok     %s: %s (%.1f s)" % (name, test(mock), time.time() - began), True
    except Exception:
        logs = "".join(worker.log()[-3000:] for worker in mock.workers[-1:])
        return "FAILED %s\n%s%s" % (name, traceback.format_exc(), logs), False
    finally:
        mock.close()


def name_of(test):
    return next(name for name, value in globals().items() if value is test)[5:]


def main():
    tests = [f for name, f in sorted(globals().items()) if name.startswith("test_") and f is not name_of]
    wanted = sys.argv[5:]
    tests = [t for t in tests if not wanted or name_of(t) in wanted]
    with tempfile.TemporaryDirectory() as home:
        for test in tests:
            os.mkdir(os.path.join(home, name_of(test)))
        # They wait for the most part: for groups to form, and for what was refused to be tried again.
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            results = list(pool.map(lambda test: run(test, home), tests))
    for line, _ in results:
        print(line)
    return 0 if results and all(ok for _, ok in results) else 1


if __name__ == "__main__":
    sys.exit(main())
