"""Makes the manual pages: section 1 from the help of each program and verb, section 3 from the headers, section 5
from the document on plan files.
usage: make_man.py OUTPUT VERSION HEADERS PLAN_FILE.md PROGRAM…"""
import os
import re
import subprocess
import sys

VERB_LINE = re.compile(r"^  ([a-z]+)[ -].*?   +(.*)$", re.M)


def roff(text):
    """Escapes text so that roff does not interpret it."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def installed(page):
    """Replaces paths of the source tree by those of the installed packages."""
    begins = r"(?:(?<![\w/.])|(?<=\\fB))"
    page = re.sub(begins + r"(?:docs/)?([A-Z]+(?:_[A-Z]+)*\.md)", r"/usr/share/doc/tocsin/docs/\1", page)
    return re.sub(begins + r"examples/((?:fire|scenic|water)\\-\w+)", r"/usr/share/tocsin/\1", page)


def page(name, section, what, body, version):
    head = '.TH "%s" "%d" "" "tocsin %s" "tocsin"\n' % (name.upper(), section, version)
    return head + ".SH NAME\n%s \\- %s\n" % (roff(name), roff(what)) + body


def options_of(block):
    """Options and what each does, from a block of them; None when it is something else."""
    found = []
    for line in block.splitlines():
        option = re.match(r"^ {2,8}(-.*?)(?: {2,}(\S.*))?$", line)
        if option:
            found.append([option[1], option[2] or ""])
        elif found and re.match(r"^ {10,}\S", line):
            found[-1][1] += " " + line.strip()
        else:
            return None
    return found


def paragraphs(text):
    """Ordinary text is filled; columns and commands are kept as they are."""
    out = ""
    for block in re.split(r"\n\n+", text.strip("\n")):
        options = options_of(block)
        if options:
            out += "".join(".TP\n.B %s\n%s\n" % (roff(name), roff(what)) for name, what in options)
        elif any(line.startswith("  ") for line in block.splitlines()):
            out += ".PP\n.nf\n%s\n.fi\n" % roff(block)
        else:
            out += ".PP\n%s\n" % roff(block)
    return out


def help_of(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


def split_usage(text):
    """The synopsis, the text, the exit status, and the examples."""
    before, _, rest = text.partition("usage: ")
    usage, _, rest = rest.partition("\n\n")
    rest = before + rest
    status = re.search(r"^Exit status: (.*?)(?=\n\n|\n[A-Z]|\Z)", rest, re.M | re.S)
    if status:
        rest = rest[:status.start()] + rest[status.end():]
    blocks = [b for b in re.split(r"\n\n+", rest.strip("\n"))]
    examples = []
    while blocks and all(re.match(r"  (tocsin|echo|tail|printf)", line) for line in blocks[-1].splitlines()):
        examples.insert(0, blocks.pop())
    return usage, "\n\n".join(blocks), status and status[1].replace("\n", " "), "\n".join(examples)


def command_page(name, what, text, version, also):
    usage, body, status, examples = split_usage(text)
    out = ".SH SYNOPSIS\n.nf\n%s\n.fi\n.SH DESCRIPTION\n%s" % (roff(usage), paragraphs(body))
    if status:
        out += ".SH EXIT STATUS\n%s\n" % roff(status)
    if examples:
        out += ".SH EXAMPLES\n.nf\n%s\n.fi\n" % roff(examples)
    out += ".SH SEE ALSO\n%s\n" % ", ".join("%s(%d)" % pair for pair in also)
    return page(name, 1, what, out, version)


def first_sentence(text):
    sentence = re.split(r"(?<=[.:;])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(".:;")
    return sentence[0].lower() + sentence[1:] if sentence[1:2].islower() else sentence


def comment_text(comment):
    lines = [re.sub(r"^\s*\*? ?", "", line) for line in comment.strip().splitlines()]
    return "\n".join(lines).strip()


def functions(headers):
    """Name, header, declaration and contract of each public function."""
    pattern = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*(TOCSIN_API [^;]*;)", re.S)
    for header in sorted(os.listdir(headers)):
        with open(os.path.join(headers, header), encoding="utf-8") as text:
            for found in pattern.finditer(text.read()):
                declaration = " ".join(found[2].replace("TOCSIN_API ", "").split())
                name = re.search(r"\b(tocsin_[a-z0-9_]+)\(", declaration)[1]
                yield name, header, declaration, comment_text(found[1])


def synopsis(declaration):
    """A long declaration with one argument a line."""
    if len(declaration) <= 76:
        return declaration
    start, _, arguments = declaration.partition("(")
    parts, depth = [""], 0
    for letter in arguments[:-2]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return "%s(\n    %s);" % (start, ",\n    ".join(part.strip() for part in parts))


def function_page(name, header, declaration, text, version, others):
    body = ".SH SYNOPSIS\n.nf\n#include <tocsin/tocsin.h>\n\n%s\n.fi\n.SH DESCRIPTION\n%s" % (
        roff(synopsis(declaration)), paragraphs(text))
    also = [o for o in others if o != name] + ["tocsin"]
    body += ".SH SEE ALSO\n%s\n.PP\nDeclared in <tocsin/%s>.\n" % (", ".join("%s(3)" % o for o in also), header)
    return page(name, 3, first_sentence(text), body, version)


def plain(markdown):
    """A paragraph without the marks of Markdown: links by their text, code in bold."""
    text = re.sub(r"\[([^]]*)\]\(([^)]*)\)", r"\1", markdown)
    return re.sub(r"`([^`]*)`", r"\\fB\1\\fR", roff(text))


def table_rows(lines):
    """Each row of a table as a term and its description, without the head."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return "".join(".TP\n%s\n%s\n" % (plain(name), plain(what)) for name, what in cells[2:])


def document_page(name, section, what, markdown, version):
    """Converts a page of docs/: headings become sections, shown files are kept, commands are left out."""
    body = ""
    for block in re.split(r"\n\n+(?=\S)", re.sub(r"\A# .*\n", "", markdown).strip("\n")):
        lines = block.splitlines()
        fence = re.match(r"```(\S+)(?: (\S+))?$", lines[0])
        if fence and fence[2]:
            body += ".PP\n.nf\n%s\n.fi\n" % roff("\n".join(["# " + fence[2], *lines[1:-1]]))
        elif lines[0].startswith("## "):
            body += ".SH %s\n" % roff(lines[0][3:].upper())
        elif lines[0].startswith("|"):
            body += table_rows(lines)
        elif not fence:
            body += "%s.PP\n%s\n" % ("" if body else ".SH DESCRIPTION\n", plain(block))
    return page(name, section, what, body + ".SH SEE ALSO\ntocsin(1), tocsin\\-lint(1), tocsin(3)\n", version)


def main():
    output, version, headers, plan_file, *programs = sys.argv[1:]
    pages = {}
    for program in programs:
        name, text = os.path.basename(program), help_of(program, "--help")
        verbs = VERB_LINE.findall(text) if name == "tocsin" else []
        verbs = [(verb, what) for verb, what in verbs if verb != "help"]
        about = {"tocsin": "grade documents by a plan of words and rules",
                 "tocsin-kafka": "grade the documents of Kafka topics, as a member of a group",
                 "tocsin-bench": "measure the library beside others"}[name]
        others = [("tocsin-" + verb, 1) for verb, _ in verbs] or [("tocsin", 1)]
        pages[name + ".1"] = command_page(name, about, text, version, others)
        for verb, what in verbs:
            pages["tocsin-%s.1" % verb] = command_page("tocsin-" + verb, what, help_of(program, "help", verb), version,
                                                       [("tocsin", 1)])
    found = list(functions(headers))
    by_header = {}
    for name, header, _, _ in found:
        by_header.setdefault(header, []).append(name)
    for name, header, declaration, text in found:
        pages[name + ".3"] = function_page(name, header, declaration, text, version, by_header[header])
    listing = "".join(".TP\n%s(3)\n%s\n" % (name, roff(first_sentence(text))) for name, _, _, text in found)
    pages["tocsin.3"] = page("tocsin", 3, "a library that grades documents by a plan of words and rules",
                             ".SH SYNOPSIS\n.nf\n#include <tocsin/tocsin.h>\n\ncc app.c $(pkg\\-config \\-\\-cflags "
                             "\\-\\-libs tocsin)\n.fi\n.SH FUNCTIONS\n" + listing, version)
    with open(plan_file, encoding="utf-8") as text:
        pages["tocsin-plan.5"] = document_page("tocsin-plan", 5, "plans, lists of terms, venues and examples of tocsin",
                                               re.sub(r"^\[中文\].*\n\n", "", text.read(), flags=re.M), version)
    for section in ("1", "3", "5"):
        os.makedirs(os.path.join(output, "man" + section), exist_ok=True)
    for name, text in pages.items():
        with open(os.path.join(output, "man" + name[-1], name), "w", encoding="utf-8") as out:
            out.write(installed(text))


main()
