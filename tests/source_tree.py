"""The files of the tree, for the checks: paths with forward slashes, relative to the root, generated folders left out.

Every check prints `file:line: message` for each finding and exits with 1 if there is one. With --self-test it plants
each kind of violation in a tree of its own and fails unless exactly that violation is found.
"""

import pathlib
import re
import sys
import tempfile

LEFT_OUT = {"build", "out", "__pycache__"}
ROOT = pathlib.Path(__file__).resolve().parent.parent


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.paths = sorted(
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*")
            if path.is_file() and self.kept(path.relative_to(self.root).parts)
        )

    @staticmethod
    def kept(parts):
        hidden = parts[0].startswith(".") and parts[0] != ".ci"
        return not hidden and not LEFT_OUT.intersection(parts[:-1])

    def select(self, *suffixes, under=""):
        return [path for path in self.paths if path.endswith(suffixes) and path.startswith(under)]

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")


def blank(text):
    """C source with comments and the inside of literals replaced by spaces; lines and columns stay."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def plant(sources):
    """A temporary folder holding the given {path: text}."""
    folder = tempfile.TemporaryDirectory()
    for path, text in sources.items():
        target = pathlib.Path(folder.name, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def self_test(check, clean, violations):
    """check(Tree) must find nothing in clean, and each violation (files, part of the message) planted beside it."""
    failures = 0
    with plant(clean) as folder:
        for finding in check(Tree(folder)):
            print(f"self-test: found in a clean tree: {finding}")
            failures += 1
    for sources, message in violations:
        with plant({**clean, **sources}) as folder:
            findings = check(Tree(folder))
        if not findings or any(message not in finding for finding in findings):
            print(f"self-test: wanted only '{message}', found {findings}")
            failures += 1
    print(f"self-test: {len(violations)} planted violations, {failures} not found as they should be")
    return 1 if failures else 0


def main(check, clean, violations, what):
    if sys.argv[1:] == ["--self-test"]:
        return self_test(check, clean, violations)
    tree = Tree(sys.argv[1] if len(sys.argv) > 1 else ROOT)
    findings = check(tree)
    for finding in findings:
        print(finding)
    print(f"{what}: {len(tree.paths)} files, {len(findings)} findings")
    return 1 if findings else 0
