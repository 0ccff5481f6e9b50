#!/usr/bin/env python3
"""One day of a desk: 3 000 posts arrive while three people make 40 decisions and three channels get messages; watch
and notify are restarted twice, once after a kill -9. Nothing may be lost, decisions must hold, and the log must
record each message with its channel and time.
usage: run_day_test.py TOCSIN PLAN [--log FILE]"""
import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "incidents"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import generate
from program_tests import check

PATIENCE = 300.0  # limit in seconds without progress; a busy machine does not take that long for one step
POSTS = 3000
PEOPLE = ("王敏", "李强", "赵雪")
KILLED, STOPPED = 12, 25  # the steps at which watch and notify end: by kill -9, by SIGTERM
CHANNELS = {"office": "office", "chief": "leading_group", "province": "province"}  # the route of each
TOLD_OF = {"began", "returned", "tier", "attention", "outgrown"}  # unless a channel asks for others
# What is done at each step, the people taking turns; "notes" is one by each, at the same time.
STEPS = ("ack assign note set ack false-alarm merge close notes "
         "ack assign set false-alarm ack merge close note split "
         "ack assign notes ack set close false-alarm "
         "retract ack note merge close assign set ack note close set").split()


def day_of_posts():
    """The posts from the first story on, moved into the last 24 hours with their pauses in proportion."""
    posts = generate.feed("development")
    first = next(i for i, post in enumerate(posts) if post["story"])
    count = POSTS - STEPS.count("false-alarm")
    posts = posts[first:first + count]
    check(len(posts) == count, "the feed is too short")
    start, length = posts[0]["time"], posts[-1]["time"] - posts[0]["time"]
    now = int(time.time()) // 3600 * 3600 - 86400
    return [dict(post, time=now + (post["time"] - start) * 86300 // length) for post in posts]


class Day:
    def __init__(self, tocsin, plan, folder):
        self.tocsin, self.plan, self.folder = tocsin, plan, folder
        self.database, self.feed = os.path.join(folder, "i.db"), os.path.join(folder, "feed.ndjson")
        self.watcher = self.notifier = None
        self.written, self.events, self.turn = 0, [], 0
        self.decided = []  # (incident, action as it is kept, who, detail)
        self.states = {}  # of incidents that somebody decided of: (state, who)
        open(self.feed, "w", encoding="utf-8").close()

    def run(self, *arguments):
        done = subprocess.run([self.tocsin, *arguments], capture_output=True, text=True, timeout=PATIENCE)
        check(done.returncode == 0, "%s: exit %d: %s" % (" ".join(arguments), done.returncode, done.stderr))
        return done.stdout

    def rows(self, query):
        reader = sqlite3.connect(self.database, timeout=60)
        try:
            return reader.execute(query).fetchall()
        finally:
            reader.close()

    def channels(self):
        path = os.path.join(self.folder, "notify.conf")
        with open(path, "w", encoding="utf-8") as out:
            for name, route in CHANNELS.items():
                out.write("[channel %s]\ntype = command\ncommand = tee -a %s\nroutes = %s\nupdate-every = 1s\nretry = 1s\n" % (
                    name, os.path.join(self.folder, name + ".told"), route))
        return path

    def start_notify(self, *more):
        with open(os.path.join(self.folder, "notify.log"), "a", encoding="utf-8") as said:
            self.notifier = subprocess.Popen([self.tocsin, "notify", "-q", "--db", self.database, "--config", self.channels(), *more],
                                             stdout=subprocess.DEVNULL, stderr=said)

    def start(self):
        with open(os.path.join(self.folder, "watch.log"), "a", encoding="utf-8") as said:
            self.watcher = subprocess.Popen([self.tocsin, "watch", "-p", self.plan, "--db", self.database, "--keep-text", self.feed],
                                            stdout=subprocess.DEVNULL, stderr=said)

    def end(self, sent):
        for name, process in (("watch", self.watcher), ("notify", self.notifier)):
            process.send_signal(sent)
            status = process.wait(PATIENCE)
            check(status == (0 if sent == signal.SIGTERM else -sent), "%s ended with %d" % (name, status))

    def drain(self):
        """Waits for all remaining messages; an update waits one second after the message before it."""
        end = time.time() + PATIENCE
        left = "SELECT count(*) FROM deliveries WHERE state NOT IN ('sent', 'dead', 'dropped')"
        while True:
            self.start_notify("--once")
            status = self.notifier.wait(PATIENCE)
            check(status == 0, "notify ended with %d" % status)
            if not self.rows(left)[0][0]:
                return
            check(time.time() < end, "messages stay undelivered")
            time.sleep(0.2)

    def write(self, posts):
        with open(self.feed, "a", encoding="utf-8") as out:
            for post in posts:
                out.write(json.dumps(post, ensure_ascii=False) + "\n")
        self.written += len(posts)

    def graded(self):
        try:
            return self.rows("SELECT coalesce(sum(documents), 0) FROM graded")[0][0]
        except sqlite3.OperationalError:  # not made yet
            return 0

    def wait(self):
        """Waits until the written posts are read; then returns the events since the last call, by the cursor."""
        found, end = -1, time.time() + PATIENCE
        while found < self.written:
            before, found = found, self.graded()
            if found != before:
                end = time.time() + PATIENCE
            check(time.time() < end and self.watcher.poll() is None, "%d of %d posts were read" % (found, self.written))
            time.sleep(0.05)
        check(found == self.written, "%d posts were read, %d written" % (found, self.written))
        last = self.events[-1]["number"] if self.events else 0
        new = [json.loads(line) for line in self.run("events", "--db", self.database, "--after", str(last)).splitlines()]
        numbers = [event["number"] for event in new]
        check(numbers == sorted(set(numbers)) and all(n > last for n in numbers), "numbers of events rise: %s" % numbers)
        self.events += new
        for event in new:
            if event["event"] == "outgrown":  # no false alarm any more
                self.states[event["incident"]] = ("open", None)

    def listed(self, state="all"):
        out = self.run("desk", "--db", self.database, "list", "--json", "--state", state, "--limit", "100000")
        return [json.loads(line) for line in out.splitlines()]

    def choose(self, state, first="most", count=1):
        """Incidents in that state, ordered by most posts, by fewest posts, or newest first."""
        order = {"most": lambda i: (-i["posts"], i["incident"]), "fewest": lambda i: (i["posts"], i["incident"]),
                 "newest": lambda i: -i["incident"]}[first]
        found = sorted(self.listed(state), key=order)
        check(len(found) >= count, "%d incidents are %s" % (len(found), state))
        return [i["incident"] for i in found[:count]]

    def act(self, who, *words, kept, detail=""):
        self.run("desk", "--db", self.database, *map(str, words), "--by", who)
        self.decided.append((int(words[1]), kept, who, detail))
        state = {"acknowledge": "acknowledged", "close": "closed", "false_alarm": "false_alarm"}.get(kept)
        if state:
            self.states[int(words[1])] = (state, who)

    def decide(self, step):
        who = PEOPLE[self.turn % 3]
        self.turn += 1
        if step == "ack":
            self.act(who, "ack", *self.choose("open"), kept="acknowledge")
        elif step == "retract":
            self.act(who, "ack", *self.choose("false_alarm"), kept="acknowledge")
        elif step == "assign":
            self.act(who, "assign", *self.choose("acknowledged"), PEOPLE[self.turn % 3], kept="assign", detail=PEOPLE[self.turn % 3])
        elif step == "note":
            self.act(who, "note", *self.choose("acknowledged"), "已电话核实，第%d次" % self.turn, kept="note",
                     detail="已电话核实，第%d次" % self.turn)
        elif step == "set":
            self.act(who, "set", *self.choose("acknowledged"), "verified=第%d次核实" % self.turn, kept="set", detail="第%d次核实" % self.turn)
        elif step == "close":
            self.act(who, "close", *self.choose("acknowledged", "fewest"), "已回应", kept="close", detail="已回应")
        elif step == "false-alarm":
            incident, = self.choose("open", "newest")
            self.act(who, "false-alarm", incident, "旧闻", kept="false_alarm", detail="旧闻")
            self.shout(incident)
        elif step == "merge":
            self.act(who, "merge", *self.choose("open", "fewest", 2), kept="merge")
        elif step == "split":
            merged = self.rows("SELECT incident FROM actions WHERE kind = 'merge' ORDER BY number LIMIT 1")[0][0]
            self.act(who, "split", merged, kept="split")
        else:
            self.notes()

    def shout(self, incident):
        """A user with many followers reposts something that was set to false alarm."""
        (moment, text), = self.rows("SELECT time, text FROM documents WHERE incident = %d ORDER BY number LIMIT 1" % incident)
        now = self.rows("SELECT value FROM meta WHERE key = 'now'")[0][0]
        self.write([{"id": "shout%d" % incident, "time": max(moment, int(now)) // 1000, "venue": "account", "source": "weibo.com",
                     "reach": 15000, "text": "转发微博//@庐州老街坊:" + text}])

    def notes(self):
        """Three people write at the same time."""
        incident, = self.choose("acknowledged")
        writers = {who: subprocess.Popen([self.tocsin, "desk", "--db", self.database, "note", str(incident), who + "已阅",
                                          "--by", who], stderr=subprocess.PIPE, text=True) for who in PEOPLE}
        for who, writer in writers.items():
            _, said = writer.communicate(timeout=PATIENCE)
            check(writer.returncode == 0, "%s: %s" % (who, said))
            self.decided.append((incident, "note", who, who + "已阅"))
        self.turn += 2

    def go(self):
        posts, per = day_of_posts(), POSTS // len(STEPS) + 1
        self.start()
        for number, step in enumerate(STEPS):
            self.write(posts[number * per:(number + 1) * per])
            if number in (KILLED, STOPPED):
                time.sleep(0.1)
                self.end(signal.SIGKILL if number == KILLED else signal.SIGTERM)
                self.hold()
                self.start()
                self.start_notify()
            self.wait()
            if not number:
                self.start_notify()  # there is a database now
            self.decide(step)
        self.wait()
        self.end(signal.SIGTERM)
        self.drain()

    def hold(self):
        """The decisions that the database has."""
        kept = self.rows("SELECT incident, kind, who, detail FROM actions ORDER BY number")
        check(sorted(kept) == sorted(self.decided), "of %d decisions %d are kept" % (len(self.decided), len(kept)))
        mixed = {i for pair in self.rows("SELECT id, shown_in FROM incidents WHERE shown_in <> id") for i in pair}
        for one in self.listed():
            if one["incident"] in self.states and one["incident"] not in mixed:
                state, who = self.states[one["incident"]]
                check(one["state"] == state and (who is None or one["by"] == who), "incident %d is %s by %s, not %s by %s" % (
                    one["incident"], one["state"], one["by"], state, who))


def check_events(day):
    table = day.rows("SELECT number, muted FROM events ORDER BY number")
    check([n for n, _ in table] == [e["number"] for e in day.events], "the cursor missed events")
    told = [event for event, in day.rows("SELECT event FROM outbox ORDER BY event")]
    check(told == [n for n, muted in table if not muted], "an event that is not muted has one row of the outbox, another none")
    quiet = [n for n, muted in table if muted]
    alarms = {incident for incident, kind, _, _ in day.decided if kind == "false_alarm"}
    returned = {i for i, in day.rows("SELECT id FROM incidents WHERE returns")}
    of_quiet = {i for i, in day.rows("SELECT incident FROM events WHERE muted")}
    check(of_quiet <= alarms | returned, "%s are quiet, false alarms are %s" % (of_quiet, alarms))
    check(quiet, "no false alarm had anything to be quiet of")
    return len(quiet)


def received(day, channel):
    """The messages in the order in which the channel got them."""
    try:
        with open(os.path.join(day.folder, channel + ".told"), encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    found, at, decoder = [], 0, json.JSONDecoder()
    while at < len(text):
        message, at = decoder.raw_decode(text, at)
        found.append(message)
        while at < len(text) and text[at].isspace():
            at += 1
    return found


def check_told(day):
    """Each channel has the messages of its route, none that is muted, and no second copy that is not marked as
    one."""
    facts = {event["number"]: event for event in day.events}
    kin = {}
    for one, other in day.rows("SELECT id, shown_in FROM incidents") + day.rows("SELECT incident, other FROM actions WHERE other"):
        for a, b in ((one, other), (other, one)):
            kin.setdefault(a, {a}).add(b)
    muted = {n for n, in day.rows("SELECT number FROM events WHERE muted")}
    again = 0
    for channel, route in CHANNELS.items():
        sent = day.rows("SELECT number, incident, event, state FROM deliveries WHERE channel = '%s'" % channel)
        check(all(state == "sent" for _, _, _, state in sent), "%s: a message was not delivered" % channel)
        check(not muted & {event for _, _, event, _ in sent}, "%s was told of what is muted" % channel)
        for event, in day.rows("SELECT event FROM outbox"):
            e = facts[event]
            if e["event"] in TOLD_OF and route in {r["id"] for r in e["routes"]}:
                check(any(last >= event and incident in kin[e["incident"]] for _, incident, last, _ in sent),
                      "%s was not told of event %d of incident %d" % (channel, event, e["incident"]))
        seen = set()
        for message in received(day, channel):
            check(message["delivery"] not in seen or message["repeat"], "%s: message %d came twice" % (channel, message["delivery"]))
            again += message["delivery"] in seen
            seen.add(message["delivery"])
        check(seen == {number for number, _, _, _ in sent}, "%s got %d messages of %d" % (channel, len(seen), len(sent)))
    return again


def check_whole(day):
    """The database equals that of a watcher that was never stopped, apart from people's decisions."""
    undisturbed = Day(day.tocsin, day.plan, os.path.join(day.folder, "undisturbed"))
    day.run("watch", "-q", "-p", day.plan, "--db", undisturbed.database, "--keep-text", "--once", day.feed)
    for query in ("SELECT id, incident, time, reach, tier_id, joined_by, text FROM documents ORDER BY number",
                  "SELECT id, returns, tier_id, first_time, last_time, posts, reach FROM incidents ORDER BY id",
                  "SELECT incident, time, kind, detail FROM events WHERE kind <> 'outgrown' ORDER BY number",
                  "SELECT * FROM graded ORDER BY hour, tier_id"):
        one, other = day.rows(query), undisturbed.rows(query)
        check(one == other, "%s: %d rows and %d" % (query, len(one), len(other)))


def clock(milliseconds, form="%H:%M"):
    return time.strftime(form, time.localtime(milliseconds / 1000))


def tell(day):
    """The log by wall-clock time: decisions, and the messages of each channel with the time of their event."""
    facts = {event["number"]: event for event in day.events}
    lines = []
    for channel, incident, event, ended in day.rows("SELECT channel, incident, event, ended FROM deliveries"):
        e = facts[event]
        lines.append((ended, 0, "told     %s: at %s incident %d %s%s, %s, %d posts, reach %d%s" % (
            channel, clock(e["time"]), incident, e["event"], " " + e["detail"] if e["detail"] else "", e["tier"]["name"],
            e["posts"], e["reach"], "; " + "、".join(e["places"]) if e["places"] else "")))
    for number, moment, who, kind, incident, detail, other in day.rows(
            "SELECT number, time, who, kind, incident, detail, other FROM actions"):
        lines.append((moment, 1, "decided  %s: incident %d %s%s%s" % (
            who, incident, kind, " into %d" % other if other else "", " " + detail if detail else "")))
    return ["%s  %s" % (clock(moment, "%H:%M:%S"), line) for moment, _, line in sorted(lines)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tocsin")
    parser.add_argument("plan")
    parser.add_argument("--log")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "undisturbed"))
        day = Day(arguments.tocsin, arguments.plan, folder)
        try:
            day.go()
            day.hold()
            check(len(day.decided) == 40, "%d decisions are not 40" % len(day.decided))
            muted = check_events(day)
            repeated = check_told(day)
            check_whole(day)
            log = tell(day)
        except AssertionError as problem:
            print("FAIL: %s" % problem)
            return 1
        finally:
            for process in (day.watcher, day.notifier):
                if process and process.poll() is None:
                    process.kill()
                    process.wait()
        if arguments.log:
            with open(arguments.log, "w", encoding="utf-8") as out:
                out.write("\n".join(log) + "\n")
        told = sum("  told " in line for line in log)
        print("ok: %d posts, %d incidents, %d events of which %d were muted, %d messages of which %d came again, %d decisions, "
              "2 restarts" % (POSTS, day.rows("SELECT count(*) FROM incidents")[0][0], len(day.events), muted, told, repeated,
                              len(day.decided)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
