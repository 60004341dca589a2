#!/bin/sh
# vanthu-sign --as person, agency: image, seal, number and date in their places
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have pdfsig pdftotext pdftoppm mutool qpdf ||
    skip_all 'poppler-utils, mupdf-tools or qpdf is missing'
agency="--home none --p12 $pki/agency.p12 --passphrase file:$pki/passphrase"
leader="--home none --p12 $pki/officer-ec.p12 --passphrase file:$pki/passphrase"
third="--home none --p12 $pki/officer.p12 --passphrase file:$pki/passphrase"
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--chain $pki/public-ca.crt --crl $pki/trust/crls"
person=$data/stamp/person.png seal=$data/stamp/seal.png
cp "$data/quickstart/cong-van.pdf" a.pdf

# good FILE N: N signatures, which hold for poppler, mupdf and us; a whole PDF
# shellcheck disable=SC2086,SC2317 # called by ok
good()
{
	vanthu-verify $store "$1" >/dev/null && qpdf --check "$1" >/dev/null &&
	    [ "$(pdfsig -nocert "$1" | grep -c 'Signature is Valid')" = "$2" ] &&
	    [ "$(mutool sign -v "$1" 2>/dev/null |
		grep -Ec 'signature is valid|unchanged since')" = "$2" ]
}

# shown FILE TEXT: page 1 says it, blanks aside
# shellcheck disable=SC2317 # called by ok
shown()
{
	pdftotext -layout -l 1 "$1" - | tr -s ' ' | grep -Fq "$2"
}

# rect FILE FIELD: the widget's rectangle, in whole points
rect()
{
	qpdf --json "$1" | jq -r --arg name "u:$2" '[.qpdf[1][] |
	    .value? // empty | select(type == "object" and ."/T" == $name) |
	    ."/Rect"[] | floor] | join(" ")'
}

# inked FILE RED|BLUE BOX: pixels of that colour within, whole points as seen
# shellcheck disable=SC2317 # called by ok
inked()
{
	pdftoppm -r 72 -cropbox -l 1 -singlefile "$1" page &&
	    tail -c "$(head -n 2 page.ppm | awk 'NR == 2 { print $1 * $2 * 3 }
		')" page.ppm | od -An -v -tu1 -w3 | awk -v what="$2" \
		-v w="$(awk 'NR == 2 { print $1; exit }' page.ppm)" \
		-v h="$(awk 'NR == 2 { print $2; exit }' page.ppm)" \
		-v x0="$3" -v y0="$4" -v x1="$5" -v y1="$6" '
		{ x = (NR - 1) % w; y = h - int((NR - 1) / w) }
		what == "red" && ($1 < 150 || $2 > 100 || $3 > 100) { next }
		what == "blue" && ($3 < 120 || $1 > 100) { next }
		x >= x0 && x < x1 && y > y0 && y <= y1 { n++; next }
		{ out++ }
		END { exit !(n > 100 && out < n / 20) }'
}

# shellcheck disable=SC2086,SC2046
{
# ---- leader, agency, a third office ----
check 'the leader' 0 vanthu-sign -q $leader --as person --image "$person" \
    --below 'GIÁM ĐỐC' -o 1.pdf a.pdf
ok 'holds' good 1.pdf 1
ok 'fields wait for the agency, and one does not see them' sh -c \
    'qpdf --json 1.pdf | grep -q vanthu-number &&
	qpdf --json 1.pdf | grep -q vanthu-date &&
	qpdf --json 1.pdf | grep -q vanthu-agency &&
	pdftotext -layout 1.pdf - | grep -Eq "Số: +/STNA-VP"'
check 'the agency' 0 vanthu-sign -q $agency --as agency --image "$seal" \
    --number 5/STNA-VP --date 2026-01-05 -o 2.pdf 1.pdf
ok 'holds' good 2.pdf 2
ok 'the number, with its zero' shown 2.pdf 'Số: 05 /STNA-VP'
ok 'the date, as the decree writes it' shown 2.pdf \
    'ngày 05 tháng 01 năm 2026'
check 'the third office' 0 vanthu-sign -q $third --as comment \
    --text 'Đồng ý, chuyển Sở Tài chính' -o 3.pdf 2.pdf
ok 'three signatures hold' good 3.pdf 3
ok 'its text can be read' shown 3.pdf 'Đồng ý, chuyển Sở Tài chính'
is 'each part of the way is kept' \
    "$(cmp -n $(wc -c <2.pdf) 2.pdf 3.pdf && cmp -n $(wc -c <1.pdf) 1.pdf 2.pdf
	echo $?)" 0
set -- $(rect 1.pdf Signature1)
p0=$1 p1=$2 p2=$3 p3=$4
ok 'the image is blue, and where its field is' inked 1.pdf blue \
    $p0 $p1 $((p2 + 1)) $((p3 + 1))
set -- $(rect 2.pdf vanthu-agency)
ok 'the seal is red, in its place' inked 2.pdf red $1 $2 $(($3 + 1)) \
    $(($4 + 1))
is 'as large as it is, 36 mm' "$((($3 - $1) * 10 / 10))x$(($4 - $2))" 102x102
cover=$((p0 + (p2 - p0) / 3))
ok 'it covers a third of the signature, on its left' \
    [ "$3" -ge "$((cover - 2))" -a "$3" -le "$((cover + 2))" ]

# ---- what nobody signed for ----
LC_ALL=C sed 's/(vanthu-number)/(vanthu-nomber)/' 2.pdf >f.pdf
check 'a byte of a field' 1 vanthu-verify $store f.pdf

# ---- the name tells where; a number without a notation printed ----
cat >n.q <<'END'
%PDF-1.5
%QDF-1.0

%% Original object ID: 1 0
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj

%% Original object ID: 2 0
2 0 obj
<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>
endobj

%% Page 1
%% Original object ID: 3 0
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Contents 4 0 R
/Resources << /Font << /F 6 0 R >> >> >>
endobj

%% Contents for page 1
%% Original object ID: 4 0
4 0 obj
<< /Length 5 0 R >>
stream
BT /F 13 Tf 90 760 Td (S\200:) Tj 200 0 Td (Th\241, ng\340y ... th\341ng ... n\203m ...) Tj
30 -460 Td (TITLE) Tj 0 -70 Td (L\352 Ho\340ng V\201 \(TEST\)) Tj ET
endstream
endobj

5 0 obj
0
endobj

%% Original object ID: 6 0
6 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding <<
/BaseEncoding /WinAnsiEncoding /Differences [ 128 /uni1ED1 /uni1EF9 130 /uni1ECD
/abreve ] >> >>
endobj

xref
0 7
trailer <<
  /Root 1 0 R
  /Size 7
>>
startxref
0
%%EOF
END
fix-qdf n.q >n.pdf || bail 'no PDF with a name'
check 'above the name' 0 vanthu-sign -q $leader --as person --image "$person" \
    -o n1.pdf n.pdf
set -- $(rect n1.pdf Signature1)
ok 'and under the title' [ "$2" -ge 239 -a "$4" -le 300 ]
check 'a number with its notation, and the year' 0 vanthu-sign -q $agency \
    --as agency --image "$seal" --number 12/QĐ-UBND --date 2026-03-15 \
    -o n2.pdf n1.pdf
ok 'holds' good n2.pdf 2
ok 'all of it is shown' shown n2.pdf '12/QĐ-UBND'
for word in 15 3 2026; do
	ok "and $word" shown n2.pdf $word
done
check 'a name that is not there' 1 vanthu-sign $third --as person \
    --image "$person" -o no.pdf n.pdf
like 'the way out is said' "$err" '--at X,Y or --below TEXT'

vanthu-sign -q $leader -o o1.pdf n.pdf >/dev/null 2>"$err"
# ---- a document that had fields of these names: what they hold is not seen ----
# forged FILE KEYS: n.q, which has a field of these KEYS and a person's signature
forged()
{
	LC_ALL=C sed -e 's|/Type /Catalog|& /AcroForm << /Fields [ 7 0 R ] >>|' \
	    -e 's|/Type /Page /|/Type /Page /Annots [ 7 0 R ] /|' \
	    -e "s|^xref\$|7 0 obj\\n<< /Type /Annot /Subtype /Widget $2 >>\\nendobj\\n\\n&|" \
	    n.q | fix-qdf >forged.pdf
	vanthu-sign -q $leader --as person --image "$person" -o "$1" \
	    forged.pdf >/dev/null 2>"$err"
}
here='/Rect [ 110 757 220 771 ]' text='/FT /Tx /T (vanthu-number) /Ff 1'
n=0
while read -r how; do
	n=$((n + 1))
	forged f$n.pdf "$how"
	check "a number that may not be seen: $how" 8 vanthu-sign $agency \
	    --as agency --image "$seal" --number 12/QĐ-UBND \
	    --date 2026-03-15 -o no.pdf f$n.pdf
	like 'the field is told' "$err" 'field vanthu-number'
done <<END
$text /F 4 /Rect [ -500 -500 -400 -480 ]
$text /F 4 /Rect [ 5000 757 5100 771 ]
$text /F 4 /Rect [ 110 757 110.1 757.1 ]
$text /F 2 $here
$text /F 260 $here
$text /F 0 $here
$text /F 4 $here /OC << /Type /OCG /Name (x) >>
$text /F 4 $here /AA << /F << /S /JavaScript /JS (1) >> >>
/FT /Tx /T (vanthu-number) /Ff 8192 /F 4 $here
/FT /Btn /T (vanthu-number) /F 4 $here
/FT /Sig /T (vanthu-number) /F 4 $here
END
absent 'nothing was written' no.pdf
forged f00.pdf "$text /F 4 $here"
check 'one that is seen' 0 vanthu-sign -q $agency --as agency \
    --image "$seal" --number 12/QĐ-UBND --date 2026-03-15 -o f0.pdf f00.pdf
ok 'holds' good f0.pdf 2
ok 'the number is shown' shown f0.pdf '12/QĐ-UBND'
forged s.pdf "/FT /Sig /T (vanthu-agency) /F 4 $here /OC << /Type /OCG >>"
check 'a hidden field waits for the seal' 0 vanthu-sign -q $agency --as agency \
    --image "$seal" -o s2.pdf s.pdf
is 'it stays empty' "$(rect s2.pdf vanthu-agency)" '110 757 220 771'
check 'a number beside the page' 8 vanthu-sign $agency --as agency \
    --image "$seal" --number 5/STNA-VP --number-at 60,900 -o no.pdf o1.pdf

# ---- a file that others signed: number and date are signatures, too ----
check 'no fields are there' 0 vanthu-sign -q $agency --as agency \
    --image "$seal" --number 12/QĐ-UBND --date 2026-03-15 -o o2.pdf o1.pdf
ok 'four signatures hold' good o2.pdf 4
ok 'the number is shown' shown o2.pdf '12/QĐ-UBND'
vanthu-sign -q $third -o b1.pdf a.pdf >/dev/null 2>"$err"
check 'no place for the seal' 1 vanthu-sign $agency --as agency \
    --image "$seal" -o no.pdf b1.pdf
check 'said, with those of number and date' 0 vanthu-sign -q $agency \
    --as agency --image "$seal" --at 300,380 --number 5/STNA-VP \
    --number-at 60,800 --date 2026-12-05 --date-at 300,800 -o b2.pdf b1.pdf
ok 'holds' good b2.pdf 4
ok 'the number is there' shown b2.pdf '05/STNA-VP'
ok 'the date is there' shown b2.pdf 'ngày 05 tháng 12 năm 2026'

# ---- on pages that are turned so that they stand upright, and cut ----
qpdf --qdf --object-streams=disable a.pdf a.q
for turn in 90 180 270; do
	case $turn in
	90) cm='0 1 -1 0 842 0' box='0 0 842 595' ;;
	180) cm='-1 0 0 -1 595 842' box='0 0 595 842' ;;
	*) cm='0 -1 1 0 0 595' box='0 0 842 595' ;;
	esac
	LC_ALL=C awk -v cm="$cm cm" -v keys="/Rotate $turn /MediaBox [ $box ]" '
		/\/MediaBox \[/ { print keys; skip = 1 }
		skip { skip = !/\]/; next }
		{ print }
		/^stream$/ && !done { print cm; done = 1 }' a.q |
	    fix-qdf >t$turn.pdf
	vanthu-sign -q $leader --as person --image "$person" --below 'GIÁM ĐỐC' \
	    -o t$turn.1.pdf t$turn.pdf >/dev/null 2>"$err"
	check "a page turned by $turn" 0 vanthu-sign -q $agency --as agency \
	    --image "$seal" --number 5/STNA-VP --date 2026-01-05 \
	    -o t$turn.2.pdf t$turn.1.pdf
	ok 'holds' good t$turn.2.pdf 2
	ok 'number and date stand in the same line of text' sh -c \
	    "pdftotext -layout t$turn.2.pdf - | tr -s ' ' |
		grep -Fq 'ngày 05 tháng 01 năm 2026'"
	set -- $(rect 2.pdf vanthu-agency)
	ok 'the seal is where it is upright' inked t$turn.2.pdf red \
	    $(($1 - 1)) $(($2 - 1)) $(($3 + 2)) $(($4 + 2))
done

# ---- what does not go together ----
check 'a number is no number' 2 vanthu-sign $agency --as agency \
    --number QĐ -o no.pdf 1.pdf
check 'a place without an image' 2 vanthu-sign $leader --as person --at 1,2 \
    -o no.pdf a.pdf
check 'a seal for a person' 2 vanthu-sign $leader --as person \
    --image "$person" --seal-width 36 -o no.pdf a.pdf
check 'an image for nobody' 2 vanthu-sign $leader --image "$person" \
    -o no.pdf a.pdf
check 'no image' 6 vanthu-sign $leader --as person --image nothing.png \
    -o no.pdf a.pdf
check 'an image that is none' 4 vanthu-sign $leader --as person \
    --image a.pdf -o no.pdf a.pdf
check 'left blank' 0 vanthu-sign $agency --as agency -o blank.pdf 1.pdf
like 'which is told' "$err" 'number is left blank'
absent 'nothing was written' no.pdf
}
done_testing
