#!/bin/sh
# vanthu-receive, where messages are judged with what is fetched
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have jq openssl faketime || skip_all 'jq, openssl or faketime is missing'
have_apache || skip_all 'apache2 or perl is missing'

# shellcheck source=testdata/online.sh
. "$VANTHU_SOURCE/testdata/online.sh"
# shellcheck source=testdata/message.sh
. "$VANTHU_SOURCE/testdata/message.sh"

person good ca "$list_url/good.crl" '' ''
person revoked ca "$list_url/revoked.crl" '' ''
person busy ca "$list_url/busy" '' ''
person answered ca '' "$ocsp_url/answered" ''
person stranger other-ca "$list_url/stranger.crl" '' ''
revoke revoked
list good ca
list revoked ca
responder answered responder
printf 'Redirect 503 /busy\n' >web.conf
cp "$data/quickstart/cong-van.pdf" a.pdf
for name in good revoked busy answered; do
	vanthu-sign -q --key $name.key --cert $name.crt --chain ca.crt \
	    -o $name.pdf a.pdf >/dev/null || bail "nothing by $name"
done
vanthu-sign -q --key stranger.key --cert stranger.crt --chain other-ca.crt \
    -o stranger.pdf a.pdf >/dev/null || bail 'nothing by the stranger'
echo 'so lieu' >table.csv
vanthu-sign -q --key answered.key --cert answered.crt --chain ca.crt \
    table.csv >/dev/null || bail 'no CMS'

online
{ vanthu-init b --organ-id H99.02 --name 'Sở B' --transport "spool:$tmp/axis" &&
    vanthu-trust add --home b --yes root.crt; } >/dev/null 2>&1 ||
    bail 'no office'
cp b/vanthu.conf plain.conf
mkdir -p axis/H99.02
unset VANTHU_HOME

# settings LINE...: the office's, and these
settings()
{
	{
		cat plain.conf
		printf '%s\n' "$@"
	} >b/vanthu.conf
}

# take ID FILE...: they arrive; what becomes of them
take()
{
	t_id=$1
	shift
	message "$t_id" 'V/v thử' "$@"
	arrive
	vanthu-receive --home b --json >"$out" 2>"$err" || echo "status $?"
	jq -rj '"\(.result) \(.reason // "-")"' "$out"
}

asked()
{
	grep -c "^GET /$1 " web.log
}

# ---- as it is unless said ----
is 'nothing is known of whom nobody asked' "$(take id-1 good.pdf)" \
    'held revocation-unknown'
is 'and nobody was asked' "$(wc -l <web.log)" 0
like 'what helps is told' "$err" 'hint:.*fetch = yes'
held=$(jq -r .id "$out")
settings '[receive]' 'fetch = perhaps'
check 'it is yes or no' 4 vanthu-receive --home b
like 'which is said' "$err" 'fetch'

# ---- fetched ----
settings '[receive]' 'fetch = yes'
is 'where no private address may be asked' "$(take id-2 good.pdf)" \
    'held revocation-unknown'
is 'none is' "$(wc -l <web.log)" 0
like 'which is told' "$err" "^vanthu-receive: warning: $list_url/"
settings '[receive]' 'fetch = yes' '[fetch]' 'allow = localhost'
is 'by a list' "$(take id-3 good.pdf)" 'registered -'
is 'that was fetched' "$(asked good.crl) $(asked root.crl)" '1 1'
unlike 'and nothing is said of it' "$err" localhost
is 'revoked, by a list' "$(take id-4 revoked.pdf)" 'held revoked'
is 'by an answer' "$(take id-5 answered.pdf)" 'registered -'
is 'what a signature beside it says' "$(take id-6 table.csv table.csv.p7s)" \
    'registered -'
is 'a server that does not answer' "$(take id-7 busy.pdf)" \
    'held revocation-unknown'
like 'is told' "$err" "warning: $list_url/busy: .*503"
unlike 'and what helps is not what is done' "$err" 'hint:.*fetch = yes'
is 'a stranger' "$(take id-8 stranger.pdf)" 'held no-trust-anchor'
is 'names addresses in vain' "$(asked stranger.crl)" 0

# several messages, one question
before=$(asked good.crl)
for k in x y z; do
	message "id-$k" 'V/v thử' good.pdf
	arrive $k
done
vanthu-receive --home b --json >"$out" 2>"$err"
is 'three in one run' "$(jq -rj .result "$out")" 'registeredregisteredregistered'
is 'ask for one list once' "$(($(asked good.crl) - before))" 1

# ---- a clerk accepts what was held ----
check 'the clerk accepts' 0 vanthu-receive --home b --json --accept "$held"
is 'what is judged once more, with the list' "$(vanthu-register show --home b \
    --json "$(jq -r .ref "$out")" | jq -r .verdict)" valid
done_testing
