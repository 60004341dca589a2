#!/bin/sh
# headers.sh [ROOT] - each public header compiles alone
set -u
root=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root" || exit 2
n=0
bad=0
for cc in gcc clang; do
	if ! command -v "$cc" >/dev/null; then
		echo "# SKIP no $cc"
		continue
	fi
	for header in include/vanthu/*.h; do
		n=$((n + 1))
		# twice: the guard holds too
		printf '#include "%s"\n#include "%s"\n' "${header#include/}" \
		    "${header#include/}" |
		    "$cc" -std=c17 -Wall -Wextra -Werror -Iinclude \
			-fsyntax-only -x c - || {
			bad=$((bad + 1))
			echo "$header: does not compile alone with $cc"
		}
	done
done
echo "$n compilations of headers, $bad wrong"
[ "$n" -gt 0 ] && [ "$bad" -eq 0 ]
