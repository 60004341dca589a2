#!/bin/sh
# vanthu-send: recipients by the directory of agencies; aliases, groups, roles
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq || skip_all "no jq"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{ make_offices && leader_signs; } >/dev/null 2>&1 ||
    bail "the offices could not be made"
a_name=$(sed -n 's/^name = //p' a/vanthu.conf)

# took HOME: what became of each message, "RESULT REF REASON;"
took()
{
	vanthu receive --home "$1" --json 2>/dev/null |
	    jq -rj '"\(.result) \(.ref // "-") \(.reason // "-");"'
}

# recipients REF: "TO ROLE STATE;" of each
recipients()
{
	vanthu send --home a --json --status "$1" |
	    jq -rj '"\(.to) \(.role) \(.state);"'
}

ref=$(new 'V/v một' signed.pdf) || bail "no document"

# ---- before there is a directory ----
check 'anybody' 0 vanthu-send --home a "$ref" --to H99.77

cat >list.jsonl <<JSON
{"organ_id":"H99.10","name":"$a_name","aliases":["H99.01","000.00.10.H99"]}
{"organ_id":"H99.20","name":"Sở Thử nghiệm B","aliases":["H99.02"]}
{"organ_id":"H99.30","name":"Sở C","aliases":["000.00.30.H99"]}
{"organ_id":"H99.31","name":"Sở D"}
{"organ_id":"H99.32","name":"Sở E"}
{"organ_id":"H99.50","name":"Chi cục F","valid_to":"2025-06-30"}
{"organ_id":"H99.51","name":"Chi cục F"}
JSON
for home in a b; do
	vanthu agency import --home $home list.jsonl >/dev/null ||
	    bail "no directory"
done

# ---- who is not known is caught before anything is sent ----
ref=$(new 'V/v hai' signed.pdf)
before=$(find axis -type f | wc -l)
check 'not in the directory' 8 vanthu-send --home a "$ref" --to H99.30 \
    --to H99.38
like 'which is said, with who is near' "$err" \
    'H99\.38 is not in the directory.*H99\.30 \(Sở C\)'
check 'closed' 8 vanthu-send --home a "$ref" --to H99.50
like 'and who came after' "$err" \
    'H99\.50 \(Chi cục F\) is not valid today; it may be H99\.51 \(Chi cục F\)'
check 'ourselves, by another code' 2 vanthu-send --home a "$ref" --to H99.10
check 'no group' 2 vanthu-send --home a "$ref" --to @ai
check 'a group of those that were closed' 0 vanthu-agency group --home a cũ \
    --add H99.50
check 'is caught, too' 8 vanthu-send --home a "$ref" --to-know @cũ
is 'nothing was sent' "$(find axis -type f | wc -l)" "$before"
is 'nothing was issued' \
    "$(vanthu register show --home a --json "$ref" | jq -r .state)" signed

# ---- aliases, groups, roles ----
vanthu agency group --home a sở --add H99.31 --add H99.32 --add H99.01 \
    --add 000.00.30.H99 >/dev/null
check 'an alias, a group, roles' 0 vanthu-send --home a --json "$ref" \
    --to H99.02 --to-report H99.31 --to-know @sở --to H99.20
like 'the alias is told of' "$err" \
    'H99\.02 is an alias of H99\.20 \(Sở Thử nghiệm B\)'
is 'whom it goes to' "$(jq -r .to "$out" | xargs)" 'H99.20 H99.31 H99.30 H99.32'
is 'under the names that the directory has' \
    "$(vanthu unpack --list --json axis/H99.31/*.edxml | jq -rj '.to[] | .name + ";"')" \
    'Sở Thử nghiệm B;Sở D;Sở C;Sở E;'
is 'for what' "$(recipients "$ref")" \
    'H99.20 act sent;H99.31 report sent;H99.30 know sent;H99.32 know sent;'
is 'the book says it, too' "$(vanthu register show --home a --json "$ref" |
    jq -c '.recipients | map([.to,.role])')" \
    '[["H99.20","act"],["H99.31","report"],["H99.30","know"],["H99.32","know"]]'
check 'to people' 0 vanthu-register show --home a "$ref"
like 'in words' "$out" '^    to H99\.31 \(to report\): sent'
check 'and here' 0 vanthu-send --home a --status "$ref"
like 'in words' "$out" 'H99\.30 \(to know\): sent'
before=$(find axis -type f | wc -l)
check 'once more, by other codes' 0 vanthu-send --home a "$ref" --to H99.02 \
    --to 000.00.30.H99
is 'is nothing new' "$(find axis -type f | wc -l)" "$before"

# ---- the other office writes under its old code ----
mkdir -p axis/H99.02 && mv axis/H99.20/*.edxml axis/H99.02/
is 'b, which is H99.02, is meant' "$(took b)" "registered in/$year/1 -;"
is 'its statuses count' "$(took a)" "status $ref -;status $ref -;"
is 'so that it has accepted' "$(recipients "$ref" | cut -d';' -f1)" \
    'H99.20 act accepted'

# ---- our own code changes: we are who we were ----
sed -i 's/^organ_id = H99.01/organ_id = H99.10/' a/vanthu.conf
check 'a recall from the new code, of who has it under the old' 0 \
    vanthu-send --home a --recall "$ref" --to H99.02 --reason 'Gửi nhầm'
mv axis/H99.20/*.edxml axis/H99.02/
is 'is done' "$(took b)" "done in/$year/1 recalled;"
sed -i 's/^organ_id = H99.10/organ_id = H99.01/' a/vanthu.conf

# ---- the same document under both of a sender's codes ----
ref=$(new 'V/v ba' signed.pdf)
vanthu-send --home a "$ref" --to H99.20 >/dev/null 2>&1
mv axis/H99.20/*.edxml axis/H99.02/
sed 's/OrganId>H99.01</OrganId>H99.10</' axis/H99.02/*.edxml >again.edxml
is 'it comes' "$(took b)" "registered in/$year/2 -;"
cp again.edxml axis/H99.02/
is 'it is not entered twice' "$(took b)" 'quarantined - id-in-use;'

# ---- updates and replacements ----
check 'added by an update' 0 vanthu-send --home a --update "$ref" \
    --add 000.00.30.H99 --reason 'Bổ sung nơi nhận'
is 'under its code' "$(recipients "$ref" | tr ';' '\n' | tail -n 1)" \
    'H99.30 act sent'
check 'who is not known' 8 vanthu-send --home a --update "$ref" --add H99.39 \
    --reason 'Bổ sung'
vanthu-send --home a "$ref" --to-know H99.31 >/dev/null 2>&1
next=$(new 'V/v bốn' signed.pdf)
check 'a replacement' 0 vanthu-send --home a --replace "$ref" --by "$next" \
    --reason 'Sai căn cứ'
is 'goes to them for the same' "$(recipients "$next" | tr ';' '\n' |
    grep H99.31)" 'H99.31 know sent'
done_testing
