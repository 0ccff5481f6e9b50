#!/bin/sh
# Measures with clang how much of lib/ the tests run: lines and branches, in total and file by file, worst first; and the lines that
# no test runs and not_run.txt does not explain. Takes some minutes.
# usage: tests/coverage.sh [FOLDER]     default: build/coverage. Needs clang and llvm (Debian: clang, llvm-14)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$root/build/coverage}"
folder=$(cd "${1:-$root/build/coverage}" && pwd)
counting="-O1 -fprofile-instr-generate -fcoverage-mapping"
cmake -S "$root" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
    "-DCMAKE_C_FLAGS=$counting" "-DCMAKE_CXX_FLAGS=$counting" -DTOCSIN_BUILD_TESTS=ON -DTOCSIN_HARDEN=OFF -DTOCSIN_CONFINE=OFF >"$folder/log"
cmake --build "$folder" -j "$(nproc)" >>"$folder/log"
rm -rf "$folder/profiles"
# Programs that end by a signal, fill the disk on purpose or run elsewhere leave no counts.
LLVM_PROFILE_FILE=$folder/profiles/%p-%m.profraw ctest --test-dir "$folder" -j "$(nproc)" --no-tests=error \
    -E 'kafka|^watch$|^report$|cli_memory|install_and_use|^man$|readme|docs|messages|completion|systemd|bench|faults|complexity|pictures|testing_page|cli_compile' >>"$folder/log"
llvm-profdata-14 merge -sparse "$folder"/profiles/*.profraw -o "$folder/all.profdata"
objects=
for program in "$folder"/tests/test_* "$folder"/tests/fuzz/fuzz_*; do
    [ ! -x "$program" ] || [ -d "$program" ] || objects="$objects -object $program"
done
# shellcheck disable=SC2086
llvm-cov-14 report "$folder/bin/tocsin" $objects "-instr-profile=$folder/all.profdata" 2>/dev/null >"$folder/report"
# shellcheck disable=SC2086
llvm-cov-14 export -format=lcov "$folder/bin/tocsin" $objects "-instr-profile=$folder/all.profdata" 2>/dev/null >"$folder/lcov"
python3 - "$folder/report" <<'PY'
import sys
rows, sums = [], [0, 0, 0, 0]
for line in open(sys.argv[1], encoding="utf-8"):
    words = line.split()
    if len(words) == 13 and words[0].startswith("lib/"):
        numbers = [int(words[i]) for i in (7, 8, 10, 11)]
        sums = [a + b for a, b in zip(sums, numbers)]
        rows.append((1 - numbers[1] / max(numbers[0], 1), numbers[1], numbers[3], words[0]))
assert len(rows) > 80, "no counts of lib/"
for covered, lines, branches, name in sorted(rows)[:25]:
    print("%6.1f %%  %3d lines, %3d branches not run  %s" % (100 * covered, lines, branches, name))
print("lib/: %.2f %% of %d lines, %.2f %% of %d branches" % (
    100 * (1 - sums[1] / sums[0]), sums[0], 100 * (1 - sums[3] / sums[2]), sums[2]))
PY
python3 "$root/tests/not_run.py" "$root" "$folder/lcov"
