#!/bin/sh
# vanthu-axis prune: what all have confirmed is forgotten, and nothing else
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=cmd/axis/axis.sh
. "$VANTHU_SOURCE/cmd/axis/axis.sh"
# shellcheck source=cmd/axis/wire.sh
. "$VANTHU_SOURCE/cmd/axis/wire.sh"
have jq perl sqlite3 || skip_all 'jq, perl or sqlite3 is missing'

secret a a
secret b b
secret c c
vanthu axis init axis >/dev/null || bail 'no axis'
for agency in H99.01:a H99.02:b 00.99.W00:c; do
	vanthu axis agency axis "${agency%:*}" --name X \
	    --secret "file:${agency#*:}.secret" >/dev/null
done

# take ID WORD: fetch what waits for ID, and say WORD of each
take()
{
	as "$1" 'post getReceivedEdocList messagetype=edoc'
	for id in $(field 1 '.data[].docId'); do
		as "$1" "json getEdoc docId=$id" "json updateStatus docId=$id status=$2"
	done
}

# sum: what a run forgot, as numbers
sum()
{
	jq -c '[.pruned, .removed, .size > 0, .left]' "$out"
}

files()
{
	find axis/objects -type f | wc -l
}

row()
{
	sqlite3 axis/axis.db "$1"
}

# an hour passes: nobody is about to send what is on the disk
older()
{
	find axis/objects -type f -exec touch -d '2 hours ago' {} +
}

prune="vanthu-axis prune axis --yes --json --before"

start_plain
for n in 1 2 3 4; do
	message H99.01 H99.02 $n >$n.edxml
done
# confirmed; for two, one of whom has not confirmed; refused; waiting
as H99.01 'send 1.edxml' "send 2.edxml to=[\"H99.02\",\"00.99.W00\"]"
first=$(field 1 .DocId)
take H99.02 'done'
as H99.01 'send 3.edxml'
take H99.02 fail
as H99.01 'send 4.edxml'
is 'four are there' "$(files)" 4

# ---- the command line ----
check 'no day' 2 vanthu-axis prune axis --yes
check 'a day that is none' 2 vanthu-axis prune axis --yes --before soon
check 'nobody agrees' 8 setsid -w vanthu-axis prune axis --before "$tomorrow"
like 'says how' "$err" 'yes agrees'
check 'no axis' 6 vanthu-axis prune nowhere --yes --before "$tomorrow"
is 'nothing went' "$(files)" 4

# ---- what goes, while it is served ----
# shellcheck disable=SC2086 # split where meant
{
	check 'before today nothing was confirmed' 0 $prune 2026-01-01
	is 'so nothing goes' "$(sum)" '[0,0,false,0]'
	check 'what is fresh' 0 $prune "$tomorrow"
	is 'is left' "$(sum) $(files)" '[0,0,false,1] 4'
	older
	check 'an hour later' 0 $prune "$tomorrow"
	is 'it goes, and nothing that somebody has not confirmed' \
	    "$(sum) $(files)" '[1,1,true,0] 3'
	check 'once' 0 $prune "$tomorrow"
	is 'only' "$(sum)" '[0,0,false,0]'
}
is 'its size is told' "$(row 'SELECT size FROM message WHERE pruned = 1')" \
    "$(wc -c <1.edxml)"
is 'of it stays its number, not what it was about' "$(row "SELECT notation, title
    FROM message WHERE pruned = 1")" '1/STNA|'
as H99.02 'post getReceivedEdocList messagetype=edoc'
is 'what waited waits' "$(field 1 '.data | length')" 1
as 00.99.W00 'post getReceivedEdocList messagetype=edoc'
id=$(field 1 '.data[0].docId')
as 00.99.W00 "get downloadEdoc docId=$id"
is 'and can be fetched' "$(sed 's/^200 //' "$out" | head -c 100)" \
    "$(head -c 100 2.edxml)"
gone=$(row "SELECT d.doc_id FROM delivery d JOIN message m ON m.id = d.message
    WHERE m.pruned = 1")
as H99.02 "json getEdoc docId=$gone" \
    "json updateStatus docId=$gone status=fail"
unlike 'what is gone cannot be fetched' "$out" '"data"'
as H99.01 'post getSentEdocList messagetype=edoc'
is 'its sender still sees that it arrived' "$(field 1 ".data[] |
    select(.senderDocId == \"$first\").receiveStatus")" 'done'

# ---- sent again, much later ----
as H99.01 'send 1.edxml'
is 'it is known' "$(field 1 .DocId)" "$first"
like 'and said to be' serve.error 'sendEdoc 200 0 .* again'
as H99.02 'get countReceiveEdoc'
is 'and comes to nobody twice' "$(field 1 .count)" 1
older
# shellcheck disable=SC2086 # split where meant
check 'its file goes again' 0 $prune "$tomorrow"
is 'alone' "$(sum) $(files)" '[1,1,true,0] 3'
as H99.01 'send 3.edxml'
as H99.02 'get countReceiveEdoc'
is 'what had failed comes again' "$(field 1 .count)" 2

# ---- for two, and the same file by two ways ----
as H99.01 'send 1.edxml to=["00.99.W00"]'
take H99.02 'done'
older
# shellcheck disable=SC2086 # split where meant
check 'the same file waits for another' 0 $prune "$tomorrow"
is 'and stays' "$(row "SELECT count(*) FROM message WHERE pruned = 0")" 2
take 00.99.W00 'done'
older
# shellcheck disable=SC2086 # split where meant
check 'until all have confirmed' 0 $prune "$tomorrow"
is 'then all goes' "$(files) $(row 'SELECT count(*), sum(pruned) FROM message')" \
    '0 5|5'

is 'an axis that is sound' "$(row 'PRAGMA integrity_check')" ok
stop serve

# ---- an axis of the version before ----
row 'DROP INDEX message_kept; ALTER TABLE message DROP COLUMN pruned;
    PRAGMA user_version = 1'
# shellcheck disable=SC2086 # split where meant
check 'an older axis becomes one of this version' 0 $prune "$tomorrow"
is 'as if nothing was ever pruned' "$(sum)" '[5,0,false,0]'
is 'once' "$(row 'PRAGMA user_version')" 2
row 'PRAGMA user_version = 3'
check 'a newer one is left alone' 4 vanthu-axis list axis
done_testing
