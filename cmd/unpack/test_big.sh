#!/bin/sh
# An attachment of 60 MB, 200 MB of XML: memory does not grow with them; for one
# of 2 GB see scripts/faults/big-envelope.sh
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

limit=16384 # KiB
size=60000000
have "${CC:-cc}" || skip_all 'no compiler for the stopwatch'
[ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 600000 ] ||
    skip_all 'less than 600 MB free'
"${CC:-cc}" -O -D_GNU_SOURCE -o timeit "$VANTHU_SOURCE/bench/timeit.c" ||
    bail 'the stopwatch does not compile'
# A sanitizer's shadow counts as memory.
if nm "$VANTHU_BIN/vanthu-unpack" 2>/dev/null | grep -q __asan_init; then
	limit=$((1024 * 1024))
fi
VANTHU_HOME=$tmp/none
export VANTHU_HOME
cat >meta.json <<'END'
{"from":{"organ_id":"H40.16","name":"A"},"to":[{"organ_id":"H42","name":"B"}],
"code":{"number":"05","notation":"SNV-VP"},"promulgation":{"date":"2026-01-05"},
"type":"CV","subject":"Thử tệp lớn"}
END

# thin WHAT SPARE COMMAND...: it succeeds, and never holds more than the limit;
# SPARE is removed before it is run again
thin()
{
	thin_what=$1 thin_spare=$2
	shift 2
	check "$thin_what" 0 "$@"
	# shellcheck disable=SC2046
	set -- $(./timeit -n 1 -x "$thin_spare" "$@" 2>/dev/null)
	ok "$thin_what: $3 KiB in $2 ms" test "$3" -lt "$limit"
}

# to_disk FILE WHAT WORDS: what of FILE, unpacked, is on its way to the disk
# before the last fsync(), while the next is decoded
to_disk()
{
	rm -f "out/$1"
	strace -qq -o calls -e trace=fsync,sync_file_range \
	    vanthu-unpack -q -C out big.edxml >/dev/null 2>&1
	is "$2" "$(awk -F '[(,)]' '/^sync/ { n[$2]++; m++ }
	    /^fsync/ && !end { end = n[$2] + 0 }
	    END { print end ", of others " m - end }' calls)" "$3"
}

# ---- there and back: raw, and in a ZIP ----
head -c $size /dev/urandom >big.pdf
head -c $((size / 3)) /dev/urandom | base64 >big.txt
mkdir out
thin 'a raw attachment is packed' big.edxml \
    vanthu-pack --meta meta.json -o big.edxml big.pdf
thin 'and unpacked' out/big.pdf vanthu-unpack -C out big.edxml
ok 'whole' cmp big.pdf out/big.pdf
if strace -e trace=none true 2>/dev/null; then
	to_disk big.pdf 'the disk writes while it is decoded' '7, of others 0'
else
	skip 'strace does not run here'
fi
thin 'and listed' spare vanthu-unpack --list big.edxml
rm -f big.pdf big.edxml out/big.pdf
thin 'one in a ZIP is packed' big.edxml \
    vanthu-pack --meta meta.json -o big.edxml big.txt
thin 'and unpacked' out/big.txt vanthu-unpack -C out big.edxml
ok 'whole' cmp big.txt out/big.txt
if strace -e trace=none true 2>/dev/null; then
	to_disk big.txt 'while it is inflated; its ZIP is not written' \
	    '3, of others 0'
else
	skip 'strace does not run here'
fi
is 'nothing else stays' "$(find out -mindepth 1 | wc -l)" 1
rm -f big.txt big.edxml out/big.txt

# ---- wrapped base64: many small lines ----
{
	sed '/<edXML:ContentTransferEncoded/,$d' \
	    "$data/envelope/good/zip-as-pdf.edxml"
	echo '<ContentTransferEncoded>'
	head -c $size /dev/urandom | base64
	echo '</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>'
} >big.edxml
thin 'wrapped base64' spare vanthu-unpack --list big.edxml

# ---- 200 MB that no one asked for, from a pipe ----
{
	printf '<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">'
	yes '<x><y>text that nobody asked for</y></x>' |
	    head -c $((size * 10 / 3))
} >big.edxml
check '200 MB of XML' 4 sh -c 'cat big.edxml | vanthu-unpack --list -'
like 'is refused in one line' "$err" '^vanthu-unpack: -: .*ends too early'
thin 'with little memory' spare \
    sh -c 'vanthu-unpack --list big.edxml 2>/dev/null || :'

done_testing
