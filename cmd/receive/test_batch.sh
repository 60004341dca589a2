#!/bin/sh
# vanthu-receive: many messages at once, and one that undoes all of them
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq || skip_all "no jq"
have sqlite3 || skip_all "no sqlite3"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
# shellcheck disable=SC2086 # options in a variable
{
	make_offices && leader_signs && mv signed.pdf person.pdf &&
	    vanthu sign --home a --as agency $agency -o signed.pdf person.pdf
} >/dev/null 2>&1 || bail "the offices could not be made"

# issue SUBJECT
issue()
{
	# shellcheck disable=SC2015 # bail does not return
	issued=$(vanthu register out --home a --type CV --notation STNA-VP \
	    --again --subject "$1" signed.pdf) &&
	    vanthu send -q --home a "$issued" --to H99.02 >/dev/null ||
	    bail "a document could not be sent"
}

for subject in một hai ba bốn năm; do
	issue "$subject"
done
# The books undo the whole transaction over one of them.
sqlite3 b/register.db "CREATE TRIGGER no BEFORE INSERT ON record
    WHEN new.subject = 'ba' BEGIN SELECT RAISE(ROLLBACK, 'no'); END" ||
    bail "no trigger"
check 'one that the books undo all for is told' 6 vanthu receive --home b
vanthu register list --home b --json in |
    jq -r '"\(.number) \(.subject)"' | sort -n >got
printf '1 một\n2 hai\n3 bốn\n4 năm\n' >want
check 'and keeps none of the others out, in their order' 0 cmp want got
is 'it stays on the way' "$(find axis/H99.02 -name '*.edxml' | wc -l)" 1
sqlite3 b/register.db "DROP TRIGGER no"
check 'and comes in once it can' 0 vanthu receive --home b
vanthu register show --home b "in/$year/5" >got
like 'as the last' got ' ba$'
vanthu receive --home a >/dev/null
is 'all are answered, once each' \
    "$(sqlite3 a/register.db 'SELECT count(*) FROM status')" 10
check 'the books are sound' 0 vanthu register check --home b
check 'the files are sound' 0 vanthu archive check --home b

check '--jobs takes a number' 2 vanthu receive --home b --jobs 0
like 'and it says which' "$err" 'jobs takes 1 to'
check '--jobs is of no clerk' 2 vanthu receive --home b --pending --jobs 2
like 'and it says why' "$err" 'jobs is for what is fetched'
done_testing
