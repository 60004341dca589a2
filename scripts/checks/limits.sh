#!/bin/sh
# limits.sh [ROOT] - each name of limits.h is tested, or is said not to be
set -u
root=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root" || exit 2
words=$(mktemp) || exit 2
trap 'rm -f "$words"' EXIT

# every name that a test file says
find lib cmd testdata -type f \( -name 'test_*' -o -name test.sh -o \
    -path 'testdata/*' \) \
    ! -name limits.md -exec cat {} + | tr -c 'A-Z0-9_' '\n' |
    grep '^VT_' | sort -u >"$words"

awk -v words="$words" '
BEGIN {
	while ((getline word <words) > 0)
		tested[word] = 1
}
FILENAME ~ /limits\.md$/ {
	if (!/^\| VT_/)
		next
	split($0, cell, / *\| */)
	excepted[cell[2]] = 1
	rows++
	if (cell[3] == "") {
		print "testdata/limits.md: " cell[2] ": no reason"
		bad = 1
	}
	next
}
/^#define VT_/ && NF > 2 { # the guard has no value
	known[$2] = 1
	n++
	if (!tested[$2] && !excepted[$2]) {
		print "limits.h: " $2 ": in no test, and not in limits.md"
		bad = 1
	}
}
END {
	for (name in excepted) {
		if (!known[name]) {
			print "testdata/limits.md: " name ": not in limits.h"
			bad = 1
		} else if (tested[name]) {
			print "testdata/limits.md: " name ": a test has it"
			bad = 1
		}
	}
	print n " limits, " rows + 0 " of them in no test"
	exit bad || n == 0
}' testdata/limits.md include/vanthu/limits.h
