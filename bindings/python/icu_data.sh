#!/bin/sh
# Makes libicudata with what the library reads and nothing else: a tenth of all. icu_data.sh OUT-DIR [CC]
# The data are the same on every little-endian processor; CC builds them into a library for its own target.
# Kept: NFKC_Casefold, the limits of words and their dictionaries, GB18030, and the rules between Traditional and Simplified.
set -eu
out=$1 cc=${2:-cc}
mkdir -p "$out"
cd "$out"
library=$(pkg-config --variable=libdir icu-uc)
version=$(pkg-config --modversion icu-uc)
major=${version%%.*}
ar x "$library/libicudata.a"
objcopy -O binary --only-section=.rodata "icudt${major}l_dat.o" "icudt${major}l.dat"
icupkg -l "icudt${major}l.dat" >all.txt
grep -Ev '^(nfc|nfkc|nfkc_cf|uts46)\.nrm$|^(cnvalias|ulayout|uemoji|unames|pnames)\.icu$|^gb18030\.cnv$|^(root|res_index|zh|pool|supplementalData)\.res$|^brkitr/|^translit/(root|res_index|zh)\.res$' all.txt >drop.txt
mkdir -p kept # the name of the file is part of the names inside
icupkg -r drop.txt "icudt${major}l.dat" "kept/icudt${major}l.dat"
genccode -n "icudt$major" -e "icudt$major" -a gcc "kept/icudt${major}l.dat" >/dev/null
"$cc" -shared -o "libicudata.so.$major" -Wl,-soname,"libicudata.so.$major" -x assembler-with-cpp "icudt${major}l_dat.S"
nm -D "libicudata.so.$major" | grep -q " icudt${major}_dat$"
rm -rf kept ./*.dat ./*.o ./*.S
