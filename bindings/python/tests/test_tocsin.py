"""The package against the command line tool, and what its users do wrong. TOCSIN_ROOT is the source tree, TOCSIN_TOOL the tool."""
import ast
import datetime
import glob
import inspect
import json
import os
import random
import subprocess
import sys
import threading
import time

import pytest
import tocsin

ROOT, TOOL = os.environ["TOCSIN_ROOT"], os.environ["TOCSIN_TOOL"]
PLAN = os.path.join(ROOT, "examples/fire-service")
VENUES = ["unknown", "mainstream_site", "site", "hot_forum", "forum", "celebrity_account", "account", "own"]


def sentences():
    found = []
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/fire-service/*.ndjson"))):
        for line in open(path, encoding="utf-8"):
            found.extend(part for part in json.loads(line).get("text", "").split("。") if part)
    assert len(found) > 500
    return found


def posts(count):
    """Posts of one to four sentences, with characters for which offsets are often wrong: astral ones and full-width letters."""
    parts, chance = sentences(), random.Random(7)
    for i in range(count):
        text = "。".join(chance.choice(parts) for _ in range(chance.randint(1, 4)))
        if i % 3 == 0:
            text = "🔥ＡＢ" + text
        yield {"id": str(i), "title": chance.choice(parts)[:20] if i % 2 else "", "text": text,
               "venue": chance.choice(VENUES), "reach": chance.choice([0, 0, 500, 20000, 300000])}


@pytest.fixture(scope="module")
def plan():
    with tocsin.Plan.load(PLAN) as plan:
        yield plan


def of_tool(documents):
    feed = "\n".join(json.dumps(d, ensure_ascii=False) for d in documents)
    done = subprocess.run([TOOL, "classify", "-q", "-p", PLAN, "--all", "-"], input=feed.encode(), capture_output=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_verdicts_are_those_of_the_tool(plan):
    documents = list(posts(10000))
    verdicts = plan.scanner().classify_batch(documents)
    graded = 0
    for document, verdict, wanted in zip(documents, verdicts, of_tool(documents), strict=True):
        assert (verdict.id, verdict.tier, verdict.clauses, verdict.routes, verdict.attention) == \
            (wanted["id"], wanted["tier"], wanted["clauses"], wanted["routes"], wanted["attention"])
        graded += verdict.tier != "none"
        for found, evidence in zip(verdict.evidence, wanted["evidence"], strict=True):
            assert document[found.field][found.start:found.end] == found.text == evidence["text"]
            assert (found.clause, found.topic, found.term, found.value) == \
                (evidence["clause"], evidence["topic"], evidence["term"], evidence.get("value"))
    assert 500 < graded < 9500


def test_ways_to_grade_are_one(plan):
    scanner = plan.scanner()
    document = next(d for d in posts(500) if scanner.classify(tocsin.Document(**d)).tier == "major")
    wanted = scanner.classify(tocsin.Document(**document))
    facts = dict(document)
    text = facts.pop("text")
    assert scanner.classify(text, **facts) == wanted
    with scanner.stream(**facts) as stream:
        for character in text:
            stream.write(character)
        assert stream.end() == wanted
    assert scanner.classify_batch([document, "晴"], graded_only=True) == [wanted, None]
    explained = scanner.explain(text, **facts)
    assert explained["verdict"]["tier"] == "major"
    because = [hit for clause in explained["clauses"] for hit in clause.get("because", [])]
    assert because and all(document[h["field"]][h["start"]:h["end"]] == h["text"] for h in because)


def test_texts_are_graded_as_documents(plan):
    """Texts of one to four bytes a character, none at all, and more of them than are encoded as one block."""
    scanner, chance = plan.scanner(), random.Random(3)
    kinds = ["fire brigade late again, 40 minutes", "é", "🔥", "", "\0", "消防", "x" * 200]
    texts = [chance.choice(kinds) * chance.randint(0, 3) + post["text"] * chance.randint(0, 1) + chance.choice(kinds) for post in posts(3000)]
    wanted = [scanner.classify(tocsin.Document(text=text)) for text in texts]
    assert 200 < sum(verdict.tier != "none" for verdict in wanted) < 2800
    assert scanner.classify_batch(texts) == wanted
    assert scanner.classify_batch(iter(texts), graded_only=True) == [v if v.tier != "none" else None for v in wanted]
    for place in (0, 255, 256, 2999):
        for half in ("\ud83d", "\udd25"):
            broken = texts[:place] + ["火🔥" + half + "x"] + texts[place + 1:]
            with pytest.raises(tocsin.Error, match="text of document %d has half a surrogate pair at character 2$" % place):
                scanner.classify_batch(broken)
    broken = ["a\ud83d", "\udd25b"]  # which together would be one character
    with pytest.raises(tocsin.Error, match="text of document 0 has half a surrogate pair at character 1$"):
        scanner.classify_batch(broken)


def test_a_plan_by_calls(plan):
    with tocsin.Builder() as builder:
        builder.set(name="计划", version="1")
        builder.add("topic", "火", name="火情")
        builder.add("topic", "伤", role="place")
        builder.add("tier", "low")
        builder.add("clause", "C1", tier="low", when="火 & value(伤) >= 2", label="行 3")
        builder.add_term("火", "火灾", unless=["没有火灾", "火灾演练"], weight=0.5)
        builder.add_term("伤", "{n}人死亡", kind="quantity")
        builder.add_venue("bbs.example.cn", "forum")
        builder.add_venue("own.example.cn", "own")
        for role in ("answer", "rebuttal", "home"):
            builder.add("topic", role, role=role)
            builder.remove("topic", role)
        scanner = builder.compile().scanner()
        assert [scanner.classify(text).tier for text in ("🔥火災，三人死亡", "火灾演练，三人死亡", "火灾")] == ["low", "none", "none"]
        assert scanner.classify("🔥火災，三人死亡").evidence[0].start == 1
        builder.add("clause", "C2", tier="low", when="火 & 水", label="行 4")
        with pytest.raises(tocsin.Error, match="行 4:1:5: ") as raised:
            builder.compile()
        assert [problem["file"] for problem in raised.value.problems] == ["行 4"]
        builder.remove("clause", "C2")
        builder.remove_venue("bbs.example.cn")
        for wrong in (lambda: builder.remove("clause", "C2"), lambda: builder.add("clause", "C3", tier="high"),
                      lambda: builder.add_term("水", "洪水"), lambda: builder.remove_term("火", "洪水"),
                      lambda: builder.add("chapter", "x"), lambda: builder.set(colour="red"), lambda: builder.add("tier", "\ud800")):
            with pytest.raises(tocsin.Error):
                wrong()
        with pytest.raises(TypeError):
            builder.add("tier", "x", colour="red")
    with tocsin.Builder(plan) as overlay:
        built = overlay.compile()
        overlay.add_term(plan.items("topic")[0]["id"], "我们的站")
        assert overlay.compile().content != built.content
    texts = [document["text"] for document in posts(300)]
    assert plan.scanner().classify_batch(texts) == built.scanner().classify_batch(texts)


def test_plan_from_a_dict_a_file_and_a_slot(tmp_path):
    sources = {"plan.yaml": "plan: p\nversion: '3'\ntopics: {a: {terms: a.txt}}\n"
                            "tiers: [{id: t, name: 层, clauses: [{id: C, name: 条, when: a}]}]\n", "a.txt": "火灾"}
    one = tocsin.Plan.compile(sources)
    other = tocsin.Plan.compile(dict(sources, **{"a.txt": "水灾"}))
    assert (one.name, one.version, one.items("clause")) == ("p", "3", [{"id": "C", "name": "条", "name_en": "条", "when": "a"}])
    assert one.content != other.content
    one.save(tmp_path / "plan.tocsin")
    assert tocsin.Plan.load(tmp_path / "plan.tocsin").content == one.content
    slot = tocsin.Slot(one)
    scanner = slot.scanner()
    assert scanner.classify("火災").tier == "t"
    assert slot.publish(other) == 2
    assert (scanner.classify("火災").tier, scanner.classify("水災").tier) == ("none", "t")
    with pytest.raises(tocsin.Error, match="part"):
        one.items("chapter")
    assert [one.find("clause", "C"), one.find("topic", "a"), one.find("tier", "nobody"), one.find("topic", "")] == \
        [0, 0, None, None]


def test_mistakes_are_exceptions(plan, tmp_path):
    scanner = plan.scanner()
    for wrong, message in [({"text": "a\ud800b"}, "surrogate pair at character 1"), ({"text": "", "venue": "bar"}, "no venue 'bar'"),
                           ({"text": "", "attention": "x"}, "no attention"), ({"text": "", "reach": -1}, "reach")]:
        with pytest.raises(tocsin.Error, match=message):
            scanner.classify(tocsin.Document(**wrong))
    with pytest.raises(TypeError):
        scanner.classify(7)
    with pytest.raises(TypeError):
        scanner.classify("x", author="somebody")
    (tmp_path / "plan.yaml").write_text("plan: x\ntopics: {a: {terms: none.txt}}\ntiers: []\n")
    with pytest.raises(tocsin.Error, match="plan.yaml:2:") as raised:
        tocsin.Plan.load(tmp_path)
    assert raised.value.line == 2 and len(raised.value.problems) >= 1
    with pytest.raises(tocsin.Error, match="nowhere"):
        tocsin.Plan.load(tmp_path / "nowhere")
    scanner.close()
    scanner.close()
    with pytest.raises(tocsin.Error, match="the Scanner is closed"):
        scanner.classify("火灾")


def test_another_library_is_not_taken(tmp_path):
    """Another version, no library, and a library without the functions: each raises an ImportError with a message."""
    for name, text in [("old", "0.1.9"), ("new", "9.1.0")]:
        (tmp_path / (name + ".c")).write_text('const char *tocsin_version(void) { return "%s"; }' % text)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", tmp_path / (name + ".so"), tmp_path / (name + ".c")], check=True)
    (tmp_path / "text.so").write_text("消防车")
    ours = tocsin.__version__
    for library, wanted in [(tmp_path / "old.so", "made for version %s of the library, not for 0.1.9" % ours),
                            (tmp_path / "new.so", "made for version %s of the library, not for 9.1.0" % ours),
                            (tmp_path / "text.so", "cannot be loaded"), (tmp_path / "nowhere.so", "cannot be loaded"),
                            (tmp_path, "cannot be loaded"), ("libc.so.6", "cannot be loaded")]:
        done = subprocess.run([sys.executable, "-c", "import tocsin"], capture_output=True, text=True,
                              env=dict(os.environ, TOCSIN_LIBRARY=str(library)))
        said = done.stderr.splitlines()[-1]
        assert done.returncode == 1 and said.startswith("ImportError: tocsin: ") and wanted in said, done.stderr


def test_a_batch_that_fails_is_an_exception(plan, monkeypatch):
    """If the library fails as a whole no document has a line, and none may count as one of tier none."""
    import tocsin._classes as classes

    class Failing:
        status = 0

        def __getattr__(self, name):
            return getattr(tocsin._library.lib, name)

        def tocsin_classify_batch_to_json(self, *_):
            return self.status

        tocsin_classify_texts_to_json = tocsin_classify_batch_to_json

    scanner, failing = plan.scanner(), Failing()
    monkeypatch.setattr(classes, "lib", failing)
    for failing.status, kind in [(-1, tocsin.Error), (-2, MemoryError), (-4, tocsin.Error), (-5, tocsin.Error),
                                 (-80, tocsin.Error), (-81, tocsin.Error), (-99, tocsin.Error)]:
        for call in (lambda: scanner.classify("x"), lambda: scanner.classify("x", id="1"), lambda: scanner.classify_batch(["x", "y"]),
                     lambda: scanner.classify_batch(["x", "y"], graded_only=True)):
            with pytest.raises(kind) as raised:
                call()
            assert kind is MemoryError or raised.value.status, failing.status


def test_closing_while_others_use_it(plan):
    """A stream keeps its scanner's memory; a scanner closed during a call is freed after it."""
    scanner = plan.scanner()
    stream = scanner.stream(text="消防")
    scanner.close()
    stream.write("车")
    with pytest.raises(tocsin.Error, match="the Scanner is closed"):
        stream.end()
    stream.close()
    for _ in range(20):
        scanner, graded, ended = plan.scanner(), threading.Event(), []

        def grade():
            try:
                while True:
                    scanner.classify("消防车" * 20000)
                    graded.set()
            except tocsin.Error as error:
                ended.append(str(error))

        thread = threading.Thread(target=grade)
        thread.start()
        graded.wait()
        scanner.close()
        thread.join()
        assert ended == ["the Scanner is closed"]


def test_scanner_outlives_its_plan_and_fork():
    scanner = tocsin.Plan.load(PLAN).scanner()
    text = "消防车四十分钟才到"
    wanted = scanner.classify(text)
    child = os.fork()
    if not child:
        os._exit(0 if scanner.classify(text) == wanted else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_busy_scanner_says_so(plan):
    scanner, outcomes = plan.scanner(), []
    long = "消防车" * 3_000_000

    def grade():
        try:
            outcomes.append(scanner.classify(long).tier)
        except tocsin.Error as error:
            outcomes.append(error.status)

    threads = [threading.Thread(target=grade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 4 and len(set(outcomes)) == 2, outcomes  # the lock is not held, so the calls overlap


def test_a_verdict_is_read_before_the_next_call(plan):
    """A call is busy until its last function of the library has ended: the verdict is the scanner's own until then."""
    scanner, tracker = plan.scanner(), tocsin.Tracker()
    stream = scanner.stream(text="今天天气真好")
    with scanner._call():  # as a call of another thread, which still reads its verdict
        for call in (lambda: scanner.classify("x"), lambda: scanner.classify_batch(["x"]), lambda: scanner.explain("x"),
                     scanner.trim, stream.end, lambda: tracker.add(scanner, "x")):
            with pytest.raises(tocsin.Error, match="use"):
                call()
    with tracker._call():
        for call in (lambda: tracker.add(scanner, "x"), tracker.save, tracker.incidents, lambda: tracker.incident(1)):
            with pytest.raises(tocsin.Error, match="use"):
                call()
    assert stream.end().tier == "none" and tracker.incidents() == []


def test_posts_of_one_matter_are_an_incident(plan):
    scanner, at = plan.scanner(), 1_700_000_000_000
    with tocsin.Tracker() as tracker:
        first = tracker.add(scanner, "本市消防车四十分钟才到，火灾现场有人死亡，消防队还互相推諉", id="a", time=at, venue="forum", reach=10)
        again = tracker.add(scanner, "【转】本市消防车四十分钟才到，火灾现场有人死亡，消防队还互相推諉", id="b", time=at + 60000,
                            venue="hot_forum", reach=2**40)
        other = tracker.add(scanner, "今天天气真好", time=at + 120000)
        assert first.is_new and first.incident == again.incident and not again.is_new and again.joined_by == "words"
        assert (first.verdict.tier, other.incident, other.joined_by) == (scanner.classify(
            "本市消防车四十分钟才到，火灾现场有人死亡，消防队还互相推諉").tier, 0, "nothing")
        assert again.raised and again.attention == again.verdict.attention == "high"
        incident, = tracker.incidents()
        assert incident == tracker.incident(first.incident) and tracker.incident(999) is None
        assert (incident.posts, incident.reach, incident.document, incident.venues) == \
            (2, 2**40 + 10, "a", {"hot_forum": 1, "forum": 1})
        assert (incident.first_time, incident.last_time, incident.attention) == (at, at + 60000, "high")
        assert incident.tier == first.verdict.tier and incident.clauses[:1] == first.verdict.clauses[:1]
        # An incident with attention has its next post graded with that.
        calm = tracker.add(scanner, "本市消防车四十分钟才到，火灾现场有人死亡，消防队还互相推諉", id="c", time=at + 180000)
        assert calm.verdict.attention == "high" != scanner.classify("火灾").attention
        snapshot = tracker.save()
        restored = tocsin.Tracker.restore(snapshot)
        assert restored.incidents() == tracker.incidents() and restored.save() == snapshot
        for wrong in (b"", snapshot[:-1], b"x" * 100, snapshot[:99] + bytes([snapshot[99] ^ 1]) + snapshot[100:]):
            with pytest.raises(tocsin.Error):
                tocsin.Tracker.restore(wrong)
        for call in (lambda: tracker.add(None, "x"), lambda: tracker.add(scanner, 5), lambda: tracker.incident("1")):
            with pytest.raises(TypeError):
                call()
        with pytest.raises(tocsin.Error):
            tracker.incident(-1)
        with pytest.raises(KeyError, match="mine"):
            tracker.add(scanner, "消防车", stop=lambda: {}["mine"])
        before = tracker.incidents()
        with pytest.raises(tocsin.Error):
            tracker.add(scanner, "消防车", stop=lambda: True)
        assert tracker.incidents() == before
    with pytest.raises(tocsin.Error, match="the Tracker is closed"):
        tracker.incidents()
    scanner.close()
    with tocsin.Tracker() as tracker, pytest.raises(tocsin.Error, match="the Scanner is closed"):
        tracker.add(scanner, "x")


def test_the_stubs_say_what_there_is():
    """Each name, method, argument and default of the stubs is the package's own, and none is left out."""
    folder = os.path.dirname(tocsin.__file__)
    with open(os.path.join(folder, "__init__.pyi"), encoding="utf-8") as file:
        tree = ast.parse(file.read())
    assert os.path.exists(os.path.join(folder, "py.typed"))

    def arguments(node):
        names = [a.arg for a in node.args.posonlyargs + node.args.args + node.args.kwonlyargs]
        return [name for name in names if name not in ("self", "cls")], [ast.literal_eval(d) for d in node.args.defaults + node.args.kw_defaults]

    def real(function):
        parameters = [p for name, p in inspect.signature(function).parameters.items()
                      if name not in ("self", "cls") and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        return [p.name for p in parameters], [p.default for p in parameters if p.default is not p.empty]

    stubs = {node.name: node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name[0] != "_"}
    assert set(stubs) == set(tocsin.__all__) - {"__version__"}
    for name, node in stubs.items():
        thing = getattr(tocsin, name)
        if isinstance(node, ast.FunctionDef):
            assert arguments(node) == real(thing), name
            continue
        methods = {m.name: m for m in node.body if isinstance(m, ast.FunctionDef)}
        assert {m for m in methods if m[0] != "_"} == {m for m in vars(thing) if m[0] != "_" and
                                                       (callable(getattr(thing, m)) or isinstance(vars(thing)[m], property))}, name
        for method, stub in methods.items():
            if isinstance(vars(thing)[method], property):
                continue
            if method == "scanner":  # it hands its arguments on
                assert arguments(stub)[0] == real(tocsin.Scanner)[0][1:]
                continue
            assert arguments(stub) == real(getattr(thing, method)), (name, method)
        if hasattr(thing, "__dataclass_fields__"):
            assert [f.target.id for f in node.body if isinstance(f, ast.AnnAssign)] == list(thing.__dataclass_fields__), name


def test_a_document_has_options_of_its_own(plan):
    scanner, text = plan.scanner(), "着火四十分钟消防车才到，消防队还互相推諉" * 20
    whole = scanner.classify(text)
    limited = scanner.classify(text, max_evidence=1)
    assert len(limited.evidence) == len(limited.clauses) < len(whole.evidence) and "evidence" in limited.incomplete
    asked = []
    assert scanner.classify(text, stop=lambda: asked.append(1)) == whole and asked
    with pytest.raises(tocsin.Error) as stopped:
        scanner.classify(text, stop=lambda: True)
    assert stopped.value.status == "stopped by the caller"
    verdicts = scanner.classify_batch([text, tocsin.Document(text, stop=lambda: True), {"text": text, "max_evidence": 1}, ""])
    assert [verdict.error is None for verdict in verdicts] == [True, False, True, True]
    assert verdicts[0] == whole and verdicts[2] == limited
    stops = [lambda: False, None, lambda: True, lambda: False]
    verdicts = scanner.classify_batch([tocsin.Document(text, stop=stop) for stop in stops])
    assert [verdict.error is None for verdict in verdicts] == [True, True, False, True], "each document has its own"
    with pytest.raises(tocsin.Error):
        scanner.explain(text, stop=lambda: True)
    stream = scanner.stream(max_evidence=1, stop=lambda: False)
    stream.write(text)
    assert stream.end() == limited
    stream = scanner.stream(stop=lambda: True)
    stream.write(text)
    with pytest.raises(tocsin.Error):
        stream.end()
    with pytest.raises(tocsin.Error):  # it is over
        stream.write("x")

    def fails():
        raise KeyError("mine")

    for grade in (lambda: scanner.classify(text, stop=fails), lambda: scanner.explain(text, stop=fails),
                  lambda: scanner.classify_batch([text, tocsin.Document(text, stop=fails)]),
                  lambda: scanner.stream(text=text, stop=fails).end()):
        with pytest.raises(KeyError, match="mine"):
            grade()
    with pytest.raises(tocsin.Error, match="use"):  # the scanner is in use while stop is called
        scanner.classify(text, stop=lambda: scanner.classify("火灾"))
    assert scanner.classify(text) == whole
    for wrong in (-1, 2**64, "many"):
        with pytest.raises(tocsin.Error):
            scanner.classify(text, max_evidence=wrong)
    with pytest.raises(TypeError):
        scanner.classify(text, stop=5)


def test_what_is_no_document_or_number_is_named(plan, tmp_path):
    scanner, builder = plan.scanner(), tocsin.Builder(plan)
    tier = plan.items("tier")[0]["id"]
    builder.add("topic", "own")
    for call in (lambda: tocsin.Plan.load("a\0b"), lambda: tocsin.Plan.load("/\ud800"), lambda: plan.save("\ud800"),
                 lambda: plan.save(str(tmp_path) + "/a\0b"), lambda: tocsin.Plan.compile({"plan.yaml": ""}, name="a\0b"),
                 lambda: builder.add("topic", "b", label="a\0b"), lambda: plan.scanner(max_evidence=-1),
                 lambda: plan.scanner(max_hits=2**32), lambda: plan.scanner(max_document_bytes=2**64),
                 lambda: builder.set_reach(-1, 5), lambda: builder.set_deadline(tier, "x", -1),
                 lambda: builder.add_example("a", reach=2**64), lambda: builder.remove_example(-1),
                 lambda: scanner.classify("a", time=float("nan")), lambda: scanner.classify("a", time=2**63),
                 lambda: scanner.classify("a", time=datetime.datetime.min)):
        with pytest.raises(tocsin.Error):
            call()
    for call in (lambda: scanner.classify_batch("abc"), lambda: scanner.classify_batch(tocsin.Document("a")),
                 lambda: scanner.classify("a", time="2024-01-02"), lambda: builder.add_term("own", "火", unless="火锅"),
                 lambda: builder.add_example("a", clauses="M1"), lambda: tocsin.Slot(None), lambda: tocsin.Slot(plan).publish(5),
                 lambda: tocsin.Builder(5), lambda: tocsin.Scanner(None), lambda: tocsin.Stream(None), lambda: tocsin.Plan.compile(None),
                 lambda: plan.scanner(max_hits=1.5)):
        with pytest.raises(TypeError):
            call()
    assert not list(tmp_path.iterdir())
    assert scanner.classify_batch(["x"], graded_only=2**200) == [None]


def test_deadlines_and_examples_by_calls(plan):
    with tocsin.Builder(plan) as builder:
        tier = plan.items("tier")[0]["id"]
        builder.set_deadline(tier, "回复", 24, label="限")
        builder.add_example("今天天气真好", "none", clauses=[], venue="forum", reach=5)
        builder.compile().close()
        builder.add_example("今天天气真好", "没有", label="例 1")
        with pytest.raises(tocsin.Error) as wrong:
            builder.compile()
        assert wrong.value.file == "例 1"
        with pytest.raises(tocsin.Error):
            builder.remove_example(10**6)
        with pytest.raises(tocsin.Error):
            builder.set_deadline("没有", "回复", 24)


def test_others_run_while_a_document_is_graded(plan):
    scanner, ticks, done = plan.scanner(), [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    began = time.perf_counter()
    scanner.classify("消防车" * 3_000_000)
    ended = time.perf_counter()
    done.set()
    thread.join()
    assert sum(began < t < ended for t in ticks) >= 3


def test_the_data_of_icu_is_there():
    """Chinese words, GB18030 and traditional forms: the data that the package's own ICU must have."""
    plan = tocsin.Plan.compile({
        "plan.yaml": "plan: p\ntopics: {a: {terms: a.csv}, b: {terms: b.txt}}\n"
                     "tiers: [{id: t, clauses: [{id: A, when: a}, {id: B, when: b}]}]\n",
        "a.csv": "term,bounds\n火车,word\n", "b.txt": "消防队\n".encode("gb18030")})
    scanner = plan.scanner()
    assert scanner.classify("坐火车回家").clauses == ["A"]
    assert scanner.classify("灭火车辆到了").clauses == []  # 灭火 and 车辆 are words
    assert scanner.classify("消防隊來了").clauses == ["B"]
    assert tocsin.fold("ＡＢ①㍿ﬁ火災") == "ab1株式会社fi火灾"
