#!/usr/bin/env python3
"""Generates lib/text/fold_tables.c and compares it with the committed file.

usage: check_fold_tables.py GENERATOR [--write]

GENERATOR is build/…/generate_fold_tables. With --write the committed file is replaced: after a change of
han_variants.txt or of the generator. Ends with 77, and says why, where nothing can be compared: this machine's ICU or
Unicode data are of another version of Unicode.
"""
import bz2
import pathlib
import re
import subprocess
import sys
import tempfile

TEXT = pathlib.Path(__file__).parent.parent / "lib" / "text"
TABLES = TEXT / "fold_tables.c"
DATA = pathlib.Path("/usr/share/unicode")
RADICALS, UNIHAN = DATA / "EquivalentUnifiedIdeograph.txt", DATA / "Unihan_Variants.txt.bz2"
SKIPPED = 77


def unicode_of(tables):
    return re.search(r"from ICU [\d.]+, Unicode (\d+\.\d+)", tables).group(1)


def without_icu_version(tables):
    """Another ICU of the same Unicode version may change only its own name."""
    return re.sub(r"ICU \d+(\.\d+)*", "ICU", tables)


def generate(generator):
    with tempfile.TemporaryDirectory() as folder:
        unihan, made = pathlib.Path(folder, "Unihan_Variants.txt"), pathlib.Path(folder, "fold_tables.c")
        unihan.write_bytes(bz2.decompress(UNIHAN.read_bytes()))
        subprocess.run([generator, RADICALS, unihan, TEXT / "han_variants.txt", made], check=True)
        return made.read_text(encoding="utf-8")


def first_difference(committed, made):
    for number, (old, new) in enumerate(zip(committed.splitlines(), made.splitlines()), 1):
        if old != new:
            return f"{number}: {new[:100]}"
    return f"{len(committed.splitlines())} lines, {len(made.splitlines())} generated"


def main(generator, write=False):
    missing = [str(path) for path in (RADICALS, UNIHAN) if not path.exists()]
    if missing:
        print(f"SKIPPED: there is no {' and no '.join(missing)} (Debian's package unicode-data)", file=sys.stderr)
        return SKIPPED
    made = generate(generator)
    if write:
        TABLES.write_text(made, encoding="utf-8")
        return 0
    committed = TABLES.read_text(encoding="utf-8")
    wanted, icu = unicode_of(committed), unicode_of(made)
    data = re.search(r"-(\d+\.\d+)\.\d+\.txt", RADICALS.read_text(encoding="utf-8")).group(1)
    if {icu, data} != {wanted}:
        print(f"SKIPPED: the tables have Unicode {wanted}, ICU has {icu}, {DATA} has {data}", file=sys.stderr)
        return SKIPPED
    committed, made = without_icu_version(committed), without_icu_version(made)
    if committed != made:
        print(f"lib/text/fold_tables.c is not what its generator writes; {first_difference(committed, made)}\n"
              f"to replace it: python3 tests/check_fold_tables.py {generator} --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--write" in sys.argv[2:]))
