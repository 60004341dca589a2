# update.sh - killed while it sends new files to one office, and all to another
. "$here/offices.sh"

setup()
{
	make_offices && vanthu init c --organ-id H99.03 --name 'Sở C' \
	    --transport "spool:$work/axis" &&
	    vanthu trust add --home c --yes "$pki"/trust/*/* && issue_ready &&
	    vanthu send --home a "$(cat ref)" --to H99.02 &&
	    vanthu receive --home b && vanthu receive --home a &&
	    echo 'phụ lục' >phu-luc.txt
}

victim()
{
	$trace vanthu-send --home a --update "$(cat ref)" --add H99.03 \
	    --reason 'Thêm phụ lục' phu-luc.txt
}

again()
{
	victim && vanthu send --home a --queue
}

# files HOME REF: how many the record has
files()
{
	vanthu register show --home "$1" --json "$2" | jq '.files | length'
}

oracle()
{
	year=$(TZ=UTC-7 date +%Y)
	for id in H99.02 H99.03; do
		n=$(find axis/$id -maxdepth 1 -type f -name '*.edxml' | wc -l)
		[ "$n" -eq 1 ] || echo "$n messages on the way to $id, not 1"
	done
	for home in b c; do
		vanthu receive --home $home >/dev/null ||
		    echo "$home cannot receive it"
		n=$(count $home in)
		[ "$n" -eq 1 ] || echo "$home has $n records, not 1"
		n=$(files $home "in/$year/1")
		[ "$n" -eq 2 ] || echo "$home has $n files, not 2"
	done
	n=$(files a "$(cat ref)")
	[ "$n" -eq 2 ] || echo "a has $n files, not 2"
	vanthu receive --home a >/dev/null || echo "a cannot take the answers"
	vanthu send --home a --json --status "$(cat ref)" |
	    jq -se 'all(.[]; .state == "accepted") and
	    ([.[].requests[].state] == ["accepted"])' >/dev/null ||
	    echo "a does not see all acknowledged"
	sound a
	sound b
	sound c
}
