#!/usr/bin/env python3
"""Writes filter_frequency_table.c: how common characters and pairs of neighbours are in written Chinese.

usage: generate_frequency.py DICTIONARY > filter_frequency_table.c

DICTIONARY has a word and its frequency a line, as that of jieba has (MIT; Debian's python3-jieba, jieba/dict.txt). A
character or pair counts as often as the words that have it. Levels are minus twice the logarithm to base 2 of its share
of all characters.
"""
import collections
import math
import sys

# Counts of a dictionary are weighted less than those of texts: Jun Da, Modern Chinese character frequency list.
UNDERCOUNTED = {"的": 0.041}
RAREST_CHARACTER, RAREST_PAIR, WIDTH = 36, 32, 110


def counts(path):
    characters, pairs = collections.Counter(), collections.Counter()
    with open(path, encoding="utf-8") as dictionary:
        for line in dictionary:
            word, frequency = line.split()[:2]
            if not frequency.isdigit():
                continue
            characters.update({c: word.count(c) * int(frequency) for c in set(word)})
            for left, right in zip(word, word[1:]):
                pairs[left + right] += int(frequency)
    return characters, pairs


def by_level(counter, total, rarest):
    levels = collections.defaultdict(list)
    for key, count in sorted(counter.items()):
        if all(0x2E80 <= ord(c) <= 0x9FFF for c in key) and count:
            level = round(-2 * math.log2(UNDERCOUNTED.get(key, count / total)))
            if level <= rarest:
                levels[level].append(key)
    return sorted(levels.items())


def write_characters(levels):
    print("\nconst tocsin__frequency_level tocsin__frequency_characters[] = {")
    for level, keys in levels:
        text, step = "".join(keys), WIDTH // 2 - 4
        lines = [f'"{text[i:i + step]}"' for i in range(0, len(text), step)]
        print(f"    {{{level},\n     " + "\n     ".join(lines) + "},")
    print("    {0, NULL}};")


def write_pairs(levels):
    """Writes each pair as a number, left character in the upper bits, and after the pairs of a level the level itself."""
    print("\nconst uint32_t tocsin__frequency_pairs[] = {")
    for level, keys in levels:
        numbers = [f"0x{ord(key[0]):04X}{ord(key[1]):04X}" for key in keys] + [str(level)]
        for i in range(0, len(numbers), 9):
            print("    " + ", ".join(numbers[i:i + 9]) + ",")
    print("    0};")


def main():
    characters, pairs = counts(sys.argv[1])
    total = sum(characters.values())
    print("/* Made by generate_frequency.py from the word frequencies of jieba 0.42.1 (MIT): do not edit. */")
    print("/* clang-format off */\n#include <stddef.h>\n\n#include \"match/filter_frequency.h\"")
    write_characters(by_level(characters, total, RAREST_CHARACTER))
    write_pairs(by_level(pairs, total, RAREST_PAIR))


if __name__ == "__main__":
    main()
