#!/bin/sh
# vanthu-verify, and what it fetches: a worker wants it, vanthu-fetch gets it
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have jq openssl faketime || skip_all 'jq, openssl or faketime is missing'
have_apache || skip_all 'apache2 or perl is missing'

# shellcheck source=testdata/online.sh
. "$VANTHU_SOURCE/testdata/online.sh"

# ---- signers, and what they signed ----
person crl-good ca "$list_url/crl-good.crl" '' ''
person crl-revoked ca "$list_url/crl-revoked.crl" '' ''
person crl-busy ca "$list_url/busy" '' ''
person crl-forged ca "$list_url/crl-forged.crl" '' ''
for name in good revoked unknown foreign; do
	person "ocsp-$name" ca '' "$ocsp_url/$name" ''
done
person aia ca "$list_url/crl-good.crl" '' "$list_url/ca.crt"
person fresh ca "$list_url/fresh.crl" '' ''
echo "freshestCRL = URI:$list_url/delta.crl" >>fresh.ext
issue fresh ca person -extfile fresh.ext
person stranger other-ca "$list_url/stranger.crl" "$ocsp_url/stranger" \
    "$list_url/stranger.crt"
issue foreign other-ca responder
grep -v ocsp-unknown index >index.unknown
revoke crl-revoked
revoke ocsp-revoked
list crl-good ca
list crl-revoked ca
list crl-forged other-ca
list fresh ca
base=$(openssl crl -inform DER -in www/fresh.crl -noout -crlnumber |
    sed 's/.*=\(0x\)\{0,1\}//')
openssl x509 -in ca.crt -outform DER -out ca.der
publish ca.der ca.crt
for name in good revoked stranger; do
	responder $name responder
done
index=index.unknown
responder unknown responder
unset index
responder foreign foreign
printf 'Redirect 503 /busy\n' >web.conf

# sign NAME [OPTION...]: NAME.txt.p7s
sign()
{
	s_name=$1
	shift
	echo "$s_name" >"$s_name.txt"
	openssl cms -sign -cades -binary -in "$s_name.txt" -signer \
	    "$s_name.crt" -inkey "$s_name.key" "$@" -outform DER \
	    -out "$s_name.txt.p7s" 2>>log || bail "nothing by $s_name"
}
for name in crl-good crl-revoked crl-busy crl-forged ocsp-good ocsp-revoked \
    ocsp-unknown ocsp-foreign fresh; do
	sign $name -certfile ca.crt
done
sign aia
sign stranger -certfile other-ca.crt
cp "$data/quickstart/cong-van.pdf" a.pdf
vanthu-sign -q --key crl-good.key --cert crl-good.crt --chain ca.crt a.pdf \
    >/dev/null || bail 'no PDF'
mkdir many
for n in 1 2 3 4 5 6 7 8; do
	cp a.signed.pdf many/$n.pdf
done

online
office home
office aia '[trust]' 'aia = yes'
VANTHU_HOME=$tmp/home
export VANTHU_HOME

# judge STATUS WANTED WHAT ARG...: status, and "verdict reason"
judge()
{
	j_status=$1 j_want=$2 j_what=$3
	shift 3
	vanthu-verify --json --trust root.crt "$@" >"$out" 2>"$err"
	is "$j_what" "$? $(jq -r '.verdict + " " + .reason' "$out")" \
	    "$j_status $j_want"
}
unknown='undetermined revocation-unknown'

asked()
{
	grep -c "^GET /$1 " web.log
}

judge 3 "$unknown" 'offline nothing is known' --offline a.signed.pdf
is 'nor asked for' "$(asked crl-good.crl)" 0
judge 0 'valid ok' 'a PDF' a.signed.pdf
is 'by a list that was fetched' "$(asked crl-good.crl) $(asked root.crl)" '1 1'
empty 'and nothing is said' "$err"
is 'the worker was confined all the same' \
    "$(jq -r '.confined | length > 0' "$out")" true
judge 0 'valid ok' 'CMS, by a list' crl-good.txt.p7s
judge 1 'invalid revoked' 'revoked, by a list' crl-revoked.txt.p7s
judge 3 "$unknown" "another CA's list" crl-forged.txt.p7s
judge 3 "$unknown" 'a list that is not to be had' crl-busy.txt.p7s
like 'is told' "$err" "warning: $list_url/busy: .*503"
judge 0 'valid ok' 'by an answer' ocsp-good.txt.p7s
judge 1 'invalid revoked' 'revoked, by an answer' ocsp-revoked.txt.p7s
judge 3 "$unknown" 'an answer that knows nothing' ocsp-unknown.txt.p7s
judge 3 "$unknown" "another CA's answer" ocsp-foreign.txt.p7s
judge 3 'undetermined no-trust-anchor' 'a CA that is not at hand' aia.txt.p7s
is 'is not asked for' "$(asked ca.crt)" 0
VANTHU_HOME=$tmp/aia
judge 0 'valid ok' 'unless the office says so' aia.txt.p7s
is 'then it is' "$(asked ca.crt)" 1
VANTHU_HOME=$tmp/home
answers=$(wc -l <ocsp.error)
judge 3 'undetermined no-trust-anchor' 'a stranger' stranger.txt.p7s
is 'names addresses in vain' \
    "$(grep -c stranger web.log) $(wc -l <ocsp.error)" "0 $answers"

# ---- a delta ----
judge 0 'valid ok' 'without its delta, by the list' fresh.txt.p7s
is 'for which was asked' "$(asked delta.crl)" 1
like 'that there is none is told' "$err" "warning: $list_url/delta.crl: .*404"
revoke fresh
cat >>conf <<EOT
[delta]
authorityKeyIdentifier = keyid:always
2.5.29.27 = critical, DER:0201$base
EOT
openssl ca -gencrl -config conf -crlexts delta -cert ca.crt -keyfile ca.key \
    -out delta.pem 2>>log && openssl crl -in delta.pem -outform DER \
    -out delta.der && publish delta.der delta.crl || bail 'no delta'
judge 1 'invalid revoked' 'revoked, by the delta' fresh.txt.p7s
judge 0 'valid ok' 'offline, by the list alone' --offline --crl www/fresh.crl \
    --crl www/root.crl --chain ca.crt fresh.txt.p7s

before=$(asked crl-good.crl)
vanthu-verify --trust root.crt --jobs 4 many/*.pdf >"$out" 2>"$err"
is 'many files' "$?" 0
is 'ask for one list once' "$(($(asked crl-good.crl) - before))" 1
before=$(asked busy)
vanthu-verify --trust root.crt crl-busy.txt.p7s crl-busy.txt.p7s >"$out" \
    2>"$err"
is 'a server that is busy is asked once' "$(($(asked busy) - before))" 1
is 'and that is told once' "$(grep -c 503 "$err")" 1
done_testing
