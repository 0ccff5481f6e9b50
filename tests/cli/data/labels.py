"""Invented posts with labels. labels.py ndjson|feed|tsv [COUNT [REVERSED]]: half are of tier general, some labels are open."""
import json
import sys

WHO = ["消防队", "红门", "救援站", "消防车", "队员"]
BAD = ["迟到{n}分钟", "推诿{n}次", "让人等了{n}分钟", "又迟到了", "来得太慢"]
GOOD = ["救出{n}只小猫", "来了{n}位学生", "有{n}人参加演练", "走过街头", "教大家逃生"]
FILLER = "春江潮水连海平海上明月共潮生滟滟随波千万里何处春江无月明江流宛转绕芳甸月照花林皆似霰空里流霜不觉飞汀上白沙看不见"


def text_of(n):
    state, filler = n * 7919 + 11, ""
    for _ in range(12):
        state = (state * 1103515245 + 12345) % 2147483648
        filler += FILLER[(state >> 12) % len(FILLER)]
    return filler[:6] + "，" + WHO[n // 2 % 5] + (BAD, GOOD)[n % 2][n // 10 % 5].format(n=n) + "，" + filler[6:]


what, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 120
lines = ["id\ttier\tclauses\taccept\tvenue"] if what == "tsv" else []
for n in range(count):
    tier, name = ("general", "none")[n % 2], "p%03d" % n
    accept = ["none", "general"] if n % 10 == 4 else [tier]
    if what == "tsv":
        lines.append("\t".join([name, tier, "G1" if tier == "general" else "-", ",".join(accept), "forum"]))
    elif what == "feed":
        lines.append(json.dumps({"id": name, "text": text_of(n)}, ensure_ascii=False))
    else:
        expect = {"tier": tier, "clauses": ["G1"] if tier == "general" else [], "accept": accept}
        lines.append(json.dumps({"id": name, "text": text_of(n), "venue": "forum", "expect": expect}, ensure_ascii=False))
if len(sys.argv) > 3:
    lines.reverse()
print("\n".join(lines))
