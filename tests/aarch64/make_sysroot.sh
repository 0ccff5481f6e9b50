#!/bin/sh
# Unpacks Debian's arm64 packages that the build needs into a folder, for a cross build. The system is left as it is: apt
# gets lists and a state of its own. usage: make_sysroot.sh FOLDER PACKAGE…     Status 4: the packages are not to be had.
# What was unpacked once is taken again as long as the same packages are asked for.
set -eu
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
wanted="$suite $*"
[ "$(cat "$folder/unpacked" 2>/dev/null)" != "$wanted" ] || exit 0

apt=$folder/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/etc"
: >"$apt/status"
cat >"$apt/apt.conf" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
Dir::Cache::archives "$apt/archives";
END
export APT_CONFIG="$apt/apt.conf"
{
    apt-get update && apt-get install -y --download-only "$@"
} >"$apt/log" 2>&1 || { tail -n 5 "$apt/log" >&2; echo "SKIPPED: Debian's packages for arm64 cannot be had" >&2; exit 4; }

rm -rf "$folder/root" "$folder/unpacked"
mkdir -p "$folder/root/usr/lib"
ln -s usr/lib "$folder/root/lib" # as on a Debian whose folders are merged
for package in "$apt"/archives/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$folder/root" --keep-directory-symlink; done
# Links to a place on the machine that they were made for lead into the folder.
find "$folder/root" -type l -lname '/*' | while read -r link; do
    ln -sfn "$folder/root$(readlink "$link")" "$link"
done
# The link that update-alternatives would make.
ln -sf blas/libblas.so.3 "$folder/root/usr/lib/aarch64-linux-gnu/libblas.so.3"
rm -rf "$apt/archives"
echo "$wanted" >"$folder/unpacked"
