#!/bin/sh
# vanthu-receive: one message that does not come holds nobody up
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
have jq perl || skip_all "no jq, or no perl"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{ make_offices && leader_signs; } >/dev/null 2>&1 ||
    bail "the offices could not be made"
# shellcheck source=testdata/message.sh
. "$VANTHU_SOURCE/testdata/message.sh"

mkdir way
for n in 1 2 3; do
	message "slow-$n" "V/v $n" signed.pdf
	cp message.edxml way/$n
done
message slow-z 'V/v sau' signed.pdf
cp message.edxml way/hang
mv way/hang way/4hang # between others
message slow-5 'V/v 5' signed.pdf
cp message.edxml way/5
port=$(free_port)
serve slow perl "$data/slow-axis.pl" "$port" "$tmp/way"
wait_port "$port" || bail 'the slow axis does not answer'
(umask 077 && echo secret-of-b >b/way.secret)
sed -i "s|^url = .*|url = vxp+http://127.0.0.1:$port/a\nsecret = way.secret\ntimeout = 60|" \
    b/vanthu.conf

# ---- while it hangs ----
vanthu-receive --home b --json >run.out 2>run.err &
run=$!
tries=0
until [ "$(count b in)" = 3 ]; do
	tries=$((tries + 1))
	[ $tries -lt 200 ] && kill -0 $run 2>/dev/null || break
	sleep 0.1
done
is 'what came before it is in the books' "$(count b in)" 3
ok 'while it is waited for' kill -0 $run
unlike 'and nothing was fetched behind it' way/said 'getEdoc 5'
unlike 'nor is anything out of the way yet' way/said updateStatus

# ---- killed there ----
kill -9 $run
wait $run 2>/dev/null
rm way/4hang
check 'the next run' 0 vanthu-receive --home b --json
is 'finds what is known, and what is new' \
    "$(jq -r .result "$out" | sort | uniq -c | xargs)" '3 duplicate 1 registered'
is 'each is there once' "$(count b in)" 4
is 'and is out of the way' "$(grep -c '^updateStatus [0-9]' way/said)" 4
check 'the books are sound' 0 vanthu register check --home b
stop slow
done_testing
