"""Shared by the tests of tocsin serve: a database that a watcher made, and the program on a free port."""
import http.client
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from program_tests import FIRE, GIFT, PATIENCE, check, post, rows, tocsin, write

TOCSIN, PLAN = map(os.path.abspath, sys.argv[1:3])
EVIL = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(2)>"


def watched(folder, text=None, *arguments):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, text or post(1) + post(2, GIFT))
    tocsin("watch", "-p", PLAN, "--db", db, "--once", "--keep-text", *arguments, feed)
    return db


class Server:
    """Runs the program on a free port until the end of the block."""

    def __init__(self, db, *arguments, listen="127.0.0.1:0", env=None):
        self.process = subprocess.Popen([TOCSIN, "serve", "--db", db, "--listen", listen, *arguments],
                                        stderr=subprocess.PIPE, text=True, env=env or dict(os.environ, LC_ALL="C"))
        self.said = ""
        for line in self.process.stderr:
            self.said += line
            found = re.search(r"http://\S*:(\d+)/", line)
            if found:
                self.port = int(found[1])
                break
        else:
            raise AssertionError("it does not start: %s" % self.said)

    def __enter__(self):
        return self

    def __exit__(self, problem=None, *_):
        asked = self.process.poll() is None
        if asked:
            self.process.terminate()
        self.process.wait(PATIENCE)
        with self.process.stderr as rest:
            said = rest.read()
        check(problem or not asked or self.process.returncode == 0, "it ends with %s: %s" % (self.process.returncode, said))

    def end(self, by=signal.SIGTERM):
        self.process.send_signal(by)
        status = self.process.wait(PATIENCE)
        self.said += self.process.stderr.read()
        return status

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            answer.text = answer.read().decode()
            return answer
        finally:
            connection.close()
