#!/bin/sh
# Each public header by itself, twice over, as strict C17 and as C++17; every initialiser in both languages; and the
# program in the README, as C17.
# compile_alone.sh INCLUDE_DIR CC CXX
set -eu
include=$1 cc=$2 cxx=$3
here=$(cd "$(dirname "$0")" && pwd)
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Werror"
failed=0

# compile NAME: standard input as C, and as C++
compile() {
    source=$(cat)
    # shellcheck disable=SC2086
    printf '%s\n' "$source" | "$cc" -std=c17 $warnings -Wstrict-prototypes -I"$include" -fsyntax-only -x c - ||
        { echo "$1: not C17 by itself" >&2; failed=1; }
    # shellcheck disable=SC2086
    printf '%s\n' "$source" | "$cxx" -std=c++17 $warnings -I"$include" -fsyntax-only -x c++ - ||
        { echo "$1: not C++17 by itself" >&2; failed=1; }
}

count=0
for header in "$include"/tocsin/*.h; do
    name=tocsin/${header##*/}
    printf '#include <%s>\n#include <%s>\nint tocsin_header_alone = 0;\n' "$name" "$name" | compile "$name"
    count=$((count + 1))
done
[ "$count" -gt 0 ] || { echo "no header in $include/tocsin" >&2; exit 1; }
compile initialisers.c <"$here/initialisers.c"

program=$(sed -n '/^```c$/,/^```$/{/^```/d;p}' "$here/../../README.md")
[ -n "$program" ] || { echo "README.md: no program" >&2; exit 1; }
# shellcheck disable=SC2086
printf '%s\n' "$program" | "$cc" -std=c17 $warnings -I"$include" -fsyntax-only -x c - ||
    { echo "README.md: the program does not compile" >&2; failed=1; }
[ "$failed" = 0 ] && echo "$count headers compile alone as C17 and as C++17"
exit "$failed"
