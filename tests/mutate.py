"""Mutants: the library with one small mistake each, which the tests must find.
usage: mutate.py FOLDER [--count N] [--seed N] [--seconds N] [--layers text,rule,match,classify] [--again OUTPUT]

Works on a copy of the tree in FOLDER. A mutant that does not compile, or that the optimiser makes the same object of (so it is
no mistake), does not count; one is killed by a test program that fails, crashes or does not end: those of its layer and all that
are quick, the quickest first, then those of its layer again with sanitizers, as the suite runs. What survives is printed with its
place, for a person to judge: a mistake that no test finds, or no mistake at all. Each place is equally likely. --again: only
the mutants that survived an earlier run, read from its output."""
import argparse
import filecmp
import os
import random
import re
import shutil
import subprocess
import sys
import time

import compile_commands

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
QUICK = 4  # seconds that a test of another layer may take
PATIENT = 20  # the same of the layer's own with sanitizers
# The tests of each layer.
TESTS = {
    "text": ["test_fold_spans", "test_text_units", "test_originals", "test_fold_levels", "test_fold"],
    "rule": ["test_rule_text", "test_rule_logic", "test_rule_memory", "test_rule_shared", "test_rule_explain", "test_rule_evaluate"],
    "match": ["test_match", "test_regex_engine", "test_hostile_text"],
    "classify": ["test_classify", "test_batch", "test_occurrences", "test_examples", "test_stream"],
}
SWAPS = [("<=", "<"), (">=", ">"), ("<", "<="), (">", ">="), ("==", "!="), ("!=", "=="), ("&&", "||"), ("||", "&&"), ("+", "-"),
         ("-", "+"), ("++", "--"), ("+=", "-="), ("-=", "+="), ("&", "|"), ("|", "&"), ("<<", ">>"), (">>", "<<")]
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|//.*|->|\+\+|--|<<=|>>=|<=|>=|==|!=|&&|\|\||\+=|-=|<<|>>|[A-Za-z_]\w*|\d\w*|\S')


def mutants_of(line):
    """The possible mistakes in a line: (start, end, replacement)."""
    found = []
    for token in TOKEN.finditer(line):
        text, start, end = token[0], token.start(), token.end()
        spaced = line[start - 1:start] == " " and line[end:end + 1] == " "
        for old, new in SWAPS:
            if text == old and (spaced or old in ("++", "--")):
                found.append((start, end, new))
        if text in ("0", "1"):
            found.append((start, end, "1" if text == "0" else "0"))
        elif text.isdigit():
            found.append((start, end, str(int(text) + 1)))
        if text == "!" and re.match(r"[\w(]", line[end:]):
            found.append((start, end, ""))
        if text in ("continue", "break"):
            found.append((start, end + 1, ";"))
        if text == "if" and line[end:end + 2] == " (":
            found.append((start, end + 2, "if (!!0 && "))
    return found


def candidates(tree, layers):
    for layer in layers:
        folder = os.path.join(tree, "lib", layer)
        for name in sorted(os.listdir(folder)):
            # What is made for instructions of other machines, and tables, cannot all be run here.
            if not name.endswith(".c") or name.startswith("generate_") or "avx512" in name or "table" in name:
                continue
            path, comment = os.path.join(folder, name), False
            with open(path, encoding="utf-8") as source:
                for number, line in enumerate(source, 1):
                    comment = comment or line.lstrip().startswith("/*")
                    if not comment and re.search("[a-z]", line) and not line.startswith(("#", "typedef", "static const", "}")):
                        for mutant in mutants_of(line):
                            yield layer, path, number, mutant
                    if "*/" in line:
                        comment = False


def again(tree, output):
    """The mutants that survived an earlier run, at the present positions of their lines."""
    with open(output, encoding="utf-8") as said:
        found = re.findall(r"^SURVIVED (lib/(\w+)/\S+):(\d+): (.*)$", said.read(), flags=re.M)
    for name, layer, number, shown in found:
        path = os.path.join(tree, name)
        with open(path, encoding="utf-8") as source:
            lines = source.readlines()
        here = [(abs(at - int(number)), at, mutant) for at, line in enumerate(lines, 1) for mutant in mutants_of(line)
                if show(line, mutant) == shown]
        if here:
            _, at, mutant = min(here)
            yield layer, path, at, mutant
        else:
            print("no longer there: %s:%s: %s" % (name, number, shown), flush=True)


def show(line, mutant):
    start, end, instead = mutant
    return "%s[%s -> %s]%s" % (line[:start].lstrip(), line[start:end], instead, line[end:].rstrip())


def build(made, targets):
    return subprocess.run(["cmake", "--build", made, "-j", "1", "--target", *targets], capture_output=True, check=False).returncode == 0


def killed_by(made, tests, limits):
    """Returns the first test that fails; each test is linked before it runs."""
    for test in tests:
        if not build(made, [test]):
            return test
        try:
            done = subprocess.run(["./" + test], cwd=made + "/tests", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=10 + 5 * limits[test], check=False)
        except subprocess.TimeoutExpired:
            return test
        if done.returncode:
            return test
    return ""


def bring_up_to_date(tree):
    """Keeps unchanged files, so that they are not built again."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in ("build", ".git")]
        to = os.path.join(tree, os.path.relpath(folder, ROOT))
        os.makedirs(to, exist_ok=True)
        for name in files:
            ours, theirs = os.path.join(folder, name), os.path.join(to, name)
            if not os.path.exists(theirs) or not filecmp.cmp(ours, theirs, shallow=False):
                shutil.copy(ours, theirs)


def configure(tree, made, sanitizers, tests, most):
    """Builds the tests; returns the seconds of each test that takes at most `most`."""
    subprocess.run(["cmake", "-S", tree, "-B", made, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS=-O1",
                    "-DTOCSIN_SANITIZE=" + sanitizers, "-DTOCSIN_BUILD_TESTS=ON", "-DTOCSIN_BUILD_TOOLS=OFF",
                    "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"], check=True, capture_output=True)
    limits = {}
    for test in [test for test in tests if build(made, [test])]:
        began = time.time()
        try:
            subprocess.run(["./" + test], cwd=made + "/tests", check=True, capture_output=True, timeout=most)
        except subprocess.TimeoutExpired:
            continue
        limits[test] = time.time() - began
    return limits


def prepare(folder):
    tree, made, checked = folder + "/tree", folder + "/made", folder + "/checked"
    bring_up_to_date(tree)
    tests, layers = sorted(name[:-2] for name in os.listdir(tree + "/tests") if re.fullmatch(r"test_\w+\.c", name)), sum(TESTS.values(), [])
    limits = configure(tree, made, "", tests, None), configure(tree, checked, "address,undefined", layers, PATIENT)
    assert set(limits[0]).issuperset(layers), "the tree does not build"
    return tree, (made, checked), compile_commands.commands_of(made)[compile_commands.LIBRARY], limits


def optimised(command, folder):
    """The object that the optimiser produces for a source."""
    words, made = [word for word in command if word not in ("-g", "-O1")], folder + "/optimised.o"
    words[words.index("-o") + 1] = made
    if subprocess.run([*words, "-O2"], cwd=folder, capture_output=True, check=False).returncode:
        return None
    with open(made, "rb") as code:
        return code.read()


def try_mutant(mutant, builds, commands, limits):
    """None if the mutant does not count, else the test that killed it, or ""."""
    layer, path, number, (start, end, instead) = mutant
    with open(path, encoding="utf-8") as source:
        lines = source.readlines()
    kept, line = "".join(lines), lines[number - 1]
    lines[number - 1] = line[:start] + instead + line[end:]
    (made, checked), (plain, slow) = builds, limits
    tests = sorted((test for test in plain if test in TESTS[layer] or plain[test] < QUICK), key=plain.get)
    before = optimised(commands[path], made)
    try:
        with open(path, "w", encoding="utf-8") as out:
            out.write("".join(lines))
        if optimised(commands[path], made) in (None, before) or not build(made, ["tocsin_static"]):
            return None
        return killed_by(made, tests, plain) or \
            killed_by(checked, [test for test in TESTS[layer] if test in slow], slow)
    finally:
        with open(path, "w", encoding="utf-8") as out:
            out.write(kept)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no further one after so long")
    parser.add_argument("--layers", default="text,rule,match,classify")
    parser.add_argument("--again", metavar="OUTPUT")
    options = parser.parse_args()
    tree, builds, commands, limits = prepare(os.path.abspath(options.folder))
    found = list(again(tree, options.again) if options.again else candidates(tree, options.layers.split(",")))
    random.Random(options.seed).shuffle(found)
    counted, killed, until = 0, 0, time.time() + options.seconds
    print("%d places for a mistake" % len(found), flush=True)
    for mutant in found:
        if counted == options.count or time.time() > until:
            break
        result = try_mutant(mutant, builds, commands, limits)
        if result is None:
            continue
        counted += 1
        killed += bool(result)
        _, path, number, change = mutant
        if not result or options.again:
            with open(path, encoding="utf-8") as source:
                line = source.readlines()[number - 1]
            print("%s %s:%d: %s" % ("killed by " + result if result else "SURVIVED", os.path.relpath(path, tree), number,
                                    show(line, change)), flush=True)
        if counted % 20 == 0:
            print("%d of %d killed" % (killed, counted), flush=True)
    print("%d of %d mutants killed: %.1f %%" % (killed, counted, 100.0 * killed / max(counted, 1)))
    return 0 if counted and killed >= 0.85 * counted else 1


sys.exit(main())
