# receive-many.sh - killed while it takes in several documents together
# shellcheck shell=sh disable=SC2154,SC2086 # given by kill-points
. "$here/offices.sh"

many=5

setup()
{
	make_offices && leader_signs && mv signed.pdf person.pdf &&
	    vanthu sign --home a --as agency $agency -o signed.pdf person.pdf ||
	    return
	i=0
	: >refs
	while [ $i -lt $many ]; do
		i=$((i + 1))
		ref=$(vanthu register out --home a --again --type CV \
		    --notation STNA-VP --subject "Văn bản $i" signed.pdf) &&
		    vanthu send --home a "$ref" --to H99.02 || return
		echo "$ref" >>refs
	done
	echo "no message" >axis/H99.02/000000000002-between.edxml
}

victim()
{
	$trace vanthu-receive --home b
}

# What a worker that was killed judged waits for a clerk.
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
	[ "$n" -eq $many ] || echo "b has $n records, not $many"
	vanthu register list --home b --json in | jq -r .number | sort -n |
	    tr '\n' ' ' | grep -qx '1 2 3 4 5 ' || echo "the numbers have a gap"
	grep -q worker-died pending.json ||
	    vanthu register list --home b --json in |
	    jq -e -s 'all(.[]; .subject == "Văn bản \(.number)")' >/dev/null ||
	    echo "they are not in the order of arrival"
	n=$(find axis/H99.02/dead -name '*-between*' ! -name '*.reason' | wc -l)
	[ "$n" -eq 1 ] || echo "what is no message is kept $n times"
	vanthu send --home b --queue >/dev/null || echo "b's answers stay"
	vanthu receive --home a >/dev/null || echo "a cannot take the answers"
	while read -r ref; do
		vanthu send --home a --json --status "$ref" |
		    grep -q '"state": *"accepted"' ||
		    echo "a does not see $ref accepted"
	done <refs
	n=$(find axis -type f ! -path '*/dead/*' | wc -l)
	[ "$n" -eq 0 ] || echo "$n messages are left on the way"
	sound a
	sound b
}
