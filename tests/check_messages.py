"""What the tools say in Chinese: all of it is translated, the same options are named, and what programs read is the same.
usage: check_messages.py TOCSIN TOCSIN-KAFKA PLAN"""
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
TOCSIN, KAFKA, PLAN = sys.argv[1:4]
POST = '{"id": "42", "text": "着火四十分钟消防车才到，消防队还互相推諉", "venue": "forum"}\n'
# What the library puts together from parts, as a whole.
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
    """No English is left of an explanation, but names, rules and facts."""
    said = run(TOCSIN, "explain", "-p", PLAN, "--venue", "forum", "消防车着火").stdout
    told = re.findall(r"^    (?:原因|受阻|若要成立：).*$", said, re.M)
    assert len(told) > 5, said
    for line in told:
        words = set(re.findall(r"(?<![\w(])[a-z]{3,}(?![\w(])", re.sub(r"主题 \w+|在 .*? (?:前后|之)|\(.*\)", "", line)))
        assert not words & {"were", "would", "hold", "within", "characters", "word", "there", "topic"}, line


def check_patterns():
    """Each sentence that the library makes has its pattern."""
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


def main():
    helps = check_helps()
    check_what_programs_read()
    check_sentences()
    assert "哪份预案" in run(TOCSIN, "classify", status=2).stderr
    patterns = check_patterns()
    print("%d helps, %d sentences of the library" % (helps, patterns))
    if not shutil.which("msgmerge"):
        print("SKIPPED: the translations were not compared with the sources: there is no gettext")
        return 0
    return subprocess.run([sys.executable, "-B", os.path.join(ROOT, "tools", "po", "update.py"), TOCSIN, KAFKA, "--check"],
                          check=False).returncode


sys.exit(main())
