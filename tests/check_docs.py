"""Runs the examples of documents: writes their files, runs their commands, compiles their programs, and compares the
output.
usage: check_docs.py [--write] TOCSIN CC LIBRARY_FOLDER DOCUMENT…

Fenced blocks are taken in their order, in one folder a document, which has examples/ of this tree; messages are in Chinese
for NAME.zh-CN.md:

    ```LANGUAGE NAME     a file of that name
    ```sh                commands, run by sh -e; they must end with 0
    ```python            a program that imports bindings/python, where there is cffi
    ```c                 a program; one without main is a fragment, put into a function that has the usual names
    ```text              exactly what the commands or the program before it print, both streams together; … at the end
                         of a line stands for the rest of it, alone in a line for any number of lines
    ```json              the same values, however they are laid out; with … as ```text
    ```LANGUAGE          otherwise to be read only: a verdict in it is a mistake, because nothing compares it
"""
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
FENCE = re.compile(r"^```(\S*)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
SHOWN_VERDICT = re.compile(r'"tier": ?"[^"]*", ?"clauses"')
PRELUDE = """#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tocsin/tocsin.h>
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
tocsin_status fragment(const char *text, size_t length, const tocsin_plan *shared);
tocsin_status fragment(const char *text, size_t length, const tocsin_plan *shared) {
    tocsin_error error = {0};
    tocsin_status status = TOCSIN_OK;
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_slot *slot = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    if (!shared) return status;
"""


class Reader:
    """One document, from its first block to its last."""

    def __init__(self, tocsin, cc, libraries, folder, locale):
        self.cc, self.libraries, self.folder = cc, os.path.abspath(libraries), folder
        self.printed, self.compared, self.blocks, self.skipped = None, 0, 0, False
        self.environment = dict(os.environ, LC_ALL=locale, LANGUAGE="", LD_LIBRARY_PATH=self.libraries)
        self.environment["PATH"] = os.path.dirname(os.path.abspath(tocsin)) + ":" + self.environment["PATH"]
        os.symlink(os.path.join(ROOT, "examples"), os.path.join(folder, "examples"))

    def run(self, words):
        done = subprocess.run(words, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, check=False)
        text = done.stdout.decode("utf-8", "backslashreplace")
        if done.returncode:
            raise AssertionError("exit %d: %s\n%s" % (done.returncode, words[-1], text))
        return text

    def compile(self, source):
        whole = re.search(r"\bmain\(", source)
        place = os.path.join(self.folder, ".block.c")
        with open(place, "w", encoding="utf-8") as out:
            out.write(source if whole else PRELUDE + source + "    return status;\n}\n")
        words = [self.cc, "-std=c17", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-pthread", place, "-I",
                 os.path.join(ROOT, "include")]
        if not whole:
            return self.run(words + ["-c", "-o", place + ".o"])
        self.run(words + ["-o", place + ".out", "-L", self.libraries, "-ltocsin"])
        return self.run([place + ".out"])

    def run_python(self, source):
        """None if cffi is missing: then the output is not compared."""
        package = os.path.join(self.folder, ".package")
        if importlib.util.find_spec("cffi") is None:
            print("SKIPPED: a program in Python was not run: there is no cffi; Debian's package is python3-cffi")
            return None
        if not os.path.exists(package):
            shutil.copytree(os.path.join(ROOT, "bindings", "python", "tocsin"), os.path.join(package, "tocsin"))
            self.run([sys.executable, "-B", os.path.join(ROOT, "bindings", "python", "make_interface.py"),
                      os.path.join(ROOT, "include"), self.cc, os.path.join(package, "tocsin", "_interface.py")])
        self.environment["PYTHONPATH"] = package
        self.environment["TOCSIN_LIBRARY"] = os.path.join(self.libraries, "libtocsin.so.0")
        return self.run([sys.executable, "-B", "-c", source])

    def take(self, language, name, body):
        """The expected block if the block shows the output of something; else None."""
        self.blocks += 1
        if name:
            place = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8") as out:
                out.write(body)
        elif language == "sh":
            self.printed, self.skipped = self.run(["sh", "-ec", body]), False
        elif language == "c":
            self.printed, self.skipped = self.compile(body), False
        elif language == "python":
            self.printed = self.run_python(body)
            self.skipped = self.printed is None
        elif language in ("text", "json"):
            if self.skipped:
                return None
            assert self.printed is not None, "nothing was run before this block"
            self.compared += 1
            return self.printed
        else:
            assert not SHOWN_VERDICT.search(body), "a verdict that nothing compares: make it ```json behind its commands"
        return None


def values(text):
    """The JSON values that follow each other; None if there is anything else."""
    found, at, decoder = [], 0, json.JSONDecoder()
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            return None
        found.append(value)
    return found


def matches(language, expected, printed):
    if language == "json" and "…" not in expected:
        return values(expected) is not None and values(expected) == values(printed)
    pattern = "".join("(?:.*\n)*" if line == "…" else re.escape(line[:-1]) + ".*\n" if line.endswith("…")
                      else re.escape(line) + "\n" for line in expected.splitlines())
    return re.fullmatch(pattern, printed) is not None


def check(path, write, tocsin, cc, libraries):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(tocsin, cc, libraries, folder, "zh_CN.UTF-8" if path.endswith(".zh-CN.md") else "C.UTF-8")
        pieces, end, wrong = [], 0, 0
        for block in FENCE.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            try:
                wanted = reader.take(block[1], block[2], block[3])
            except AssertionError as error:
                print("%s:%d: %s" % (path, line, error))
                return False
            pieces.append(text[end:block.start(3)])
            end = block.start(3)
            if wanted is not None and not matches(block[1], block[3], wanted):
                print("%s:%d: prints\n%s" % (path, line, wanted), end="")
                pieces.append(wanted)
                end, wrong = block.end(3), wrong + 1
    outside = re.sub(r"```.*?```", "", text, flags=re.S)
    if SHOWN_VERDICT.search(outside):
        print("%s: a verdict outside of a block, which nothing compares" % path)
        return False
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", re.sub(r"```.*?```", "", text, flags=re.S)):
        if not link.startswith("http") and not os.path.exists(os.path.join(os.path.dirname(path), link)):
            print("%s: there is no %s" % (path, link))
            return False
    if wrong and write:
        with open(path, "w", encoding="utf-8") as out:
            out.write("".join(pieces) + text[end:])
    print("%s: %d blocks, %d printed texts compared" % (os.path.relpath(path, ROOT), reader.blocks, reader.compared))
    return not wrong


def main():
    words = sys.argv[1:]
    write = "--write" in words
    words = [word for word in words if word != "--write"]
    results = [check(path, write, *words[:3]) for path in words[3:]]
    return 0 if results and all(results) else 1


sys.exit(main())
