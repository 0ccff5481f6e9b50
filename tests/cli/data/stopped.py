"""stopped.py SIGNAL COMMAND…: sends a line to the command, waits for its verdict, sends the start of another line,
then the signal."""
import signal
import subprocess
import sys
import time

LINE = '{"text": "消防迟到", "venue": "account"}'.encode()
number = signal.Signals[f"SIG{sys.argv[1]}"]
process = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
process.stdin.write(LINE + b"\n")
process.stdin.flush()
verdict = process.stdout.readline()
process.stdin.write(LINE)
process.stdin.flush()
time.sleep(0.1)
process.send_signal(number)
rest = process.stdout.read()
status = process.wait(timeout=600)
sys.stdout.buffer.write(verdict + rest)
print(f"ended by {signal.Signals(-status).name}" if status < 0 else f"exit {status}", flush=True)
