"""What the tests of the programs share: a check, a file written, and a run of all test_ functions of a module."""
import tempfile
import time


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def write(path, text, mode="w"):
    with open(path, mode, encoding="utf-8") as out:
        out.write(text)
    return path


def run_tests(module, names, world=lambda folder: folder):
    """
    Runs each test_NAME of `module` (its globals) that `names` has, or all when it is empty, on the world of a fresh folder.
    Returns the exit status: 0, or 1 when one failed or when there is none of a name.
    """
    tests = {name[5:]: test for name, test in module.items() if name.startswith("test_")}
    failed = sorted(set(names) - set(tests))
    for name in failed:
        print("FAIL %s: there is no such test" % name)
    for name, test in tests.items():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            started = time.time()
            try:
                test(world(folder))
                print("ok   %s, %.1f s" % (name, time.time() - started), flush=True)
            except AssertionError as problem:
                failed.append(name)
                print("FAIL %s: %s" % (name, problem), flush=True)
    return 1 if failed else 0

