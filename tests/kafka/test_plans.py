"""Plans reach all workers by a topic, by a changed file, or by a signal."""
import json
import os
import signal
import subprocess

from kafka_world import check, wait_until

PLAN = """plan: x
version: "%s"
topics: {fire: {terms: fire.txt}}
tiers: [{id: low, clauses: [{id: L1, when: fire}]}]
"""


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def small_plan(world, version, words):
    folder = os.path.join(world.home, "plan-" + version)
    os.makedirs(folder, exist_ok=True)
    write(os.path.join(folder, "fire.txt"), "\n".join(words) + "\n")
    write(os.path.join(folder, "plan.yaml"), PLAN % version)
    return folder


def image(world, version, words):
    path = os.path.join(world.home, version + ".tocsin")
    subprocess.run([world.tocsin, "compile", "-p", small_plan(world, version, words), "-o", path], check=True,
                   capture_output=True)
    with open(path, "rb") as bytes_of:
        return bytes_of.read()


def grade(world, source, target, number, text):
    """Returns the verdict of one document and the version of the plan that gave it."""
    world.produce(source, [json.dumps({"id": str(number), "text": text})])
    found = wait_until(lambda: [r for r in world.read(target) if r.key == str(number)], "a verdict of %d" % number)
    return json.loads(found[0].value)["tier"], found[0].headers["tocsin-plan-version"]


def test_plan_topic(world):
    source, target, plans = world.topics("posts:2", "verdicts:1", "plans:1:cleanup.policy=compact")
    topic = ["--plan-topic", plans]
    waiting = world.worker("plans", source, target, "--all", plan=topic)
    wait_until(lambda: waiting.said("waits for a plan on the topic"), "waits for a plan")
    world.produce_bytes(plans, image(world, "v1", ["起火", "火灾", "失火"]), "-k", "x")
    wait_until(lambda: waiting.health().get("partitions") == 2, "reads")
    second = world.worker("plans", source, target, "--all", plan=topic)
    wait_until(lambda: second.health().get("partitions") == 1, "both read")
    check(grade(world, source, target, 1, "合肥一处爆燃") == ("none", "v1"), "by the first plan")
    world.produce_bytes(plans, image(world, "v2", ["起火", "火灾", "失火", "爆燃"]), "-k", "x")
    for worker in (waiting, second):
        wait_until(lambda w=worker: w.count("tocsin_plan_generation") == 2, "generation 2")
    check(grade(world, source, target, 2, "合肥一处爆燃") == ("low", "v2"), "by the second plan")
    whole = image(world, "v3", ["起火", "火灾", "失火", "爆燃", "冒烟"])
    world.produce_bytes(plans, whole[:-100], "-k", "x")
    world.produce_bytes(plans, b"not an image", "-k", "x")
    world.produce_bytes(plans, image(world, "v4", ["起火"]), "-k", "x")  # has lost most of its terms
    for worker in (waiting, second):
        wait_until(lambda w=worker: w.count("tocsin_plan_reload_failures_total") == 3, "three refused")
    check(waiting.log().count("the plan stays as it was: generation 2") == 2, waiting.log())
    check(waiting.said("more than half of a topic's terms are gone"), waiting.log())
    check(grade(world, source, target, 3, "合肥一处爆燃") == ("low", "v2"), "by the second plan still")
    second.stop()
    late = world.worker("late", source, target, "--all", plan=["-p", small_plan(world, "v0", ["起火", "火灾", "失火", "爆燃", "燃烧"]), *topic])
    wait_until(lambda: late.said("the plan is now x v2"), "a plan of the topic")
    wait_until(lambda: late.count("tocsin_plan_reload_failures_total") == 3, "three refused, the newest first")
    late.stop()
    waiting.stop()
    wide, = world.topics("wide:2")
    world.worker("wide", source, target, plan=["--plan-topic", wide]).wait(3)
    return "v1, v2 at both workers, 3 refused with a reason, a late one takes the newest that can be used"


def test_plan_files(world):
    source, target = world.topics("posts:1", "verdicts:1")
    folder = small_plan(world, "f1", ["起火", "火灾", "失火"])
    worker = world.worker("files", source, target, "--all", plan=["-p", folder])
    check(grade(world, source, target, 1, "合肥一处爆燃") == ("none", "f1"), "by the first plan")
    write(os.path.join(folder, "fire.txt"), "起火\n火灾\n失火\n爆燃\n")
    wait_until(lambda: worker.count("tocsin_plan_generation") == 2, "generation 2")
    check(grade(world, source, target, 2, "合肥一处爆燃") == ("low", "f1"), "by the changed plan")
    write(os.path.join(folder, "plan.yaml"), "plan: [\n")
    wait_until(lambda: worker.count("tocsin_plan_reload_failures_total") >= 1, "refused")
    check(grade(world, source, target, 3, "合肥一处爆燃") == ("low", "f1"), "as before")
    write(os.path.join(folder, "plan.yaml"), PLAN % "f2")
    worker.process.send_signal(signal.SIGHUP)
    wait_until(lambda: worker.count("tocsin_plan_generation") == 3, "generation 3")
    check(grade(world, source, target, 4, "合肥一处爆燃") == ("low", "f2"), "by the mended plan")
    worker.stop()
    return "changed, broken and mended files, and SIGHUP"
