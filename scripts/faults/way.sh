# way.sh - two offices at a server that carries documents; sourced by the cases
# whose $way it is: dav, lgsp or sftp; $what is killed: send or receive
# shellcheck shell=sh disable=SC2154 # here, pki, top, trace, work: from who sources this
VANTHU_SOURCE=$(cd "$here/../.." && pwd)
export VANTHU_SOURCE

# The server stands outside of what is made anew for each point; what it keeps
# does not.
serve_way()
{
	data=$VANTHU_SOURCE/testdata
	tap_dir=$top/server
	tmp=$tap_dir/way
	mkdir -p "$tmp" && cd "$tmp" && ln -s "$work/van-ban" van-ban &&
	    ln -s "$work/lgsp" lgsp || return 1
	tap_exit()
	{
		rm -rf "$top"
	}
	have()
	{
		for program; do
			command -v "$program" >/dev/null || return 1
		done
	}
	# shellcheck source=testdata/servers.sh
	. "$data/servers.sh"
	kept=$work
	# shellcheck source=testdata/ways.sh
	. "$data/ways.sh"
	work=$kept
	chmod a+rx "$top" "$tap_dir" "$tmp" "$work"
	case $way in
	dav) have_dav && make_tls && start_dav ;;
	lgsp) have_lgsp && make_tls && start_lgsp ;;
	sftp) have_sftp && start_sftp ;;
	esac
}

setup()
{
	mkdir -m 777 van-ban lgsp && serve_way && cd "$work" || return 1
	case $way in
	dav) make_offices "dav+https://localhost:$dav/van-ban" ;;
	lgsp) make_offices "lgsp+https://localhost:$lgsp/api" ;;
	sftp) cp "$tmp/us.key" "$tmp/known_hosts" . && sftp_offices ;;
	esac || return 1
	issue_ready || return 1
	[ "$what" = send ] || vanthu send --home a "$(cat ref)" --to H99.02
}

victim()
{
	if [ "$what" = send ]; then
		$trace vanthu-send --home a "$(cat ref)" --to H99.02
	else
		$trace vanthu-receive --home b
	fi
}

# Where only the worker that judged was killed, the document waits for a clerk.
again()
{
	victim || return
	if [ "$what" = send ]; then
		vanthu send --home a --queue
		return
	fi
	vanthu-receive --home b --json --pending >pending.json
	for id in $(jq -r 'select(.reason == "worker-died") | .id' \
	    pending.json); do
		vanthu-receive --home b --accept "$id" || return
	done
}

# waiting [TO]: the messages on the way, to that office, that nobody has taken; a
# platform keeps the others, too
waiting()
{
	if [ "$way" = lgsp ]; then
		find lgsp/box${1:+/$1} -type f ! -name '*.edxml' \
		    -exec grep -l ' initial$' {} +
	else
		find van-ban${1:+/$1} -type f
	fi
}

oracle()
{
	n=$(waiting H99.02 | wc -l)
	if [ "$what" = send ]; then
		[ "$n" -eq 1 ] || echo "$n messages on the way, not 1"
		vanthu receive --home b >/dev/null || echo "b cannot receive it"
	fi
	n=$(count b in)
	[ "$n" -eq 1 ] || echo "b has $n records, not 1"
	vanthu send --home b --queue >/dev/null || echo "b's answers stay"
	vanthu receive --home a >/dev/null || echo "a cannot take the answers"
	vanthu send --home a --json --status "$(cat ref)" |
	    grep -q '"state": *"accepted"' || echo "a does not see it accepted"
	left=$(waiting)
	[ -z "$left" ] || echo "left on the way: $left"
	sound a
	sound b
}
