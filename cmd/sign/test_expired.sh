#!/bin/sh
# vanthu-sign --as agency over a person's signature whose certificate has
# expired since, or was sealed before
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have faketime jq openssl || skip_all 'faketime, jq or openssl is missing'
have_apache || skip_all 'apache2 or perl is missing'
faketime -f +1d vanthu-verify --version >"$out" 2>&1 ||
    skip_all 'faketime does not work with this build'

# shellcheck source=testdata/tsa.sh
. "$VANTHU_SOURCE/testdata/tsa.sh"

then='@2021-06-01 09:00:00'
cp "$pki/tsa.crt" "$pki/tsa.key" .
authority tsa
authorities
authority_time "$then"
for dir in office bare; do
	vanthu-init $dir --organ-id T01.TEST --name Test >"$out" 2>"$err" ||
	    bail "no office: $(cat "$err")"
	printf '[fetch]\nallow = localhost\n[sign]\nunattended = yes\n' \
	    >>$dir/vanthu.conf
done
vanthu-trust --home office add --yes "$pki/duty-root.crt" "$pki/duty-ca.crt" \
    "$pki/duty-ca.crl" "$pki/duty-root.crl" >"$out" 2>"$err" ||
    bail "no store: $(cat "$err")"
agency="--p12 $pki/agency.p12 --passphrase file:$pki/passphrase"
late="--p12 $pki/expired.p12 --passphrase file:$pki/passphrase"
cp "$data/quickstart/cong-van.pdf" a.pdf

# shellcheck disable=SC2086
{
check 'an officer signs, and the certificate ends' 0 faketime -f "$then" \
    vanthu-sign -q --home bare $late -o late.pdf a.pdf
check 'another has the time stamped' 0 faketime -f "$then" vanthu-sign -q \
    --home bare $late --level T --tsa "$tsa_url/tsa" -o proven.pdf a.pdf
vanthu-verify --offline --json --home office late.pdf >judged 2>"$err"
is 'nothing proves when' "$(jq -r .reason judged)" expired
vanthu-verify --offline --json --home office proven.pdf >judged 2>"$err"
is 'the stamp does' "$(jq -r '.signatures[0].timestamp' judged |
    cut -c 1-10)" 2021-06-01

for home in office bare; do
	check "$home: no seal on what may have been signed today" 8 \
	    vanthu-sign --home $home $agency --as agency -o no.pdf late.pdf
	like 'the rule' "$err" 'late.pdf: NĐ 30/2020/NĐ-CP, 32: '
	like 'and why' "$err" 'has expired, and no time stamp proves'
	absent 'nothing is written' no.pdf
	check "$home: one on what was signed in time" 0 vanthu-sign -q \
	    --home $home $agency --as agency -o $home-1.pdf proven.pdf
done
check 'who has a valid certificate signs anew' 0 vanthu-sign -q --home office \
    --p12 "$pki/officer.p12" --passphrase "file:$pki/passphrase" -o anew.pdf \
    late.pdf
check 'and the agency after that' 0 vanthu-sign --json --home office $agency \
    --as agency -o sealed.pdf anew.pdf
unlike 'no seal was there' "$out" sealed-already
ok 'that may go' test -s sealed.pdf
check 'once more' 0 vanthu-sign --json --home office $agency --as agency \
    -o twice.pdf sealed.pdf
like 'is told' "$out" '"sealed-already"'

# ---- of a record, and of its attachment ----
printf 'a table\n' >table.csv
vanthu-register --home office out --type CV --notation STNA-VP --subject 'Thử' \
    late.pdf table.csv >ref 2>"$err" || bail "no record: $(cat "$err")"
check 'the main document' 8 vanthu-sign --home office $agency --as agency "$(cat ref)"
like 'why' "$err" 'has expired'
check 'an attachment' 8 vanthu-sign --home office $agency --as attachment "$(cat ref)"
like 'why' "$err" 'has expired'
check 'outside its record' 8 vanthu-sign --home office $agency --as attachment \
    --number 1/STNA-VP -o no.p7s table.csv
like 'why' "$err" 'has expired'
absent 'nothing is written' no.p7s
}

# ---- an authority that was revoked, and tells a time from before ----
check 'as long as nobody knows its time is too old' 8 vanthu-sign -q \
    --home office --p12 "$pki/officer.p12" --passphrase \
    "file:$pki/passphrase" --level T --tsa "$tsa_url/tsa" -o no.pdf a.pdf
like 'that is the reason' "$err" "its time is behind this computer's clock"
cat >conf <<'EOF'
[ca]
default_ca = any
[any]
database = index
crlnumber = number
default_md = sha256
EOF
serial=$(openssl x509 -noout -serial -in tsa.crt)
printf 'R\t491231235959Z\t240601000000Z,keyCompromise\t%s\tunknown\t/CN=tsa\n' \
    "${serial#*=}" >index
echo 02 >number
openssl ca -gencrl -config conf -cert "$pki/duty-ca.crt" -keyfile \
    "$pki/duty-ca.key" -crldays 30 -out revoked.crl 2>"$err" ||
    bail "no list: $(cat "$err")"
check 'it is known' 0 vanthu-trust --home office add --yes revoked.crl
check 'it stamps no more' 8 vanthu-sign --home office --p12 \
    "$pki/officer.p12" --passphrase "file:$pki/passphrase" --level T \
    --tsa "$tsa_url/tsa" -o no.pdf a.pdf
like 'and why' "$err" 'time stamp is not to be used: .*revoked'
check 'at level B it is signed' 0 vanthu-sign -q --home office --p12 \
    "$pki/officer.p12" --passphrase "file:$pki/passphrase" -o plain.pdf a.pdf
check 'nor what is signed' 8 vanthu-extend --home office --level T \
    --tsa "$tsa_url/tsa" -o no.pdf plain.pdf
like 'and why' "$err" 'time stamp is not to be used: .*revoked'
absent 'nothing is written' no.pdf
done_testing
