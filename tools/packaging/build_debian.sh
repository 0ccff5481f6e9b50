#!/bin/sh
# Debian packages of this tree, as it is committed or, without git, as it lies here. The packages and what dpkg says of
# them come into FOLDER. With ARCHITECTURE, arm64 say, they are built for that one: on a Debian that has it as a foreign
# architecture, with crossbuild-essential-ARCHITECTURE, qemu-user and the libraries of Build-Depends as :ARCHITECTURE.
# usage: tools/packaging/build_debian.sh FOLDER [ARCHITECTURE]
set -eu
[ $# = 1 ] || [ $# = 2 ] || { echo "usage: tools/packaging/build_debian.sh FOLDER [ARCHITECTURE]" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
version=$(sed -n 's/^tocsin (\(.*\)) .*/\1/p;q' "$root/tools/packaging/debian/changelog")
tree=$folder/tocsin-$version
rm -rf "$tree"
mkdir "$tree"
if git -C "$root" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -C "$root" ls-files -z | (cd "$root" && tar -cf - --null -T -) | tar -xf - -C "$tree"
else
    tar -cf - -C "$root" --exclude=./build --exclude=./.git . | tar -xf - -C "$tree"
fi
cp -r "$tree/tools/packaging/debian" "$tree/debian"
cd "$tree"
dpkg-buildpackage -b -uc -us ${2:+"-a$2"} >"$folder/build.log" 2>&1 || { tail -n 40 "$folder/build.log" >&2; exit 1; }
ls "$folder"/*.deb
