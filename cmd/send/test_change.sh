#!/bin/sh
# vanthu-send: a recall, an update and a replacement, in both offices' books
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq || skip_all "no jq"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{
	make_offices && vanthu init c --organ-id H99.03 --name 'Sở C' \
	    --transport "spool:$work/axis" &&
	    vanthu trust add --home c --yes "$pki"/trust/*/* &&
	    leader_signs
} >/dev/null 2>&1 || bail "the offices could not be made"

# book HOME BOOK: "REF STATE FILES;" of all in the book, oldest first
book()
{
	vanthu register list --home "$1" "$2" --json 2>/dev/null |
	    jq -rs 'reverse | map("\(.ref) \(.state) " +
	    ([.files[].name] | join("+")) + ";") | add // ""'
}

# books TEXT: both are printed
books()
{
	echo "# $1"
	for home in a b c; do
		vanthu register list --home $home 2>/dev/null |
		    sed "s/^/#    $home: /"
	done
}

# took HOME: what became of each message, "RESULT REF REASON;"
took()
{
	vanthu receive --home "$1" --json 2>/dev/null |
	    jq -rj '"\(.result) \(.ref // "-") \(.reason // "-");"'
}

# asked REF: "TO BUSINESS STATE;" of what followed the document
asked()
{
	vanthu send --home a --json --status "$1" |
	    jq -rj '.to as $to | .requests[] | "\($to) \(.business) \(.state);"'
}

# state REF: "TO STATE CODES;"
state()
{
	vanthu send --home a --json --status "$1" |
	    jq -rj '"\(.to) \(.state) \([.statuses[].code] | join(" "));"'
}

# history HOME REF: the events, in order
history()
{
	vanthu register show --home "$1" --json "$2" |
	    jq -r '[.history[].what] | join(" ")'
}

# held HOME: the id of what waits
held()
{
	vanthu receive --home "$1" --json --pending | jq -r .id
}

# changed HOME: "REF KEEPER BUSINESS STATE REASON;" of what handlers must hear of
changed()
{
	vanthu status --home "$1" --json | jq -rj 'select(.kind == "changed") |
	    "\(.ref) \(.keeper) \(.business) \(.record_state) \(.reason);"'
}

# ---- the command line ----

for line in '--recall out/2026/1' '--update out/2026/1' \
    '--replace out/2026/1 --reason r' '--by out/2026/1 --reason r' \
    '--recall out/2026/1 --reason r file' '--recall out/2026/1 --update x' \
    '--recall out/2026/1 --reason r --add H99.02' \
    '--status out/2026/1 --reason r' 'out/2026/1 --to H99.02 --reason r' \
    '--replace out/2026/1 --by out/2026/2 --reason r --to H99.02'; do
	# shellcheck disable=SC2086
	check "no command: $line" 2 vanthu-send --home a $line
done
check 'a recall of nothing' 1 vanthu-send --home a --recall "out/$year/9" \
    --reason r

# ---- a recall ----

ref=$(new 'V/v thu hồi' signed.pdf) || bail "no document"
ok 'sent to two' vanthu send --home a "$ref" --to H99.02 --to H99.03
is 'one takes it in' "$(took b)" "registered in/$year/1 -;"
is 'the other does not yet' "$(book c in)" ''
vanthu receive --home a >/dev/null
ok 'it is assigned' vanthu register set --home b "in/$year/1" \
    'keeper=Phòng Hành chính' state=assigned --reason 'Bút phê'
books 'before the recall'
check 'a recall without a reason' 2 vanthu-send --home a --recall "$ref" \
    --reason ' '
check 'from who was not sent it' 2 vanthu-send --home a --recall "$ref" \
    --reason r --to H99.09
check 'a recall' 0 vanthu-send --home a --recall "$ref" --reason 'Gửi nhầm'
is 'the sender has it recalled' "$(book a out)" "$ref recalled signed.pdf;"
is 'each is asked' "$(asked "$ref")" \
    'H99.02 recall sent;H99.03 recall sent;'
check 'it is frozen, what is known of it too' 8 vanthu-register set --home a \
    "$ref" subject=khác --reason r
like 'and says so' "$err" 'PL.VI.* is "recalled" and can no longer be changed'
check 'again: as good as once' 0 vanthu-send --home a --recall "$ref" \
    --reason 'Gửi nhầm'
is 'one message each' "$(asked "$ref")" 'H99.02 recall sent;H99.03 recall sent;'
check 'what is recalled goes to nobody else' 8 vanthu-send --home a "$ref" \
    --to H99.04
check 'the receiver' 0 vanthu-receive --home b --json
is 'has it recalled' "$(jq -r '"\(.result) \(.ref) \(.reason)"' "$out")" \
    "done in/$year/1 recalled"
like 'and knows why, and who has it' "$out" 'Gửi nhầm.*Phòng Hành chính'
is 'arrival number and file stay' "$(book b in)" \
    "in/$year/1 recalled signed.pdf;"
is 'it waits until its handler is told' "$(changed b)" \
    "in/$year/1 Phòng Hành chính recall recalled Gửi nhầm;"
check 'in words' 1 vanthu-status --home b
like 'with the handler' "$out" \
    "^in/$year/1, H99.01: changed by its sender .*\\(recall\\), with Phòng Hành chính, since .*: Gửi nhầm"
next=$(vanthu status --home b --json | jq -r .next | sed 's/TEXT/"Đã báo"/')
VANTHU_HOME=$tmp/b check 'the step is a command' 0 sh -c "$next"
is 'then it is settled' "$(changed b)" ''
history b "in/$year/1" >told
like 'its history knows' told 'registered .*recalled told$'
is 'who had not taken it in gets both, in order' "$(took c)" \
    "registered in/$year/1 -;done in/$year/1 recalled;"
is 'nobody there had it on the desk' "$(changed c)" ''
books 'after the recall'
vanthu receive --home a >/dev/null
is 'both have agreed' "$(asked "$ref")" \
    'H99.02 recall accepted;H99.03 recall accepted;'
history a "$ref" >told
like 'so does that of the sender' told 'sent recall recalled agreed agreed$'
check 'the same recall again' 0 vanthu-send --home a --recall "$ref" \
    --reason 'Gửi nhầm'
is 'asks nobody who agreed' "$(find axis -name '*.edxml' | wc -l)" 0
check 'for people' 0 vanthu-send --home a --status "$ref"
like 'in words' "$out" 'recall: agreed to; Gửi nhầm'
is 'and that it is not in force, before all that' "$(sed -n 1p "$out")" \
    "$ref: the document is not in force: recalled"

ref=$(new 'V/v chưa gửi' signed.pdf)
check 'what was never sent' 0 vanthu-send --home a --recall "$ref" --reason r
like 'is recalled here alone' "$out" 'recalled.*sent to nobody'
is 'nothing travels' "$(find axis -name '*.edxml' | wc -l)" 0
ref=$(new 'V/v còn trong hàng đợi' signed.pdf)
cp a/vanthu.conf kept.conf
sed -i '/^url/d' a/vanthu.conf
check 'issued where there is no transport' 0 vanthu-send --home a "$ref" \
    --to H99.02
is 'it waits' "$(state "$ref")" 'H99.02 queued ;'
check 'recalled' 0 vanthu-send --home a --recall "$ref" --reason r
like 'before it was sent' "$out" 'H99.02: failed: recalled before it was sent'
cp kept.conf a/vanthu.conf
check 'it is not sent any more' 0 vanthu-send --home a --queue
check 'nor again' 0 vanthu-send --home a --resend "$ref"
is 'nothing travels of it' "$(find axis -name '*.edxml' | wc -l)" 0

ref=$(new 'V/v thu hồi một nơi' signed.pdf)
ok 'to two again' vanthu send --home a "$ref" --to H99.02 --to H99.03
took b >/dev/null
took c >/dev/null
check 'recalled from one' 0 vanthu-send --home a --recall "$ref" --to H99.03 \
    --reason 'Không thuộc thẩm quyền'
is 'it stays issued' "$(vanthu register show --home a --json "$ref" |
    jq -r .state)" issued
printf '\n[receive]\nregister = ask\n' >>c/vanthu.conf
is 'where the office asks a clerk decides' "$(took c)" \
    "held in/$year/2 recall;"
id=$(held c)
check 'he declines, with a reason' 2 vanthu-receive --home c --decline "$id"
check 'he declines' 0 vanthu-receive --home c --decline "$id" \
    --reason 'Đã giải quyết xong'
check 'again: as good as once' 0 vanthu-receive --home c --decline "$id" \
    --reason 'Đã giải quyết xong'
check 'what is declined is not agreed to' 8 vanthu-receive --home c --agree "$id"
vanthu receive --home a >/dev/null
is 'the sender sees it' "$(asked "$ref")" 'H99.03 recall refused;'
is 'with the reason' "$(vanthu send --home a --json --status "$ref" |
    jq -r '.requests[].reason')" 'Đã giải quyết xong'
is 'the document stays' "$(book c in | tr ';' '\n' | sed -n 2p)" \
    "in/$year/2 registered signed.pdf"
check 'asked once more' 0 vanthu-send --home a --recall "$ref" --to H99.03 \
    --reason 'Không thuộc thẩm quyền'
is 'it waits again, though the words are the same' "$(took c)" "held in/$year/2 recall;"
check 'he agrees' 0 vanthu-receive --home c --agree "$(held c)"
is 'recalled' "$(book c in | tr ';' '\n' | sed -n 2p)" \
    "in/$year/2 recalled signed.pdf"
vanthu receive --home a >/dev/null
is 'and the sender knows' "$(asked "$ref")" \
    'H99.03 recall refused;H99.03 recall accepted;'
sed -i '/^\[receive\]/,$d' c/vanthu.conf
check 'sent to it again' 0 vanthu-send --home a "$ref" --to H99.03
like 'nothing goes without a word' "$err" 'recalled from H99.03.*--add'
is 'nothing went' "$(find axis -name '*.edxml' | wc -l)" 0

# ---- an update ----

printf 'phụ lục 1\n' >phu-luc.txt
ref=$(new 'V/v cập nhật' signed.pdf phu-luc.txt)
ok 'to b' vanthu send --home a "$ref" --to H99.02
took b >/dev/null
n=$(count b in)
books 'before the update'
printf 'phụ lục 1, sửa\n' >phu-luc.txt
printf 'phụ lục 2\n' >them.txt
check 'nothing changes' 2 vanthu-send --home a --update "$ref" --reason r
check 'who was not sent it is not removed' 2 vanthu-send --home a \
    --update "$ref" --reason r --remove H99.09
check 'a new version and one more file, and one more agency' 0 \
    vanthu-send --home a --update "$ref" --reason 'Sửa phụ lục' --add H99.03 \
    phu-luc.txt them.txt
is 'the sender has them' "$(vanthu register show --home a --json "$ref" |
    jq -r '"\(.state) \([.files[].name] | join("+"))"')" \
    'issued signed.pdf+phu-luc.txt+them.txt'
check 'again: as good as once' 0 vanthu-send --home a --update "$ref" \
    --reason 'Sửa phụ lục' --add H99.03 phu-luc.txt them.txt
is 'one message each' "$(find axis/H99.0[23] -name '*.edxml' | wc -l)" 2
is 'b updates its record' "$(took b)" "done in/$year/$n updated;"
is 'no other record' "$(count b in)" "$n"
is 'the new files are current' "$(vanthu register show --home b --json \
    "in/$year/$n" | jq -r '.files[] | "\(.name) \(.sha256)"')" \
    "$(vanthu register show --home a --json "$ref" |
	jq -r '.files[] | "\(.name) \(.sha256)"')"
is 'c has it as new' "$(took c)" "registered in/$year/3 -;"
vanthu receive --home a >/dev/null
is 'b has agreed' "$(asked "$ref")" 'H99.02 update accepted;'
is 'and c accepted' "$(state "$ref")" 'H99.02 accepted 01 03;H99.03 accepted 01 03;'
books 'after the update'
check 'an agency is removed' 0 vanthu-send --home a --update "$ref" \
    --reason 'Bỏ nơi nhận' --remove H99.03
is 'it is recalled there' "$(took c)" "done in/$year/3 recalled;"
is 'b only hears of it' "$(took b)" "done in/$year/$n updated;"
is 'b keeps it' "$(vanthu register show --home b --json "in/$year/$n" |
    jq -r .state)" registered
vanthu receive --home a >/dev/null

LC_ALL=C sed 's/MediaBox\[0 0 59/MediaBox[0 0 58/' doc.pdf >other-doc.pdf
mkdir other
# shellcheck disable=SC2086
vanthu sign --as person $officer -o other/1.pdf other-doc.pdf >/dev/null 2>&1
# shellcheck disable=SC2086
vanthu sign --as person $agency -o other/signed.pdf other/1.pdf >/dev/null 2>&1
mkdir -p plain && cp doc.pdf plain/signed.pdf
ok 'work begins' vanthu register set --home b "in/$year/$n" state=processing \
    --reason 'Bút phê'
is 'of what changed before nobody needs to hear' "$(changed b)" ''
check 'an unsigned main document' 8 vanthu-send --home a --update "$ref" \
    --reason 'Sửa' plain/signed.pdf
like 'is refused' "$err" 'not signed'
check 'another main document' 0 vanthu-send --home a --update "$ref" \
    --reason 'Sửa văn bản chính' other/signed.pdf
like 'asks for a replacement' "$err" 'warning: .*replacement or a correction'
check 'at b' 0 vanthu-receive --home b --json
like 'too' "$err" 'changes the main document'
is 'it is done' "$(jq -r '"\(.result) \(.reason)"' "$out")" 'done updated'
is 'whose handler must hear of it, of all of it at once' "$(changed b)" \
    "in/$year/$n null update processing Sửa văn bản chính;"
vanthu receive --home a >/dev/null

# Two at once: each has an answer of its own, though both are of one second.
printf 'phụ lục 3\n' >ba.txt
printf 'phụ lục 4\n' >bon.txt
two=$(new 'V/v hai lần cập nhật' signed.pdf)
ok 'one more to b' vanthu send --home a "$two" --to H99.02
took b >/dev/null
vanthu receive --home a >/dev/null
check 'an update' 0 vanthu-send --home a --update "$two" --reason r ba.txt
check 'and another' 0 vanthu-send --home a --update "$two" --reason r bon.txt
n=$(count b in)
is 'b does both' "$(took b)" "done in/$year/$n updated;done in/$year/$n updated;"
is 'and says so twice' "$(took a)" "status $two -;status $two -;"
is 'so none is left open' "$(asked "$two")" \
    'H99.02 update accepted;H99.02 update accepted;'
sed -i '$a [receive]\nregister = ask' b/vanthu.conf
printf 'phụ lục 3, sửa\n' >ba.txt
printf 'phụ lục 4, sửa\n' >bon.txt
check 'again where a clerk has the word' 0 vanthu-send --home a \
    --update "$two" --reason r ba.txt
check 'twice' 0 vanthu-send --home a --update "$two" --reason r bon.txt
took b >/dev/null
for id in $(held b | sort -n); do
	vanthu receive --home b --decline "$id" --reason 'Không sửa' >/dev/null
	vanthu receive --home a >/dev/null
	asked "$two" | cut -d';' -f3-4
done >answers
is 'the first answer is that to the first' "$(xargs <answers)" \
    'H99.02 update refused;H99.02 update sent H99.02 update refused;H99.02 update refused'
sed -i '/^\[receive\]/,$d' b/vanthu.conf

# ---- a replacement ----

old=$(new 'V/v bị thay thế' signed.pdf)
ok 'the old one' vanthu send --home a "$old" --to H99.02 --to H99.03
took b >/dev/null
took c >/dev/null
vanthu receive --home a >/dev/null
n=$(count b in)
ok 'one office works on it' vanthu register set --home b "in/$year/$n" \
    keeper=VP state=assigned --reason 'Bút phê'
vanthu receive --home a >/dev/null
by=$(new 'V/v thay thế' signed.pdf)
books 'before the replacement'
check 'by itself' 2 vanthu-send --home a --replace "$old" --by "$old" --reason r
check 'a replacement' 0 vanthu-send --home a --replace "$old" --by "$by" \
    --reason 'Sai nội dung'
is 'it goes to whoever has the old one' "$(state "$by")" \
    'H99.02 sent ;H99.03 sent ;'
is 'both books of the sender' "$(book a out | tr ';' '\n' |
    grep -e "^$old" -e "^$by" | xargs)" \
    "$old replaced signed.pdf $by issued signed.pdf"
check 'the old one is frozen' 8 vanthu-register set --home a "$old" \
    keeper=VP --reason r
check 'again: as good as once' 0 vanthu-send --home a --replace "$old" \
    --by "$by" --reason 'Sai nội dung'
is 'one message each' "$(find axis/H99.0[23] -name '*.edxml' | wc -l)" 2
check 'twice it is not replaced' 8 vanthu-send --home a --replace "$old" \
    --by "$(new 'V/v khác' signed.pdf)" --reason r
is 'b registers the new one' "$(took b)" "registered in/$year/$((n + 1)) -;"
is 'and has the old one replaced' "$(book b in | tr ';' '\n' | tail -n 3 |
    xargs)" \
    "in/$year/$n replaced signed.pdf in/$year/$((n + 1)) registered signed.pdf"
is 'whose handler must hear of it' "$(changed b | tr ';' '\n' | sed -n 2p)" \
    "in/$year/$n VP replace replaced Sai nội dung"
is 'the new one is linked to the old' "$(vanthu register show --home b --json \
    "in/$year/$((n + 1))" | jq -r '.history[] | select(.what == "linked") |
    .detail | fromjson | .replaces')" "in/$year/$n"
is 'the old one to the new' "$(vanthu register show --home b --json \
    "in/$year/$n" | jq -r '.history[] | select(.what == "linked") |
    .detail | fromjson | .replaced_by')" "in/$year/$((n + 1))"
took c >/dev/null
vanthu receive --home a >/dev/null
is 'all is acknowledged' "$(state "$by")" \
    'H99.02 accepted 01 15 03;H99.03 accepted 01 15 03;'
books 'after the replacement'

# ---- the same in the same words ----

ref=$(new 'V/v thêm, bớt nơi nhận' signed.pdf)
ok 'to b' vanthu send --home a "$ref" --to H99.02
took b >/dev/null
n=$(count c in)
words='Sửa nơi nhận'
ok 'c is added' vanthu send --home a --update "$ref" --add H99.03 \
    --reason "$words"
is 'c has it' "$(took c)" "registered in/$year/$((n + 1)) -;"
ok 'removed' vanthu send --home a --update "$ref" --remove H99.03 \
    --reason "$words"
is 'it is recalled' "$(took c)" "done in/$year/$((n + 1)) recalled;"
check 'added again' 0 vanthu-send --home a --update "$ref" --add H99.03 \
    --reason "$words"
is 'c has it anew, not as a duplicate' "$(took c)" \
    "registered in/$year/$((n + 2)) -;"
is 'b hears of all three' "$(took b | tr ';' '\n' | grep -c 'done.*updated')" 3
ok 'removed again' vanthu send --home a --update "$ref" --remove H99.03 \
    --reason "$words"
is 'it is recalled again' "$(took c)" "done in/$year/$((n + 2)) recalled;"
took b >/dev/null
vanthu receive --home a >/dev/null
is 'all is answered' "$(asked "$ref" | tr ';' '\n' | grep -vc accepted)" 0
is 'in words that differ' "$(vanthu send --home a --json --status "$ref" |
    jq -r '.to as $to | .requests[] | "\($to) \(.why)"' | sort | uniq -d)" ''

ref=$(new 'V/v bị từ chối' signed.pdf)
sed -i '$a [receive]\nregister = ask' c/vanthu.conf
ok 'to c' vanthu send --home a "$ref" --to H99.03
took c >/dev/null
ok 'which returns it' vanthu receive --home c --refuse "$(held c)" \
    --reason 'Sai thể thức'
vanthu receive --home a >/dev/null
check 'sent there again' 0 vanthu-send --home a "$ref" --to H99.03
like 'nothing goes without a word' "$err" 'H99.03 refused it.*--add'
is 'nothing went' "$(find axis/H99.03 -name '*.edxml' | wc -l)" 0
ok 'added' vanthu send --home a --update "$ref" --add H99.03 \
    --reason "$words"
is 'it waits there' "$(took c)" 'held - ask;'
sed -i '/^\[receive\]/,$d' c/vanthu.conf
vanthu receive --home a >/dev/null
is 'and the sender knows' "$(state "$ref")" \
    'H99.03 refused 01 02;H99.03 arrived 01;'

# ---- all of it is sound ----

for home in a b c; do
	check "the files of $home are sound" 0 vanthu archive check --home $home
	check "so are its books" 0 vanthu register check --home $home
done
done_testing
