#!/bin/sh
# vanthu-sign on records: the new version is kept in the record, or nothing is
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
# shellcheck source=testdata/signing.sh
. "$VANTHU_SOURCE/testdata/signing.sh"

printf 'x\n' >b.csv

# main: digest of the record's main file
main()
{
	digest "$ref" 0
}

vanthu-sign -q --as person --p12 "$pki/officer.p12" --passphrase "$pass" \
    -o signed.pdf a.pdf >/dev/null || bail 'nobody signs'

new signed.pdf
before=$(main)
check 'another number than the record has' 2 agency --as agency \
    --number 77/STNA-VP "$ref"
like 'is told' "$err" "those of the record: 0*${ref##*/}/STNA-VP"
check 'another date' 2 agency --as agency --date 2020-01-05 "$ref"
is 'and nothing was signed' "$(main)" "$before"
check 'the agency signs a record' 0 agency --as agency --json "$ref"
is 'the result' "$(jq -c '[.schema, .ref, .format, .version, .verdict,
    .warnings]' "$out")" \
    "[\"vanthu.sign/1\",\"$ref\",\"pdf\",2,\"valid\",[]]"
is 'is what the record now holds' "$(jq -r .sha256 "$out")" "$(main)"
after=$(main)
is 'the record is signed' \
    "$(vanthu-register show --json "$ref" | jq -r .state)" signed
ok 'its number and date stand where the page has their blanks' sh -c \
    "pdftotext -layout '$(object "$(main)")' - |
	grep -Eq 'Số: +0?$(printf '%s' "${ref##*/}") */STNA-VP'"
ok 'the first version is kept, a prefix of the second' \
    cmp -n "$(wc -c <signed.pdf)" signed.pdf "$(object "$after")"
ok 'and unchanged' cmp signed.pdf "$(object "$before")"
check 'again, nothing is to be done' 0 agency --as agency --json "$ref"
is 'and the record is told as it is' \
    "$(jq -c '[.ref, .already, .version, .sha256]' "$out")" \
    "[\"$ref\",true,2,\"$after\"]"
is 'which it stays' "$(main)" "$after"
check 'the new one is valid' 0 vanthu-verify "$(object "$after")"
check 'the books are sound' 0 vanthu-register check

new a.pdf
before=$(main)
check 'without a person the agency does not sign' 8 agency --as agency "$ref"
is 'the record is as it was' "$(main)" "$before"
check 'a person may' 0 vanthu-sign --as person --p12 "$pki/officer.p12" \
    --passphrase "$pass" "$ref"
check 'then the agency' 0 agency --as agency "$ref"

new b.csv
check 'a table gets a signature of its own' 0 vanthu-sign --json --as person \
    --p12 "$pki/officer.p12" --passphrase "$pass" "$ref"
is 'beside it in the record' \
    "$(vanthu-register show --json "$ref" | jq -c '[.files[].name]')" \
    '["b.csv","b.csv.p7s"]'
is 'and valid' "$(jq -r .verdict "$out")" valid
check 'and is not signed again' 0 vanthu-sign --as person \
    --p12 "$pki/officer.p12" --passphrase "$pass" "$ref"
like 'which is said' "$out" 'signed already, version 1 of b\.csv\.p7s'
is 'there is one' \
    "$(vanthu-register show --json "$ref" | jq -c '[.files[].name]')" \
    '["b.csv","b.csv.p7s"]'
check 'another key signs beside it' 0 vanthu-sign --as person --jobs 4 \
    --p12 "$pki/officer-ec.p12" --passphrase "$pass" "$ref" "out/$year/1"

# ---- refused, and nothing changed ----
check 'no such record' 1 agency --as agency "out/$year/999"
check 'a result elsewhere' 2 agency --as agency -o x.pdf "$ref"
in=$(vanthu-register in --from H99.02 --code 1/X --date 2026-01-05 --type CV \
    --subject 'V/v đến' signed.pdf)
check 'an incoming document stays as it came' 8 agency "$in"
absent 'nothing was written' x.pdf
check 'a wrong passphrase' 5 vanthu-sign --as agency --p12 "$pki/agency.p12" \
    --passphrase "file:$pki/passphrase.wrong" "$ref"
new a.pdf
check 'a revoked signer' 8 vanthu-sign --as person --p12 "$pki/revoked.p12" \
    --passphrase "$pass" "$ref"
is 'nothing stray in the office' \
    "$(find "$VANTHU_HOME" -name 'signed*' -o -name '.vanthu-*' | wc -l)" 0

# ---- another document of the same signer, put in its place ----
new signed.pdf
kept=$(object "$(main)")
cp "$data/quickstart/cong-van.pdf" other.pdf
vanthu-sign -q --as person --p12 "$pki/officer.p12" --passphrase "$pass" \
    -o other-signed.pdf other.pdf >/dev/null || bail 'nobody signs'
rm -f "$kept"
cp other-signed.pdf "$kept"
before=$(main)
check 'what was changed in the store gets no signature' 6 agency --as agency \
    "$ref"
like 'with the reason' "$err" 'signed.pdf was changed since it was kept'
check 'nor does it go out' 6 vanthu-send "$ref" --to H99.02
like 'for the same reason' "$err" 'changed since it was kept'
rm -f "$kept"
check 'nor what is missing' 6 agency --as agency "$ref"
like 'which is told' "$err" 'is missing'
check 'it is no wrong name, either' 6 vanthu-send "$ref" --to H99.02
like 'but our trouble' "$err" 'is missing'
is 'the record is as it was' "$(main)" "$before"
cp signed.pdf "$kept"
check 'once it is put right' 0 agency --as agency "$ref"

# What could not be found out is kept in the history.
vanthu-trust list --json | jq -r 'select(.kind == "crl") | .id' >lists
while read -r id; do
	vanthu-trust remove "$id" >"$out" 2>"$err" || bail 'no removing'
done <lists
check 'revocation unknown' 0 vanthu-sign --json --as person \
    --p12 "$pki/officer.p12" --passphrase "$pass" "$ref"
is 'is told' "$(jq -c '[.warnings[].code]' "$out")" '["revocation-unknown"]'
is 'and kept' "$(vanthu-register show --json "$ref" |
    grep -c 'revocation-unknown')" 1
# ---- whether somebody is there ----
new signed.pdf
sed '/^\[sign\]/,$d' office/vanthu.conf >conf && cp conf office/vanthu.conf
check 'unattended the agency does not sign' 8 setsid -w vanthu-sign \
    --as agency --p12 "$pki/agency.p12" --passphrase "$pass" "$ref"
like 'and says how it may' "$err" 'unattended = yes in \[sign\]'
check 'nor a file of its own' 8 setsid -w vanthu-sign --as agency \
    --p12 "$pki/agency.p12" --passphrase "$pass" -o no.pdf signed.pdf
absent 'nothing is left' no.pdf
check 'no passphrase is asked for before' 8 setsid -w vanthu-sign --as agency \
    --p12 "$pki/agency.p12" --passphrase file:none "$ref"
printf '[sign]\nunattended = no\n' >>office/vanthu.conf
check 'a no is a no' 8 setsid -w vanthu-sign --as agency \
    --p12 "$pki/agency.p12" --passphrase "$pass" "$ref"
check 'a person may' 0 setsid -w vanthu-sign --as person \
    --p12 "$pki/officer.p12" --passphrase "$pass" -o person.pdf a.pdf
ok 'at a terminal the agency may' script -qec \
    "vanthu-sign --as agency --p12 $pki/agency.p12 --passphrase $pass $ref" \
    /dev/null
is 'and the record has it' \
    "$(vanthu-register show --json "$ref" | jq -r .state)" signed
new signed.pdf
cp conf office/vanthu.conf
printf '[sign]\nunattended = yes\n' >>office/vanthu.conf
check 'with the setting it may' 0 setsid -w vanthu-sign --as agency \
    --p12 "$pki/agency.p12" --passphrase "$pass" "$ref"
is 'the history names who ran it' "$(vanthu-register show --json "$ref" |
    jq -r '[.history[] | select(.what == "signed") | .who] | unique | .[]')" \
    "$(id -un)"
new signed.pdf
check 'by sudo' 0 env SUDO_USER="$(id -un 1)" SUDO_UID=1 vanthu-sign \
    --as agency --p12 "$pki/agency.p12" --passphrase "$pass" "$ref"
is 'and who was behind sudo' "$(vanthu-register show --json "$ref" |
    jq -r '[.history[] | select(.what == "signed") | .who] | unique | .[]')" \
    "$(id -un) (sudo: $(id -un 1))"
new signed.pdf
check 'a name that is not the number' 0 env SUDO_USER=somebody SUDO_UID=1 \
    vanthu-sign --as agency --p12 "$pki/agency.p12" --passphrase "$pass" "$ref"
is 'is not believed' "$(vanthu-register show --json "$ref" |
    jq -r '[.history[] | select(.what == "signed") | .who] | unique | .[]')" \
    "$(id -un)"
done_testing
