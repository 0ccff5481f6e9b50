"""Controls headless Chromium through a pipe (DevTools protocol; JSON, each message ends with U+0000)."""
import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import threading

PATIENCE = 120.0


def find():
    for name in ("chromium", "chromium-browser"):
        if shutil.which(name):
            return shutil.which(name)
    return None


class BetweenPages(AssertionError):
    """A question reached a tab between two pages: the old page is gone and the new one is not loaded yet."""


class Chromium:
    """One browser with its own folder, which is deleted with it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        ends = [*os.pipe(), *os.pipe()]
        # Descriptors above 9, because the browser uses 3 and 4.
        commands, self.send_to, self.read_from, answers = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
        for end in ends:
            os.close(end)
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec 3<&%d 4>&%d; exec "$@"' % (commands, answers), "bash", find(), "--headless", "--no-sandbox",
             "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--user-data-dir=" + self.folder, "about:blank"],
            pass_fds=(commands, answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.changed, self.count, self.answers, self.events, self.ended = threading.Condition(), 0, {}, [], False
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        waiting = b""
        while True:
            block = os.read(self.read_from, 1 << 20)
            parts = (waiting + block).split(b"\0")
            waiting = parts.pop()
            with self.changed:
                for part in parts:
                    message = json.loads(part)
                    if "id" in message:
                        self.answers[message["id"]] = message
                    else:
                        self.events.append(message)
                self.ended = not block
                self.changed.notify_all()
            if not block:
                return

    def ask(self, method, session=None, **parameters):
        with self.changed:
            self.count += 1
            number = self.count
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.send_to, json.dumps(message).encode() + b"\0")
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.answers or self.ended, PATIENCE) or self.ended:
                raise AssertionError("the browser does not answer to " + method)
            answer = self.answers.pop(number)
        if "error" in answer:
            text = answer["error"].get("message", "")
            between = any(part in text for part in ("navigated or closed", "context was destroyed", "Cannot find context", "Cannot find default execution context"))
            raise (BetweenPages if between else AssertionError)("%s: %s" % (method, answer["error"]))
        return answer["result"]

    def wait_for(self, session, method, after):
        """The tab's first event of that kind after the given number of events."""
        with self.changed:
            def found():
                return [e for e in self.events[after:] if e["method"] == method and e.get("sessionId") == session]
            if not self.changed.wait_for(lambda: found() or self.ended, PATIENCE) or self.ended:
                raise AssertionError("no " + method)
            return found()[0]

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.send_to)
        shutil.rmtree(self.folder, ignore_errors=True)


class Tab:
    """One tab; the tabs of a browser share its cookies."""

    def __init__(self, browser, width=1200, height=900):
        self.browser = browser
        self.target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.ask("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")
        self.resize(width, height)

    def ask(self, method, **parameters):
        return self.browser.ask(method, self.session, **parameters)

    def resize(self, width, height=900):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def and_load(self, act):
        """Performs an action that loads another page, and waits for that page."""
        before = len(self.browser.events)
        act()
        self.browser.wait_for(self.session, "Page.loadEventFired", before)

    def go(self, url):
        self.and_load(lambda: self.ask("Page.navigate", url=url))

    def run(self, script):
        done = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in done:
            raise AssertionError("%s: %s" % (script, done["exceptionDetails"]))
        return done["result"].get("value")

    def holds(self, script):
        """Whether a script returns true for the tab's page; false while the tab loads another page."""
        try:
            return self.run("!!(%s)" % script)
        except BetweenPages:
            return False

    def click(self, selector):
        self.and_load(lambda: self.run("document.querySelector(%s).click()" % json.dumps(selector)))

    def type(self, selector, text):
        self.run("document.querySelector(%s).focus()" % json.dumps(selector))
        self.ask("Input.insertText", text=text)

    def press(self, key, code, number, text=""):
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=code, windowsVirtualKeyCode=number, text=text if kind == "keyDown" else "")

    def text(self):
        return self.run("document.body.innerText")

    def picture(self, path):
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "scale": 1, "width": self.run("innerWidth"),
                              "height": min(6000, self.run("document.documentElement.scrollHeight"))})
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    def printed(self, path):
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"]))

    def complaints(self):
        """The browser's log of this tab: errors and violations of the page's policy."""
        with self.browser.changed:
            mine = [e for e in self.browser.events if e.get("sessionId") == self.session]
        return ([e["params"]["entry"]["text"] for e in mine if e["method"] == "Log.entryAdded"]
                + [e["params"]["exceptionDetails"]["text"] for e in mine if e["method"] == "Runtime.exceptionThrown"])
