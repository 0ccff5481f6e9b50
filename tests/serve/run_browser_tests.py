"""Tests tocsin serve in headless Chromium: on screens of 390 and 1200 pixels, on paper, in two tabs.
usage: run_browser_tests.py TOCSIN PLAN [NAME…]. TOCSIN_PICTURES=FOLDER keeps the pictures."""
import http.server
import os
import shutil
import subprocess
import sys
import threading
import time

from chromium_pipe import Chromium, Tab, find
from served import EVIL, FIRE, GIFT, PATIENCE, PLAN, Server, check, post, rows, tocsin, watched, write
from program_tests import run_tests

SIZES = (390, 1200)
ACK = 'button[value="ack"]'


class World:
    """A desk with some data of every kind, and a browser that shows it."""

    def __init__(self, folder):
        self.folder = folder
        text = "".join(post(n * 400, FIRE + "。" + "居民在楼下等" * (n % 3), venue="forum account hot_forum".split()[n % 3],
                            reach=n * 997, url="https://bbs.example/t/%d?board=消防&page=%s" % (n, "1" * 60)) for n in range(1, 60))
        text += post(20000, GIFT + EVIL, title=EVIL, url="javascript:alert(3)")
        text += post(21000, GIFT.replace("红包", "回扣") + "a" * 300, source="long-name-of-a-source." * 6 + "example")
        text += post(23600 * 2, "三人死亡！某小区火灾三人死亡，消防员牺牲", venue="mainstream_site", reach=1234567)
        self.db = watched(folder, text)
        for words in (("ack", "1"), ("note", "1", "已联系现场指挥员" * 20), ("assign", "2", "李强"),
                      ("set", "1", "deadline=2025-11-24 20:00", "verified=8分钟到场\n水压正常" + "核实" * 80, "unit=二大队", "stage=首报")):
            tocsin("desk", "--db", self.db, *words, "--by", "王敏")

    def page(self, server, path):
        return "http://127.0.0.1:%d%s" % (server.port, path)


class Browsing:
    """The server and the browser, until the end of the block."""

    def __init__(self, world, *arguments):
        self.world, self.arguments = world, arguments

    def __enter__(self):
        self.server = Server(self.world.db, "-p", PLAN, *self.arguments)
        self.chromium = Chromium()
        return self.server, self.chromium

    def __exit__(self, *_):
        self.chromium.close()
        self.server.__exit__()


def keep(path):
    folder = os.environ.get("TOCSIN_PICTURES")
    if folder:
        shutil.copy(path, folder)


def until(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        check(time.monotonic() < end, what)
        time.sleep(0.1)


def check_fits(tab, what):
    wide = tab.run("document.documentElement.scrollWidth")
    check(wide <= tab.run("innerWidth"), "%s is %d pixels wide" % (what, wide))
    cut = tab.run("""[...document.querySelectorAll('button, a, h1, h2, label, td, th, p')].filter(e => {
        let r = e.getBoundingClientRect(); return r.width && (r.left < -1 || r.right > innerWidth + 1) && !e.classList.contains('skip');
    }).map(e => e.outerHTML.slice(0, 80)).join()""")
    check(not cut, "%s: beyond the edge: %s" % (what, cut))
    unseen = tab.run("[...document.querySelectorAll('.badge')].filter(e => { const s = getComputedStyle(e);"
                     " return s.color === s.backgroundColor }).map(e => e.outerHTML).join()")
    check(not unseen, "%s: words in the colour of their ground: %s" % (what, unseen))


def test_widths(world):
    """Nothing is cut off or wider than the screen, and no page breaks its own policy."""
    paths = {"today": "/", "incident": "/incident/1", "evil": "/incident/2", "long": "/incident/3", "sheet": "/incident/1/sheet",
             "search": "/search?q=消防", "plan": "/plan", "none": "/nothing"}
    with Browsing(world) as (server, chromium):
        for width in SIZES:
            tab = Tab(chromium, width)
            for language in ("zh", "en"):
                tab.go(world.page(server, "/?lang=" + language))
                for name, path in paths.items():
                    tab.go(world.page(server, path))
                    tab.run("document.querySelectorAll('details').forEach(d => d.open = true)")
                    what = "%s_%s_%d" % (name, language, width)
                    picture = world.folder + "/" + what + ".png"
                    tab.picture(picture)
                    keep(picture)
                    check_fits(tab, what)
                    seen = tab.run("[...document.querySelectorAll('.curve')].filter(c => c.getBoundingClientRect().width).length")
                    check(seen == (1 if "/incident/" in path and "sheet" not in path else 0), "%s: %d curves" % (what, seen))
            complaints = [c for c in tab.complaints() if "404" not in c]
            check(not complaints, complaints)


def test_text_of_posts_runs_nothing(world):
    with Browsing(world) as (server, chromium):
        tab = Tab(chromium)
        for path in ("/", "/incident/2", "/incident/2/sheet", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/search?q=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E"):
            tab.go(world.page(server, path))
            check("alert(" in tab.text() or "alert(" in tab.run("document.documentElement.innerHTML"), path)
            check(tab.run("[...document.scripts].every(s => s.src.endsWith('/desk.js')) && !document.querySelector('img')"), path)
        check(not any(e["method"] == "Page.javascriptDialogOpening" for e in chromium.events), "a script of a post ran")
        tab.go(world.page(server, "/incident/2"))
        check(tab.run("[...document.links].every(a => /^https?:/.test(a.href))"), "javascript: is no link")
        for script in ("var s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); window.ran",
                       "var i = document.createElement('div'); i.setAttribute('onclick', 'window.ran = 1'); document.body.append(i); i.click(); window.ran"):
            check(tab.run(script) is None, "the policy lets a script in")


def test_two_tabs(world):
    with Browsing(world) as (server, chromium):
        first, second = Tab(chromium), Tab(chromium, 390)
        for tab in (first, second):
            tab.go(world.page(server, "/incident/3"))
        first.type("#by", "王敏")
        first.click(ACK)
        check("已保存" in first.text() and "处理中" in first.text(), first.text()[:400])
        second.type("#by", "李强")
        second.type("#text", "第二个标签页")
        second.click(ACK)
        check("别人已经处置" in second.text() and "王敏 受理" in second.text() and "第二个标签页" in second.text(), second.text()[:400])
        check(len(rows(world.db, "SELECT * FROM actions WHERE incident = 3")) == 1, "nothing is kept yet")
        check_fits(second, "meanwhile")
        second.click("button.main")
        check("已保存" in second.text(), second.text()[:400])
        check(rows(world.db, "SELECT kind, who, detail FROM actions WHERE incident = 3 ORDER BY number") ==
              [("acknowledge", "王敏", ""), ("acknowledge", "李强", ""), ("note", "李强", "第二个标签页")], "both are kept")


def test_keyboard(world):
    """The Tab key reaches every control; Enter in a field decides nothing."""
    with Browsing(world) as (server, chromium):
        tab = Tab(chromium)
        tab.go(world.page(server, "/incident/3"))
        before = rows(world.db, "SELECT count(*) FROM actions")
        tab.press("Tab", "Tab", 9)
        check(tab.run("document.activeElement.className") == "skip", "the first is to skip to the content")
        check(tab.run("document.activeElement.getBoundingClientRect().left >= 0"), "and is seen then")
        wanted, reached = tab.run("document.querySelectorAll('a[href], button:not([disabled]), input:not([type=hidden]), summary').length"), set()
        for _ in range(wanted + 60):
            tab.press("Tab", "Tab", 9)
            reached.add(tab.run("""(e => e.tagName + (e.name || e.href || '') + (e.value || '') + e.textContent.slice(0, 20))(document.activeElement)"""))
        for one in ("INPUTby", "INPUTwhom", "TEXTAREAtext", "SUMMARY"):
            check(any(r.startswith(one) for r in reached), (one, sorted(reached)))
        check(any("ack" in r for r in reached), sorted(reached))
        tab.type("#by", "王敏")
        tab.press("Enter", "Enter", 13, "\r")
        tab.type("#to", "李强")
        tab.press("Enter", "Enter", 13, "\r")
        check(rows(world.db, "SELECT count(*) FROM actions") == before and "/incident/3" in tab.run("location.href"), "Enter decides nothing")
        tab.run("document.querySelector('%s').focus()" % ACK)
        tab.and_load(lambda: tab.press(" ", "Space", 32, " "))
        check("已保存" in tab.text(), "a button is pressed by the space bar")


def test_without_javascript(world):
    with Browsing(world) as (server, chromium):
        tab = Tab(chromium)
        tab.ask("Emulation.setScriptExecutionDisabled", value=True)
        tab.go(world.page(server, "/incident/3"))
        tab.type("#by", "王敏")
        tab.run("document.querySelector('%s').focus()" % ACK)
        tab.and_load(lambda: tab.press(" ", "Space", 32, " "))
        check("已保存" in tab.text(), tab.text()[:300])
        tab.go(world.page(server, "/incident/3/sheet"))
        tab.type("#f-unit", "三大队")
        tab.and_load(lambda: (tab.run("document.querySelector('.save button').focus()"), tab.press(" ", "Space", 32, " ")))
        check(rows(world.db, "SELECT kind, detail FROM actions WHERE incident = 3") == [("acknowledge", ""), ("set", "三大队")], "kept")


def test_today_refreshes_itself(world):
    with Browsing(world) as (server, chromium):
        tab = Tab(chromium)
        tab.go(world.page(server, "/"))
        check("学校门口" not in tab.text(), tab.text())
        tab.run("document.querySelector('a[href=\"/incident/3\"]').focus()")
        write(world.folder + "/feed.ndjson", post(23700 * 2, "学校门口消防通道被堵，举报消防大队没人管，打点要钱"), "a")
        tocsin("watch", "-p", PLAN, "--db", world.db, "--once", "--keep-text", world.folder + "/feed.ndjson")
        until("the page stays as it was", lambda: tab.holds("document.body.innerText.includes('学校门口')"))
        check(tab.run("document.activeElement.getAttribute('href')") == "/incident/3", "what had the focus has it")
        check(tab.run("document.title").startswith("(1)"), tab.run("document.title"))
        check(not tab.complaints(), tab.complaints())


def test_other_sites(world):
    """A page of another site cannot decide anything, but a link on it leads to the desk."""
    with Browsing(world) as (server, chromium):
        class Elsewhere(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(("<form method=post action='%s'><input name=action value=close><input name=by value=x></form><a href='%s'>desk</a>"
                                  "<iframe src='%s'></iframe>" % ((world.page(server, "/incident/3"),) * 3)).encode())

            def log_message(self, *_):
                pass

        elsewhere = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        tab = Tab(chromium)
        tab.go(world.page(server, "/incident/3"))
        cookies = tab.ask("Network.getCookies")["cookies"]
        check(cookies and all(c["sameSite"] == "Strict" for c in cookies), cookies)
        check(all(c["httpOnly"] for c in cookies if c["name"].startswith("tocsin_")), cookies)
        evil = "http://localhost:%d/" % elsewhere.server_address[1]
        tab.go(evil)
        tab.and_load(lambda: tab.run("document.forms[0].submit()"))
        check("没有保存" in tab.text() and "别的网站" in tab.text(), tab.text())
        check(rows(world.db, "SELECT * FROM actions WHERE incident = 3") == [], "nothing is kept")
        tab.go(evil)
        tab.run("document.links[0].click()")
        until("the link does not lead to the desk", lambda: tab.holds("document.querySelector('.actions')"))
        check({c["name"]: c["value"] for c in tab.ask("Network.getCookies")["cookies"]} == {c["name"]: c["value"] for c in cookies}, "the session is the same")
        tab.type("#by", "王敏")
        tab.click(ACK)
        check("已保存" in tab.text(), tab.text()[:300])
        elsewhere.shutdown()
        elsewhere.server_close()


def test_paper(world):
    with Browsing(world) as (server, chromium):
        tab = Tab(chromium)
        for name, path, most in (("sheet", "/incident/1/sheet", 2), ("incident", "/incident/3", 2)):
            tab.go(world.page(server, path))
            printed = world.folder + "/" + name + ".pdf"
            tab.printed(printed)
            keep(printed)
            facts = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout
            text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
            pages = int([l for l in facts.splitlines() if l.startswith("Pages:")][0].split()[1])
            check(pages <= most and "A4" in facts, (name, facts))
            for word in ("保存", "记备注", "English", "历次填写", "处置表（"):
                check(word not in text, (name, word, text))
            if name == "sheet":
                check("网络舆情突发事件处置表" in text and "二大队" in text and "水压正常" in text and "2025-11-24 20:00" in text, text)


def test_passwords(world):
    line = tocsin("serve", "--make-password", "王敏", input="correct horse\n").stdout
    write(world.folder + "/passwords", line)
    with Browsing(world, "--password-file", world.folder + "/passwords") as (server, chromium):
        tab = Tab(chromium, 390)
        tab.go(world.page(server, "/incident/3"))
        picture = world.folder + "/login_zh_390.png"
        tab.picture(picture)
        keep(picture)
        check_fits(tab, "login")
        tab.type("#name", "王敏")
        tab.type("#secret", "wrong password")
        tab.click("button.main")
        check("不对" in tab.text(), tab.text())
        tab.type("#secret", "correct horse")
        tab.click("button.main")
        check(tab.run("location.pathname") == "/incident/3" and "王敏" in tab.text(), tab.text()[:300])
        tab.click(ACK)
        check(rows(world.db, "SELECT who FROM actions WHERE incident = 3") == [("王敏",)], "by who logged in")
        check_fits(tab, "logged in")
        tab.click("header form button")
        check("登录" in tab.text(), tab.text())


if __name__ == "__main__":
    if not find() or not shutil.which("pdfinfo"):
        print("SKIPPED: there is no chromium or no pdfinfo (Debian: chromium, poppler-utils)")
        sys.exit(77)
    sys.exit(run_tests(globals(), sys.argv[3:], World))
