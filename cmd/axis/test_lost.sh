#!/bin/sh
# an answer of the axis that is lost, a worker of it that is killed, and a message
# that is damaged there
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=cmd/axis/axis.sh
. "$VANTHU_SOURCE/cmd/axis/axis.sh"
have jq openssl perl sqlite3 || skip_all "jq, openssl, perl or sqlite3 is missing"

axis_of_two
# ---- a lost answer ----
start_axis || bail 'the axis does not run'
at a "vxp+https://localhost:$port/x"
at b "vxp+https://localhost:$port/x"
plain=$(free_port)
drop=$(free_port)
serve plain vanthu-axis serve axis --listen "127.0.0.1:$plain" --loopback-http
serve drop perl "$VANTHU_SOURCE/cmd/axis/drop.pl" "$drop" "$plain"
wait_port "$drop" && wait_port "$plain" || bail 'the proxy does not answer'
at a "vxp+http://127.0.0.1:$drop/x"
check 'an answer that was lost' 0 vanthu-send --home a "$ref" --to H99.02
is 'is not taken for one' "$(row H99.02)" 'queued again'
is 'although the axis has it' "$(vanthu axis list axis --json |
    jq 'select(.code == "H99.02").waiting')" 1
at a "vxp+https://localhost:$port/x"
vanthu-send --home a --queue >"$out" 2>"$err"
is 'sent again' "$(row H99.02)" sent
is 'it is there once' "$(vanthu axis list axis --json |
    jq 'select(.code == "H99.02").waiting')" 1
check 'and comes' 0 vanthu-receive --home b --json
is 'once' "$(jq -r .result "$out")" registered
sound a
sound b

# ---- who kills a worker says nothing of the message ----
if strace -e trace=none true 2>/dev/null; then
	killing=$(free_port)
	serve killing strace -D -f -qq -o /dev/null \
	    -e trace=landlock_create_ruleset \
	    -e inject=landlock_create_ruleset:signal=KILL \
	    vanthu-axis serve axis --listen "127.0.0.1:$killing" --loopback-http
	wait_port "$killing" || bail 'the axis does not answer'
	issue_ready --again || bail 'no document could be issued'
	ref=$(cat ref)
	at a "vxp+http://127.0.0.1:$killing/x"
	check 'the worker is killed' 0 vanthu-send --home a "$ref" --to H99.02
	is 'the axis does not refuse for that' "$(row H99.02)" 'queued again'
	stop killing
	at a "vxp+https://localhost:$port/x"
	sqlite3 a/register.db "UPDATE delivery SET next_try = 0
	    WHERE state = 'queued'"
	check 'tried again' 0 vanthu-send --home a --queue
	is 'it goes' "$(row H99.02)" sent
	check 'and comes' 0 vanthu-receive --home b --json
	is 'once' "$(jq -r .result "$out")" registered
else
	skip 'strace does not run here' 6
fi

# ---- one that is damaged does not keep the others out ----
find axis/objects -type f -size +9k >damaged
xargs -n 1 sh -c ': >"$1"' sh <damaged
sqlite3 axis/axis.db "UPDATE delivery SET waits = 1, state = 'initial'" 2>/dev/null
check 'what is damaged at the axis is kept apart' 0 vanthu-receive --home b --json
is 'as that, each' "$(jq -r .result "$out")" "$(sed 's/.*/quarantined/' damaged)"
is 'and the axis is told' "$(sqlite3 axis/axis.db "SELECT state FROM delivery
    WHERE description IS NOT NULL" 2>/dev/null | head -n 1)" fail
done_testing
