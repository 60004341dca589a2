#!/bin/sh
# vanthu-sign --as agency on a document that has its number, date or seal
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have pdfsig pdftotext qpdf || skip_all 'poppler-utils or qpdf is missing'
agency="--home none --p12 $pki/agency.p12 --passphrase file:$pki/passphrase"
leader="--home none --p12 $pki/officer-ec.p12 --passphrase file:$pki/passphrase"

seal=$data/stamp/seal.png

# valid FILE N: N signatures that hold
# shellcheck disable=SC2317 # called by ok
valid()
{
	[ "$(pdfsig -nocert "$1" | grep -c 'Signature is Valid')" = "$2" ]
}

# again FILE NUMBER DATE [STATUS]: the agency once more, without a seal
again()
{
	rm -f again.pdf
	check "$1: $2 of $3" "${4:-0}" vanthu-sign $agency --as agency \
	    --number "$2" --date "$3" -o again.pdf "$1"
	[ "${4:-0}" = 0 ] || absent 'nothing is written' again.pdf
}

# shellcheck disable=SC2086
{
vanthu-sign -q $leader --as person --image "$data/stamp/person.png" \
    --below 'GIÁM ĐỐC' -o leader.pdf "$data/quickstart/cong-van.pdf" \
    >/dev/null 2>"$err" || bail 'the leader does not sign'
vanthu-sign -q $leader -o others.pdf "$data/quickstart/cong-van.pdf" \
    >/dev/null 2>"$err" || bail 'the leader does not sign'
# Fields that the leader's signature brought, or signatures of their own.
check 'number and date into fields' 0 vanthu-sign -q $agency --as agency \
    --image "$seal" --number 5/STNA-VP --date 2026-01-05 -o fields.pdf \
    leader.pdf
check 'number and date as signatures' 0 vanthu-sign -q $agency --as agency \
    --number 5/STNA-VP --date 2026-01-05 -o signatures.pdf others.pdf
for file in fields.pdf signatures.pdf; do
	again $file 5/STNA-VP 2026-01-05
	unlike 'and no warning of them' "$err" 'number|date'
	ok 'all hold' valid again.pdf "$(($(pdfsig -nocert $file |
	    grep -c 'Signature is Valid') + 1))"
	is 'the number stands there once' \
	    "$(pdftotext -layout again.pdf - | grep -c 'Số: *05')" 1
	again $file 05/STNA-VP 2026-01-05
	again $file 6/STNA-VP 2026-01-05 8
	like 'the rule' "$err" "$file: NĐ 30/2020, Annex I, II.3: "
	like 'both are named' "$err" 'has the number 05.* already, not 06/STNA-VP'
	again $file 50/STNA-VP 2026-01-05 8
	again $file 5/STNA-VP 2026-01-06 8
	like 'the rule' "$err" "$file: NĐ 30/2020, Annex I, II.4: "
	like 'both are named' "$err" \
	    'has the date ".*05.*" already, not "ngày 06 tháng 01 năm 2026"'
	again $file 5/STNA-VP 2027-01-05 8
done
# The notation of these is printed: it is told where it differs.
again fields.pdf 5/STNA-XX 2026-01-05 8
like 'both are named' "$err" 'the number 05/STNA-VP already, not 05/STNA-XX'
again signatures.pdf 5/STNA-XX 2026-01-05
like 'that is a warning' "$err" 'notation printed on page 1 is another'
# Who gives none changes none.
check 'no number and no date' 0 vanthu-sign $agency --as agency \
    -o none.pdf fields.pdf
ok 'all hold' valid none.pdf 3

# ---- filled before anybody signed: what is held and what is seen ----
# filled FILE V SHOWN [KEYS]: the field, with a value that shows another maybe
filled()
{
	cat >plain <<END
%PDF-1.7
1 0 obj
<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [ 4 0 R ] >> >>
endobj
2 0 obj
<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Annots [ 4 0 R ] >>
endobj
4 0 obj
<< /Type /Annot /Subtype /Widget /FT /Tx /T (vanthu-number) /Ff 1 /F 4
/Rect [ 60 790 200 810 ] /V $2 /AP << /N 5 0 R >> ${4-} >>
endobj
5 0 obj
<< /Type /XObject /Subtype /Form /BBox [ 0 0 140 20 ] /Length 6 0 R /Resources
<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding
/WinAnsiEncoding >> >> >> >>
stream
BT /F 9 Tf 2 5 Td $3 Tj ET
endstream
endobj
6 0 obj
$((27 + ${#3}))
endobj
trailer << /Root 1 0 R /Size 7 >>
startxref
0
%%EOF
END
	qpdf --warning-exit-0 plain plain.pdf 2>"$err" && rm -f "$1" &&
	    vanthu-sign -q $leader -o "$1" plain.pdf >/dev/null 2>"$err" ||
	    bail "no PDF with a field: $(cat "$err")"
}
filled held.pdf '(05/STNA-VP)' '(05/STNA-VP)'
again held.pdf 5/STNA-VP 2026-01-05
again held.pdf 6/STNA-VP 2026-01-05 8
filled seen.pdf '(05/STNA-VP)' '(06/STNA-VP)'
again seen.pdf 5/STNA-VP 2026-01-05 8
like 'what is seen is told' "$err" 'the number 06/STNA-VP already'
again seen.pdf 6/STNA-VP 2026-01-05 8
like 'what is held is told' "$err" 'the number 05/STNA-VP already'
filled blind.pdf '(05/STNA-VP)' '()'
again blind.pdf 5/STNA-VP 2026-01-05 8
like 'nothing is seen' "$err" 'vanthu-number .* cannot be read'
filled name.pdf '/05' '(05/STNA-VP)'
again name.pdf 5/STNA-VP 2026-01-05 8
filled hidden.pdf '(05/STNA-VP)' '(05/STNA-VP)' \
    '/OC << /Type /OCG /Name (x) >>'
again hidden.pdf 5/STNA-VP 2026-01-05 8
like 'it might not be seen' "$err" 'field vanthu-number .*might not be seen'

# ---- pages that are turned ----
qpdf --rotate=+90 "$data/quickstart/cong-van.pdf" t.pdf
vanthu-sign -q $leader -o t1.pdf t.pdf >/dev/null 2>"$err"
check 'on a turned page' 0 vanthu-sign -q $agency --as agency \
    --number 5/STNA-VP --number-at 60,300 --date 2026-01-05 --date-at 60,200 \
    -o turned.pdf t1.pdf
again turned.pdf 5/STNA-VP 2026-01-05
again turned.pdf 7/STNA-VP 2026-01-05 8

# ---- of a record, whose number and date are the register's ----
vanthu-init office --organ-id T01.TEST --name Test >"$out" 2>"$err" &&
    printf '[sign]\nunattended = yes\n' >>office/vanthu.conf
vanthu-register --home office out --type CV --notation STNA-VP \
    --subject 'Thử' fields.pdf >ref 2>"$err" ||
    bail "no record: $(cat "$err")"
check 'a record with another number' 8 vanthu-sign --home office \
    --p12 "$pki/agency.p12" --passphrase "file:$pki/passphrase" --chain \
    "$pki/duty-ca.crt" --as agency "$(cat ref)"
like 'both are named' "$err" 'the number 05/STNA-VP already, not 01/STNA-VP'
is 'it is not signed' "$(vanthu-register --home office show --json \
    "$(cat ref)" | grep -c '"state":"registered"')" 1
}
done_testing
