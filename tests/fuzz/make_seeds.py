#!/usr/bin/env python3
"""Writes seeds/: small inputs of every kind from which the fuzz targets start. They are kept in the repository; run
this to add more."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import format_spec  # noqa: E402


def put(target, name, data):
    folder = HERE / "seeds" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def sized(part):
    return len(part).to_bytes(4, "little") + part


def main():
    spec = format_spec.tables((HERE.parent.parent / "docs/FORMAT.md").read_text(encoding="utf-8"))
    for image in sorted((HERE.parent / "images").glob("*.tocsin")):
        data = image.read_bytes()
        put("image", image.stem, data)
        _, sections, _ = format_spec.read_image(spec, data)
        put("image", f"{image.stem}.parts", b"\1" + sized(sections["facts"]) + sized(sections["sources"]))
    texts = ["火灾险，推诿。起火了！", "大火災 aab fire firefly", "Ｆｉｒｅ\u200b火 灾\n\n着火 烟味", "sos ＳＯＳ 出警慢慢慢",
             "\u0301火\u0308灾①㎏", ""]
    for number, text in enumerate(texts):
        put("verdict", f"text-{number}", bytes([number, number * 37 % 256]) + text.encode())
    put("verdict", "malformed", b"\0\x22\xe7\x81\xabfire\xff\xe7\x81\xab\xe7\x81\xed\xa0\x80\xf0\x9f\x94\xa5")
    for number, text in enumerate(texts):
        put("fold", f"text-{number}", bytes([number]) + text.encode())
        put("json", f"text-{number}", bytes([number * 19]) + text.encode())
    put("fold", "malformed", b"\7\xe7\x81\xabfire\xff\xe7\x81\xab\xe7\x81\xed\xa0\x80")
    put("json", "control", b"\x0b\"\\\x00\x1b\xff\xc3\x28\xe2\x80\xa8\xe7\x81\xab")
    rules = ["subject & (attention >= high | negative near/20 subject)", "negative unless/12 rebuttal & !fire",
             "sentence(subject & fire) | atleast(2, fire, 火情, place-inside)", "count(negative) >= 3 and score(fire) < 2.5",
             "venue in (forum, site) & reach != 5 & tier == none | clause(G1)", "incident & bad_press before/3 title(subject)", "distinct(fire after/9 subject) >= 2 | value(fire) > 1"]
    for number, rule in enumerate(rules):
        put("rule", f"rule-{number}", rule.encode())
        put("rule_naive", f"chance-{number}", bytes([number, 255 - number]))
    lines = ['{"id":"1","text":"火灾","time":"2026-11-28T10:00:00Z","source":"a.example","venue":"forum","reach":7}',
             '{"title":"\\u706b\\ud83d\\ude92","time":1764000000,"data":{"body":"x"},"key":3}', '{"text":null,"title":1}', "[1,2", "x"]
    for number, line in enumerate(lines):
        put("feed", f"line-{number}", bytes([number % 2]) + line.encode())
    pages = ['<p class="a">消<em>防</em>车</p><img alt="[怒]" src=x>&#28040;&amp;&notit;&nbsp', "<a href=\"x>消防车</a><b class='k'>",
             "<!-- a --><script>x</script ><style>b</style><![CDATA[<c>]]><!doctype html><?x?>", "<b<b <1 3<5 </ <!-- <script><a b=<a b='>"]
    for number, page in enumerate(pages):
        put("html", f"page-{number}", page.encode())
    sheets = ['id,text\n1,"a ""b""\nc",x\n2, y \t,\r\n\r3', 'id,text\n1,"open\n2,"b",c\n', '"a"b,c"d\n"e" ,"f"g"\n"" ,""",\n"', 'a;"b\n;";c\n', '1,c"d\ne",g\n']
    for number, sheet in enumerate(sheets):
        put("csv", f"sheet-{number}", bytes([4 * number + (number == 3)]) + sheet.encode())
    arrays = ['[{"id":"a","text":"x ]}, \\" {"},{"id":"b","n":[1,{"id":2}]}\n]', '[{"id":"a","text":"x},{"id":"b","text":"y"},\n{"id":"c"}}, {"id":"d"',
              '{"c":[1],"a":{"x":[{}],"b":[{"t":1},2,"s"],"b":3}}\n[{"a":{"b":[{}]}}]', '{"id":1,"t":"a"}\n {"id":2,"u":{"id":[]}}\n{"id":"\\"}\n{"id":3}\n', '{"id":"a","t":"x ]}, \\" { ["}\n{"id":"b"}', '{"id":1,\n{"id":2}\n[{"id":"\n {"id":3}]']
    for number, array in enumerate(arrays):
        put("array", f"array-{number}", bytes([number, number]) + array.encode())
    encodings = ["gb18030", "big5", "utf-16-le", "utf-16-be", "utf-32", "shift_jis", "euc_kr", "gbk", "iso2022_jp", "cp1252", "hz"]
    for number, encoding in enumerate(encodings):
        put("decoder", encoding, bytes([number, 37 * number % 256]) + "火灾 fire\n消防".encode(encoding, "replace"))
    plan = ("plan: p\nversion: 1\ntopics: {a: {terms: [a.csv, b.txt]}, b: {terms: b.txt, bounds: none}}\n"
            "define: {both: a & b}\nattention: {reach: {elevated: 5, high: 9}}\n"
            "tiers: [{id: t, clauses: [{id: C, when: 'both near/3 a | count(a) >= 2'}]}]\n"
            "routes: [{id: r, when: tier >= t}]\nexamples: [{text: 火灾, tier: t, clauses: [C]}]\n")
    lists = ["term,kind,bounds,unless,weight,note\n火灾,,,火灾险,2,n\n起火.?了,regex,,,,\n", "推诿 # c\n慢\n"]
    put("source", "plan", b"\xfe".join(part.encode() for part in [plan, *lists]))
    put("source", "broken", b"\xfe".join([b"plan: [x\ntopics: {a: {terms: a.csv}}\n", b"term\n\"x\n", b"\xff\xfe"]))
    posts = ["合肥阳光花园起火，浓烟滚滚", "转发：合肥阳光花园起火，浓烟滚滚", "阳光花园火灾，推诿", "长江路碧水山庄起火", "fire sos", "大火災"]
    put("tracker", "posts", "\n".join(posts * 3).encode())
    put("tracker", "forged", b"\1" + bytes([0, 0, 9, 255, 0, 0, 20, 0, 0, 48, 10, 7]))
    put("tracker", "options", b"\1" + bytes([0, 0, 17, 200, 0, 0, 18, 1]))
    header = ("tocsin weights\t1\nname\tx\ntarget\ttier >= a\nfeatures\t1\nfold\tfold\nwindow\t5\tfire\nbias\t-0.5\n"
              "calibration\t1.5\t0.25\nthreshold\t0.5\t0.9\t0.8\ncount\t4\n\n")
    rows = "火灾\t2.5\t1.25\n火\t-1\t1\ntopic:bad\t-3.125\t2\nabc\t0.000001\t9.5\n"
    put("weights", "sound", (header + rows).encode() + b"\xfe" + "火灾 abc 火火灾".encode())
    put("weights", "cut", (header + rows[:20]).encode())
    put("weights", "not-a-number", (header + rows.replace("2.5", "nan")).encode())
    put("weights", "twice", (header + rows.replace("abc", "火")).encode())
    put("weights", "one", (header.replace("count\t4", "count\t1") + rows[:rows.index("\n") + 1]).encode() + b"\xfe" + "火灾".encode())


if __name__ == "__main__":
    main()
