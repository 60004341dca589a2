#!/bin/sh
# an outage gives no message up, however long; one that alone kills its
# connection is given up in the end, and holds nobody up
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=cmd/axis/axis.sh
. "$VANTHU_SOURCE/cmd/axis/axis.sh"
have jq openssl perl sqlite3 || skip_all "jq, openssl, perl or sqlite3 is missing"

axis_of_two
closed=$(free_port)
plain=$(free_port)
drop=$(free_port)
serve plain vanthu-axis serve axis --listen "127.0.0.1:$plain" --loopback-http
# whose connections end with the first byte of an answer: those for H99.03
serve drop perl "$VANTHU_SOURCE/cmd/axis/drop.pl" "$drop" "$plain" \
    'XroadVnpt-to: \["H99\.03"\]'
wait_port "$drop" && wait_port "$plain" || bail 'the proxy does not answer'

# deliver N: so many runs, each after all pauses; the last one's in $out
deliver()
{
	i=0
	while [ $i -lt "$1" ]; do
		sqlite3 a/register.db 'UPDATE delivery SET next_try = 1
		    WHERE next_try IS NOT NULL'
		vanthu-send --home a --json --queue >"$out" 2>"$err"
		rc=$?
		i=$((i + 1))
	done
}

# tries TO: how many of its tries count
tries()
{
	vanthu send --home a --json --status "$ref" |
	    jq --arg to "$1" 'select(.to == $to).attempts'
}

at a "vxp+http://127.0.0.1:$closed/x"
check 'nobody is there: it is queued' 0 vanthu-send --home a "$ref" --to H99.03
deliver 24
is 'and stays so through 24 runs' "$(row H99.03)" 'queued again'
is 'no more tries count than make the longest pause' "$(tries H99.03)" 10
is 'each run says that it waits' "$rc $(jq -c '[.waiting, .failed]' "$out")" \
    '7 [1,0]'
is 'the pause is the longest, and no longer' \
    "$(vanthu send --home a --json --status "$ref" |
    jq '(.next_try | fromdate) - now | . > 14000 and . < 14401')" true

# a server before the axis answers, and the axis does not
evil=$(free_port)
serve evil perl "$data/evil-server.pl" "$evil"
wait_port "$evil" || bail 'the evil server does not answer'
at a "vxp+http://127.0.0.1:$evil/vxp/status/503"
deliver 3
is 'what answers 503 to all is an outage, too' "$(row H99.03) $(tries H99.03)" \
    'queued again 10'

# ---- now the axis is there, and it is this message alone ----
at a "vxp+http://127.0.0.1:$drop/x"
deliver 1
is 'a try on a way that is open counts' "$(row H99.03) $(tries H99.03)" \
    'queued again 11'
check 'a second document, behind it' 0 vanthu-send --home a "$ref" --to H99.02
is 'is not held up' "$(row H99.02)" sent
deliver 8
is 'the last but one' "$(row H99.03) $(tries H99.03)" 'queued again 19'
deliver 1
is 'the last, and it is given up' "$rc $(row H99.03) $(tries H99.03)" \
    '8 failed 20'
vanthu send --home a --status "$ref" >"$out"
like 'with its reason' "$out" 'H99\.03.*no whole answer'
deliver 2
is 'it is tried no more' "$rc $(tries H99.03)" '0 20'
done_testing
