#!/bin/sh
# vanthu-send: what may go out, the queue, each recipient's state
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq || skip_all "no jq"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{ make_offices && leader_signs; } >/dev/null 2>&1 ||
    bail "the offices could not be made"

# register FILE [SUBJECT]: a new outgoing document of a; its reference
register()
{
	vanthu register out --home a --type CV --notation STNA-VP \
	    --subject "${2-V/v thử nghiệm}" --again "$1"
}

# issued REF: the agency signs, so that it may go
issued()
{
	# shellcheck disable=SC2086
	vanthu sign --home a --as agency $agency "$1" >/dev/null
}

# messages ID: how many wait in its folder
messages()
{
	find "axis/$1" -maxdepth 1 -type f -name '*.edxml' 2>/dev/null | wc -l
}

# state REF: "TO STATE" lines
state()
{
	vanthu send --home a --json --status "$1" | jq -r '"\(.to) \(.state)"'
}

# ---- the command line ----

check 'help' 0 vanthu-send --help
check 'no document' 2 vanthu-send --home a
check 'two documents' 2 vanthu-send --home a out/2026/1 out/2026/2 --to H99.02
check 'no recipient' 2 vanthu-send --home a out/2026/1
like 'says what is missing' "$err" 'to whom'
check 'two things at once' 2 vanthu-send --home a --queue --status out/2026/1
check 'a recipient of a status' 2 vanthu-send --home a --status out/2026/1 \
    --to H99.02
check 'a document beside --queue' 2 vanthu-send --home a --queue out/2026/1
check 'an unknown option' 2 vanthu-send --home a --cancel out/2026/1
check 'no office' 6 vanthu-send --home nowhere out/2026/1 --to H99.02
absent 'none was made' nowhere
check 'no such record' 1 vanthu-send --home a out/2026/99 --to H99.02
check 'no reference' 2 vanthu-send --home a signed.pdf --to H99.02
check 'an empty queue' 0 vanthu-send --home a --queue
check 'as cron asks' 0 vanthu-send --home a -q --queue
empty 'and hears no complaint' "$err"

# ---- what may not go out ----

ref=$(register doc.pdf)
check 'unsigned' 8 vanthu-send --home a "$ref" --to H99.02
like 'says so' "$err" 'doc.pdf is not signed'
is 'it was not issued' \
    "$(vanthu register show --home a --json "$ref" | jq -r .state)" registered
check 'it was sent to nobody' 1 vanthu-send --home a --status "$ref"

cp signed.pdf doc.pdf.p7s
ref=$(vanthu register out --home a --type CV --notation STNA-VP --again \
    --subject s doc.pdf doc.pdf.p7s)
check 'with another signed file beside it' 8 vanthu-send --home a "$ref" \
    --to H99.02
like 'which is no signature of it' "$err" 'doc.pdf is not signed'

LC_ALL=C sed 's/MediaBox\[0 0 59/MediaBox[0 0 58/' signed.pdf >changed.pdf
cmp -s signed.pdf changed.pdf && bail "nothing was changed"
ref=$(register changed.pdf)
check 'changed after signing' 8 vanthu-send --home a "$ref" --to H99.02
like 'says why' "$err" 'invalid: the content is not what was signed'
check 'with --json a failure is an object' 8 \
    vanthu-send --home a --json "$ref" --to H99.02
is 'with its code' "$(jq -r .error.code "$out")" refused

in=$(vanthu register in --home a --from H99.09 --code 7/X --date 2026-01-05 \
    --type CV --subject s signed.pdf 2>/dev/null)
check 'an incoming document' 2 vanthu-send --home a "$in" --to H99.02

ref=$(register signed.pdf)
for id in '../H99.02' 'H99 02' 'h99/02' '' H99.01; do
	check "no recipient: '$id'" 2 vanthu-send --home a "$ref" --to "$id"
done
is 'nothing left the office' "$(find axis -type f | wc -l)" 0

ok 'an office with a certificate of the agency' vanthu init c \
    --organ-id H99.05 --name 'Sở C' --transport "spool:$tmp/axis" \
    --agency-cert "$pki/agency.crt"
vanthu trust add --home c --yes "$pki"/trust/*/* >/dev/null 2>&1
cref=$(vanthu register out --home c --type CV --notation SC-VP --subject s \
    signed.pdf)
check 'a person alone is not enough' 8 vanthu-send --home c "$cref" --to H99.02
like 'says what lacks' "$err" "person's signature followed by the agency's"
mv c/agency.pem away.pem
check 'the certificate is gone' 6 vanthu-send --home c "$cref" --to H99.02
like 'it is named' "$err" 'agency\.pem: cannot open'
mv away.pem c/agency.pem
printf '\n[sign]\nunattended = yes\n' >>c/vanthu.conf
# shellcheck disable=SC2086
vanthu sign --home c --as agency $agency "$cref" >/dev/null
check 'person, then agency' 0 vanthu-send --home c "$cref" --to H99.02
rm -rf axis/H99.02

# What carries the number of another record is not this one, sealed or not.
# shellcheck disable=SC2086
vanthu sign -q --home none --as agency $agency --number 77/STNA-VP -o other.pdf \
    signed.pdf >/dev/null 2>"$err" || bail "not sealed: $(cat "$err")"
for office in a c; do
	otherref=$(vanthu register out --home $office --type CV \
	    --notation STNA-VP --subject "$office" other.pdf)
	code=$(vanthu register show --home $office --json "$otherref" |
	    jq -r .code)
	check 'the number of another record' 8 vanthu-send --home $office \
	    "$otherref" --to H99.02
	like 'both are named' "$err" \
	    "other.pdf: the document has the number 77/STNA-VP already, not $code"
	is 'it was not issued' "$(vanthu register show --home $office --json \
	    "$otherref" | jq -r .state)" registered
done
absent 'nothing left the office' axis/H99.02

# ---- one goes out ----

issued "$ref" || bail "the agency could not sign"
check 'it goes out' 0 vanthu-send --home a "$ref" --to H99.02
like 'and says so' "$out" "^$ref: H99.02: sent"
is 'one message' "$(messages H99.02)" 1
is 'no unfinished one' "$(find axis -name '.*' -type f | wc -l)" 0
check 'again: as good as once' 0 vanthu-send --home a "$ref" --to H99.02
is 'still one message' "$(messages H99.02)" 1
check 'to one more' 0 vanthu-send --home a --json "$ref" --to H99.02 --to H99.03
is 'both are told' "$(jq -r .to "$out" | tr '\n' ' ')" 'H99.02 H99.03 '
is 'only the new one got it' "$(messages H99.02) $(messages H99.03)" '1 1'
is 'the keys of JSON' "$(head -n 1 "$out" | jq -r 'keys_unsorted |
    map(select(. != "attempts")) | .[0:8] | join(" ")')" \
    'schema ref document_id to state reason next_try statuses'
is 'the schema' "$(head -n 1 "$out" | jq -r .schema)" vanthu.send/1
is 'the id in its normal form' "$(head -n 1 "$out" | jq -r .document_id)" \
    "H99.01,$(echo "$today" | tr - /),$(vanthu register show \
	--home a --json "$ref" | jq -r .code)"
check 'by its code, too' 0 vanthu-send --home a --status \
    "$(vanthu register show --home a --json "$ref" | jq -r .code)"
is 'it is issued' \
    "$(vanthu register show --home a --json "$ref" | jq -r .state)" issued
check 'and locked' 8 vanthu register attach --home a "$ref" doc.pdf
check 'what travels is an envelope of the signed file' 0 \
    vanthu-unpack --list --json axis/H99.02/*.edxml
is 'to whom' "$(jq -r '.to[].organ_id' "$out")" H99.02
is 'of which type' "$(jq -r .business.type "$out")" new
is 'with this file' "$(jq -r '.attachments[0].sha256' "$out")" \
    "$(vanthu register show --home a --json "$ref" | jq -r '.files[0].sha256')"
check 'handed over inside, and by post' 0 vanthu-send --home a "$ref" \
    --unit 'Phòng Hành chính' --post 'Ông Nguyễn Văn A'
like 'inside' "$out" 'Phòng Hành chính: handed over inside'
like 'by post' "$out" 'Ông Nguyễn Văn A: by post'
is 'all recipients' "$(state "$ref" | tr '\n' ';')" \
    'H99.02 sent;H99.03 sent;null sent;null sent;'

# ---- the answers ----

ok 'the other office receives' vanthu-receive --home b
ok 'the answers come in' vanthu-receive --home a
is 'one has accepted it' "$(state "$ref" | head -n 2 | tr '\n' ';')" \
    'H99.02 accepted;H99.03 sent;'
check 'its statuses' 0 vanthu-send --home a --json --status "$ref"
is 'both, in order' \
    "$(head -n 1 "$out" | jq -r '[.statuses[].code] | join(" ")')" '01 03'
is 'with text and time' \
    "$(head -n 1 "$out" | jq -r '.statuses[0].description')" 'Đã đến'
# shellcheck disable=SC2016 # a program of jq
is 'who has not: an example of the manual' "$(vanthu send --home a --json \
    --status "$ref" | jq -r 'select(.state != "accepted") | .to' |
    head -n 1)" H99.03
check 'a folder can tell nothing' 4 vanthu-send --home a --json --status "$ref" \
    --ask
is 'what is known is told all the same' \
    "$(jq -r 'select(.to != null).to' "$out" | head -n 1)" H99.02
check 'what is asked is the state' 2 vanthu-send --home a "$ref" --to H99.02 --ask
check 'once more to who did not answer' 0 vanthu-send --home a --resend "$ref"
is 'not to who did' "$(messages H99.02) $(messages H99.03)" '0 1'
rm axis/H99.03/*.edxml
ok 'lost on the way' vanthu-send --home a --resend "$ref"
is 'it is there again' "$(messages H99.03)" 1

# ---- a way that is closed ----

ref=$(register signed.pdf closed)
issued "$ref"
rm -rf axis/H99.04
: >axis/H99.04
check 'safely queued is success' 0 vanthu-send --home a "$ref" --to H99.04
like 'with a warning' "$err" 'warning: .*H99.04'
is 'it waits' "$(state "$ref")" 'H99.04 queued'
check 'and says until when' 0 vanthu-send --home a --json --status "$ref"
is 'as an instant' "$(jq -r '.next_try | length' "$out")" 20
is 'with the reason' "$(jq -r '.reason != null' "$out")" true
check 'still closed' 7 vanthu-send --home a --json --queue
is 'which is an error, beside the counts' \
    "$(jq -r '"\(.waiting) \(.error.code)"' "$out")" '1 network'
sqlite3 a/register.db "UPDATE delivery SET next_try = 0 WHERE next_try > 0" ||
    bail 'the next try'
check 'and closed' 7 vanthu-send --home a -q --queue
like 'is said even to cron' "$err" 'messages that wait for the next try: 1$'
check 'not due yet: nothing to do' 0 vanthu-send --home a --json --queue
is 'counts' "$(jq -r '"\(.sent) \(.waiting) \(.failed) \(.later)"' "$out")" \
    '0 0 0 1'
check 'to people' 0 vanthu-send --home a --queue
is 'what waits is not passed over' "$(cat "$out")" \
    'sent 0, still waiting 0, failed 0, not due before their next try 1'
check 'to cron' 0 vanthu-send --home a -q --queue
empty 'there is nothing to say' "$out"
rm axis/H99.04
check 'asked for, it does not wait' 0 vanthu-send --home a "$ref" --to H99.04
is 'it went' "$(state "$ref")" 'H99.04 sent'

# ---- bare environments, others at work ----

ref=$(register signed.pdf cron)
issued "$ref"
check 'from cron' 0 env -i "$VANTHU_BIN/vanthu-send" --home "$tmp/a" --json \
    "$ref" --to H99.02
is 'the same text' "$(jq -r .state "$out")" sent
ref=$(register signed.pdf storm)
issued "$ref"
for i in 1 2 3 4; do
	vanthu-send --home a "$ref" --to H99.02 --to H99.03 >"storm.$i" 2>&1 &
done
wait
is 'four at once: each recipient once' "$(state "$ref" | tr '\n' ';')" \
    'H99.02 sent;H99.03 sent;'
is 'and one message each' "$(messages H99.02)" 2

# ---- the manual's examples ----
ref=$(register signed.pdf 'V/v ví dụ')
issued "$ref"
VANTHU_HOME=$tmp/a
export VANTHU_HOME
examples vanthu-send.1 >examples
is 'the manual has its examples' "$(wc -l <examples)" 5
while read -r line; do
	line=$(printf '%s\n' "${line#'*/5 * * * * '}" | sed "s|out/2026/1|$ref|")
	ok "manual: $line" sh -c "$line" </dev/null
done <examples
is 'who has not accepted it' "$(sort "$out" | xargs)" 'H99.02 H99.03'
unset VANTHU_HOME

check 'the files are sound' 0 vanthu archive check --home a
check 'so are the books' 0 vanthu register check --home a
done_testing
