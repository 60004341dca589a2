#!/bin/sh
# vanthu-trust, and what it fetches: real responders and servers, good and bad
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have jq openssl faketime || skip_all 'jq, openssl or faketime is missing'
have_apache || skip_all 'apache2 or perl is missing'

# shellcheck source=testdata/online.sh
. "$VANTHU_SOURCE/testdata/online.sh"

deaf=$(free_port)

issue unfit ca plain
issue late ca responder -startdate 20200101000000Z -enddate 20210101000000Z
issue foreign other-ca responder
# the name of our responder, and another CA's
key_and_request impostor responder &&
    openssl x509 -req -in impostor.csr -CA other-ca.crt -CAkey other-ca.key \
	-days 365 -extfile conf -extensions responder -out impostor.crt \
	2>>log || bail 'no impostor'

# By list.
for name in good revoked stale forged; do
	person "crl-$name" ca "$list_url/crl-$name.crl" '' ''
done
person crl-none ca "$list_url/none.crl" '' ''
person crl-busy ca "$list_url/busy" '' ''
person crl-slow ca "$list_url/slow.crl" '' ''
person crl-huge ca "$evil_url/endless" '' ''
person crl-half ca "$evil_url/half" '' ''
person crl-text ca "$evil_url/good" '' ''
person crl-away ca "$evil_url/to/302/http://127.0.0.1:$web/crl-good.crl" '' ''
person crl-file ca 'file:///etc/passwd' '' ''
person crl-deaf ca "http://localhost:$deaf/a.crl" '' ''
person crl-inside ca "http://127.0.0.1:$web/crl-good.crl" '' ''
# By answer.
for name in good revoked unknown stale young bare other-key unfit late foreign \
    forged later by-key busy-responder garbage nothing other-cert by-ca; do
	person "ocsp-$name" ca '' "$ocsp_url/$name" ''
done
person ocsp-none ca '' "$list_url/none" ''
person ocsp-busy ca '' "$evil_url/status/503" ''
person ocsp-huge ca '' "$evil_url/endless" ''
person ocsp-half ca '' "$evil_url/half" ''
person ocsp-hang ca '' "$evil_url/hang" ''
person ocsp-deaf ca '' "http://localhost:$deaf/" ''
# One after the other: what the first does not say the second does.
person both ca "$list_url/crl-good.crl" "$evil_url/status/503" ''
person both-revoked ca "$list_url/crl-revoked.crl" "$ocsp_url/unknown" ''
# The CA itself.
for name in good none wrong garbage; do
	person "aia-$name" ca "$list_url/crl-good.crl" '' \
	    "$list_url/aia-$name.crt"
done
# Nobody's: it leads to no anchor.
person stranger other-ca "$list_url/stranger.crl" "$ocsp_url/stranger" \
    "$list_url/stranger.crt"

revoke crl-revoked
revoke ocsp-revoked
revoke both-revoked
grep -c '^R' index | grep -qx 3 || bail 'nothing is revoked'
for name in good revoked slow; do
	list "crl-$name" ca
done
list crl-stale ca faketime '60 days ago'
list crl-forged other-ca
publish list.der stranger.crl
openssl x509 -in ca.crt -outform DER -out ca.der
publish ca.der aia-good.crt
openssl x509 -in other-ca.crt -outform DER -out other-ca.der
publish other-ca.der aia-wrong.crt
publish other-ca.der stranger.crt
publish conf aia-garbage.crt

grep -v ocsp-unknown index >index.unknown
for name in good revoked both-revoked stranger; do
	responder $name responder
done
index=index.unknown
responder unknown responder
unset index
wrapped='faketime "3 days ago"' responder stale responder
wrapped='faketime "3 days"' responder young responder
wrapped=
responder bare responder -ndays 1 -resp_no_certs
responder other-key responder -ndays 1 -badsig
responder unfit unfit
responder late late
responder foreign foreign
responder by-ca ca
responder later responder -nmin 10
printf 'printf "0\\003\\n\\001\\003"\n' >responses/busy-responder
echo 'echo not an answer' >responses/garbage
: >responses/nothing
# an answer about another certificate, genuine as such
cat >responses/other-cert <<EOT
cd "$tmp" && openssl ocsp -issuer ca.crt -cert ocsp-good.crt -no_nonce \
    -reqout other.req >/dev/null 2>>log && sh responses/good "$tmp/other.req"
EOT
responder forged impostor -ndays 1 -rother responder.crt
responder by-key responder -ndays 1 -resp_key_id

cat >web.conf <<EOT
Redirect 503 /busy
<Location /slow.crl>
SetOutputFilter RATE_LIMIT
SetEnv rate-limit 1
SetEnv rate-initial-burst 1
</Location>
EOT
head -c 2000000 /dev/urandom >bulk && publish bulk slow.crl
online
office home
office aia '[trust]' 'aia = yes'
VANTHU_HOME=$tmp/home
export VANTHU_HOME

# judge STATUS WANTED WHAT ARG...: status, and "verdict reason revocation"
judge()
{
	j_status=$1 j_want=$2 j_what=$3
	shift 3
	vanthu-trust check --json --trust root.crt "$@" >"$out" 2>"$err"
	is "$j_what" "$? $(jq -r '.verdict + " " + .reason + " " +
	    .certificate.revocation' "$out")" "$j_status $j_want"
}
good='valid ok good'
revoked='invalid revoked revoked'
unknown='undetermined revocation-unknown unknown'

# by STATUS WANTED NAME...: certificates of our CA
by()
{
	by_status=$1 by_want=$2
	shift 2
	for by_name; do
		judge "$by_status" "$by_want" "$by_name" --chain ca.crt \
		    "$by_name.crt"
	done
}

# ---- lists ----
by 0 "$good" crl-good
like 'the list was asked for' web.log '^GET /crl-good.crl 200'
like 'that of the CA, too' web.log '^GET /root.crl 200'
empty 'and nothing is said' "$err"
by 1 "$revoked" crl-revoked
by 3 "$unknown" crl-stale crl-forged crl-none crl-busy crl-huge crl-half \
    crl-text crl-away crl-file crl-deaf crl-inside
like 'what could not be had is told' "$err" \
    "warning: http://127.0.0.1:$web/crl-good.crl: 127.0.0.1 has no public"
judge 3 "$unknown" 'a slow list' --chain ca.crt crl-slow.crt
like 'is told' "$err" 'slow.crl: no whole answer within'
by 3 "$unknown" crl-busy
like '503 is told' "$err" "warning: $list_url/busy: .* 503"

# ---- answers ----
by 0 "$good" ocsp-good ocsp-by-ca ocsp-by-key ocsp-later
by 1 "$revoked" ocsp-revoked
is 'each was asked for once' "$(grep -vc refused ocsp.error)" 5
by 3 "$unknown" ocsp-unknown ocsp-stale ocsp-young ocsp-bare ocsp-other-key \
    ocsp-unfit ocsp-late ocsp-foreign ocsp-forged ocsp-busy-responder \
    ocsp-garbage ocsp-nothing ocsp-other-cert ocsp-none ocsp-busy ocsp-huge \
    ocsp-half ocsp-hang ocsp-deaf
by 0 "$good" both
by 1 "$revoked" both-revoked

# ---- offline, and what a stranger names ----
answers=$(wc -l <ocsp.error)
before=$(wc -l <web.log)
for name in crl-good ocsp-good; do
	judge 3 "$unknown" "offline: $name" --offline --chain ca.crt $name.crt
done
judge 3 'undetermined no-trust-anchor unknown' 'a stranger' stranger.crt
judge 3 'undetermined no-trust-anchor unknown' 'with its CA' \
    --chain other-ca.crt stranger.crt
is 'nobody was asked for a list' "$(wc -l <web.log)" "$before"
is 'nor for an answer' "$(wc -l <ocsp.error)" "$answers"

# ---- issuers ----
judge 3 'undetermined no-trust-anchor unknown' 'the CA is not at hand' \
    aia-good.crt
is 'and not asked for' "$(grep -c aia- web.log)" 0
VANTHU_HOME=$tmp/aia
judge 0 "$good" 'where the office allows it the CA is fetched' aia-good.crt
for name in none wrong garbage; do
	judge 3 'undetermined no-trust-anchor unknown' "aia-$name" \
	    "aia-$name.crt"
done
judge 3 'undetermined no-trust-anchor unknown' 'a stranger, again' stranger.crt
is 'its list was not asked for' "$(grep -c stranger.crl web.log)" 0
VANTHU_HOME=$tmp/home

# ---- each thing once ----
before=$(grep -c crl-good.crl web.log)
vanthu-trust check --trust root.crt --chain ca.crt crl-good.crt crl-good.crt \
    both.crt >"$out" 2>"$err"
is 'three certificates, one list' "$(($(grep -c crl-good.crl web.log) -
    before))" 1
done_testing
