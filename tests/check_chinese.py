#!/usr/bin/env python3
"""Compares each Chinese page (NAME.zh-CN.md) with its English page: sections, blocks, figures, code, tables and
links.
usage: check_chinese.py [--self-test] FOLDER…

What programs print may differ, and so may the words that `grep` and `sed` look for in it: messages are in Chinese there.
"""
import os
import re
import sys

OTHER = re.compile(r"^\[(?:English|中文)\]\(.*\)$", re.M)
FENCE = re.compile(r"^```(\S*)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
SEARCHED = re.compile(r"\b(grep(?: -\S+)*|sed -n) '[^']*'")


def blocks(text):
    """The language and name of each block, and the part of it that must be equal."""
    for language, name, body in FENCE.findall(text):
        printed = language in ("text", "json") and not name
        yield language, name, "" if printed else SEARCHED.sub(r"\1 …", body)


def sections(text):
    """The heading and prose of each section."""
    parts = re.split(r"^(#+ .*)$", OTHER.sub("", FENCE.sub("", text)), flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def code(text):
    return sorted(set(span for span in re.findall(r"`([^`]+)`", text) if span.isascii()))


def figures(text):
    """Numbers outside of code and of links, with thousands put together."""
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)", " ", text)
    return sorted(re.sub(" ", "", n) for n in re.findall(r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:\.\d+)?", prose))


def tables(text):
    """For each row the number of its cells and the code in the first one."""
    return [(row.count("|"), code(row.split("|")[1])) for row in re.findall(r"^\|.*\|$", text.replace("\\|", ""), re.M)]


def links(text, folder):
    """The targets of links; a Chinese page or picture counts as the English one."""
    found = []
    for link in re.findall(r"\]\(([^)#]+)", text):
        chinese = re.sub(r"(\.zh-CN)?\.(md|svg)$", r".zh-CN.\2", link)
        found.append(chinese if os.path.exists(os.path.join(folder, chinese)) else link)
    return sorted(found)


def compare(english, chinese, folder):
    """Describes the differences in words."""
    here, there = list(blocks(english)), list(blocks(chinese))
    if len(here) != len(there):
        yield "%d blocks instead of %d" % (len(there), len(here))
    for number, (one, other) in enumerate(zip(here, there), 1):
        if one != other:
            yield "block %d differs" % number
    ours, theirs = sections(english), sections(chinese)
    if len(ours) != len(theirs):
        yield "%d sections instead of %d" % (len(theirs), len(ours))
    for (title, text), (heading, said) in zip(ours, theirs):
        if title.split()[0] != heading.split()[0] or (not re.search("[a-z]", re.sub("`[^`]*`", "", title)) and title != heading):
            yield "%s stands for %s" % (heading, title)
        for what, of in (("figures", figures), ("code", code), ("table", tables), ("links", lambda t: links(t, folder))):
            if of(text) != of(said):
                yield "%s: other %s: %s instead of %s" % (heading, what, of(said), of(text))
        for link in re.findall(r"\]\(([^)#]+)", said):
            if links("](%s)" % link, folder) != [link]:
                yield "%s: %s is there in Chinese" % (heading, link)


def self_test():
    page = "# Page\n\n12 words of `x`, see [B](B.md).\n\n| a | b |\n|---|---|\n| `k` | 3 |\n\n```sh\nrun | grep 'holds'\n```\n\n```text\nyes\n```\n"
    same = page.replace("Page", "甲").replace("words of", "个词").replace("holds", "成立").replace("yes", "是")
    assert not list(compare(page, same, ".")), list(compare(page, same, "."))
    for old, new in (("12", "13"), ("`x`", "`y`"), ("B.md", "C.md"), ("| `k` | 3 |\n", ""), ("run", "walk"), ("# 甲", "## 甲"),
                     ("```text\n是\n```\n", "")):
        assert old in same and list(compare(page, same.replace(old, new), ".")), "nothing is said of %s" % new


def main():
    if sys.argv[1] == "--self-test":
        self_test()
        print("each difference is told")
        return 0
    pages = wrong = 0
    for folder in sys.argv[1:]:
        for name in sorted(n for n in os.listdir(folder) if n.endswith(".zh-CN.md")):
            pages += 1
            with open(os.path.join(folder, name.replace(".zh-CN", "")), encoding="utf-8") as english, \
                    open(os.path.join(folder, name), encoding="utf-8") as chinese:
                for problem in compare(english.read(), chinese.read(), folder):
                    print("%s: %s" % (name, problem))
                    wrong += 1
    print("%d pages in Chinese, %d differences" % (pages, wrong))
    return 0 if pages and not wrong else 1


sys.exit(main())
