"""Collects what the tools say to people, and brings the translations up to date or checks that they are.
usage: update.py TOCSIN TOCSIN-KAFKA [--check]

Texts come from the sources (arguments of the functions below), from the help of each verb, from the advice of each code
and from the patterns of sentences that the library makes. --check changes nothing and fails where a text has no translation,
where a translation has no text, or where the two do not take the same arguments. Wants gettext.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = os.path.join(HERE, "..")
FUNCTIONS = {"console_error": "1", "console_event": "3", "console_line": "1", "console_progress": "1", "message": "1",
             "options_usage": "2", "worker_problem": "2", "message_plural": "1,2", "append_count": "3,4"}


def run(words, **more):
    return subprocess.run(words, check=True, text=True, capture_output=True, **more).stdout


def quoted(text):
    lines = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
    parts = [line + "\\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    return '""\n' + "\n".join('"%s"' % part for part in parts) if len(parts) > 1 else '"%s"' % "".join(parts)


def helps(tocsin, worker):
    english = dict(os.environ, LC_ALL="C")
    yield "tocsin --help", run([tocsin, "--help"], env=english)
    for verb in re.findall(r"^  ([a-z]+)[ -].*?  +", run([tocsin, "--help"], env=english), re.M):
        if verb not in ("help", "tocsin"):
            yield "tocsin help " + verb, run([tocsin, "help", verb], env=english)
    yield "tocsin-kafka --help", run([worker, "--help"], env=english)


def advices(tocsin):
    for line in run([tocsin, "lint", "--codes"], env=dict(os.environ, LC_ALL="C")).splitlines():
        yield re.match(r"(T\d+)  \S+ +(.*)", line).groups()


def patterns():
    with open(os.path.join(TOOLS, "program", "message.c"), encoding="utf-8") as source:
        table = re.search(r"patterns\[\] = \{\n(.*?)\n\};", source.read(), re.S)[1]
    with open(os.path.join(TOOLS, "program", "told_sentences.inc"), encoding="utf-8") as told:
        table += "\n" + "\n".join("    " + line for line in told.read().splitlines())
    return [re.sub(r"\\(.)", r"\1", text) for text in re.findall(r'^ +"(.*)",$', table, re.M)]


def says_something(entry):
    """A text without a letter is the same in every language."""
    msgid = re.search(r"^msgid (.*?)^msg(?:str|id_plural)", entry, re.M | re.S)[1]
    return re.search("[A-Za-z]", re.sub(r"\\[nt]|%[-+ #0-9.*$]*(?:<\w+>|(?:hh?|ll?|z|j|t)?[a-zA-Z%])", "", msgid))


def collect(tocsin, worker, pot):
    sources = sorted(glob.glob(TOOLS + "/*/*.c"))
    words = ["xgettext", "--from-code=UTF-8", "--language=C", "--keyword", "--no-wrap", "--no-location", "--sort-output",
             "--package-name=tocsin", "-o", pot]
    for name, places in FUNCTIONS.items():
        words += ["--keyword=%s:%s" % (name, places)]
        words += ["--flag=%s:%s:c-format" % (name, place) for place in places.split(",")]
    run(words + sources)
    with open(pot, encoding="utf-8") as file:
        text = file.read().replace("charset=CHARSET", "charset=UTF-8")
    more = [(name, body) for name, body in helps(tocsin, worker)]
    more += list(advices(tocsin)) + [("a sentence of the library", p) for p in patterns()]
    for what, body in more:
        if "msgid " + quoted(body) + "\n" not in text:
            text += "\n#. %s\nmsgid %s\nmsgstr \"\"\n" % (what, quoted(body))
    header, *entries = text.rstrip("\n").split("\n\n")
    text = "\n\n".join([header] + [entry for entry in entries if says_something(entry)]) + "\n"
    with open(pot, "w", encoding="utf-8") as file:
        file.write(text)


def same_places(po):
    """Our own code fills in these sentences, so msgfmt does not check them."""
    with open(po, encoding="utf-8") as file:
        text = file.read()
    wrong = []
    for pattern in patterns():
        found = re.search(r'^msgid %s\nmsgstr "(.*)"$' % re.escape(quoted(pattern)), text, re.M)
        given = found and re.findall(r"%(?:(\d)\$)?s", found[1])
        wanted = len(re.findall("%[sw]", pattern))
        if not found or len(given) != wanted or sorted(int(g or i + 1) for i, g in enumerate(given)) != list(range(1, wanted + 1)):
            wrong.append("%s: the places of \"%s\" are others" % (os.path.basename(po), pattern))
    return wrong


def check(po, pot):
    wrong = []
    said = subprocess.run(["msgcmp", "--use-untranslated", po, pot], capture_output=True, text=True, check=False)
    if said.returncode:
        wrong.append(said.stderr)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["msgfmt", "--check", "--statistics", "-o", folder + "/x.mo", po], capture_output=True, text=True,
                              check=False, env=dict(os.environ, LC_ALL="C"))
    if done.returncode or "untranslated" in done.stderr or "fuzzy" in done.stderr:
        wrong.append("%s: %s" % (os.path.basename(po), done.stderr.strip()))
    merged = run(["msgmerge", "--no-fuzzy-matching", "--no-wrap", "-q", "-o", "-", po, pot])
    for word, what in (("#~ msgid", "no longer said"), ('msgstr ""\n\n', "not translated")):
        body = merged.split("\n\n", 1)[1] + "\n\n"
        count = body.count(word)
        if count:
            wrong.append("%s: %d texts are %s" % (os.path.basename(po), count, what))
    return wrong + same_places(po), done.stderr.strip()


def main():
    tocsin, worker = sys.argv[1:3]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        pot = os.path.join(folder, "tocsin.pot")
        collect(tocsin, worker, pot)
        for po in sorted(glob.glob(HERE + "/*.po")):
            if "--check" in sys.argv:
                found, said = check(po, pot)
                wrong += found
                print("%s: %s" % (os.path.basename(po), said))
            else:
                run(["msgmerge", "--no-fuzzy-matching", "--no-wrap", "--update", "--backup=off", "-q", po, pot])
                run(["msgattrib", "--no-obsolete", "--no-wrap", "-o", po, po])
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


sys.exit(main())
