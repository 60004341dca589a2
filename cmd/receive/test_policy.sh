#!/bin/sh
# vanthu-receive: whose signature it is, and what the office wants done
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
have jq || skip_all "no jq"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
make_offices >/dev/null 2>&1 || bail "the offices could not be made"
cp "$data/quickstart/cong-van.pdf" doc.pdf
# shellcheck source=testdata/message.sh
. "$VANTHU_SOURCE/testdata/message.sh"
cp b/vanthu.conf plain.conf
mkdir -p axis/H99.02
printf 'phụ lục\n' >annex.txt

# by KEY: doc.pdf, signed with it
for key in agency agency2 officer officer3072 officer-ec public-org revoked; do
	vanthu-sign -q --p12 "$pki/$key.p12" --passphrase "file:$pki/passphrase" \
	    -o "by-$key.pdf" doc.pdf >/dev/null || bail "nothing by $key"
done
for key in agency officer public-org; do
	vanthu-sign -q --p12 "$pki/$key.p12" --passphrase "file:$pki/passphrase" \
	    -o "$key.p7s" annex.txt >/dev/null || bail "no CMS by $key"
done

# from ID NAME ABOVE FILE...: a new document of that sender; what becomes of it
from()
{
	echo >>count
	n=$(wc -l <count)
	message "policy-$n" "V/v số $n" doc.pdf
	jq --arg id "$1" --arg name "$2" --arg above "$3" \
	    '.from = {organ_id: $id, name: $name} +
	    if $above == "" then {} else {in_charge: $above} end' \
	    meta.json >from.json
	shift 3
	rm -f message.edxml
	vanthu-pack --meta from.json -o message.edxml "$@" >/dev/null ||
	    bail 'no message could be made'
	arrive
	vanthu-receive --home b --json 2>/dev/null >took.json
	cat took.json >>all.jsonl
	jq -rj '"\(.result) \(.reason // "-")"' took.json
}

# settings LINE...: of [receive]
settings()
{
	{
		cat plain.conf
		printf '\n[receive]\n'
		printf '%s\n' "$@"
	} >b/vanthu.conf
}

# told ID: the statuses that wait for it, in order
told()
{
	for file in "axis/$1"/*.edxml; do
		[ -e "$file" ] || continue
		vanthu-unpack --list --json "$file" |
		    jq -rj '"\(.status.code) "'
	done
	rm -rf "axis/$1"
}

# why FILE: of each message that is held, the newest last
why()
{
	jq -c 'select(.result == "held") | [.id, .reason, .detail]' "$1" |
	    sort -t '[' -k 2n
}

province='Ủy ban nhân dân tỉnh Thử Nghiệm'

# ---- without a directory ----
is 'whoever signed' "$(from H99.09 'Sở Khác' '' by-agency.pdf)" 'registered -'
is 'it is told whose it is' "$(jq -r .detail took.json)" \
    "signed by $province (TEST) of $province"
is 'who calls himself so' "$(from H99 "$province" '' by-agency.pdf)" \
    'registered -'
is 'is what he is' "$(jq -r .detail took.json)" null
is 'files of one organisation' "$(from H99.09 'Sở Khác' '' by-agency.pdf \
    by-officer.pdf)" 'registered -'
is 'of two' "$(from H99.09 'Sở Khác' '' by-agency.pdf by-public-org.pdf)" \
    'held attachment-of-another'
rm -rf axis/H99 axis/H99.09

# ---- the name that the message gives itself ----
settings 'organisation = hold'
is 'the sender'\''s own' "$(from H99 "$province" '' by-agency.pdf)" \
    'registered -'
is 'spelled in another way' \
    "$(from H99 'UBND TỈNH THỬ NGHIỆM' '' by-agency.pdf)" 'registered -'
is 'a person of it' "$(from H99 "$province" '' by-officer.pdf)" 'registered -'
is 'another office'\''s' \
    "$(from H99.09 'Sở Khác' '' by-agency.pdf)" 'held another-organisation'
is 'and whose it is' "$(jq -r '"\(.detail) \(.verdict)"' took.json)" \
    "signed by $province (TEST) of $province valid"
is 'its sender is told 01 alone' "$(told H99.09)" '01 '
id=$(jq -r .id took.json)
check 'a clerk may know better' 0 vanthu-receive --home b --accept "$id"
is 'a department, below the province' \
    "$(from H99.06 'Sở Tài chính' "$province" by-officer-ec.pdf)" 'registered -'
is 'of another province' \
    "$(from H98.06 'Sở Tài chính' 'UBND tỉnh Khác' by-officer-ec.pdf)" \
    'held another-organisation'
is 'a department is not the province' \
    "$(from H99 "$province" '' by-agency2.pdf)" 'held another-organisation'
is 'nobody'\''s name' "$(from H99 'Người' '' by-officer.pdf)" \
    'held another-organisation'
is 'no name at all' "$(from H99 ' ' '' by-agency.pdf)" \
    'held another-organisation'

# ---- attachments ----
is 'an attachment of its own' "$(from H99 "$province" '' by-agency.pdf \
    by-officer.pdf)" 'registered -'
is 'one of somebody else' "$(from H99 "$province" '' by-agency.pdf \
    by-public-org.pdf)" 'held attachment-of-another'
is 'whom it names' "$(jq -r .detail took.json | grep -c 'Đồng Tiến')" 1
is 'a detached one' "$(cp agency.p7s annex.txt.p7s &&
    from H99 "$province" '' by-agency.pdf annex.txt annex.txt.p7s)" \
    'registered -'
is 'of somebody else' "$(cp public-org.p7s annex.txt.p7s &&
    from H99 "$province" '' by-agency.pdf annex.txt annex.txt.p7s)" \
    'held attachment-of-another'
is 'a main file that is signed beside itself' "$(cp officer.p7s annex.txt.p7s &&
    from H99 "$province" '' annex.txt annex.txt.p7s)" 'registered -'
is 'by somebody else' "$(cp public-org.p7s annex.txt.p7s &&
    from H99 "$province" '' annex.txt annex.txt.p7s)" \
    'held another-organisation'

# ---- by the directory ----
cp plain.conf b/vanthu.conf
cat >list.jsonl <<JSON
{"organ_id":"H99","name":"$province"}
{"organ_id":"H99.05","name":"Sở Nội vụ","parent":"H99","aliases":["000.00.05.H99"]}
{"organ_id":"H99.06","name":"SỞ TÀI-CHÍNH","parent":"H99"}
{"organ_id":"H98","name":"Ủy ban nhân dân tỉnh Khác"}
{"organ_id":"H98.05","name":"Sở Nội vụ","parent":"H98"}
{"organ_id":"H97","name":"$province","valid_to":"2025-06-30"}
{"organ_id":"H95","name":"Ủy ban nhân dân tỉnh Thu Nghiêm"}
{"organ_id":"H99.07","name":"Sở Tái Chinh","parent":"H99"}
{"organ_id":"H99.02","name":"Văn phòng B","aliases":["000.00.02.H99"]}
{"organ_id":"H99.08","name":"So Noi vu tinh Thu Nghiem","parent":"H99"}
JSON
vanthu agency import --home b list.jsonl >/dev/null || bail 'no directory'
is 'the directory says who it is, not the message' \
    "$(from H99.05 'Sở Khác' '' by-agency2.pdf)" 'registered -'
is 'under a code of before' \
    "$(from 000.00.05.H99 'Sở Khác' '' by-agency2.pdf)" 'registered -'
is 'one of the same name in another province' \
    "$(from H98.05 'Sở Nội vụ tỉnh Thử Nghiệm' '' by-agency2.pdf)" \
    'held another-organisation'
is 'a unit of the province'\''s' \
    "$(from H99.05 'Sở Nội vụ' '' by-officer3072.pdf)" 'registered -'
is 'of another'\''s' "$(from H98.05 'Sở Nội vụ' "$province" \
    by-officer3072.pdf)" 'held another-organisation'
is 'the province' "$(from H99 "$province" '' by-agency.pdf)" 'registered -'
is 'somebody in its own house' "$(from H99 "$province" '' by-officer.pdf)" \
    'registered -'
is 'a department in its name' "$(from H99 "$province" '' by-officer-ec.pdf)" \
    'held another-organisation'
is 'one whose name differs by its marks alone' \
    "$(from H95 "$province" '' by-agency.pdf)" 'held another-organisation'
is 'a department of such a name' "$(from H99.07 'Sở Tái Chinh' '' \
    by-officer-ec.pdf)" 'held another-organisation'
is 'the one that it is' "$(from H99.06 'Sở Tài chính' '' by-officer-ec.pdf)" \
    'registered -'
is 'a directory without marks' "$(from H99.08 'Sở' '' by-agency2.pdf)" \
    'registered -'
is 'ourselves, by a code of before' "$(from 000.00.02.H99 "$province" '' \
    by-agency.pdf)" 'quarantined from-ourselves'
sed "s|^url = .*|&\ninner = spool:$tmp/inner\nmembers = H99.02.05|" plain.conf \
    >b/vanthu.conf
is 'a member of ours, from outside' "$(from H99.02.05 "$province" '' \
    by-agency.pdf)" 'held sender-unknown'
mkdir -p inner/H99.02
sed 's/policy-/inner-/' message.edxml >inner/H99.02/m.edxml
is 'and from inside' "$(took | cut -d ' ' -f 1)" registered
cp plain.conf b/vanthu.conf
is 'who is not known' "$(from H96 "$province" '' by-agency.pdf)" \
    'held sender-unknown'
is 'who was closed' "$(from H97 "$province" '' by-agency.pdf)" \
    'held sender-unknown'
check 'a tax code is made known' 0 vanthu-agency alias --home b 4300000001 H98
is 'then it decides' "$(from H98 'UBND tỉnh Khác' '' by-agency.pdf)" \
    'registered -'
is 'whatever the names are' "$(from H99 "$province" '' by-agency.pdf)" \
    'held another-organisation'
vanthu agency alias --home b --remove 4300000001 >/dev/null

# ---- what the office wants ----
settings 'organisation = ignore'
is 'nobody is compared' "$(from H98 'Khác' '' by-agency.pdf by-public-org.pdf)" \
    'registered -'
settings 'organisation = refuse' 'unsigned = refuse' 'invalid = refuse'
rm -rf axis/H98 axis/H99
is 'another office'\''s is refused' "$(from H98 'Khác' '' by-agency.pdf)" \
    'refused another-organisation'
is 'its sender is told 01 and 02, in his language, whatever ours is' \
    "$(for file in axis/H98/*.edxml; do
	vanthu-unpack --list --json "$file"
    done | jq -rj 'select(.status.code == "02") | .status.description')" \
    'Chữ ký số không phải của cơ quan gửi văn bản'
is 'in this order' "$(told H98)" '01 02 '
arrive
is 'again: it stays so' "$(took)" 'duplicate - another-organisation;'
is 'an attachment of another is held' "$(from H99 "$province" '' \
    by-agency.pdf by-public-org.pdf)" 'held attachment-of-another'
rm -rf axis/H99
is 'an unsigned one is refused' "$(from H99 "$province" '' doc.pdf)" \
    'refused unsigned'
is 'and told so' "$(told H99)" '01 02 '
LC_ALL=C sed 's/MediaBox\[0 0 59/MediaBox[0 0 58/' by-agency.pdf >changed.pdf
is 'a changed one, too' "$(from H99 "$province" '' changed.pdf)" \
    'refused digest-mismatch'
is 'and one with such an attachment' "$(from H99 "$province" '' by-agency.pdf \
    changed.pdf)" 'refused attachment-invalid'
is 'what is in order is not' "$(from H99 "$province" '' by-agency.pdf)" \
    'registered -'
settings 'unsigned = register'
is 'unsigned ones are registered' "$(from H99 "$province" '' doc.pdf)" \
    'registered -'
is 'as what they are' "$(vanthu register list --home b --limit 1 --json in |
    jq -r .verdict)" unsigned
is 'but with no attachment of another' "$(from H99 "$province" '' doc.pdf \
    by-public-org.pdf)" 'held attachment-of-another'
is 'nor with a broken one' "$(from H99 "$province" '' doc.pdf changed.pdf)" \
    'held attachment-invalid'
settings 'register = ask' 'unsigned = refuse'
is 'a clerk is asked of what is not refused' \
    "$(from H99 "$province" '' by-agency.pdf)" 'held ask'
is 'and of nothing else' "$(from H99 "$province" '' doc.pdf)" 'refused unsigned'
settings 'organisation = maybe'
check 'a word that is none' 4 vanthu-receive --home b
like 'is named with its line' "$err" 'vanthu\.conf:[0-9]+: .*organisation'
cp plain.conf b/vanthu.conf

# ---- what a clerk sees later ----
is 'an unsigned one' "$(from H99 "$province" '' doc.pdf)" 'held unsigned'
is 'names nobody' "$(jq -r .detail took.json)" null
is 'a changed one' "$(from H99 "$province" '' changed.pdf)" \
    'held digest-mismatch'
is 'nor does it' "$(jq -r .detail took.json)" null
is 'one by a certificate that was revoked' \
    "$(from H99 "$province" '' by-revoked.pdf)" 'held revoked'
like 'says whose it would be' took.json '"detail":"the signature names .* of '
check 'all that waits' 0 vanthu-receive --home b --pending --json
is 'with the words of the time' "$(why "$out")" \
    "$(why all.jsonl | grep -v "^\[$id,")"
check 'and for people' 0 vanthu-receive --home b --pending
like 'why, and who signed' "$out" \
    "not that of the sender's organisation: signed by $province \\(TEST\\) of"
id=$(jq -r .id took.json)
rm -rf axis/H99
: >axis/H99
check 'refused by a clerk' 0 vanthu-receive --home b --refuse "$id" \
    --reason 'chữ ký hỏng'
like 'in the clerk'\''s words' "$out" ': chữ ký hỏng$'

# ---- the refusal does not go out ----
sqlite3 b/register.db "UPDATE delivery SET state = 'failed', next_try = NULL,
    reason = 'x', attempts = 20 WHERE state = 'queued'"
check 'what was given up' 1 vanthu-status --home b --json
is 'says the next step' "$(jq -r 'select(.kind == "failed") |
    "\(.id) \(.status) \(.next)"' "$out" | sort -u)" \
    "$(printf '%s 02 vanthu send --resend %s' "$id" "$id")"
check 'and for people' 1 vanthu-status --home b
like 'with the number of the message' "$out" "^$id, H99: not delivered \\(a status"
check 'no such message' 1 vanthu-send --home b --resend 9999
like 'it is named' "$err" 'there is no message 9999$'
rm axis/H99
check 'it is sent again' 0 vanthu-send --home b --json --resend "$id"
is 'as what it is' "$(jq -c '[.id, .ref, .answers]' "$out")" "[$id,null,1]"
is 'with the clerk'\''s words' "$(vanthu-unpack --list --json axis/H99/*.edxml |
    jq -r '.status | "\(.code) \(.description)"')" '02 chữ ký hỏng'
check 'once' 1 vanthu-send --home b --resend "$id"
like 'then nothing is left' "$err" 'no answer about it has failed'
check 'the books are sound' 0 vanthu register check --home b
done_testing
