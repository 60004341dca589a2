# replace.sh - killed while it issues a document in the place of another
. "$here/offices.sh"

setup()
{
	make_offices && issue_ready &&
	    vanthu send --home a "$(cat ref)" --to H99.02 && mv ref old &&
	    vanthu receive --home b && vanthu receive --home a &&
	    by=$(vanthu register out --home a --type CV --notation STNA-VP \
		--subject 'Về việc thay thế' signed.pdf) &&
	    vanthu sign --home a --as agency $agency "$by" && echo "$by" >by
}

victim()
{
	$trace vanthu-send --home a --replace "$(cat old)" --by "$(cat by)" \
	    --reason 'Sai nội dung'
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
	[ "$n" -eq 1 ] || echo "$n messages on the way, not 1"
	[ "$(state a "$(cat old)") $(state a "$(cat by)")" = \
	    'replaced issued' ] || echo "a's book is wrong"
	vanthu receive --home b >/dev/null || echo "b cannot receive it"
	n=$(count b in)
	[ "$n" -eq 2 ] || echo "b has $n records, not 2"
	[ "$(state b "in/$year/1") $(state b "in/$year/2")" = \
	    'replaced registered' ] || echo "b's book is wrong"
	vanthu receive --home a >/dev/null || echo "a cannot take the answers"
	vanthu send --home a --json --status "$(cat by)" |
	    grep -q '"state": *"accepted"' || echo "a does not see it accepted"
	sound a
	sound b
}
