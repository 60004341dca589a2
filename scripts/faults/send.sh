# send.sh - killed while it issues a document to another office
. "$here/offices.sh"

setup()
{
	make_offices && issue_ready
}

victim()
{
	$trace vanthu-send --home a "$(cat ref)" --to H99.02
}

again()
{
	victim && vanthu send --home a --queue
}

oracle()
{
	n=$(find axis -type f -name '*.edxml' ! -name '.*' | wc -l)
	[ "$n" -eq 1 ] || echo "$n messages on the way, not 1"
	vanthu receive --home b >/dev/null || echo "b cannot receive it"
	n=$(count b in)
	[ "$n" -eq 1 ] || echo "b has $n records, not 1"
	vanthu receive --home a >/dev/null || echo "a cannot take the answer"
	vanthu send --home a --json --status "$(cat ref)" |
	    grep -q '"state": *"accepted"' || echo "a does not see it accepted"
	sound a
	sound b
}
