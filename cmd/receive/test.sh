#!/bin/sh
# vanthu-receive: two offices, and whatever else lies in the folder
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq || skip_all "no jq"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{ make_offices && issue_ready; } >/dev/null 2>&1 ||
    bail "the offices could not be made"
ref=$(cat ref)
mkdir -p axis/H99.02

# shellcheck source=testdata/message.sh
. "$VANTHU_SOURCE/testdata/message.sh"

# told: the statuses that wait for a, in order of name
told()
{
	for file in axis/H99.01/*.edxml; do
		[ -e "$file" ] || continue
		vanthu-unpack --list --json "$file" | jq -rj '"\(.status.code) "'
	done
}

# ---- the command line ----

check 'help' 0 vanthu-receive --help
check 'an operand' 2 vanthu-receive --home b file.edxml
check 'a refusal without a reason' 2 vanthu-receive --home b --refuse 1
check 'a reason without a refusal' 2 vanthu-receive --home b --reason r
check 'two words at once' 2 vanthu-receive --home b --accept 1 --pending
check 'a limit of none' 2 vanthu-receive --home b --limit 0
check 'a limit of what is pending' 2 vanthu-receive --home b --pending --limit 1
check 'not an id' 2 vanthu-receive --home b --accept x
check 'to decline without a reason' 2 vanthu-receive --home b --decline 1
check 'two words at once, again' 2 vanthu-receive --home b --agree 1 --accept 1
check 'no office' 6 vanthu-receive --home nowhere
for word in --accept --agree '--reason r --refuse' '--reason r --decline'; do
	# shellcheck disable=SC2086
	check "no such message: $word" 1 vanthu-receive --home b $word 99
	like 'it is named' "$err" 'there is no message 99$'
done
check 'nothing came' 0 vanthu-receive --home b
empty 'and nothing is said' "$out"
check 'nothing waits' 0 vanthu-receive --home b --pending
empty 'nor here' "$out"
ok 'an office without a transport' vanthu init d --organ-id H99.07 --name D
check 'receives nothing' 6 vanthu-receive --home d
like 'and says why' "$err" 'no transport is configured'

# ---- the story ----

vanthu send --home a "$ref" --to H99.02 >/dev/null 2>&1
cp axis/H99.02/*.edxml kept.edxml
check 'a signed document' 0 vanthu-receive --home b --json
is 'is registered' "$(jq -r '"\(.result) \(.ref)"' "$out")" \
    "registered in/$year/1"
is 'the keys of JSON' "$(jq -r 'keys_unsorted | .[0:6] | join(" ")' "$out")" \
    'schema id document_id ref result reason'
is 'with its arrival number' "$(vanthu register show --home b --json \
    "in/$year/1" | jq -r '"\(.number) \(.state) \(.verdict) \(.code)"')" \
    '1 registered valid 01/STNA-VP'
is 'of the file that was sent' \
    "$(vanthu register show --home b --json "in/$year/1" |
	jq -r '.files[0].sha256')" \
    "$(vanthu register show --home a --json "$ref" | jq -r '.files[0].sha256')"
is 'the folder is empty' "$(find axis/H99.02 -type f | wc -l)" 0
is 'its sender is told' "$(told)" '01 03 '
cp kept.edxml axis/H99.02/again.edxml
cp kept.edxml axis/H99.02/and-again.edxml
is 'the same again is none' "$(took)" \
    "duplicate in/$year/1 -;duplicate in/$year/1 -;"
is 'there is one record' "$(count b in)" 1
is 'its sender is told again, once' "$(told)" '01 03 '
check 'the answers' 0 vanthu-receive --home a
like 'are statuses of the document' "$out" "$ref: a status 03"
is 'nothing is left on the way' "$(find axis -name '*.edxml' | wc -l)" 0
check 'and answered they are not' 0 vanthu-receive --home b
empty 'nothing came' "$out"

# ---- held ----

printf 'không ký\n' >plain.txt
message id-1 'V/v không ký' plain.txt
arrive
is 'an unsigned document is held' "$(took)" 'held - unsigned;'
is 'not in the book' "$(count b in)" 1
is 'its sender is told 01' "$(told)" '01 '
rm -f axis/H99.01/*.edxml
check 'it is pending' 0 vanthu-receive --home b --json --pending
id=$(jq -r .id "$out")
is 'with all a clerk needs' \
    "$(jq -r '"\(.result) \(.reason) \(.from) \(.code) \(.verdict)"' "$out")" \
    'held unsigned H99.01 7/SA-VP unsigned'
check 'for people, too' 0 vanthu-receive --home b --pending
like 'in words' "$out" "^$id: held for a clerk: 7/SA-VP, Ủy ban .*no signature"
check 'the clerk accepts' 0 vanthu-receive --home b --accept "$id"
like 'it is registered' "$out" "in/$year/2: registered"
check 'again: as good as once' 0 vanthu-receive --home b --accept "$id"
is 'in the book once' "$(count b in)" 2
is 'its sender is told 03' "$(told)" '03 '
rm -f axis/H99.01/*.edxml
check 'what is accepted is not refused' 8 vanthu-receive --home b \
    --refuse "$id" --reason r

LC_ALL=C sed 's/MediaBox\[0 0 59/MediaBox[0 0 58/' signed.pdf >changed.pdf
message id-2 'V/v bị sửa' changed.pdf
arrive
is 'a changed document is held' "$(took)" 'held - digest-mismatch;'
id=$(vanthu-receive --home b --json --pending | jq -r .id)
check 'no reason at all' 2 vanthu-receive --home b --refuse "$id" --reason ' '
check 'the clerk refuses' 0 vanthu-receive --home b --refuse "$id" \
    --reason 'Chữ ký không hợp lệ'
like 'with the reason' "$out" 'refused.*Chữ ký không hợp lệ'
check 'again: as good as once' 0 vanthu-receive --home b --refuse "$id" \
    --reason 'Chữ ký không hợp lệ'
check 'what is refused is not accepted' 8 vanthu-receive --home b --accept "$id"
is 'its sender is told, in order' "$(told)" '01 02 '
is 'and why' "$(vanthu-unpack --list --json "$(find axis/H99.01 -name '*.edxml' |
    sort | tail -n 1)" | jq -r .status.description)" 'Chữ ký không hợp lệ'
rm -f axis/H99.01/*.edxml
arrive
is 'the same again stays refused' "$(took)" 'duplicate - Chữ ký không hợp lệ;'
message id-2 'V/v đã ký lại' signed.pdf
arrive
is 'a better one may come' "$(took)" "registered in/$year/3 -;"
message id-2 'V/v mạo nhận' signed.pdf
arrive
is 'another of a live id may not' "$(took)" 'quarantined - id-in-use;'
rm -f axis/H99.01/*.edxml

printf '\n[receive]\nregister = ask\n' >>b/vanthu.conf
message id-3 'V/v hỏi trước' signed.pdf
arrive
is 'where the office asks, nothing is registered' "$(took)" 'held - ask;'
is 'its sender is told 01' "$(told)" '01 '
sed -i '/^register = ask/d' b/vanthu.conf
rm -f axis/H99.01/*.edxml
message id-8 'V/v cron' plain.txt
arrive
# shellcheck disable=SC2016 # a program of jq
is 'what was held: an example of the manual' "$(vanthu receive --home b -q \
    --json 2>/dev/null | jq -c 'select(.result == "held")' | jq -r .reason)" \
    unsigned
rm -f axis/H99.01/*.edxml

# ---- secrets ----

message id-of-secret 'chuyện kín' signed.pdf
sed 's/Công văn/MẬT/' message.edxml >secret.edxml
before=$(find b/objects b/quarantine -type f | wc -l)
cp secret.edxml axis/H99.02/
check 'a secret' 0 vanthu-receive --home b --json
is 'is refused' "$(jq -r '"\(.result) \(.reason) \(.document_id)"' "$out")" \
    'refused secret id-of-secret'
is 'its sender is told' "$(told)" '01 02 '
is 'nothing of it is kept' \
    "$(find b/objects b/quarantine -type f | wc -l)" "$before"
is 'nowhere' "$(grep -rl 'chuyện kín' b axis)" ''
rm -f axis/H99.01/*.edxml

# In other letters it is none, but nothing that goes into the book by itself.
message id-of-like 'V/v mật ong' signed.pdf
sed 's/Công văn/Mật/' message.edxml >axis/H99.02/like.edxml
check 'what may be one' 0 vanthu-receive --home b --json
is 'is held' "$(jq -r '"\(.result) \(.reason) \(.document_id)"' "$out")" \
    'held perhaps-secret id-of-like'
is 'its sender is told' "$(told)" '01 '
check 'what to do' 0 vanthu-receive --home b --pending
like 'is told' "$out" 'state secret is to be refused'
check 'a clerk has the word' 0 vanthu-receive --home b --refuse \
    "$(vanthu-receive --home b --pending --json |
	jq -r 'select(.reason == "perhaps-secret").id')" --reason 'Mật'
rm -f axis/H99.01/*.edxml

# ---- hostile ----

printf '<edXML' >axis/H99.02/broken.edxml
: >axis/H99.02/empty.edxml
cat >axis/H99.02/bomb.edxml <<'XML'
<!DOCTYPE e [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><e>&b;</e>
XML
sed 's/<edXML:OrganId>H99.01</<edXML:OrganId>..\/..\/x</' message.edxml \
    >axis/H99.02/path.edxml
printf 'x' >"axis/H99.02/$(printf 'esc\033[2J').edxml"
ln -s /etc/passwd axis/H99.02/link.edxml
mkfifo axis/H99.02/fifo.edxml
mkdir axis/H99.02/dir.edxml
printf 'x' >axis/H99.02/.unfinished.edxml
check 'what is no message' 0 vanthu-receive --home b --json
is 'is kept apart, each of them' \
    "$(jq -r '"\(.result) \(.reason)"' "$out" | sort | uniq -c | xargs)" \
    '5 quarantined malformed'
is 'with its reason beside it' \
    "$(find axis/H99.02/dead -name '*.reason' | wc -l)" 6
like 'in words' axis/H99.02/dead/bomb.edxml.reason '^malformed: .*DOCTYPE'
is 'what is no file stays' "$(find axis/H99.02 -maxdepth 1 ! -type d | wc -l)" 3
rm -rf axis/H99.02/fifo.edxml axis/H99.02/dir.edxml axis/H99.02/link.edxml
absent 'nothing was written elsewhere' x ../x axis/x
message id-4 'V/v \u202egnp.exe \u009b2J' plain.txt
cp message.edxml "axis/H99.02/$(printf 'm\033[2J').edxml"
check 'for people' 0 vanthu-receive --home b
check 'what waits' 0 vanthu-receive --home b --pending
like 'signs that turn text around are shown' "$out" 'u\{202e\}'
unlike 'and none reaches the terminal' "$out" "$(printf '\342\200\256|\302\233')"

message id-5 'V/v tên lạ' plain.txt
sed 's/plain.txt/..\/..\/..\/etc\/passwd/g' message.edxml \
    >axis/H99.02/names.edxml
id=$(vanthu-receive --home b --json 2>/dev/null | jq -r .id)
check 'a file name that climbs' 0 vanthu-receive --home b --json --accept "$id"
is 'has no folder left' "$(vanthu register show --home b --json \
    "$(jq -r .ref "$out")" | jq -r '.files[0].name | contains("/")')" false
rm -f axis/H99.01/*.edxml

truncate -s 1100000000 axis/H99.02/large.edxml
check 'a message of more than a gigabyte' 0 vanthu-receive --home b --json
is 'is not let in' "$(jq -r '"\(.result) \(.reason)"' "$out")" \
    'quarantined too-large'
rm -rf axis/H99.02/dead

# ---- statuses ----

status()
{
	cat >status.json <<-JSON
	{"kind":"status","from":{"organ_id":"$1","name":"Sở B"},
	"response_for":[{"organ_id":"H99.01","code":"01/STNA-VP",
	"date":"2026-01-05","document_id":"$2"}],
	"status":{"code":"$3","description":"$4",
	"timestamp":"2026-01-06T01:02:03Z"}}
	JSON
	rm -f axis/H99.01/s.edxml
	vanthu-pack --meta status.json -o axis/H99.01/s.edxml >/dev/null ||
	    bail "no status could be made"
}

document=$(vanthu send --home a --json --status "$ref" | jq -r .document_id)
status H66.01 "$document" 06 'xong'
is 'a status of a stranger' "$(vanthu-receive --home a --json |
    jq -r '"\(.result) \(.reason)"')" 'quarantined unknown-document'
status H99.02 "$document" 05 'Đang xử lý'
is 'one of the recipient' "$(vanthu-receive --home a --json |
    jq -r '"\(.result) \(.ref)"')" "status $ref"
is 'counts' "$(vanthu send --home a --json --status "$ref" | jq -r .state)" \
    processing
status H99.02 "$document" 05 'Đang xử lý'
is 'the same again does not' "$(vanthu-receive --home a --json |
    jq -r .result)" duplicate
status H99.02 "$document" 15 'Đồng ý'
is 'an agreement that nobody asked for is flagged' "$(vanthu-receive --home a \
    --json | jq -r '"\(.result) \(.reason)"')" 'status unusual-order'
is 'each once' "$(vanthu send --home a --json --status "$ref" |
    jq -r '[.statuses[].code] | join(" ")')" '01 03 05 15'
check 'a clerk is shown which' 0 vanthu send --home a --status "$ref"
is 'namely that one' "$(grep 'does not follow' "$out" | cut -c32-)" \
    '15  Đồng ý  (the status does not follow the one before; it was kept)'
is 'and takes nobody back' "$(vanthu send --home a --json --status "$ref" |
    jq -r .state)" processing

# ---- others at work, bare environments ----

for i in 1 2 3 4 5 6; do
	message "storm-$i" "V/v bão $i" signed.pdf
	arrive "storm-$i"
done
before=$(count b in)
for i in 1 2 3 4; do
	vanthu-receive --home b --json >"storm.$i" 2>/dev/null &
done
wait
is 'four at once: each document once' "$(($(count b in) - before))" 6
is 'each taken by one of them' "$(cat storm.? | jq -r .result | sort | uniq -c |
    xargs)" '6 registered'
message id-6 'V/v cron' signed.pdf
arrive
check 'from cron' 0 env -i "$VANTHU_BIN/vanthu-receive" --home "$tmp/b" --json
is 'the same' "$(jq -r .result "$out")" registered
message id-7 'V/v đầy' signed.pdf
arrive
check 'one of two' 0 vanthu-receive --home b --limit 1
check 'results that cannot be written' 6 sh -c \
    'cp message.edxml axis/H99.02/full.edxml; vanthu-receive --home b >/dev/full'

# ---- the manual's examples ----
VANTHU_HOME=$tmp/b
export VANTHU_HOME
rm -f axis/H99.02/*
for i in 1 2 3; do
	message "example-$i" 'V/v ví dụ' doc.pdf
	arrive "example-$i"
done
mv axis/H99.02/example-3.edxml later
for i in 4 5; do
	message "example-$i" 'V/v ví dụ' signed.pdf
	arrive "example-$i"
	message "example-$i" 'V/v ví dụ' doc.pdf # a recall that proves nothing
	sed 's/DocType>0</DocType>1</' message.edxml \
	    >"axis/H99.02/example-$i-recall.edxml"
done
examples vanthu-receive.1 >examples
is 'the manual has its examples' "$(wc -l <examples)" 7
while read -r line; do
	kind=new
	case $line in *--agree* | *--decline*) kind=recall ;; esac
	id=$(vanthu receive --pending --json |
	    jq "select(.business == \"$kind\") | .id" | head -n 1)
	case $line in
	*jq*) mv later axis/H99.02/example-3.edxml ;;
	esac
	line=$(printf '%s\n' "$line" | sed "s/\(--[a-z]*\) 1[2-5]/\1 $id/")
	ok "manual: $line" sh -c "$line" </dev/null
done <examples
is 'what is held, from cron' "$(jq -r '"\(.result) \(.document_id)"' held.jsonl)" \
    'held example-3'
unset VANTHU_HOME

# ---- where it goes ----

# goes ID BUSINESS PLACES: such a message of signed.pdf, and what became of it
goes()
{
	message "$1" 'V/v nơi nhận' signed.pdf
	jq -c --arg business "$2" --argjson places "$3" '.to_places = $places |
	    .business = {type: $business, reason: "r"} | if $business == "update"
	    then .business += {document_id, content_changed: true} else . end' \
	    meta.json >places.json
	rm message.edxml
	vanthu-pack --meta places.json -o message.edxml signed.pdf >/dev/null ||
	    bail 'no message could be made'
	arrive
	vanthu-receive --home b --json 2>"$err" | jq -r '"\(.result) \(.ref)"'
}
went=$(goes places new '["Như trên;\n- UBND", " ", "Lưu: VT"]')
is 'what says where it goes' "$went" "registered ${went#* }"
went=${went#* }
is 'is in the book with that' "$(vanthu register show --home b --json "$went" |
    jq -c .places)" '["Như trên, - UBND","Lưu: VT"]'
is 'which an update' "$(goes places update '["Như trên"]')" "done $went"
is 'may change' "$(vanthu register show --home b --json "$went" |
    jq -c .places)" '["Như trên"]'
went=$(goes many-places new "$(jq -nc '[range(500) | "Sở số \(.)"]')")
is 'where there are too many' "$went" "registered ${went#* }"
like 'that is said' "$err" 'the places that it goes to are cut'
is 'as many are kept as a record holds' "$(vanthu register show --home b \
    --json "${went#* }" | jq -c '.places | [length > 300, length < 500]')" \
    '[true,true]'

if dir=$(corpus edxml) && [ -n "$dir" ]; then
	for file in "$dir"/*.edxml; do
		cp "$file" axis/H99.02/
	done
	check 'messages of the official SDK' 0 vanthu-receive --home b --json
	is 'a recall and a take-back are held, statuses are of others' \
	    "$(jq -r '"\(.result) \(.reason)"' "$out" | sort | uniq -c | xargs)" \
	    '1 held recall 1 held take-back 3 quarantined unknown-document'
else
	skip 'no corpora' 2
fi
ok 'a sends what waits' vanthu send --home a --queue
check 'the files are sound' 0 vanthu archive check --home b
check 'so are the books' 0 vanthu register check --home b
done_testing
