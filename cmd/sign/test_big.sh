#!/bin/sh
# A PDF of 110 MB and a plain file of 300 MB: memory does not grow with them
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

limit=32768 # KiB
have "${CC:-cc}" || skip_all 'no compiler for the stopwatch'
[ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 1500000 ] ||
    skip_all 'less than 1.5 GB free'
"${CC:-cc}" -O -D_GNU_SOURCE -o timeit "$VANTHU_SOURCE/bench/timeit.c" ||
    bail 'the stopwatch does not compile'
# A sanitizer's shadow counts as memory.
if nm "$VANTHU_BIN/vanthu-sign" 2>/dev/null | grep -q __asan_init; then
	limit=$((1024 * 1024))
fi
key="--home none --key $pki/officer.key --cert $pki/officer.crt"
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--crl $pki/trust/crls"

# thin WHAT STATUS COMMAND...: it ends so, and never held more than the limit
thin()
{
	thin_what=$1
	shift
	check "$thin_what" "$@"
	shift
	# shellcheck disable=SC2046
	set -- $(./timeit -n 1 -x spare "$@")
	ok "$thin_what: $3 KiB in $2 ms" test "$3" -lt "$limit"
}

# ---- a PDF whose one object is 110 MB ----
sh "$data/big-pdf.sh" 110000000 big.pdf || bail 'no PDF'

# shellcheck disable=SC2086
{
thin 'a PDF of 110 MB is signed' 0 vanthu-sign -q $key -o - big.pdf
vanthu-sign -q $key -o signed.pdf big.pdf >/dev/null
thin 'and judged' 0 vanthu-verify $store signed.pdf
ok 'the input is its prefix' cmp -n "$(wc -c <big.pdf)" big.pdf signed.pdf
vanthu-sign -q $key -o twice.pdf signed.pdf >/dev/null
thin 'signed twice, it is judged' 0 vanthu-verify $store twice.pdf
is 'both are valid' "$(vanthu-verify --json $store twice.pdf |
    jq -r '[.signatures[].verdict] | join(" ")')" 'valid valid'
rm -f twice.pdf big.pdf
# 16 bytes: one alone may be what it was
printf 'xxxxxxxxxxxxxxxx' | dd of=signed.pdf bs=1 seek=60000000 conv=notrunc \
    2>/dev/null
thin 'a change in its midst is found' 1 vanthu-verify $store signed.pdf
rm -f signed.pdf

# ---- a plain file of 300 MB ----
# It begins as text does, and like no format that chance may hit on.
{ printf 'noise: ' && head -c 299999993 /dev/urandom; } >big.bin
thin '300 MB are signed' 0 vanthu-sign -q $key -o - big.bin
vanthu-sign -q $key big.bin >/dev/null
thin 'and judged' 0 vanthu-verify $store big.bin.p7s
vanthu-sign -q $key --attached big.bin >/dev/null
thin 'with the content inside they are judged' 0 vanthu-verify $store \
    big.bin.p7m
ok 'it is all in there' test "$(wc -c <big.bin.p7m)" -gt 300000000
rm -f big.bin.p7m
thin 'made so' 0 vanthu-sign -q $key --attached -o spare big.bin
}
done_testing
