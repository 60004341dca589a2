#!/bin/sh
# fuzz.sh SECONDS [PARSER...] - each fuzz target for its share of SECONDS
#
# build/fuzz/bin has the targets (preset fuzz), VANTHU_PKI the test keys.  Under
# the address and undefined-behaviour sanitizers, at most 5 s and 512 MiB an
# input.  What was learned stays in build/fuzz/corpus for the next time, what
# broke a target in build/fuzz/found.  Prints a table; 1 if anything broke.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/fuzz
VANTHU_PKI=${VANTHU_PKI:-$root/build/release/testdata/pki}
VANTHU_BIN=${VANTHU_BIN:-$root/build/release/bin}
VANTHU_SOURCE=$root
export VANTHU_PKI VANTHU_BIN VANTHU_SOURCE
# what is freed is not kept long: it would count as the input's
ASAN_OPTIONS=quarantine_size_mb=16:allocator_release_to_os_interval_ms=500
export ASAN_OPTIONS

total=${1:?seconds}
shift
sh "$root/testdata/fuzz/seeds.sh" "$build/seeds" >"$build/seeds.log" 2>&1 || {
	cat "$build/seeds.log"
	echo 'no seeds'
	exit 1
}
if [ $# -eq 0 ]; then
	for file in "$build"/bin/fuzz_*; do
		set -- "$@" "${file##*/fuzz_}"
	done
fi
share=$((total / $#))
[ "$share" -gt 0 ] || share=1
status=0
mkdir -p "$build/found"

# value LOG NAME: a figure that libFuzzer prints at the end
value()
{
	sed -n "s/^stat::$2: *//p" "$1"
}

printf '%-14s %8s %12s %6s %5s  %s\n' \
    target seconds runs edges MiB result
for parser; do
	corpus=$build/corpus/$parser
	log=$build/found/$parser.log
	mkdir -p "$corpus"
	set -- "$corpus" "$build/seeds/$parser"
	[ ! -d "$root/testdata/fuzz/$parser" ] ||
	    set -- "$@" "$root/testdata/fuzz/$parser"
	start=$(date +%s)
	"$build/bin/fuzz_$parser" -max_total_time="$share" -timeout=5 \
	    -rss_limit_mb=512 -max_len=65536 -print_final_stats=1 \
	    -artifact_prefix="$build/found/$parser-" "$@" >"$log" 2>&1
	case $? in
	0) result=held ;;
	72) # libFuzzer's own: a signal from outside ended it
		result='STOPPED, before its time'
		status=1
		;;
	*)
		result="BROKE, see $log"
		status=1
		;;
	esac
	printf '%-14s %8d %12s %6s %5s  %s\n' "$parser" \
	    $(($(date +%s) - start)) \
	    "$(value "$log" number_of_executed_units)" \
	    "$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)" \
	    "$(value "$log" peak_rss_mb)" "$result"
done
exit "$status"
