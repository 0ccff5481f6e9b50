"""bounded.py MB COMMAND…: runs a command and reports if it used more memory than that; the exit status is the
command's."""
import resource
import subprocess
import sys

status = subprocess.run(sys.argv[2:]).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000  # of kB
if peak > float(sys.argv[1]):
    print(f"the command held {peak:.0f} MB", file=sys.stderr)
sys.exit(status)
