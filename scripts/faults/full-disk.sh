#!/bin/sh
# full-disk.sh [SIZES] - commands on a disk that fills up
#
# A small tmpfs holds the offices.  It is filled so that 0, 4, 8 ... KiB are
# left; then a command runs.  It may do its work or end with status 6 and one
# clear line; when there is room again, the same command must do its work, each
# document must be in the books once, and nothing may be half-written.
set -u
sizes=${1:-40}
here=$(cd "$(dirname "$0")" && pwd)
PATH=${VANTHU_BIN:-$here/../../build/release/bin}:$PATH
# shellcheck disable=SC2034 # the cases' own
pki=${VANTHU_PKI:-$here/../../build/release/testdata/pki}
top=$(mktemp -d) || exit 6
mkdir "$top/base" "$top/disk"
trap 'umount "$top/disk" 2>/dev/null; rm -rf "$top"' EXIT
trap 'exit 6' INT TERM HUP
if ! mount -t tmpfs -o size=24m none "$top/disk" 2>/dev/null; then
	echo "1..0 # SKIP no right to mount a tmpfs"
	exit 77
fi

work=$top/disk
# shellcheck disable=SC2034
trace=
tried=0
stopped=0
bad=0

wrong()
{
	bad=$((bad + 1))
	echo "$case, $left KiB left: $*"
}

# free_kib: what the disk still takes
free_kib()
{
	df -k --output=avail "$work" | tail -n 1
}

for case in register send receive sign; do
	find "$work" -mindepth 1 -delete
	cd "$work" || exit 6
	# shellcheck source=/dev/null
	. "$here/$case.sh"
	setup >"$top/log" 2>&1 || {
		cat "$top/log"
		exit 1
	}
	rm -rf "$top/base"
	cp -a "$work" "$top/base"
	left=0
	while [ "$left" -lt $((sizes * 4)) ]; do
		cd "$top" || exit 6
		find "$work" -mindepth 1 -delete
		cp -a "$top/base/." "$work"
		cd "$work" || exit 6
		fill=$(($(free_kib) - left))
		[ "$fill" -le 0 ] ||
		    dd if=/dev/zero of=filler bs=1024 count="$fill" 2>/dev/null
		victim >"$top/out" 2>"$top/err"
		rc=$?
		tried=$((tried + 1))
		case $rc in
		0) ;;
		6)
			stopped=$((stopped + 1))
			[ -s "$top/err" ] || wrong "status 6 without a word"
			;;
		*) wrong "status $rc: $(tail -n 1 "$top/err")" ;;
		esac
		rm -f filler
		again >"$top/out" 2>&1 || wrong "with room again, it fails:" \
		    "$(tail -n 1 "$top/out")"
		said=$(oracle 2>&1)
		[ -z "$said" ] || wrong "$said"
		left=$((left + 4))
	done
done
cd / || exit 6
echo "$tried runs on a filling disk, $stopped stopped by it, $bad wrong"
[ "$stopped" -gt 0 ] && [ "$bad" -eq 0 ]
