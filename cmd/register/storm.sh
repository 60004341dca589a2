#!/bin/sh
# storm.sh PROCESSES EACH - register at once, then count: no gap, no double
#
# Needs vanthu-init and vanthu-register on PATH.  Prints what it found; ends
# with 0 where all of it holds.
set -u

processes=${1:?how many processes?}
each=${2:?how many documents each?}
dir=$(mktemp -d "${TMPDIR:-/tmp}/vanthu-storm.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
home=$dir/office
total=$((processes * each))

vanthu-init "$home" --organ-id H40 --name 'Tỉnh' >/dev/null || exit 1
export VANTHU_HOME="$home"

# one NAME: EACH documents, every fifth with a file of its own
one()
{
	i=0
	while [ $i -lt "$each" ]; do
		set -- "$1"
		if [ $((i % 5)) -eq 0 ]; then
			echo "$1 $i" >"$dir/$1.$i"
			set -- "$1" "$dir/$1.$i"
		fi
		name=$1
		shift
		vanthu-register out --type CV --notation UBND-VX \
		    --subject "Văn bản $i của $name" "$@" \
		    >>"$dir/refs.$name" || exit 1
		set -- "$name"
		i=$((i + 1))
	done
}

start=$(date +%s)
pids=
p=0
while [ $p -lt "$processes" ]; do
	one "p$p" &
	pids="$pids $!"
	p=$((p + 1))
done
failed=0
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
seconds=$(($(date +%s) - start))

printed=$(cat "$dir"/refs.* | sort | uniq | wc -l)
numbers=$(vanthu-register export | jq .number | sort -n)
distinct=$(printf '%s\n' "$numbers" | uniq | wc -l)
first=$(printf '%s\n' "$numbers" | head -n 1)
last=$(printf '%s\n' "$numbers" | tail -n 1)
vanthu-register check >"$dir/check"
sound=$?
echo "$processes processes, $each documents each, $seconds s: $failed failed," \
    "$printed references printed, $distinct numbers from $first to $last," \
    "$(wc -l <"$dir/check") findings"
[ "$failed" -eq 0 ] && [ "$printed" -eq "$total" ] &&
    [ "$distinct" -eq "$total" ] && [ "$first" -eq 1 ] &&
    [ "$last" -eq "$total" ] && [ "$sound" -eq 0 ]
