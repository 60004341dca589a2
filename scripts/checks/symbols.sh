#!/bin/sh
# symbols.sh BUILD [LIBRARY] - what the library exports starts with vt_
#
# An object file of lib/MODULE may export what begins with vt_; whatever is not
# named in a header, public or the module's private one, is not exported.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
library=${2:-$1/lib/libvanthu.a}
nm -g --defined-only "$library" 2>/dev/null |
    awk 'NF == 3 && $2 ~ /[A-Z]/ { print $3 }' | sort -u >"${TMPDIR:-/tmp}/s$$"
trap 'rm -f "${TMPDIR:-/tmp}/s$$"' EXIT
symbols=${TMPDIR:-/tmp}/s$$
# the sanitizers and the compiler bring their own
foreign=$(grep -v -e '^vt_' -e '^__' -e '^_GLOBAL' "$symbols")
bad=0
for name in $foreign; do
	bad=$((bad + 1))
	echo "$name: exported, but does not start with vt_"
done
cat "$root"/include/vanthu/*.h "$root"/lib/*/*_int.h >"$symbols.h"
for name in $(grep '^vt_' "$symbols"); do
	grep -qw -e "$name" "$symbols.h" || {
		bad=$((bad + 1))
		echo "$name: exported, but no header declares it"
	}
done
rm -f "$symbols.h"
n=$(wc -l <"$symbols")
echo "$n exported symbols, $bad wrong"
[ "$n" -gt 100 ] && [ "$bad" -eq 0 ]
