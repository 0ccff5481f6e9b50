"""Millions of documents through tocsin-kafka, exactly once, while its plan is changed: memory and open files stay what they are.
usage: soak_worker.py TOCSIN TOCSIN-KAFKA PLAN HOME [--documents N]

HOME is a folder for the broker (examples/kafka/broker.sh has fetched Kafka); three partitions, one worker."""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import kafka_world

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import soak


def produce(world, topic, documents):
    kcat = subprocess.Popen(["kcat", "-P", "-b", world.brokers, "-t", topic, "-X", "linger.ms=20"], stdin=subprocess.PIPE)
    for block in soak.blocks(documents, 3):
        kcat.stdin.write(block)
    kcat.stdin.close()
    assert kcat.wait() == 0, "kcat failed"


def committed(world, topic):
    """How many verdicts a reader sees."""
    words = ["kcat", "-C", "-e", "-q", "-b", world.brokers, "-t", topic, "-X", "isolation.level=read_committed", "-f", "%o\n"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as reader:
        return sum(1 for _ in reader.stdout)


def run(world, plan, documents):
    source, target = world.topics("posts:3", "verdicts:3")
    worker = world.worker("soak", source, target, plan=["-p", plan])
    feeder = threading.Thread(target=produce, args=(world, source, documents), daemon=True)
    samples, reloads, began = [], 0, time.time()
    feeder.start()
    while worker.documents() < documents or not kafka_world.drained([worker], 3):
        time.sleep(3)
        assert worker.process.poll() is None, worker.log()[-2000:]
        soak.another_version(plan, reloads + 2)
        worker.process.send_signal(signal.SIGHUP)
        reloads += 1
        samples.append((int(worker.documents()), *soak.measure(worker.process.pid)))
        assert feeder.is_alive() or time.time() - began < 3600, "it does not come to an end"
    feeder.join()
    print("%d documents in %.0f s, plan read again %d times" % (documents, time.time() - began, reloads))
    assert worker.documents() == documents, "%d documents counted" % worker.documents()
    written = sum(v for k, v in worker.metrics().items() if k.startswith("tocsin_documents_total") and '"none"' not in k)
    worker.stop()
    kafka_world.wait_until(lambda: committed(world, target) == written, "%d verdicts" % written, 120)
    taken = worker.log().count("the plan is now ")
    print("%d verdicts written, as many are read; %d other plans were taken" % (written, taken))
    soak.print_samples(samples)
    soak.judge(samples)
    assert written and taken >= reloads // 2, worker.log()[-500:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("tocsin", "worker", "plan", "home"):
        parser.add_argument(name)
    parser.add_argument("--documents", type=int, default=10000000)
    options = parser.parse_args()
    home = os.path.abspath(options.home)
    os.makedirs(home, exist_ok=True)
    plan = os.path.join(home, "soak-plan")
    shutil.rmtree(plan, ignore_errors=True)
    shutil.copytree(options.plan, plan)
    world = kafka_world.World(options.tocsin, options.worker, plan, home)
    try:
        world.start(1)
        run(world, plan, options.documents)
    finally:
        world.kill_workers()
        world.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
