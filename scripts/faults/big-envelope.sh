#!/bin/sh
# big-envelope.sh - an attachment of 2 GB: packed, listed, unpacked, in 16 MB
#
# The file is sparse but for noise at its ends; the envelope and the file that
# comes out of it are not, so that 5 GB must be free.  VANTHU_BIN as in the tests.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${VANTHU_BIN:-$root/build/release/bin}
dir=$(mktemp -d "${TMPDIR:-/var/tmp}/vanthu-big.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT INT TERM
cd "$dir" || exit 1
bad=0 most=0
limit=16384 # KiB
size=2147483648

wrong()
{
	bad=$((bad + 1))
	echo "$*"
}

# thin WHAT COMMAND...: it succeeds within the limit
thin()
{
	t_what=$1
	shift
	t_figures=$(./timeit -n 1 "$@" 2>err) ||
	    wrong "$t_what: $(cat err)"
	t_rss=${t_figures##* }
	[ "$t_rss" -le "$limit" ] || wrong "$t_what took $t_rss KiB"
	[ "$t_rss" -le "$most" ] || most=$t_rss
}

free=$(df -Pk . | awk 'NR == 2 { print $4 }')
if [ "$free" -lt 5500000 ]; then
	echo "less than 5.5 GB free: not tried"
	exit 1
fi
"${CC:-cc}" -O2 -D_GNU_SOURCE -o timeit "$root/bench/timeit.c" || exit 1
cat >meta.json <<'END'
{"from": {"organ_id": "H40.16", "name": "A"},
 "to": [{"organ_id": "H42", "name": "B"}], "type": "CV",
 "code": {"number": "05", "notation": "SNV-VP"},
 "promulgation": {"date": "2026-01-05"}, "subject": "2 GB"}
END
head -c 1000000 /dev/urandom >big.pdf
truncate -s $((size - 1000000)) big.pdf
head -c 1000000 /dev/urandom >>big.pdf
mkdir out
thin pack "$bin/vanthu-pack" --home none --meta meta.json -o big.edxml big.pdf
thin list "$bin/vanthu-unpack" --home none --list --json big.edxml
"$bin/vanthu-unpack" --home none --list --json big.edxml |
    jq -e ".attachments[0].size == $size" >/dev/null ||
    wrong 'another size is told'
thin unpack "$bin/vanthu-unpack" --home none -C out big.edxml
cmp big.pdf out/big.pdf || wrong 'another file came out'
[ "$(find out -mindepth 1 | wc -l)" -eq 1 ] || wrong 'something else is left'
rm -f out/big.pdf

# its last character is none: all of it is read, nothing stays
at=$(tail -c 500 big.edxml | grep -abo '</ContentTransferEncoded>')
at=$(($(wc -c <big.edxml) - 500 + ${at%%:*} - 1))
printf '*' | dd of=big.edxml bs=1 seek="$at" conv=notrunc 2>/dev/null
"$bin/vanthu-unpack" --home none -C out big.edxml 2>err &&
    wrong 'damaged base64 is taken'
grep -q 'is not base64' err || wrong "not because of that: $(cat err)"
[ "$(find out -mindepth 1 | wc -l)" -eq 0 ] || wrong 'something is left'

echo "2 GB packed and unpacked in $most KiB, $bad wrong"
[ "$bad" -eq 0 ]
