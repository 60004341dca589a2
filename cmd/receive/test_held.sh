#!/bin/sh
# vanthu-receive: a change that is held, and what comes behind it
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq || skip_all "no jq"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{ make_offices && leader_signs; } >/dev/null 2>&1 ||
    bail "the offices could not be made"
mkdir none

# takes [N]: what became of the next messages, "RESULT REF REASON;"
takes()
{
	vanthu receive --home b --json ${1+--limit "$1"} 2>/dev/null |
	    jq -rj '"\(.result) \(.ref // "-") \(.reason // "-");"'
}

# takes_blind: the same of the next one, while no anchor is known
takes_blind()
{
	mv b/trust kept && mv none b/trust
	takes 1
	mv b/trust none && mv kept b/trust
}

# held BUSINESS: the id of what waits and asks for that
held()
{
	vanthu receive --home b --json --pending |
	    jq -r "select(.business == \"$1\") | .id"
}

# book: "REF STATE FILES;" of all that came, oldest first
book()
{
	vanthu register list --home b --json in 2>/dev/null |
	    jq -rjs 'reverse | .[] | "\(.ref) \(.state) \(.files | length);"'
}

# asked REF: "BUSINESS STATE;" of what followed the document
asked()
{
	vanthu receive --home a >/dev/null 2>&1
	vanthu send --home a --json --status "$1" |
	    jq -rj '.requests[] | "\(.business) \(.state);"'
}

# ---- an update, the replacement behind it ----

old=$(new 'V/v một' signed.pdf) && by=$(new 'V/v hai' signed.pdf) ||
    bail "no documents"
echo 'phụ lục' >phu-luc.txt
{
	vanthu send --home a "$old" --to H99.02 &&
	    vanthu send --home a --update "$old" --reason 'Thêm' phu-luc.txt &&
	    vanthu send --home a --replace "$old" --by "$by" --reason 'Sai' &&
	    vanthu send --home a --recall "$by" --reason 'Nhầm'
} >/dev/null 2>&1 || bail "a could not send"
is 'the document' "$(takes 1)" "registered in/$year/1 -;"
like 'its update is held' "$(takes_blind >t; echo t)" "^held in/$year/1 update;"
is 'the replacement goes in' "$(takes 1)" "registered in/$year/2 -;"
is 'the old one is replaced' "$(book)" \
    "in/$year/1 replaced 1;in/$year/2 registered 1;"
check 'a clerk agrees to the update' 0 vanthu-receive --home b \
    --agree "$(held update)"
like 'it is entered' "$out" "in/$year/1"
is 'as a version of what stays replaced' "$(book)" \
    "in/$year/1 replaced 2;in/$year/2 registered 1;"
is 'its sender is told so' "$(asked "$old")" 'update accepted;'
is 'the recall of the replacement' "$(takes)" "done in/$year/2 recalled;"

# ---- an update, the recall behind it ----

ref=$(new 'V/v ba' signed.pdf) || bail "no document"
{
	vanthu send --home a "$ref" --to H99.02 &&
	    vanthu send --home a --update "$ref" --reason 'Thêm' phu-luc.txt &&
	    vanthu send --home a --recall "$ref" --reason 'Nhầm'
} >/dev/null 2>&1 || bail "a could not send"
takes 1 >/dev/null
takes_blind >/dev/null
id=$(held update)
check 'a recall behind a held update' 0 vanthu-receive --home b --json
is 'is done' "$(jq -r '"\(.result) \(.ref) \(.reason)"' "$out")" \
    "done in/$year/3 recalled"
like 'and declines the update, which is said' "$err" \
    "message $id, .* is declined: its document is recalled"
is 'which waits no more' "$(held update)" ''
check 'nor can it be agreed to' 8 vanthu-receive --home b --agree "$id"
like 'as it is declined' "$err" 'does not wait: refused'
check 'again: as good as once' 0 vanthu-receive --home b --decline "$id" \
    --reason 'Đã thu hồi'
is 'each has its own answer' "$(asked "$ref")" 'update refused;recall accepted;'
is 'and the update a reason' "$(vanthu send --home a --json --status "$ref" |
    jq -r '.requests[0].reason')" 'Văn bản đã được thu hồi'

# Both come in one run, to a document that is held itself.
ref=$(new 'V/v ba nữa' signed.pdf) || bail "no document"
{
	vanthu send --home a "$ref" --to H99.02 &&
	    vanthu send --home a --update "$ref" --reason 'Thêm' phu-luc.txt &&
	    vanthu send --home a --recall "$ref" --reason 'Nhầm'
} >/dev/null 2>&1 || bail "a could not send"
like 'a document that is held' "$(takes_blind >t; echo t)" '^held - '
is 'its update and its recall at once' "$(takes)" \
    'held - update;done - recalled;'
is 'nothing waits' "$(vanthu receive --home b --json --pending)" ''
is 'each has its own answer' "$(asked "$ref")" 'update refused;recall accepted;'

# ---- an update, another behind it that needs no clerk ----

for word in agree decline; do
	n=$(count b in)
	ref=$(new "V/v bốn, $word" signed.pdf) || bail "no document"
	echo 'phụ lục khác' >khac.txt
	{
		vanthu send --home a "$ref" --to H99.02 &&
		    vanthu send --home a --update "$ref" --reason 'Thêm' \
			phu-luc.txt &&
		    vanthu send --home a --update "$ref" --reason 'Nữa' khac.txt
	} >/dev/null 2>&1 || bail "a could not send"
	takes 1 >/dev/null
	takes_blind >/dev/null
	is "$word: the second update is done" "$(takes)" \
	    "done in/$year/$((n + 1)) updated;"
	is "$word: its answer waits for that to the first" "$(asked "$ref")" \
	    'update sent;update sent;'
	id=$(held update)
	if [ $word = agree ]; then
		check 'the first is agreed to' 0 vanthu-receive --home b \
		    --agree "$id"
		want='update accepted;update accepted;'
	else
		check 'the first is declined' 0 vanthu-receive --home b \
		    --decline "$id" --reason 'Không'
		want='update refused;update accepted;'
	fi
	is "$word: each has its own answer" "$(asked "$ref")" "$want"
	is "$word: in the book" "$(book | tr ';' '\n' | tail -n 1)" \
	    "in/$year/$((n + 1)) registered 3"
done

# ---- a replacement, its recall behind it ----

for word in accept agree refuse; do
	n=$(count b in)
	old=$(new "V/v cũ, $word" signed.pdf) &&
	    by=$(new "V/v mới, $word" signed.pdf) ||
	    bail "no documents"
	{
		vanthu send --home a "$old" --to H99.02 &&
		    vanthu send --home a --replace "$old" --by "$by" \
			--reason 'Sai' &&
		    vanthu send --home a --recall "$by" --reason 'Nhầm'
	} >/dev/null 2>&1 || bail "a could not send"
	takes 1 >/dev/null
	takes_blind >/dev/null
	is "$word: the recall of a held replacement waits" "$(takes)" \
	    "held - recall;"
	id=$(held replace)
	check "$word: it is not agreed to before" 8 vanthu-receive --home b \
	    --agree "$(held recall)"
	like "$word: but behind it" "$err" "is held, too: message $id"
	check "$word: the old one stands" 0 vanthu-register --home b show --json \
	    "in/$year/$((n + 1))"
	is "$word: still" "$(jq -r .state "$out")" registered
	if [ $word = refuse ]; then
		check 'the replacement is refused' 0 vanthu-receive --home b \
		    --json --refuse "$id" --reason 'Không rõ'
		after="in/$year/$((n + 1)) registered 1;"
	else
		check "the replacement: $word" 0 vanthu-receive --home b \
		    --json --$word "$id"
		after="in/$year/$((n + 1)) replaced 1;in/$year/$((n + 2)) recalled 1;"
	fi
	is "$word: the recall is done with it" \
	    "$(jq -rs '.[1] | "\(.result) \(.reason)"' "$out")" 'done recalled'
	like "$word: in the book" "$(book >t; echo t)" ";$after\$"
	is "$word: nothing waits" "$(held recall)" ''
	is "$word: the sender is told so" "$(asked "$by")" 'recall accepted;'
done

done_testing
