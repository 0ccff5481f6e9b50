"""Runs a command on a pseudo-terminal and prints what it would show, ESC and CR spelled out."""
import os
import pty
import subprocess
import sys

ours, theirs = pty.openpty()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
os.close(theirs)
shown = b""
while True:
    try:
        data = os.read(ours, 65536)
    except OSError:
        break
    if not data:
        break
    shown += data
shown = shown.replace(b"\r\n", b"\n").replace(b"\x1b", b"ESC").replace(b"\r", b"CR")
sys.stdout.buffer.write(shown)
sys.exit(process.wait())
