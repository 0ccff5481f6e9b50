#!/usr/bin/env python3
"""Checks includes: the layers of lib/README.md, one adaptor for each dependency, and only public headers outside
lib/.

    check_layers.py [TREE]            what the sources include
    check_layers.py --calls BUILD     who calls whom: no two files that are built there, and no longer circle of them,
                                      may need each other's symbols
"""

import fnmatch
import json
import os
import re
import subprocess
import sys

import source_tree

LAYERS = ["base", "text", "codec", "lexicon", "rule", "match", "learn", "plan", "classify", "track"]
STRANGERS = {("lexicon", "rule"), ("rule", "lexicon")}

# header → the files that may include it; tests may include any, as oracles.
ADAPTORS = [
    ("hs.h", ["lib/match/hyperscan_*.[ch]", "bench/tocsin-bench/raw_hyperscan.c"]),
    ("hs_*.h", ["lib/match/hyperscan_*.[ch]", "bench/tocsin-bench/raw_hyperscan.c"]),
    ("hs/*", ["lib/match/hyperscan_*.[ch]", "bench/tocsin-bench/raw_hyperscan.c"]),
    ("unicode/*", ["lib/text/*.c", "bench/tocsin-bench/icu_casefold.cpp", "tools/feed/text_decoder.c"]),
    ("yaml.h", ["lib/plan/yaml_*.c"]),
    ("csv.h", ["lib/lexicon/csv_reader.c", "tools/feed/csv_table.c"]),
    ("xxhash.h", ["lib/base/hash.c", "tools/feed/tool_hash.c"]),
    ("linear.h", ["tools/learn/learn_fit.c"]),
    ("zstd*.h", ["lib/codec/*.c", "tools/feed/zstd_reader.c"]),
    ("zlib.h", ["tools/feed/gzip_reader.c"]),
    ("simdjson.h", ["tools/*.cpp"]),
    ("curl/*", ["tools/notify/notify_send.c"]),
    ("openssl/*", ["tools/notify/hmac_text.c", "tools/serve/serve_secret.c"]),
    ("microhttpd.h", ["tools/serve/serve_http.c"]),
    ("librdkafka/*", ["tools/kafka/*.[ch]", "tools/tocsin-kafka/*.[ch]", "tools/tocsin/watch_kafka.c"]),
]
ONLY_ONE_FILE = {"simdjson.h"}
STANDARD_IN_PUBLIC = {"stddef.h", "stdint.h"}
OUTSIDE_LIB = ("tools/", "bench/", "examples/")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.M)


def includes(tree, path):
    text = tree.read(path)
    for found in INCLUDE.finditer(text):
        yield source_tree.line_of(text, found.start()), found.group(1) == '"', found.group(2)


def check_edge(tree, path, name):
    """The reason why a quoted include of a file in lib/ is wrong, or None."""
    here, there = path.split("/")[1], name.split("/")[0]
    if "/" not in name or there not in LAYERS:
        return f'"{name}" does not name a layer and a file'
    if here not in LAYERS:
        return f"{here} is not a layer"
    if (here, there) in STRANGERS:
        return f"sideways: {here} and {there} never include each other"
    if LAYERS.index(there) > LAYERS.index(here):
        return f"upward: {here} includes {there}"
    if re.search(r"_run\.[ch]$", path) and re.search(r"_build\.h$", name):
        return "what runs includes what builds"
    if f"lib/{name}" not in tree.paths:
        return f'there is no "{name}" in lib/'
    return None


def check_dependency(path, name):
    for header, allowed in ADAPTORS:
        if fnmatch.fnmatch(name, header) and not any(fnmatch.fnmatch(path, pattern) for pattern in allowed):
            return f"<{name}> belongs in {' or '.join(allowed)} alone"
    return None


def check_outside(tree, path, name, quoted):
    """tools, bench and examples: public headers, and headers of their own folder; bench reads feeds as the tools do."""
    if not quoted:
        return None
    top, folder = path.split("/")[0], path.rsplit("/", 1)[0]
    if f"{folder}/{name}" in tree.paths or f"{top}/{name}" in tree.paths:
        return None
    if top == "bench" and name.startswith("feed/") and f"tools/{name}" in tree.paths:
        return None
    return f'"{name}" is no header of {top}/; lib/ is used through <tocsin/…>'


def check_include(tree, path, name, quoted):
    wrong = None
    if not path.startswith("tests/"):
        wrong = check_dependency(path, name)
    if path.startswith("lib/") and quoted:
        wrong = wrong or check_edge(tree, path, name)
    elif path.startswith("include/"):
        if quoted or not (name.startswith("tocsin/") or name in STANDARD_IN_PUBLIC):
            wrong = wrong or f"a public header includes {name}"
    elif path.startswith(OUTSIDE_LIB):
        wrong = wrong or check_outside(tree, path, name, quoted)
    return wrong


def check(tree):
    findings, users = [], {}
    for path in tree.select(".c", ".h", ".cpp", ".inc"):
        for line, quoted, name in includes(tree, path):
            wrong = check_include(tree, path, name, quoted)
            if wrong:
                findings.append(f"{path}:{line}: {wrong}")
            if name in ONLY_ONE_FILE and not path.startswith("tests/"):
                users.setdefault(name, []).append(path)
    for name, paths in users.items():
        for path in paths[1:]:
            findings.append(f"{path}:1: <{name}> is included by {paths[0]} already")
    return findings


# ---- who calls whom, from the built objects

CIRCLES_IN = ("lib/", "tools/", "bench/")
DEFINED = set("TDBRVWCSGi")


def objects(build):
    """Maps each source that the build compiles to its object; objects of deleted files are left out."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    found = {}
    for command in commands:
        path = os.path.relpath(os.path.realpath(command["file"]), source_tree.ROOT)
        output = command.get("output") or re.search(r" -o (\S+)", command["command"]).group(1)
        output = os.path.join(command["directory"], output)
        if path.startswith(CIRCLES_IN) and os.path.exists(output):
            found.setdefault(path, output)
    return found


def symbols(listing):
    """The defined and the needed symbols in the output of nm (POSIX form)."""
    defined, needed = set(), set()
    for line in listing.splitlines():
        words = line.split()
        if len(words) >= 2 and words[1] == "U":
            needed.add(words[0])
        elif len(words) >= 2 and words[1] in DEFINED:
            defined.add(words[0])
    return defined, needed


def calls(listings):
    """path → {path: the symbols of it that are needed}, from path → output of nm. Programs may each define a symbol of
    the same name, as main: what several files define is needed of none."""
    tables = {path: symbols(listing) for path, listing in listings.items()}
    owners = {}
    for path, (defined, _) in tables.items():
        for name in defined:
            owners.setdefault(name, []).append(path)
    edges = {}
    for path, (_, needed) in tables.items():
        edges[path] = {}
        for name in sorted(needed):
            if len(owners.get(name, [])) == 1 and owners[name][0] != path:
                edges[path].setdefault(owners[name][0], []).append(name)
    return edges


def circles(edges):
    """The sets of files that reach each other (Tarjan), without recursion."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []
    for root in sorted(edges):
        if root in index:
            continue
        work = [(root, iter(sorted(edges[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            at, rest = work[-1]
            for there in rest:
                if there not in index:
                    index[there] = low[there] = len(index)
                    stack.append(there)
                    on_stack.add(there)
                    work.append((there, iter(sorted(edges[there]))))
                    break
                if there in on_stack:
                    low[at] = min(low[at], index[there])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[at])
                if low[at] == index[at]:
                    circle = set()
                    while at not in circle:
                        circle.add(stack.pop())
                    on_stack -= circle
                    if len(circle) > 1:
                        found.append(circle)
    return found


def check_calls(listings):
    findings, edges = [], calls(listings)
    for circle in circles(edges):
        findings.append("a circle: " + ", ".join(sorted(circle)))
        for path in sorted(circle):
            for there in sorted(circle & set(edges[path])):
                both = " (both ways)" if path in edges[there] else ""
                findings.append(f"    {path} needs of {there}{both}: {', '.join(edges[path][there])}")
    return findings


def main_calls(build):
    paths = objects(build)
    if not any(path.startswith("lib/") for path in paths):
        print(f"calls: no objects of lib/ in {build}: build first")
        return 1
    listings = {}
    for path, output in paths.items():
        listings[path] = subprocess.run(["nm", "-P", output], capture_output=True, text=True, check=True).stdout
    findings = check_calls(listings)
    for finding in findings:
        print(finding)
    print(f"calls: {len(paths)} objects, {len(findings)} findings")
    return 1 if findings else 0


CALLS = {
    "lib/a.c": "a_one T 0 8\nb_one U \nmain U \nmemcpy U \n",
    "lib/b.c": "b_one T 0 8\nb_own t 0 8\nc_one U \n",
    "lib/c.c": "c_one T 0 8\nc_table R 0 8\n",
    "tools/x.c": "main T 0 8\na_one U \n",
    "tools/y.c": "main T 0 8\na_one U \n",
}

CIRCLES = [
    ({}, []),
    ({"lib/b.c": "b_one T 0 8\na_one U \n"},
     ["a circle: lib/a.c, lib/b.c", "(both ways): b_one", "(both ways): a_one"]),
    ({"lib/c.c": "c_one T 0 8\na_one U \n"},
     ["a circle: lib/a.c, lib/b.c, lib/c.c", "lib/a.c needs of lib/b.c: b_one", "lib/b.c needs of lib/c.c: c_one",
      "lib/c.c needs of lib/a.c: a_one"]),
]


def self_test_calls():
    failures = 0
    for changed, wanted in CIRCLES:
        findings = check_calls({**CALLS, **changed})
        if len(findings) != len(wanted) or any(part not in finding for part, finding in zip(wanted, findings)):
            print(f"self-test: wanted {wanted}, found {findings}")
            failures += 1
    print(f"self-test: {len(CIRCLES)} call graphs, {failures} not judged as they should be")
    return 1 if failures else 0


CLEAN = {
    "include/tocsin/a.h": "#include <stddef.h>\n#include <tocsin/b.h>\n",
    "lib/base/vec.h": "#include <tocsin/a.h>\n",
    "lib/base/hash.c": '#include "base/vec.h"\n#include <xxhash.h>\n',
    "lib/lexicon/terms.h": '#include "base/vec.h"\n',
    "lib/rule/parse.h": '#include "base/vec.h"\n',
    "lib/match/hyperscan_build.h": '#include "lexicon/terms.h"\n',
    "lib/match/hyperscan_build.c": '#include "match/hyperscan_build.h"\n#include <hs/hs.h>\n',
    "lib/plan/plan.h": '#include "match/hyperscan_build.h"\n#include "rule/parse.h"\n',
    "tools/feed/feed.h": "#include <tocsin/a.h>\n",
    "tools/feed/json.cpp": '#include "feed.h"\n#include <simdjson.h>\n',
    "tools/main.c": '#include "feed/feed.h"\n#include <stdio.h>\n',
    "bench/run/b.c": '#include "feed/feed.h"\n#include "run/b.h"\n',
    "bench/run/b.h": "#include <tocsin/a.h>\n",
    "tests/test_a.c": '#include "plan/plan.h"\n#include <unicode/unorm2.h>\n#include <check.h>\n',
}

VIOLATIONS = [
    ({"lib/base/up.c": '#include "plan/plan.h"\n'}, "upward: base includes plan"),
    ({"lib/match/up.c": '  #  include "plan/plan.h"\n'}, "upward: match includes plan"),
    ({"lib/rule/side.c": '#include "lexicon/terms.h"\n'}, "sideways"),
    ({"lib/lexicon/side.c": '#include "rule/parse.h"\n'}, "sideways"),
    ({"lib/base/short.c": '#include "vec.h"\n'}, "does not name a layer and a file"),
    ({"lib/other/x.c": '#include "base/vec.h"\n'}, "other is not a layer"),
    ({"lib/plan/gone.c": '#include "plan/gone.h"\n'}, "there is no"),
    ({"lib/match/hyperscan_run.c": '#include "match/hyperscan_build.h"\n'}, "what runs includes what builds"),
    ({"lib/match/naive.c": "#include <hs/hs.h>\n"}, "<hs/hs.h> belongs in"),
    ({"lib/plan/words.c": "#include <unicode/ubrk.h>\n"}, "<unicode/ubrk.h> belongs in"),
    ({"lib/plan/plan.c": "#include <yaml.h>\n"}, "<yaml.h> belongs in"),
    ({"lib/plan/venues.c": "#include <csv.h>\n"}, "<csv.h> belongs in"),
    ({"lib/base/vec.c": "#include <xxhash.h>\n"}, "<xxhash.h> belongs in"),
    ({"tools/zip.c": "#include <zstd.h>\n"}, "<zstd.h> belongs in"),
    ({"tools/b.cpp": "#include <simdjson.h>\n"}, "included by"),
    ({"tools/inside.c": '#include "plan/plan.h"\n'}, "is no header of tools/"),
    ({"bench/inside.c": '#include "base/vec.h"\n'}, "is no header of bench/"),
    ({"bench/engine.c": "#include <hs/hs.h>\n"}, "<hs/hs.h> belongs in"),
    ({"examples/e.c": "#include <hs.h>\n"}, "<hs.h> belongs in"),
    ({"include/tocsin/c.h": "#include <stdio.h>\n"}, "a public header includes stdio.h"),
    ({"include/tocsin/c.h": '#include "base/vec.h"\n'}, "a public header includes base/vec.h"),
]

if __name__ == "__main__":
    if sys.argv[1:2] == ["--calls"]:
        sys.exit(main_calls(sys.argv[2]))
    if sys.argv[1:] == ["--self-test"] and self_test_calls():
        sys.exit(1)
    sys.exit(source_tree.main(check, CLEAN, VIOLATIONS, "layers"))
