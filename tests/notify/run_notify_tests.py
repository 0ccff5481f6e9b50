"""Tests tocsin notify against servers on the loopback interface that work, hang, refuse, are busy, lie or die, and
kills it at any moment.
usage: run_notify_tests.py TOCSIN PLAN [NAME…]"""
import base64
import hashlib
import hmac
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from loopback import Mail, Web, closed_port
import program_tests
from program_tests import FIRE, GIFT, PATIENCE, check, post, run_tests, write

TOCSIN, PLAN = map(os.path.abspath, sys.argv[1:3])
SECRET = "SEC0123456789abcdef"


def watch(folder, text):
    write(folder + "/feed.ndjson", text, "a")
    subprocess.run([TOCSIN, "watch", "-q", "-p", PLAN, "--db", folder + "/i.db", "--once", "--keep-text", folder + "/feed.ndjson"],
                   check=True)
    return folder + "/i.db"


def notify(folder, config, *arguments, expect=0, once=True):
    path = write(folder + "/notify.conf", config)
    done = subprocess.run([TOCSIN, "notify", "--db", folder + "/i.db", "--config", path, *(["--once"] if once else []), *arguments],
                          capture_output=True, text=True, timeout=PATIENCE)
    check(expect is None or done.returncode == expect, "exit %d: %s" % (done.returncode, done.stderr))
    return done.stderr


class Notifier:
    """One that goes on."""

    def __init__(self, folder, config, *arguments):
        path = write(folder + "/notify.conf", config)
        self.error = tempfile.TemporaryFile()
        self.process = subprocess.Popen([TOCSIN, "notify", "--db", folder + "/i.db", "--config", path, *arguments],
                                        stderr=self.error)

    def said(self):
        self.error.seek(0)
        return self.error.read().decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.error.close()


def rows(folder, sql):
    return program_tests.rows(folder + "/i.db", sql)


def desk(folder, *arguments):
    subprocess.run([TOCSIN, "desk", "--db", folder + "/i.db", *arguments, "--by", "王敏"], check=True)


def wait_until(what, said="?"):
    end = time.time() + PATIENCE
    while not what():
        check(time.time() < end, "never: %s" % said)
        time.sleep(0.05)


def channel(name, kind, url, *lines):
    return "[channel %s]\ntype = %s\n%s\nretry = 1s\ntimeout = 2\n%s\n" % (name, kind, "url = " + url if url else "", "\n".join(lines))


def bodies(server):
    return [json.loads(t["body"]) for t in server.taken]


def test_a_webhook_is_told(folder):
    watch(folder, post(1) + post(2, GIFT))
    server = Web()
    config = channel("duty", "webhook", server.url())
    said = notify(folder, config)
    check("duty was notified of incident 1 (news)" in said, said)
    told = bodies(server)
    check([(t["incident"], t["tier"], t["event"], t["repeat"]) for t in told] == [(1, "major", "began", False),
                                                                            (2, "general", "began", False)], told)
    check("【重大】" not in told[0]["title"] and "[重大] 新事件" in told[0]["title"] and FIRE in told[0]["text"], told[0])
    check("关注度 低\n" in told[0]["text"] and told[0]["attention"] == "low", "words in the text, codes for programs")
    check("请先核实" in told[0]["text"] and "tocsin desk ack 1" in told[0]["text"], told[0]["text"])
    check(notify(folder, config) == "" and len(server.taken) == 2, "nothing twice")
    check(rows(folder, "SELECT channel, incident, kind, state, attempts FROM deliveries")
          == [("duty", 1, "news", "sent", 1), ("duty", 2, "news", "sent", 1)], rows(folder, "SELECT * FROM deliveries"))
    watch(folder, post(3, "转发：" + GIFT, venue="hot_forum"))
    notify(folder, config, "--lang", "en", "-q")
    last = bodies(server)[-1]
    check(last["event"] in ("tier", "outgrown") and "tier raised" in last["title"] and "[Major]" in last["title"] and "Celebrity" not in last["clauses"] and "celebrity accounts" in last["clauses"] and "Leading group" in last["text"] and "Verify the facts" in last["text"], last)


def test_who_is_told(folder):
    watch(folder, post(1) + post(2, GIFT) + post(3, "天津消防大队收红包、吃拿卡要，举报消防大队没人管"))
    server = Web()
    routes = {i: set(r.split(",")) for i, r in rows(folder, "SELECT incident, group_concat(route) FROM routes GROUP BY 1")}
    for name, line, wanted in (("all", "", set(routes)), ("major", "tiers = major", {1}), ("group", "routes = leading_group", {
            i for i in routes if "leading_group" in routes[i]}), ("none", "routes = nobody", set()), ("tier", "events = tier", set())):
        del server.taken[:]
        notify(folder, channel(name, "webhook", server.url(), line))
        check({b["incident"] for b in bodies(server)} == wanted, (name, bodies(server), wanted))
    long = "队" * 42 + "ab"
    with sqlite3.connect(folder + "/i.db") as writer:
        writer.execute("UPDATE events SET facts = replace(facts, 'leading_group', ?)", (long,))
    del server.taken[:]
    notify(folder, channel("long", "webhook", server.url(), "routes = leading_group, " + long))
    check(server.taken and {b["incident"] for b in bodies(server)} == {i for i in routes if "leading_group" in routes[i]}, "a route with the longest id of a plan")
    desk(folder, "false-alarm", "2")
    watch(folder, post(4, "转发：" + GIFT, reach=20000))
    del server.taken[:]
    notify(folder, channel("all", "webhook", server.url()))
    check(not server.taken, "a false alarm is quiet")


def test_robots(folder):
    watch(folder, post(1, FIRE + "。" + "再说一句话。" * 2000))
    secret = write(folder + "/secret", SECRET + "\n")
    servers = {}
    for kind, good, bad in (("wecom", {"errcode": 0, "errmsg": "ok"}, {"errcode": 93000, "errmsg": "invalid webhook url"}),
                            ("dingtalk", {"errcode": 0}, {"errcode": 310000, "errmsg": "sign not match " + SECRET}),
                            ("feishu", {"code": 0, "msg": "success"}, {"code": 19021, "msg": "sign match fail"})):
        server = servers[kind] = Web((200, bad), (200, good))
        url = write(folder + "/url", server.url("/send?key=KEY-%s" % kind) + "\n")
        config = channel(kind, kind, None, "url-file = " + url, "secret-file = " + secret)
        said = notify(folder, config, expect=1)
        check("it answered 200 with error %d" % (bad.get("errcode") or bad["code"]) in said, said)
        check(SECRET not in said and "KEY-" not in said, "secrets are not told: " + said)
        time.sleep(1.1)
        notify(folder, config)
        check(len(server.taken) == 2 and "repeat" not in said, "once more, and no repetition: it was not taken")
    texts = {"wecom": json.loads(servers["wecom"].taken[1]["body"])["markdown"]["content"],
             "dingtalk": json.loads(servers["dingtalk"].taken[1]["body"])["text"]["content"],
             "feishu": json.loads(servers["feishu"].taken[1]["body"])["content"]["text"]}
    check(all(FIRE in t and "可能重复" not in t for t in texts.values()), texts)
    query = urllib.parse.parse_qs(urllib.parse.urlparse(servers["dingtalk"].taken[1]["path"]).query)
    signed = hmac.new(SECRET.encode(), ("%s\n%s" % (query["timestamp"][0], SECRET)).encode(), hashlib.sha256).digest()
    check(query["sign"][0] == base64.b64encode(signed).decode() and query["key"] == ["KEY-dingtalk"], query)
    body = json.loads(servers["feishu"].taken[1]["body"])
    signed = hmac.new(("%s\n%s" % (body["timestamp"], SECRET)).encode(), b"", hashlib.sha256).digest()
    check(body["sign"] == base64.b64encode(signed).decode(), body)
    check(not [r for r in rows(folder, "SELECT reason || message FROM deliveries") if SECRET in r[0] or "KEY-" in r[0]], "kept secret")


def test_limits_of_the_services(folder):
    """A message is cut after a sentence, never inside a character, and fits."""
    plan = folder + "/plan"
    os.makedirs(plan)
    many = "".join("{id: C%d, name: 第%d条很长的条款名称%s。, when: fire}, " % (i, i, "内容" * 250) for i in range(16))
    write(plan + "/plan.yaml", "plan: x\nversion: '1'\ntopics: {fire: {terms: fire.txt}}\ntiers: [{id: low, clauses: [%s]}]\n" % many)
    write(plan + "/fire.txt", "起火\n")
    write(folder + "/feed.ndjson", post(1, "合肥起火"))
    subprocess.run([TOCSIN, "watch", "-q", "-p", plan, "--db", folder + "/i.db", "--once", folder + "/feed.ndjson"], check=True)
    secret = write(folder + "/secret", SECRET)
    for kind, most, answer in (("wecom", 4096, {"errcode": 0}), ("dingtalk", 20000, {"errcode": 0}), ("feishu", 20480, {"code": 0})):
        server = Web((200, answer))
        notify(folder, channel(kind, kind, None, "url-file = " + write(folder + "/url", server.url()), "secret-file = " + secret))
        body = json.loads(server.taken[0]["body"])
        text = body.get("markdown", body.get("text", body.get("content")))
        text = text["text"] if kind == "feishu" else text["content"]
        size = len(text.encode()) if kind == "wecom" else len(server.taken[0]["body"])
        check(most * 0.6 < size <= most, (kind, size))
        check(text.endswith("…") and text[-2] in "。；\n" and "\ufffd" not in text, text[-20:])


def test_faults(folder):
    """The server hangs, refuses, is busy, fails and dies: each message arrives in the end, and one that may have
    arrived twice is marked."""
    watch(folder, "".join(post(i, "第%d消防大队收红包、吃拿卡要，举报%d号消防大队没人管" % (i, i)) for i in range(1, 3)))
    busy = (429, b"", {"Retry-After": "2"})
    server = Web("hang", 500, busy, "die", 503, 200)
    config = channel("duty", "webhook", server.url())
    with Notifier(folder, config) as n:
        wait_until(lambda: rows(folder, "SELECT count(*) FROM deliveries WHERE state = 'sent'")[0][0] == len(
            rows(folder, "SELECT DISTINCT incident FROM events")), n.said)
        said = n.said()
    check("answered 500" in said and "answered 429" in said and "tried again" in said, said)
    by, times = {}, {}
    for b, t in zip(bodies(server), server.taken):
        by.setdefault(b["delivery"], []).append((t["step"], b["repeat"]))
        times.setdefault(b["delivery"], []).append((t["step"], t["time"]))
    for tries in times.values():
        for (step, begun), (_, again) in zip(tries, tries[1:]):
            check(again - begun >= (1.9 if step == busy else 0.9), (step, again - begun, "it waits, as long as it is asked to"))
    for tries in by.values():
        maybe = False
        for step, repeat in tries:
            check(repeat == maybe, (tries, "marked when one before may have come"))
            maybe = maybe or step in ("hang", "die", 500, 503)
        check(tries[-1][0] == 200, tries)
    port = closed_port()
    watch(folder, post(9))
    said = notify(folder, channel("closed", "webhook", "http://127.0.0.1:%d/" % port, "attempts = 1"), expect=1)
    check("is given up after 1 attempts" in said, said)
    check(rows(folder, "SELECT DISTINCT state FROM deliveries WHERE channel = 'closed'") == [("dead",)], "dead letters")
    check(all(r for r, in rows(folder, "SELECT reason FROM deliveries WHERE state = 'dead'")), "with a reason")
    refused = Web(400)
    said = notify(folder, channel("wrong", "webhook", refused.url()), expect=1)
    check("given up after 1 attempts: it answered 400" in said, said)


def test_killed(folder):
    """kill -9 at any moment: nothing is lost, and at most one message a kill may arrive twice and is marked."""
    r = random.Random(7)
    server = Web(200)
    config = channel("duty", "webhook", server.url(), "events = began")
    kills, posts = 25, 0
    watch(folder, post(0, "天气好"))
    for kill in range(kills):
        watch(folder, "".join(post(1000 + posts + i, "第%d消防大队收红包、吃拿卡要，举报%d号消防大队没人管" % (posts + i, posts + i))
                              for i in range(8)))
        posts += 8
        with Notifier(folder, config) as n:
            time.sleep(r.uniform(0.02, 0.25))
            n.process.send_signal(signal.SIGKILL)
            n.process.wait()
    notify(folder, config)
    began = {i for i, in rows(folder, "SELECT DISTINCT incident FROM events WHERE kind = 'began'")}
    told = bodies(server)
    check({b["incident"] for b in told} == began and len(began) >= kills, (len(began), "all incidents are told"))
    seen, marked = set(), 0
    for b in told:
        check(b["delivery"] not in seen or b["repeat"], (b, "a repetition that does not say so"))
        marked += b["delivery"] in seen
        seen.add(b["delivery"])
    check(marked <= kills, "%d repetitions" % marked)
    check(rows(folder, "SELECT DISTINCT state FROM deliveries") == [("sent",)], "all are sent")
    print("  %d kills: %d incidents told by %d requests, %d of them repetitions, all marked" % (kills, len(began), len(told), marked))


def test_reminders_and_escalation(folder):
    watch(folder, post(1) + post(2, GIFT))
    duty, chief = Web(), Web()
    config = channel("duty", "webhook", duty.url(), "remind = 1s", "remind-most = 2", "escalate = 2s", "escalate-to = chief") \
        + channel("chief", "webhook", chief.url(), "routes = nobody")
    with Notifier(folder, config) as n:
        wait_until(lambda: len(duty.taken) >= 2, n.said)
        desk(folder, "ack", "2")
        wait_until(lambda: len(chief.taken) >= 1 and [b["kind"] for b in bodies(duty) if b["incident"] == 1].count("reminder") == 2, n.said)
        time.sleep(2.5)
        check([b["incident"] for b in bodies(chief)] == [1] and bodies(chief)[0]["kind"] == "escalation", bodies(chief))
        check("【无人受理】" in bodies(chief)[0]["title"], bodies(chief)[0]["title"])
        count = len(duty.taken)
        check([b["kind"] for b in bodies(duty) if b["incident"] == 1].count("reminder") == 2, "not more than two")
        desk(folder, "close", "1")
        time.sleep(1.5)
        check(len(duty.taken) == count, "nothing after it is closed")


def test_answers_with_an_error_in_the_body(folder):
    """What answers 200 and says in JSON that it took nothing gets the message again."""
    watch(folder, post(1))
    for body in ({"errcode": 5, "errmsg": "quota"}, {"error": "not stored"}):
        server, name = Web((200, body), 200), "gate%d" % len(body)
        said = notify(folder, channel(name, "webhook", server.url(), "retry = 1s"), expect=1)
        check("it answered 200 with error" in said and list(body.values())[-1] in said, said)
        wait_until(lambda: notify(folder, channel(name, "webhook", server.url()), expect=None) is not None and len(server.taken) == 2, lambda: said)
        check(rows(folder, "SELECT state, attempts FROM deliveries WHERE channel = '%s'" % name) == [("sent", 2)], "in the end")
    for body in (b"", b"ok", {"errcode": 0}, {"error": ""}, {"error": None}, {"code": 200}, [1]):
        server = Web((200, body))
        notify(folder, channel("x" + str(abs(hash(str(body)))), "webhook", server.url()))
        check(len(server.taken) == 1, body)


def test_what_would_tell_nobody(folder):
    """A channel of events that there are not, or with an empty message, is refused at the start."""
    write(folder + "/empty", " \n")
    watch(folder, post(1))
    for line, problem in (("events = bogan", 'there is no event "bogan"'), ("events = began,tiers", 'there is no event "tiers"'),
                          ("template-file = %s/empty" % folder, "/empty: it is empty")):
        check(problem in notify(folder, channel("duty", "webhook", "http://127.0.0.1:9/", line), "--check", expect=2), line)
    server = Web()
    said = notify(folder, channel("duty", "webhook", server.url(), "events = began, merged", "tiers = 重大,general", "routes = office,x", "quiet-except = y"))
    check([w in said for w in ('no tier "重大"', 'no tier "general"', 'no route "x"', 'no route "office"', 'no tier "y"')]
          == [True, False, True, False, True], said)


def test_clock_set_back(folder):
    """What was sent, reminded of and summed up by a clock that was a day ahead holds nothing back after it was set right."""
    watch(folder, post(1))
    server, chief = Web(), Web()
    clock = time.strftime("%H:%M", time.localtime(time.time() - 60))
    config = channel("duty", "webhook", server.url(), "remind = 15m", "remind-most = 3", "escalate = 30m", "escalate-to = chief", "digest = " + clock) \
        + channel("chief", "webhook", chief.url(), "routes = nobody")
    notify(folder, config)
    check([b["kind"] for b in bodies(server)] == ["news"], bodies(server))
    with sqlite3.connect(folder + "/i.db") as writer:
        writer.execute("UPDATE deliveries SET created = created + 86400000, ended = ended + 86400000")
        writer.execute("INSERT INTO deliveries (channel, incident, kind, event, created, due, ended, state) SELECT channel, incident, 'reminder', event,"
                       " created, due, ended, 'sent' FROM deliveries")
        writer.execute("UPDATE channels SET digest = digest + 86400000")
    notify(folder, config)
    check(sorted(b["kind"] for b in bodies(server)) == ["digest", "news", "reminder"], bodies(server))
    check([b["kind"] for b in bodies(chief)] == ["escalation"], bodies(chief))
    notify(folder, config)
    check(len(server.taken) == 3 and len(chief.taken) == 1, "once")


def test_quiet_hours_updates_and_digest(folder):
    watch(folder, post(1) + post(2, GIFT))
    server = Web()
    now = time.time()
    clock = lambda minutes: time.strftime("%H:%M", time.localtime(now + minutes * 60))
    quiet = "quiet = %s-%s" % (clock(-5), clock(60))
    notify(folder, channel("night", "webhook", server.url(), quiet, "quiet-except = major"))
    check([b["tier"] for b in bodies(server)] == ["major"], "only what may be loud")
    due = rows(folder, "SELECT due / 1000 FROM deliveries WHERE state = 'waiting'")
    check(len(due) == 1 and 58 * 60 < due[0][0] - now < 62 * 60, due)
    watch(folder, post(3, "转发：" + GIFT, reach=20000))
    notify(folder, channel("night", "webhook", server.url(), quiet, "quiet-except = major"))
    check(rows(folder, "SELECT count(*) FROM deliveries WHERE state = 'waiting'") == [(1,)], "what came meanwhile is one message")
    with sqlite3.connect(folder + "/i.db") as writer:  # a clock that was ahead
        writer.execute("UPDATE deliveries SET due = due + 100 * 86400000 WHERE state = 'waiting'")
    notify(folder, channel("night", "webhook", server.url()))
    check(bodies(server)[-1]["event"] == "attention" and len(server.taken) == 2, "a clock set back holds nothing up")
    del server.taken[:]
    digest = channel("morning", "webhook", server.url(), "send = digest", "digest = %s" % clock(-1))
    notify(folder, digest)
    check(not server.taken, "none for the time before it was set up")
    with sqlite3.connect(folder + "/i.db") as writer:
        writer.execute("UPDATE channels SET digest = digest - 3600000 WHERE channel = 'morning'")
    notify(folder, digest)
    notify(folder, digest)
    check([b["kind"] for b in bodies(server)] == ["digest"] and "未办结事件 2 起" in bodies(server)[0]["text"], bodies(server))


def test_rate(folder):
    watch(folder, "".join(post(i, "第%d消防大队收红包、吃拿卡要，举报%d号消防大队没人管" % (i * 7, i * 7)) for i in range(1, 6)) + post(50))
    known = len(rows(folder, "SELECT DISTINCT incident FROM events"))
    server = Web()
    notify(folder, channel("slow", "webhook", server.url(), "per-minute = 1"))
    check(len(server.taken) == 1 and known > 1, (len(server.taken), known))
    notify(folder, channel("slow", "webhook", server.url()))
    check(len(server.taken) == known, "the rest comes later")


def test_mail(folder):
    watch(folder, post(1))
    key, cert = folder + "/key.pem", folder + "/cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj",
                    "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    password = write(folder + "/password", "geheim-1\n")
    lines = ["from = tocsin@brigade.example", "to = duty@brigade.example, chief@brigade.example", "user = tocsin", "password-file = " + password]
    server = Mail((cert, key), ["451 later"], ("tocsin", "geheim-1"))
    config = channel("mail", "smtp", server.url(), "ca-file = " + cert, *lines)
    said = notify(folder, config, expect=1)
    check("is tried again" in said and "geheim" not in said, said)
    time.sleep(1.1)
    notify(folder, config)
    taken = server.taken[0]
    message = taken["message"]
    check(taken["tls"] and taken["login"] == ["tocsin", "geheim-1"], taken)
    check(taken["to"] == ["duty@brigade.example", "chief@brigade.example"], taken["to"])
    subject = "".join(p.decode(c or "ascii") if isinstance(p, bytes) else p for p, c in __import__("email.header").header.decode_header(message["Subject"]))
    check("[重大] 新事件" in subject and "庐阳区" in subject, subject)
    check(FIRE in message.get_payload(decode=True).decode() and message["Message-ID"].startswith("<tocsin-mail-"), message)
    plain = Mail()
    watch(folder, post(2, GIFT))
    said = notify(folder, channel("plain", "smtp", plain.url(), *lines[:2]), expect=1)
    check(not plain.taken and "tried again" in said, "no mail without STARTTLS")
    time.sleep(1.1)
    notify(folder, channel("plain", "smtp", plain.url(), "tls = none", *lines[:2]))
    check(len(plain.taken) >= 1, "but where the file says so")
    said = notify(folder, channel("other", "smtp", Mail((cert, key)).url(), *lines[:2]), expect=1)
    check("certificate" in said.lower() or "SSL" in said, "a certificate that nobody vouches for: " + said)


def test_command(folder):
    watch(folder, post(1))
    script = write(folder + "/tell.sh", "#!/bin/sh\ncat >> %s/told\n" % folder)
    os.chmod(script, 0o755)
    notify(folder, channel("own", "command", None, "command = %s now" % script))
    with open(folder + "/told", encoding="utf-8") as told:
        check(json.loads(told.read())["incident"] == 1, "the message is on standard input")
    for name, command, reason in (("fails", "false", "ended with status 1"), ("missing", folder + "/none", "cannot be started"),
                                  ("hangs", "sleep 60", "did not end within 2 s")):
        said = notify(folder, channel(name, "command", None, "command = " + command), expect=1)
        check(reason in said, said)


def test_template(folder):
    watch(folder, post(1, FIRE + "\"引号\""))
    server = Web()
    good = write(folder + "/good", '{"say": "{{title}}", "no": {{incident}}, "again": {{repeat}}, "n": "{{number}}"}')
    notify(folder, channel("hook", "webhook", server.url(), "template-file = " + good))
    body = bodies(server)[0]
    check(body["no"] == 1 and body["again"] is False and body["say"].startswith("[重大]"), body)
    bad = write(folder + "/bad", '{"say":\n "{{titel}}"}')
    said = notify(folder, channel("hook", "webhook", server.url(), "template-file = " + bad), expect=2)
    check("/bad:2:3: there is no {{titel}}" in said, said)


def test_config_mistakes(folder):
    watch(folder, post(1))
    for config, reason in (("type = webhook\n", "before the first"), ("[channel a]\n", "needs type"), ("", "no [channel NAME]"),
                           ("[channel a]\ntype = wechat\n", "there is no type"), ("[channel a]\ntype=webhook\n", "needs url-file"),
                           (channel("a", "webhook", "ftp://x"), "neither https"), (channel("a", "webhook", "http://x", "quiet = 9"), "two times"),
                           (channel("a", "webhook", "http://x", "remnid = 1s"), "did you mean remind"), ("[channel]\n", "a section is"),
                           (channel("a", "webhook", "http://x", "remind = 5"), "a span"), (channel("a", "dingtalk", "http://x"), "secret-file"),
                           (channel("a", "webhook", "http://x") * 2, "channel a again"), (channel("a", "webhook", "http://x", "nonsense"), "KEY = VALUE"),
                           (channel("a", "webhook", "http://x", "escalate = 1m", "escalate-to = b"), "no channel b"),
                           (channel("a", "webhook", "http://x", "secret-file = /none"), "/none: "),
                           (channel("a", "webhook", "http://x", "send = digest"), "needs digest")):
        said = notify(folder, config, expect=2)
        check(reason in said and "notify.conf:" in said, (config, said))
    notify(folder, channel("a", "webhook", "http://127.0.0.1:9/"), "--check", once=False)
    server = Web()
    with Notifier(folder, channel("a", "webhook", server.url())) as n:
        wait_until(lambda: server.taken, n.said)
        check("another tocsin notify" in notify(folder, channel("a", "webhook", server.url()), expect=3), "one at a time")
        n.process.send_signal(signal.SIGTERM)
        check(n.process.wait(PATIENCE) == 0, n.said())


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[3:]))
