#!/bin/sh
# Two builds of the same tree in different folders install the same bytes; the library's interface, types of structs and
# arguments included, is still that of the kept dump, or has grown in ways that do not break a program; a build can be
# used where it stands, and the tree from within another one.
# usage: check_build.sh FOLDER [--write]    --write makes today's interface the kept one: at a release
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
rm -rf "$1"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
kept=$root/lib/libtocsin.abi
die() { echo "$*" >&2; exit 1; }

build() {
    mkdir -p "$1/tree"
    (cd "$root" && tar -cf - --exclude=./build --exclude=./.git .) | tar -xf - -C "$1/tree"
    {
        cmake -S "$1/tree" -B "$1/made" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS=-g -DTOCSIN_BUILD_TESTS=OFF \
            -DCMAKE_INSTALL_PREFIX=/usr && cmake --build "$1/made" && DESTDIR=$1/installed cmake --install "$1/made"
    } >"$folder/log" 2>&1 || { grep -v "^\[.*\] " "$folder/log" | cut -c1-400 | tail -n 20 >&2; die "the build in $1 failed"; }
}

build "$folder/one"
build "$folder/another/place, deeper"
diff -r "$folder/one/installed" "$folder/another/place, deeper/installed" || die "two builds differ"
files=$(find "$folder/one/installed" -type f | wc -l)
[ "$files" -gt 100 ] || die "only $files files were installed"
! grep -rqF "$folder" "$folder/one/installed" || die "a file that is installed names the folder it was built in"
echo "$files files, the same from both"

# Hardened, all of them.
library=$(find "$folder/one/installed" -name 'libtocsin.so.*.*')
for binary in "$library" "$folder"/one/installed/usr/bin/*; do
    readelf -lW "$binary" | grep -q GNU_RELRO && readelf -dW "$binary" | grep -q BIND_NOW || die "$binary: no full RELRO"
    readelf -lW "$binary" | grep 'GNU_STACK' | grep -q ' RW ' || die "$binary: the stack can be run"
    nm -D "$binary" | grep -q '__stack_chk_fail' || die "$binary: no stack protector"
    nm -D "$binary" | grep -q '_chk@' || die "$binary: nothing is fortified"
done
echo "hardened: RELRO, stack protector, fortified functions"

abidw --no-corpus-path --no-comp-dir-path --no-elf-needed --no-show-locs --headers-dir "$root/include" \
    --drop-private-types --exported-interfaces-only --type-id-style hash "$library" >"$folder/abi"
[ "${2:-}" != --write ] || cp "$folder/abi" "$kept"
# 4: something changed, 8: in a way that breaks programs. What is new in the list of symbols breaks none.
status=0
abidiff --no-added-syms "$kept" "$folder/abi" >"$folder/abidiff" || status=$?
[ "$status" = 0 ] || { cat "$folder/abidiff" >&2; die "the interface is not that of lib/libtocsin.abi (abidiff: $status)"; }
echo "the interface of $(grep -c "<elf-symbol " "$kept") symbols is what it was"

# A build that is not installed, through the .pc that pkg-config prefers.
PKG_CONFIG_PATH=$folder/one/made
export PKG_CONFIG_PATH
eval "set -- $(pkg-config --cflags --libs tocsin)"
cc -std=c17 "$root/tests/install/uses_tocsin.c" -o "$folder/uninstalled" "$@"
LD_LIBRARY_PATH=$folder/one/made/lib "$folder/uninstalled" >/dev/null
echo "used where it was built"

tar -czf "$folder/tocsin.tar.gz" -C "$folder/one" tree
{
    cmake -S "$root/tests/install/fetched" -B "$folder/fetched" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
        "-DTOCSIN_ARCHIVE=$folder/tocsin.tar.gz" && cmake --build "$folder/fetched"
} >"$folder/log" 2>&1 || { grep -v '^\[.*\] ' "$folder/log" | cut -c1-400 | tail -n 20 >&2; die "not built within another tree"; }
"$folder/fetched/with_tocsin" >/dev/null && "$folder/fetched/with_tocsin_static" >/dev/null
echo "used within another tree"
