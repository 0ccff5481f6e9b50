"""Uses classify --line-by-line as a program at the other end of a pipe does: it writes a line, and the next one after
the answer. usage: run_pipe_test.py TOCSIN PLAN"""
import glob
import json
import os
import subprocess
import sys
import threading

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
LIMIT = 600  # seconds to wait for an answer before the test fails
BAD = [b"", b"   ", b"{", b"[1]", b"{}", b'["x"]', b"\xff\xfe\xfd", b'{"text": "x", "text": "y"}']


def posts():
    lines = []
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/fire-service/*.ndjson"))):
        with open(path, "rb") as file:
            lines += [line.rstrip(b"\n") for line in file if b'"text"' in line]
    assert len(lines) > 1000
    return lines


class Pipe:
    def __init__(self, tocsin, plan, *options):
        self.process = subprocess.Popen([tocsin, "classify", "-q", "--line-by-line", "-p", plan, *options, "-"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.timer = threading.Timer(LIMIT, self.process.kill)
        self.timer.daemon = True
        self.timer.start()

    def ask(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer.endswith(b"\n"), (line, answer)
        return json.loads(answer)

    def end(self):
        rest, _ = self.process.communicate()
        self.timer.cancel()
        return rest, self.process.returncode


def one_at_a_time(tocsin, plan, lines):
    """Good lines among bad ones, with the fewest and the most threads."""
    for jobs in ("1", "3"):
        pipe, rejected = Pipe(tocsin, plan, "-j", jobs), 0
        for number, line in enumerate(lines, 1):
            answer = pipe.ask(line)
            if line in BAD:
                assert answer["line"] == number and answer["error"] and len(answer) == 2, (line, answer)
                rejected += 1
            else:
                assert "tier" in answer and answer["id"] == json.loads(line).get("id", str(number)), (line, answer)
        assert rejected >= len(BAD)
        assert pipe.end() == (b"", 1)


def many_at_once(tocsin, plan, lines):
    """A burst gets the same answers as single lines, and the same verdicts as without the option."""
    pipe = Pipe(tocsin, plan)
    writer = threading.Thread(target=lambda: (pipe.process.stdin.write(b"\n".join(lines) + b"\n"), pipe.process.stdin.flush()))
    writer.start()
    answers = [pipe.process.stdout.readline() for _ in lines]
    writer.join()
    assert "tier" in pipe.ask(lines[1])
    assert pipe.end()[0] == b""
    done = subprocess.run([tocsin, "classify", "-q", "--all", "-p", plan, "-"], input=b"\n".join(lines), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    assert [a for a in answers if b'"tier"' in a] == done.stdout.splitlines(keepends=True)
    assert sum(b'"error"' in a for a in answers) == sum(line in BAD for line in lines)


def first_line_of_another_encoding(tocsin, plan):
    """The line is rejected, and the following lines are still read as UTF-8."""
    pipe = Pipe(tocsin, plan)
    assert "error" in pipe.ask(json.dumps({"text": "着火"}, ensure_ascii=False).encode("gb18030"))
    assert pipe.ask('{"text": "消防车四十分钟才到"}'.encode())["tier"] == "major"
    assert pipe.end() == (b"", 1)


def text_lines(tocsin, plan):
    pipe = Pipe(tocsin, plan, "--format", "text")
    assert pipe.ask("着火四十分钟消防车才到".encode())["tier"] == "major"
    assert "error" in pipe.ask(b"")
    assert pipe.ask("晴".encode())["tier"] == "none"
    pipe.process.stdin.write("消防车四十分钟才到".encode())  # the last line has no newline
    rest, status = pipe.end()
    assert rest.count(b"\n") == 1 and status == 0, (rest, status)


def wrong_use(tocsin, plan):
    for options in (["--to", "csv"], ["--format", "csv"], ["--format", "json"]):
        done = subprocess.run([tocsin, "classify", "--line-by-line", "-p", plan, *options, "-"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 2 and b"--line-by-line" in done.stderr and not done.stdout, done


def main():
    tocsin, plan = sys.argv[1:]
    good = posts()
    mixed = [line for i, line in enumerate(good[:200]) for line in ([BAD[i // 9 % len(BAD)], line] if i % 9 == 0 else [line])]
    one_at_a_time(tocsin, plan, mixed)
    many_at_once(tocsin, plan, mixed + good)
    first_line_of_another_encoding(tocsin, plan)
    text_lines(tocsin, plan)
    wrong_use(tocsin, plan)


main()
