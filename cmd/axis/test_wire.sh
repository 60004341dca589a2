#!/bin/sh
# vanthu-axis: the official client as it was seen on the wire, and attackers
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=cmd/axis/axis.sh
. "$VANTHU_SOURCE/cmd/axis/axis.sh"
# shellcheck source=cmd/axis/wire.sh
. "$VANTHU_SOURCE/cmd/axis/wire.sh"
have jq perl sqlite3 || skip_all 'jq, perl or sqlite3 is missing'

secret a a
secret b b
secret c c
vanthu axis init axis >/dev/null || bail 'no axis'
vanthu axis agency axis H99.01 --name 'Sở A' --secret file:a.secret \
    --code102 000.00.01.H99 >/dev/null
vanthu axis agency axis H99.02 --name 'Sở B' --secret file:b.secret >/dev/null
vanthu axis agency axis 00.99.W00 --name 'Trung tâm' --secret file:c.secret \
    >/dev/null
vanthu axis agency axis H99.03 --name 'Sở C' --parent 00.99.W00 >/dev/null

message H99.01 H99.02 1 >1.edxml
message H99.01 H99.02 2 >2.edxml
status_message H99.02 H99.01 03 >s.edxml
start_plain

# ---- as the official client does ----
as H99.01 'send 1.edxml' 'post getReceivedEdocList messagetype=status' \
    'post getSentEdocList messagetype=edoc' 'post getAgenciesList' \
    'post getAgenciesListQD20 level=0' 'post getSynchronizeUnit' \
    'get countReceiveEdoc'
is 'every call is answered' "$(codes)" '0 0 0 0 0 0 0 '
is 'with the words that it knows' "$(field 1 '.status + .ErrorDesc')" 'OKThanh cong'
sent=$(field 1 .DocId)
is 'what was sent' "$(field 3 '.data[0] | .senderDocId + .toCode +
    .receiveStatus + .notation')" "${sent}H99.02initial1/STNA"
is 'the agencies' "$(field 5 '[.data[].code] | join(" ")')" \
    'H99.01 H99.02 00.99.W00 H99.03'
is 'with their other codes' "$(field 5 '.data[0].code102')" 000.00.01.H99
is 'and their centres' "$(field 6 '.data[3].centerCode')" 00.99.W00
as H99.02 'send s.edxml messagetype=status' \
    'post getReceivedEdocList messagetype=edoc' 'get countReceiveEdoc' \
    'get countReceiveStatus'
is 'the other has it' "$(field 2 '.data | length')" 1
is 'from whom it is' "$(field 2 '.data[0] | .from + .to + .status')" \
    H99.01H99.02initial
is 'counted' "$(field 3 .count) $(field 4 .count)" '1 0'
id=$(field 2 '.data[0].docId')
as H99.02 'send s.edxml' "json getEdoc docId=$id filePath=/tmp/x.edxml" \
    "get downloadEdoc docId=$id filePath=../../etc/passwd" \
    "json updateStatus docId=$id status=processing" \
    'post getReceivedEdocList messagetype=edoc' \
    "json updateStatus docid=$id status=done" \
    "json updateStatus docId=$id status=done"
is 'a status that is called a document' "$(field 1 .ErrorCode)" 0
field 2 .data | base64 -d >got.edxml
check 'the file, to the last byte' 0 cmp got.edxml 1.edxml
# a time stamp taken once and kept, a month ago
old=$(TZ=UTC-7 date -d '30 days ago' +%d%m%YT%H%M%S+0001)
as H99.02 "stamp $old" "json getEdoc docId=$id" \
    'post getReceivedEdocList messagetype=edoc'
is 'done: out of the queue, but to be had' "$(codes)$(field 2 '.data | length')" \
    '0 0 0'
as H99.01 'post getReceivedEdocList messagetype=status' \
    'post getReceivedEdocList messagetype=edoc'
is 'the status is among statuses, once' \
    "$(field 1 '.data | length') $(field 2 '.data | length')" '1 0'
as H99.01 'post getSentEdocList messagetype=edoc docId='"$sent"
is 'its sender sees it' "$(field 1 '.data[0].receiveStatus')" 'done'

# ---- what is sent again ----
as H99.01 'send 2.edxml' 'send 2.edxml' 'send 2.edxml to=["H99.02"]'
is 'the same again is the same' "$(field 1 .DocId)" "$(field 2 .DocId)"
as H99.02 'post getReceivedEdocList messagetype=edoc'
is 'and there once' "$(field 1 '[.data[].docId] | unique | length')" 1
id=$(field 1 '.data[0].docId')
as H99.02 "json updateStatus docId=$id status=fail description=hỏng"
as H99.01 'post getSentEdocList messagetype=edoc'
is 'failed, with its reason' "$(field 1 '[.data[] |
    select(.receiveStatus == "fail") | .receiveStatusDesc] | join(" ")')" hỏng
as H99.01 'send 2.edxml'
as H99.02 'post getReceivedEdocList messagetype=edoc'
is 'sent again it comes again' "$(field 1 '.data | length')" 1

# ---- recipients ----
as H99.01 'send 2.edxml to=["H99.77"]' 'send 2.edxml to=["H99.77","H99.02"]' \
    'send 2.edxml to=["000.00.01.H99"]' 'send 2.edxml to=[' \
    'send 2.edxml to=[]' 'send 2.edxml to=["../../x"]' 'send 2.edxml to=[1]'
is 'unknown, in part, an alias, none' "$(codes)" '18 0 0 10 10 18 18 '
is 'who does not get it' "$(field 2 '.data[0] | .to + .ErrorCode')" H99.7718
message H99.03 H99.01 9 >m.edxml
as 00.99.W00 'send m.edxml from=H99.03'
is 'a centre sends for its member' "$(codes)" '0 '
as H99.02 'send m.edxml from=H99.03'
is 'nobody else does' "$(codes)" '19 '
as H99.02 'send 1.edxml'
is 'nor in the name of another, within' "$(codes)" '19 '
as 00.99.W00 'send 1.edxml from=H99.01'
is 'nor the centre for who is no member' "$(codes)" '19 '
sed 's/H99.01<.edXML:OrganId/000.00.01.H99<\/edXML:OrganId/' 1.edxml >alias.edxml
as H99.01 'send alias.edxml'
is 'by its own other code' "$(codes)" '0 '


# ---- how much ----
# many N: a list of so many recipients, of whom all are one
many()
{
	LC_ALL=C perl -e 'print "[", join(",", ("\"H99.02\"") x $ARGV[0]), "]"' "$1"
}
# VT_AXIS_TO_MAX, and one more
many 20000 >many.json
many 20001 >beyond.json
as H99.01 'send 2.edxml to=@many.json' 'send 2.edxml to=@beyond.json'
is 'as many recipients as may be, and one more' "$(codes)" '0 10 '
# VT_AXIS_NAME_MAX: an id that were cut would be another's
long()
{
	LC_ALL=C perl -pe 's{(<edXML:DocumentId>)[^<]*}{$1 . "x" x '"$1"'}e' 2.edxml
}
long 1000 >long.edxml
long 1001 >longer.edxml
as H99.01 'send long.edxml' 'send longer.edxml'
is 'an id as long as may be, and a longer one' "$(codes)" '0 22 '
sed 's/<edXML:CodeNumber>2/&'"$(printf %0994d 0)"'/' 2.edxml >long.edxml
sed 's/<edXML:CodeNumber>2/&'"$(printf %0995d 0)"'/' 2.edxml >longer.edxml
as H99.01 'send long.edxml' 'send longer.edxml'
is 'a number with its notation' "$(codes)" '0 22 '
# VT_AXIS_REASON_MAX: what is longer is left out
as H99.02 'post getReceivedEdocList messagetype=edoc'
id=$(field 1 '.data[0].docId')
for size in 4096 4097; do
	as H99.02 "json updateStatus docId=$id status=fail description=$(
	    printf "%0${size}d" 0)"
	is "a reason of $size bytes" "$(codes)" '0 '
	as H99.01 'post getSentEdocList messagetype=edoc'
	is 'is there or not' "$(field 1 '[.data[] | select(.receiverDocId == "'"$id"'")
	    | .receiveStatusDesc | length] | max')" \
	    "$([ $size -eq 4096 ] && echo 4096 || echo 0)"
done

# ---- who is not let in ----
as H99.01 'secret wrong-wrong-wrong' 'post getAgenciesList'
is 'a forged HMAC' "$(statuses)$(codes)" '401 15 '
as H99.09 'post getAgenciesList'
is 'nobody' "$(statuses)$(codes)" '401 15 '
as H99.03 'post getAgenciesList'
is 'who has no account' "$(statuses)$(codes)" '401 15 '
as H99.01 'stamp 01012020T000000+0001' 'post getAgenciesList' \
    'stamp 01012036T000000+0001' 'post getAgenciesList' 'stamp now' \
    'post getAgenciesList'
is 'a time stamp of another age' "$(statuses)" '401 401 401 '
is 'is told as that, where the secret is right' \
    "$(field 1 .ErrorDesc)" \
    'Sai SystemId hoac SecretKey: dau thoi gian lech qua xa dong ho cua truc'
as H99.01 'secret wrong-wrong-wrong' 'stamp 01012020T000000+0001' \
    'post getAgenciesList'
is 'and to nobody else' "$(field 1 .ErrorDesc)" 'Sai SystemId hoac SecretKey'
as H99.01 'raw POST /getAgenciesList HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'
is 'no signature at all' "$(statuses)" '401 '
as H99.01 'post getAgenciesList systemid=H99.02'
is 'two ids, one signed' "$(statuses)" '401 '

# another agency's message
as H99.01 'post getSentEdocList messagetype=edoc'
id=$(field 1 '[.data[] | select(.receiveStatus == "initial")][0].receiverDocId')
as H99.01 "json getEdoc docId=$id" "get downloadEdoc docId=$id" \
    "json updateStatus docId=$id status=done" \
    "json getEdoc docId=$sent" 'json getEdoc docId=0' 'json getEdoc'
is 'is nobody else'\''s to get or confirm' "$(codes)" '10 10 10 10 10 10 '
as 00.99.W00 "json getEdoc docId=$id" "json updateStatus docId=$id status=done" \
    'post getSentEdocList messagetype=edoc docId='
is 'not a centre'\''s either' "$(codes)$(field 3 '.data | length')" '10 10 0 1'
as H99.02 "json updateStatus docId=$id status=gone" forget \
    "json getEdoc -XroadVnpt-docId=$id"
is 'a word that is none; what only an unsigned header says' "$(codes)" '10 10 '

# injection
as H99.02 "json getEdoc docId='%20OR%201=1--" \
    "json getEdoc docId=x';DROP%20TABLE%20delivery;--" \
    "post getSentEdocList messagetype=edoc docId='%20OR%20'1'='1"
is 'SQL is text' "$(codes)$(field 3 '.data | length')" '10 10 0 0'
as H99.02 'post getReceivedEdocList messagetype=edoc'
is 'all is still there' "$(field 1 '.data | length > 0')" true
as H99.01 'send 2.edxml to=["H99.02\r\nX-A:%20b"]'
is 'a header within a value' "$(codes)" '18 '
# a client of another making, whose JSON is not what the headers say
printf '{"XroadVnpt-systemid":"H99.02","XroadVnpt-docId":"a","XroadVnpt-docid":"b","XroadVnpt-timestamp":"%s"}' \
    "$(TZ=Asia/Ho_Chi_Minh date +%d%m%YT%H%M%S+0001)" >sign
mac=$(openssl dgst -sha256 -hmac "$(cat b.secret)" <sign | sed 's/.* //')
as H99.02 "raw POST /getEdoc HTTP/1.1\r\nHost: x\r\nXroadVnpt-systemid: H99.02\r\nXroadVnpt-sign-header: $(cat sign)\r\nXroadVnpt-hash-header: $mac\r\nContent-Length: 0\r\n\r\n"
is 'a value in two spellings: one of them is nobody'\''s' "$(codes)" '10 '

# ---- files that are none ----
echo 'not XML' >x
head -c 700 1.edxml >half
printf '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>' >xxe
: >nothing
head -c 1100000 /dev/zero >big
as H99.01 'send x' 'send half' 'send xxe' 'send nothing' \
    'send 1.edxml hash-file=0000' 'forget' 'send 1.edxml messagetype=other'
is 'no edXML, half, a DOCTYPE, nothing, another digest, another kind' \
    "$(codes)" '22 22 22 22 10 10 '
as H99.01 'send big'
is 'too long' "$(statuses)$(codes)" '413 10 '
is 'nothing of that is kept' "$(find axis/objects -type f | wc -l)" \
    "$(sqlite3 axis/axis.db 'SELECT count(DISTINCT sha256) FROM message')"
as H99.01 "raw POST /sendEdoc HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
is 'a body without a length, of nobody' "$(statuses)" '401 '

# ---- a quota ----
sqlite3 axis/axis.db "UPDATE agency SET quota = 3000 WHERE code = 'H99.01'"
message H99.01 H99.02 4 >4.edxml
as H99.01 'send 4.edxml'
is 'more than may wait is for later' "$(statuses)$(codes)" '503 20 '
sqlite3 axis/axis.db "UPDATE agency SET quota = 0"
as H99.01 'send 4.edxml'
is 'there is room again' "$(codes)" '0 '
vanthu-axis lock axis H99.03
as 00.99.W00 'send m.edxml from=H99.03'
is 'a member that is locked' "$(codes)" '23 '
vanthu-axis unlock axis H99.03

# ---- requests that are none ----
as H99.01 "raw GET /../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"
is 'a path' "$(statuses)" '404 '
as H99.01 "raw DELETE /getEdoc HTTP/1.1\r\nHost: x\r\n\r\n"
is 'a method' "$(statuses)" '405 '
as H99.01 "raw GARBAGE\r\n\r\n" "raw POST /getEdoc HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"
unlike 'no request' "$out" '^200'
# two HEADER HEADER: a request with these, and another in what would be its body
two()
{
	as H99.01 "raw POST /getAgenciesList HTTP/1.1\\r\\nHost: x\\r\\n$1\\r\\n$2\\r\\n\\r\\n0\\r\\n\\r\\nGET /x HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
}
two 'Content-Length: 0' 'Content-Length: 31'
is 'two lengths' "$(statuses)" '400 '
two 'Content-Length: 31' 'Transfer-Encoding: chunked'
is 'a length, and chunks' "$(statuses)" '400 '
two 'Transfer-Encoding: chunked' 'Transfer-Encoding: identity'
is 'two codings' "$(statuses)" '400 '
two 'Transfer-Encoding: xchunked' 'X-A: b'
is 'one that is none' "$(statuses)" '400 '
LC_ALL=C perl -we '
	use IO::Socket::INET;
	$SIG{PIPE} = "IGNORE";
	for my $n (100000, 400000) {
		my $s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]");
		print $s "POST /getEdoc HTTP/1.1\r\nHost: x\r\n";
		print $s "X-A$_: b\r\n" or last for 1 .. $n;
		print $s "\r\n";
		my $line = <$s>;
		print defined $line ? $line : "closed\n";
	}
	my $s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]");
	print $s "POST /getEdoc HTTP/1.1\r\nHost: x\r\nX-A: ";
	print $s "b" x 100000 or last for 1 .. 100;
	print $s "\r\n\r\n";
	my $line = <$s>;
	print defined $line ? $line : "closed\n"' "$port" >"$out" 2>&1
unlike 'headers without an end' "$out" ' 200 '
is 'each is answered or cut' "$(grep -cE 'HTTP/1.1 (4|5)|closed' "$out")" 3
LC_ALL=C perl -e 'print "[", "[" x 100000' >deep
as H99.01 "send 2.edxml to=$(cat deep)" "send 2.edxml to=[$(LC_ALL=C perl -e \
    'print join ",", map { "\"H$_\"" } 1 .. 15000')]"
is 'JSON without an end, and long lists' "$(codes)" '10 18 '
as 00.99.W00 'forget' \
    'body {"code":"H99.08","name":"Sở%20H","pcode":"H99.03"} registerAgency' \
    'body {"code":"H99.01","name":"X"} registerAgency' \
    'body {"code":"00.99.W00","name":"X"} registerAgency' \
    'body {"code":"H99.10","name":"X","pcode":"H99.01"} registerAgency' \
    'body {"code":"../x","name":"X"} registerAgency' 'body [] registerAgency' \
    'json deleteAgency AgencyCode=H99.08' 'json deleteAgency AgencyCode=H99.01' \
    'json deleteAgency AgencyCode=00.99.W00'
is 'a centre registers its own, and no other' "$(codes)" \
    '0 10 10 10 10 10 0 10 10 '
as H99.01 'body {"code":"H99.11","name":"X"} registerAgency' \
    'json deleteAgency AgencyCode=H99.02'
is 'an agency registers nobody' "$(statuses)" '403 403 '

# ---- killed between its commit and its answer ----
as H99.01 'post getAgenciesList'
is 'it still runs' "$(codes)" '0 '
message H99.01 H99.02 3 >3.edxml
if command -v strace >/dev/null; then
	stop serve
	rm -f serve.error
	# what follows the commit is the answer: killed as it is written
	serve serve strace -f -qq -o trace -e trace=sendto,sendmsg,send \
	    -e inject=sendto,sendmsg:signal=KILL:when=1 vanthu-axis serve axis \
	    --listen 127.0.0.1:0 --loopback-http --max-size 1
	port=
	until port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' serve.error 2>/dev/null) &&
	    [ -n "$port" ]; do
		sleep 0.1
	done
	as H99.01 'send 3.edxml'
	is 'no answer' "$(statuses)" 'none '
	stop serve
	is 'it was committed' "$(sqlite3 axis/axis.db \
	    "SELECT count(*) FROM message WHERE notation = '3/STNA'")" 1
	start_plain
	as H99.01 'send 3.edxml'
	is 'the same again is answered' "$(codes)" '0 '
	is 'and is there once' "$(sqlite3 axis/axis.db \
	    "SELECT count(*) FROM delivery d JOIN message m ON m.id = d.message
	     WHERE notation = '3/STNA'")" 1
else
	skip 'no strace' 4
fi

# ---- who takes his time ----
LC_ALL=C perl -we '
	use IO::Socket::INET;
	my @all = map { IO::Socket::INET->new("127.0.0.1:$ARGV[0]") } 1 .. 40;
	print $_ "POST /getEdoc HTTP/1.1\r\nHost: x\r\n" for @all;
	sleep 1' "$port" &
as H99.01 'post getAgenciesList'
is 'keeps nobody else out' "$(codes)" '0 '
wait $!
stop serve
done_testing
