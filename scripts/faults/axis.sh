# axis.sh - an axis that is killed while a message is sent to it, listed, fetched
# and confirmed, and the answer to it goes the way back
# shellcheck shell=sh disable=SC2154 # here, top, trace: from who sources this
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
	cat >s.edxml <<-EOT
	<edXML xmlns="$ns"><edXML:edXMLEnvelope xmlns:edXML="$ns"><edXML:edXMLHeader><edXML:MessageHeader><edXML:From><edXML:OrganId>H99.02</edXML:OrganId></edXML:From><edXML:ResponseFor><edXML:OrganId>H99.01</edXML:OrganId><edXML:Code>1/STNA</edXML:Code><edXML:PromulgationDate>2026/11/23</edXML:PromulgationDate><edXML:DocumentId>H99.01,2026/11/23,1/STNA</edXML:DocumentId></edXML:ResponseFor><edXML:StatusCode>03</edXML:StatusCode><edXML:Timestamp>2026/11/23 10:00:00</edXML:Timestamp></edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>
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
	: >"$top/serve.out"
	$trace vanthu-axis serve axis --listen 127.0.0.1:0 --loopback-http -q \
	    >"$top/serve.out" 2>"$top/serve.err" &
	server=$!
	tries=0
	until port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$top/serve.out") &&
	    [ -n "$port" ]; do
		tries=$((tries + 1))
		[ $tries -lt 500 ] && kill -0 $server 2>/dev/null || return 1
		sleep 0.02
	done
}

# end: how it ended, once it was told to
end()
{
	# where it is traced it is a child that is told
	[ -z "$trace" ] ||
	    read -r server_is <"/proc/$server/task/$server/children"
	kill -TERM ${server_is:-$server}
	server_is=
	wait $server
} 2>/dev/null

# as LETTER SCRIPT...: one client
as()
{
	letter=$1
	shift
	id=H99.01
	[ $letter = a ] || id=H99.02
	LC_ALL=C perl "$wire" "$port" $id $letter.secret "$@" 2>/dev/null
}

# take LETTER TYPE FILE: what waits for it comes into FILE, and is confirmed
take()
{
	doc=$(as $1 "post getReceivedEdocList messagetype=$2") || return
	case $doc in
	'200 '*'"OK"'*'"docId"'*) ;;
	'200 '*'"OK"'*) return 0 ;; # nothing, any more
	*) return 1 ;;
	esac
	doc=$(echo "$doc" | sed 's/.*"docId":"\([^"]*\)".*/\1/')
	as $1 "get downloadEdoc docId=$doc" | sed 's/^200 //' >$3.new &&
	    grep -q '</edXML>' $3.new && mv $3.new $3 &&
	    as $1 "json updateStatus docId=$doc status=done" |
	    grep -q '^200 .*"OK"'
}

# sent LETTER FILE TYPE: it is taken.  A word that a client does not try again
# behind is noted; it would be a lie, since nothing is wrong with what they send.
sent()
{
	said=$(as $1 "send $2 messagetype=$3")
	case $said in
	'200 '*'"ErrorCode":"0"'*) return 0 ;;
	[24]*) echo "$said" >>refused ;;
	esac
	return 1
}

# What clients do, who begin anew where they had no word of the last time.
exchange()
{
	sent a m.edxml edoc && take b edoc got.edxml &&
	    sent b s.edxml status && take a status answer.edxml &&
	    as a 'post getSentEdocList messagetype=edoc' |
	    grep -q '^200 .*"receiveStatus":"done"'
}

victim()
{
	: >refused
	serve && exchange
	end
}

again()
{
	serve && exchange
	ended=$?
	end && return $ended
}

oracle()
{
	[ ! -s refused ] || echo "refused for good: $(cat refused)"
	[ "$(head -n 1 got.edxml)" = "$(cat m.edxml)" ] ||
	    echo "what was fetched is not what was sent"
	[ "$(head -n 1 answer.edxml)" = "$(cat s.edxml)" ] ||
	    echo "the answer is another"
	rows=$(sqlite3 axis/axis.db "SELECT (SELECT count(*) FROM message),
	    (SELECT count(*) FROM delivery),
	    (SELECT count(*) FROM delivery WHERE state = 'done')")
	[ "$rows" = '2|2|2' ] || echo "messages, deliveries, done: $rows"
	[ "$(sqlite3 axis/axis.db 'PRAGMA integrity_check')" = ok ] ||
	    echo "the database is damaged"
	for file in axis/objects/*/*; do
		[ "$(sha256sum <"$file" | cut -c 1-64)" = \
		    "$(echo "$file" | sed 's|.*/objects/||; s|/||')" ] ||
		    echo "$file is damaged"
	done
}
