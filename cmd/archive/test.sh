#!/bin/sh
# vanthu-archive: files of records, and what check finds
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq sqlite3 || skip_all "no jq or no sqlite3"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
{ make_offices && issue_ready; } >/dev/null 2>&1 ||
    bail "the offices could not be made"
ref=$(cat ref)

# object REF I: the path of the I-th file of a record of a
object()
{
	vanthu register show --home a --json "$1" |
	    jq -r ".files[$2].sha256" | sed 's,sha256:\(..\),a/objects/\1/,'
}

# ---- the command line ----

check 'help' 0 vanthu-archive --help
check 'no verb' 2 vanthu-archive --home a
check 'a verb of later' 2 vanthu-archive --home a export 01.VP
check 'no title' 2 vanthu-archive --home a open 01.VP --retention 10
check 'no retention' 2 vanthu-archive --home a open 01.VP --title t
check 'no code' 2 vanthu-archive --home a open --title t --retention 10
check 'nothing to add' 2 vanthu-archive --home a add --file 01.VP
check 'to what' 2 vanthu-archive --home a add "$ref"
check 'an operand too much' 2 vanthu-archive --home a list 01.VP
check 'an option of another verb' 2 vanthu-archive --home a list --title t
check 'no office' 6 vanthu-archive --home nowhere list
for r in 0 -1 1000 ten '10 years' ''; do
	check "no retention: '$r'" 2 vanthu-archive --home a open 01.VP \
	    --title t --retention "$r"
done
check 'no list yet' 0 vanthu-archive --home a list
empty 'nothing to list' "$out"

# ---- open ----

check 'open' 0 vanthu-archive --home a open 01.VP \
    --title 'Cải cách hành chính' --retention 10
is 'its code alone' "$(cat "$out")" 01.VP
check 'again: as good as once' 0 vanthu-archive --home a open 01.VP \
    --title 'Cải cách hành chính' --retention 10
check 'another of that code' 6 vanthu-archive --home a open 01.VP \
    --title 'Việc khác' --retention 10
check 'for ever' 0 vanthu-archive --home a open 02.VP --json \
    --title t --retention vinh-vien
is 'in the words of JSON' "$(jq -r '"\(.schema) \(.code) \(.retention)"' \
    "$out")" 'vanthu.archive/1 02.VP vinh-vien'
check 'a code that is too long' 2 vanthu-archive --home a open \
    012345678901234567890123456789012345678901234567890 --title t --retention 1
check 'a title with an escape code' 2 vanthu-archive --home a open 03 \
    --title "$(printf '\033[2J')" --retention 1
unlike 'which is not repeated' "$err" "$(printf '\033')"

# ---- add ----

printf 'ghi chép\n' >'Ghi chú.txt'
check 'a record and a file' 0 vanthu-archive --home a add "$ref" 'Ghi chú.txt' \
    --file 01.VP
check 'again: nothing changes' 0 vanthu-archive --home a add --json "$ref" \
    'Ghi chú.txt' --file 01.VP
is 'they are in there' "$(jq -r '"\(.seq) \(.existing)"' "$out" | xargs)" \
    '1 true 2 true'
check 'one record in two files of records' 0 vanthu-archive --home a add \
    "$ref" --file 02.VP
check 'no such file of records' 1 vanthu-archive --home a add "$ref" --file 99
check 'no such record' 1 vanthu-archive --home a add out/1999/1 --file 01.VP
check 'no such file; the others are added' 6 vanthu-archive --home a add \
    missing doc.pdf --file 02.VP
check 'a folder' 6 vanthu-archive --home a add a --file 02.VP
check 'a device' 4 vanthu-archive --home a add /dev/null --file 02.VP
mkdir -p out/1999 && printf 'x' >out/1999/1
check 'a file of such a name' 0 vanthu-archive --home a add ./out/1999/1 \
    --file 02.VP
check 'from standard input' 0 feed doc.pdf vanthu-archive --home a add - \
    --file 01.VP
check 'the list' 0 vanthu-archive --home a list
is 'in order' "$(sed -n 's/^  *\([0-9]*\)  \([^ ]*\).*/\1 \2/p' "$out" | xargs)" \
    "1 $ref 2 Ghi 3 stdin 1 $ref 2 doc.pdf 3 1"
check 'as JSON' 0 vanthu-archive --home a list --json
is 'the same' "$(jq -r '"\(.code): \([.members[] | .ref // .name] |
    join(", "))"' "$out" | head -n 1)" "01.VP: $ref, Ghi chú.txt, stdin"

# ---- check ----

vanthu send --home a "$ref" --to H99.02 >/dev/null 2>&1
cp axis/H99.02/*.edxml kept.edxml
check 'all is sound' 0 vanthu-archive --home a check
like 'and counted' "$out" '^[0-9]+ objects checked, 0 findings$'
check 'from cron' 0 env -i "$VANTHU_BIN/vanthu-archive" --home "$tmp/a" check

victim=$(object "$ref" 0)
cp -p "$victim" saved
chmod u+w "$victim"
printf 'X' | dd of="$victim" bs=1 seek=100 conv=notrunc 2>/dev/null
check 'a changed object' 1 vanthu-archive --home a check --json
is 'with its record' "$(jq -r 'select(.finding) |
    "\(.finding) \(.owner) \(.ref) \(.name)"' "$out")" \
    "changed record $ref signed.pdf"
is 'and the count' "$(jq -r 'select(.checked) | .findings' "$out")" 1
is 'nothing is repaired' "$(cmp -s "$victim" saved; echo $?)" 1
cp -p saved "$victim"
truncate -s 100 "$victim"
check 'one that was cut' 1 vanthu-archive --home a check
like 'in words' "$out" "^$ref: signed.pdf: objects/.*: changed$"
rm "$victim"
check 'a missing object' 1 vanthu-archive --home a check
like 'with its record' "$out" "^$ref: signed.pdf: objects/.*: missing$"
ln -s "$tmp/saved" "$victim"
check 'a link in its place' 1 vanthu-archive --home a check
like 'is not it' "$out" "^$ref: signed.pdf: objects/.*: changed$"
rm "$victim"
cp -p saved "$victim"
check 'sound again' 0 vanthu-archive --home a check

printf 'x' >a/objects/note.txt
mkdir -p a/objects/zz && printf 'x' >"a/objects/zz/$(printf 'a\033[2J')"
printf 'nobody knows me' >new
sum=$(sha256sum new | cut -c 1-64)
mkdir -p "a/objects/$(echo "$sum" | cut -c 1-2)"
cp new "a/objects/$(echo "$sum" | cut -c 1-2)/$(echo "$sum" | cut -c 3-)"
printf 'x' >a/quarantine/stray
check 'foreign objects' 1 vanthu-archive --home a check --json
is 'are found, each' "$(jq -r 'select(.finding == "foreign") | .folder' "$out" |
    sort | uniq -c | xargs)" '3 objects 1 quarantine'
is 'with the digest where there is one' \
    "$(jq -r 'select(.sha256) | .sha256' "$out")" "sha256:$sum"
check 'for people' 1 vanthu-archive --home a check
unlike 'no escape code reaches the terminal' "$out" "$(printf '\033')"
rm -r a/objects/note.txt a/objects/zz a/quarantine/stray
rm "a/objects/$(echo "$sum" | cut -c 1-2)/$(echo "$sum" | cut -c 3-)"

envelope=$(sha256sum kept.edxml | cut -c 1-64 | sed 's,^\(..\),a/objects/\1/,')
mv "$envelope" away
check 'what was sent is missing' 1 vanthu-archive --home a check --json
is 'with its message and record' "$(jq -r 'select(.finding) |
    "\(.finding) \(.owner) \(.ref) \(.message)"' "$out")" "missing sent $ref 1"
mv away "$envelope"

vanthu-receive --home b >/dev/null 2>&1
check 'what came was judged by something' 0 vanthu archive evidence --home b \
    --json "in/$year/1"
cp "$out" judged.json
is 'which is kept with the verdict' "$(jq -c '[.role, .key, .verdict, .reason,
    .revocation, .name, (.signer | length > 0)]' judged.json)" \
    '["received","none","valid","ok","good","signed.pdf",true]'
is 'of the file that came' "$(jq -r '.before, .after' judged.json | uniq)" \
    "$(vanthu register show --home b --json "in/$year/1" |
	jq -r '.files[0].sha256')"
is 'the lists of both CAs, from the office' "$(jq -r '.parts[] |
    select(.kind == "crl") | .sha256' judged.json | sort | tr '\n' ' ')" \
    "$(sha256sum b/trust/crls/* | sed 's/ .*//' | sort | while read -r sum; do
	jq -r '.parts[].sha256' judged.json | grep -x "sha256:$sum"
    done | tr '\n' ' ')"
ok 'there are some' grep -q '"crl"' judged.json
cp -R b example
printf '<x' >axis/H99.02/broken.edxml
vanthu-receive --home b >/dev/null 2>&1
check 'an office that received is sound' 0 vanthu-archive --home b check
find b/quarantine -type f -exec rm -f {} +
check 'what was kept apart is missing' 1 vanthu-archive --home b check --json
is 'with its message' "$(jq -r 'select(.finding) |
    "\(.finding) \(.folder) \(.owner)"' "$out")" 'missing quarantine received'
check 'an incoming record is filed' 0 sh -c "vanthu archive open 01 --home b \
    --title t --retention 5 && vanthu archive add --home b in/$year/1 --file 01"

# ---- the manual's examples ----
VANTHU_HOME=$tmp/example
export VANTHU_HOME
printf 'ghi chú\n' >note.txt
vanthu register out --type CV --notation SB-VP --subject 'V/v ví dụ' signed.pdf \
    >/dev/null || bail 'nothing is registered'
# shellcheck disable=SC2154,SC2086 # of offices.sh, split where meant
vanthu sign -q --as agency $agency "out/$year/1" >/dev/null ||
    bail 'nothing is signed'
examples vanthu-archive.1 >examples
is 'the manual has its examples' "$(wc -l <examples)" 5
while read -r line; do
	line=$(printf '%s\n' "$line" | sed "s|/2026/|/$year/|g")
	ok "manual: $line" sh -c "$line" </dev/null
done <examples
is 'the file of records' "$(vanthu archive list --json | jq -r '.code' | xargs)" \
    01.VP
done_testing
