#!/bin/sh
# an office whose axis, or whose way there, fails: its status, its queue
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=cmd/axis/axis.sh
. "$VANTHU_SOURCE/cmd/axis/axis.sh"
have jq openssl perl sqlite3 || skip_all "jq, openssl, perl or sqlite3 is missing"

axis_of_two
evil=$(free_port)
closed=$(free_port)
serve evil perl "$data/evil-server.pl" "$evil"
wait_port "$evil" || bail 'the evil server does not answer'

# serve_tls NAME: an axis with the certificate NAME; its port in $port
serve_tls()
{
	serve "$1" vanthu-axis serve axis --listen 127.0.0.1:0 \
	    --tls-cert "$1.crt" --tls-key "$1.key"
	port=
	until port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$1.error" 2>/dev/null) &&
	    [ -n "$port" ]; do
		sleep 0.1
	done
}
serve_tls other
other=$port
serve_tls past
past=$port

# at HOME URL
at()
{
	sed -i "s|^url = .*|url = $2|; s|^timeout = .*|timeout = 1|" \
	    "$1/vanthu.conf"
}

n=10
# fault WHAT URL STATUS STATE TEXT: a send, and a fetch, where the way is such
fault()
{
	n=$((n + 1))
	at a "$2"
	check "$1: the document is safe in the queue" 0 vanthu-send --home a \
	    "$ref" --to "H99.$n"
	like "$1: says why" "$err" "H99.$n: .*$5"
	is "$1: and whether it will be tried again" "$(row "H99.$n")" "$4"
	case $1 in
	'a byte now'*|'a bomb') ;; # as slow as the ones before
	*bytes) ;; # lists may be longer
	*)
		check "$1: fetching ends with $3" "$3" vanthu-receive --home a
		;;
	esac
	# however long this takes, no later one has those before it in its way
	sqlite3 a/register.db "UPDATE delivery
	    SET next_try = strftime('%s') + 3000 WHERE state = 'queued'
	    AND next_try < strftime('%s') + 3000"
}

web="vxp+http://127.0.0.1:$evil/vxp"
fault 'refused' "vxp+http://127.0.0.1:$closed/x" 7 'queued again' 'no connection'
fault 'no such host' 'vxp+https://axis.test.invalid/x' 7 'queued again' \
    'no connection'
fault 'reset' "$web/reset" 7 'queued again' '.'
fault 'hang' "$web/hang" 7 'queued again' 'no whole answer'
fault 'a byte now and then' "$web/drip" 7 'queued again' '.'
fault 'half a body' "$web/half" 7 'queued again' '.'
fault 'half an answer' "$web/axis-cut" 7 'queued again' '.'
fault 'no HTTP' "$web/not-http" 7 'queued again' 'no whole answer'
fault '500' "$web/status/500" 7 'queued again' 'answers 500, for now'
fault '503, and when' "$web/later" 7 'queued again' 'answers 503, for now'
vanthu send --home a --json --status "$ref" >rows
is 'not before that' "$(jq -r --arg to "H99.$n" 'select(.to == $to) |
    (.next_try | fromdate) - now > 7000' rows)" true
fault '403' "$web/status/403" 8 'queued again' 'answers 403'
fault '404' "$web/status/404" 8 'queued again' 'answers 404'
fault 'a message that is too long for it' "$web/status/413" 8 failed \
    'answers 413'
fault 'a page of something else' "$web/html" 7 'queued again' \
    "not one of the axis' protocol"
fault 'a bomb' "$web/bomb" 7 'queued again' '.'
# VT_VXP_ANSWER_MAX, and a byte more
fault '1048576 bytes' "$web/answer/1048576" 8 failed 'Dai \(18\)'
fault '1048577 bytes' "$web/answer/1048577" 7 'queued again' \
    'longer than 1048576 bytes'
fault 'headers without an end' "$web/heads" 7 'queued again' 'headers are longer'
fault 'an axis that is busy' "$web/axis-later" 7 'queued again' 'Ban \(20\)'
fault 'an axis that refuses' "$web/axis-no" 8 failed 'Khong co \(18\)'
fault 'a compressed answer' "$web/axis-gzip" 8 failed 'Da nen \(18\)'
fault 'one compressed twice' "$web/axis-gzip-gzip" 7 'queued again' \
    'packed in a way'
fault 'led elsewhere' "$web/to/307/http://127.0.0.1:$evil/vxp/good" 8 'queued again' \
    'answers 307'
fault 'another'\''s certificate' "vxp+https://localhost:$other/x" 8 'queued again' \
    'not who it should be'
fault 'an expired one' "vxp+https://localhost:$past/x" 8 'queued again' \
    'not who it should be'
fault 'plain to another machine' 'vxp+http://192.0.2.1/x' 8 'queued again' \
    'only https goes elsewhere'
serve_tls good
good=$port
fault 'plain to who wants TLS' "vxp+http://127.0.0.1:$port/x" 7 'queued again' \
    'no whole answer'
sed -i 's|^ca = .*|ca = /etc/ssl/certs/ca-certificates.crt|' a/vanthu.conf
[ ! -f /etc/ssl/certs/ca-certificates.crt ] ||
    fault 'a root that is not ours' "vxp+https://localhost:$port/x" 8 \
	'queued again' 'not who it should be'
sed -i 's|^ca = .*|ca = nowhere.pem|' a/vanthu.conf
fault 'roots that are not there' "vxp+https://localhost:$port/x" 6 \
    'queued again' 'nowhere.pem'
sed -i "s|^ca = .*|ca = $tmp/root.crt|" a/vanthu.conf
at a "vxp+http://127.0.0.1:$closed/x"
sqlite3 a/register.db "UPDATE delivery SET next_try = 1 WHERE state = 'queued'"
check 'the queue, as cron runs it' 7 vanthu-send --home a -q --queue
# tries: of all that waits, once it is due
tries()
{
	sqlite3 a/register.db "UPDATE delivery SET next_try = 1
	    WHERE state = 'queued';
	    SELECT sum(attempts) FROM delivery WHERE state = 'queued'"
}
before=$(tries)
check 'the whole queue, where nobody answers' 7 vanthu-send --home a --json \
    --queue
is 'is told to wait' "$(jq '.waiting > 5 and .failed == 0' "$out")" true
is 'and nothing is older by a try that was not made' "$(tries)" \
    $((before + 2))
at a "$web/axis-stall"
before=$(tries)
check 'the same, where answers begin and do not end' 7 vanthu-send --home a \
    --json --queue
is 'is told to wait, too' "$(jq '.waiting > 5 and .failed == 0' "$out")" true
is 'and waits for two of them' "$(tries)" $((before + 2))

# ---- what somebody puts right, there or here, and has lost nothing by it ----
check 'a document for who is at the axis' 0 vanthu-send --home a "$ref" \
    --to H99.02
for url in "vxp+https://localhost:$past/x" "$web/status/404" \
    'vxp+http://192.0.2.1/x'; do
	at a "$url"
	sqlite3 a/register.db "UPDATE delivery SET next_try = 1, attempts = 19
	    WHERE state = 'queued'"
	check "$url: after all tries but one" 7 vanthu-send --home a --json --queue
	is "$url: nothing is given up" "$(jq .failed "$out")" 0
	vanthu status --home a --json >rows
	is "$url: the next step is told" "$(jq -r 'select(.kind == "queued").next' \
	    rows | sort -u)" 'vanthu send --queue'
	is "$url: with the reason" "$(jq -s 'map(select(.kind == "queued").reason) |
	    all(. != null)' rows)" true
done
at a "$(axis_url "$good")"
tries >/dev/null
check 'it is put right' 8 vanthu-send --home a --queue # others are unknown there
is 'and what waited goes' "$(row H99.02)" sent

# ---- lists ----
at a "$web/axis-object"
check 'a list that is none is not taken for an empty one' 7 vanthu-receive \
    --home a
like 'and told' "$err" "not one of the axis' protocol"
at a "$web/axis-nothing"
check 'null is nothing' 0 vanthu-receive --home a
at a "$web/axis-nameless"
check 'messages that can not be asked for' 8 vanthu-receive --home a
like 'are told' "$err" 'lists 6 messages without an id' # of both kinds
at a "$web/axis-number"
check 'an id that is written as a number' 8 vanthu-receive --home a
like 'is asked for' "$err" '17: the axis lists it and gives no file'

# ---- a server that wants to know us ----
if have_apache && [ -f "$apache_modules/mod_ssl.so" ]; then
	known=$(free_port)
	tls_cert us vanthu.test.invalid 20200101000000Z 20491231235959Z
	cat >known.conf <<-EOT
	LoadModule ssl_module $apache_modules/mod_ssl.so
	Listen 127.0.0.1:$known
	SSLSessionCache none
	SSLEngine on
	SSLCertificateFile $tmp/good.crt
	SSLCertificateKeyFile $tmp/good.key
	SSLCACertificateFile $tmp/root.crt
	SSLVerifyClient require
	EOT
	apache known
	wait_port "$known" || bail 'apache does not run'
	at a "vxp+https://localhost:$known/x"
	check 'without a certificate it does not answer' 7 vanthu-receive --home a
	cp us.crt us.key a
	printf 'cert = us.crt\nkey = us.key\n' | transport_add a
	check 'with one it does' 8 vanthu-receive --home a
	like 'and says what it is' "$err" 'answers 40[45]'
	sed -i 's|^key = .*|key = us.crt|' a/vanthu.conf
	check 'a key that is none' 5 vanthu-receive --home a
	like 'is told as ours' "$err" 'our own certificate or its key'
else
	skip 'no apache with TLS' 5
fi
done_testing
