"""Workers that are killed or cut off, brokers that restart: exactly one verdict a document, or none missing."""
import random
import signal
import time

from kafka_world import PATIENCE, alone, check, drained, feed, same_verdicts, wait_until

# Partitions of a worker that is dead go to others soon, and what it began ends soon.
QUICK = ["-X", "session.timeout.ms=3000", "-X", "heartbeat.interval.ms=500", "-X", "transaction.timeout.ms=5000",
         "--batch", "2000"]


def stream(world, seed, seconds):
    lines = feed(seed, world.documents)
    source, target = world.topics("posts:6", "verdicts:6")
    expected = world.classify(lines)
    return source, target, expected, world.produce_slowly(source, lines, seconds * pace(world))


def pace(world):
    """The speed of a test: with fewer documents than in the full run, everything goes faster too."""
    return min(1.0, max(0.4, world.documents / 200000))


def drain_and_stop(workers, producer):
    producer.wait(PATIENCE)
    check(producer.returncode == 0, "the producer failed")
    moves = lambda: [w.documents() for w in workers]
    wait_until(lambda: drained(workers), "all read", moves)
    time.sleep(1)
    wait_until(lambda: drained(workers), "all read", moves)
    for worker in workers:
        worker.stop()


def kill_often(world, name, seed, *options):
    r = random.Random(seed)
    source, target, expected, producer = stream(world, seed, 16)
    workers = [world.worker(name, source, target, "--all", "-j", "1", "--instance", str(i), *QUICK, *options)
               for i in range(3)]
    wait_until(lambda: sum(w.health().get("partitions", 0) for w in workers) == 6, "six partitions")
    kills = int(20 * pace(world))
    for _ in range(kills):
        time.sleep(r.uniform(0.2, 1.0))
        victim = r.choice(workers)
        victim.kill()
        victim.launch()
    drain_and_stop(workers, producer)
    return kills, expected, world.read(target, least=len(expected))


def test_killed_once(world):
    kills, expected, records = kill_often(world, "killed-once", 11)
    same_verdicts(records, expected)
    return "%d kills, %d documents: each has exactly one verdict" % (kills, len(expected))


def test_killed_least(world):
    kills, expected, records = kill_often(world, "killed-least", 12, "--at-least-once")
    twice = same_verdicts(records, expected, at_least=True)
    return "%d kills, %d documents: none is missing, %d verdicts came again" % (kills, len(expected), twice)


@alone
def test_refused_for_a_while(world):
    """A topic accepts nothing while a broker is away: the worker reports it, waits, and misses nothing."""
    lines = feed(15, 3000)
    source, target = world.topics("posts:6", "strict:6:min.insync.replicas=3")
    expected = world.classify(lines)
    world.broker("stop", "3")
    world.produce(source, lines)
    worker = world.worker("refused", source, target, "--all", *QUICK)
    wait_until(lambda: worker.health().get("state") == "degraded", "degraded")
    before = worker.cpu_seconds()
    time.sleep(3)
    check(worker.cpu_seconds() - before < 0.5, "it goes on at full speed: %.2f s" % (worker.cpu_seconds() - before))
    why = worker.health()["why"]
    world.broker("resume", "3")
    wait_until(lambda: worker.documents() == len(lines) and worker.health()["state"] == "running", "well again",
               worker.documents)
    tries = worker.count("tocsin_retries_total") + worker.count("tocsin_producer_restarts_total")
    worker.stop()
    same_verdicts(world.read(target, least=len(expected)), expected)
    return "%.0f tries, and then every verdict once; it said: %s" % (tries, why)


@alone
def test_brokers_restart(world):
    """Restarts each of the three brokers once, one after the other, while workers grade."""
    source, target, expected, producer = stream(world, 13, 25)
    workers = [world.worker("restarts", source, target, "--all", "-j", "1", *QUICK) for _ in range(2)]
    wait_until(lambda: sum(w.health().get("partitions", 0) for w in workers) == 6, "six partitions")
    for node in ("1", "2", "3"):
        time.sleep(1)
        world.broker("stop", node)
        world.broker("resume", node)
    drain_and_stop(workers, producer)
    same_verdicts(world.read(target, least=len(expected)), expected)
    aborts = sum(w.count("tocsin_aborts_total") + w.count("tocsin_retries_total") for w in workers)
    return "3 brokers, %d documents: each has exactly one verdict; %d transactions begun again" % (len(expected), aborts)


def test_cut_off(world):
    """A worker is suspended for longer than its session: others have its partitions when it comes back."""
    source, target, expected, producer = stream(world, 14, 22)
    workers = [world.worker("cut-off", source, target, "--all", "-j", "1", *QUICK) for _ in range(2)]
    wait_until(lambda: sum(w.health().get("partitions", 0) for w in workers) == 6, "six partitions")
    cuts = 0
    for victim in workers[:1] * 2 + workers[1:]:
        time.sleep(0.7)
        victim.process.send_signal(signal.SIGSTOP)
        time.sleep(6.0 if cuts == 1 else 4.0)
        victim.process.send_signal(signal.SIGCONT)
        cuts += 1
        time.sleep(1)
    drain_and_stop(workers, producer)
    same_verdicts(world.read(target, least=len(expected)), expected)
    lost = sum(w.log().count("lost:") for w in workers)
    check(lost, "no worker ever lost its partitions: the test did not cut it off")
    return "%d times past the session, partitions lost %d times, %d documents: each has exactly one verdict" % (
        cuts, lost, len(expected))
