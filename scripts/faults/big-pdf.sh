#!/bin/sh
# big-pdf.sh - PDFs longer than 4 GB: signed right; longer than offsets: refused
#
# The first is 4.3 GB, of which next to nothing is on disk; its signed copy is
# there whole, so that twice so much must be free.  A table's offsets have ten
# digits (ISO 32000-2, 7.5.4): what would be longer than 9,999,999,999 bytes is
# refused before a byte is written.  VANTHU_BIN, VANTHU_PKI as in the tests.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${VANTHU_BIN:-$root/build/release/bin}
pki=${VANTHU_PKI:-$root/build/release/testdata/pki}
dir=$(mktemp -d "${TMPDIR:-/var/tmp}/vanthu-big.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT INT TERM
cd "$dir" || exit 1
bad=0

wrong()
{
	bad=$((bad + 1))
	echo "$*"
}

# sparse BYTES FILE: a page with a stream of so many zeros, and a table
sparse()
{
	{
		printf '%%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n'
		printf '2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n'
		printf '3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n'
		printf '4 0 obj\n<</Length %s>>\nstream\n' "$1"
	} >"$2"
	s_head=$(wc -c <"$2")
	s_offs=$(grep -abo '^[1-4] 0 obj' "$2" | cut -d: -f1)
	truncate -s $((s_head + $1)) "$2"
	printf '\nendstream\nendobj\n5 0 obj\n(behind it)\nendobj\n' >>"$2"
	s_five=$((s_head + $1 + 18))
	{
		printf 'xref\n0 6\n0000000000 65535 f \n'
		for s_off in $s_offs "$s_five"; do
			printf '%010d 00000 n \n' "$s_off"
		done
		printf 'trailer\n<</Size 6/Root 1 0 R/Info<</Title 5 0 R>>>>\n'
		printf 'startxref\n%s\n%%%%EOF\n' $((s_five + 27))
	} >>"$2"
}

sign()
{
	"$bin/vanthu-sign" -q --home none --key "$pki/officer.key" \
	    --cert "$pki/officer.crt" "$@" 2>err >out
}

free=$(df -Pk . | awk 'NR == 2 { print $4 }')
if [ "$free" -lt 9500000 ]; then
	echo "less than 9.5 GB free: not tried"
	exit 1
fi
sparse 4300000000 big.pdf
size=$(wc -c <big.pdf)
sign -o signed.pdf big.pdf || wrong "4.3 GB is not signed: $(cat err)"
cmp -n "$size" big.pdf signed.pdf || wrong 'the input is no prefix'
pdfsig -nocert signed.pdf >sig 2>/dev/null
grep -q 'Signature is Valid' sig || wrong 'pdfsig does not find it valid'
grep -q '  - Total document signed' sig || wrong 'pdfsig does not find it whole'
"$bin/vanthu-verify" --home none --json --trust "$pki/anchors" \
    --chain "$pki/duty-ca.crt" --crl "$pki/trust/crls" signed.pdf >verify
jq -e '.verdict == "valid" and .signatures[0].covers == "whole"' verify \
    >/dev/null || wrong "verify: $(cat verify)"
rm -f signed.pdf big.pdf

sparse 9999000000 huge.pdf
sign -o signed.pdf huge.pdf && wrong 'what no table can tell is signed'
grep -q 'longer than 9999999999' err || wrong "not because of that: $(cat err)"
[ ! -e signed.pdf ] || wrong 'something was left'

echo "4.3 GB signed, 10 GB refused, $bad wrong"
[ "$bad" -eq 0 ]
