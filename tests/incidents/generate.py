"""A feed with incidents that are known: of each the first post, reposts of it with words before and after, cut short,
edited and in traditional spelling, and posts that tell something else of it; between them look-alikes, the same words of
another place, and posts of nothing. Everything is drawn by a seed, so the feed is the same each time."""
import json
import random
import sys

TOWNS = "合肥 庐阳区 包河区 蜀山区 瑶海区 巢湖市 肥东县 肥西县 长丰县 庐江县".split()
FIRST = "锦 和 康 翠 金 银 东 西 南 北 兴 福 祥 瑞 安 宁 清 碧 云 星 华 新 天 龙 凤 玉 紫 红 青 长 永 文 德 信 义 明 远 望 春 秋".split()
SECOND = "绣 平 泰 湖 河 林 山 园 海 江 盛 达 源 景 辉 阳 月 和 庭 水 竹 松 梅 桂 柳 桥 塘 岗 溪 泉".split()
ESTATES = "花园 小区 家园 苑 公寓 新村".split()
SITES = "大厦 广场 市场 商场 酒店 医院 小学 中学 化工厂 工地 仓库 公园 码头 影城 车间 会所 油库".split()
ROADS = "路 街 大道".split()

# What may go wrong; {p} the place, {t} the town, {r} a road, {n} numbers.
TELLINGS = {
    "late": [
        "{t}{p}{n}号楼昨晚起火，居民打了119，消防车过了{m}分钟才到，水枪还没水，家属质问救援为什么这么慢",
        "{p}火灾后续：消防救援迟到{m}分钟，业主说整栋楼只能自己逃生",
        "刚路过{p}，楼道烧得漆黑，邻居说消防车迟迟不来，来了水枪又没水",
        "【{t}】{p}火灾致{k}人死亡，消防部门被指出警迟缓，官方尚未回应",
        "{p}的业主在群里说，消防员到了以后水枪没水，眼睁睁看着烧",
    ],
    "blast": [
        "{t}{p}今天上午发生爆炸，{k}人死亡，现场浓烟滚滚，多辆消防车赶赴救援",
        "{p}爆炸现场视频流出，{k}人失联，消防救援人员仍在搜救，附近居民疏散",
        "{p}爆炸已致{k}人死亡，伤者送医，事故原因正在调查，消防员通宵灭火",
        "在{p}上班，爆炸声特别大，听说{k}人遇难，消防车来了一排",
        "{t}通报{p}爆炸事故：明火已扑灭，消防救援力量继续搜救失联人员",
    ],
    "probe": [
        "{t}{p}消防验收被曝收钱放行，业主举报消防大队索要好处费{n}万元",
        "网传{p}消防验收造假，举报人称给了消防监督员红包",
        "{p}的消防检查是走过场？有人实名举报消防干部吃拿卡要",
        "关于{p}消防大队收好处费的举报，{t}有关部门说正在核实",
    ],
    "death": [
        "{t}{p}老人被困火场，消防救援赶到时已经遇难，家属称救援不力，拖了{m}分钟",
        "{p}火灾遇难老人的家属：消防员在楼下等了{m}分钟没有上去救人",
        "{p}那场火，{k}人遇难，家属要求公开消防出警记录",
        "{p}火灾消防救援迟缓，支队回应：将调查出警过程",
    ],
}
BEFORE = ["太可怕了！", "转发：", "有人知道吗？", "看到群里在传，", "求扩散。", "我的天，", "//@网友: ", "真的假的？", "心痛。"]
AFTER = [" 愿平安。", " 希望严查。", " 大家怎么看？", "（来源：网络）", " 转起来", " 唉。", " #本地热点#", " 坐等通报。"]
NOTHING = ["今天天气真好，去湖边散步", "新开的面馆味道不错，推荐", "地铁早高峰又挤不上去", "周末电影有人一起看吗", "孩子的数学题我也不会",
           "消防站开放日，孩子们体验穿战斗服", "社区开展消防安全宣传，居民学用灭火器", "晚霞好美，随手拍", "这家火锅排队两个小时"]
TRADITIONAL = str.maketrans("区东县长庐业消员车过钟还没枪为么这楼烧邻说来栋质问迟缓应发现场烟滚辆赶赴视频搜附疏调查声特别碎伤医事继续联实举报验收员钱万红检过场吃举关门门遇难称拖开记录队团园华龙凤银兴绣达辉阳岗桥医厂",
                            "區東縣長廬業消員車過鐘還沒槍為麼這樓燒鄰說來棟質問遲緩應發現場煙滾輛趕赴視頻搜附疏調查聲特別碎傷醫事繼續聯實舉報驗收員錢萬紅檢過場吃舉關門門遇難稱拖開記錄隊團園華龍鳳銀興繡達輝陽崗橋醫廠")
VENUES = ["account"] * 6 + ["forum"] * 3 + ["hot_forum", "site", "mainstream_site", "celebrity_account"]


# Each is a matter of its own, of no place.
ALONE = ["消防员工资被拖欠{n}个月，没人管", "举报消防中介收{n}万元包过验收", "消防车堵在路上，司机不让道，网友怒了",
         "当消防员的表哥说队里伙食费被克扣{n}个月", "考消防证被骗{n}万元，培训机构跑路",
         "消防队招人有内定？考生质疑第{n}名被刷"]


def place(random, used):
    while True:
        name = random.choice(FIRST) + random.choice(SECOND) + random.choice(ESTATES + SITES)
        if name not in used:
            used.add(name)
            return name


def edited(random, text):
    """A few characters left out or doubled, as fingers do."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 25)):
        i = random.randrange(len(letters))
        letters[i] = "" if random.random() < 0.5 else letters[i] * 2
    return "".join(letters)


def repost(random, text):
    kind = random.randrange(6)
    if kind == 0:
        return random.choice(BEFORE) + text
    if kind == 1:
        return text + random.choice(AFTER)
    if kind == 2:
        return random.choice(BEFORE) + random.choice(BEFORE) + text + random.choice(AFTER)
    if kind == 3:
        return text[: max(18, int(len(text) * random.uniform(0.55, 0.9)))]
    if kind == 4:
        return text.translate(TRADITIONAL)
    return edited(random, text)


def telling(random, kind, facts, which=None):
    tellings = TELLINGS[kind]
    return (tellings[which] if which is not None else random.choice(tellings)).format(**facts)


def facts(random, used):
    return {"t": random.choice(TOWNS), "p": place(random, used), "n": random.randrange(1, 30),
            "m": random.randrange(15, 60), "k": random.randrange(3, 9)}


def incident(random, number, start, kind, known, posts):
    """Posts of one incident; each look-alike of another has the same words and a place of its own."""
    first = telling(random, kind, known, random.randrange(2))
    made = [(start, first)]
    told = [first]
    for _ in range(posts):
        time = start + int(random.expovariate(1 / 9000000.0)) % 64800000
        if random.random() < 0.6:
            text = repost(random, random.choice(told))
        else:
            text = telling(random, kind, known)
            told.append(text)
        made.append((time, text))
    return [(time, "%d:%d" % (number, i), text) for i, (time, text) in enumerate(made)]


def feed(seed, incidents, around):
    r = random.Random(seed)
    used = set()
    start = 1764000000000
    posts = []
    number = 0
    while number < incidents:
        kind = r.choice(sorted(TELLINGS))
        known = facts(r, used)
        begin = start + r.randrange(30 * 86400000)
        posts += incident(r, number, begin, kind, known, r.randrange(2, 40))
        number += 1
        if number < incidents and r.random() < 0.4:  # a look-alike: the same words, at the same time, of another place
            other = dict(known, p=place(r, used))
            if r.random() < 0.5:
                other["t"] = r.choice(TOWNS)
            posts += incident(r, number, begin + r.randrange(7200000), kind, other, r.randrange(2, 20))
            number += 1
    for i in range(60):
        text = r.choice(ALONE).format(n=r.randrange(2, 30))
        posts.append((start + r.randrange(30 * 86400000), "s%d:0" % i, text))
    for i in range(around):
        posts.append((start + r.randrange(30 * 86400000), "-:%d" % i, r.choice(NOTHING) + str(i)))
    posts.sort()
    for time, label, text in posts:
        yield {"id": label, "time": time, "venue": r.choice(VENUES), "reach": r.randrange(0, 300), "text": text}


if __name__ == "__main__":
    seed, incidents, around = (int(a) for a in sys.argv[1:4])
    for document in feed(seed, incidents, around):
        print(json.dumps(document, ensure_ascii=False))
