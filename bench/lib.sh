# lib.sh - what the benchmarks share; sourced by a POSIX sh under `set -u`
#
# bench/NAME [-n RUNS] [BIN]: BIN is the folder of the programs
# (build/release/bin).  CPU time, wall time and peak memory are those of whole
# processes, medians of RUNS; ratios are of this very run.  A program that is
# not installed is left out.
# shellcheck shell=sh disable=SC2046,SC2086,SC2034,SC2154 # split where meant
export LC_ALL=C

root=$(cd "$(dirname "$0")/.." && pwd)
runs=25
while getopts n: opt; do
	case $opt in
	n) runs=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
bin=$(cd "${1:-$root/build/release/bin}" 2>/dev/null && pwd)
vanthu_sign=$bin/vanthu-sign
vanthu_verify=$bin/vanthu-verify

die()
{
	printf 'bench: %s\n' "$*" >&2
	exit 2
}

[ -n "$bin" ] && [ -x "$vanthu_sign" ] || die "build the release first"
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
unset VANTHU_HOME
cd "$dir" || exit 2

"${CC:-cc}" -O2 -D_GNU_SOURCE -o timeit "$root/bench/timeit.c" ||
    die "timeit does not compile"
sh "$root/testdata/make.sh" "$dir/pki" >/dev/null || die "no test keys"
cp "$root/testdata/quickstart/cong-van.pdf" a.pdf
head -c 100000 /dev/urandom >a.bin
sign="--key pki/officer.key --cert pki/officer.crt --chain pki/duty-ca.crt"
trust="--trust pki/duty-root.crt --chain pki/duty-ca.crt
	--crl pki/duty-root.crl --crl pki/duty-ca.crl"

# take NAME WHAT COMMAND...: time it; out.* is what it makes
take()
{
	name=$1 what=$2
	shift 2
	set -- $(./timeit -n "$runs" -x out.tmp "$@")
	eval "cpu_$name=$1 wall_$name=$2"
	printf '%-52s %8s %8s %8s\n' "$what" "$1" "$2" "$(($3 / 1024))"
}

# ratio WHAT A B [wall]: A's CPU time (or wall time) as a part of B's
ratio()
{
	eval "a=\${${4:-cpu}_$2-} b=\${${4:-cpu}_$3-}"
	[ -n "$a" ] && [ -n "$b" ] || return 0
	printf '%-52s %8s\n' "$1" "$(awk "BEGIN { printf \"%.2f\", $a / $b }")"
}

have()
{
	command -v "$1" >/dev/null
}

# head_line WHAT: the line above the figures
head_line()
{
	printf '\n%-52s %8s %8s %8s\n' "$1" "CPU ms" "wall ms" "RSS MiB"
}
