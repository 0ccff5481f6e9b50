"""Malformed input, topics that refuse, wrong options, and brokers that are missing or deny access."""
import json
import os
import re
import subprocess

import kafka_world
from kafka_world import check, drained, feed, same_verdicts, wait_until


def run(world, *words, seconds=60):
    return subprocess.run([world.worker_path, *words], capture_output=True, text=True, timeout=seconds, check=False)


def test_bad_documents(world):
    """Each bad record goes unchanged to the errors topic, with the reason; the records around it are graded."""
    lines = feed(21, 600)
    source, target, errors = world.topics("posts:1", "verdicts:1", "errors:1")
    bad = {"not json": (b"{oops", "not JSON"), "array": (b"[1]", "not a JSON object"),
           "encoding": (b'{"text":"\xb0\xb2\xbb\xd5"}', "invalid UTF-8 at byte 9"),
           "field": (b'{"text":[7]}', "field text is not a string"), "nothing": (b'{"id":"x"}', "neither a field text"),
           "blank": (b"  ", "the value is empty")}
    world.produce(source, lines[:300])
    for key, (value, _) in bad.items():
        world.produce_bytes(source, value, "-k", key)
    world.kcat("-P", "-t", source, "-Z", "-K", "\t", input=b"tombstone\t\n")
    world.produce(source, lines[300:])
    worker = world.worker("bad", source, target, "--all", "--once", errors=errors).wait()
    same_verdicts(world.read(target), world.classify(lines))
    found = {r.key: r for r in world.read(errors)}
    check(set(found) == set(bad) | {"tombstone"}, "errors: %s" % sorted(found))
    for key, (value, reason) in bad.items():
        check(reason in found[key].headers["tocsin-reason"], "%s: %s" % (key, found[key].headers))
        check(found[key].value == value.decode("utf-8", "replace"), "%s: %r" % (key, found[key].value))
    check("tombstone" in found["tombstone"].headers["tocsin-reason"], str(found["tombstone"]))
    check(found["tombstone"].headers["tocsin-input"].startswith(source + "/0/"), str(found["tombstone"]))
    check(worker.count("tocsin_rejected_messages_total") == 7, "counted %s" % worker.metrics())
    silent = world.worker("bad-silent", source, target, "--once", "--log", "json").wait()
    told = [json.loads(line) for line in silent.log().splitlines() if '"reason"' in line]
    check(len(told) == 7 and told[0]["topic"] == source and "offset" in told[0], silent.log())
    return "7 kinds, each on the errors topic with its reason; without one, in the log"


def test_large(world):
    """A record of 50 MB is graded if it is a document, else cut on the errors topic."""
    source, target, errors = world.topics("large:1:max.message.bytes=60000000", "verdicts:1", "errors:1")
    large = "消防队" + "今天天气真好" * 2700000
    lines = feed(22, 40) + [json.dumps({"id": "large", "text": large}, ensure_ascii=False)]
    more = ("-X", "message.max.bytes=60000000")
    world.produce(source, lines[:20])
    world.produce_bytes(source, lines[-1].encode(), "-k", "large", *more)
    world.produce_bytes(source, lines[-1].encode()[:-2], "-k", "cut", *more)
    world.produce(source, lines[20:-1])
    worker = world.worker("large", source, target, "--all", "--once", errors=errors).wait()
    same_verdicts(world.read(target), world.classify(lines))
    found, = world.read(errors)
    check(found.key == "cut" and int(found.headers["tocsin-whole-bytes"]) > 48000000, str(found.headers))
    check(0 < len(found.value.encode()) <= 65540, "%d bytes" % len(found.value))
    refused = world.worker("large-document", source, target, "--with-document", "--once", "--all", errors=errors).wait()
    check(refused.count("tocsin_refused_verdicts_total") == 1, str(refused.metrics()))
    reasons = [r.headers["tocsin-reason"] for r in world.read(errors) if r.key == "large"]
    check(len(reasons) == 1 and "does not take the verdict of 48" in reasons[0], str(reasons))
    return "a message of %.0f MB graded; broken, it is cut on the errors topic; %d documents" % (
        len(lines[-1].encode()) / 1e6, worker.documents())


def test_refusing_topic(world):
    """A topic with a maximum record size: only larger records are on the errors topic."""
    lines = feed(23, 300)
    source, = world.topics("posts")
    world.produce(source, lines)
    expected = world.classify(lines)
    with open(os.path.join(world.plan, "plan.yaml"), encoding="utf-8") as text:
        written = text.read()
    name, version = (re.search(r'^%s: "?([^"\n]*)"?$' % key, written, re.M)[1] for key in ("plan", "version"))
    plan = {"name": name, "version": version, "content": "0" * 16}
    sizes = {i: len(json.dumps(dict(v, plan=plan), ensure_ascii=False, separators=(",", ":")).encode()) for i, v in expected.items()}
    # At least one verdict, and few, are within the limit by themselves and over it with a record around them.
    between = lambda n, above, below: sum(n - above < size <= n - below for size in sizes.values())
    limit = min((n for n in range(300, 1200) if between(n, 80, 30)), key=lambda n: (between(n, 150, 0), n))
    said = []
    for options in ([], ["--at-least-once"]):
        narrow, errors = world.topics("narrow:6:max.message.bytes=%d" % limit, "errors:1")
        worker = world.worker(narrow, source, narrow, "--all", "--once", *options, errors=errors).wait()
        written = {json.loads(r.value)["id"] for r in world.read(narrow)}
        refused = list(world.read(errors))
        check(len(written) + len(refused) == len(lines), "%d written, %d refused" % (len(written), len(refused)))
        check(refused and all("does not take the verdict" in r.headers["tocsin-reason"] for r in refused), "reasons")
        check({json.loads(r.value)["id"] for r in refused} == set(expected) - written, "others were refused")
        largest = max(sizes[i] for i in written)
        least = min(sizes[json.loads(r.value)["id"]] for r in refused)
        check(largest < limit and least > 200, "%d bytes were taken, %d were refused" % (largest, least))
        check(worker.count("tocsin_refused_verdicts_total") == len(refused), str(worker.metrics()))
        check(worker.count("tocsin_retries_total") > 0, "no record was ever near the limit: %s" % worker.metrics())
        said.append("%d of %d refused" % (len(refused), len(lines)))
    return ", at least once ".join(said)


def test_wrong_options(world):
    """Wrong usage is status 2 and says what is wrong; a secret on the command line is refused and not repeated."""
    usual = ["-p", world.plan, "-b", world.brokers, "-g", "g", "-i", "a", "-o", "b"]
    for more, said in ((["-X", "sesion.timeout.ms=1"], "did you mean session.timeout.ms?"),
                       (["-X", "session.timeout.ms=x"], "session.timeout.ms"),
                       (["-X", "group.id=x"], "is set by the option -g"),
                       (["-X", "enable.idempotence=false"], "cannot be set: exactly-once"),
                       (["-X", "sasl.password=hunter2"], "put it into a file"),
                       (["-X", "@/nowhere"], "/nowhere: cannot be read"), (["-X", "nothing"], "wants KEY=VALUE"),
                       (["-i", "b"], "is both read and written"), (["--batch", "0"], "is from 1"),
                       (["--log", "xml"], "xml"), (["x"], "documents come from a topic"),
                       (["--further", "comments"], "send each further document as a message of its own")):
        done = run(world, *usual, *more)
        check(done.returncode == 2 and said in done.stderr, "%s: %d %s" % (more, done.returncode, done.stderr))
        check("hunter2" not in done.stderr, "the password was printed")
    path = os.path.join(world.home, "settings.conf")
    with open(path, "w", encoding="utf-8") as out:
        out.write("# settings\n\nclient.id = x\nssl.key.password=hunter2\nnonsense\n")
    done = run(world, *usual, "-X", "@" + path)
    check(done.returncode == 2 and "settings.conf:5: wants KEY=VALUE" in done.stderr, done.stderr)
    check("chmod 600" in done.stderr and "hunter2" not in done.stderr, done.stderr)
    example = os.path.join(os.path.dirname(kafka_world.BROKER), "worker.conf")
    done = run(world, *usual[2:], "-X", "@" + example)
    check(done.returncode == 2 and "which plan?" in done.stderr, done.stderr)
    return "13 ways, each told"


def test_not_let_in(world):
    """No broker, no topic, no permission, a wrong password: status 3 and why; the right one grades over TLS."""
    source, target = world.topics("posts:2", "verdicts:2")
    lines = feed(24, 500)
    world.produce(source, lines)
    usual = ["-p", world.plan, "-g", "let-in", "-i", source, "-o", target]
    tls = os.path.join(world.home, "tls")
    secure = "localhost:%d" % (world.port + 50)
    wrong = os.path.join(tls, "wrong.conf")
    with open(os.path.join(tls, "worker.conf"), encoding="utf-8") as text:
        right = text.read()
    password = right.split("sasl.password=")[1].strip()
    with open(wrong, "w", encoding="utf-8") as out:
        out.write(right.replace(password, "hunter2"))
    os.chmod(wrong, 0o600)
    for words, said in ((["-b", "127.0.0.1:1", *usual], "no broker answered at 127.0.0.1:1"),
                        (["-b", world.brokers, *usual[:-1], "nowhere"], "topic nowhere cannot be used: the cluster has"),
                        (["-b", secure, *usual, "-X", "@" + os.path.join(tls, "stranger.conf")], "authorization failed"),
                        (["-b", secure, *usual, "-X", "@" + wrong], "uthentication")):
        done = run(world, *words, "--log", "json", seconds=60)
        check(done.returncode == 3 and said in done.stderr, "%s: %d %s" % (words, done.returncode, done.stderr))
        check("hunter2" not in done.stderr, "the password was printed")
    worker = world.worker("let-in", source, target, "--all", "-X", "@" + os.path.join(tls, "worker.conf"),
                          brokers=secure)
    wait_until(lambda: worker.documents() == len(lines) and drained([worker], 2), "all graded")
    with open("/proc/%d/cmdline" % worker.process.pid, encoding="utf-8") as text:
        check(password not in text.read(), "the password is in the process list")
    worker.stop()
    check(password not in worker.log(), "the password is in the log")
    same_verdicts(world.read(target), world.classify(lines))
    return "5 ways; over TLS with a password every verdict once"
