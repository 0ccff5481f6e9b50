#!/bin/sh
# The interface holds both ways: a program that is compiled with the headers of another commit runs with this library,
# and this program with the library of that commit, and each says what it says with its own.
# usage: check_abi.sh FOLDER BUILD [COMMIT]    BUILD: a build of this tree. COMMIT: the one before this one by default.
# Ends with 4 when it cannot be compared.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$2" && pwd)
commit=${3:-HEAD^}
rm -rf "$1"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
die() { echo "$*" >&2; exit 1; }
skip() { echo "check_abi: SKIPPED: $*" >&2; exit 4; }

git -C "$root" rev-parse -q --verify "$commit^{commit}" >/dev/null 2>&1 || skip "there is no commit $commit here"
mkdir "$folder/old" "$folder/new"
git -C "$root" archive "$commit" | tar -xf - -C "$folder/old"
# Not optimised: the interface is the same, and it is built in a third of the time.
{
    cmake -S "$folder/old" -B "$folder/old/made" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DTOCSIN_BUILD_TESTS=OFF \
        -DTOCSIN_BUILD_TOOLS=OFF -DTOCSIN_BUILD_STORE=OFF -DTOCSIN_BUILD_KAFKA=OFF -DTOCSIN_BUILD_BENCH=OFF &&
        cmake --build "$folder/old/made"
} >"$folder/log" 2>&1 || { tail -n 20 "$folder/log" >&2; die "the library of $commit cannot be built"; }
ln -s "$root/include" "$folder/new/include"
ln -s "$build" "$folder/new/made"
for side in old new; do
    cc -std=c17 -I "$folder/$side/include" "$root/tests/packaging/abi_program.c" -o "$folder/$side/program" \
        -L "$folder/$side/made/lib" -ltocsin 2>"$folder/log" || {
        [ "$side" = old ] || { cat "$folder/log" >&2; die "the program cannot be compiled"; }
        skip "the program needs what $commit does not have: $(grep -m 1 error "$folder/log")"
    }
    LD_LIBRARY_PATH=$folder/$side/made/lib "$folder/$side/program" >"$folder/$side/said" || die "the program of $side fails"
done
cmp "$folder/old/said" "$folder/new/said" || die "the program says other things with the headers and the library of $commit"
for side in old new; do
    [ "$side" = old ] && other=new || other=old
    LD_LIBRARY_PATH=$folder/$other/made/lib "$folder/$side/program" >"$folder/crossed" ||
        die "the program with the $side headers fails with the $other library"
    cmp "$folder/crossed" "$folder/$side/said" || die "the program with the $side headers says other things with the $other library"
done
echo "programs of $(git -C "$root" rev-parse --short "$commit") and of this tree run with the library of the other: $(wc -l <"$folder/new/said") lines, the same"
