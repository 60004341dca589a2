#!/bin/sh
# vanthu-send: what does not leave the organisation does not go by the axis
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
have jq perl || skip_all "no jq, or no perl"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
# a is the office, m a member of its organisation, b another office
{
	make_offices && vanthu init m --organ-id H99.01.05 --name 'Phòng M' &&
	    vanthu trust add --home m --yes "$pki"/trust/*/* && issue_ready
} >/dev/null 2>&1 || bail "the offices could not be made"
ref=$(cat ref)

# inside HOME ID...: the members that HOME reaches
inside()
{
	home=$1
	shift
	printf '[transport]\n' >part
	sed '/^\[transport\]/,/^url/d' $home/vanthu.conf >rest
	grep '^url' $home/vanthu.conf >>part
	printf 'inner = %s\nmembers = %s\n' "$inner" "$*" >>part
	cat part rest >$home/vanthu.conf
}

inner=sftp://x
inside a H99.01.05
vanthu send --home a "$ref" --to H99.01.05 >/dev/null 2>&1
check 'only a folder is inside' 4 vanthu-send --home a --queue
sed -i '/^inner\|^members/d' a/vanthu.conf
inner=spool:$tmp/inner
inside a H99.01.05
inside m H99.01
check 'to both' 0 vanthu-send --home a "$ref" --to H99.01.05 --to H99.02
is 'the member gets it inside' "$(find inner/H99.01.05 -name '*.edxml' | wc -l)" 1
is 'not by the axis' "$(find axis -name '*.edxml' | sed 's|/[^/]*$||')" \
    axis/H99.02
check 'the member has no axis at all, and takes it in' 0 vanthu-receive \
    --home m --json
is 'into its book' "$(jq -r '"\(.result) \(.ref)"' "$out")" \
    "registered in/$year/1"
check 'so does the other office' 0 vanthu-receive --home b
check 'the answers, from both ways' 0 vanthu-receive --home a --json
is 'are four' "$(jq -r .result "$out" | sort | uniq -c | xargs)" '4 status'
is 'all is acknowledged' "$(vanthu send --home a --json --status "$ref" |
    jq -rj '"\(.to) \(.state);"')" 'H99.01.05 accepted;H99.02 accepted;'
check 'a recall' 0 vanthu-send --home a --recall "$ref" \
    --reason r
check 'taken back inside, too' 0 vanthu-receive --home m --limit 1 --json
is 'at once' "$(jq -r '"\(.result) \(.reason)"' "$out")" 'done recalled'
check 'the office itself is no recipient' 2 vanthu-send --home a "$ref" \
    --to H99.01
like 'and its units are' "$err" 'hand it over with --unit'

# ---- an axis that hangs ----
port=$(free_port)
serve evil perl "$data/evil-server.pl" "$port"
wait_port "$port" || bail 'the evil server does not answer'
(umask 077 && echo secret-of-a >a/way.secret)
sed -i "s|^url = .*|url = vxp+http://127.0.0.1:$port/vxp/hang\nsecret = way.secret\ntimeout = 50|" \
    a/vanthu.conf
issue_ready >/dev/null 2>&1 || bail 'no second document'
find inner axis -name '*.edxml' -exec rm {} +
vanthu-send --home a "$(cat ref)" --to H99.02 --to H99.01.05 >said 2>&1 &
run=$!
tries=0
until [ -n "$(find inner/H99.01.05 -name '*.edxml')" ]; do
	tries=$((tries + 1))
	[ $tries -lt 200 ] && kill -0 $run 2>/dev/null || break
	sleep 0.1
done
is 'holds up nobody inside' \
    "$(find inner/H99.01.05 -name '*.edxml' | wc -l)" 1
ok 'while it is waited for' kill -0 $run
kill -9 $run
wait $run 2>/dev/null

# ---- an axis that refuses what it is asked ----
sed -i 's|/vxp/hang|/vxp/axis-no|' a/vanthu.conf
# shellcheck source=testdata/message.sh
. "$VANTHU_SOURCE/testdata/message.sh"
message inside 'V/v ở trong' doc.pdf
sed 's/H99\.02/H99.03/; s/H99\.01\([^.,]\)/H99.01.05\1/; s/H99\.03/H99.01/' \
    message.edxml >from-m.edxml
mkdir -p inner/H99.01
find inner -name '*.edxml' -exec rm {} +
mv from-m.edxml inner/H99.01/m.edxml
check 'is told' 8 vanthu-receive --home a
is 'and what came from inside is answered' \
    "$(find inner/H99.01.05 -name '*.edxml' | wc -l)" 1
stop evil
done_testing
