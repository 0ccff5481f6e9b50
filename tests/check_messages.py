"""Checks the Chinese messages of the tools: all are translated and name the same options, and output for programs is
unchanged.
usage: check_messages.py TOCSIN TOCSIN-KAFKA PLAN"""
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
TOCSIN, KAFKA, PLAN = sys.argv[1:4]
POST = '{"id": "42", "text": "着火四十分钟消防车才到，消防队还互相推諉", "venue": "forum"}\n'
# Messages that the library composes from parts, whole.
PARTS = {
    "clause %s %s": ("clause %s does not hold", "clause %s holds", "clause %s held", "clause %s did not hold"),
    "%s were within %s characters after %s%s": ("%s were within %s characters after %s (%s now)",),
    "%s and %s were within %s characters%s": ("%s and %s were within %s characters (%s now)",),
    "%s(%s) were %s%s (%s now)": ("%s(%s) were %s (%s now)",), "value(%s) were %s%s": ("%s(%s) were %s",),
    "the tier were %s%s": ("the tier were %s",),
    "reach were at least %s": ("reach were %s", "at least %s"), "reach were at most %s": ("reach were %s", "at most %s"),
    "within %s characters %s %s": ("within %s characters of %s",),
    " (%s now)": (), "%s": (), "%s.%s": (), "%s%s%s": (), "%s %s": (), "%s%s": (), "%s or %s": ("%s or %s",),
}


def run(*words, language="zh_CN.UTF-8", status=0, **more):
    environment = {k: v for k, v in os.environ.items() if k not in ("LANGUAGE", "LC_MESSAGES", "LANG")}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=dict(environment, LC_ALL=language), **more)
    assert done.returncode == status, "%s: exit %d: %s" % (words, done.returncode, done.stderr)
    return done


def check_helps():
    verbs = re.findall(r"^  ([a-z]+)[ -].*?  +", run(TOCSIN, "--help", language="C").stdout, re.M)
    verbs = [verb for verb in verbs if verb not in ("help", "tocsin")]
    for words in [(TOCSIN, "--help"), (KAFKA, "--help"), *((TOCSIN, "help", verb) for verb in verbs)]:
        english, chinese = (run(*words, language=language).stdout for language in ("C", "zh_CN.UTF-8"))
        assert english != chinese and "用法" in chinese, "%s is not in Chinese" % (words,)
        options = [set(re.findall(r"(?<![\w-])--?[a-zA-Z][a-z-]*", text)) for text in (english, chinese)]
        assert options[0] == options[1], "%s: other options: %s" % (words, options[0] ^ options[1])
    return len(verbs) + 2


def check_what_programs_read():
    for words in (["classify", "-q", "-p", PLAN, "--all", "-"], ["explain", "-p", PLAN, "--json", "推诿的消防队"],
                  ["lint", "--json", PLAN]):
        assert run(TOCSIN, *words, input=POST).stdout == run(TOCSIN, *words, input=POST, language="C").stdout, words


def check_sentences():
    """An explanation has no English left except names, rules and facts."""
    said = run(TOCSIN, "explain", "-p", PLAN, "--venue", "forum", "消防车着火").stdout
    told = re.findall(r"^    (?:原因|受阻|若要成立：).*$", said, re.M)
    assert len(told) > 5, said
    for line in told:
        words = set(re.findall(r"(?<![\w(])[a-z]{3,}(?![\w(])", re.sub(r"主题 \w+|在 .*? (?:前后|之)|\(.*\)", "", line)))
        assert not words & {"were", "would", "hold", "within", "characters", "word", "there", "topic"}, line


def check_patterns():
    """Each sentence that the library composes has a pattern."""
    with open(os.path.join(ROOT, "tools", "program", "message.c"), encoding="utf-8") as source:
        known = set(re.findall(r'^ +"(.*)",$', source.read(), re.M))
    made = set()
    for name in sorted(os.listdir(os.path.join(ROOT, "lib", "rule"))):
        if name.endswith(".c"):
            with open(os.path.join(ROOT, "lib", "rule", name), encoding="utf-8") as source:
                made |= set(re.findall(r'\bsay\(\w+, "((?:[^"\\]|\\.)*)"', source.read()))
    made = {re.sub(r"%(?:\.\*|\d+)?(?:ll)?[sudz]+", "%s", text) for text in made}
    assert len(made) > 20, made
    for text in sorted(made):
        wanted = PARTS.get(text, (text,))
        assert set(wanted) <= known, "tools/program/message.c has no pattern for what the library says: %s" % text
    return len(made)


def told_patterns():
    """The patterns of tools/program/told_sentences.inc, each as a regex that matches a whole message."""
    with open(os.path.join(ROOT, "tools", "program", "told_sentences.inc"), encoding="utf-8") as source:
        texts = [re.sub(r"\\(.)", r"\1", t) for t in re.findall(r'^"(.*)",$', source.read(), re.M)]
    assert [len(re.sub("%[sw]", "", t)) for t in texts] == sorted((len(re.sub("%[sw]", "", t)) for t in texts), reverse=True), \
        "told_sentences.inc: the longest first"
    return re.compile("|".join("(?:%s)" % ".*".join(re.escape(part) for part in re.split("%[sw]", text)) for text in texts), re.S)


def shown_messages():
    """Problems of plans that the golden cases and the tests of the command line show."""
    for folder in ("golden", "cli/cases"):
        for name in sorted(os.listdir(os.path.join(ROOT, "tests", folder))):
            with open(os.path.join(ROOT, "tests", folder, name), encoding="utf-8") as cases:
                yield from re.findall(r"(?:error|warning|note): (.*) \[T\d{3} [a-z0-9-]+\]$", cases.read(), re.M)
    with open(os.path.join(ROOT, "tests", "rule_bad.inc"), encoding="utf-8") as cases:
        for text in re.findall(r'^ +"\d+:(.*)",$', cases.read(), re.M):
            yield re.sub(r"\\n.*", "", text.replace('\\"', '"'))


def reasons():
    """The formats with which the readers of feeds refuse a document or a file, each placeholder filled in."""
    for name in sorted(os.listdir(os.path.join(ROOT, "tools", "feed"))):
        if not name.endswith(".c"):
            continue
        with open(os.path.join(ROOT, "tools", "feed", name), encoding="utf-8") as source:
            text = re.sub(r'" PRI\w+\s*"', "", re.sub(r"/\*.*?\*/", "", source.read(), flags=re.S))
        made = re.findall(r'\breject\(reader, "((?:[^"\\]|\\.)*)"', text)
        made += ["field x: y " + t for t in re.findall(r'"(is (?:no time|not a|negative|out of|relative)[^"]*|names an?[^"]*)"', text)
                 if name in ("time_parse.c", "count_parse.c")]
        made += [t for t in re.findall(r'"(is (?:an? [A-Za-z0-9]|compressed|XML)[^"]*|holds no text[^"]*|the JSON [^"]*)"', text)]
        for one in made:
            yield re.sub(r"%(?:\.\*|\d+)?(?:ll|z)?[sudz]?", "x", one.replace('\\"', '"'))


def refusals():
    """The library's messages about regexes, files, venues and rules: literals that are a whole message."""
    for name in ("lexicon/regex_admission.c", "lexicon/regex_class.c", "lexicon/regex_escape.c", "lexicon/regex_groups.c",
                 "lexicon/regex_parse.c", "lexicon/regex_folding.c", "plan/venue_catalogue.c", "plan/plan_files_read.c"):
        with open(os.path.join(ROOT, "lib", name), encoding="utf-8") as source:
            text = re.sub(r"'(?:\\.|[^'\\])'|#include[^\n]*|/\*.*?\*/", "", source.read(), flags=re.S)
        for literals in re.findall(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text):
            one = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals))
            one = re.sub(r"\\(.)", r"\1", one)
            if re.match(r"(?:[a-z*]+|\\\w) (?:.*)?[a-z]{2}", one) and one not in ("there is no ",):
                yield re.sub(r"%(?:0?\d+)?[sucX]", "x", one)


def store_messages():
    """The refusals and failure notes of the incident store and the channels, each placeholder filled in."""
    for folder, calls in (("store", "refuse|desk_refuse|database_fail|outbox_end"), ("notify", "set_reason|snprintf"),
                          ("tocsin", "outbox_end")):
        for name in sorted(os.listdir(os.path.join(ROOT, "tools", folder))):
            if not name.endswith(".c"):
                continue
            with open(os.path.join(ROOT, "tools", folder, name), encoding="utf-8") as source:
                text = re.sub(r'" PRI\w+(\s*")?', lambda m: "d" if m[1] else 'd"', re.sub(r"/\*.*?\*/", "", source.read(), flags=re.S))
            said = re.findall(r"\b(?:%s)\((.*?)\);" % calls, text, re.S)
            said += re.findall(r'return ("[^"]*");', re.search(r"advice\(int code\) \{(.*?)\n\}", text, re.S)[1]) if name == "database.c" else []
            said += re.findall(r"reason = '(it [^']*)'", text.replace('"\n                        "', ""))
            for call in said:
                for literals in re.findall(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', call):
                    one = re.sub(r"\\(.)", r"\1", "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)))
                    if re.search("[a-z]{2} [a-z]", one) and not one.startswith(("DELETE", "PRAGMA", "Content-Type")):
                        yield re.sub(r"%(?:\.\*|\.?\d+)?(?:ll|z)?[sudz]", "x", one)


def check_told():
    """No plan problem and no reason of a feed stays in English."""
    pattern, count = told_patterns(), 0
    for text in [*shown_messages(), *reasons(), *refusals(), *store_messages()]:
        count += 1
        assert pattern.fullmatch(text), "tools/program/told_sentences.inc has no pattern for: %s" % text
    assert count > 200, count
    bad = b'not json\n{"id": 2}\n{"text": 5, "reach": "many"}\n\xff{"text": "x"}\n{"text": "x", "venue": "here", "time": "soon"}\n'
    done = subprocess.run([TOCSIN, "classify", "--format", "ndjson", "-p", PLAN, "-"], input=bad, capture_output=True, check=False,
                          env=dict(os.environ, LC_ALL="zh_CN.UTF-8", LANGUAGE=""))
    lines = [line for line in done.stderr.decode().splitlines() if re.match(r"-:\d+: ", line)]
    assert len(lines) == 6, done.stderr.decode()
    for line in lines:
        assert re.search("[\u4e00-\u9fff]", line), line
    assert "-:2: 没有字段 text，也没有字段 title" in lines, "names of fields stay as they are: %s" % lines
    return count


def main():
    helps = check_helps()
    check_what_programs_read()
    check_sentences()
    assert "哪份预案" in run(TOCSIN, "classify", status=2).stderr
    patterns, told = check_patterns(), check_told()
    print("%d helps, %d sentences and %d problems of the library" % (helps, patterns, told))
    if not shutil.which("msgmerge"):
        print("SKIPPED: the translations were not compared with the sources: there is no gettext")
        return 0
    return subprocess.run([sys.executable, "-B", os.path.join(ROOT, "tools", "po", "update.py"), TOCSIN, KAFKA, "--check"],
                          check=False).returncode


sys.exit(main())
