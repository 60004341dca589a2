# receive.sh - killed while it takes in a document
. "$here/offices.sh"

setup()
{
	make_offices && issue_ready &&
	    vanthu send --home a "$(cat ref)" --to H99.02
}

victim()
{
	$trace vanthu-receive --home b
}

# Where only the worker that judged was killed, the document waits for a clerk.
again()
{
	victim || return
	vanthu-receive --home b --json --pending >pending.json
	for id in $(jq -r 'select(.reason == "worker-died") | .id' \
	    pending.json); do
		vanthu-receive --home b --accept "$id" || return
	done
}

oracle()
{
	n=$(count b in)
	[ "$n" -eq 1 ] || echo "b has $n records, not 1"
	year=$(TZ=UTC-7 date +%Y)
	vanthu register show --home b "in/$year/1" >/dev/null ||
	    echo "the record is not number 1"
	vanthu send --home b --queue >/dev/null || echo "b's answers stay"
	vanthu receive --home a >/dev/null || echo "a cannot take the answers"
	vanthu send --home a --json --status "$(cat ref)" |
	    grep -q '"state": *"accepted"' || echo "a does not see it accepted"
	n=$(find axis -type f ! -path '*/dead/*' | wc -l)
	[ "$n" -eq 0 ] || echo "$n messages are left on the way"
	sound a
	sound b
}
