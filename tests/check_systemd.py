"""Lets systemd check the units of examples/, with the built program in place of the installed one."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples")


def main():
    tocsin, failed = sys.argv[1], 0
    if not shutil.which("systemd-analyze"):
        print("SKIPPED: there is no systemd-analyze (Debian: systemd)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for path in glob.glob(EXAMPLES + "/*/*.service") + glob.glob(EXAMPLES + "/*/*.timer"):
            with open(path, encoding="utf-8") as unit:
                text = unit.read().replace("/usr/bin/tocsin", os.path.abspath(tocsin))
            with open(os.path.join(folder, os.path.basename(path)), "w", encoding="utf-8") as out:
                out.write(text)
        units = sorted(glob.glob(folder + "/*"))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
        ours = [l for l in done.stderr.splitlines() if "tocsin-" in l]
        failed += done.returncode != 0 or len(ours) > 0
        print("verify: exit %d %s" % (done.returncode, ours))
        for unit in units:
            if unit.endswith(".service") and "kafka" not in unit:
                rated = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=30", unit],
                                       capture_output=True, text=True)
                failed += rated.returncode != 0
                print("security %s: %s" % (os.path.basename(unit), (rated.stdout.strip().splitlines() or [rated.stderr])[-1]))
            with open(unit, encoding="utf-8") as text:
                for when in re.findall(r"^OnCalendar=(.*)$", text.read(), re.M):
                    next_times = subprocess.run(["systemd-analyze", "calendar", "--iterations=3", when],
                                                capture_output=True, text=True)
                    hours = re.findall(r"(?:Next elapse|Iteration #\d|Iter\. #\d):[^\n]*? (\d\d):00:00", next_times.stdout)
                    good = next_times.returncode == 0 and sorted(hours) == ["10", "16", "21"]
                    failed += not good
                    print("calendar %s: %s" % (when, hours if good else next_times.stdout + next_times.stderr))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
