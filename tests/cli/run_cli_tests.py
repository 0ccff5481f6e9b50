#!/usr/bin/env python3
"""Runs the command line and compares its output exactly with the cases.

A case file is Markdown. Every "## title" starts a case; its fenced blocks say what happens:

    ```sh                the commands, run by sh -eu in a fresh folder that holds copies of plans/ and data/
    ```sh large          the same, for gigabytes: run only where TOCSIN_TEST_ROUNDS is "all", as in ./run check, and never
                         under sanitizers, where buffers are of a few bytes
    ```sh plain          the same, for many megabytes: run everywhere but under sanitizers
    ```file NAME         a file that is there before
    ```stdin             standard input of the commands
    ```stdout            what must be printed; nothing when the block is missing
    ```stderr            the same for standard error
    ```exit              the exit status; 0 when the block is missing

{{*}} in expected output stands for anything within a line (times, rates). "bytes" after file NAME or stdin turns \\xHH
into that byte and drops the last end of line. Text outside the blocks is for the reader.
"""
import argparse
import difflib
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT_SECONDS = 1200


class Case:
    def __init__(self, title, place):
        self.title = title
        self.place = place
        self.large = self.plain = False
        self.files = {}
        self.blocks = {}

    def add(self, info, body):
        words = info.split()
        kind = words[0]
        if words[-1] == "bytes":
            body = re.sub(rb"\\x([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), body[:-1])
        if kind == "file":
            self.files[words[1]] = body
        elif kind in ("sh", "stdin", "stdout", "stderr", "exit") and kind not in self.blocks:
            self.blocks[kind] = body
            self.large |= words[1:] == ["large"]
            self.plain |= words[1:] == ["plain"]
        else:
            raise SystemExit(f"{self.place}: a block {info!r} is not known, or stands twice")


def read_cases(path):
    cases, info, body = [], None, []
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        if info is not None:
            if line.rstrip() == b"```":
                cases[-1].add(info, b"".join(body))
                info = None
            else:
                body.append(line)
        elif line.startswith(b"## "):
            cases.append(Case(line[3:].decode().strip(), f"{path.name}:{number}"))
        elif line.startswith(b"```") and cases:
            info, body = line[3:].decode().strip(), []
    if info is not None:
        raise SystemExit(f"{path}: the last block is not closed")
    return cases


def matches(expected, actual):
    pattern = b"[^\n]*".join(re.escape(part) for part in expected.split(b"{{*}}"))
    return re.fullmatch(pattern, actual) is not None


def show_difference(name, expected, actual):
    lines = difflib.unified_diff(
        expected.decode("utf-8", "backslashreplace").splitlines(),
        actual.decode("utf-8", "backslashreplace").splitlines(),
        f"{name} expected", f"{name} printed", lineterm="", n=1)
    for line in lines:
        print("    " + line[:400])


def rewrite(path, case, name, expected, actual):
    """Replaces the expected output of a case by the actual one; only in blocks that exist already."""
    text = path.read_bytes()
    start = text.index(f"## {case.title}\n".encode())
    block = f"```{name}\n".encode()
    text = text[:start] + text[start:].replace(block + expected + b"```", block + actual + b"```", 1)
    path.write_bytes(text)


def run_case(case, environment, path_to_write=None):
    with tempfile.TemporaryDirectory(prefix="tocsin-cli-") as folder:
        for name in ("plans", "data"):
            shutil.copytree(HERE / name, pathlib.Path(folder) / name)
        for name, body in case.files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        done = subprocess.run(["sh", "-eu", "-c", case.blocks["sh"].decode()], cwd=folder, env=environment,
                              input=case.blocks.get("stdin", b""), capture_output=True, timeout=TIMEOUT_SECONDS)
    wanted = int(case.blocks.get("exit", b"0"))
    printed = {"stdout": done.stdout, "stderr": done.stderr}
    wrong = [name for name, text in printed.items() if not matches(case.blocks.get(name, b""), text)]
    if not wrong and done.returncode == wanted:
        return True
    print(f"FAILED {case.place}: {case.title}")
    if done.returncode != wanted:
        print(f"    exit status {done.returncode}, expected {wanted}")
    for name in wrong:
        show_difference(name, case.blocks.get(name, b""), printed[name])
        if path_to_write:
            rewrite(path_to_write, case, name, case.blocks.get(name, b""), printed[name])
    return False


SKIPPED = 77  # ctest counts this status as skipped


def has_terminals():
    """Whether this system can create a pseudo-terminal; a chroot without /dev/pts cannot."""
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tocsin", required=True, type=pathlib.Path, help="the executable")
    parser.add_argument("--write", action="store_true", help="make what is printed what is expected; read it after")
    parser.add_argument("cases", nargs="*", type=pathlib.Path, help="case files; all when none is named")
    arguments = parser.parse_args()
    environment = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm")
    environment["PATH"] = f"{arguments.tocsin.resolve().parent}:{environment['PATH']}"
    for name in ("NO_COLOR", "LD_PRELOAD"):
        environment.pop(name, None)
    sanitized = "ASAN_OPTIONS" in environment or "TSAN_OPTIONS" in environment
    large = environment.get("TOCSIN_TEST_ROUNDS") == "all" and not sanitized
    passed = total = skipped = 0
    for path in arguments.cases or sorted((HERE / "cases").glob("*.md")):
        if path.stem == "terminal" and not has_terminals():
            print(f"skipped: {path.name}: no pseudo-terminal can be opened here (is /dev/pts mounted?)")
            if len(arguments.cases) == 1:
                return SKIPPED
            continue
        for case in read_cases(path):
            if case.large and not large:
                print(f"skipped: {case.place}: {case.title}: it is large: TOCSIN_TEST_ROUNDS=all, without sanitizers")
                skipped += 1
                continue
            if case.plain and sanitized:
                print(f"skipped: {case.place}: {case.title}: not under sanitizers")
                skipped += 1
                continue
            total += 1
            passed += run_case(case, environment, path if arguments.write else None)
    print(f"{passed} of {total} cases passed")
    if skipped and not total:
        return SKIPPED
    return 0 if total and passed == total else 1


if __name__ == "__main__":
    sys.exit(main())
