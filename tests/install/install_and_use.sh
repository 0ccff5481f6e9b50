#!/bin/sh
# Installs a build, moves the prefix, and uses it in every promised way from where it then stands.
# install_and_use.sh BUILD_DIR CMAKE GENERATOR CC VERSION
set -eu
build=$1 cmake=$2 generator=$3 cc=$4 version=$5
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
die() { echo "$*" >&2; exit 1; }

"$cmake" --install "$build" --prefix "$scratch/first" >/dev/null
mv "$scratch/first" "$scratch/moved place"
prefix=$(ls -d "$scratch/moved place")
pc=$(find "$prefix" -name tocsin.pc)
library=$(cd "$(dirname "$pc")/.." && pwd)
! grep -rqF "$scratch/first" "$prefix" || die "something installed remembers its first prefix"
! grep -rIqF "$build" "$prefix" || die "something installed remembers its build folder"
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH

echo "== exported symbols are the documented ones"
declared=$(grep -rhoE '\btocsin_[a-z0-9_]+\(' "$prefix/include/tocsin" | tr -d '(' | sort -u)
exported=$(nm -D --defined-only "$library/libtocsin.so" | awk '$2 ~ /[TDBR]/ {print $3}' | sort -u)
[ -n "$exported" ] || die "nothing is exported"
for symbol in $exported; do
    name=${symbol%@@TOCSIN_0}
    [ "$name" != "$symbol" ] || die "$symbol is exported without a version"
    printf '%s\n' "$declared" | grep -qx "$name" || die "$name is exported and not declared"
done
# A function that a header declares must be in the list, or it cannot be linked; functions in the list stay for ever.
listed=$(sed -n 's/^    \(tocsin_.*\);$/\1/p' "$here/../../lib/libtocsin.map")
[ "$(printf '%s\n' "$exported" | sed 's/@@TOCSIN_0$//')" = "$listed" ] || die "lib/libtocsin.map is not what is exported"
for symbol in $listed; do printf '%s\n' "$declared" | grep -qx "$symbol" || die "$symbol is listed and not declared"; done
missing=$(grep -rh -A3 'TOCSIN_API' "$prefix/include/tocsin" | grep -oE '\btocsin_[a-z0-9_]+\(' | tr -d '(' | sort -u |
    while read -r symbol; do printf '%s\n' "$listed" | grep -qx "$symbol" || echo "$symbol"; done)
[ -z "$missing" ] || die "declared and not listed in lib/libtocsin.map: $missing"
readelf -d "$library/libtocsin.so" | grep -q 'SONAME.*\[libtocsin.so.0\]' || die "the soname is another one"

echo "== pkg-config, shared"
[ "$(pkg-config --modversion tocsin)" = "$version" ] || die "pkg-config says another version"
eval "set -- $(pkg-config --cflags tocsin)"
[ $# = 1 ] || die "pkg-config gives a program more than the folder of tocsin's headers: $*"
eval "set -- $(pkg-config --cflags --libs tocsin)"
"$cc" -std=c17 "$here/uses_tocsin.c" -o "$scratch/shared" "$@"
LD_LIBRARY_PATH=$library ldd "$scratch/shared" | grep -q "libtocsin.so" || die "not linked with the shared library"
LD_LIBRARY_PATH=$library "$scratch/shared"

echo "== pkg-config --static, where only the archive is"
cp -r "$prefix" "$scratch/archive only"
rm "$scratch/archive only"/lib*/libtocsin.so* "$scratch/archive only"/lib*/*/libtocsin.so* 2>/dev/null || true
PKG_CONFIG_PATH=$(dirname "$(find "$scratch/archive only" -name tocsin.pc)")
eval "set -- $(pkg-config --static --cflags --libs tocsin)"
"$cc" -std=c17 "$here/uses_tocsin.c" -o "$scratch/static" "$@"
! ldd "$scratch/static" | grep -q libtocsin || die "linked with the shared library"
"$scratch/static"

echo "== the examples, with what is installed"
examples=$here/../../examples
mkdir "$scratch/examples"
PKG_CONFIG_PATH=$(dirname "$pc")
eval "set -- $(pkg-config --cflags --libs tocsin)"
for source in "$examples"/*.c; do
    "$cc" -std=c17 -pthread "$source" -o "$scratch/examples/$(basename "$source" .c)" "$@"
done
LD_LIBRARY_PATH=$library python3 -B "$here/../examples/run_examples.py" "$scratch/examples" "$library/libtocsin.so" \
    "$examples"

echo "== find_package, both targets"
"$cmake" -G "$generator" -S "$here/found" -B "$scratch/found" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" \
    -DWANTED_VERSION="$version" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; die "find_package failed"; }
"$cmake" --build "$scratch/found" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; die "the build failed"; }
ldd "$scratch/found/with_shared" | grep -q "libtocsin.so" || die "tocsin::tocsin is not the shared library"
! ldd "$scratch/found/with_static" | grep -q libtocsin || die "tocsin::tocsin_static is not the archive"
"$scratch/found/with_shared"
"$scratch/found/with_static"

echo "== another major version is not found"
! "$cmake" -G "$generator" -S "$here/found" -B "$scratch/other" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" \
    -DWANTED_VERSION=99.0 >"$scratch/log" 2>&1 || die "version 99.0 was found"

if [ -x "$prefix/bin/tocsin" ]; then
    echo "== the installed tool runs from the moved prefix"
    "$prefix/bin/tocsin" --version
fi
