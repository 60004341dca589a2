#!/bin/sh
# two offices at a province's platform, as far as its calls are known: the
# server is ours, made after the same description as the client
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=testdata/ways.sh
. "$VANTHU_SOURCE/testdata/ways.sh"
have jq openssl perl sqlite3 || skip_all 'jq, openssl, perl or sqlite3 is missing'
have_lgsp || skip_all 'no Apache with CGI'

make_tls || bail 'no certificates'
start_lgsp || bail "no server: $(cat lgsp.error)"
url=lgsp+https://localhost:$lgsp/api
make_offices "$url" || bail 'the offices could not be made'
issue_ready || bail 'no document could be issued'
ref=$(cat ref)
mkdir -m 777 lgsp/box/H99.03

check 'nothing waits' 0 vanthu-receive --home b
check 'to two' 0 vanthu-send --home a "$ref" --to H99.02 --to H99.03
is 'both have it' "$(state "$ref" | xargs)" 'H99.02 sent H99.03 sent'
is 'by one call, since the recipients stand in the file' \
    "$(cat lgsp/said)" 'sendEdoc edoc H99.02 H99.03'
echo 'getEdoc apart' >lgsp/mode
check 'files that are not in the message' 8 vanthu-receive --home b
like 'are told' "$err" 'files beside the message'
is 'and it stays there' "$(cat lgsp/box/H99.02/*[0-9a-f])" 'edoc H99.01 initial'
: >lgsp/mode
check 'it is taken in' 0 vanthu-receive --home b --json
is 'into the book' "$(jq -r '"\(.result) \(.ref)"' "$out")" \
    "registered in/$year/1"
is 'and confirmed' "$(cat lgsp/box/H99.02/*[0-9a-f])" 'edoc H99.01 done'
check 'it comes no more' 0 vanthu-receive --home b --json
empty 'nothing' "$out"
check 'the answers come home, as XML and not in base64' 0 vanthu-receive \
    --home a --json
is 'both of them' "$(jq -r .result "$out" | xargs)" 'status status'
is 'it is accepted' "$(row H99.02)" accepted

# ---- what is damaged ----
printf '<edXML>' >lgsp/box/H99.02/0abc.edxml
printf 'edoc H99.01 initial\n' >lgsp/box/H99.02/0abc
printf 'edoc H99.01 initial\n' >lgsp/box/H99.02/0abd # and no file at all
: >lgsp/box/H99.02/0abd.edxml
chmod a+rw lgsp/box/H99.02/0ab*
check 'what is damaged is kept apart' 0 vanthu-receive --home b --json
is 'as that' "$(jq -r .result "$out" | xargs)" 'quarantined quarantined'
is 'and told' "$(cat lgsp/box/H99.02/0abc lgsp/box/H99.02/0abd)" \
    "edoc H99.01 fail
edoc H99.01 fail"

# ---- what it says no to ----
n=10
# fault WHAT STATUS STATE TEXT
fault()
{
	n=$((n + 1))
	check "$1: the document is safe in the queue" 0 vanthu-send --home a \
	    "$ref" --to "H99.$n"
	like "$1: says why" "$err" "H99.$n: .*$4"
	is "$1: and whether it will be tried again" "$(row "H99.$n")" "$3"
	check "$1: fetching ends with $2" "$2" vanthu-receive --home a
	sqlite3 a/register.db "UPDATE delivery
	    SET next_try = strftime('%s') + 3000 WHERE state = 'queued'"
}
fault 'a receiver that it does not know' 0 failed 'khong ton tai \(18\)'
for code in 10 19 22 23; do
	echo "sendEdoc $code" >lgsp/mode
	fault "error $code" 0 failed "axis refuses: Tu choi \\($code\\)"
done
echo 'sendEdoc 18 400' >lgsp/mode
fault 'an error with a status of HTTP' 0 failed 'axis refuses: Tu choi \(18\)'
for code in 20 21; do
	echo "sendEdoc $code" >lgsp/mode
	fault "error $code" 0 'queued again' "for now: Tu choi \\($code\\)"
done
echo 'syncReceivedEdocList 20' >lgsp/mode
check 'a list that fails' 7 vanthu-receive --home b
: >lgsp/mode
echo wrong >a/way.secret
fault 'a wrong secret' 5 'queued again' 'SecretKey \(15\)'
unlike 'it is told to nobody' "$err" wrong
rm a/way.secret
fault 'none' 5 'queued again' 'cannot read the secret'
echo secret-of-H99.01 >a/way.secret
chmod 600 a/way.secret

# ---- answers that were given up ----
at b "lgsp+https://localhost:1/x"
check 'the book tells its sender' 0 vanthu-register set --home b "in/$year/1" \
    state=assigned keeper=P1 --reason r
sqlite3 b/register.db "UPDATE delivery SET state = 'failed', next_try = NULL,
    reason = 'x', attempts = 20 WHERE state = 'queued'"
check 'what was given up' 1 vanthu-status --home b --json
is 'says the next step' "$(jq -r 'select(.kind == "failed").next' "$out")" \
    "vanthu send --resend in/$year/1"
at b "$url"
check 'is sent again' 0 vanthu-send --home b --json --resend "in/$year/1"
is 'as one' "$(jq -c '[.ref, .answers]' "$out")" "[\"in/$year/1\",1]"
check 'comes home' 0 vanthu-receive --home a --json
is 'as what it is' "$(jq -r .status "$out")" 04
check 'once' 1 vanthu-send --home b --resend "in/$year/1"
like 'then nothing is left' "$err" 'no answer about it has failed'

# ---- the way ----
evil=$(free_port)
serve evil perl "$data/evil-server.pl" "$evil"
wait_port "$evil" || bail 'the evil server does not answer'
sed -i 's|^timeout = .*|timeout = 1|' a/vanthu.conf
web="lgsp+http://127.0.0.1:$evil/vxp"
for way in "$web/hang|7|queued again|no whole answer" \
    "$web/half|7|queued again|." \
    "$web/status/500|7|queued again|answers 500" \
    "$web/status/403|8|queued again|answers 403" \
    "$web/html|7|queued again|." \
    'lgsp+http://192.0.2.1/x|8|queued again|only https' \
    'lgsp+https://lgsp.test.invalid/x|7|queued again|no connection'; do
	IFS='|' read -r address status wanted text <<-EOT
	$way
	EOT
	at a "$address"
	fault "$address" "$status" "$wanted" "$text"
done
sound a
sound b
done_testing
