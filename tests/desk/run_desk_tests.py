"""Tests tocsin events and tocsin desk: events, and the decisions of people.
usage: run_desk_tests.py TOCSIN PLAN [NAME…]"""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from program_tests import FIRE, GIFT, PATIENCE, check, post, rows, run_tests, tocsin, write

TOCSIN, PLAN = map(os.path.abspath, sys.argv[1:3])


def watch(db, feed, *arguments, expect=0):
    return tocsin("watch", "-p", PLAN, "--db", db, "--once", *arguments, feed, expect=expect)


def desk(db, *arguments, expect=0, by="王敏", **more):
    named = ["--by", by] if by else []
    return tocsin("desk", "--db", db, *arguments, *named, expect=expect, **more)


def listed(db, *arguments):
    done = tocsin("desk", "--db", db, "list", "--json", *arguments)
    return {i["incident"]: i for i in map(json.loads, done.stdout.splitlines())}


def shown(db, incident):
    return json.loads(tocsin("desk", "--db", db, "show", str(incident), "--json").stdout)


def events(db, *arguments):
    return [json.loads(l) for l in tocsin("events", "--db", db, *arguments).stdout.splitlines()]


def start(folder, text):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, text)
    watch(db, feed, "--keep-text")
    return db, feed


def test_an_event_can_be_acted_on(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    write(feed, post(1) + post(2, "转发：" + FIRE, reach=120000))
    printed = [json.loads(l) for l in watch(db, feed).stdout.splitlines()]
    kept = events(db)
    check(printed == kept and [e["number"] for e in kept] == list(range(1, len(kept) + 1)), "kept as printed")
    began, last = kept[0], kept[-1]
    check(began["event"] == "began" and began["incident"] == 1 and began["tier"] == {"id": "major", "name": "重大", "name_en": "Major"}, began)
    check(any(c["id"] == "M1" and c["name"].startswith("引发") and c["name_en"].startswith("Major fires")
              for c in began["clauses"]), began)
    check(began["clauses"][0]["name"] != began["clauses"][0]["id"], "clauses have names")
    check({"id": "leading_group", "name": "领导小组组长及成员", "name_en": "Leading group"} in began["routes"] and began["places"] == ["庐阳"], began)
    check(began["posts"] == 1 and last["posts"] == 2 and last["reach"] == 120000 and last["last_hour"] == 2, last)
    check(last["event"] == "attention" and last["detail"] == "high post" and last["attention"] == "high", last)
    check(last["first"]["id"] == "1" and last["latest"]["id"] == "2" and last["first"]["source"] == "bbs.example", last)
    text, marks = began["latest"]["text"].encode(), began["latest"]["marks"]
    check(all(b < c for (_, b), (c, _) in zip(marks, marks[1:])), (marks, "in order, none touches another"))
    check("水枪没水" in [text[a:b].decode() for a, b in marks], (began["latest"], "marks are bytes of the text"))
    check(rows(db, "SELECT count(*) FROM outbox") == [(len(kept),)], "each is in the outbox")


def test_links_are_kept(folder):
    db, feed = folder + "/i.db", folder + "/feed.ndjson"
    link = "https://bbs.example/t/%d?x=1&y=庐阳"
    write(feed, post(1, url=link % 1) + post(2, "转发：" + FIRE, link=link % 2) + post(3, "再转：" + FIRE, url=5)
          + '{"url":"a","url":"b",' + post(4, "又转：" + FIRE)[1:] + post(5, "五转：" + FIRE, url="a b\u001b"))
    watch(db, feed)
    check(rows(db, "SELECT id, url FROM documents ORDER BY number")
          == [("1", link % 1), ("2", ""), ("3", ""), ("4", "b"), ("5", "")], rows(db, "SELECT id, url FROM documents"))
    check(events(db)[0]["latest"]["url"] == link % 1 == events(db)[0]["first"]["url"], events(db)[0])
    check(shown(db, 1)["posts"][-1]["url"] == link % 1, "shown")
    watch(folder + "/j.db", feed, "--field", "url=link")
    check(rows(folder + "/j.db", "SELECT url FROM documents WHERE id = '2'") == [(link % 2,)], "by another name")


def test_words_without_signs(folder):
    """A learned score may weigh “，消防”; in a list of words the comma says nothing."""
    db, _ = start(folder, post(1, "丽水家园着火，消防车四十分钟才到，消防栓没水"))
    words = {word for word, in rows(db, "SELECT written FROM words")}
    check("消防车" in words and not [word for word in words if re.match(r"\W|.*\W$", word)], words)


def test_long_text_and_marks(folder):
    """The excerpt begins near the first marked word and ends at a whole character, and its marks are at the stated
    positions."""
    db, _ = start(folder, post(1, "天气很好。" * 400 + FIRE + "再见。" * 400, title="标题"))
    latest = events(db)[0]["latest"]
    text = latest["text"].encode()
    check(len(text) < 600 and latest["marks"], latest)
    words = [text[a:b].decode() for a, b in latest["marks"]]
    check("水枪没水" in words and all(w in FIRE for w in words), words)


def test_cursor_and_follow(folder):
    db, feed = start(folder, post(1) + post(2, GIFT))
    every = events(db)
    check(events(db, "--after", str(every[0]["number"])) == every[1:], "after the first")
    check(events(db, "--after", "99999") == [] and events(db, "--after", str(2**64 - 1)) == [], "after the last")
    follower = subprocess.Popen([TOCSIN, "events", "--db", db, "--follow", "--after", str(every[-1]["number"])],
                                stdout=subprocess.PIPE, text=True)
    write(feed, post(3, "学校门口消防通道被堵，举报消防大队没人管，打点要钱"), "a")
    watch(db, feed)
    line = json.loads(follower.stdout.readline())
    check(line["number"] == every[-1]["number"] + 1, line)
    follower.send_signal(signal.SIGTERM)
    check(follower.wait(PATIENCE) == 0, "a signal ends it")
    tocsin("events", expect=2)
    tocsin("events", "--db", folder + "/none.db", expect=3)


def test_follow_ends(folder):
    """`--follow` ends when its reader goes away, even if no event comes, and with status 3 if the database is gone or replaced."""
    db, _ = start(folder, post(1))
    follower = subprocess.Popen([TOCSIN, "events", "--db", db, "--follow"], stdout=subprocess.PIPE, text=True)
    follower.stdout.readline()
    follower.stdout.close()
    check(follower.wait(PATIENCE) == 0, "as a pipe that is closed early")
    for replaced in (False, True):
        shutil.copy(db, folder + "/copy.db")
        follower = subprocess.Popen([TOCSIN, "events", "--db", folder + "/copy.db", "--follow"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        follower.stdout.readline()
        if replaced:
            shutil.copy(db, folder + "/other.db")
            os.rename(folder + "/other.db", folder + "/copy.db")
        else:
            os.remove(folder + "/copy.db")
        said = follower.communicate(timeout=PATIENCE)[1]
        check(follower.returncode == 3 and "it was deleted, or another file has its name" in said, (follower.returncode, said))


def test_states(folder):
    db, _ = start(folder, post(1) + post(2, GIFT))
    check({i: d["state"] for i, d in listed(db).items()} == {1: "open", 2: "open"}, listed(db))
    desk(db, "ack", "1")
    desk(db, "assign", "1", "李强")
    one = listed(db)[1]
    check(one["state"] == "acknowledged" and one["by"] == "王敏" and one["assigned"] == "李强" and one["news"] == 0, one)
    desk(db, "close", "1", "已回应", by="赵")
    check(list(listed(db)) == [2] and listed(db, "--state", "closed")[1]["by"] == "赵", "closed is not listed")
    check(list(listed(db, "--state", "all", "--tier", "重大")) == list(listed(db, "--state", "all", "--tier", "major")),
          "a tier by its name")
    for tier in ("特别重大", "MAJOR", ""):
        check("the plan has no tier" in tocsin("desk", "--db", db, "list", "--tier", tier, expect=2).stderr, "not an empty list")
    check(not listed(db, "--tier", "major", "--state", "acknowledged"), "none of a tier that there is")
    desk(db, "ack", "1")
    check(listed(db)[1]["state"] == "acknowledged", "taken back")
    actions = shown(db, 1)["actions"]
    check([(a["action"], a["who"], a["detail"]) for a in actions]
          == [("acknowledge", "王敏", ""), ("assign", "王敏", "李强"), ("close", "赵", "已回应"), ("acknowledge", "王敏", "")], actions)
    check(all(abs(a["time"] / 1000 - time.time()) < PATIENCE for a in actions), "when")
    text = tocsin("desk", "--db", db, "show", "1").stdout
    check(all(w in text for w in ("王敏", "李强", "已回应", "赵", "庐阳区阳光花园")), text)


def test_refused(folder):
    db, _ = start(folder, post(1) + post(2, GIFT))
    for arguments, reason in ((["ack", "9"], "there is no incident 9"), (["merge", "1", "1"], "are one incident already"),
                              (["merge", "1", "9"], "there is no incident 9"), (["split", "1"], "is shown by itself"),
                              (["note", "1", ""], "a note says something"), (["note", "1", " \n\t"], "a note says something"),
                              (["assign", "1", "李\u200d强"], "invisible characters"), (["set", "1", "author=x"], "a sheet has no field"),
                              (["set", "1", "tier=x"], "the plan has no tier"), (["set", "1", "x"], "FIELD=VALUE"),
                              (["assign", "1", " "], "needs a name"), (["ack", "x"], "not the number"), (["ack"], "wrong number"),
                              (["delete", "1"], "not an action of desk"), ([], "what is to be done"),
                              (["ack", "99999999999999999999"], "not the number")):
        done = desk(db, *arguments, expect=2)
        check(reason in done.stderr, (arguments, done.stderr))
    for name in ("", "  ", "王\u202e敏", "王\n敏", "\x1b[2J", "王" * 40, "王\u200b敏", "\ufeff王", "王\u3164", "王\u00a0敏",
                 " 王敏", "王敏 ", "王\u2060敏", "王\U000e0041", "\u3000", "王\u3000敏", "\u2800", "王\U0001d173敏"):
        check("tocsin: desk: who acts" in desk(db, "ack", "1", by=name, expect=2).stderr if name else True, repr(name))
    check("who decides" in desk(db, "ack", "1", by=None, expect=2).stderr, "nobody")
    check(rows(db, "SELECT count(*) FROM actions") == [(0,)], "nothing was kept")
    check("cannot be opened" in desk(folder + "/none.db", "ack", "1", expect=3).stderr, "no such database")
    check(not os.path.exists(folder + "/none.db"), "and none was made")


def test_in_chinese(folder):
    """With Chinese messages, refusals and displays are Chinese; field names and typed text stay as they are."""
    db, _ = start(folder, post(1) + post(2, GIFT) + post(3, "转发：" + GIFT))
    chinese = {"env": dict(os.environ, LC_ALL="zh_CN.UTF-8", LANGUAGE="")}
    long = "庐" * 30
    for arguments in (["ack", "9"], ["merge", "1", "1"], ["split", "1"], ["split", "1", "x"], ["split", "2", "2", "3"], ["note", "1", ""],
                      ["set", "1", "author=x"], ["set", "1", "tier=" + long], ["set", "1", "stage=" + long], ["set", "1", "deadline=" + long],
                      ["assign", "1", " "]):
        said = desk(db, *arguments, expect=2, **chinese).stderr
        check(not re.search("[a-z]{3,} [a-z]{2,}", said) and re.search("[一-鿿]{4}", said) and "\ufffd" not in said, (arguments, said))
    for sheet in ("[1]", '{"unit": "x"}', '{"incident": 1, "author": "x"}', '{"incident": 1, "unit": 5}', '{"incident": 1, "stage": "x"}'):
        said = desk(db, "fill", "-", expect=2, input=sheet, **chinese).stderr
        check(not re.search("[a-z]{3,} [a-z]{2,}", said) and re.search("[一-鿿]{4}", said), (sheet, said))
    desk(db, "false-alarm", "2", "旧闻")
    desk(db, "merge", "2", "1")
    text = tocsin("desk", "--db", db, "show", "1", **chinese).stdout
    check("新发现" in text and "并入" in text and not re.search("began|merge|false_alarm", text), text)
    write(folder + "/none.db", "x" * 4096)
    said = tocsin("desk", "--db", folder + "/none.db", "list", expect=3, **chinese).stderr
    check("无法读取：它已损坏，或不是数据库" in said and "file is" not in said, said)


def test_large_notes(folder):
    db, _ = start(folder, post(1))
    desk(db, "note", "1", "-", input="记" * 349525 + "\n")  # 1 048 575 bytes
    check(len(shown(db, 1)["actions"][0]["detail"]) == 349525, "a note of 1 MB is kept whole")
    done = desk(db, "note", "1", "-", input="记" * 349526, expect=2)
    check("1048578 bytes are too many" in done.stderr and "nothing was" in done.stderr, done.stderr)
    desk(db, "note", "1", "\u202e<script>\x1b[2J")
    text = tocsin("desk", "--db", db, "show", "1").stdout
    check("\x1b" not in text and "\u202e" not in text and max(map(len, text.splitlines())) < 400, "shown, not obeyed")


def test_false_alarm(folder):
    """A muted incident stays quiet until it has ten times the posts or another tier, across restarts too."""
    alike = lambda a, b: "".join(post(i, "转发：" + GIFT) for i in range(a, b))
    db, feed = start(folder, alike(1, 3))
    check(listed(db)[1]["tier"]["id"] == "general", listed(db))
    desk(db, "false-alarm", "1", "旧闻")
    check(listed(db, "--state", "false_alarm")[1]["by"] == "王敏" and not listed(db), "not listed any more")
    last = rows(db, "SELECT max(number) FROM outbox")[0][0]
    write(feed, post(50, "转发：" + GIFT, reach=20000) + alike(3, 18), "a")  # 18 posts now; attention rises: quiet
    watch(db, feed, "--keep-text")
    check(any(e.get("muted") for e in events(db)), "it is written down")
    check(rows(db, "SELECT max(number) FROM outbox")[0][0] == last, "nobody is told")
    write(feed, alike(18, 22), "a")
    watch(db, feed, "--keep-text")
    new = [e for e in events(db) if e["event"] == "outgrown"]
    check(len(new) == 1 and new[0]["posts"] == 20 and "muted" not in new[0], new)
    check(rows(db, "SELECT max(number) FROM outbox")[0][0] == last + 1 and listed(db)[1]["state"] == "open", "told again")
    desk(db, "false-alarm", "1")
    write(feed, post(60, "转发：" + GIFT, venue="hot_forum"), "a")
    watch(db, feed, "--keep-text")
    kinds = [e["event"] for e in events(db, "--after", str(new[0]["number"]))]
    check("outgrown" in kinds and "tier" in kinds and listed(db)[1]["tier"]["id"] == "major", kinds)


def test_false_alarm_that_returns(folder):
    db, feed = start(folder, post(1, GIFT))
    desk(db, "false-alarm", "1")
    write(feed, post(5 * 3600, GIFT + "，今天又有新的说法传出来，说当年的钱至今没有退，大家等着看怎么收场"), "a")
    watch(db, feed, "--quiet-after", "1")
    returned = [e for e in events(db) if e["event"] == "returned"]
    check(len(returned) == 1 and returned[0]["muted"] and not listed(db), returned)
    check(listed(db, "--state", "false_alarm")[returned[0]["incident"]]["returns"] == 1, "it is one too")


def test_merge_and_split(folder):
    db, feed = start(folder, post(1) + post(2, GIFT) + post(3, "转发：" + GIFT))
    desk(db, "ack", "2")
    desk(db, "merge", "2", "1")
    one = listed(db)
    check(list(one) == [1] and one[1]["posts"] == 3 and one[1]["parts"] == 2 and one[1]["tier"]["id"] == "major", one)
    check(shown(db, 2)["incident"] == 1 and shown(db, 1)["merged"] == [2], "its number leads there")
    write(feed, post(4, "转发：" + GIFT, reach=20000), "a")
    told = watch(db, feed, "--keep-text").stdout
    check({json.loads(l)["incident"] for l in told.splitlines()} == {1} and listed(db)[1]["posts"] == 4, told)
    page = tocsin("report", "--db", db).stdout
    check('id="i1"' in page and 'id="i2"' not in page, "the report shows it as one")
    check(len({p["id"] for p in shown(db, 1)["posts"]}) == 4, "posts of both")
    desk(db, "split", "2", by="赵")
    check({i: d["posts"] for i, d in listed(db).items()} == {1: 1, 2: 3}, listed(db))
    write(feed, post(5, "转发：" + GIFT), "a")
    watch(db, feed, "--keep-text")
    check({i: d["posts"] for i, d in listed(db).items()} == {1: 1, 2: 4}, "after another start")
    check([(a["action"], a["who"]) for a in shown(db, 2)["actions"]] == [("acknowledge", "王敏"), ("merge", "王敏"), ("split", "赵")], "who")


SIGN = "颐和路新消防站的招牌都晒掉色了，三年没来过一辆消防车，居民投诉一次换一句官话"
CALL = "我们小区上个月着火，救火车从站北跑过来半小时，颐和路消防站就在隔壁，闲置三年没人值班，气不气人"


def sums(db):
    """For each incident its posts and reach, and the sums over its posts and hours."""
    kept = {i: (d["posts"], d["reach"]) for i, d in listed(db).items()}
    posts = {i: (n, r) for i, n, r in rows(db, "SELECT incident, count(*), sum(reach) FROM documents GROUP BY 1")}
    hours = {i: (n, r) for i, n, r in rows(db, "SELECT incident, sum(posts), sum(reach) FROM hours GROUP BY 1")}
    check(kept == posts == hours, (kept, posts, hours))
    return kept


def wait_for(db, posts):
    """Waits until the database has that many."""
    end = time.time() + PATIENCE
    while rows(db, "SELECT count(*) FROM documents")[0][0] < posts:
        check(time.time() < end, "the watcher does not read")
        time.sleep(0.05)


def test_split_posts(folder):
    """One incident is split into two, and each later post joins the one whose text is more alike."""
    db, feed = start(folder, post(1, SIGN, reach=100) + post(2, CALL, reach=50) + post(3, "转发：" + SIGN, reach=100))
    check(rows(db, "SELECT incident, joined_by FROM documents ORDER BY number") == [(1, 0), (1, 2), (1, 1)], "the tracker joins them")
    whole = listed(db)
    for words, problem in ((("9",), 'no post "9"'), (("1", "2", "3"), "all posts of incident 1"), ((), "split takes one that was merged")):
        check(problem in desk(db, "split", "1", *words, expect=2).stderr, words)
    check("there is no incident 7" in desk(db, "split", "7", "1", expect=2).stderr, "no such incident")
    check(listed(db) == whole and whole[1]["tier"]["id"] == "major", "of what was refused nothing is done")
    desk(db, "split", "1", "2", by="赵")
    check(sums(db) == {1: (2, 200), 2: (1, 50)}, listed(db))
    check({i: d["tier"]["id"] for i, d in listed(db).items()} == {1: "general", 2: "major"}, "each has the tier of its posts")
    check([(a["action"], a["who"], a["detail"].strip(), a["other"]) for a in shown(db, 2)["actions"]] == [("split", "赵", "2", 1)], "who")
    check([p["id"] for p in shown(db, 2)["posts"]] == ["2"] and "小区" in shown(db, 2)["about"], shown(db, 2))
    write(feed, post(4, "转发：" + CALL, reach=1) + post(5, "转：" + SIGN, reach=2) + post(6, GIFT), "a")
    watch(db, feed, "--keep-text")
    check(sums(db) == {1: (3, 202), 2: (2, 51), 3: (1, 0)}, "a number is not given again: %s" % listed(db))
    check({i: d["tier"]["id"] for i, d in listed(db).items()} == {1: "general", 2: "major", 3: "general"}, listed(db))
    write(feed, post(2, CALL, reach=70) + post(7, "转：" + CALL, reach=3) + post(8, "转：" + SIGN), "a")
    watch(db, feed)
    check(sums(db) == {1: (4, 202), 2: (3, 74), 3: (1, 0)}, "after another start: %s" % listed(db))
    page = tocsin("report", "--db", db).stdout
    check('id="i1"' in page and 'id="i2"' in page, "the report shows both")
    desk(db, "merge", "2", "1")
    check({i: d["posts"] for i, d in listed(db).items()} == {1: 7, 3: 1}, "taken back")
    desk(db, "split", "2")
    check(sums(db) == {1: (4, 202), 2: (3, 74), 3: (1, 0)}, "and shown by itself again")


def test_split_beside_a_watcher(folder):
    """A running watcher never gives one number to two incidents."""
    db, feed = start(folder, post(1, SIGN) + post(2, CALL) + post(3, "转发：" + SIGN))
    watcher = subprocess.Popen([TOCSIN, "watch", "-q", "-p", PLAN, "--db", db, feed], stdout=subprocess.DEVNULL)
    try:
        write(feed, post(4, "再转：" + SIGN), "a")
        wait_for(db, 4)
        desk(db, "split", "1", "2")
        write(feed, post(5, GIFT) + post(6, "转发：" + CALL), "a")
        wait_for(db, 6)
    finally:
        watcher.send_signal(signal.SIGTERM)
        check(watcher.wait(PATIENCE) == 0, "the watcher ends")
    check(sums(db) == {1: (3, 0), 2: (2, 0), 3: (1, 0)}, listed(db))


def test_sheet_and_return(folder):
    db, feed = start(folder, post(1, GIFT))
    desk(db, "set", "1", "verified=属实", "unit=庐阳大队", "answer==等号")
    desk(db, "set", "1", "verified=不属实", by="赵")
    sheet = shown(db, 1)["sheet"]
    check(sheet["verified"]["text"] == "不属实" and sheet["verified"]["who"] == "赵" and sheet["answer"]["text"] == "=等号", sheet)
    check("fields before that one are set" in desk(db, "set", "1", "link=x", "y=z", expect=2).stderr, "said")
    write(feed, post(5 * 3600, GIFT + "，今天又有新的说法传出来，说当年的钱至今没有退，大家等着看怎么收场"), "a")
    watch(db, feed, "--quiet-after", "1")
    check(shown(db, 2)["returns"] == 1 and shown(db, 2)["sheet"]["unit"]["text"] == "庐阳大队", "carried to what returns")
    check("不属实" in tocsin("report", "--db", db, "--sheets", "2").stdout, "the sheet of the report has it")


def test_labels(folder):
    db, _ = start(folder, post(1) + post(2, GIFT))
    desk(db, "false-alarm", "2", "旧闻")
    desk(db, "set", "1", "tier=general", by="赵")
    done = desk(db, "labels", by=None)
    write(folder + "/labelled.ndjson", done.stdout)
    labels = {d["id"]: d for d in map(json.loads, done.stdout.splitlines())}
    check({i: d["expect"]["tier"] for i, d in labels.items()} == {"1": "general", "2": "none"}, labels)
    check(labels["1"]["label"]["who"] == "赵" and labels["2"]["label"]["who"] == "王敏", "who")
    check("2 labelled posts; 0 without text" in done.stderr, done.stderr)
    said = tocsin("score", "-p", PLAN, folder + "/labelled.ndjson")
    check("2" in said.stdout, said.stdout)
    watch(folder + "/j.db", folder + "/feed.ndjson")
    desk(folder + "/j.db", "false-alarm", "2")
    check("0 labelled posts; 1 without text" in desk(folder + "/j.db", "labels", by=None).stderr, "no text")


def test_seen_by_a_running_watcher(folder):
    """Within a second, while the program goes on."""
    db, feed = start(folder, post(1, GIFT))
    watcher = subprocess.Popen([TOCSIN, "watch", "-p", PLAN, "--db", db, feed], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        write(feed, post(2, "转发：" + GIFT), "a")
        end = time.time() + PATIENCE
        while rows(db, "SELECT count(*) FROM documents") != [(2,)]:
            check(time.time() < end, "never read")
            time.sleep(0.05)
        began = time.time()
        desk(db, "false-alarm", "1")
        took = time.time() - began
        write(feed, post(3, "转发：" + GIFT, reach=200000), "a")
        while rows(db, "SELECT count(*) FROM documents") != [(3,)]:
            check(time.time() < end, "never read")
            time.sleep(0.05)
    finally:
        watcher.terminate()
        watcher.wait(PATIENCE)
    loud = rows(db, "SELECT e.kind FROM outbox AS o JOIN events AS e ON e.number = o.event ORDER BY 1")
    check([k for k, in loud] == ["began"] and took < 5, (loud, took))


def test_forms_count_once(folder):
    """The purpose of `form`: the same form sent twice, also at once from two tabs, is one action."""
    db, _ = start(folder, post(1))
    with sqlite3.connect(db) as writer:
        insert = "INSERT INTO actions (incident, kind, who, time, form) VALUES (1, 'note', '王', 1, 'f1')"
        writer.execute(insert)
        try:
            writer.execute(insert)
            raise AssertionError("twice")
        except sqlite3.IntegrityError:
            pass


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[3:]))
