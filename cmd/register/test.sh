#!/bin/sh
# vanthu-register: numbers, books, search, corrections, refusals
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
before=$((year - 1)) after=$((year + 1))

VANTHU_HOME=$tmp/office
export VANTHU_HOME
vanthu-init "$VANTHU_HOME" --organ-id H40.16 --name 'Sở Nội vụ' >/dev/null ||
    bail 'no office'
echo 'nội dung' >cong-van.txt
echo 'phụ lục' >phu-luc.txt
cp cong-van.txt khac-ten.txt
: >rong.txt

# out STATUS WHAT ARG...
out()
{
	status=$1 what=$2
	shift 2
	check "$what" "$status" vanthu-register out "$@"
}
cv="--type CV --notation UBND-NVK"

# records: how many there are
records()
{
	vanthu-register export | wc -l
}

# ---- outgoing ----
# shellcheck disable=SC2086
{
out 0 'a number is taken' $cv --subject 'Về việc đẩy mạnh cải cách thủ tục' \
    cong-van.txt phu-luc.txt
is 'the reference alone is printed' "$(cat "$out")" "out/$year/1"
empty 'and nothing else' "$err"
out 0 'the same again' $cv \
    --subject 'Về việc đẩy mạnh cải cách thủ tục' cong-van.txt phu-luc.txt
is 'is the same record' "$(cat "$out")" "out/$year/1"
out 0 'also by another name, and decomposed' $cv --json \
    --subject "$(printf 'Về việc đẩy mạnh ca\314\211i cách thủ tục')" \
    khac-ten.txt
is 'JSON says that it existed' "$(jq -c '[.ref, .existing]' "$out")" \
    "[\"out/$year/1\",true]"
out 0 'another date is another document' $cv --date "$today" \
    --subject 'Về việc đẩy mạnh cải cách thủ tục' cong-van.txt
is 'no: it is the same date' "$(cat "$out")" "out/$year/1"
out 0 '--again takes a new number' $cv --again --json \
    --subject 'Về việc đẩy mạnh cải cách thủ tục' cong-van.txt
is 'the next one' "$(jq -c '[.ref, .number, .code, .existing]' "$out")" \
    "[\"out/$year/2\",2,\"02/UBND-NVK\",false]"
out 0 'then the latest is found again' $cv \
    --subject 'Về việc đẩy mạnh cải cách thủ tục' cong-van.txt
is 'the second' "$(cat "$out")" "out/$year/2"
out 0 'another subject is another document' $cv --subject 'Khác' cong-van.txt
is 'with its own number' "$(cat "$out")" "out/$year/3"
out 0 'without a file' $cv --subject 'Văn bản giấy' --paper
out 0 'is found again too' $cv --subject 'Văn bản giấy' --paper
is 'as the fourth' "$(cat "$out")" "out/$year/4"
out 0 'all fields' --type QĐ --notation QĐ-UBND --subject 'Về nhân sự' \
    --signer 'Nguyễn Văn A' --competence KT --position 'Phó Chủ tịch' \
    --urgency 'Thượng khẩn' --due "$year-12-31" --pages 3 --copies 12 \
    --keeper 'Văn thư' --place 'Như trên' --place 'Lưu: VT; NVK' \
    --reply-to "out/$year/01" --json cong-van.txt
is 'are kept' "$(jq -c '[.code, .signer, .competence, .position, .urgency,
    .secrecy, .due, .pages, .copies, .keeper, .places, .reply_to, .state,
    .organ_id, (.files | length)]' "$out")" \
    "[\"05/QĐ-UBND\",\"Nguyễn Văn A\",\"KT\",\"Phó Chủ tịch\",\"thuong-khan\",\"none\",\"$year-12-31\",3,12,\"Văn thư\",[\"Như trên\",\"Lưu: VT, NVK\"],\"out/$year/1\",\"registered\",\"H40.16\",1]"
out 0 'another series has its own numbers' --type NQ --notation NQ-HĐND \
    --series HĐND --subject 'Kỳ họp'
is 'from one' "$(cat "$out")" "out.HĐND/$year/1"
out 0 'standard input' $cv --subject 'Từ ống' - <cong-van.txt
is 'is a file' "$(vanthu-register show --json "$(cat "$out")" |
    jq -r '.files[0].sha256')" "sha256:$(sha256sum <cong-van.txt | cut -c1-64)"
out 0 'an empty file' $cv --subject 'Rỗng' rong.txt
like 'is taken with a warning' "$err" 'warning: rong\.txt is empty'

# ---- what is refused ----
n=$(records) objects=$(find office/objects -type f | wc -l)
out 2 'a type that is none' --type XX --notation XX-A --subject x
out 2 'a type in small letters' --type qđ --notation qđ-A --subject x
out 2 'QD is not QĐ' --type QĐ --notation QD-UBND --subject x
like 'it says what is meant' "$err" '"QĐ" is'
out 2 'QĐ is not QyĐ' --type QĐ --notation QyĐ-UBND --subject x
out 2 'a space' --type QĐ --notation 'QĐ -UBND' --subject x
out 2 'a letter and its type' --type CV --notation QĐ-UBND --subject x
out 2 'no notation' --type QĐ --subject x
out 2 'an empty subject' $cv --subject ' '
out 2 'a subject of 501 characters' $cv \
    --subject "$(printf '%0501d' 0)"
out 2 'an urgency that is none' $cv --subject x --urgency sometime
out 2 'a secrecy that is none' $cv --subject x --secrecy sometime
out 2 'a competence that is none' $cv --subject x --competence XX
out 2 'a day that is none' $cv --subject x --date "$year-02-30"
out 2 'a due date before the date' $cv --subject x --due "$before-12-31"
out 2 'a series that is none' $cv --subject x --series 'a/b'
out 2 'pages below zero' $cv --subject x --pages -1
out 1 'an answer to a record that is not there' $cv --subject x \
    --reply-to "out/$year/99"
out 6 'a file that is not there' $cv --subject x cong-van.txt nowhere.txt
like 'it is named' "$err" 'nowhere\.txt'
out 6 'a folder' $cv --subject x "$tmp"
out 4 'a device' $cv --subject x /dev/null
out 8 'a date in the future' $cv --subject x --date "$after-01-01"
out 8 'a date before the last one' $cv --subject x --date 2020-01-01
for s in mat toi-mat tuyet-mat Mật 'TỐI MẬT' 'Tuyệt mật'; do
	echo "bimat$s" >secret.txt
	out 8 "secrecy $s" $cv --subject "chuyệnbímật" --secrecy "$s" \
	    secret.txt
	unlike 'its subject is not told' "$err" 'chuyệnbímật'
done
is 'no record of all these' "$(records)" "$n"
is 'no file either' "$(find office/objects -type f | wc -l)" "$objects"
}
check 'nothing of the secret is in the office' 1 \
    grep -raq -e bimat -e 'chuyệnbímật' -e 'chuyenbimat' office

# ---- incoming ----
# in STATUS WHAT ARG...
in_()
{
	status=$1 what=$2
	shift 2
	check "$what" "$status" vanthu-register in "$@"
}
in_ 0 'an incoming document' --from 000.00.00.G22 --code '5/QĐ-TTg' \
    --date 2026-10-19 --type QĐ --subject 'Đôn đốc thực hiện' cong-van.txt
is 'has its arrival number' "$(cat "$out")" "in/$year/1"
like 'a deviation is a warning' "$err" 'warning: .*one zero before it'
in_ 0 'the same code, written otherwise' --from 000.00.00.G22 \
    --code '05 / QĐ-TTg' --date 2026-10-20 --type QĐ --subject 'Nữa' --json
is 'is kept as it was written' "$(jq -r .code "$out")" '05 / QĐ-TTg'
like 'and is told as a duplicate' "$err" "in/$year/1 has the same code"
in_ 0 'a Party body, by its name' --from 'Tỉnh ủy' --code '15-QĐ/TU' \
    --date "$before-12-31" --type NQ --subject 'Nghị quyết' \
    --arrived "$year-01-01T00:00:00+07:00" --urgency khan --json
is 'is taken' "$(jq -c '[.ref, .code, .organ_id, .organ_name, .urgency,
    .arrived]' "$out")" \
    "[\"in/$year/3\",\"15-QĐ/TU\",null,\"Tỉnh ủy\",\"khan\",\"$before-12-31T17:00:00Z\"]"
in_ 0 'an arrival of another year' --from H40 --code 1/CV --type CV \
    --date "$before-12-30" --arrived "$before-12-31T17:00:00Z" \
    --subject 'Giao thừa'
is 'is of the year at +07:00' "$(cat "$out")" "in/$year/4"
in_ 0 'and just before' --from H40 --code 2/CV --type CV \
    --date "$before-12-30" --arrived "$before-12-31T16:59:59Z" \
    --subject 'Giao thừa'
is 'of the year before' "$(cat "$out")" "in/$before/1"
in_ 0 'a type of law' --from H40 --code 30/2020/NĐ-CP --type NĐ \
    --date 2020-03-05 --subject 'Về công tác văn thư'
like 'with a warning' "$err" 'warning: .*"NĐ"'
n=$(records)
in_ 2 'no code' --from H40 --type CV --date 2026-01-01 --subject x
in_ 2 'an id that is none' --from H40..1 --code 1/A --type CV \
    --date 2026-01-01 --subject x
in_ 8 'an arrival in the future' --from H40 --code 1/A --type CV \
    --date 2026-01-01 --subject x --arrived 2100-01-01
in_ 8 'a secret' --from H40 --code 1/A --type CV --date 2026-01-01 \
    --subject chuyệnbímật --secrecy tuyet-mat
is 'none of these is there' "$(records)" "$n"

# ---- list ----
# list WANT QUERY...: how many records it finds
list()
{
	want=$1
	shift
	is "list $*" "$(vanthu-register list "$@" 2>/dev/null | wc -l)" "$want"
}
check 'list' 0 vanthu-register list out --limit 1
is 'newest first' "$(sed 's/ .*//' "$out")" "out/$year/7"
list 2 cai cach thu tuc
list 2 'cải cách'
list 2 THỦ TỤC cai
list 0 'cái cách'
list 1 don doc
list 1 'đôn đốc'
list 2 day manh
list 0 out don doc
list 1 in don doc
list 7 out
list 1 out.HĐND
list 1 in --year "$before"
list 0 in --year "$((before - 1))"
list 1 --from 2026-10-19 --to 2026-10-19
list 1 'nguyen van a'
list 1 out 02/UBND-NVK
check 'nothing found' 1 vanthu-register list chẳng có gì
empty 'is silent' "$out"
check 'no query language' 1 vanthu-register list 'nothing*" OR "x'
check 'JSON' 0 vanthu-register list --json out --limit 2
is 'one object a line' "$(jq -r .ref "$out" | tr '\n' ' ')" \
    "out/$year/7 out/$year/6 "
is 'the schema comes first' "$(head -c 31 "$out" | head -n 1)" \
    '{"schema":"vanthu.register/1","'
check 'a limit of none' 2 vanthu-register list --limit 0
check 'a date that is none' 2 vanthu-register list --from yesterday

# ---- show ----
check 'show' 0 vanthu-register show "out/$year/0005"
like 'all fields' "$out" 'signer: Nguyễn Văn A'
like 'when, on the clock of the office' "$out" \
    '^    registered: [0-9-]+T[0-9:]+[+]07:00$'
like 'its history' "$out" 'registered$'
check 'by number and notation' 0 vanthu-register show --json 5/QĐ-UBND
is 'is the same' "$(jq -r .ref "$out")" "out/$year/5"
is 'history in JSON' "$(jq -r '.history[0].what' "$out")" registered
check 'no such record' 1 vanthu-register show "out/$year/99"
first=out/$year/1
check 'a file of it, written out' 0 vanthu-register show "$first" \
    --extract phu-luc.txt -o annex.txt
like 'which is told, with its digest' "$out" \
    "^$first: phu-luc.txt, .*$(sha256sum <phu-luc.txt | cut -c 1-64), as annex"
ok 'to the byte' cmp phu-luc.txt annex.txt
check 'by its digest, to standard output' 0 vanthu-register show "$first" \
    --extract "$(sha256sum <cong-van.txt | cut -c 1-64)" -o -
is 'and nothing beside it' "$(sha256sum <"$out")" \
    "$(sha256sum <cong-van.txt)"
check 'as JSON' 0 vanthu-register show --json "$first" \
    --extract cong-van.txt -o main.txt
is 'what it is' "$(jq -c '[.ref, .name, .sha256, .size, .derived, .output]' \
    "$out")" "[\"$first\",\"cong-van.txt\",\"sha256:$(sha256sum \
    <cong-van.txt | cut -c 1-64)\",$(wc -c <cong-van.txt),false,\"main.txt\"]"
check 'nothing is overwritten' 6 vanthu-register show "$first" \
    --extract cong-van.txt -o annex.txt
ok 'nothing at all' cmp phu-luc.txt annex.txt
check 'a file that it has not' 1 vanthu-register show "$first" \
    --extract khac.txt -o no
check 'of no record' 1 vanthu-register show "out/$year/99" \
    --extract cong-van.txt -o no
check 'to nowhere' 2 vanthu-register show "$first" --extract cong-van.txt
check 'nothing' 2 vanthu-register show "$first" -o no
check 'of several records' 2 vanthu-register show "$first" "$first" \
    --extract cong-van.txt -o no
check 'both on standard output' 2 vanthu-register show --json "$first" \
    --extract cong-van.txt -o -
object=$(sha256sum <phu-luc.txt | sed 's,^\(..\)\(.\{62\}\).*,objects/\1/\2,')
chmod u+w "$VANTHU_HOME/$object"
cp "$VANTHU_HOME/$object" kept
echo changed >>"$VANTHU_HOME/$object"
check 'one that was changed' 6 vanthu-register show "$first" \
    --extract phu-luc.txt -o no
like 'is told' "$err" 'changed since it was kept'
check 'also to standard output' 6 vanthu-register show "$first" \
    --extract phu-luc.txt -o -
empty 'of which nothing is written' "$out"
rm "$VANTHU_HOME/$object"
check 'one that is missing' 6 vanthu-register show "$first" \
    --extract phu-luc.txt -o no
cp kept "$VANTHU_HOME/$object"
absent 'nothing is written' no
check 'several: all are tried' 1 vanthu-register show --json "out/$year/99" \
    "out/$year/1"
is 'one line each' "$(wc -l <"$out")" 2
check 'what is no reference' 2 vanthu-register show letter.pdf

# ---- set ----
check 'set' 0 vanthu-register set 5/QĐ-UBND 'subject=Về cán bộ' pages=4 \
    --reason 'nhầm'
check 'show' 0 vanthu-register show --json "out/$year/5"
is 'the correction is there' "$(jq -c '[.subject, .pages]' "$out")" \
    '["Về cán bộ",4]'
is 'the history says what was' \
    "$(jq -r '.history[-1] | .what + " " + .reason + " " + .detail' "$out")" \
    'corrected nhầm {"subject":["Về nhân sự","Về cán bộ"],"pages":["3","4"]}'
list 1 can bo
list 0 nhan su
check 'no reason' 2 vanthu-register set 5/QĐ-UBND subject=x
check 'an empty reason' 2 vanthu-register set 5/QĐ-UBND subject=x --reason ' '
check 'no such field' 2 vanthu-register set 5/QĐ-UBND number=9 --reason x
check 'no value of it' 2 vanthu-register set 5/QĐ-UBND due=soon --reason x
check 'a rule is broken' 2 vanthu-register set 5/QĐ-UBND notation=A-B \
    --reason x
check 'a secret' 8 vanthu-register set 5/QĐ-UBND secrecy=mat --reason x
check 'states follow from signing and sending' 8 \
    vanthu-register set 5/QĐ-UBND state=issued --reason x
check 'the code before issue' 0 vanthu-register set "out/$year/4" \
    code=04/UBND-VP --reason 'sai đơn vị'
check 'not its number' 2 vanthu-register set "out/$year/4" code=09/UBND-VP \
    --reason x
check 'paper is issued by hand' 0 vanthu-register set "out/$year/4" \
    state=issued --reason 'đã gửi bưu điện'
check 'then the code is locked' 8 vanthu-register set "out/$year/4" \
    notation=UBND-NVK --reason x
check 'and the date' 8 vanthu-register set "out/$year/4" "date=$today" \
    --reason x
check 'and the files' 8 vanthu-register attach "out/$year/4" cong-van.txt
like 'and it says so' "$err" '"files" can no longer be changed'
check 'not the keeper' 0 vanthu-register set "out/$year/4" keeper=VP \
    --reason 'bổ sung'
check 'an issued one is not found again' 0 vanthu-register out --type CV \
    --notation UBND-VP --subject 'Văn bản giấy'
is 'but is a new one' "$(cat "$out")" "out/$year/8"
check 'an incoming one goes on' 0 vanthu-register set "in/$year/1" \
    state=processing keeper='Phòng NVK' --reason 'giao việc'
check 'and not back' 8 vanthu-register set "in/$year/1" state=assigned \
    --reason x

# ---- attach, return ----
check 'attach' 0 vanthu-register attach "out/$year/3" phu-luc.txt
check 'the same again' 0 vanthu-register attach "out/$year/3" phu-luc.txt
is 'is there once' "$(vanthu-register show --json "out/$year/3" |
    jq -c '[.files[].name]')" '["cong-van.txt","phu-luc.txt"]'
check 'return' 0 vanthu-register return "in/$year/2" --reason 'gửi nhầm'
check 'again is as good' 0 vanthu-register return "in/$year/2" --reason 'nhầm'
is 'it is returned' "$(vanthu-register show --json "in/$year/2" |
    jq -r .state)" returned
check 'without a reason' 2 vanthu-register return "in/$year/3"
check 'an outgoing one' 2 vanthu-register return "out/$year/1" --reason x
check 'who works on it was told' 0 vanthu-register told "in/$year/1" \
    --reason 'đã báo Phòng NVK'
check 'what is known' 0 vanthu-register show "in/$year/1"
like 'has it' "$out" 'told of: đã báo Phòng NVK$'
check 'how, is to be said' 2 vanthu-register told "in/$year/1"
check 'so was who drafted one of what came back' 0 vanthu-register told \
    "out/$year/1" --reason 'đã báo Phòng NVK'
check 'one that is in work' 8 vanthu-register return "in/$year/1" --reason x

# ---- export, import ----
check 'export' 0 vanthu-register export
cp "$out" all.jsonl
is 'all of it' "$(wc -l <all.jsonl)" "$(records)"
vanthu-init other --organ-id H41 --name Khác >/dev/null
check 'import elsewhere' 0 vanthu-register import all.jsonl --home other
like 'files that are not here are told' "$err" 'warning: [0-9]+ files'
check 'export there' 0 vanthu-register export --home other
cp "$out" there.jsonl
ok 'gives the same' cmp there.jsonl all.jsonl
check 'import again' 0 vanthu-register import --home other - <all.jsonl
like 'enters nothing' "$out" '^0 entered, '
check 'numbers go on behind' 0 vanthu-register out --home other --type CV \
    --notation A-B --subject x
is 'the imported ones' "$(cat "$out")" "out/$year/9"
check 'the search knows them' 0 vanthu-register list --home other don doc

head -n 1 all.jsonl >one.jsonl
{
	jq -c '.number = 50 | .ref = "out/'"$year"'/50" | .code = "50/UBND-NVK"' \
	    one.jsonl
	echo
	echo 'not JSON'
	jq -c '.subject = "chuyệnbímật" | .secrecy = "toi-mat" | .number = 51
	    | del(.ref) | del(.code)' one.jsonl
	jq -c '.subject = "Khác hẳn"' one.jsonl
	jq -c 'del(.number) | del(.ref)' one.jsonl
	jq -c '.number = 52' one.jsonl
	jq -c '.number = 53 | del(.ref) | .code = "54/A-B"' one.jsonl
	echo '{"book":"out","book":"in"}'
	jq -c '.number = 55 | del(.ref) | del(.code) | .date = "hôm qua"' \
	    one.jsonl
	printf '{"subject":"\377"}\n'
	jq -c '.number = 56 | .ref = "out/'"$year"'/56" | .code = "56/UBND-NVK"' \
	    one.jsonl | tr -d '\n'
} >mixed.jsonl
check 'a mixed import: the worst status' 4 vanthu-register import \
    mixed.jsonl --home other
like 'what is good is entered' "$out" '^2 entered, 0 there already, 9 refused$'
like 'a refusal names its line' "$err" 'mixed\.jsonl:3: '
check 'a secret alone' 8 sh -c '
	sed -n 4p mixed.jsonl | vanthu-register import - --home other'
check 'nothing of it is there' 1 grep -raq -e 'chuyệnbímật' \
    -e 'chuyenbimat' other
check 'another record has its number' 8 sh -c '
	sed -n 5p mixed.jsonl | vanthu-register import - --home other'
printf '{"subject":"%02000000d"}' 0 >long.jsonl
check 'a line of two million bytes' 4 vanthu-register import long.jsonl
check 'no file' 6 vanthu-register import nowhere.jsonl
: >empty.jsonl
check 'an empty file' 0 vanthu-register import empty.jsonl

# ---- check ----
check 'the books are sound' 0 vanthu-register check
object=$(find office/objects -type f | head -n 1)
mv "$object" away
check 'a missing file' 1 vanthu-register check --json
is 'names the record' "$(jq -r .where "$out" | head -n 1)" \
    "$(vanthu-register export | jq -r --arg h \
	"sha256:$(sha256sum <away | cut -c1-64)" \
	'select(.files[].sha256 == $h).ref' | head -n 1)"
mv away "$object"
cp -R office broken
sqlite3 broken/register.db 'UPDATE book SET next = 99'
check 'a gap' 1 vanthu-register check --home broken
dd if=/dev/urandom of=broken/register.db bs=4096 seek=1 count=20 \
    conv=notrunc 2>/dev/null
check 'a damaged book' 6 vanthu-register list --home broken
like 'says so' "$err" 'damaged'
rm -f broken/register.db*
check 'no book' 6 vanthu-register list --home broken
check 'no office' 6 vanthu-register list --home nowhere
like 'says so' "$err" 'there is no office in nowhere'

# ---- many at once ----
check '8 processes, 25 documents each' 0 \
    sh "$VANTHU_SOURCE/cmd/register/storm.sh" 8 25
diag "$(cat "$out")"

# ---- other days ----
if have faketime && faketime "$after-01-01" vanthu-register --version \
    >"$out" 2>"$err" && [ ! -s "$err" ]; then
	check 'the year ends at +07:00' 0 env TZ=UTC faketime \
	    "$after-12-31 16:59:30" vanthu-register out --type CV \
	    --notation A-B --subject 'Cuối năm'
	is 'the old one' "$(cat "$out")" "out/$after/1"
	check 'and the new one begins' 0 env TZ=UTC faketime \
	    "$after-12-31 17:00:30" vanthu-register out --type CV \
	    --notation A-B --subject 'Đầu năm'
	is 'from one' "$(cat "$out")" "out/$((year + 2))/1"
	(
		flock 9
		TZ=UTC faketime -f "@$((year + 2))-12-31 16:59:58" \
		    vanthu-register out --type CV --notation A-B \
		    --subject 'Giao thừa' 9>&- >turn 2>"$err" &
		sleep 4
		flock -u 9
		wait $!
	) 9>>"$VANTHU_HOME/register.db.lock"
	is 'who waited over midnight has the number of the new day' \
	    "$(cat turn)" "out/$((year + 3))/1"
	check 'a clock that went back' 8 vanthu-register out --type CV \
	    --notation A-B --subject 'Đồng hồ sai'
else
	skip 'faketime does not work with this build' 6
fi

# ---- cron, languages, a full disk, hostile text ----
check 'env -i' 0 env -i "$VANTHU_BIN/vanthu-register" list \
    --home "$VANTHU_HOME" cải cách
is 'finds the same' "$(wc -l <"$out")" 2
hostile=$(printf '\033[31mđỏ\033[0m \342\200\256ngược')
check 'a control character' 2 vanthu-register out --type CV --notation A-B \
    --subject "$hostile"
unlike 'does not reach the terminal' "$err" "$(printf '\033')"
touch "$(printf 'te\033[31mp\377.txt')"
check 'a hostile file name' 0 vanthu-register in --from H40 --code 9/A-B \
    --date 2026-01-01 --type CV --subject 'Tên lạ' te*.txt
check 'is shown' 0 vanthu-register show "in/$year/6"
unlike 'without acting' "$out" "$(printf '\033')"
like 'and in UTF-8' "$out" 'te_\[31mp_\.txt'
if [ "$(id -u)" -eq 0 ] && mkdir full &&
    mount -t tmpfs -o size=640k tmpfs full 2>/dev/null; then
	vanthu-init full/office --organ-id H40 --name T >/dev/null
	dd if=/dev/zero of=big bs=1024 count=600 2>/dev/null
	check 'a full disk' 6 vanthu-register out --home full/office \
	    --type CV --notation A-B --subject x big
	like 'is told' "$err" 'no space left'
	is 'and leaves no file' \
	    "$(find full/office/objects -type f | wc -l)" 0
	dd if=/dev/zero of=full/fill bs=1024 2>/dev/null
	check 'not even a row' 6 vanthu-register out --home full/office \
	    --type CV --notation A-B --subject x
	like 'is told, too' "$err" 'no space left'
	rm full/fill
	check 'afterwards' 0 vanthu-register out --home full/office \
	    --type CV --notation A-B --subject x
	is 'the first number' "$(cat "$out")" "out/$year/1"
	check 'and sound books' 0 vanthu-register check --home full/office
	umount full
else
	skip 'no small file system can be mounted here' 8
fi
check 'lost output' 6 sh -c 'vanthu-register list >/dev/full'
check 'no verb' 2 vanthu-register
check 'print is for later' 2 vanthu-register print out

# ---- the manual's examples ----
vanthu-init example --organ-id H40 --name T >/dev/null
VANTHU_HOME=$tmp/example
cp cong-van.txt cong-van.pdf
run_examples vanthu-register.1 10 \
    's,in/2026/1 --extract cong-van.incoming,1/UBND-NVK --extract cong-van,'

done_testing
