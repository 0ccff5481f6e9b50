"""The compile commands of a build, for scripts that compile the sources again."""
import json
import re
import shlex

LIBRARY = "tocsin_objects"


def commands_of(build):
    """For each target its C sources, each with the words of its command."""
    found = {}
    with open(build + "/compile_commands.json", encoding="utf-8") as file:
        for each in json.load(file):
            target = re.search(r"CMakeFiles/(\w+)\.dir/", each["command"])
            if target and each["file"].endswith(".c"):
                found.setdefault(target[1], {})[each["file"]] = shlex.split(each["command"])
    assert len(found.get(LIBRARY, {})) > 100, "no library was built there"
    return found
