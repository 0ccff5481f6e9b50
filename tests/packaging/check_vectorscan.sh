#!/bin/sh
# The tree with Vectorscan in the place of Hyperscan: it builds, gives the same verdicts, and passes the tests of what runs
# on it. Where its release loses matches on this processor, tocsin says so instead of using it, and the tests run on an
# emulated one. Debian's two packages exclude each other, so it is only unpacked. Status 4: it is not to be had.
# usage: check_vectorscan.sh FOLDER TOCSIN       TOCSIN: that of a build with Hyperscan
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
hyperscan=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
die() { echo "$*" >&2; exit 1; }

(cd "$folder" && apt-get download libvectorscan-dev libvectorscan5 >/dev/null 2>&1) ||
    { echo "SKIPPED: Vectorscan cannot be had" >&2; exit 4; }
tests="test_match test_image test_golden test_regex_admission"
# What uses the engine itself, and what is run: the rest of the tree is compiled as with Hyperscan.
for package in "$folder"/libvectorscan*.deb; do dpkg -x "$package" "$folder/unpacked"; done
{
    cmake -S "$root" -B "$folder/made" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTOCSIN_BUILD_TESTS=ON -DTOCSIN_INSTALL=OFF \
        -DTOCSIN_WERROR=ON "-DTOCSIN_HS_PREFIX=$folder/unpacked/usr" &&
        cmake --build "$folder/made" --target tocsin_shared tocsin_cli tocsin_bench test_regex_engine $tests
} >"$folder/log" 2>&1 || { grep -v '^\[.*\] ' "$folder/log" | cut -c1-400 | tail -n 20 >&2; die "it does not build"; }
vectorscan=$folder/made/bin/tocsin
"$vectorscan" --version | sed -n 's/^Hyperscan/with/p'
ldd "$vectorscan" | grep -q "$folder/unpacked" || die "it runs on another library"

# The shipped plans leave no regex to the engine. Their literals are looked for by the n-gram filter.
verdicts() { $1 classify -q --all -p "$root/examples/$2" "$root/tests/$2/cases.ndjson" >"$folder/$3"; }
verdicts "$hyperscan" fire-service wanted
verdicts "$vectorscan" fire-service found
cmp "$folder/wanted" "$folder/found" || die "other verdicts"
echo "$(wc -l <"$folder/found") verdicts of the fire service are the same"

# A plan with a regex that only the engine holds: here it is asked whether it loses matches.
mkdir -p "$folder/left"
printf 'plan: left\nversion: "1"\ntopics: {word: {terms: word.csv}}\ntiers:\n  - {id: found, clauses: [{id: C1, when: word}]}\n' \
    >"$folder/left/plan.yaml"
printf 'term,kind\n"fire[a-z]{0,600}over",regex\n' >"$folder/left/word.csv"
run=
if ! "$vectorscan" compile -q --force -p "$folder/left" -o "$folder/left.tocsin" >"$folder/said" 2>&1; then
    grep -q 'loses matches on this processor' "$folder/said" || { cat "$folder/said" >&2; die "the plan does not compile"; }
    cut -d: -f3- "$folder/said"
    command -v qemu-x86_64 >/dev/null || { echo "SKIPPED: the rest: there is no qemu-x86_64" >&2; exit 0; }
    run="qemu-x86_64 -cpu Haswell"
    echo "the rest on an emulated processor: $run"
fi
verdicts "$hyperscan" water-utility wanted
verdicts "$run $vectorscan" water-utility found 2>"$folder/said" || { cat "$folder/said" >&2; die "no verdicts"; }
cmp "$folder/wanted" "$folder/found" || die "other verdicts"
echo "$(wc -l <"$folder/found") verdicts of the water utility are the same"
for test in $tests; do
    (cd "$folder/made/tests" && $run "./$test") >"$folder/said" 2>&1 || { cat "$folder/said" >&2; die "$test failed"; }
    echo "$test: $(sed -n 's/^\(100%: .*\)/\1/p' "$folder/said" | tail -n 1)"
done
