#!/bin/sh
# vanthu-sign REF keeps what the signer was checked by; vanthu-archive shows,
# checks and prunes it
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq sqlite3 openssl || skip_all 'no jq, sqlite3 or openssl'
# shellcheck source=testdata/signing.sh
. "$VANTHU_SOURCE/testdata/signing.sh"

# part KIND: digests of these in evidence.json
part()
{
	jq -r ".parts[] | select(.kind == \"$1\") | .sha256" evidence.json
}
objects()
{
	find office/objects -type f | wc -l
}

# ---- kept ----
new a.pdf
before=$(vanthu-register show --json "$ref" | jq -r '.files[0].sha256')
check 'nothing is kept before' 1 vanthu-archive evidence "$ref"
check 'an officer signs' 0 officer --as person --json "$ref"
after=$(jq -r .sha256 "$out")
time=$(jq -r .claimed_time "$out")
check 'evidence is there' 0 vanthu-archive evidence --json "$ref"
cp "$out" evidence.json
is 'of this signature' "$(jq -c '[.schema, .ref, .role, .key, .level, .verdict,
    .reason, .revocation, .name, .at]' "$out")" \
    "[\"vanthu.archive/1\",\"$ref\",\"person\",\"file\",\"B\",\"valid\",\"ok\",\"good\",\"a.pdf\",\"$time\"]"
is 'who ran it' "$(jq -r .who "$out")" "$(id -un)"
is 'the file before and after' "$(jq -r '.before, .after' "$out" | xargs)" \
    "$before $after"
signer=$(object "$(part signer)")
ok 'the very certificate' sh -c "openssl x509 -in '$pki/officer.crt' \
    -outform DER | cmp - '$signer'"
n=$(part certificate | wc -l)
ok 'its path' [ "$n" -ge 2 ]
part certificate | while read -r sum; do
	openssl x509 -inform DER -in "$(object "$sum")" -noout -subject
done >subjects
ok 'up to the anchor' sh -c "openssl x509 -in '$pki/anchors/duty-root.crt' \
    -noout -subject | grep -Fqxf - subjects"
ok 'the lists that spoke' [ "$(part crl | wc -l)" -ge 1 ]
crl=$(part crl | head -n 1)
ok 'are lists' openssl crl -inform DER -in "$(object "$crl")" -noout
check 'the record tells' 0 vanthu-register show --json "$ref"
is 'how much' "$(jq -r .evidence "$out")" 1
check 'in words' 0 vanthu-register show "$ref"
like 'with the command' "$out" "evidence of 1 checks.*archive evidence $ref"
check 'nothing is foreign' 0 vanthu-archive check
check 'nor are the books wrong' 0 vanthu-register check
check 'again: nothing is signed' 0 officer --as person "$ref"
is 'and nothing more is kept' "$(vanthu-archive evidence --json "$ref" |
    wc -l)" 1

# ---- shared ----
one=$ref
count=$(objects)
new a.pdf
sleep 1 # one key signs one file alike within one second
check 'another record' 0 officer --as person "$ref"
is 'one object more, which is the signed file' "$(objects)" $((count + 1))
two=$ref

# ---- written out ----
check 'in words' 0 vanthu-archive evidence "$one"
like 'who, as what, and the verdict' "$out" "^$one .*person  file .*valid"
check 'written' 0 vanthu-archive evidence -C kept "$one"
ok 'the certificate' sh -c "cat kept/signer-*.crt | cmp - '$signer'"
is 'all parts' "$(find kept -type f | wc -l)" \
    "$(vanthu-archive evidence --json "$one" | jq '.parts | length')"
check 'again: as good as once' 0 vanthu-archive evidence -C kept "$one"
for file in kept/signer-*; do
	printf x >"$file"
done
check 'another file in the way' 6 vanthu-archive evidence -C kept "$one"
is 'stays' "$(cat kept/signer-*)" x
check 'nothing of none' 1 vanthu-archive evidence -C none out/2026/99
absent 'no folder either' none

# ---- a warning is kept, too ----
list=$(vanthu-trust list --json | jq -r 'select(.kind == "crl") | .id')
for id in $list; do
	vanthu-trust remove "$id" >"$out" 2>"$err" || bail 'no removing'
done
new a.pdf
check 'revocation unknown' 0 officer --as person "$ref"
check 'what was known of it' 0 vanthu-archive evidence --json "$ref"
cp "$out" evidence.json
is 'is kept as it was' "$(jq -c '[.verdict, .reason, .revocation]' "$out")" \
    '["undetermined","revocation-unknown","unknown"]'
is 'and no list' "$(part crl | wc -l)" 0
check 'the warning' 0 vanthu-register show "$ref"
like 'is in the history' "$out" 'signed with a warning.*revocation-unknown'
for file in "$pki"/trust/crls/*; do
	vanthu-trust add --yes "$file" >"$out" 2>"$err" || bail 'no trust'
done
new a.pdf
before=$(objects)
check 'a revoked signer' 8 vanthu-sign --as person --p12 "$pki/revoked.p12" \
    --passphrase "$pass" "$ref"
is 'leaves nothing' "$(objects) $(vanthu-register show --json "$ref" |
    jq .evidence)" "$before 0"

# ---- damage ----
file=$(object "$crl")
mv "$file" away || bail 'no list'
check 'a list is missing' 1 vanthu-archive check --json
is 'for both records' "$(jq -r 'select(.finding) |
    "\(.finding) \(.owner) \(.ref)"' "$out" | sort | tr '\n' ' ')" \
    "missing evidence $one missing evidence $two "
check 'in words' 1 vanthu-archive check
like 'as evidence' "$out" "^$one: evidence: objects/.*: missing"
check 'it cannot be written out' 6 vanthu-archive evidence -C gone "$one"
printf 'x' >"$file"
check 'a list was changed' 1 vanthu-archive check --json
is 'is told' "$(jq -r 'select(.finding) | .finding' "$out" | uniq)" changed
rm -f "$file"
mv away "$file"
check 'sound again' 0 vanthu-archive check

# ---- pruned ----
prune="vanthu-archive evidence --prune --before $tomorrow --reason hết-hạn"
for args in '--prune' '--prune --before 2026-01-01' '--prune --reason x' \
    "--before 2026-01-01 $one" "--yes $one" "--reason x $one" '' \
    "--prune --before x --reason y" \
    "--prune --before 2026-01-01 --reason x -C y"; do
	# shellcheck disable=SC2086 # split where meant
	check "not so: '$args'" 2 vanthu-archive evidence $args
done
# shellcheck disable=SC2086 # split where meant
{
check 'an empty reason' 2 vanthu-archive evidence --prune --yes \
    --before "$today" --reason ' '
check 'nobody agrees' 8 setsid -w $prune
like 'the way is said' "$err" '[-][-]yes'
check 'before today nothing was kept' 0 vanthu-archive evidence --prune --yes \
    --before "$today" --reason x --json
is 'nothing is pruned' "$(jq -c '[.pruned, .removed, .left]' "$out")" '[0,0,0]'
# A document that is byte for byte a list stays.
cp "$(object "$crl")" list.crl
new list.crl
find office/objects -type f -exec touch -d '2 hours ago' {} +
count=$(objects)
check 'of one record' 0 $prune --yes --json "$one"
is 'one check, and what another record has stays' \
    "$(jq -c '[.pruned, .removed, .left]' "$out")" '[1,0,0]'
check 'it is gone' 1 vanthu-archive evidence "$one"
check 'the other is there' 0 vanthu-archive evidence "$two"
is 'all objects, too' "$(objects)" "$count"
check 'the history' 0 vanthu-register show --json "$one"
is 'tells who, what and why' "$(jq -r '.history[] |
    select(.what == "evidence-pruned") | "\(.who) \(.reason) \(.detail)"' \
    "$out" | sed 's/"from.*//')" \
    "$(id -un) hết-hạn {\"checks\":1,"
check 'nothing is foreign' 0 vanthu-archive check
new a.pdf
check 'what is wanted again just now' 0 officer --as person "$ref"
check 'of all' 0 $prune --yes --json
is 'three more, and objects' "$(jq -c '[.pruned, .removed > 0]' "$out")" \
    '[3,true]'
check 'nothing is foreign' 0 vanthu-archive check
check 'the list that is a document is there' 0 vanthu-register show --json \
    "out/$year/1"
ok 'it is' cmp list.crl "$(object "$crl")"
ok 'the certificate is not' [ ! -e "$signer" ]
check 'the books are sound' 0 vanthu-register check
new a.pdf
check 'signed anew' 0 officer --as person "$ref"
ok 'it is kept again' [ -e "$signer" ]
check 'what is fresh is left' 0 $prune --yes --json
is 'for the next time' "$(jq -c '[.pruned, .removed, .left > 0]' "$out")" \
    '[1,0,true]'
check 'and is known' 0 vanthu-archive check
find office/objects -type f -exec touch -d '2 hours ago' {} +
check 'the next time' 0 $prune --yes --json
is 'it goes' "$(jq -c '[.pruned, .removed > 0, .left]' "$out")" '[0,true,0]'
check 'nothing is foreign' 0 vanthu-archive check
}

# ---- pruned while somebody signs: the register is locked, and he waits ----
new a.pdf
count=$(objects)
n=$(jq '.parts | length' evidence.json)
(
	flock 9
	# not the function: a shell would keep the lock open for it
	vanthu-sign --as person --p12 "$pki/officer.p12" --passphrase "$pass" \
	    "$ref" 9>&- >waiting 2>&1 &
	i=0
	while [ "$(objects)" -lt $((count + n + 1)) ] && [ "$i" -lt 100 ]; do
		i=$((i + 1))
		sleep 0.1
	done
	rm -f "$signer"
) 9>>office/register.db.lock
i=0
until vanthu-archive evidence "$ref" >"$out" 2>"$err" || [ "$i" -eq 100 ]; do
	i=$((i + 1))
	sleep 0.1
done
check 'it is put once more' 0 vanthu-archive check
ok 'it is there' [ -e "$signer" ]

# ---- an office of before ----
sqlite3 office/register.db 'DROP INDEX delivery_refused;
    ALTER TABLE inbox DROP COLUMN detail;
    DROP INDEX event_changed; DROP TABLE agency_search; DROP TABLE agency_group;
    DROP TABLE agency_code; DROP TABLE agency;
    ALTER TABLE delivery DROP COLUMN role;
    DROP TABLE evidence_part; DROP TABLE evidence;
    DROP TABLE unwanted; DROP TABLE derived; DROP INDEX delivery_unanswered;
    DROP INDEX delivery_failed; DROP INDEX record_unissued;
    DROP INDEX record_unassigned; DROP INDEX record_overdue;
    DROP INDEX inbox_quarantined; ALTER TABLE delivery DROP COLUMN kind;
    ALTER TABLE outbox DROP COLUMN detail; PRAGMA user_version = 1'
new a.pdf
check 'is an office still' 0 officer --as person "$ref"
check 'and keeps evidence' 0 vanthu-archive evidence "$ref"
done_testing
