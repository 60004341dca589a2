# recall.sh - killed while it recalls a document that another office has
. "$here/offices.sh"

setup()
{
	make_offices && issue_ready &&
	    vanthu send --home a "$(cat ref)" --to H99.02 &&
	    vanthu receive --home b && vanthu receive --home a
}

victim()
{
	$trace vanthu-send --home a --recall "$(cat ref)" --reason 'Gửi nhầm'
}

again()
{
	victim && vanthu send --home a --queue
}

# state HOME REF
state()
{
	vanthu register show --home "$1" --json "$2" | jq -r .state
}

oracle()
{
	year=$(TZ=UTC-7 date +%Y)
	n=$(find axis/H99.02 -maxdepth 1 -type f -name '*.edxml' | wc -l)
	[ "$n" -eq 1 ] || echo "$n recalls on the way, not 1"
	[ "$(state a "$(cat ref)")" = recalled ] || echo "a has it in force"
	vanthu receive --home b >/dev/null || echo "b cannot receive it"
	[ "$(state b "in/$year/1")" = recalled ] || echo "b has it in force"
	n=$(count b in)
	[ "$n" -eq 1 ] || echo "b has $n records, not 1"
	vanthu receive --home a >/dev/null || echo "a cannot take the answer"
	vanthu send --home a --json --status "$(cat ref)" |
	    jq -e '[.requests[] | select(.state == "accepted")] | length == 1' \
		>/dev/null || echo "a does not see it agreed to, once"
	sound a
	sound b
}
