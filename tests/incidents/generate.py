"""Generates a feed of two weeks in which the matter of each post is known. The wordings in stories_*.txt were written
by hand; by a seed, this script draws the times of posts, the users who repost them, their additions, and the noise
between.

Two halves that share no story, estate or wording. The tracker may be tuned on "development"; "untouched" is only
ever measured.

A line of a story:  +HOURS VENUE [answer|rebuttal] [wave] | text     or  title ‖ text
HOURS are counted from the start of the story, and the post comes then or a little after. The head of a story:
    == name | start, local time | reposts N | half HOURS    (in HOURS half of the interest is gone)

Each post has, beside the fields that tocsin reads, "story" (null for noise), "wave" (0, or 1 for one that comes back), "role"
(post, answer, rebuttal, comment, roundup) and "made" (written, or how it was passed on). Tocsin reads none of these four. A
roundup is a post about several stories, so it belongs to none and must not join them.
usage: generate.py development|untouched [--seed N] [--times N] > FEED"""
import argparse
import json
import os
import random
import re

HERE = os.path.dirname(os.path.abspath(__file__))
HOUR = 3600
START = 1793548800  # 2026-11-02T00:00+08:00
DAYS = 15
END = START + (DAYS + 1) * 86400  # after the last post
ZONE = 8 * HOUR
NOISE = 2000
VENUES = {"a": "account", "c": "celebrity_account", "f": "forum", "h": "hot_forum", "m": "mainstream_site", "s": "site"}
SOURCES = {"a": ("weibo.com", "douyin.com", "xiaohongshu.com"), "c": ("weibo.com",), "f": ("bbs.hf365.example",),
           "h": ("tieba.baidu.com", "zhihu.com"), "m": ("chengbao.example",), "s": ("kuaibao.example", "wanjia.example")}
# How much is posted at each hour of a day, the busiest 1.
DAY = (.30, .18, .10, .07, .05, .07, .18, .40, .62, .75, .82, .85, .95, .88, .80, .78, .78, .80, .85, .92, 1, 1, .85, .55)
NICKNAMES = """庐州老街坊 蜀山区小太阳 站塘新苑业主小陈 翡翠湖边的猫 包河花园大妈 和平广场舞王 爱吃辣的柚子 淮河路步行街老王 momo 骆岗机场旧友
瑶海区吃瓜群众 三孝口大厦保安 不想上班的阿May 深水埗街坊 一只小透明 长江中路修车铺 巢湖市民小李 火箭少女的姨 二马路澡堂常客 摆渡人2018
安徽小姐姐 老丁火锅 用户7731904 元朗村屋仔 肥西老母鸡 南淝河钓鱼佬 大望江酒店前台 云飞路小区物业 晚风起 银屏河边长大的""".split()
REMARKS = """太惨了 希望严查 [泪] [蜡烛][蜡烛] 转起来 什么情况？ 心里堵得慌 坐等通报 无语 求真相 我的天 唉 同问 别沉 愿平安 顶 离谱 支持 看得想哭 扩散
真的假的 记一笔 第一次知道还能这样 关注了 这都第几次了 気死我了 路过帮转 说得好 怎么会这样 等一个结果 🙏🙏 马一下 有没有人管啊""".split()
ROUNDUPS = ("今日热点速览：", "早报 | ", "【一周回顾】", "今天都在说什么：", "晚安，明天见。今日本地：")
TAGS = ("#同城热点#", "#今日关注#", "#我在现场#", "#本地那些事儿#", "#身边事#")
FACES = ("[泪]", "[蜡烛]", "[怒]", "[祈祷]", "[允悲]", "🙏", "😭", "[吃瓜]")


def read_stories(path):
    stories = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            head = re.fullmatch(r"== (\S+) \| (\S+) \| reposts (\d+) \| half (\d+)", line)
            if head:
                y, mo, d, h, mi = map(int, re.fullmatch(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+)", head[2]).groups())
                if (y, mo) != (2026, 11):
                    raise ValueError("%s:%d: a story starts in November of 2026" % (path, number))
                stories.append({"name": head[1], "start": START + ((d - 2) * 24 + h) * HOUR + mi * 60,
                                "reposts": int(head[3]), "half": int(head[4]) * HOUR, "wordings": []})
                continue
            post = re.fullmatch(r"\+([\d.]+) ([acfhms])((?: (?:answer|rebuttal|wave))*) \| (?:(.+?) ‖ )?(.+)", line)
            if not post or not stories:
                raise ValueError("%s:%d: not a line of a story: %s" % (path, number, line))
            marks = post[3].split()
            stories[-1]["wordings"].append({
                "after": int(float(post[1]) * HOUR), "venue": post[2], "title": post[4], "text": post[5],
                "wave": int("wave" in marks), "role": next((m for m in marks if m != "wave"), "post")})
    return stories


def read_noise(path):
    slots, noise, once, section = {}, [], [], None
    with open(path, encoding="utf-8") as lines:
        for line in map(str.strip, lines):
            if not line or line.startswith("#"):
                continue
            if line.startswith("== "):
                section = {"noise": noise, "once": once}[line[3:]]
            elif section is None:
                name, _, values = line.partition(" = ")
                slots[name] = values.split(" / ")
            else:
                section.append(line)
    return slots, noise, once


def awake(r, time):
    """The next time from `time` on at which somebody posts; few people post at night."""
    while r.random() > DAY[(time + ZONE) // HOUR % 24]:
        time += r.randrange(300, 2400)
    return time


def whole(wording):
    return "【%s】%s" % (wording["title"], wording["text"]) if wording["title"] else wording["text"]


def typed_again(r, text):
    """Leaves out or doubles a few characters, as typing errors do."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 25)):
        i = r.randrange(len(letters))
        letters[i] = "" if r.random() < 0.5 else letters[i] * 2
    return "".join(letters)


def link(r):
    return "http://t.cn/A6" + "".join(r.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(6))


def passed_on(r, wording):
    """The kind of repost, and its text."""
    text, name, other, remark = whole(wording), r.choice(NICKNAMES), r.choice(NICKNAMES), r.choice(REMARKS)
    made = r.choices(("chain", "chain of two", "plain repost", "reply", "link", "tag", "cut", "shared", "typed again", "copied", "comment"),
                     (20, 14, 12, 8, 10, 8, 8, 8, 6, 6, 10))[0]
    if made == "chain":
        return made, "%s//@%s:%s" % (remark, name, text)
    if made == "chain of two":
        return made, "%s//@%s:%s//@%s:%s" % (remark, name, r.choice(REMARKS), other, text)
    if made == "plain repost":
        return made, "转发微博//@%s:%s" % (name, text)
    if made == "reply":
        return made, "回复@%s:%s//@%s：%s" % (other, remark, name, text)
    if made == "link":
        return made, "%s %s%s" % (text, link(r), r.choice(("", " 网页链接", "…全文")))
    if made == "tag":
        return made, "%s%s%s" % (r.choice(TAGS), text, r.choice(FACES) * r.randrange(3))
    if made == "cut":
        return made, text[:max(18, int(len(text) * r.uniform(0.6, 0.9)))] + "…全文"
    if made == "shared":
        return made, "%s。（分享自 @%s）" % (text.rstrip("。"), name)
    if made == "typed again":
        return made, typed_again(r, text)
    if made == "comment":
        return made, "回复@%s:%s%s" % (name, remark, r.choice(FACES))
    return made, text


def tell(r, story):
    """Posts of one story: each wording once, then reposts of earlier posts. A few posts are reposted often, and new
    ones more than old ones."""
    posts, told = [], []
    for w in story["wordings"]:
        time = story["start"] + w["after"] + r.randrange(600)
        told.append((time, w, r.paretovariate(1.2)))
        posts.append((time, w, "written", None))
    waves = sorted({w["wave"] for w in story["wordings"]})
    for number in range(story["reposts"]):
        wave = waves[number % len(waves)] if number % 3 == 2 else 0
        first = min(time for time, w, _ in told if w["wave"] == wave)
        time = END
        while time >= END:
            time = awake(r, int(first + 120 + r.expovariate(0.693 / story["half"])))
        known = [(w, liked * 0.5 ** ((time - then) / story["half"])) for then, w, liked in told if then < time and w["wave"] == wave]
        w = r.choices([w for w, _ in known], [weight for _, weight in known])[0]
        posts.append((time, w) + passed_on(r, w))
    return posts


def roundups(r, told):
    """A post at noon of most days that repeats the first wording of each story of the last two days, and a post with
    ten of them."""
    for day in range(1, DAYS):
        noon = START + day * 86400 + 12 * HOUR
        heads = [first for first in told if noon - 2 * 86400 < first[0] < noon]
        if len(heads) > 1:
            r.shuffle(heads)
            texts = [whole(w)[:r.randrange(18, 40)] for _, w in heads]
            yield noon + r.randrange(HOUR), r.choice(ROUNDUPS) + "；".join("%d、%s" % pair for pair in enumerate(texts, 1))
    yield START + (DAYS - 1) * 86400 + 20 * HOUR, "十件事：" + "".join("//@%s:%s" % (r.choice(NICKNAMES), whole(w)) for _, w in told[:10])


def document(r, number, time, venue, text, title=None, **truth):
    post = {"id": "%s%05d" % (venue, number), "time": time, "venue": VENUES[venue], "source": r.choice(SOURCES[venue]),
            "reach": int(r.paretovariate(0.9) * 12) % 9000}
    if title:
        post["title"] = title
    post["text"] = text
    return dict(post, **truth)


def feed(half, seed=1, times=1):
    """Posts in order of time. `times` multiplies the reposts and the noise, to measure cost."""
    r = random.Random("%s %d" % (half, seed))
    posts, told = [], []
    for story in read_stories(os.path.join(HERE, "stories_%s.txt" % half)):
        told.append((story["start"], story["wordings"][0]))
        for time, w, made, text in tell(r, dict(story, reposts=story["reposts"] * times)):
            truth = {"story": story["name"], "wave": w["wave"], "role": "comment" if made == "comment" else w["role"], "made": made}
            if text is None:
                posts.append((time, w["venue"], w["text"], w["title"], truth))
            else:
                posts.append((time, r.choice("aaaaaafh"), text, None, truth))
    slots, noise, once = read_noise(os.path.join(HERE, "noise.txt"))
    once = once[0 if half == "development" else 1::2]
    texts = once + [re.sub(r"\{(\w+)\}", lambda found: r.choice(slots[found[1]]), r.choice(noise))
                    for _ in range(NOISE * times - len(once))]
    for text in texts:
        time = awake(r, START + r.randrange(DAYS * 24 * HOUR))
        posts.append((time, r.choice("aaaaaafffhsmc"), text, None, {"story": None, "wave": 0, "role": "post", "made": "noise"}))
    truth = {"story": None, "wave": 0, "role": "roundup", "made": "roundup"}
    posts += [(time, "a", text, None, truth) for time, text in roundups(r, told)]
    posts.sort(key=lambda post: post[:3])
    return [document(r, number, time, venue, text, title, **truth)
            for number, (time, venue, text, title, truth) in enumerate(posts)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("half", choices=("development", "untouched"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=1)
    arguments = parser.parse_args()
    for post in feed(arguments.half, arguments.seed, arguments.times):
        print(json.dumps(post, ensure_ascii=False))
