#!/bin/sh
# vanthu-pack: the envelope, what it is made of, what is refused
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

good=$data/envelope/good
VANTHU_HOME=$tmp/none
export VANTHU_HOME
cp "$data/quickstart/cong-van.pdf" letter.pdf
printf 'Phụ lục\n' >'Phụ lục 1.txt'
cat >letter.json <<'END'
{
  "from": {"organ_id": "000.00.16.H40", "name": "Sở Nội vụ tỉnh Nam Định"},
  "to": [{"organ_id": "H37.02.02", "name": "Chi cục Văn thư"}],
  "code": {"number": "05", "notation": "SNV-VP"},
  "promulgation": {"place": "Nam Định", "date": "2026-01-05"},
  "type": "CV",
  "subject": "V/v gửi <văn bản> & \"phụ lục\"",
  "signer": {"competence": "KT. GIÁM ĐỐC", "name": "Trần Thị Bình"},
  "priority": 1
}
END
cat >status.json <<'END'
{"kind": "status", "from": {"organ_id": "H37.02.02", "name": "Chi cục"},
 "response_for": [{"organ_id": "000.00.16.H40", "code": "05/SNV-VP",
   "date": "2026-01-05", "document_id": "000.00.16.H40,2026/01/05,05/SNV-VP"}],
 "status": {"code": "03", "description": "Đã tiếp nhận",
   "timestamp": "2026-01-05T03:04:05Z"}}
END

# ---- a document ----
check 'a letter and its appendix' 0 vanthu pack --meta letter.json \
    -o letter.edxml letter.pdf 'Phụ lục 1.txt'
is 'the id that was made is told' "$(cat "$out")" \
    '000.00.16.H40,2026/01/05,05/SNV-VP'
check 'it is read back' 0 vanthu unpack --list --json letter.edxml
is 'the header' "$(jq -c '[.kind, .document_id, .code, .type, .type_code,
    .subject, .promulgation.date, .priority, .business.type,
    .trace[0].organ_id, .signature]' "$out")" \
    '["document","000.00.16.H40,2026/01/05,05/SNV-VP",{"number":"05","notation":"SNV-VP"},"Công văn",{"type":2,"detail":18},"V/v gửi <văn bản> & \"phụ lục\"","2026-01-05",1,"new","000.00.16.H40","absent"]'
is 'the attachments' \
    "$(jq -c '[.attachments[] | [.name, .content_type, .encoding]]' "$out")" \
    '[["letter.pdf","application/pdf","raw"],["Phụ lục 1.txt","application/zip","zip"]]'
mkdir o
check 'and unpacked' 0 vanthu unpack -C o letter.edxml
ok 'the PDF is the same' cmp letter.pdf o/letter.pdf
ok 'the text is the same' cmp 'Phụ lục 1.txt' 'o/Phụ lục 1.txt'

# ---- what others make of it ----
like 'the literal prefix is there' letter.edxml '<edXML:MessageHeader>'
like 'and none on the attachments' letter.edxml '<ContentTransferEncoded>UEsDB'
if have xmllint; then
	check 'xmllint finds it well-formed' 0 \
	    xmllint --nonet --noout letter.edxml
	is 'and what is in it' "$(xmllint --nonet --xpath \
	    'string(//*[local-name()="Subject"])' letter.edxml)" \
	    'V/v gửi <văn bản> & "phụ lục"'
else
	skip 'no xmllint' 2
fi
sed -n 's/.*<ContentTransferEncoded>\(UEsDB[^<]*\).*/\1/p' letter.edxml |
    base64 -d >member.zip
if have unzip; then
	check 'unzip tests the member' 0 unzip -tqq member.zip
	unzip -p member.zip >member.txt
	ok 'and finds the text' cmp member.txt 'Phụ lục 1.txt'
	is 'under an id with its extension' "$(unzip -Z1 member.zip |
	    grep -Ec '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.txt$')" 1
else
	skip 'no unzip' 3
fi
is 'deflated, without a data descriptor, with the flag of UTF-8' \
    "$(od -An -tu1 -j6 -N4 member.zip | tr -s ' ')" ' 0 8 8 0'
at=$(od -An -tu4 -j$(($(wc -c <member.zip) - 6)) -N4 member.zip)
is 'in the directory, too' \
    "$(od -An -tu1 -j$((at + 8)) -N4 member.zip | tr -s ' ')" ' 0 8 8 0'

# ---- again ----
vanthu unpack --list --json letter.edxml >again.json
check 'what unpack tells can be packed' 0 vanthu pack --meta again.json \
    -o again.edxml letter.pdf 'Phụ lục 1.txt'
ok 'to the same bytes' cmp letter.edxml again.edxml
(LC_ALL=C && export LC_ALL && env -i TZ=America/Lima \
    "$VANTHU_BIN/vanthu-pack" --meta again.json -o cron.edxml letter.pdf \
    'Phụ lục 1.txt') >"$out" 2>"$err"
ok 'in cron and another zone too' cmp letter.edxml cron.edxml
for kind in java-document net-document other-prefix update replace; do
	vanthu unpack --list --json "$good/$kind.edxml" >meta.json
	check "$kind is written" 0 vanthu pack --meta meta.json \
	    -o "$kind.edxml" letter.pdf
	vanthu unpack --list --json "$kind.edxml" |
	    jq -c 'del(.file, .attachments, .signature, .type_code,
	    .type_meant, .trace)' >one.json
	jq -c 'del(.file, .attachments, .signature, .type_code,
	    .type_meant, .trace)' meta.json |
	    sed 's/"steering_type":null/"steering_type":0/' >two.json
	ok "$kind says the same" cmp one.json two.json
done
# what stands beside another type stays there
for kind in update replace; do
	vanthu unpack --list --json "$good/$kind.edxml" |
	    jq '.business.type = "new"' >meta.json
	check "what is said beside the type, of $kind" 0 vanthu pack \
	    --meta meta.json -o "beside-$kind.edxml" letter.pdf
	is 'is written' "$(vanthu unpack --list --json "beside-$kind.edxml" |
	    jq -c .business)" "$(jq -c .business meta.json)"
done

# ---- a status ----
check 'a status message' 0 vanthu pack --meta status.json -o status.edxml
empty 'tells nothing' "$out"
vanthu unpack --list --json status.edxml >"$out"
is 'is read back' "$(jq -c '[.kind, .status.code, .status.description,
    .status.timestamp, .response_for[0].date]' "$out")" \
    '["status","03","Đã tiếp nhận","2026-01-05T03:04:05Z","2026-01-05"]'
for code in 01 02 03 04 05 06 13 15 16; do
	jq --arg code $code '.status.code = $code' status.json >one.json
	check "status $code" 0 vanthu pack --meta one.json -o "$code.edxml"
	is "status $code is read back" \
	    "$(vanthu unpack --list --json "$code.edxml" |
		jq -r .status.code)" "$code"
done
for code in 00 07 12 14 17 99; do
	jq --arg code $code '.status.code = $code' status.json >one.json
	check "status $code" 4 vanthu pack --meta one.json -o no.edxml
	like "status $code: why" "$err" "StatusCode $code has no meaning"
done
for code in 02 13; do
	jq --arg code $code '.status.code = $code | del(.status.description)' \
	    status.json >one.json
	check "status $code without a reason" 4 \
	    vanthu pack --meta one.json -o no.edxml
	like "status $code without a reason: why" "$err" 'Description is missing'
done
check 'takes no file' 2 vanthu pack --meta status.json -o no.edxml letter.pdf
absent 'and nothing is written' no.edxml

# ---- output ----
check 'as JSON' 0 vanthu pack --json --meta letter.json -o j.edxml letter.pdf
is 'file, id, size, digest' "$(jq -c '[.schema, .file, .kind, .document_id,
    .size, .sha256]' "$out")" \
    "[\"vanthu.pack/1\",\"j.edxml\",\"document\",\"000.00.16.H40,2026/01/05,05/SNV-VP\",$(wc -c <j.edxml),\"sha256:$(sha256sum j.edxml | cut -d' ' -f1)\"]"
check 'to standard output' 0 vanthu pack --meta again.json -o - letter.pdf \
    'Phụ lục 1.txt'
cp "$out" stdout.edxml
ok 'the envelope alone' cmp stdout.edxml letter.edxml
check 'the meta from standard input' 0 feed letter.json \
    vanthu pack --meta - -o stdin.edxml letter.pdf
before=$(sha256sum letter.edxml)
check 'nothing is overwritten' 6 vanthu pack --meta letter.json \
    -o letter.edxml letter.pdf
is 'the file stays' "$(sha256sum letter.edxml)" "$before"
check 'a folder that is not there' 6 vanthu pack --meta letter.json \
    -o nowhere/a.edxml letter.pdf
check 'a full disk' 6 sh -c \
    'vanthu-pack --meta letter.json -o - letter.pdf >/dev/full'

# ---- refusals: status, message, no file ----
# refuse STATUS WHAT REGEX FILTER: the letter's meta changed by jq
refuse()
{
	r_status=$1 r_what=$2 r_says=$3 r_filter=$4
	jq "$r_filter" letter.json >bad.json
	check "$r_what" "$r_status" vanthu pack --meta bad.json -o bad.edxml \
	    letter.pdf
	like "$r_what: says why" "$err" "$r_says"
	absent "$r_what: no file" bad.edxml
}
refuse 4 'an unknown key' 'the key colour is not known in --meta' '.colour = 1'
refuse 4 'an unknown key within' 'the key x is not known in from' '.from.x = 1'
refuse 4 'a number for a text' 'the key number must be a text' \
    '.code.number = 5'
refuse 4 'a text for a number' 'the key priority must be a number' \
    '.priority = "1"'
refuse 4 'a negative number' 'the key priority must be a number' \
    '.priority = -1'
refuse 4 'a priority of 9' 'Priority' '.priority = 9'
refuse 4 'no object' 'the key from must be an object' '.from = "H40"'
refuse 4 'no array' 'the key to must be an array' '.to = {}'
refuse 4 'no date' 'the key date must be a date' \
    '.promulgation.date = "05/01/2026"'
refuse 4 'no such day' 'the key date must be a date' \
    '.promulgation.date = "2026-02-29"'
refuse 4 'no such business' 'must be new, recall' '.business.type = "delete"'
refuse 4 'no such kind' 'must be document or status' '.kind = "letter"'
refuse 4 'no subject' 'Subject is missing' 'del(.subject)'
refuse 4 'no receiver' 'To is missing' '.to = []'
refuse 4 'a receiver twice' 'stands twice in To' '.to += .to'
refuse 4 'a path for an id' 'From/OrganId' '.from.organ_id = "../x"'
refuse 4 'no number' 'CodeNumber is missing' 'del(.code)'
refuse 4 'no date at all' 'PromulgationDate is missing' 'del(.promulgation)'
refuse 4 'an update of nothing' 'Bussiness/DocumentId' \
    '.business.type = "update"'
refuse 4 'a steering of 4' 'SteeringType is 0 to 3, not 4' '.steering_type = 4'
refuse 4 'a receiver without an id' 'Receiver/OrganId is missing' \
    '.business = {type: "update", document_id: "x", receivers: [{change: "added"}]}'
refuse 4 'a replacement of nothing' 'ReplacementInfoList' \
    '.business.type = "replace"'
refuse 4 'a control character' 'a character that XML does not allow' \
    '.subject = "a\u0001"'
refuse 8 'MẬT' 'is not sent over a network' '.type = "MẬT"'
refuse 8 'TUYỆT MẬT' 'is not sent over a network' '.sphere = "TUYỆT MẬT"'
printf '{"from":{},"from":{}}' >bad.json
check 'a key twice' 4 vanthu pack --meta bad.json -o bad.edxml letter.pdf
printf '{"from"' >bad.json
check 'half a meta file' 4 vanthu pack --meta bad.json -o bad.edxml letter.pdf
printf '[]' >bad.json
check 'a meta file of another kind' 4 \
    vanthu pack --meta bad.json -o bad.edxml letter.pdf
check 'no meta file' 6 vanthu pack --meta none.json -o bad.edxml letter.pdf
check 'no such attachment' 6 \
    vanthu pack --meta letter.json -o bad.edxml none.pdf
like 'is named' "$err" 'none.pdf'
check 'a device' 4 vanthu pack --meta letter.json -o bad.edxml /dev/null
like 'is told' "$err" '/dev/null: it is a device, no document'
: >empty.pdf
check 'an empty attachment' 4 \
    vanthu pack --meta letter.json -o bad.edxml letter.pdf empty.pdf
like 'is named' "$err" 'the attachment empty.pdf is empty'
absent 'no file is left' bad.edxml
is 'nor a temporary one' "$(find . -name '.vanthu*' | wc -l)" 0

# ---- names ----
cp letter.pdf "$(printf 'x\033[31m.pdf')"
check 'an escape in a name' 0 vanthu pack --meta letter.json -o esc.edxml \
    "$(printf 'x\033[31m.pdf')"
unlike 'is not sent' esc.edxml "$(printf '\033')"
long='Kế hoạch triển khai công tác văn thư, lưu trữ và quản lý tài liệu điện tử năm 2027.pdf'
cp letter.pdf "$long"
check 'a long name' 0 vanthu pack --meta letter.json -o long.edxml "$long"
is 'is cut to 50 characters, and sent whole beside that' \
    "$(vanthu unpack --list --json long.edxml |
	jq -r '.attachments[0] | .name + "|" + .description')" \
    "Kế hoạch triển khai công tác văn thư, lưu trữ.pdf|$long"

# ---- usage ----
check 'no meta option' 2 vanthu pack -o a.edxml letter.pdf
check 'no output option' 2 vanthu pack --meta letter.json letter.pdf
check 'standard input has no name' 2 \
    vanthu pack --meta letter.json -o a.edxml -
check 'JSON and the envelope do not go together' 2 \
    vanthu pack --json --meta letter.json -o - letter.pdf
check 'an unknown option' 2 vanthu pack --force
absent 'nothing came of it' a.edxml

# ---- the manual's examples ----
rm -f letter.edxml status.edxml
cp 'Phụ lục 1.txt' appendix.txt
sed -n '/^\.Bd -literal/,/^\.Ed/ { /^\./d; p }' \
    "$VANTHU_SOURCE/man/vanthu-pack.1" >letter.json
run_examples vanthu-pack.1 3

done_testing
