# receive-recall.sh - killed while it takes in an update that is held, and the
# recall behind it
. "$here/offices.sh"

setup()
{
	make_offices && issue_ready &&
	    vanthu send --home a "$(cat ref)" --to H99.02 &&
	    printf '\n[receive]\nregister = ask\n' >>b/vanthu.conf &&
	    vanthu receive --home b && vanthu receive --home a &&
	    sed -i '/^\[receive\]/,$d' b/vanthu.conf &&
	    echo 'phụ lục' >phu-luc.txt &&
	    vanthu send --home a --update "$(cat ref)" --reason 'Thêm' \
		phu-luc.txt &&
	    vanthu send --home a --recall "$(cat ref)" --reason 'Gửi nhầm'
}

victim()
{
	$trace vanthu-receive --home b
}

# Where only a worker that judged was killed, a clerk has the word.
again()
{
	victim || return
	for id in $(vanthu receive --home b --json --pending |
	    jq -r 'select(.business == "recall") | .id'); do
		vanthu-receive --home b --agree "$id" || return
	done
}

oracle()
{
	[ -z "$(vanthu receive --home b --json --pending)" ] ||
		echo "something waits at b"
	vanthu send --home b --queue >/dev/null || echo "b's answers stay"
	vanthu receive --home a >/dev/null || echo "a cannot take the answers"
	n=$(vanthu send --home a --json --status "$(cat ref)" |
	    jq -rj '.requests[] | "\(.business) \(.state);"')
	[ "$n" = 'update refused;recall accepted;' ] || echo "a has: $n"
	n=$(find axis -type f ! -path '*/dead/*' | wc -l)
	[ "$n" -eq 0 ] || echo "$n messages are left on the way"
	sound a
	sound b
}
