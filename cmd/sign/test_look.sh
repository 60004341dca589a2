#!/bin/sh
# vanthu-sign --as attachment, copy, incoming, comment: what is read, and where
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have pdfsig pdftotext qpdf || skip_all 'poppler-utils or qpdf is missing'
agency="--home none --p12 $pki/agency.p12 --passphrase file:$pki/passphrase"
officer="--home none --p12 $pki/officer.p12 --passphrase file:$pki/passphrase"
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--chain $pki/public-ca.crt --crl $pki/trust/crls"
cp "$data/quickstart/cong-van.pdf" a.pdf
printf 'a,b\n' >b.csv
cp b.csv c.csv

# good FILE N: N signatures, which hold for poppler and for us, and a whole PDF
# shellcheck disable=SC2086,SC2317 # called by ok
good()
{
	vanthu-verify $store "$1" >/dev/null && qpdf --check "$1" >/dev/null &&
	    [ "$(pdfsig -nocert "$1" | grep -c 'Signature is Valid')" = "$2" ]
}

# where FILE WORD [HEIGHT]: left, bottom, right, top of it, whole points from the
# lower left of page 1 as it is seen (poppler tells the height of one not turned)
where()
{
	pdftotext -bbox -l 1 "$1" - |
	    awk -F'"' -v word="$2" -v height="${3-842}" '
		$0 ~ ">" word "</word>" {
			printf "%d %d %d %d\n", $2, height - $8, $6, height - $4
			exit
		}'
}

# between LOW VALUE HIGH
# shellcheck disable=SC2317 # called by ok
between()
{
	[ "$2" -ge "$1" ] && [ "$2" -le "$3" ]
}

# shellcheck disable=SC2086
{
# ---- an attachment: number, notation and time, top right of page 1 ----
check 'an attachment' 0 vanthu-sign $agency --as attachment \
    --number 05/QĐ-UBND -o att.pdf a.pdf
like 'its document was not looked at' "$err" 'is attached to'
ok 'holds' good att.pdf 1
ok 'text and time at +07:00, to the letter' sh -c \
    'pdftotext -l 1 att.pdf - | grep -Exq \
	"05/QĐ-UBND; 20[0-9-]{8}T[0-9:]{8}\+07:00"'
# shellcheck disable=SC2046 # four numbers
set -- $(where att.pdf '05/QĐ-UBND;')
ok 'in the right half' between 300 "$1" 595
ok 'in the upper margin' between 800 "$2" 842
check 'an attachment names its document' 2 vanthu-sign $agency \
    --as attachment a.pdf
check 'one that is no PDF' 0 vanthu-sign $agency --as attachment \
    --number 05/QĐ-UBND b.csv
like 'shows nothing, and that is said' "$err" 'shows no number'

# ---- a copy ----
check 'sao y of a scan' 0 vanthu-sign -q $agency --as copy --copy-form sao-y \
    -o copy.pdf a.pdf
ok 'holds' good copy.pdf 1
pdftotext -l 1 copy.pdf - | head -n 2 | tr '\n' ' ' >copy.txt
like 'says what it is and whose' copy.txt \
    'Sao y, Ủy ban nhân dân .*T[0-9:]*[+]07:00'
for form in sao-y sao-luc; do
	check "no $form of an electronic document" 8 vanthu-sign $agency \
	    --as copy --copy-form $form -o no.pdf copy.pdf
	like 'by the decree' "$err" 'NĐ 30/2020/NĐ-CP, 25'
	absent 'and nothing is written' no.pdf
done
check 'trích sao of one' 0 vanthu-sign -q $agency --as copy \
    --copy-form trich-sao -o part.pdf copy.pdf
ok 'holds' good part.pdf 2
check 'which copy?' 2 vanthu-sign $agency --as copy a.pdf
check 'no such copy' 2 vanthu-sign $agency --as copy --copy-form x a.pdf
check 'a copy of what is no PDF' 4 vanthu-sign $agency --as copy \
    --copy-form sao-y c.csv

# ---- the arrival stamp, where there is room, and a comment beside it ----
check 'arrival' 0 vanthu-sign -q $agency --as incoming --number 12 \
    --date 2026-11-05 -o in.pdf att.pdf
check 'a comment on it' 0 vanthu-sign -q $officer --as comment \
    --text 'Giao Phòng Nội vụ tham mưu.' -o said.pdf in.pdf
ok 'three revisions hold' good said.pdf 3
pdftotext -l 1 said.pdf said.txt
for text in ĐẾN 'Số: 12' 'Ngày: 05/11/2026' 'Giao Phòng Nội vụ tham mưu.'; do
	ok "says $text" grep -q "$text" said.txt
done
is 'what was signed before is untouched' \
    "$(head -c "$(wc -c <in.pdf)" said.pdf | cmp - in.pdf && echo same)" same
check 'a number is needed' 2 vanthu-sign $agency --as incoming a.pdf
check 'a text is needed' 2 vanthu-sign $officer --as comment a.pdf
check 'of an empty comment nothing is made' 2 vanthu-sign $officer \
    --as comment --text '' -o no.pdf a.pdf
check 'a text with a bidirectional mark' 4 vanthu-sign $officer --as comment \
    --text "$(printf 'a\342\200\256b')" -o no.pdf a.pdf
absent 'nor is that' no.pdf

# ---- where: the same point as seen, however the page is turned and cut ----
for turn in 0 90 180 270; do
	qpdf --rotate=$turn a.pdf turned$turn.pdf
	check "a page turned by $turn" 0 vanthu-sign -q $officer --as comment \
	    --text Here --at 100,200 -o at$turn.pdf turned$turn.pdf
	ok 'holds' good at$turn.pdf 1
	# shellcheck disable=SC2046 # four numbers
	set -- $(where at$turn.pdf Here $((turn % 180 ? 595 : 842)))
	ok 'the text stands to the right of X' between 100 "$1" 125
	ok 'above Y, upright' between 200 "$2" 225
done
qpdf --qdf a.pdf q.pdf
sed 's|^\( *\)/MediaBox|\1/CropBox [ 50 60 500 700 ]\n&|' q.pdf |
    fix-qdf >cut.pdf
check 'a page that is cut' 0 vanthu-sign -q $officer --as comment --text Here \
    --at 10,20 -o atcut.pdf cut.pdf
# shellcheck disable=SC2046 # four numbers
set -- $(pdftotext -cropbox -bbox -l 1 atcut.pdf - | awk -F'"' '
    />Here</ { printf "%d %d\n", $2, 640 - $8 }')
ok 'X from its edge' between 10 "$1" 35
ok 'Y from its edge' between 20 "$2" 45
check 'below a text' 0 vanthu-sign -q $officer --as comment --text Here \
    --below 'Kính gửi' -o below.pdf a.pdf
# shellcheck disable=SC2046 # four numbers
set -- $(where below.pdf Here) $(where below.pdf Kính)
ok 'it stands under it' between 0 $(($6 - $4)) 20
check 'below a text that is not there' 1 vanthu-sign $officer --as comment \
    --text Here --below 'Chủ tịch' -o no.pdf a.pdf
like 'is said' "$err" 'Chủ tịch'
check 'beside the page' 8 vanthu-sign $officer --as comment --text Here \
    --at 500,20 -o no.pdf a.pdf
like 'is said, with the size of both' "$err" '595 by 842'
check 'no such page' 1 vanthu-sign $officer --as comment --text Here \
    --page 7 -o no.pdf a.pdf
head -c 100 "$data/stamp/person.png" >cut.png
check 'a damaged image' 4 vanthu-sign $officer --as person --image cut.png \
    --at 10,10 -o no.pdf a.pdf
is 'is named once' "$(grep -o 'cut\.png' "$err" | wc -l)" 1
check 'an image that is not there' 6 vanthu-sign $officer --as person \
    --image none.png --at 10,10 -o no.pdf a.pdf
like 'is named, too' "$err" 'none\.png'
for page in -1 -1x 0 1x +1 ' 1' lastx ''; do
	check "no number of a page: '$page'" 2 vanthu-sign $officer \
	    --as comment --text Here --page="$page" -o no.pdf a.pdf
done
for at in 1,2x x1,2 1 '1,' ',2' '1,2,' 1,-2 14401,1; do
	check "no place: $at" 2 vanthu-sign $officer --as comment --text Here \
	    --at "$at" -o no.pdf a.pdf
done
check 'the last page' 0 vanthu-sign -q $officer --as comment --text Here \
    --page last -o last.pdf a.pdf
for at in 1 '1,' ,1 1,2,3 -1,2 1,2x 99999,1; do
	check "--at $at" 2 vanthu-sign $officer --as comment --text Here \
	    --at=$at -o no.pdf a.pdf
done
for page in 0 -2 x 1x; do
	check "--page $page" 2 vanthu-sign $officer --as comment --text Here \
	    --page=$page -o no.pdf a.pdf
done
check 'two ways to say where' 2 vanthu-sign $officer --as comment --text Here \
    --at 1,2 --below x -o no.pdf a.pdf
check 'a place for nothing' 2 vanthu-sign $officer --at 1,2 -o no.pdf a.pdf
check 'no such role' 2 vanthu-sign $officer --as king -o no.pdf a.pdf
check 'a word that goes with another role' 2 vanthu-sign $officer --as comment \
    --text Here --number 5 -o no.pdf a.pdf
check 'no such field' 1 vanthu-sign $officer --field nobody -o no.pdf a.pdf
check 'a record is of an office' 6 vanthu-sign $officer \
    --as comment --text Here out/2026/1
absent 'nothing was written' no.pdf
}
done_testing
