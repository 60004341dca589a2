#!/bin/sh
# vanthu-sign: object numbers, of which readers take 8388607 (ISO 32000-2, C)
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have qpdf pdfsig || skip_all 'qpdf or pdfsig is missing'
key="--home none --p12 $pki/officer.p12 --passphrase file:$pki/passphrase"
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--crl $pki/trust/crls"

# numbered FILE N [KEYS]: its page is object N; with KEYS in the catalog
numbered()
{
	page="<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] >>"
	{
		printf '%%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R %s >>\nendobj\n' \
		    "${3-}"
		printf '2 0 obj\n<< /Type /Pages /Kids [ %d 0 R ] /Count 1 >>\nendobj\n' \
		    "$2"
		printf '%d 0 obj\n%s\nendobj\n' "$2" "$page"
	} >"$1"
	one=$((9)) two=$(grep -abo '^2 0 obj' "$1" | cut -d : -f 1)
	three=$(grep -abo "^$2 0 obj" "$1" | cut -d : -f 1)
	start=$(wc -c <"$1")
	{
		printf 'xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n' \
		    "$one" "$two"
		printf '%d 1\n%010d 00000 n \n' "$2" "$three"
		printf 'trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n' \
		    $(($2 + 1)) "$start"
	} >>"$1"
}

# shellcheck disable=SC2086
{
# There is room for some more, so it can be signed, and signed again.
numbered room.pdf 8388590
ok 'it is a PDF' qpdf --check room.pdf
check 'signed' 0 vanthu-sign -q $key -o 1.pdf room.pdf
check 'and again' 0 vanthu-sign -q $key -o 2.pdf 1.pdf
check 'both hold' 0 vanthu-verify $store 2.pdf
is 'others say so' "$(pdfsig -nocert 2.pdf | grep -c 'Signature is Valid')" 2
for n in 8388607 8388608 9000000; do
	numbered full.pdf $n
	check "no room behind $n" 4 vanthu-sign $key -o no.pdf full.pdf
	like 'the clause' "$err" \
	    "full.pdf: ISO 32000-2, Annex C: .*up to $n, .*above 8388607"
done
# A number that something refers to is not given to another object.
numbered refers.pdf 8000000 '/Perhaps 8388607 0 R'
check 'none behind what is referred to' 4 vanthu-sign $key -o no.pdf \
    refers.pdf
absent 'nothing is written' no.pdf
# Until there is none.
file=2.pdf n=2
while [ $n -lt 20 ]; do
	vanthu-sign -q $key -o $((n + 1)).pdf $file >"$out" 2>"$err" || break
	n=$((n + 1)) file=$n.pdf
done
like 'then it is said' "$err" 'ISO 32000-2, Annex C'
check 'and the last one holds' 0 vanthu-verify $store $file
}
done_testing
