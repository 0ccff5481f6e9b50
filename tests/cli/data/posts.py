"""posts.py BYTES: invented posts as NDJSON, always the same; the plan `small` grades some of them."""
import random
import sys

random.seed(1)
han = [chr(c) for c in range(0x4E00, 0x4E00 + 3000)]
wanted, number = int(sys.argv[1]), 0
while wanted > 0:
    number += 1
    text = "".join(random.choices(han, k=random.randrange(5, 120)))
    if number % 50 == 0:
        text += "消防队迟到"
    line = f'{{"id": "p{number}", "venue": "account", "text": "{text}"}}\n'
    sys.stdout.write(line)
    wanted -= len(line.encode())
