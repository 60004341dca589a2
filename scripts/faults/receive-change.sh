# receive-change.sh - killed while it takes in an update, a replacement and a
# recall
. "$here/offices.sh"

setup()
{
	make_offices && issue_ready && mv ref old &&
	    vanthu send --home a "$(cat old)" --to H99.02 &&
	    by=$(vanthu register out --home a --type CV --notation STNA-VP \
		--subject 'Về việc thay thế' signed.pdf) &&
	    vanthu sign --home a --as agency $agency "$by" && echo "$by" >by &&
	    vanthu receive --home b && vanthu receive --home a &&
	    echo 'phụ lục' >phu-luc.txt &&
	    vanthu send --home a --update "$(cat old)" --reason 'Thêm' \
		phu-luc.txt &&
	    vanthu send --home a --replace "$(cat old)" --by "$(cat by)" \
		--reason 'Sai nội dung' &&
	    vanthu send --home a --recall "$(cat by)" --reason 'Gửi nhầm'
}

victim()
{
	$trace vanthu-receive --home b
}

# Where only a worker that judged was killed, a clerk has the word; what waited
# for a document that he accepts is done with it.
again()
{
	victim || return
	vanthu receive --home b --json --pending >pending.json
	for id in $(jq -s 'sort_by(.id) | .[].id' pending.json); do
		vanthu receive --home b --json --pending |
		    jq -e "select(.id == $id)" >/dev/null || continue
		vanthu-receive --home b --agree "$id" || return
	done
}

oracle()
{
	year=$(TZ=UTC-7 date +%Y)
	n=$(vanthu register list --home b --json in | jq -rs \
	    'sort_by(.number) | map("\(.state) \(.files | length)") | join(";")')
	[ "$n" = 'replaced 2;recalled 1' ] || echo "b has: $n"
	vanthu send --home b --queue >/dev/null || echo "b's answers stay"
	vanthu receive --home a >/dev/null || echo "a cannot take the answers"
	vanthu send --home a --json --status "$(cat old)" |
	    jq -e '[.requests[].state] == ["accepted"]' >/dev/null ||
	    echo "a does not see the update agreed to"
	vanthu send --home a --json --status "$(cat by)" |
	    jq -e '[.requests[].state] == ["accepted"]' >/dev/null ||
	    echo "a does not see the recall agreed to"
	n=$(find axis -type f ! -path '*/dead/*' | wc -l)
	[ "$n" -eq 0 ] || echo "$n messages are left on the way"
	sound a
	sound b
}
