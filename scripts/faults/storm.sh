#!/bin/sh
# storm.sh [-n DOCUMENTS] [-s SECONDS] [-i SECONDS] [-r SEED] - two offices, one
# axis, a storm
#
# Each office issues DOCUMENTS (20) to the other over HTTPS, of 2 kB to 2 MB,
# while storm.pl loses a third of the connections and kills the axis; both run
# `receive` and `send --queue` again and again, as cron would, until all is
# home or the SECONDS of -s (300) are over.  After those of -i, where they are
# given, nothing more is issued, and what was is judged.  Then: each document
# once in the other's book, with its very files, each acknowledged, both offices
# sound, nothing left on the way, nothing put away or given up.  The pauses
# between tries grow as they do, but a minute of them is a second, and four
# seconds are the longest; nothing else is changed in the queue.  VANTHU_BIN,
# VANTHU_PKI, VANTHU_SOURCE as in the tests; what it prints is TAP, with a line
# each minute of how far it is.
set -u
documents=20 seconds=300 issuing='' seed=$(date +%s)
while getopts n:s:i:r: opt; do
	case $opt in
	n) documents=$OPTARG ;;
	s) seconds=$OPTARG ;;
	i) issuing=$OPTARG ;;
	r) seed=$OPTARG ;;
	*) exit 2 ;;
	esac
done
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=cmd/axis/axis.sh
. "$VANTHU_SOURCE/cmd/axis/axis.sh"
have jq openssl perl sqlite3 || skip_all "jq, openssl, perl or sqlite3 is missing"
diag "seed $seed"

# ask DATABASE SQL: what it answers
ask()
{
	sqlite3 -cmd '.timeout 20000' "$1" "$2"
}

# make_pdfs N: so many that a leader and the agency have signed, in signed/;
# most are short, some are not
make_pdfs()
{
	mkdir plain person signed
	LC_ALL=C perl -e 'srand $ARGV[0]; my $n = $ARGV[1];
	    printf "%d\n", 1200 * 1600 ** (($_ / $n) ** 3) for 1 .. $n' \
	    "$seed" "$1" |
	    while read -r size; do
		sh "$data/big-pdf.sh" "$size" "plain/$size.pdf" || return 1
	    done
	# shellcheck disable=SC2086 # split where meant
	vanthu sign --home a -q --as person $officer --output-dir person \
	    plain/*.pdf &&
	    vanthu sign --home a -q --as agency $agency --output-dir signed \
		person/*.pdf
} >/dev/null

# issue: all documents of the office $home to $to, whatever the weather; their
# number in $home.issued
issue()
{
	i=0
	while [ "$i" -lt "$documents" ] && [ -e issuing ]; do
		set -- signed/*.pdf
		shift $((i % $#))
		pdf=$1
		i=$((i + 1))
		echo "$home $i" >"$home.$i.txt"
		ref=$(vanthu register out --home "$home" --again --type CV \
		    --notation STNA-VP --subject "Văn bản $i của $home" \
		    "$pdf" "$home.$i.txt") &&
		    vanthu send --home "$home" "$ref" --to "$to" >/dev/null \
			2>>"$home.log" || echo "issue $home $i: $?" >>odd
		rm -f "$home.$i.txt"
	done
	echo "$i" >"$home.issued"
}

# issued HOME: the number of its documents; nothing where there will be more
issued()
{
	[ ! -e "$1.issued" ] || cat "$1.issued"
}

# hurry HOME: makes a minute of a pause a second, and none longer than four;
# from the tries of a message, so that it can be done again and again
hurry()
{
	ask "$1/register.db" "UPDATE delivery
	    SET next_try = changed + min(1 << max(attempts - 2, 0), 4)
	    WHERE state = 'queued' AND
	    next_try > changed + min(1 << max(attempts - 2, 0), 4)"
}

# run_office HOME: what cron does, only more often
run_office()
{
	while [ -e running ]; do
		vanthu receive --home "$1" --json >>"$1.got" 2>>"$1.log"
		rc=$?
		[ $rc -eq 0 ] || [ $rc -eq 7 ] || echo "receive $1: $rc" >>odd
		hurry "$1"
		vanthu send --home "$1" --queue >/dev/null 2>>"$1.log"
		rc=$?
		[ $rc -eq 0 ] || [ $rc -eq 7 ] || echo "queue $1: $rc" >>odd
		sleep 0.1
	done
}

# home OFFICE: how many of its documents were acknowledged
home()
{
	ask "$1/register.db" "SELECT count(*) FROM delivery d
	    JOIN outbox o ON o.id = d.outbox
	    WHERE o.kind = 'document' AND d.state = 'accepted'"
}

# owes OFFICE: how many messages it still has to send
owes()
{
	ask "$1/register.db" \
	    "SELECT count(*) FROM delivery WHERE state = 'queued'"
}

all_home()
{
	[ "$(owes a)" = 0 ] && [ "$(owes b)" = 0 ] &&
	    [ "$(home a)" = "$(issued a)" ] &&
	    [ "$(home b)" = "$(issued b)" ] &&
	    [ "$(ask axis/axis.db \
		'SELECT count(*) FROM delivery WHERE waits = 1')" = 0 ]
}

# unfinished HOME: the deliveries that are not where they should be, and why
unfinished()
{
	ask "$1/register.db" "SELECT o.kind, d.organ_id, d.state, d.attempts,
	    d.reason, count(*) FROM delivery d JOIN outbox o ON o.id = d.outbox
	    WHERE d.state IN ('queued', 'failed') OR
	    (o.kind = 'document' AND d.state <> 'accepted')
	    GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC LIMIT 100"
}

# book HOME BOOK FILE: what each record of it is
book()
{
	vanthu register list --home "$1" --json "$2" | jq -r '"\(.subject) " +
	    ([.files[].sha256] | join(" "))' | sort >"$3"
}

# fates WORD: how many connections, or kills, had it
fates()
{
	grep -c "^$1\$" tally
}

secret a a
secret b b
make_tls || bail 'no certificates'
vanthu axis init axis >/dev/null &&
    vanthu axis agency axis H99.01 --name A --secret file:a.secret >/dev/null &&
    vanthu axis agency axis H99.02 --name B --secret file:b.secret >/dev/null ||
    bail 'no axis'
port=$(free_port)
axis_port=$(free_port)
make_offices "$(axis_url "$port")" || bail 'the offices could not be made'
make_pdfs $((documents < 40 ? documents : 40)) || bail 'nothing is signed'
: >running
: >issuing
: >odd
: >tally
serve storm perl "$here/storm.pl" "$seed" "$port" "$axis_port" tally \
    vanthu-axis serve axis --listen "127.0.0.1:$axis_port" \
    --tls-cert good.crt --tls-key good.key
wait_port "$axis_port" || bail 'the axis does not run'

began=$(date +%s)
loops=
for home in a b; do
	to=H99.0$([ $home = a ] && echo 2 || echo 1)
	issue &
	loops="$loops $!"
	run_office $home &
	loops="$loops $!"
done
minute=60
until all_home || [ $(($(date +%s) - began)) -ge "$seconds" ]; do
	sleep 1
	took=$(($(date +%s) - began))
	[ -z "$issuing" ] || [ "$took" -lt "$issuing" ] || rm -f issuing
	[ "$took" -ge "$minute" ] || continue
	minute=$((took + 60))
	size=$(du -cm a b axis 2>/dev/null | tail -n 1 | cut -f 1)
	diag "$took s: $(home a) of a and $(home b) of b acknowledged," \
	    "$(fates killed) kills, $size MB"
done
took=$(($(date +%s) - began))
rm -f running issuing
# shellcheck disable=SC2086 # split where meant
wait $loops
stop storm

for home in a b; do
	other=$([ $home = a ] && echo b || echo a)
	wanted=$(issued $home)
	[ -n "$issuing" ] || is "all that $home was to issue was issued" \
	    "$wanted" "$documents"
	is "all that $home issued was acknowledged" "$(home $home)" "$wanted"
	is "and says so to who asks" "$(vanthu register list --home $home \
	    --json out | jq -r .ref | while read -r ref; do
		vanthu send --home $home --json --status "$ref" |
		    jq -r '"\(.to) \(.state)"'
	    done | sort | uniq -c | sed 's/^ *//')" \
	    "$wanted H99.0$([ $home = a ] && echo 2 || echo 1) accepted"
	book "$home" out sent
	book "$other" in arrived
	ok "each stands once in the book of $other, with its files" \
	    cmp sent arrived
	is "and as many as there were" "$(sort -u arrived | wc -l)" "$wanted"
	is "$home is sound" "$(sound $home)" ''
	is "nothing was put away by $home" \
	    "$(find $home/quarantine -type f | wc -l)" 0
	is "nothing waits for its clerk" \
	    "$(vanthu receive --home $home --json --pending | wc -l)" 0
	is "nothing is left to be sent by $home" "$(owes $home)" 0
	is "nothing was given up by $home" "$(ask $home/register.db \
	    "SELECT count(*) FROM delivery WHERE state = 'failed'")" 0
	unfinished $home | while read -r line; do
		diag "unfinished: $line"
	done
done
is 'nothing waits at the axis, nothing was refused there' \
    "$(ask axis/axis.db "SELECT count(*) FROM delivery WHERE state <> 'done'")" 0
is 'no command ended otherwise than it may' "$(sort odd | uniq -c)" ''
ok 'the axis was killed' grep -q killed tally
lost=$(grep -c -e refused -e request -e answer tally)
ok 'connections were lost' [ "$lost" -gt 0 ]
diag "connections: $(fates whole) whole, $(fates slow) slow," \
    "$(fates refused) refused, $(fates request) cut in the request," \
    "$(fates answer) in the answer, $(fates nobody) met no axis"
diag "documents $(issued a) and $(issued b), $took s; at the axis" \
    "$(ask axis/axis.db 'SELECT count(*) FROM message') messages," \
    "$(grep -c ' sendEdoc 200 0 ' storm.error) offers answered;" \
    "wire duplicates: $(grep -c ' again$' storm.error) at the axis," \
    "$(cat a.got b.got | jq -r .result | grep -c duplicate) at the offices;" \
    "$(fates killed) kills"
done_testing
