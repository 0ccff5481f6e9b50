"""Runs the library and its tests under clang's memory sanitizer: no decision may depend on a value that was never
written.
usage: run_msan.py BUILD FOLDER [TEST…]     BUILD has been built, with tests. Wants clang

It sees what is compiled with it alone; boundary.c says what the libraries underneath have written. What they are told is checked
where it is text. Left out are the tests that call ICU, Hyperscan or SQLite themselves."""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import compile_commands

LEFT_OUT = {"test_fold", "test_regex_admission", "test_forecast", "test_message_order"}
CLANG = ["clang", "-fsanitize=memory", "-fno-omit-frame-pointer", "-O1", "-g"]
LIBRARIES = ["libhs", "icu-uc", "icu-i18n", "libzstd", "yaml-0.1", "libxxhash", "check"]


def options_of(words):
    """The compile options of a source, without those that exclude a sanitizer."""
    return [word for i, word in enumerate(words) if re.match(r"-[Im]|-D(?!NDEBUG|_FORTIFY)|-std|-isystem", word) or words[i - 1] == "-isystem"]


def sources_of(target):
    return [(path, options_of(words)) for path, words in target.items()]


def compile_all(sources, folder):
    def compile_one(source):
        path, options = source
        made = os.path.join(folder, re.sub(r"\W", "_", path) + ".o")
        subprocess.run([*CLANG, *options, "-c", path, "-o", made], check=True)
        return made
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(compile_one, sources))


def main():
    build, folder = (os.path.abspath(path) for path in sys.argv[1:3])
    os.makedirs(folder, exist_ok=True)
    targets = {name: sources_of(target) for name, target in compile_commands.commands_of(build).items()}
    tests = sorted(name for name in targets if os.path.exists("%s/../%s.c" % (HERE, name)) and name not in LEFT_OUT)
    boundary = os.path.join(HERE, "boundary.c")
    sources = targets[compile_commands.LIBRARY]
    library = compile_all([*sources, (boundary, sources[0][1])], folder)
    with open(boundary, encoding="utf-8") as text:
        names = re.findall(r"WRAP\((\w+)\)\(", text.read())
    defined = subprocess.run(["nm", library[-1]], capture_output=True, text=True, check=True).stdout  # with ICU's version in the names
    wraps = ["-Wl,--wrap=" + name for name in re.findall(r" T __wrap_(\w+)", defined)]
    assert len(wraps) == len(set(names)) > 15, (wraps, names)
    libraries = subprocess.run(["pkg-config", "--libs", *LIBRARIES], capture_output=True, text=True, check=True).stdout.split()
    failed = 0
    for test in sys.argv[3:] or tests:
        program = os.path.join(folder, test)
        subprocess.run([*CLANG, "-o", program, *compile_all(targets[test], folder), *library, *wraps, *libraries, "-lcsv", "-lm", "-lpthread"],
                       check=True)
        done = subprocess.run([program], cwd=folder, capture_output=True, env=dict(os.environ, CK_FORK="no", MSAN_OPTIONS="halt_on_error=1"),
                              timeout=3000, check=False)
        told = (done.stdout + done.stderr).decode("utf-8", "replace")
        failed += done.returncode != 0
        print("%-24s %s" % (test, "".join(re.findall(r"^\d+%: .*", told, re.M)) if not done.returncode else told[:3000]), flush=True)
    print("%d programs failed" % failed)
    return 1 if failed else 0


sys.exit(main())
