# shellcheck shell=sh
# message.sh - what another office sends; sourced behind lib.sh, in a folder
# with the office b, H99.02, whose transport is spool:axis

# message ID SUBJECT FILE...: an envelope of H99.01 to H99.02, as made by pack,
# in message.edxml
message()
{
	cat >meta.json <<-JSON
	{"kind":"document","from":{"organ_id":"H99.01","name":"Ủy ban nhân dân tỉnh Thử Nghiệm"},
	"to":[{"organ_id":"H99.02","name":"Sở B"}],"document_id":"$1",
	"code":{"number":"7","notation":"SA-VP"},
	"promulgation":{"place":"Hà Nội","date":"2026-01-05"},
	"type":"Công văn","subject":"$2","business":{"type":"new"}}
	JSON
	shift 2
	rm -f message.edxml
	vanthu-pack --meta meta.json -o message.edxml "$@" >/dev/null ||
	    bail "no message could be made"
}

# arrive [NAME]: it lies in b's folder
arrive()
{
	cp message.edxml "axis/H99.02/${1-m}.edxml"
}

# took: what became of each message, "RESULT REF REASON;"
took()
{
	vanthu-receive --home b --json 2>/dev/null |
	    jq -rj '"\(.result) \(.ref // "-") \(.reason // "-");"'
}
