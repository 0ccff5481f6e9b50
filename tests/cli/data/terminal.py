"""
Runs a command on a pseudo-terminal of COLUMNS columns and prints its output with ESC and CR spelled out. The file
"shown" has the output so far.
"""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(os.environ.get("COLUMNS", "0")), 0, 0))
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
os.close(theirs)
shown = b""
so_far = open("shown", "wb", buffering=0)
while True:
    try:
        data = os.read(ours, 65536)
    except OSError:
        break
    if not data:
        break
    shown += data
    so_far.write(data)
shown = shown.replace(b"\r\n", b"\n").replace(b"\x1b", b"ESC").replace(b"\r", b"CR")
sys.stdout.buffer.write(shown)
sys.exit(process.wait())
