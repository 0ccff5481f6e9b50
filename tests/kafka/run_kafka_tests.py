"""Tests tocsin-kafka against a real Apache Kafka: it must lose nothing when workers, brokers and networks fail.
usage: run_kafka_tests.py TOCSIN TOCSIN-KAFKA PLAN HOME [--documents N] [NAME…]"""
import argparse
import concurrent.futures
import os
import sys
import time
import traceback

import kafka_world
import test_faults
import test_input
import test_ordinary
import test_plans
import test_watch

# In this order: those of a cluster share it.
CLUSTERS = [
    ((1, "secure"), [test_ordinary, test_plans, test_input, test_watch]),
    ((3,), [test_faults]),
]


def tests_of(module):
    return [getattr(module, name) for name in vars(module) if name.startswith("test_")]


def run(test, world):
    """The line with the result of a test, and whether it passed."""
    began, name = time.time(), test.__name__[5:]
    part = world.part()
    try:
        found = test(part)
        return "ok     %5.1f s  %s: %s" % (time.time() - began, name, found), True
    except Exception:
        return "FAILED %5.1f s  %s\n%s" % (time.time() - began, name, traceback.format_exc()), False
    finally:
        part.kill_workers()


def run_all(tests, world):
    """Runs tests side by side, as they mostly wait; then those that must run alone."""
    together = [t for t in tests if not hasattr(t, "alone")]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for line, ok in pool.map(lambda test: run(test, world), together):
            print(line, flush=True)
            yield ok
    for test in tests:
        if hasattr(test, "alone"):
            line, ok = run(test, world)
            print(line, flush=True)
            yield ok


def main():
    parser = argparse.ArgumentParser()
    for name in ("tocsin", "worker", "plan", "home"):
        parser.add_argument(name)
    parser.add_argument("--documents", type=int, default=200000, help="of each test that counts")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    os.makedirs(options.home, exist_ok=True)
    world = kafka_world.World(options.tocsin, options.worker, options.plan, os.path.abspath(options.home))
    world.documents = options.documents
    results = []
    for nodes, modules in CLUSTERS:
        tests = [t for m in modules for t in tests_of(m) if not options.names or t.__name__[5:] in options.names]
        if not tests:
            continue
        try:
            print(world.start(*nodes), flush=True)
            results += run_all(tests, world)
        finally:
            world.close()
    print("%d of %d tests passed" % (sum(results), len(results)))
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
