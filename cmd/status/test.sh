#!/bin/sh
# vanthu-status: what waits in two offices, and the step that ends it
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq faketime sqlite3 || skip_all "no jq, faketime or sqlite3"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{ make_offices && issue_ready; } >/dev/null 2>&1 ||
    bail "the offices could not be made"
ref=$(cat ref)
# shellcheck source=testdata/message.sh
. "$VANTHU_SOURCE/testdata/message.sh"
mkdir -p axis/H99.01 axis/H99.02

# kinds OFFICE: "KIND LATE NEXT;" of each thing that waits
kinds()
{
	vanthu-status --home "$1" --json |
	    jq -rj '"\(.kind) \(.late) \(.next // "-");"'
}

# at 'WHEN' COMMAND...: with that clock, at +07:00
at()
{
	tap_when=$1
	shift
	TZ=UTC-7 ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0" \
	    faketime -f "@$tap_when" "$@"
}

# still COMMAND...: in the second in which the first of them ran
second=
still()
{
	second=${second:-$(date +%s)}
	TZ=UTC ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0" \
	    FAKETIME_DONT_FAKE_MONOTONIC=1 \
	    faketime -f "$(TZ=UTC date -d "@$second" '+%F %T')" "$@"
}

# sql OFFICE STATEMENTS: as if it had happened at another time
sql()
{
	sqlite3 "$1/register.db" "$2" || bail "no such tables"
}

# ---- the command line ----

check 'help' 0 vanthu-status --help
check 'an operand' 2 vanthu-status --home a out/2026/1
check 'a limit of none' 2 vanthu-status --home a --limit 0
check 'no office' 6 vanthu-status --home nowhere
check 'nothing waits' 0 vanthu-status --home b
is 'says so in one line' "$(cat "$out")" 'nothing waits'
check 'quietly' 0 vanthu-status --home b -q
empty 'says nothing' "$out"
check 'as JSON' 0 vanthu-status --home b --json
empty 'is no object' "$out"

# ---- signed and not issued ----

check 'signed today' 0 vanthu-status --home a
# 2026-01-09 is a Friday
friday=$(TZ=UTC-7 date -d '2026-01-09 10:00' +%s)
sql a "UPDATE record SET registered = $friday;
    DROP TRIGGER event_keeps; UPDATE event SET at = $friday;"
check 'on Monday there is time' 0 at '2026-01-12 23:59:00' vanthu-status --home a
check 'on Tuesday there is none' 1 at '2026-01-13 00:00:30' \
    vanthu-status --home a --json
is 'the next step is to issue it' "$(jq -r '"\(.kind) \(.next)"' "$out")" \
    "unissued vanthu send $ref --to ORGANID"
sed -i '/^\[office\]/a holidays = 2026-01-12' a/vanthu.conf
check 'a holiday puts it off' 0 at '2026-01-13 12:00:00' vanthu-status --home a
check 'by one day' 1 at '2026-01-14 00:00:30' vanthu-status --home a
like 'in words' "$out" "^$ref: not issued by the next working day, since 2026-01-09T10:00:00"
sed -i '/^\[office\]/a workdays = 2026-01-10' a/vanthu.conf
check 'a Saturday that is worked on counts' 1 at '2026-01-11 12:00:00' \
    vanthu-status --home a -q
empty 'quietly' "$out"
sed -i 's/^holidays = .*/holidays = 12-01-2026/' a/vanthu.conf
check 'a holiday that is none' 4 vanthu-status --home a
like 'is named' "$err" 'holidays: "12-01-2026" is no date'
sed -i '/^holidays/d; /^workdays/d' a/vanthu.conf
sql a "UPDATE record SET urgency = 'khan';"
check 'an urgent one is late the next day' 1 at '2026-01-10 00:00:30' \
    vanthu-status --home a -q
sql a "UPDATE record SET urgency = 'none';"

# ---- queued, sent, acknowledged, failed ----

rm -rf axis/H99.02
: >axis/H99.02
vanthu send --home a "$ref" --to H99.02 >/dev/null 2>&1
check 'what could not be sent waits' 0 vanthu-status --home a
like 'with its recipient and the next try' "$out" \
    '^H99.02: queued, 1 messages, 1 tries, the next one at .*: '
is 'and the step' "$(kinds a)" 'queued false vanthu send --queue;'
sql a "UPDATE outbox SET created = created - 86400;"
check 'since yesterday it needs attention' 1 vanthu-status --home a
sql a "UPDATE delivery SET state = 'failed', reason = 'v' || char(27) || '[2J';"
check 'what was given up, too' 1 vanthu-status --home a
like 'with its reason, escaped' "$out" "^$ref, H99.02: not delivered, .*: v.*2J"
unlike 'nothing reaches the terminal' "$out" "$(printf '\033')"
is 'and the step, which is a command' "$(kinds a)" \
    "failed true vanthu send --resend $ref;"
for id in H99.77 H99.78; do
	: >axis/$id
	vanthu send --home a "$ref" --to $id >/dev/null 2>&1
done
sql a "UPDATE delivery SET state = 'failed' WHERE organ_id GLOB 'H99.7?';"
check 'who was given up is let go' 0 vanthu-send --home a --recall "$ref" \
    --to H99.77 --reason 'Sai nơi nhận'
like 'which is said' "$out" 'H99.77: failed: recalled before it was sent'
check 'or by an update' 0 vanthu-send --home a --update "$ref" --remove H99.78 \
    --reason 'Sai nơi nhận'
is 'then nothing waits for them' "$(kinds a)" \
    "failed true vanthu send --resend $ref;"
rm -f axis/H99.02 axis/H99.7?
# shown HOME: the steps, as a clerk copies them
shown()
{
	vanthu-status --home "$1" | sed -n 's/^    //p'
}
is 'the step names the office that --home named' "$(shown a)" \
    "vanthu send --resend $ref --home a"
is 'and not the one that everything is about' \
    "$(VANTHU_HOME=$tmp/a vanthu-status | sed -n 's/^    //p')" \
    "vanthu send --resend $ref"
ln -s a "it's a"
is 'as a word of the shell' "$(shown "it's a")" \
    "vanthu send --resend $ref --home 'it'\\''s a'"
next=$(shown "it's a")
check 'it can be typed' 0 sh -c "$next"
check 'sent today, not acknowledged yet' 0 vanthu-status --home a
is 'is shown' "$(kinds a)" "unanswered false vanthu send --status $ref;"
sql a "UPDATE delivery SET changed = changed - 86400;"
check 'yesterday, and not acknowledged' 1 vanthu-status --home a
is 'is to be sent again' "$(kinds a)" \
    "unanswered true vanthu send --resend $ref;"
vanthu-receive --home b >/dev/null 2>&1
vanthu-receive --home a >/dev/null 2>&1
check 'acknowledged' 0 vanthu-status --home a
is 'all is calm' "$(cat "$out")" 'nothing waits'

# ---- returned ----

two=$(vanthu register out --home a --type CV --notation STNA-VP \
    --subject 'V/v trả lại' --again signed.pdf) || bail 'no second document'
# shellcheck disable=SC2086 # options in a variable
vanthu sign --home a --as agency $agency "$two" >/dev/null 2>&1

# returned N: b takes in what was sent and returns it, its record N, all of it in
# one second
returned()
{
	still vanthu receive --home b >/dev/null 2>&1
	still vanthu register return --home b "in/$year/$1" --reason 'Sai nơi nhận' \
	    >/dev/null
	vanthu send --home b -q --queue && vanthu receive --home a >/dev/null
}

vanthu send --home a "$two" --to H99.02 >/dev/null 2>&1
returned 2
check 'what came back needs attention' 1 vanthu-status --home a
like 'with the reason' "$out" \
    "^$two, H99.02: refused by its recipient, since .*: Sai nơi nhận"
is 'and the step' "$(kinds a)" \
    "refused true vanthu register told $two --reason TEXT;"
ok 'sent there again' vanthu send --home a --update "$two" --add H99.02 \
    --reason 'Gửi lại'
is 'it waits for another answer' "$(kinds a)" \
    "unanswered false vanthu send --status $two;"
returned 3
is 'which is the same' "$(kinds a)" \
    "refused true vanthu register told $two --reason TEXT;"
sql a "UPDATE delivery SET changed = changed - 32 * 86400;"
is 'not told for ever' "$(kinds a)" ''
sql a "UPDATE delivery SET changed = changed + 32 * 86400;"
ok 'who drafted it knows' vanthu register told --home a "$two" --reason 'Đã báo'
is 'then it is settled' "$(kinds a)" ''

# ---- what came ----

check 'b has its answers out' 0 vanthu-status --home b
is 'which nobody acknowledges' "$(cat "$out")" 'nothing waits'
sql b "UPDATE record SET registered = registered - 10 * 86400;"
is 'a document of nobody' "$(kinds b)" "unassigned true vanthu register set \
in/$year/1 state=assigned keeper=UNIT --reason TEXT;"
sql b "UPDATE record SET due = '2026-01-05';"
is 'nor done in time' "$(vanthu-status --home b --json |
    jq -rj '"\(.kind) \(.due);"')" 'unassigned 2026-01-05;overdue 2026-01-05;'
vanthu register set --home b "in/$year/1" state=done --reason r >/dev/null
vanthu-send --home b -q --queue >/dev/null
is 'done' "$(kinds b)" ''

printf 'x\n' >plain.txt
for i in 1 2 3; do
	message "held-$i" 'V/v kín đáo' plain.txt
	arrive "held-$i"
done
sed 's/DocType>0</DocType>1</' message.edxml >axis/H99.02/recall.edxml
printf '<edXML' >axis/H99.02/broken.edxml
check 'the log of a run' 0 vanthu-receive --home b -q --log
like 'has ids and results' "$out" '^[0-9]+: held for a clerk: .*signature'
unlike 'and no content' "$out" 'kín đáo|SA-VP|Sở'
empty 'nor have the warnings' "$err"
check 'a log of what is pending' 2 vanthu-receive --home b --pending --log
check 'what a clerk has to do' 1 vanthu-status --home b --json
is 'is told apart' "$(jq -rj '"\(.kind) \(.next);"' "$out" |
    sed 's/[0-9][0-9]*;/N;/g; s/list .*;/list PATH;/')" \
    "held vanthu receive --accept N;held vanthu receive --accept N;\
held vanthu receive --accept N;held vanthu receive --agree N;\
quarantined vanthu unpack --list PATH;"
is 'the keys of JSON' "$(jq -r 'keys_unsorted | .[0:3] | join(" ")' "$out" |
    sort -u)" 'schema kind late'
ok 'what is kept apart is where it says' test -f \
    "$(jq -r 'select(.kind == "quarantined").next | split(" ")[3]' "$out")"
next=$(shown b | grep unpack)
check 'and can be listed, what of it can' 4 sh -c "$next"
like 'namely this one' "$err" 'the root element is edXML, not'
check 'of a kind' 1 vanthu-status --home b --limit 1
like 'the rest is counted' "$out" '^held for a clerk: 3 more; see --limit'
is 'in JSON, too' "$(vanthu-status --home b --json --limit 1 |
    jq -rj '"\(.kind) \(.total);"')" 'held 4;quarantined 1;'
sql b "UPDATE inbox SET received = received - 8 * 86400;"
is 'what cannot be settled is not told for ever' "$(vanthu-status --home b \
    --json | jq -r .kind | sort -u)" held
sed 's/held-3/never/g; s/DocType>0</DocType>1</' message.edxml \
    >axis/H99.02/recall.edxml
sed 's/DocType>0</DocType>2</' message.edxml >axis/H99.02/update.edxml
vanthu-receive --home b -q >/dev/null
is 'what cannot be agreed to yet is not proposed' "$(vanthu-status --home b \
    --json | jq -rj 'select(.business == ("recall", "update")) | .next + ";"' |
    sed 's/[0-9][0-9]*/N/g')" "vanthu receive --agree N;\
vanthu receive --decline N --reason TEXT;vanthu receive --accept N;"

# ---- others at work ----

arrive beside
flock b/receive.lock vanthu-receive --home b -q --log >said 2>&1 &
check 'a run beside another, of the queue' 0 flock a/send.lock \
    vanthu-send --home a -q --queue
cat "$err" >>"$out"
empty 'leaves it the work, and says nothing' "$out"
wait "$!"
is 'of receive, too' "$? $(cat said)" '0 '
ok 'what came stays for the other' test -f axis/H99.02/beside.edxml
check 'an empty queue, quietly' 0 vanthu-send --home a -q --queue
empty 'is not worth a word' "$out"

# ---- the units ----

if have systemd-analyze; then
	for unit in receive send; do
		for kind in service timer; do
			find "$VANTHU_BUILD/cmd/$unit" \
			    "$VANTHU_SOURCE/cmd/$unit" -name "*@.$kind" \
			    -exec cp {} . \;
		done
		sed -i "s|^ExecStart=[^ ]*/|ExecStart=$VANTHU_BIN/|" \
		    "vanthu-$unit@.service"
		check "the units of $unit are sound" 0 systemd-analyze verify \
		    --man=no "./vanthu-$unit@.timer" "./vanthu-$unit@.service"
		empty 'without a word' "$err"
	done
else
	skip 'no systemd-analyze' 4
fi

# ---- the manual's examples ----
VANTHU_HOME=$tmp/a
export VANTHU_HOME
run_examples vanthu-status.1 2
unset VANTHU_HOME
for office in a b; do
	check "the books of $office are sound" 0 vanthu register check \
	    --home "$office"
done
done_testing
