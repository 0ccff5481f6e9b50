"""Inputs designed to take long: four times the input may take only a limited multiple of the time. Quadratic time
would take sixteen times as long.
usage: complexity.py TOCSIN

Time is the processor time of a whole process less that of a process without work, the least of several runs in turn.
A run that is too quick to measure must stay so."""
import json
import os
import resource
import subprocess
import sys
import tempfile

TOCSIN = os.path.abspath(sys.argv[1])
MOST, RUNS, ATTEMPTS, UNMEASURED = 9.0, 2, 4, 0.02

PLAN = """plan: long
version: "1"
topics:
  a: {terms: a.txt}
  b: {terms: b.txt}
  c: {terms: c.txt}
tiers:
  - id: low
    clauses:
      - {id: S, when: "%s"}
"""


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def plan(folder, rule, words=("消防", "推诿", "不实")):
    os.makedirs(folder + "/plan", exist_ok=True)
    write(folder + "/plan/plan.yaml", PLAN % rule)
    for name, word in zip("abc", words):
        write("%s/plan/%s.txt" % (folder, name), word + "\n")


def seconds(words, folder, status):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([TOCSIN, *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=1200)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in status, "%s: exit %d: %s" % (words, done.returncode, done.stderr[-300:])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def documents(folder, texts):
    write(folder + "/in.ndjson", "".join(json.dumps({"id": str(n), "time": 1764000000 + n, "text": t}, ensure_ascii=False) + "\n"
                                         for n, t in enumerate(texts)))
    return ["classify", "-q", "-j", "1", "-p", "plan", "in.ndjson"]


def rule_over(rule, text):
    """Grades one document, which repeats the text that many times, by the rule."""
    def case(folder, size):
        plan(folder, rule)
        return documents(folder, [text * size]), (0,)
    return case


def long_sentence(folder, size):
    plan(folder, "sentence(a & b & !c)")
    return documents(folder, ["消防一二三推诿四五六" * (size * 300000)]), (0,)


def chain(folder, size):
    plan(folder, "a unless/2 b" + " unless/3 c unless/2 b" * 20)
    return documents(folder, ["消防一二三四五推诿六七八不实九" * (size * 100000)]), (0,)


def deep_json(folder, size):
    plan(folder, "a")
    write(folder + "/in.ndjson", "{\"text\": " + "[" * (size * 12000000) + "\n")
    return ["classify", "-q", "-p", "plan", "in.ndjson"], (1,)


def wide_json(folder, size):
    plan(folder, "a")
    write(folder + "/in.ndjson", "{" + ",".join('"k%d":[{}]' % n for n in range(size * 600000)) + ',"text":"消防"}\n')
    return ["classify", "-q", "-p", "plan", "in.ndjson"], (0,)


def many_defines(folder, size):
    plan(folder, "d%d" % (size * 2500 - 1))
    text = PLAN % ("d%d" % (size * 2500 - 1))
    defines = "".join('  d%d: "%s"\n' % (n, "a & b" if not n else "d%d & (a | b)" % (n - 1) if n % 60 else "a | c") for n in range(size * 2500))
    write(folder + "/plan/plan.yaml", text.replace("tiers:", "define:\n%stiers:" % defines))
    return ["lint", "plan"], (0,)


def many_terms(folder, size):
    plan(folder, "a")
    write(folder + "/plan/a.txt", "".join("词%s%s\n" % (chr(0x4E00 + n % 20000), chr(0x4E00 + n // 7 % 20000)) for n in range(size * 50000)))
    return ["compile", "-q", "-p", "plan", "-o", "out"], (0,)


def topics_over_one_list(with_rest):
    """Many topics name one list. Each row, except perhaps one in a thousand, names its topic. The list may be read at
    most twice."""
    def case(folder, size):
        topics, rows = size * 48, size * 12000
        lines = "".join("第%d号,%s\n" % (n, "" if with_rest and n % 1000 == 0 else "t%d" % (n % topics)) for n in range(rows))
        write(folder + "/plan/a.csv", "term,topic\n" + lines)
        text = PLAN.partition("topics:")[0] + "topics:\n" + "".join("  t%d: {terms: a.csv}\n" % n for n in range(topics))
        write(folder + "/plan/plan.yaml", text + "tiers: [{id: low, clauses: [{id: S, when: \"%s\"}]}]\n" % " | ".join("t%d" % n for n in range(topics)))
        return ["compile", "-q", "-p", "plan", "-o", "out"], (0,)
    return case


def nested_terms(folder, size):
    """Each term is the beginning of the next; a chain is at most as long as a term may be."""
    plan(folder, "a")
    write(folder + "/plan/a.txt", "".join(chr(0x4E00 + family) * n + "\n" for family in range(size * 12) for n in range(2, 120)))
    return ["lint", "plan"], (0,)


def nested_text(folder, size):
    """The same terms in a text in which each of them occurs at every position."""
    plan(folder, "count(a) >= 10")
    write(folder + "/plan/a.txt", "".join("火" * n + "\n" for n in range(2, 60)))
    return documents(folder, ["火" * (size * 10000)]), (0,)


ALIKE = {"beginning": "深圳市南山区科技园路%d号", "end": "%d号深圳市南山区科技园路", "address of the web": "https://www.example.com/forum/thread/%d"}


def terms_alike(shape, lint):
    """Terms that differ only in a number: lints them, or looks for them in as many texts."""
    def case(folder, size):
        plan(folder, "a")
        terms = [shape % (n * 7919 % 10000019) for n in range(size * 8000)]
        write(folder + "/plan/a.txt", "".join(term + "\n" for term in terms))
        return (["lint", "plan"] if lint else documents(folder, ["昨天%s附近，%s" % (term, term[:-1]) for term in terms])), (0,)
    return case


def many_phrases(lint):
    """One term with many phrases: lints it, or grades texts that have some of them."""
    def case(folder, size):
        plan(folder, "count(a) >= 10")
        phrases = [chr(0x4E00 + n % 20000) + chr(0x4E00 + n // 20000) + "火" for n in range(size * 6000)]
        write(folder + "/plan/a.csv", "term,unless\n火,%s\n" % ";".join(phrases))
        write(folder + "/plan/plan.yaml", (PLAN % "count(a) >= 10").replace("a.txt", "a.csv"))
        return (["lint", "plan"] if lint else documents(folder, [phrases[n] + "火一" * 20 for n in range(0, size * 6000, 7)])), (0,)
    return case


def phones(folder, size):
    plan(folder, "a")
    terms = ["1%010d" % (n * 79190717 % 10 ** 10) for n in range(size * 10000)]
    write(folder + "/plan/a.txt", "".join(term + "\n" for term in terms))
    return documents(folder, ["电话" + term[:-1] + term for term in terms]), (0,)


def same_posts(folder, size):
    plan(folder, "a")
    documents(folder, ["消防队四十分钟才到，群众很不满意，希望给个说法"] * (size * 8000))
    if os.path.exists(folder + "/db"):
        os.remove(folder + "/db")
    return ["watch", "-q", "-p", "plan", "--db", "db", "--once", "in.ndjson"], (0,)


def other_posts(folder, size):
    """Posts of which no two are about one matter."""
    plan(folder, "a")
    documents(folder, ["消防 " + "".join(chr(0x4E00 + (n * 7919 + k * 104729) % 20000) for k in range(12)) for n in range(size * 6000)])
    if os.path.exists(folder + "/db"):
        os.remove(folder + "/db")
    return ["watch", "-q", "-p", "plan", "--db", "db", "--once", "in.ndjson"], (0,)


def long_words(folder, size):
    """Folds one line that is one word."""
    plan(folder, "a")
    write(folder + "/in.txt", "é\u0301\u0323" * (size * 300000) + "\n")
    return ["fold", "in.txt"], (0,)


CASES = {
    "near over hits that never meet": rule_over("count(a near/1 b) >= 1", "消防一二三推诿四五六" * 300000),
    "near over hits that all meet": rule_over("count(a near/200 b) >= 100000000", "消防推诿" * 400000),
    "count of unless": rule_over("count(a unless/200 b) >= 100000000", "消防推诿" * 400000),
    "one sentence": long_sentence, "a chain of unless": chain, "brackets in brackets": deep_json, "very many members": wide_json,
    "defines of defines": many_defines, "very many terms": many_terms,
    "topics over one list": topics_over_one_list(False), "topics over one list with rows for all": topics_over_one_list(True),
    "terms in terms": nested_terms, "terms in terms in a text": nested_text, "the same post": same_posts,
    "other posts": other_posts, "marks upon marks": long_words, "numbers of telephones in texts": phones,
    "phrases of one term": many_phrases(True), "phrases of one term, in texts": many_phrases(False),
    **{"terms with one %s" % name: terms_alike(shape, True) for name, shape in ALIKE.items()},
    **{"the same in texts, one %s" % name: terms_alike(shape, False) for name, shape in ALIKE.items()},
}


def measure(case, folder, nothing):
    """The least times for one and for four times the input, measured in turn."""
    best = {1: 1e9, 4: 1e9}
    for _ in range(RUNS):
        for size in best:
            words, status = case(folder, size)
            best[size] = min(best[size], max(seconds(words, folder, status) - nothing, 0))
    return best


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        plan(folder, "a")
        nothing = min(seconds(["lint", "plan"], folder, (0,)) for _ in range(5))
        for name, case in CASES.items():
            for attempt in range(ATTEMPTS):
                best = measure(case, folder, nothing)
                ratio = best[4] / max(best[1], UNMEASURED)
                if ratio <= MOST:
                    break
            failed += ratio > MOST
            print("%-32s %6.3f s, four times as much %6.3f s: %.1f%s" % (name, best[1], best[4], ratio, "  TOO MUCH" if ratio > MOST else ""))
    return 1 if failed else 0


sys.exit(main())
