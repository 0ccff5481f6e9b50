"""Runs gcc's analyzer over lib/ and prints its findings without those that tests/fanalyzer.accepted calls false.
usage: fanalyzer.py BUILD     BUILD has a compile_commands.json. Some minutes

An accepted finding is a comment, the reason, and below it FILE FUNCTION WARNING. Ends with 1 if it finds something
else, or no longer finds an accepted one."""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
FOUND = re.compile(r"^(?:\./)?(lib/[^:]+):\d+:\d+: warning: .* \[-W(analyzer-[a-z-]+)\]$")
INSIDE = re.compile(r"In function [‘'](\w+)['’]")


def analyse(command):
    words = [word for word in command if word not in ("-Werror", "-O3")]
    words[words.index("-o") + 1] = os.devnull
    done = subprocess.run([*words, "-O1", "-fanalyzer"], capture_output=True, text=True, check=False,
                          env=dict(os.environ, LC_ALL="C"))
    found, function = [], ""
    for line in done.stderr.splitlines():
        inside, warning = INSIDE.search(line), FOUND.match(re.sub(r"^.*?(?=\blib/)", "", line))
        function = inside[1] if inside else function
        if warning:
            found.append("%s %s %s" % (warning[1], function, warning[2]))
    return found


def main():
    commands = compile_commands.commands_of(sys.argv[1])[compile_commands.LIBRARY].values()
    with open(HERE + "/fanalyzer.accepted", encoding="utf-8") as text:
        accepted = {line.strip() for line in text if line.strip() and not line.startswith("#")}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = {each for list_ in pool.map(analyse, commands) for each in list_}
    for each in sorted(found - accepted):
        print("found: %s" % each)
    for each in sorted(accepted - found):
        print("accepted, and not found: %s" % each)
    if found == accepted:
        print("gcc's analyzer has nothing to say of %d files" % len(commands))
    return 0 if found == accepted else 1


sys.exit(main())
