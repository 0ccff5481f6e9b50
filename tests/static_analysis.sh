#!/bin/sh
# cppcheck over the tree, and with --all clang-tidy and gcc's analyzer, which take minutes. What is left out, and why:
# cppcheck.suppressions and fanalyzer.accepted beside this, and .clang-tidy. usage: tests/static_analysis.sh [--all]
set -eu
cd "$(dirname "$0")/.."
grep -v '^#' tests/cppcheck.suppressions >build/cppcheck.suppressions
cppcheck -q -j "$(nproc)" --std=c11 --enable=warning,performance,portability --suppressions-list=build/cppcheck.suppressions \
    --suppress=missingIncludeSystem --inline-suppr --error-exitcode=1 -I include -I lib -I tools -I bench \
    -i lib/text/fold_tables.c lib tools examples # numbers alone, which take minutes
echo "cppcheck has nothing to say"
if [ "${1:-}" != --all ]; then
    echo "SKIPPED: clang-tidy and gcc -fanalyzer: tests/static_analysis.sh --all"
    exit 0
fi
find "$PWD/lib" "$PWD/tools" -name '*.c' ! -name 'generate_*' -print0 |
    xargs -0 -P "$(nproc)" -n 6 clang-tidy --quiet -p build/release 2>build/clang-tidy.log
echo "clang-tidy has nothing to say"
python3 -B tests/fanalyzer.py build/release
