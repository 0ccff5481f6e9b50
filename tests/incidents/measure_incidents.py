#!/usr/bin/env python3
"""Measures how well the watcher joins posts of one matter: it sends the feed of generate.py through `tocsin watch`
into a real database, in different orders. It counts pairs of graded posts: whether they are of one story, and whether
they are in one incident.

Orders: in order; day by day, the watcher started again for each; shuffled; one file a source; a tenth late by up to two days.
Harder ones, only when they are asked for: again (a tenth is seen a second time, hours later, with a larger reach), wrong years
(one in 500 is dated 2016 or 2062), no times (one in 20 has none), clock jumps (of 300 posts 100 are dated 20 hours early, 100
as much late), one second (all posts are of one).

precision  of the pairs in one incident of which a post is of a story, how many are of one story
recall     of the pairs of one story, how many are in one incident
incidents  that hold posts of a story; the median over stories
twice      rows of posts in the database beyond one for each id
returned   incidents said to take up another: true when it is a later wave of its story
forecast   error of the report's forecast for 24 hours against "each hour as the last 60 minutes", both as the mean of
           |log((1 + foretold) / (1 + real))|, asked every six hours, nights too
cost       processor time of watch beyond that of classify, a post of the database; bytes of the database, a post
Pairs of two waves of one story count neither way, nor do pairs of noise, nor posts that tell several stories; what these glue
together counts.

usage: measure_incidents.py TOCSIN PLAN [--half development|untouched] [--orders NAME,…] [--hard] [--seeds N] [--cost] [--forecast]
       [--stories] [--json FILE] [--floors FILE]
With --floors it ends with 1 where a measure is worse than the file says."""
import argparse
import collections
import json
import math
import os
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate

ORDERS = ("in order", "day by day", "shuffled", "a file a source", "late")
HARD = ("again", "wrong years", "no times", "clock jumps", "one second")
TWO_DAYS = 2 * 86400


def pairs(count):
    return count * (count - 1) // 2


class Measure:
    def __init__(self, tocsin, plan, half):
        self.tocsin, self.plan, self.half = tocsin, plan, half

    def run(self, *arguments):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([self.tocsin, *arguments], capture_output=True, text=True, env=dict(os.environ, TZ="Asia/Shanghai"))
        if done.returncode:
            sys.exit("%s: exit %d: %s" % (" ".join(arguments), done.returncode, done.stderr))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def watch(self, database, *files):
        return self.run("watch", "-q", "-p", self.plan, "--db", database, "--once", *files)

    def classify(self, path):
        return self.run("classify", "-q", "-p", self.plan, path)

    def graded(self, folder, posts):
        """Ids of the posts that get a tier from the plan when they are graded alone."""
        out, _ = self.classify(write(folder, "all.ndjson", posts))
        return {json.loads(line)["id"] for line in out.splitlines()}

    def arrive(self, folder, posts, order, seed):
        """Feeds the posts in this order; returns the database."""
        database = os.path.join(folder, "i.db")
        r = random.Random(seed)
        if order == "day by day":
            for day, some in by(posts, lambda post: (post["time"] - generate.START) // 86400).items():
                self.watch(database, write(folder, "day%02d.ndjson" % day, some))
        elif order == "a file a source":
            self.watch(database, *[write(folder, source + ".ndjson", some)
                                   for source, some in sorted(by(posts, lambda post: post["source"]).items())])
        else:
            self.watch(database, write(folder, "feed.ndjson", arriving(posts, order, r)))
        return database


def arriving(posts, order, r):
    """Writes the posts to one file."""
    if order == "shuffled":
        return r.sample(posts, len(posts))
    if order == "late":
        return sorted(posts, key=lambda post: post["time"] + (r.randrange(TWO_DAYS) if r.random() < 0.1 else 0))
    if order == "again":
        seen = [(post["time"] + r.randrange(600, 6 * 3600), dict(post, reach=3 * post["reach"] + 1)) for post in posts[::10]]
        both = sorted([(post["time"], post) for post in posts] + seen, key=lambda pair: pair[0])
        return [post for _, post in both]
    if order == "wrong years":
        return [dict(post, time=r.choice((1451606400, 2903212800)) + r.randrange(31536000)) if i % 500 == 250 else post
                for i, post in enumerate(posts)]
    if order == "clock jumps":
        return [dict(post, time=post["time"] + (0, -72000, 72000)[i // 100 % 3]) for i, post in enumerate(posts)]
    if order == "one second":
        return [dict(post, time=posts[len(posts) // 2]["time"]) for post in posts]
    if order == "no times":
        return [{k: v for k, v in post.items() if k != "time"} if i % 20 == 10 else post for i, post in enumerate(posts)]
    return posts


def by(posts, key):
    groups = collections.defaultdict(list)
    for post in posts:
        groups[key(post)].append(post)
    return groups


def write(folder, name, posts):
    """Gives the file the time of its last post, as if it had been written live."""
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        for post in posts:
            out.write(json.dumps(post, ensure_ascii=False) + "\n")
    last = max(post["time"] for post in posts if post.get("time", generate.END) < generate.END)
    os.utime(path, (last, last))
    return path


def ask(database, query):
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def scores(posts, found):
    """posts: the graded ones; found: incident by id. Figures of all and of each story."""
    truth = {post["id"]: (post["story"], post["wave"]) for post in posts}
    known = collections.Counter(label for label in truth.values() if label[0])
    in_incident = collections.defaultdict(collections.Counter)
    for name, incident in found.items():
        if name in truth:
            in_incident[incident][truth[name]] += 1
    right, wrong, held = collections.Counter(), collections.Counter(), collections.Counter()
    together_wrong = 0
    for counts in in_incident.values():
        by_story = collections.Counter()
        for label, n in counts.items():
            by_story[label[0]] += n
            if not label[0]:
                continue
            others = sum(m for other, m in counts.items() if other[0] != label[0])
            right[label] += pairs(n)
            wrong[label] += n * others
            held[label] += 1
        of_stories = sum(n for story, n in by_story.items() if story)
        strangers = by_story[None]
        together_wrong += pairs(of_stories) - sum(pairs(n) for story, n in by_story.items() if story) + of_stories * strangers
    all_right, all_known = sum(right.values()), sum(pairs(n) for n in known.values())
    stories = {"%s%s" % (label[0], " again" if label[1] else ""): {
        "posts": known[label], "incidents": held[label],
        "precision": round(right[label] / max(1, right[label] + wrong[label]), 4),
        "recall": round(right[label] / max(1, pairs(known[label])), 4)} for label in sorted(known)}
    return {"precision": all_right / max(1, all_right + together_wrong), "recall": all_right / max(1, all_known),
            "incidents": statistics.median(one["incidents"] for one in stories.values()), "stories": stories,
            "lost": sum(1 for name in truth if name not in found)}


def returned(database, posts, found):
    """The numbers of false and true returns among incidents shown as returns."""
    truth = {post["id"]: (post["story"], post["wave"]) for post in posts}
    counts = collections.defaultdict(collections.Counter)
    for name, incident in found.items():
        if name in truth:
            counts[incident][truth[name]] += 1
    wrong = right = 0
    for incident, before in ask(database, "SELECT one.id, other.shown_in FROM incidents one JOIN incidents other "
                                "ON other.id = one.returns WHERE one.shown_in = one.id"):
        now, then = counts[incident].most_common(1), counts[before].most_common(1)
        known = now and then and now[0][0][0] and now[0][0][0] == then[0][0][0] and now[0][0][1] > then[0][0][1]
        right, wrong = right + bool(known), wrong + (not known)
    return wrong, right


def measure_order(measure, posts, graded, order, seed):
    with tempfile.TemporaryDirectory() as folder:
        database = measure.arrive(folder, posts, order, seed)
        rows = ask(database, "SELECT documents.id, shown_in FROM documents JOIN incidents ON incidents.id = incident")
        found = dict(rows)
        figures = scores([post for post in posts if post["id"] in graded and post["role"] != "roundup"], found)
        figures["twice"] = len(rows) - len(found)
        figures["false returned"], figures["true returned"] = returned(database, posts, found)
    return figures


FORETOLD = re.compile(r"[Nn]ext 24 hours: about ([\d,]+) posts")


def measure_forecast(measure, posts):
    """Reports every six hours, 30 minutes past the hour, while the feed goes on; the posts that came are counted at
    the end."""
    asked = []
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "i.db")
        slices = by(posts, lambda post: (post["time"] - generate.START - 1800) // (6 * 3600))
        for number in sorted(slices):
            measure.watch(database, write(folder, "part%03d.ndjson" % number, slices[number]))
            page, _ = measure.run("report", "--db", database, "--appendix", "--limit", "10000", "--lang", "en")
            now = slices[number][-1]["time"] * 1000
            for section in re.split(r'(?=<section class="incident")', page)[1:]:
                incident, foretold = re.search(r'id="i(\d+)"', section), FORETOLD.search(section)
                if incident and foretold:
                    asked.append((int(incident[1]), now, int(foretold[1].replace(",", ""))))
        times = collections.defaultdict(list)
        for incident, time in ask(database, "SELECT incident, time FROM documents"):
            times[incident].append(time)
    ours = baseline = count = 0
    for incident, now, foretold in asked:
        past = [t for t in times[incident] if t <= now]
        if len(past) < 5:
            continue
        real = sum(now < t <= now + 86400000 for t in times[incident])
        last = 24 * sum(t > now - 3600000 for t in past)
        ours += abs(math.log1p(foretold) - math.log1p(real))
        baseline += abs(math.log1p(last) - math.log1p(real))
        count += 1
    if not count:
        sys.exit("the report says no forecast of 24 hours that this finds")
    return {"forecasts": count, "forecast error": ours / count, "last hour": baseline / count, "forecast ratio": ours / baseline}


def measure_cost(measure, times, rounds):
    """Both read the same feed, in turns."""
    posts = generate.feed(measure.half, 1, times)
    beyond = []
    with tempfile.TemporaryDirectory() as folder:
        path = write(folder, "feed.ndjson", posts)
        for number in range(rounds):
            database = os.path.join(folder, "%d.db" % number)
            _, watching = measure.watch(database, path)
            _, grading = measure.classify(path)
            beyond.append(watching - grading)
        kept = ask(database, "SELECT count(*) FROM documents")[0][0]
        size = sum(os.path.getsize(database + end) for end in ("", "-wal") if os.path.exists(database + end))
    return {"kept posts": kept, "microseconds a kept post": statistics.median(beyond) / kept * 1e6,
            "microseconds, least": min(beyond) / kept * 1e6, "microseconds, most": max(beyond) / kept * 1e6,
            "bytes a kept post": size / kept}


def show(result, with_stories):
    orders = result["orders"]
    print("%s half, %d seed(s): %d posts, %d of stories, %d of these graded\n" % (
        result["half"], result["seeds"], result["posts"], result["of stories"], result["graded"]))
    print("%-16s precision  recall  of in-order  incidents  returned false  true  lost  twice" % "order")
    for order, f in orders.items():
        share = f["recall"] / orders["in order"]["recall"] if orders.get("in order", {}).get("recall") else math.nan
        print("%-16s %9.4f  %6.4f  %11.2f  %9.1f  %14d  %4d  %4d  %5d" % (
            order, f["precision"], f["recall"], share, f["incidents"], f["false returned"], f["true returned"], f["lost"],
            f["twice"]))
    if with_stories:
        print("\n%-24s posts  " % "story" + "  ".join("%-20s" % order for order in orders))
        print("%-24s        " % "" + "  ".join("prec. recall incid. " for _ in orders))
        for story, first in next(iter(orders.values()))["stories"].items():
            print("%-24s %5d  " % (story, first["posts"]) + "  ".join(
                "%5.3f  %5.3f  %5d " % (one["precision"], one["recall"], one["incidents"])
                for one in (f["stories"][story] for f in orders.values())))
    for name in ("forecast", "cost"):
        if name in result:
            print("\n" + ", ".join("%s %s" % (k, ("%.2f" % v if isinstance(v, float) else v)) for k, v in result[name].items()))


def mean(results):
    """Figures over all seeds; those of each story are of the first seed."""
    made = dict(results[0])
    for key in made:
        if key != "stories":
            made[key] = sum(one[key] for one in results) / len(results) if key in ("precision", "recall", "incidents") \
                else sum(one[key] for one in results)
    return made


def under_floors(result, floors):
    """The figures that became worse."""
    orders = result["orders"]
    for order, floor in floors["orders"].items():
        f = orders[order]
        for name in ("precision", "recall"):
            if f[name] < floor[name]:
                yield "%s: %s %.4f is less than %.4f" % (order, name, f[name], floor[name])
        for name in ("incidents", "false returned"):
            if f[name] > floor[name]:
                yield "%s: %s %g is more than %g" % (order, name, f[name], floor[name])
        for name, what in (("lost", "graded posts are in no incident"), ("twice", "posts were counted twice")):
            if f[name] > floor.get(name, 0):
                yield "%s: %d %s" % (order, f[name], what)
    if "forecast ratio" in floors and result["forecast"]["forecast ratio"] > floors["forecast ratio"]:
        yield "forecast: %.3f of the last hour's error is more than %.3f" % (
            result["forecast"]["forecast ratio"], floors["forecast ratio"])
    if "bytes a kept post" in floors and "cost" in result and result["cost"]["bytes a kept post"] > floors["bytes a kept post"]:
        yield "database: %.0f bytes a post are more than %d" % (
            result["cost"]["bytes a kept post"], floors["bytes a kept post"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tocsin")
    parser.add_argument("plan")
    parser.add_argument("--half", choices=("development", "untouched"), default="development")
    parser.add_argument("--orders", default=",".join(ORDERS))
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--forecast", action="store_true")
    parser.add_argument("--stories", action="store_true")
    parser.add_argument("--times", type=int, default=10, help="the feed for --cost is so many times as long")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json")
    parser.add_argument("--floors")
    arguments = parser.parse_args()
    measure = Measure(arguments.tocsin, arguments.plan, arguments.half)
    runs = collections.defaultdict(list)
    for seed in range(1, arguments.seeds + 1):
        posts = generate.feed(arguments.half, seed)
        with tempfile.TemporaryDirectory() as folder:
            graded = measure.graded(folder, posts)
        for order in arguments.orders.split(",") + list(HARD if arguments.hard else ()):
            runs[order].append(measure_order(measure, posts, graded, order, seed))
    result = {"half": arguments.half, "seeds": arguments.seeds, "posts": len(posts),
              "of stories": sum(1 for post in posts if post["story"]),
              "graded": sum(1 for post in posts if post["story"] and post["id"] in graded),
              "orders": {order: mean(results) for order, results in runs.items()}}
    if arguments.forecast:
        result["forecast"] = measure_forecast(measure, generate.feed(arguments.half, 1))
    if arguments.cost:
        result["cost"] = measure_cost(measure, arguments.times, arguments.rounds)
    show(result, arguments.stories)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(result, out, ensure_ascii=False, indent=1)
            out.write("\n")
    if arguments.floors:
        with open(arguments.floors, encoding="utf-8") as floors:
            worse = list(under_floors(result, json.load(floors)))
        for line in worse:
            print(line, file=sys.stderr)
        return 1 if worse else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
