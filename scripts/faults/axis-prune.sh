# axis-prune.sh - killed while it prunes an axis of three messages
# shellcheck shell=sh disable=SC2154 # here, trace: from who sources this
# shellcheck source=scripts/faults/axis.sh
. "$here/axis.sh"

setup()
{
	make_axis && serve || return 1
	for n in 1 2 3; do
		sed "s|2026/11/23,1/STNA|2026/11/23,$n/STNA|" m.edxml >$n.edxml
	done
	as a 'send 1.edxml' 'send 2.edxml' >/dev/null
	as b 'post getReceivedEdocList messagetype=edoc' | tr '{' '\n' |
	    sed -n 's/.*"docId":"\([^"]*\)".*/\1/p' | while read -r doc; do
		as b "json updateStatus docId=$doc status=done" >/dev/null
	done
	as a 'send 3.edxml' >/dev/null
	end
	# what is younger would be left for the next time
	find axis/objects -type f -exec touch -d '2 hours ago' {} +
}

victim()
{
	$trace vanthu-axis prune axis --yes \
	    --before "$(TZ=UTC-7 date -d '+1 day' +%Y-%m-%d)"
}

again()
{
	victim
}

oracle()
{
	rows=$(sqlite3 axis/axis.db "SELECT (SELECT count(*) FROM message),
	    (SELECT sum(pruned) FROM message),
	    (SELECT count(*) FROM delivery WHERE waits = 1)")
	[ "$rows" = '3|2|1' ] || echo "messages, pruned, waiting: $rows"
	[ "$(sqlite3 axis/axis.db 'PRAGMA integrity_check')" = ok ] ||
	    echo "the database is damaged"
	[ "$(cat axis/objects/*/*)" = "$(cat 3.edxml)" ] ||
	    echo "in the folder is: $(find axis/objects -type f)"
}
