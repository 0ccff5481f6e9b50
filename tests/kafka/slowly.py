"""Sends lines of standard input to a topic, spread over some seconds: slowly.py BROKERS TOPIC SECONDS."""
import subprocess
import sys
import time

STEPS_A_SECOND = 20


def main():
    brokers, topic, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    lines = sys.stdin.buffer.readlines()
    steps = max(1, int(seconds * STEPS_A_SECOND))
    began = time.time()
    with subprocess.Popen(["kcat", "-b", brokers, "-P", "-t", topic, "-K", "\t", "-X", "linger.ms=20", "-X",
                           "enable.idempotence=true"], stdin=subprocess.PIPE, bufsize=0) as kcat:
        for step in range(steps):
            kcat.stdin.write(b"".join(lines[len(lines) * step // steps:len(lines) * (step + 1) // steps]))
            time.sleep(max(0.0, began + (step + 1) / STEPS_A_SECOND - time.time()))
        kcat.stdin.close()
    return kcat.returncode


sys.exit(main())
