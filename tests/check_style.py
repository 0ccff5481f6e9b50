#!/usr/bin/env python3
"""Checks the parts of the house style that a script can check.
"""

import re
import sys

import source_tree

FILE_LINES = 900  # generated tables may have more
FUNCTION_LINES = 60
ALLOCATION_FILE = "lib/base/memory.c"
ASSERT_FILE = "lib/base/assert.c"  # prints and aborts, in builds for tests
SOURCES = (".c", ".h", ".cpp")
BUILT_BY_SCRIPTS = ("tests/install/", "tests/msan/", "tests/packaging/", "tests/headers/")
SAME_NAME_ALLOWED = {"CMakeLists.txt", "README.md"}

ALLOCATION = r"malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|free|strdup|strndup|asprintf|vasprintf"
SIDE_EFFECTS = (
    r"abort|exit|_exit|quick_exit|atexit|printf|fprintf|vprintf|vfprintf|puts|putchar|fputs|perror|"
    r"time|clock|clock_gettime|gettimeofday|getenv|setenv|secure_getenv|system|rand|srand|signal|pthread_create"
)
FILES = r"fopen|open|openat|read|pread|mmap|opendir|readdir|stat|fstat|lstat|realpath"
LATER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.])/(?:home|work|root|Users)/\w")
LITERAL_PATH = re.compile(r'"/(?:usr|etc|opt|var|tmp|srv|mnt|bin|lib)\b[^"\n]*"')
GENERATED = re.compile(r"/\* Made by generate_\w+\.(?:c|py) from [^*]*: do not edit\. \*/\n")
DEFINITION = re.compile(r"^(?!static\b|typedef\b|extern\b)[A-Za-z_][\w \t*]*?\b(\w+)\([^;{}]*\)\s*\{", re.M)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.M)
PROTOTYPE = re.compile(r"^(?!#)([A-Za-z_][\w \t*]*?)\b(tocsin_\w+)\(", re.M)

CONTRACT = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*TOCSIN_API ([^;(]*?)\b(tocsin_\w+)\(([^;]*)\);", re.S)
SAME_CONTRACT = re.compile(r"\b[Aa]s (?:for |by |in )?tocsin_\w+|contract of tocsin_\w+")
THREADS = re.compile(r"[Tt]hread|No other call may use")


def calls(names):
    return re.compile(r"(?<![\w.>])(" + names + r")\s*\(")


def check_names(tree):
    seen = {}
    for path in tree.paths:
        name = path.rsplit("/", 1)[-1]
        if name in SAME_NAME_ALLOWED or not path.endswith(SOURCES + (".py", ".sh", ".inc")):
            continue
        if name == "check.h":
            yield path, 1, "check.h is the test framework's name"
        elif name in seen:
            yield path, 1, f"the name of {seen[name]} again"
        seen.setdefault(name, path)


def check_text(tree):
    """Rules for every file that people write."""
    for path in tree.select(*SOURCES, ".py", ".sh", ".txt", ".cmake", ".in", ".json", ".yaml", ".yml", ".md", "run"):
        if path.endswith(".txt") and not path.endswith("CMakeLists.txt"):
            continue
        text = tree.read(path)
        for pattern, message in ((LATER, "work left for later"), (SOMEBODYS_FOLDER, "a path of somebody's machine")):
            for found in pattern.finditer(text):
                yield path, source_tree.line_of(text, found.start()), f"{message}: {found.group()}"


def functions(text):
    """The first and last line of every brace at file scope that follows a parameter list."""
    text = DIRECTIVE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), source_tree.blank(text))
    depth, start, head = 0, None, 0
    for found in re.finditer(r"[{};]", text):
        at, token = found.start(), found.group()
        if token == "{":
            before = text[head:at]
            if depth == 0 and re.match(r"\s*(extern|namespace)\b[^()]*$", before):
                head = at + 1
                continue
            if depth == 0 and "(" in before and "=" not in before:
                start = head + len(before) - len(before.lstrip())
            depth += 1
        elif token == "}" and depth:
            depth -= 1
            if depth == 0 and start is not None:
                yield source_tree.line_of(text, start), source_tree.line_of(text, at)
                start = None
        if depth == 0:
            head = at + 1


def check_lengths(tree):
    for path in tree.select(*SOURCES):
        text = tree.read(path)
        if text.count("\n") >= FILE_LINES and not GENERATED.match(text):
            yield path, text.count("\n"), f"{text.count(chr(10))} lines; a file has fewer than {FILE_LINES}"
        for first, last in functions(text):
            if last - first + 1 >= FUNCTION_LINES:
                yield path, first, f"{last - first + 1} lines; a function has fewer than {FUNCTION_LINES}"


def check_calls(tree):
    rules = (
        (calls(ALLOCATION), lambda path: path == ALLOCATION_FILE, "memory comes from an allocator"),
        (calls(SIDE_EFFECTS), lambda path: path == ASSERT_FILE, "the library does not print, end, wait or look around"),
        (calls(FILES), lambda path: "file" in path.rsplit("/", 1)[-1], "files are read where the file name says so"),
    )
    for path in tree.select(".c", ".h", under="lib/"):
        if path.rsplit("/", 1)[-1].startswith("generate_"):
            continue
        text = source_tree.blank(tree.read(path))
        for pattern, exempt, message in rules:
            if not exempt(path):
                for found in pattern.finditer(text):
                    yield path, source_tree.line_of(text, found.start()), f"{found.group(1)}: {message}"


def check_openings(tree):
    for path in tree.select(".c", ".cpp"):
        if not tree.read(path).startswith("/*"):
            yield path, 1, "a source opens with a comment: what this is, why this way"


def check_literals(tree):
    for path in tree.select(*SOURCES, under="lib/") + tree.select(*SOURCES, under="tools/"):
        text = tree.read(path)
        for found in LITERAL_PATH.finditer(text):
            yield path, source_tree.line_of(text, found.start()), f"an absolute path: {found.group()}"


def check_contracts(tree):
    """Public functions are marked and documented; every other symbol that leaves a file has a private name."""
    public = set()
    for path in tree.select(".h", under="include/"):
        raw = tree.read(path)
        text = source_tree.blank(raw)
        for found in PROTOTYPE.finditer(text):
            if "typedef" in found.group(1):
                continue
            line = source_tree.line_of(text, found.start())
            public.add(found.group(2))
            if not found.group(1).startswith("TOCSIN_API "):
                yield path, line, f"{found.group(2)} is not marked TOCSIN_API"
            if not raw[: found.start()].rstrip(" \t").endswith("*/\n"):
                yield path, line, f"{found.group(2)} has no contract above it"
        for found in CONTRACT.finditer(raw):
            contract = " ".join(re.sub(r"\n\s*\*", " ", found.group(1)).split())
            if SAME_CONTRACT.search(contract):
                continue
            line, name = source_tree.line_of(raw, found.start()), found.group(3)
            if not THREADS.search(contract):
                yield path, line, f"the contract of {name} says nothing of threads"
            if found.group(2).startswith("tocsin_status") and "TOCSIN_ERROR_" not in contract:
                yield path, line, f"the contract of {name} names no status"
            if "tocsin_error *error" in found.group(4) and not re.search(r"\berror may be NULL", contract):
                yield path, line, f"the contract of {name} does not say that error may be NULL"
    for path in tree.select(".c", under="lib/"):
        text = source_tree.blank(tree.read(path))
        for found in DEFINITION.finditer(text):
            name = found.group(1)
            if re.search(r"\bstatic\b", found.group()):  # an attribute may stand before it
                continue
            if not name.startswith("tocsin__") and name not in public and name != "main":
                yield path, source_tree.line_of(text, found.start()), f"{name} is neither static, tocsin__ nor public"


def check_listed(tree):
    """CMake lists each source by name; nobody would notice that a missing one is not built."""
    for folder in ("lib", "tools", "bench", "tests"):
        lists = [path for path in tree.select("CMakeLists.txt", ".cmake", under=folder + "/")]
        named = set(re.findall(r"[\w./-]+", " ".join(tree.read(path) for path in lists)))
        named = {name.rsplit("/", 1)[-1] for name in named} | {name + ".c" for name in named}
        for path in tree.select(".c", ".cpp", under=folder + "/") if named else []:
            name = path.rsplit("/", 1)[-1]
            if name not in named and not path.startswith(BUILT_BY_SCRIPTS) and not name.startswith("fuzz_"):
                yield path, 1, "no CMakeLists.txt names it"


CHECKS = (check_listed, check_names, check_text, check_lengths, check_calls, check_openings, check_literals, check_contracts)


def check(tree):
    return [f"{path}:{line}: {message}" for one in CHECKS for path, line, message in one(tree)]


HEADER = "/** Does it. Thread-safe always. */\nTOCSIN_API int tocsin_do(int x,\n                         int y);\n"
LONG = "/* x */\nstatic int f(void) {\n" + "    g();\n" * 60 + "}\n"
LONG_SIGNATURE = "/* x */\nstatic int f(int a,\n  int b,\n  int c) {\n" + "    if (x) {\n    }\n" * 29 + "}\n"
LONG_CPP = "/* x */\nnamespace {\nint f() {\n" + "    g();\n" * 60 + "}\n}\nextern \"C\" {\nint y;\n}\n"

CLEAN = {
    "include/tocsin/do.h": HEADER + "typedef int (*tocsin_reader)(int x);\n",
    "lib/base/memory.c": "/* x */\nint tocsin_do(int x, int y) { return malloc(x + y) != 0; }\n",
    "lib/base/table.c": "/* malloc( */\nstatic const int t[] = {\n" + "    1,\n" * 70 + "};\n",
    "lib/plan/plan_files.c": '/* x */\nint tocsin__r(void) { return fopen("a", "r") != 0; }\n',
    "lib/plan/use.c": "/* x */\nstatic void f(struct s *a) {\n    a->free(a);\n    tocsin__printf(a);\n    snprintf(0, 0, 0);\n}\n",
    "lib/text/generate_tables.c": "/* x */\nint main(void) { return printf(0); }\n",
    "tests/test_x.c": '/* x */\nint main(void) { return system("/tmp/XXXXXX"); }\n',
    "tools/CMakeLists.txt": "",
    "lib/CMakeLists.txt": "",
}

VIOLATIONS = [
    ({"tools/plan_files.c": "/* x */\n"}, "again"),
    ({"lib/base/check.h": ""}, "test framework"),
    ({"lib/base/a.c": "/* x */\n" + "int x;\n" * 899}, "a file has fewer than"),
    ({"lib/base/a.c": LONG}, "a function has fewer than"),
    ({"tools/a.c": LONG_SIGNATURE}, "a function has fewer than"),
    ({"tools/a.cpp": LONG_CPP}, "a function has fewer than"),
    ({"lib/base/a.c": "/* x */\nvoid *tocsin__a(void) { return malloc(1); }\n"}, "malloc: memory comes"),
    ({"lib/base/a.h": "static void a(char *p) { free(p); }\n"}, "free: memory comes"),
    ({"lib/base/a.c": "/* x */\nstatic char *a(void) { return strdup(0); }\n"}, "strdup: memory comes"),
    ({"lib/base/a.c": "/* x */\nstatic void a(void) { abort(); }\n"}, "abort: the library does not"),
    ({"lib/base/a.c": "/* x */\nstatic void a(void) { fprintf(stderr, 0); }\n"}, "fprintf: the library does not"),
    ({"lib/base/a.c": "/* x */\nstatic long a(void) { return time(0); }\n"}, "time: the library does not"),
    ({"lib/base/a.c": "/* x */\nstatic char *a(void) { return getenv(0); }\n"}, "getenv: the library does not"),
    ({"lib/base/a.c": "/* x */\nstatic void *a(void) { return fopen(0, 0); }\n"}, "where the file name says so"),
    ({"lib/base/a.c": "#include <stddef.h>\n"}, "a source opens with a comment"),
    ({"lib/base/a.c": "/* x */\nint y; /* TO" + "DO: later */\n"}, "work left for later"),
    ({"run": "# FIX" + "ME\n"}, "work left for later"),
    ({"docs/a.md": "see /ho" + "me/me/notes\n"}, "somebody's machine"),
    ({"lib/base/a.c": '/* x */\nstatic const char *p = "/usr/share/x";\n'}, "an absolute path"),
    ({"include/tocsin/b.h": "/** Does. */\nint tocsin_b(void);\n"}, "not marked TOCSIN_API"),
    ({"include/tocsin/b.h": "\nTOCSIN_API int tocsin_b(void);\n"}, "no contract above it"),
    ({"include/tocsin/b.h": "/** Does. */\nTOCSIN_API int tocsin_b(void);\n"}, "nothing of threads"),
    ({"include/tocsin/b.h": "/** Thread-safe. */\nTOCSIN_API tocsin_status tocsin_b(void);\n"}, "names no status"),
    ({"include/tocsin/b.h": "/** Thread-safe. */\nTOCSIN_API int tocsin_b(tocsin_error *error);\n"}, "error may be NULL"),
    ({"tools/CMakeLists.txt": "add_executable(x a.c)", "tools/a.c": "/* x */\n", "tools/b.c": "/* x */\n"}, "no CMakeLists.txt names"),
    ({"lib/base/a.c": "/* x */\nint helper(void) { return 1; }\n"}, "neither static"),
    ({"lib/base/a.c": "/* x */\nint tocsin_hidden(void) {\n    return 1;\n}\n"}, "neither static"),
]

if __name__ == "__main__":
    sys.exit(source_tree.main(check, CLEAN, VIOLATIONS, "style"))
