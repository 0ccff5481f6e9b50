"""Tests tocsin serve with requests that a browser sends, and with requests that nobody should send.
usage: run_serve_tests.py TOCSIN PLAN [NAME…]"""
import html
import json
import os
import re
import signal
import socket
import sqlite3
import sys
import threading
import time
import urllib.parse

from served import EVIL, FIRE, GIFT, PATIENCE, PLAN, Server, check, post, rows, tocsin, watched, write
from program_tests import run_tests


class Browser:
    """Keeps cookies, sends forms with their hidden fields, follows redirects."""

    def __init__(self, server):
        self.server, self.cookies = server, {}

    def ask(self, method, path, body=None, **headers):
        if self.cookies:
            headers["Cookie"] = "; ".join("%s=%s" % pair for pair in self.cookies.items())
        answer = self.server.ask(method, path, body, **headers)
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                check("SameSite=Strict" in value, value)
                name, _, value = value.split(";")[0].partition("=")
                self.cookies[name] = value
        return answer

    def get(self, path, expect=200):
        answer = self.ask("GET", path)
        check(answer.status == expect, "%s: %d, not %d: %s" % (path, answer.status, expect, answer.text[:2000]))
        return answer.text

    def form(self, path):
        """The hidden fields of the form that posts to the path."""
        page = self.get(path)
        forms = re.findall(r'<form method="post"[^>]* action="([^"]*)">(.*?)</form>', page, re.S)
        body = [b for action, b in forms if action == path.split("?")[0]][0]
        carried = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', body))
        carried.update({n: html.unescape(v) for n, v in re.findall(r'<textarea hidden name="([^"]*)">\n(.*?)</textarea>', body, re.S)})
        return carried

    def send(self, path, fields, expect=303, **headers):
        headers.setdefault("Content_Type", "application/x-www-form-urlencoded")
        headers.setdefault("Origin", "http://127.0.0.1:%d" % self.server.port)
        answer = self.ask("POST", path, urllib.parse.urlencode(fields), **headers)
        check(answer.status == expect, "%s: %d, not %d: %s" % (path, answer.status, expect, answer.text[:2000]))
        return answer

    def act(self, incident, action, expect=303, by="王敏", **fields):
        path = "/incident/%d" % incident
        return self.send(path, {**self.form(path), "action": action, "by": by, **fields}, expect)


def actions(db):
    return rows(db, "SELECT incident, kind, who, detail, field FROM actions ORDER BY number")


def test_pages(folder):
    db = watched(folder)
    with Server(db, "-p", PLAN) as server:
        browser = Browser(server)
        today = browser.get("/")
        check("新发现 <span class=\"count\">2</span>" in today and 'href="/incident/1"' in today, today)
        page = browser.get("/incident/1")
        for word in ("<mark>", "<svg", "庐阳", "领导小组组长及成员", "本事件首帖", "M1", "受理"):
            check(word in page, (word, page))
        check("水枪没水" in re.sub("<[^>]*>", "", page), page)
        check("网络舆情突发事件处置表" in browser.get("/incident/1/sheet"), "sheet")
        plan = browser.get("/plan")
        for word in ("网络舆情突发事件处置工作预案", "M1", "<code>", "与预期一致"):
            check(word in plan, (word, plan))
        check("不是 tocsin score --json 的结果" not in plan, plan)
        check("Today" in browser.get("/?lang=en") and "Handling sheet" in browser.get("/incident/1/sheet"), "English stays")
        check(json.loads(server.ask("GET", "/healthz").text) == {"status": "ok"}, "health")
        check(server.ask("HEAD", "/healthz").status == 200, "HEAD")
        browser.get("/incident/99", 404)
        browser.get("/nothing", 404)


def test_recorded_accuracy(folder):
    db, labelled, score = watched(folder), folder + "/labelled.ndjson", folder + "/score.json"
    write(labelled, post(1, expect={"tier": "major"}) + post(2, GIFT, expect={"tier": "general"}) + post(3, "晴天", expect={"tier": "none"}))
    write(score, tocsin("score", "-p", PLAN, labelled, "--json").stdout)
    with Server(db, "--score", score) as server:
        plan = Browser(server).get("/plan?lang=en")
        check("Ordinary</bdi> or higher</th>" in plan and '1.00 (0.34–1.00)</td><td class="n">1.00 (0.34–1.00)</td><td class="n">2</td>' in plan, plan)
        for text in ("no JSON", "", "{}", '{"clear": {"tiers": [1, null, {}]}}', '{"clear": 5}', "[" * 100000):
            write(score, text)
            page = Browser(server).get("/plan")
            check("不是 tocsin score --json 的结果" in page or "tiers" in text, (text[:50], page))


def test_each_in_his_language(folder):
    """The store's refusals appear at once in the language of the page, whatever the language of the server."""
    db = watched(folder)
    for started in ("C", "zh_CN.UTF-8"):
        with Server(db, env=dict(os.environ, LC_ALL=started, LANGUAGE="")) as server:
            said = {"zh": [], "en": []}

            def refused(language):
                browser = Browser(server)
                browser.get("/?lang=" + language)
                for _ in range(10):
                    said[language].append(browser.act(1, "merge", expect=422, into="1").text)
                    said[language].append(browser.send("/incident/1/sheet", {**browser.form("/incident/1/sheet"), "deadline": "明天",
                                                                            "by": "王"}, 422).text)

            readers = [threading.Thread(target=refused, args=(language,)) for language in said]
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join()
            check(len(said["zh"]) == len(said["en"]) == 20, "each was answered")
            check(all("<p role=\"alert\">1 和 1 已经是同一" in p or "时限的写法是" in p for p in said["zh"]), said["zh"])
            check(all("1 and 1 are one incident already" in p or "deadline is a time as" in p for p in said["en"]), said["en"])
    with sqlite3.connect(db) as writer:
        writer.executemany("INSERT INTO deliveries (channel, incident, kind, event, created, due, state, reason) VALUES ('duty', 1, ?, 1, 1, 1, ?, ?)",
                           [("reminder", "dropped", "it was acknowledged before"), ("news", "dead", "it answered 500")])
    with Server(db) as server:
        page = Browser(server).get("/incident/1?lang=zh")
        for word in ("催办", "不再发", "此前已有人受理", "通知", "未送达"):
            check(word in page, (word, page))
        check("acknowledged before" not in page and "it answered" not in page, page)
        page = Browser(server).get("/incident/1?lang=en")
        check("it was acknowledged before" in page and "not delivered" in page and "reminder" in page, page)
        write(db, "no database", "r+")
        check("它已损坏，或不是数据库" in Browser(server).get("/?lang=zh", 503) and "it is damaged" in Browser(server).get("/?lang=en", 503), "damaged")


def test_feed_that_stopped(folder):
    """Deadlines run by the clock although no post came for two hours, and the page tells how long none came."""
    now = int(time.time())
    db = watched(folder, post(1, time=now - 6 * 3600) + post(2, "天气很好", time=now - 2 * 3600 - 60))
    with Server(db) as server:
        browser = Browser(server)
        today, page = browser.get("/"), browser.get("/incident/1")
        check("<h2>逾期" in today and "已 2 小时没有新内容" in today and "已超时" in page, (today, page))
        check("已 2 小时没有新内容" in page, "the page of an incident that goes on")
        check("nothing new for 2 h" in browser.get("/?lang=en"), "in English")


def test_attached_posts(folder):
    """A post that is about an incident and has no tier says what it is, and not the id of a tier that is none."""
    db = watched(folder, post(1) + post(60, "辟谣：阳光花园起火，消防车半小时才到为谣言"))
    check(rows(db, "SELECT attached, tier_id FROM documents ORDER BY number") == [(0, "major"), (2, "none")], "attached")
    with Server(db) as server:
        browser = Browser(server)
        check("<span>传播 0</span> <span>辟谣</span>" in browser.get("/incident/1"), browser.get("/incident/1"))
        check("<span>reach 0</span> <span>rebuttal</span>" in browser.get("/incident/1?lang=en"), "in English")


def test_spaces_around(folder):
    """Spaces around names and notes are of the keyboard; a note of spaces alone is none, and takes no decision back."""
    db = watched(folder)
    with Server(db) as server:
        browser = Browser(server)
        browser.act(1, "assign", by=" 王敏 ", whom="李强 ")
        browser.act(1, "ack", by="王敏", text=" \r\n ")
        browser.act(1, "merge", by="王敏 ", into=" 20251124-2 ")
        check([a[1:4] for a in actions(db)] == [("assign", "王敏", "李强"), ("acknowledge", "王敏", ""), ("merge", "王敏", "")], actions(db))
        check("备注为空" in browser.act(2, "note", expect=422, text=" \n").text, "a note of spaces")
        check("看不见的字符" in browser.act(2, "ack", expect=422, by="王\u200b敏").text and len(actions(db)) == 3, "a name that looks like another")


def test_headers(folder):
    with Server(watched(folder)) as server:
        for path in ("/", "/incident/1", "/desk.css", "/desk.js", "/icon.svg", "/nothing"):
            answer = server.ask("GET", path)
            policy = answer.getheader("Content-Security-Policy")
            check(policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "data:" not in policy, policy)
            check(answer.getheader("X-Content-Type-Options") == "nosniff" and answer.getheader("Referrer-Policy"), path)
            check("frame-ancestors 'none'" in policy, policy)
            if "html" in answer.getheader("Content-Type"):
                check(not re.search(r"<style| style=|<script(?! src=)| on[a-z]+=|https?://", answer.text), answer.text)
                check(answer.getheader("Cache-Control") == "no-store", path)


def test_text_of_posts_is_no_markup(folder):
    db = watched(folder, post(1, FIRE + EVIL, title=EVIL, url="javascript:alert(3)")
                 + post(2, "转发：" + FIRE, url="https://bbs.example/t/2?a=1&b=\"><b>")
                 + post(3, "再转：" + FIRE, url="HTTPS://bbs.example/t/3"))
    tocsin("desk", "--db", db, "note", "1", EVIL, "--by", "王<b>")
    with sqlite3.connect(db) as writer:
        writer.execute("INSERT INTO deliveries (channel, incident, kind, event, created, due, state, reason) VALUES (?, 1, ?, 1, 1, 1, ?, ?)", [EVIL] * 4)
        writer.execute("INSERT INTO actions (incident, kind, who, time, field) VALUES (1, ?, ?, 1, ?)", [EVIL] * 3)
    with Server(db, "-p", PLAN) as server:
        browser = Browser(server)
        for path in ("/", "/incident/1", "/incident/1/sheet", "/search?q=" + urllib.parse.quote(EVIL), "/plan"):
            page = browser.get(path)
            check("<script>" not in page and "<img" not in page and "\u202e" not in page and "alert(2)>" not in page, (path, page))
        page = browser.get("/incident/1")
        check("&lt;script&gt;alert(1)" in page and "&lt;U+202E&gt;" in page and "王&lt;b&gt;" in page, page)
        check('href="javascript' not in page and "javascript:alert(3)" in page, page)
        check('href="https://bbs.example/t/2?a=1&amp;b=&quot;&gt;&lt;b&gt;"' in page, page)
        check('href="HTTPS://bbs.example/t/3"' in page and page.count("noopener noreferrer") == 2, page)


def test_actions(folder):
    db = watched(folder)
    with Server(db) as server:
        browser = Browser(server)
        browser.act(1, "ack", text="看过了")
        check(actions(db) == [(1, "acknowledge", "王敏", "", ""), (1, "note", "王敏", "看过了", "")], actions(db))
        check('value="王敏"' in browser.get("/incident/1"), "the name is remembered")
        browser.act(1, "assign", whom="李强")
        browser.act(1, "note", text="一\r\n二 <i>")
        browser.act(1, "tier", tier="general")
        browser.act(1, "close", text="已答复")
        check(actions(db)[2:] == [(1, "assign", "王敏", "李强", ""), (1, "note", "王敏", "一\n二 <i>", ""),
                                  (1, "set", "王敏", "general", "tier"), (1, "close", "王敏", "已答复", "")], actions(db))
        page = browser.get("/incident/1?said=done")
        check("已办结" in page and "已保存" in page and "李强" in page and "二 &lt;i&gt;" in page, page)
        browser.act(2, "merge", into="20251124-1")
        check(rows(db, "SELECT id FROM incidents WHERE shown_in = 1 ORDER BY 1") == [(1,), (2,)], "merged")
        browser.act(1, "split-2")
        check(rows(db, "SELECT shown_in FROM incidents WHERE id = 2") == [(2,)], "split")
        browser.act(2, "false_alarm", text="演练")
        check("误报" in browser.get("/incident/2"), "false alarm")
        check("没有未办结的事件" in browser.get("/"), "nothing is open")
        check(re.search(r'一般</th><td class="n">1</td><td class="n">1</td>', re.sub("</?bdi>", "", browser.get("/plan"))), browser.get("/plan"))


def test_what_makes_no_sense(folder):
    db = watched(folder)
    with Server(db) as server:
        browser = Browser(server)
        for action, fields in (("ack", {"by": ""}), ("ack", {"by": " "}), ("ack", {"by": "a\u202eb"}), ("ack", {"by": "长" * 40}),
                               ("note", {}), ("assign", {"whom": ""}), ("merge", {"into": "none"}), ("merge", {"into": "77"}),
                               ("merge", {"into": "1"}), ("split-1", {}), ("tier", {"tier": "nothing"})):
            answer = browser.act(1, action, 422, **fields)
            check("没有保存" in answer.text, (action, fields, answer.text))
        check("没有保存" in browser.act(1, "dance", 400).text, "an action that is none")
        check(actions(db) == [], actions(db))


def test_a_form_counts_once(folder):
    db = watched(folder)
    with Server(db) as server:
        browser = Browser(server)
        fields = {**browser.form("/incident/1"), "action": "note", "by": "王敏", "text": "一次"}
        for _ in range(3):
            browser.send("/incident/1", fields)
        check(actions(db) == [(1, "note", "王敏", "一次", "")], actions(db))
        answer = browser.send("/incident/1", {**fields, "text": "用后退改过"}, 409)
        check("用后退改过" in answer.text and len(actions(db)) == 1, "an old form with other words is not dropped")
        again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.text))
        check(again["form"] != fields["form"], again)
        browser.send("/incident/1", {**fields, **again, "text": "用后退改过"})
        check([a[3] for a in actions(db)] == ["一次", "用后退改过"], actions(db))
        both = {**browser.form("/incident/1"), "action": "ack", "by": "王敏", "text": "连备注"}
        threads = [threading.Thread(target=browser.send, args=("/incident/1", both)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check(len(actions(db)) == 4, actions(db))


def test_two_people(folder):
    """The page tells the second person about the first one's decision and lets them continue; their text is kept."""
    db = watched(folder)
    with Server(db) as server:
        first, second = Browser(server), Browser(server)
        fields = {**second.form("/incident/1"), "action": "close", "by": "李强", "text": "第二个"}
        first.act(1, "ack")
        answer = second.send("/incident/1", fields, 409)
        check("王敏 受理" in answer.text and "第二个" in answer.text and len(actions(db)) == 1, answer.text)
        again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.text))
        second.send("/incident/1", {**fields, **again})
        check([(a[1], a[2]) for a in actions(db)] == [("acknowledge", "王敏"), ("close", "李强")], actions(db))
        second.act(1, "note", by="李强", text="备注不问")


def test_sheet(folder):
    db = watched(folder)
    path = "/incident/1/sheet"
    with Server(db) as server:
        browser, other = Browser(server), Browser(server)
        fields = browser.form(path)
        late = {**other.form(path), "by": "李强", "verified": "别的", "unit": "二大队"}
        browser.send(path, {**fields, "by": "王敏", "verified": "8分钟到场\r\n有水", "stage": "首报", "deadline": "2025-11-25 10:00"})
        check([a[3:] for a in actions(db)] == [("首报", "stage"), ("2025-11-25 10:00", "deadline"), ("8分钟到场\n有水", "verified")], actions(db))
        browser.send(path, {**fields, "by": "王敏", "verified": "8分钟到场\r\n有水", "stage": "首报", "deadline": "2025-11-25 10:00"})
        check(len(actions(db)) == 3, "sent twice")
        answer = other.send(path, late, 409)
        check("8分钟到场" in answer.text and ">别的" in answer.text.replace("\n", ""), answer.text)
        check([a[3:] for a in actions(db)][3:] == [("二大队", "unit")], "what nobody else changed is kept")
        page = browser.get(path)
        check("历次填写" in page and '<option value="首报" selected>' in page and "李强" in page, page)
        browser.send(path, {**browser.form(path), "by": "王敏", "deadline": "明天"}, 422)
        check("<h2>逾期" not in browser.get("/"), "the deadline is after the latest post")
        browser.send(path, {**browser.form(path), "by": "王敏", "deadline": "2025-11-20 10:00"})
        check("<h2>逾期" in browser.get("/") and "已超时" in browser.get("/incident/1"), "the deadline is over")
        browser.send(path, {**browser.form(path), "by": "王敏", "answer": "10:40已发布"})
        check("<h2>逾期" not in browser.get("/") and "<h2>回应与辟谣" in browser.get("/"), "an answer is there")
        browser.send(path, {**browser.form(path), "unit": "x"}, 422)


def test_english_stage(folder):
    """The value is selected on the Chinese page too, and saving the form does not write it a second time."""
    db = watched(folder)
    tocsin("desk", "--db", db, "set", "1", "stage=follow-up", "--by", "赵六")
    with Server(db) as server:
        browser = Browser(server)
        page = browser.get("/incident/1/sheet")
        check('<option value="follow-up" selected>续报</option>' in page, page)
        browser.send("/incident/1/sheet", {**browser.form("/incident/1/sheet"), "by": "王敏", "unit": "二大队", "stage": "follow-up"})
        check([a[3:] for a in actions(db)][1:] == [("二大队", "unit")], actions(db))


def test_former_tiers(folder):
    """The name of a tier that the plan no longer has."""
    db = watched(folder)
    with sqlite3.connect(db) as writer:
        writer.execute("UPDATE meta SET value = (SELECT value FROM meta WHERE key = 'tiers') WHERE key = 'former_tiers'")
        writer.execute("UPDATE meta SET value = '[{\"id\":\"other\",\"name\":\"别的\"}]' WHERE key = 'tiers'")
    with Server(db) as server:
        page = Browser(server).get("/incident/1")
        check(">重大<" in page and ">major<" not in page, page)


def test_search(folder):
    db = watched(folder)
    tocsin("desk", "--db", db, "note", "2", "找王处长", "--by", "赵六")
    with Server(db) as server:
        browser = Browser(server)

        def found(**query):
            page = browser.get("/search?" + urllib.parse.urlencode(query))
            return sorted(int(n) for n in re.findall(r'href="/incident/(\d+)"', page))

        check(found() == [1, 2] and found(q="红包") == [2] and found(q="庐阳") == [1] and found(q="赵六") == [2], "text")
        check(found(q="紅包") == [2] and found(q="ＢＢＳ.example") == [1, 2], "text is compared as it is matched")
        check(found(q="20251124-1") == [1] and found(q="bbs.example") == [1, 2] and found(q="没有这个词") == [], "others")
        check(found(tier="major") == [1] and found(state="closed") == [] and found(state="open", q="王处长") == [2], "kinds")
        check(found(since="2025-11-24") == [1, 2] and found(since="2030-01-01") == [] and found(until="2020-01-01") == [], "days")
        check(found(q="%' OR 1=1 --") == [] and found(tier="nonsense") == [], "nothing of it is SQL")
        for name in ("since", "until"):
            for day in ("nonsense", "2025-02-30", "2025-13-01", "2025-11-24x", "24/11/2025", "<b>"):
                page = browser.get("/search?" + urllib.parse.urlencode({name: day}))
                check(html.escape(day) + " 不是日期；请写成 2026-11-30。" in page and "/incident/" not in page, page)


def test_forms_from_elsewhere(folder):
    db = watched(folder)
    with Server(db) as server:
        browser, stranger = Browser(server), Browser(server)
        fields = {**browser.form("/incident/1"), "action": "note", "by": "王敏", "text": "不该有"}
        own = "http://127.0.0.1:%d" % server.port
        without = {k: v for k, v in fields.items() if k != "token"}
        browser.send("/incident/1", without, 403)
        answer = browser.send("/incident/1", {**fields, "token": "0" * 64}, 403)
        check("再发送一次" in answer.text and "不该有" in answer.text, "from the own site it can be sent again")
        answer = browser.send("/incident/1", without, 403, Origin="http://evil.example")
        check("再发送一次" not in answer.text, "but not from another")
        browser.send("/incident/1", fields, 403, Origin="http://evil.example")
        browser.send("/incident/1", fields, 403, Origin="null")
        browser.send("/incident/1", fields, 403, Sec_Fetch_Site="cross-site")
        stranger.get("/")
        stranger.send("/incident/1", fields, 403, Origin=own)
        server.ask("POST", "/incident/1", urllib.parse.urlencode(fields), Content_Type="application/x-www-form-urlencoded", Origin=own)
        check(browser.ask("POST", "/incident/1", json.dumps(fields), Content_Type="application/json", Origin=own).status == 400, "JSON")
        check(actions(db) == [], actions(db))
        check(browser.ask("PUT", "/incident/1").status == 405 and browser.ask("DELETE", "/").status == 405, "methods")
        browser.send("/incident/1", fields)
        check(len(actions(db)) == 1, "and the right one is taken")


def test_host(folder):
    db = watched(folder)
    with Server(db, "--host", "desk.example") as server:
        for host, status in (("127.0.0.1:%d" % server.port, 200), ("localhost:%d" % server.port, 200), ("LOCALHOST:%d" % server.port, 200),
                             ("desk.example", 200), ("evil.example", 421), ("evil.example:%d" % server.port, 421), ("127.0.0.1", 421),
                             ("", 421)):
            check(server.ask("GET", "/", Host=host).status == status, host)
        check(server.ask("GET", "/desk.css", Host="evil.example").status == 421, "not even the style")


def test_behind_a_proxy(folder):
    """A proxy with TLS passes the host name on: a login and a decision work, and browsers keep the cookies for TLS."""
    db = watched(folder)
    path = password_file(folder, ("王敏", "correct horse"))
    with Server(db, "--host", "desk.example", "--password-file", path) as server:
        browser = Browser(server)
        straight = browser.ask

        def through_the_proxy(method, path, body=None, **headers):
            if method == "POST":
                headers["Origin"] = "https://desk.example"
            answer = straight(method, path, body, **{**headers, "Host": "desk.example", "X_Forwarded_Proto": "https"})
            check(all(v.endswith("; Secure") for n, v in answer.getheaders() if n == "Set-Cookie"), answer.getheaders())
            return answer
        browser.ask = through_the_proxy
        browser.send("/login", {**browser.form("/login?to=/"), "name": "王敏", "secret": "correct horse"})
        browser.act(1, "ack")
        check([a[:3] for a in actions(db)] == [(1, "acknowledge", "王敏")], actions(db))
        check("Secure" not in server.ask("GET", "/login?to=/").getheader("Set-Cookie"), "without TLS browsers would drop it")


def test_paths(folder):
    write(folder + "/secret.txt", "secret")
    with Server(watched(folder)) as server:
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt", "/desk.css/../../secret.txt",
                     "/incident/1/../../secret.txt", "/incident/", "/incident/0", "/incident/-1", "/incident/1/sheet/x", "/incident/1x",
                     "/incident/99999999999999999999999", "/%2f", "/?/../secret.txt/.."):
            answer = server.ask("GET", path)
            check(answer.status == (200 if path[1] == "?" else 404), (path, answer.status))
            check("secret" not in answer.text.replace("secret.txt", ""), path)


def test_too_much(folder):
    db = watched(folder)
    with Server(db) as server:
        browser = Browser(server)
        answer = browser.act(1, "note", 413, text="长" * 350000)
        check("没有保存" in answer.text and "256 KB" in answer.text, answer.text)
        browser.send("/incident/1", {**browser.form("/incident/1"), **{"f%d" % i: "1" for i in range(100)}}, 400)
        answer = browser.ask("POST", "/incident/1", b"token=1&text=%ff%fe", Content_Type="application/x-www-form-urlencoded")
        check(answer.status == 400, "not UTF-8")
        answer = browser.ask("POST", "/incident/1", b"token=1&text=a%00b", Content_Type="application/x-www-form-urlencoded")
        check(answer.status == 400, "U+0000")
        check(actions(db) == [], actions(db))
        browser.act(1, "note", text="长" * 20000)
        check(len(actions(db)[0][3]) == 20000, "a long one is kept")
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(40)]
        check(server.ask("GET", "/healthz").status == 200, "others wait for nobody")
        for one in idle:
            one.close()
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as raw:
            raw.sendall(b"GET /" + b"a" * 200000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            check(raw.recv(100).split()[1:2] in ([b"414"], [b"431"], [b"413"]), "a long address")


def password_file(folder, *people):
    path = folder + "/passwords"
    lines = ["# people\n"]
    for name, password in people:
        lines.append(tocsin("serve", "--make-password", name, input=password + "\n").stdout)
    write(path, "".join(lines))
    return path


def test_passwords(folder):
    db = watched(folder)
    path = password_file(folder, ("王敏", "correct horse"), ("李强", "battery staple"))
    with open(path, encoding="utf-8") as file:
        text = file.read()
    check("correct horse" not in text and text.count("$scrypt$ln=15,r=8,p=1$") == 2, text)
    with Server(db, "--password-file", path) as server:
        browser = Browser(server)
        for target in ("/", "/incident/1", "/search", "/plan", "/incident/1/sheet"):
            answer = browser.ask("GET", target)
            check(answer.status == 303 and answer.getheader("Location").startswith("/login?to=/") and not answer.text, target)
        check(server.ask("GET", "/healthz").status == 200 and server.ask("GET", "/desk.css").status == 200, "what says nothing")
        fields = browser.form("/login?to=/incident/1")
        check(browser.send("/login", {**fields, "name": "王敏", "secret": "wrong"}, 401).text.count("王敏") == 1, "wrong")
        browser.send("/login", {**fields, "name": "nobody", "secret": "correct horse"}, 401)
        browser.send("/login", {**fields, "name": "", "secret": ""}, 401)
        browser.send("/login", {"name": "王敏", "secret": "correct horse"}, 403)
        browser.send("/incident/1", {**fields, "action": "note", "text": "x", "by": "王敏"}, 401)
        before = dict(browser.cookies)
        answer = browser.send("/login", {**fields, "name": "王敏", "secret": "correct horse"})
        check(answer.getheader("Location") == "/incident/1" and browser.cookies != before, "in, with a new session")
        check('name="by"' not in browser.get("/incident/1"), "nobody is asked who they are")
        browser.act(1, "ack", by="somebody else")
        check(actions(db) == [(1, "acknowledge", "王敏", "", "")], actions(db))
        forged = {n: v.replace("1", "2", 1) for n, v in browser.cookies.items()}
        check(server.ask("GET", "/", Cookie="; ".join("%s=%s" % p for p in forged.items())).status == 303, "forged")
        old = dict(browser.cookies)
        write(path, "\n".join(l for l in text.split("\n") if not l.startswith("王敏:")))
        check(browser.ask("GET", "/").status == 303, "who is taken out of the file is out at once")
        other = tocsin("serve", "--make-password", "王敏", input="another password\n").stdout
        write(path, other)
        browser.cookies = dict(old)
        check(browser.ask("GET", "/").status == 303, "another password ends the session")
        write(path, text)
        browser.cookies = old
        browser.get("/")
        browser.send("/logout", {"token": re.search(r'name="token" value="(\w+)"', browser.get("/"))[1]})
        check(browser.ask("GET", "/").status == 303, "out")
        stranger = Browser(server)
        fields = stranger.form("/login?to=" + urllib.parse.quote("//evil.example/"))
        check(stranger.send("/login", {**fields, "name": "李强", "secret": "battery staple"}).getheader("Location") == "/", "no other site")
        stranger = Browser(server)
        fields = stranger.form("/login")
        for _ in range(20):
            answer = stranger.ask("POST", "/login", urllib.parse.urlencode({**fields, "name": "王敏", "secret": "guess"}),
                                  Content_Type="application/x-www-form-urlencoded")
        check(answer.status == 429, "too many guesses")


def test_token(folder):
    db = watched(folder)
    write(folder + "/token", "0123456789abcdef\n")
    with Server(db, "--token-file", folder + "/token") as server:
        browser = Browser(server)
        fields = browser.form("/login")
        browser.send("/login", {**fields, "name": "王敏", "secret": "0123456789abcdeg"}, 401)
        browser.send("/login", {**fields, "name": "王敏", "secret": "0123456789abcdef"})
        browser.act(1, "ack", by="x")
        check(actions(db) == [(1, "acknowledge", "王敏", "", "")], actions(db))
        write(folder + "/token", "another token of all\n")
        check(browser.ask("GET", "/").status == 303, "another token ends the session")


def test_who_is_refused_at_the_start(folder):
    db = watched(folder)
    write(folder + "/short", "short\n")
    write(folder + "/bad", "王敏:plain\n\nnobody\n")
    write(folder + "/empty", "")
    for arguments, status, word in (((), 2, "which database"),
                                    (("--db", db, "--listen", "0.0.0.0:0"), 2, "who may log in"),
                                    (("--db", db, "--listen", "[::]:0"), 2, "who may log in"),
                                    (("--db", db, "--listen", "nonsense"), 2, "numeric address"),
                                    (("--db", db, "--listen", "127.0.0.1:70000"), 2, "numeric address"),
                                    (("--db", db, "--token-file", folder + "/short"), 2, "at least 16"),
                                    (("--db", db, "--token-file", folder + "/none"), 2, "cannot be read"),
                                    (("--db", db, "--password-file", folder + "/bad"), 2, "/bad:3:"),
                                    (("--db", db, "--password-file", folder + "/empty"), 2, "it lists no person"),
                                    (("--db", db, "--password-file", "a", "--token-file", "b"), 2, "not both"),
                                    (("--db", db, "-p", folder + "/none"), 2, "cannot be used"),
                                    (("--db", db, "operand"), 2, "not expected"),
                                    (("--db", db, "--score", folder + "/none"), 3, "cannot be read"),
                                    (("--db", folder + "/none.db"), 3, "cannot be opened"),
                                    (("--make-password", "a:b"), 2, "colon"),
                                    (("--make-password", "a"), 2, "10 to 1024")):
        done = tocsin("serve", *arguments, expect=status, input="short\n", env=dict(os.environ, LC_ALL="C"))
        check(word in done.stderr, (arguments, done.stderr))
    with Server(db) as server:
        done = tocsin("serve", "--db", db, "--listen", "127.0.0.1:%d" % server.port, expect=3)
        check("in use" in done.stderr, done.stderr)


def test_locked_database(folder):
    """A form waits for another program's transaction; pages do not."""
    db = watched(folder)
    with Server(db) as server:
        browser = Browser(server)
        fields = {**browser.form("/incident/1"), "action": "note", "by": "王敏", "text": "等到了"}
        writer = sqlite3.connect(db, isolation_level=None, timeout=60)
        writer.execute("BEGIN IMMEDIATE")
        sender = threading.Thread(target=browser.send, args=("/incident/1", fields))
        sender.start()
        for _ in range(5):
            Browser(server).get("/incident/1")
        time.sleep(2.5)
        check(sender.is_alive() and actions(db) == [], "it waits")
        writer.execute("COMMIT")
        sender.join(PATIENCE)
        check([a[3] for a in actions(db)] == ["等到了"], actions(db))
        writer.execute("BEGIN IMMEDIATE")
        fields = {**browser.form("/incident/1"), "action": "note", "by": "王敏", "text": "结束"}
        answers = []
        sender = threading.Thread(target=lambda: answers.append(browser.ask("POST", "/incident/1", urllib.parse.urlencode(fields),
                                                                            Content_Type="application/x-www-form-urlencoded")))
        sender.start()
        time.sleep(0.5)
        check(server.end() == 0, "who waits does not hold up the end")
        sender.join(PATIENCE)
        writer.execute("ROLLBACK")
        writer.close()
        check(answers[0].status == 503 and "结束" in answers[0].text and len(actions(db)) == 1, "and nothing is half kept")


def test_database_that_vanishes(folder):
    db = watched(folder)
    with Server(db) as server:
        os.rename(db, db + ".gone")
        check(server.process.wait(PATIENCE) == 3, "status")
        check("deleted, or another file has its name" in server.process.stderr.read(), "says why")
    os.rename(db + ".gone", db)
    with Server(db) as server:
        browser = Browser(server)
        fields = {**browser.form("/incident/1"), "action": "note", "by": "王敏", "text": "读不了也不丢"}
        with open(db, "r+b") as file: # the same file, no database any more
            file.truncate(10)
        check(browser.ask("GET", "/").status == 503 and server.ask("GET", "/healthz").status == 503, "a clear page")
        answer = browser.send("/incident/1", fields, 503)
        check("读不了也不丢" in answer.text, answer.text)


def test_ends(folder):
    db = watched(folder)
    for by in (signal.SIGTERM, signal.SIGINT):
        with Server(db) as server:
            Browser(server).get("/")
            check(server.end(by) == 0, by)


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[3:]))
