#!/usr/bin/env python3
"""Prints what the database has about one story of generate.py, day by day: its posts, their incidents, the reason why
each joined, and the events.  usage: story_diary.py TOCSIN PLAN STORY [--half development|untouched] [--order NAME]"""
import argparse
import collections
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate
import measure_incidents



def day_of(milliseconds):
    return (milliseconds // 1000 + generate.ZONE) // 86400


def of_ids(database, names):
    """Rows of the story's posts, in the order of time: day, id, incident, how it joined, reach."""
    rows = measure_incidents.ask(database, "SELECT time, documents.id, shown_in, joined_by, documents.reach FROM documents "
                                 "JOIN incidents ON incidents.id = incident ORDER BY time, number")
    return [(day_of(row[0]),) + row[1:] for row in rows if row[1] in names]


def tell(database, posts):
    rows = of_ids(database, {post["id"] for post in posts})
    text = {post["id"]: generate.whole({"title": post.get("title"), "text": post["text"]}) for post in posts}
    told = collections.Counter(day_of(post["time"] * 1000) for post in posts)
    seen, most = set(), 0
    events = collections.defaultdict(collections.Counter)
    numbers = ",".join(str(row[2]) for row in rows) or "0"
    for when, kind in measure_incidents.ask(database, "SELECT time, kind FROM events WHERE incident IN (%s)" % numbers):
        events[day_of(when)][kind] += 1
    print("day         told  kept  incidents  new  began  same words  matter  most reach  events; what was told first")
    for day in range(min(told), max(told) + 1):
        of_day = [row for row in rows if row[0] == day]
        here = {row[2] for row in of_day}
        joined = collections.Counter(row[3] for row in of_day)
        most = max([most] + [row[4] for row in of_day])
        date = time.strftime("%Y-%m-%d", time.gmtime(day * 86400))
        first = text[of_day[0][1]][:24] if of_day else ""
        print("%s  %4d  %4d  %9d  %3d  %5d  %10d  %6d  %10d  %s; %s" % (
            date, told[day], len(of_day), len(here), len(here - seen), joined[0], joined[1],
            sum(n for how, n in joined.items() if how > 1), most,
            ", ".join("%s %d" % pair for pair in sorted(events[day].items())) or "none", first))
        seen |= here
    print("%d posts, %d of them in %d incidents" % (len(posts), len(rows), len(seen)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tocsin")
    parser.add_argument("plan")
    parser.add_argument("story")
    parser.add_argument("--half", choices=("development", "untouched"), default="development")
    parser.add_argument("--order", choices=measure_incidents.ORDERS + measure_incidents.HARD, default="in order")
    arguments = parser.parse_args()
    posts = generate.feed(arguments.half)
    of_story = [post for post in posts if post["story"] == arguments.story]
    if not of_story:
        sys.exit("no story %s; there are %s" % (arguments.story, ", ".join(sorted({p["story"] for p in posts if p["story"]}))))
    with tempfile.TemporaryDirectory() as folder:
        measure = measure_incidents.Measure(arguments.tocsin, arguments.plan, arguments.half)
        tell(measure.arrive(folder, posts, arguments.order, 1), of_story)


if __name__ == "__main__":
    main()
