#!/bin/sh
# a WebDAV server that fails, or the way to it: the status, the queue
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=testdata/ways.sh
. "$VANTHU_SOURCE/testdata/ways.sh"
have jq openssl perl sqlite3 || skip_all 'jq, openssl, perl or sqlite3 is missing'

make_tls || bail 'no certificates'
make_offices dav+https://localhost:1/x || bail 'the offices could not be made'
issue_ready || bail 'no document could be issued'
ref=$(cat ref)
evil=$(free_port)
closed=$(free_port)
serve evil perl "$data/evil-server.pl" "$evil"
wait_port "$evil" || bail 'the evil server does not answer'
sed -i 's|^timeout = .*|timeout = 1|' a/vanthu.conf
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
	'a byte now'*|'more than'*) ;; # as slow as the ones before
	*) check "$1: fetching ends with $3" "$3" vanthu-receive --home a ;;
	esac
	sqlite3 a/register.db "UPDATE delivery SET next_try = strftime('%s') + 3000
	    WHERE state = 'queued' AND next_try < strftime('%s') + 3000"
}
web="dav+http://127.0.0.1:$evil/dav"
fault 'refused' "dav+http://127.0.0.1:$closed/x" 7 'queued again' 'no connection'
fault 'no such host' 'dav+https://dav.test.invalid/x' 7 'queued again' \
    'no connection'
fault 'reset' "$web/reset" 7 'queued again' '.'
fault 'hang' "$web/hang" 7 'queued again' 'no whole answer'
fault 'a byte now and then' "$web/drip" 7 'queued again' '.'
fault 'more than that, and too little' "$web/trickle" 7 'queued again' \
    'slower than 2000 bytes a second'
fault 'half a body' "$web/half" 7 'queued again' '.'
fault 'no HTTP' "$web/not-http" 7 'queued again' 'no whole answer'
fault '500' "$web/status/500" 7 'queued again' 'answers 500, for now'
fault '503, and when' "$web/later" 7 'queued again' 'answers 503, for now'
vanthu send --home a --json --status "$ref" >rows
is 'not before that' "$(jq -r --arg to "H99.$n" 'select(.to == $to) |
    (.next_try | fromdate) - now > 7000' rows)" true
fault 'a disk that is full there' "$web/status/507" 7 'queued again' \
    'answers 507, for now'
fault '403' "$web/status/403" 8 'queued again' 'answers 403'
fault 'a message that is too long for it' "$web/status/413" 8 failed \
    'answers 413'
fault 'a page of something else' "$web/html" 7 'queued again' \
    'answers 200, which says nothing here'
fault 'led elsewhere' "$web/to/307/http://127.0.0.1:1/van-ban" 8 'queued again' \
    'answers 307'
fault 'plain to another machine' 'dav+http://192.0.2.1/x' 8 'queued again' \
    'only https goes elsewhere'
for cert in other past; do
	port=$(free_port)
	serve $cert openssl s_server -accept "127.0.0.1:$port" -www -quiet \
	    -cert $cert.crt -key $cert.key
	wait_port "$port"
	fault "a certificate that is $cert" "dav+https://localhost:$port/x" 8 \
	    'queued again' 'not who it should be'
done
at a "dav+http://127.0.0.1:$closed/x"
sqlite3 a/register.db "UPDATE delivery SET next_try = 1 WHERE state = 'queued'"
check 'the whole queue, where nobody answers' 7 vanthu-send --home a --json \
    --queue
is 'waits without a try for each' "$(jq '.waiting > 5 and .failed == 0' "$out")" \
    true
sound a
done_testing
