#!/usr/bin/env python3
"""Times `tocsin classify` on an archive against zstd alone and against grep and ripgrep behind zstd, in turn.

    archive.py --tocsin build/release/bin/tocsin --words WORDS ARCHIVE.ndjson.zst…

WORDS has a word a line. tocsin grades by a plan of these words and by --plan; grep and rg look for the words as fixed
strings, once with -c, which leaves a line at its first word, and once with -o, which finds them all. The bytes that tocsin
writes are the same for one and two threads, and grep and rg count the same, or the run ends with exit status 1. Medians of
--rounds; wall clock, warm files, output thrown away. Programs that are not installed are left out, and a line says so.
"""
import argparse
import hashlib
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PLAN = """plan: words of a list
version: "1"
topics: {words: {terms: [words.txt]}}
tiers: [{id: general, clauses: [{id: G1, when: words}]}]
"""


def commands(arguments, folder, archive):
    tocsin, words = f"'{arguments.tocsin}' classify -q", folder / "words.txt"
    yield "zstd -dc", f"zstd -dc '{archive}'"
    for jobs in (1, 2):
        yield f"words -j{jobs}", f"{tocsin} -p '{folder}' -j{jobs} '{archive}'"
        yield f"plan -j{jobs}", f"{tocsin} -p '{arguments.plan}' -j{jobs} '{archive}'"
    for program in ("grep", "rg"):
        if not shutil.which(program):
            print(f"archive: {program} is not installed and is left out", file=sys.stderr)
            continue
        yield f"{program} -c", f"zstd -dc '{archive}' | {program} -F -c -f '{words}'"
        yield f"{program} -o", f"zstd -dc '{archive}' | {program} -F -o -f '{words}' | wc -l"


def digest(command):
    result = hashlib.sha256()
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE) as process:
        while block := process.stdout.read(1 << 20):
            result.update(block)
    if process.returncode:
        sys.exit(f"archive: exit status {process.returncode}: {command}")
    return result.hexdigest()


def check(all_commands):
    """Checks that every pair gives the same result; this also brings the files into memory."""
    said = {name: digest(command) for name, command in all_commands.items()}
    for one, other in (("words -j1", "words -j2"), ("plan -j1", "plan -j2"), ("grep -c", "rg -c"), ("grep -o", "rg -o")):
        if one in said and other in said and said[one] != said[other]:
            sys.exit(f"archive: {one} and {other} do not say the same")


def seconds(command):
    began = time.perf_counter()
    subprocess.run(["sh", "-c", f"{command} > /dev/null"], check=True)
    return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tocsin", required=True)
    parser.add_argument("--plan", default=pathlib.Path(__file__).resolve().parent.parent / "examples/fire-service")
    parser.add_argument("--words", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
        shutil.copyfile(arguments.words, folder / "words.txt")
        for archive in arguments.archives:
            all_commands = dict(commands(arguments, folder, archive))
            check(all_commands)
            times = {command: [] for command in all_commands}
            for _ in range(arguments.rounds):
                for command, line in all_commands.items():
                    times[command].append(seconds(line))
            median = {command: statistics.median(list_) for command, list_ in times.items()}
            print(f"\n| {pathlib.Path(archive).name} | s | ÷ zstd -dc | ÷ words -j2 |\n|---|---|---|---|")
            for command, value in median.items():
                print(f"| {command} | {value:.2f} | {value / median['zstd -dc']:.2f} | "
                      f"{value / median['words -j2']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
