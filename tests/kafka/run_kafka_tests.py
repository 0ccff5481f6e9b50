"""tocsin-kafka against a real Apache Kafka, and what it loses when workers, brokers and networks fail: nothing.
usage: run_kafka_tests.py TOCSIN TOCSIN-KAFKA PLAN HOME [--documents N] [NAME…]"""
import argparse
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
    failed = ran = 0
    rows = []
    for nodes, modules in CLUSTERS:
        tests = [t for m in modules for t in tests_of(m) if not options.names or t.__name__[5:] in options.names]
        if not tests:
            continue
        try:
            print(world.start(*nodes), flush=True)
            for test in tests:
                began = time.time()
                ran += 1
                try:
                    found = test(world)
                    rows.append((test.__name__[5:], nodes[0], found or "ok", time.time() - began))
                    print("ok     %5.1f s  %s: %s" % (rows[-1][3], rows[-1][0], rows[-1][2]), flush=True)
                except Exception:
                    failed += 1
                    traceback.print_exc()
                    print("FAILED %5.1f s  %s" % (time.time() - began, test.__name__[5:]), flush=True)
                for worker in world.workers:
                    worker.kill()
                world.workers.clear()
        finally:
            world.close()
    print("%d of %d tests passed" % (ran - failed, ran))
    return 1 if failed or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
