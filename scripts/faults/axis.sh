# axis.sh - an axis that is killed while a message is sent to it and fetched
# shellcheck shell=sh disable=SC2154 # here, trace: from who sources this
wire=$here/../../cmd/axis/wire.pl
ns=http://www.mic.gov.vn/TBT/QCVN_102_2016

# make_axis: one with two agencies, and a message of one to the other
make_axis()
{
	(umask 077 && echo 'secret-of-the-first' >a.secret &&
	    echo 'secret-of-the-other' >b.secret)
	cat >m.edxml <<-EOT
	<edXML xmlns="$ns"><edXML:edXMLEnvelope xmlns:edXML="$ns"><edXML:edXMLHeader><edXML:MessageHeader><edXML:From><edXML:OrganId>H99.01</edXML:OrganId><edXML:OrganName>A</edXML:OrganName></edXML:From><edXML:To><edXML:OrganId>H99.02</edXML:OrganId><edXML:OrganName>B</edXML:OrganName></edXML:To><edXML:DocumentId>H99.01,2026/11/23,1/STNA</edXML:DocumentId><edXML:Code><edXML:CodeNumber>1</edXML:CodeNumber><edXML:CodeNotation>STNA</edXML:CodeNotation></edXML:Code><edXML:PromulgationInfo><edXML:Place>X</edXML:Place><edXML:PromulgationDate>2026/11/23</edXML:PromulgationDate></edXML:PromulgationInfo><edXML:Subject>V/v</edXML:Subject></edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>
	EOT
	vanthu axis init axis &&
	    vanthu axis agency axis H99.01 --name A --secret file:a.secret &&
	    vanthu axis agency axis H99.02 --name B --secret file:b.secret
}

setup()
{
	make_axis
}

# serve: the axis, in the background; its port in $port, nothing if it died
serve()
{
	: >serve.out
	$trace vanthu-axis serve axis --listen 127.0.0.1:0 --loopback-http -q \
	    >serve.out 2>serve.err &
	server=$!
	tries=0
	until port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' serve.out) && [ -n "$port" ]
	do
		tries=$((tries + 1))
		[ $tries -lt 200 ] && kill -0 $server 2>/dev/null || return 1
		sleep 0.05
	done
}

# end: how it ended, once it was told to
end()
{
	# under strace it is a child that is told
	child=$(cat /proc/$server/task/$server/children 2>/dev/null)
	kill -TERM ${child:-$server} 2>/dev/null
	wait $server
}

# as LETTER SCRIPT...: one client
as()
{
	letter=$1
	shift
	id=H99.01
	[ $letter = a ] || id=H99.02
	LC_ALL=C perl "$wire" "$port" $id $letter.secret "$@" 2>/dev/null
}

victim()
{
	serve && as a 'send m.edxml'
	end
}

# sent once more, fetched, confirmed
again()
{
	serve && as a 'send m.edxml' | grep -q '^200 .*"OK"' &&
	    doc=$(as b 'post getReceivedEdocList messagetype=edoc' |
		sed -n 's/.*"docId":"\([^"]*\)".*/\1/p') && [ -n "$doc" ] &&
	    as b "get downloadEdoc docId=$doc" | sed 's/^200 //' >got.edxml &&
	    as b "json updateStatus docId=$doc status=done" |
	    grep -q '^200 .*"OK"'
	ended=$?
	end && return $ended
}

oracle()
{
	[ "$(head -n 1 got.edxml)" = "$(cat m.edxml)" ] ||
	    echo "what was fetched is not what was sent"
	rows=$(sqlite3 axis/axis.db "SELECT (SELECT count(*) FROM message),
	    (SELECT count(*) FROM delivery),
	    (SELECT count(*) FROM delivery WHERE state = 'done')")
	[ "$rows" = '1|1|1' ] || echo "messages, deliveries, done: $rows"
	[ "$(sqlite3 axis/axis.db 'PRAGMA integrity_check')" = ok ] ||
	    echo "the database is damaged"
	for file in axis/objects/*/*; do
		[ "$(sha256sum <"$file" | cut -c 1-64)" = \
		    "$(echo "$file" | sed 's|.*/objects/||; s|/||')" ] ||
		    echo "$file is damaged"
	done
}
