#!/bin/sh
# vanthu-sign on PDF/A: what is seen breaks none of its rules (ISO 19005)
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have pdfsig qpdf jq pdffonts fix-qdf || skip_all 'poppler-utils or qpdf is missing'
leader="--home none --key $pki/officer-ec.key --cert $pki/officer-ec.crt"
agency="--home none --key $pki/agency.key --cert $pki/agency.crt"
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--crl $pki/trust/crls"
person=$data/stamp/person.png seal=$data/stamp/seal.png
qpdf --qdf --object-streams=disable --force-version=1.4 \
    "$data/quickstart/cong-van.pdf" q.pdf
size=$(sed -n 's/^ *\/Size \([0-9]*\)$/\1/p' q.pdf)

# archival FILE XMP [KEYS]: q.pdf with these metadata, and KEYS in its catalog
archival()
{
	awk -v n="$size" -v xmp="$2" -v keys="${3-}" '
	    /\/Type \/Catalog/ { print "  /Metadata " n " 0 R " keys }
	    /^xref/ {
		printf "%d 0 obj\n<< /Type /Metadata /Subtype /XML /Length %d" \
		    " 0 R >>\nstream\n%s\nendstream\nendobj\n\n" \
		    "%d 0 obj\n0\nendobj\n\n", n, n + 1, xmp, n + 1
		printf "%d 0 obj\n<< /N 3 /Length %d 0 R >>\nstream\n\n" \
		    "endstream\nendobj\n\n%d 0 obj\n0\nendobj\n\n", n + 2,
		    n + 3, n + 3
	    }
	    { print }' q.pdf | fix-qdf >"$1" || bail "no $1"
}

intent="/OutputIntents [ << /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)
	/DestOutputProfile $((size + 2)) 0 R >> ]"
one="<x:xmpmeta xmlns:x='adobe:ns:meta/'><pdfaid:part>1</pdfaid:part></x:xmpmeta>"
two="<x:xmpmeta xmlns:x='adobe:ns:meta/'><a pdfaid:part='2' b=''/></x:xmpmeta>"
none="<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>"
archival 1.pdf "$one" "$intent"
archival 2.pdf "$two"
archival 2i.pdf "$two" "$intent"
archival 0.pdf "$none"

# good FILE N: N signatures, which hold for poppler and for us, and a whole PDF
# shellcheck disable=SC2086,SC2317 # called by ok
good()
{
	vanthu-verify $store "$1" >/dev/null && qpdf --check "$1" >/dev/null &&
	    [ "$(pdfsig -nocert "$1" | grep -c 'Signature is Valid')" = "$2" ]
}

# dicts FILE JQ: how many dictionaries, of streams too, are so
dicts()
{
	qpdf --json=2 --json-key=qpdf "$1" | jq "[.qpdf[1][] |
	    (.stream.dict? // .value?) | select(type == \"object\") |
	    select($2)] | length"
}

# shellcheck disable=SC2086
for name in 1 2 2i 0; do
	check "$name: the leader" 0 vanthu-sign -q $leader --as person \
	    --image "$person" --below 'GIÁM ĐỐC' -o $name.1.pdf $name.pdf
	check 'the agency' 0 vanthu-sign -q $agency --as agency \
	    --image "$seal" --number 5/STNA-VP --date 2026-01-05 \
	    -o $name.2.pdf $name.1.pdf
	check 'a comment' 0 vanthu-sign -q $leader --as comment --text 'Đồng ý' \
	    -o $name.3.pdf $name.2.pdf
	ok 'all hold' good $name.3.pdf 3
	case $name in
	1 | 2) soft=0 ;;
	*) soft=2 ;;
	esac
	is 'two images, transparent where that is allowed' \
	    "$(dicts $name.3.pdf '."/SMask"?')" $soft
	is 'each with a mask' \
	    "$(dicts $name.3.pdf '."/SMask"? // ."/Mask"?')" 2
	is 'no other transparency' "$(dicts $name.3.pdf '(."/Group"?."/S"? ==
	    "/Transparency") or (."/CA"? // 1) != 1 or (."/ca"? // 1) != 1')" \
	    "$(dicts $name.pdf '(."/Group"?."/S"? == "/Transparency") or
	    (."/CA"? // 1) != 1 or (."/ca"? // 1) != 1')"
	pdffonts $name.3.pdf | awk 'NR > 2 && $(NF - 4) != "yes"' >unembedded
	empty 'each font is embedded' unembedded
	is 'each widget is printed, and not hidden' \
	    "$(dicts $name.3.pdf '."/Subtype"? == "/Widget" and
	    (."/F" % 8 < 4 or ."/F" % 4 > 0)')" 0
	is 'each that is seen has one appearance' \
	    "$(dicts $name.3.pdf '."/Subtype"? == "/Widget" and
	    ."/Rect"[0] != ."/Rect"[2] and (."/AP" | keys) != ["/N"]')" 0
	is 'no colours of a device' "$(tail -c \
	    +$(($(wc -c <$name.pdf) + 1)) $name.3.pdf |
	    grep -acE '/ColorSpace ?/Device(RGB|CMYK)')" 0
done
# One after the other, in one run and one process.
# shellcheck disable=SC2086
{
mkdir several
check 'several, of each kind' 0 vanthu-sign -q $leader --as person --jobs 1 \
    --image "$person" --below 'GIÁM ĐỐC' --output-dir several 1.pdf 0.pdf \
    2.pdf 2i.pdf
is 'each gets what it may have' "$(for name in 1 0 2 2i; do
	dicts several/$name.signed.pdf '."/SMask"?'
done | tr '\n' ' ')" '0 1 0 1 '
}
done_testing
