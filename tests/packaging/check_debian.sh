#!/bin/sh
# Builds the Debian packages, lets lintian read them, installs them in a Debian that has nothing else, uses them there as
# the README says, and takes them out again. Wants to be root, for chroot. usage: check_debian.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
die() { echo "$*" >&2; exit 1; }

echo "== built"
rm -f "$folder"/*.deb "$folder"/*.changes
"$root/tools/packaging/build_debian.sh" "$folder" >/dev/null
ls "$folder" | grep '\.deb$'

echo "== read by lintian"
# The program holds the names that HTML has for characters; whether a part of one looks misspelt depends on its neighbours.
lintian --allow-root --suppress-tags spelling-error-in-binary --fail-on error,warning,info -I "$folder"/*.changes

if [ "$(id -u)" != 0 ]; then
    echo "SKIPPED: the packages were not installed: that wants root" >&2
    exit 0
fi
debian=$folder/root
mirror=$(sed -n 's/^URIs: *\(http[^ ]*\).*/\1/p; s/^deb \(http[^ ]*\) .*/\1/p' /etc/apt/sources.list.d/*.sources \
    /etc/apt/sources.list 2>/dev/null | head -n 1)
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
rm -rf "$debian"
debootstrap --variant=minbase "$suite" "$debian" "${mirror:-http://deb.debian.org/debian}" >"$folder/debootstrap.log" 2>&1 ||
    { tail -n 5 "$folder/debootstrap.log" >&2; die "debootstrap failed"; }
in_debian() { chroot "$debian" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
packages() { in_debian dpkg-query -W -f='${Package}\n' | sort; }
packages >"$folder/before"

echo "== installed where nothing else is"
mkdir "$debian/packages"
cp "$folder"/tocsin_*.deb "$folder"/libtocsin0_*.deb "$folder"/libtocsin-dev_*.deb "$debian/packages"
quietly() { "$@" >"$folder/apt.log" 2>&1 || { tail -n 20 "$folder/apt.log" >&2; die "failed: $*"; }; }
# The programs alone first: they may want no package for building.
quietly in_debian sh -c 'apt-get install -y --no-install-recommends /packages/tocsin_*.deb'
! packages | grep -q -- '-dev$' || die "the programs want a package for building"

echo "== the README's commands"
cp "$root/README.md" "$debian/srv"
python3 - "$debian" <<'PY'
import os, re, sys
text = open(sys.argv[1] + "/srv/README.md", encoding="utf-8").read()
commands = re.findall(r"^    build/release/bin/(tocsin .*)$", text, re.M)
assert len(commands) == 2, commands
with open(sys.argv[1] + "/srv/commands.sh", "w", encoding="utf-8") as out:
    out.write("set -e\nmkdir -p examples && ln -sf /usr/share/tocsin/fire-service /usr/share/tocsin/scenic-area /usr/share/tocsin/water-utility examples\n")
    out.write('echo \'{"id": "42", "text": "着火四十分钟消防车才到，消防队还互相推諉", "venue": "hot_forum"}\' > posts.ndjson\n')
    out.write("\n".join(commands) + "\n")
with open(sys.argv[1] + "/srv/app.c", "w", encoding="utf-8") as out:
    out.write(re.search(r"```c\n(.*?)```", text, re.S)[1])
# The plan that the program reads, and what it says.
os.makedirs(sys.argv[1] + "/srv/plan", exist_ok=True)
for name, body in re.findall(r"^```\w+ (plan/[\w.]+)\n(.*?)^```", text, re.M | re.S):
    with open(sys.argv[1] + "/srv/" + name, "w", encoding="utf-8") as out:
        out.write(body)
with open(sys.argv[1] + "/srv/wanted", "w", encoding="utf-8") as out:
    out.write(re.search(r"```c\n.*?```\n\n```text\n(.*?)\n```", text, re.S)[1])
PY
wanted=$(cat "$debian/srv/wanted")
[ -n "$wanted" ] || die "the README does not show what its program says"
in_debian sh -c 'cd /srv && sh commands.sh' >"$folder/said" 2>&1 || { cat "$folder/said" >&2; die "a command failed"; }
head -n 1 "$folder/said"
grep -q '"tier":"major"' "$debian/srv/verdicts.ndjson" || die "the verdict is another one"
for plan in fire-service scenic-area water-utility; do in_debian tocsin lint "/usr/share/tocsin/$plan" | tail -n 1; done
in_debian tocsin-kafka --help >/dev/null
in_debian tocsin-bench --corpus posts --max-bytes 50000 --terms 100 --rounds 1 --engine tocsin --stage classify >/dev/null

echo "== the README's program"
quietly in_debian sh -c 'apt-get install -y --no-install-recommends /packages/*.deb gcc libc6-dev pkg-config'
said=$(in_debian sh -c 'cd /srv && cc -std=c17 -Wall -Werror app.c -o app $(pkg-config --cflags --libs tocsin) && ./app')
[ "$said" = "$wanted" ] || die "the program says $said"
said=$(in_debian sh -c 'cd /srv && cc -std=c17 app.c -o app -Wl,-Bstatic -ltocsin -Wl,-Bdynamic $(pkg-config --static --libs tocsin) &&
    ! ldd app | grep -q libtocsin && ./app')
[ "$said" = "$wanted" ] || die "the program, linked with the archive, says $said"

echo "== taken out"
quietly in_debian apt-get purge -y tocsin libtocsin-dev libtocsin0
left=$(find "$debian/usr" "$debian/etc" "$debian/var/lib" -name '*tocsin*' ! -path '*/dpkg/*' | head)
[ -z "$left" ] || die "left behind: $left"
rm -rf "$debian"
echo "all well"
