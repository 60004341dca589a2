#!/bin/sh
# vanthu-receive: answers, and documents that came on paper before
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
# another day of the same year, be it tomorrow
other_day=$year-01-01
[ "$other_day" != "$today" ] || other_day=$year-01-02
have jq || skip_all "no jq"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{ make_offices && leader_signs; } >/dev/null 2>&1 ||
    bail "the offices could not be made"

# issue HOME TO OPTION...: a new document, registered, signed and sent
issue()
{
	home=$1 to=$2
	shift 2
	issued=$(vanthu register out --home "$home" --type CV \
	    --notation STNA-VP --again "$@" signed.pdf) || return
	# shellcheck disable=SC2086 # options in a variable
	vanthu sign --home "$home" --as agency $agency "$issued" >/dev/null &&
	    vanthu send --home "$home" "$issued" --to "$to" >/dev/null &&
	    echo "$issued"
}

# field HOME REF KEY
field()
{
	vanthu register show --home "$1" --json "$2" | jq -r ".$3"
}

# links HOME REF: "KEY REF;" of its history
links()
{
	vanthu register show --home "$1" --json "$2" |
	    jq -rj '.history[] | select(.what == "linked") | .detail | fromjson |
	    to_entries[] | "\(.key) \(.value);"'
}

# took HOME: what became of each message, "RESULT REF REASON;"
took()
{
	vanthu receive --home "$1" --json 2>notes |
	    jq -rj '"\(.result) \(.ref // "-") \(.reason // "-");"'
}

# by_hand FROM CODE [DATE]: a clerk of b enters what came on paper
# shellcheck disable=SC2317 # ok calls it
by_hand()
{
	vanthu register in --home b --from "$1" --code "$2" \
	    --date "${3-$today}" --type CV --subject 'V/v bản giấy' scan.pdf
}

# ---- on paper first ----

cp doc.pdf scan.pdf
ok 'on paper, by its id' by_hand H99.01 '1/ STNA-VP'
ok 'somebody works on it' vanthu register set --home b "in/$year/1" \
    state=processing 'keeper=Phòng A' --reason 'Bút phê'
ok 'and by the axis' issue a H99.02 --subject 'V/v bản giấy'
is 'is the same record' "$(took b)" "registered in/$year/1 -;"
like 'it is told' notes "in/$year/1 came on paper before"
is 'there is one' "$(count b in)" 1
is 'what the clerk said stays' "$(field b "in/$year/1" keeper) $(field b \
    "in/$year/1" state)" 'Phòng A processing'
is 'its files are there' "$(field b "in/$year/1" 'files | length')" 1
is 'the signed one is current' "$(field b "in/$year/1" 'files[0].sha256')" \
    "$(field a "out/$year/1" 'files[0].sha256')"
is 'and judged' "$(field b "in/$year/1" verdict)" valid
is 'the id is known' "$(field b "in/$year/1" document_id)" \
    "$(field a "out/$year/1" document_id)"
vanthu receive --home a >/dev/null
is 'its sender sees how far it is' "$(vanthu send --home a --json \
    --status "out/$year/1" | jq -r '"\(.state) \([.statuses[].code] |
    join(" "))"')" 'processing 01 03 05'

ok 'on paper, by the name' by_hand 'ủy ban NHÂN DÂN tỉnh thử nghiệm' 2/STNA-VP
issue a H99.02 --subject 'V/v bản giấy 2' >/dev/null
is 'is the same record, too' "$(took b)" "registered in/$year/2 -;"
is 'the issuer has its id now' "$(field b "in/$year/2" organ_id)" H99.01

ok 'of another date' by_hand H99.01 3/STNA-VP "$other_day"
issue a H99.02 --subject 'V/v bản giấy 3' >/dev/null
is 'is another record' "$(took b)" "registered in/$year/4 -;"
like 'with a warning' notes 'same code and issuer'
ok 'of another issuer' by_hand H66.01 4/STNA-VP
issue a H99.02 --subject 'V/v bản giấy 4' >/dev/null
is 'is another record, too' "$(took b)" "registered in/$year/6 -;"
unlike 'without one' notes 'same code and issuer'

# ---- under a code of before, by the directory ----

cat >list.jsonl <<JSON
{"organ_id":"H99.01","name":"Sở Thử Nghiệm","aliases":["000.00.01.H99"]}
{"organ_id":"H99.02","name":"Nơi nhận"}
{"organ_id":"H66.01","name":"Sở Khác","aliases":["000.00.01.H66"]}
JSON
vanthu agency import --home b list.jsonl >/dev/null || bail 'no directory'
printf '\n[receive]\norganisation = ignore\n' >>b/vanthu.conf
ok 'on paper, by an old code' by_hand 000.00.01.H99 5/STNA-VP
issue a H99.02 --subject 'V/v bản giấy 5' >/dev/null
is 'is the same record' "$(took b)" "registered in/$year/7 -;"
ok 'on paper, by its name in the directory' by_hand 'SỞ thử nghiệm' 6/STNA-VP
issue a H99.02 --subject 'V/v bản giấy 6' >/dev/null
is 'is the same record, too' "$(took b)" "registered in/$year/8 -;"
ok 'by the old code of another' by_hand 000.00.01.H66 7/STNA-VP
issue a H99.02 --subject 'V/v bản giấy 7' >/dev/null
is 'is another record' "$(took b)" "registered in/$year/10 -;"
unlike 'without a warning' notes 'same code and issuer'

# ---- by the axis first ----

n=$(count b in)
check 'then on paper, by the old code' 0 by_hand 000.00.01.H99 7/STNA-VP
is 'it is that record' "$(cat "$out")" "in/$year/10"
like 'a warning' "$err" "in/$year/10 came by the axis before"
is 'which is on paper, too' "$(field b "in/$year/10" paper)" true
is 'the scan is beside the signed file' "$(field b "in/$year/10" \
    'files | map(.name) | join("+")')" 'signed.pdf+scan.pdf'
check 'once more, as after a crash' 0 by_hand 000.00.01.H99 07/STNA-VP
is 'is the same' "$(cat "$out") $(field b "in/$year/10" 'files | length')" \
    "in/$year/10 2"
is 'no number was taken' "$(count b in)" "$n"
check 'of another day' 0 by_hand H99.01 7/STNA-VP "$other_day"
is 'is another' "$(cat "$out")" "in/$year/11"
like 'with a warning' "$err" "in/$year/10 has the same code"
check 'whose issuer has a name only' 0 by_hand 'ủy ban NHÂN DÂN tỉnh thử nghiệm' \
    7/STNA-VP
is 'is another, since a name may be that of several' "$(cat "$out")" \
    "in/$year/12"
like 'with a warning, too' "$err" "in/$year/10 has the same code"
check 'where the clerk says so' 0 vanthu-register in --home b --from H99.01 \
    --code 7/STNA-VP --date "$today" --type CV --subject 'V/v bản giấy' --again
is 'it is another' "$(cat "$out")" "in/$year/13"
check 'what was returned' 0 vanthu-register return --home b "in/$year/10" \
    --reason 'Nhầm'
check 'is not joined' 0 by_hand H99.01 7/STNA-VP
is 'any more' "$(cat "$out")" "in/$year/14"
vanthu send --home b -q --queue

# ---- answers ----

vanthu receive --home a >/dev/null
answer=$(issue b H99.01 --subject 'V/v trả lời' --reply-to "in/$year/1") ||
    bail "no answer could be sent"
is 'b knows what answered it' "$(links b "in/$year/1")" "answered_by $answer;"
check 'the envelope' 0 vanthu-unpack --list --json axis/H99.01/*.edxml
is 'says what it answers' "$(jq -r '.response_for[] |
    "\(.organ_id) \(.code) \(.document_id)"' "$out")" \
    "H99.01 1/ STNA-VP $(field a "out/$year/1" document_id)"
is 'a registers it' "$(took a)" "registered in/$year/1 -;"
is 'as an answer' "$(field a "in/$year/1" reply_to)" "out/$year/1"
is 'and its document knows' "$(links a "out/$year/1")" \
    "answered_by in/$year/1;"
vanthu receive --home b >/dev/null
is 'an answer to nothing of ours is none' "$(field b "in/$year/2" reply_to)" null

for home in a b; do
	check "the files of $home are sound" 0 vanthu archive check --home $home
	check "so are its books" 0 vanthu register check --home $home
done
done_testing
