# shellcheck shell=sh disable=SC2154 # out, err: from who sources this
# wire.sh - an axis without TLS and the official client at it; sourced behind
# axis.sh

start_plain()
{
	rm -f serve.error
	serve serve vanthu-axis serve axis --listen 127.0.0.1:0 \
	    --loopback-http --max-size 1
	until port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' serve.error 2>/dev/null) &&
	    [ -n "$port" ]; do
		sleep 0.1
	done
}

# as ID SCRIPT...: the official client with that account; answers in $out
as()
{
	case $1 in
	H99.01) as_secret=a.secret ;;
	H99.02) as_secret=b.secret ;;
	*) as_secret=c.secret ;;
	esac
	as_id=$1
	shift
	LC_ALL=C perl "$VANTHU_SOURCE/cmd/axis/wire.pl" "$port" "$as_id" "$as_secret" "$@" \
	    >"$out" 2>"$err" || diag "$(cat "$err")"
}

# field N FILTER: of the N-th answer
field()
{
	sed -n "$1s/^[0-9]* //p" "$out" | jq -r "$2"
}

statuses()
{
	sed 's/ .*//' "$out" | tr '\n' ' '
}

# codes: the ErrorCode of each answer
codes()
{
	sed 's/^[0-9]* //' "$out" | jq -r .ErrorCode | tr '\n' ' '
}

ns=http://www.mic.gov.vn/TBT/QCVN_102_2016
# message FROM TO NUMBER: an edXML document
message()
{
	cat <<-EOT
	<?xml version="1.0" encoding="utf-8"?>
	<edXML xmlns="$ns"><edXML:edXMLEnvelope xmlns:edXML="$ns"><edXML:edXMLHeader><edXML:MessageHeader><edXML:From><edXML:OrganId>$1</edXML:OrganId><edXML:OrganName>Sở A</edXML:OrganName></edXML:From><edXML:To><edXML:OrganId>$2</edXML:OrganId><edXML:OrganName>Sở B</edXML:OrganName></edXML:To><edXML:DocumentId>$1,2026/11/23,$3/STNA</edXML:DocumentId><edXML:Code><edXML:CodeNumber>$3</edXML:CodeNumber><edXML:CodeNotation>STNA</edXML:CodeNotation></edXML:Code><edXML:PromulgationInfo><edXML:Place>Hà Nội</edXML:Place><edXML:PromulgationDate>2026/11/23</edXML:PromulgationDate></edXML:PromulgationInfo><edXML:Subject>V/v thử</edXML:Subject></edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>
	EOT
}

status_message()
{
	cat <<-EOT
	<edXML xmlns="$ns"><edXML:edXMLEnvelope xmlns:edXML="$ns"><edXML:edXMLHeader><edXML:MessageHeader><edXML:From><edXML:OrganId>$1</edXML:OrganId></edXML:From><edXML:ResponseFor><edXML:OrganId>$2</edXML:OrganId><edXML:Code>1/STNA</edXML:Code><edXML:PromulgationDate>2026/11/23</edXML:PromulgationDate><edXML:DocumentId>$2,2026/11/23,1/STNA</edXML:DocumentId></edXML:ResponseFor><edXML:StatusCode>$3</edXML:StatusCode><edXML:Timestamp>2026/11/23 10:00:00</edXML:Timestamp></edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>
	EOT
}
