#!/bin/sh
# vanthu-trust update: a store that keeps up with a real web server
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have jq openssl || skip_all 'jq or openssl is missing'
have_apache || skip_all 'apache2 or perl is missing'

# shellcheck source=testdata/online.sh
. "$VANTHU_SOURCE/testdata/online.sh"

person listed ca "$list_url/ca.crl" '' ''
person unlisted ca "$list_url/ca.crl" '' ''
person stranger other-ca "$list_url/stranger.crl" '' ''
revoke unlisted
list ca ca
cp www/ca.crl old.crl
list other other-ca
echo '<html>no list</html>' >page
online
office home
VANTHU_HOME=$tmp/home
export VANTHU_HOME
store=home/trust

# judge STATUS WANTED WHAT ARG...: offline; status, and "verdict reason"
judge()
{
	j_status=$1 j_want=$2 j_what=$3
	shift 3
	vanthu-trust check --json --offline "$@" >"$out" 2>"$err"
	is "$j_what" "$? $(jq -r '.verdict + " " + .reason' "$out")" \
	    "$j_status $j_want"
}
# update WHAT STATUS [WORD...]: what became of each address, with its last part
update()
{
	u_what=$1 u_status=$2
	shift 2
	vanthu-trust update --json >"$out" 2>"$err"
	is "$u_what" "$? $(jq -r '(.url // .file | split("/")[-1]) + ":" +
	    (.result // .error.code)' "$out" | sort | tr '\n' ' ')" \
	    "$u_status $* "
}
lists()
{
	find $store/crls -name '*.crl' | wc -l
}
# kept FILE: the list is in the store, as it came
kept()
{
	cmp "$1" "$store/crls/$(openssl dgst -sha256 -r "$1" | cut -c 1-16).crl"
}

check 'an empty store' 0 vanthu-trust update
like 'has nothing to fetch' "$err" 'warning: no certificate of the store'
check 'a root, a CA, and two persons' 0 vanthu-trust add --yes root.crt ca.crt \
    listed.crt stranger.crt
judge 3 'undetermined revocation-unknown' 'no list is at hand' listed.crt
update 'both lists are new' 0 ca.crl:new root.crl:new
ok 'it is as it came' kept www/ca.crl
unlike 'nothing is asked for a stranger' web.log stranger
update 'nothing is new' 0 ca.crl:same root.crl:same
judge 0 'valid ok' 'they are used' listed.crt
judge 1 'invalid revoked' 'for others, too' unlisted.crt
check 'for a person' 0 vanthu-trust update
like 'there is a line for each' "$out" '/root.crl: as it was, valid to '

for n in 1 2 3; do
	sleep 1.1 # a list's time has seconds
	list ca ca
	update "list $n" 0 ca.crl:new root.crl:same
done
is 'the last two are kept' "$(lists)" 3
ok 'with the last' kept www/ca.crl
cp www/ca.crl last.crl
publish old.crl ca.crl
update 'an old one does not come back' 0 ca.crl:older root.crl:same
is 'nor is it kept' "$(lists)" 3

# What "add" took unseen keeps no list away: nobody signed it who may, or it is
# from the future.
list ca ca
cp www/ca.crl genuine.crl
sleep 1.1
list ca ca
cp www/ca.crl later.crl
openssl ca -gencrl -config conf -crlexts crlext -cert ca.crt -keyfile ca.key \
    -crl_lastupdate 20480101000000Z -crl_nextupdate 20490101000000Z \
    -out far.pem 2>>log || bail 'no list of the future'
# any byte of the signature
printf forged | dd of=later.crl bs=1 seek=$(($(wc -c <later.crl) - 9)) \
    conv=notrunc 2>/dev/null
for name in later.crl far.pem; do
	cp -r home held
	check "$name is taken into a store" 0 vanthu-trust add --home held $name
	publish genuine.crl ca.crl
	VANTHU_HOME=$tmp/held update 'and keeps none away' 0 ca.crl:new \
	    root.crl:same
	rm -r held
done
publish last.crl ca.crl

find $store -type f | sort >before
publish www/other.crl ca.crl
update "another CA's" 8 ca.crl:refused root.crl:same
like 'is told as that' "$err" 'ca.crl: .*not about the certificate'
printf '[strange]\n1.3.6.1.4.1.99999.77 = critical, DER:0500\n' >>conf
openssl ca -gencrl -config conf -crlexts strange -cert ca.crt -keyfile ca.key \
    -out strange.pem 2>>log || bail 'no strange list'
publish strange.pem ca.crl
update 'one that must be understood, and is not' 4 ca.crl:unsupported \
    root.crl:same
like 'is told as that' "$err" 'ca.crl: .*critical extension'
openssl ca -gencrl -config conf -crlexts crlext -cert ca.crt -keyfile ca.key \
    -out new.pem 2>>log
openssl crl -in new.pem -outform DER -out forged.crl
printf forged | dd of=forged.crl bs=1 seek=$(($(wc -c <forged.crl) - 9)) \
    conv=notrunc 2>/dev/null
publish forged.crl ca.crl
update 'a forged one' 8 ca.crl:refused root.crl:same
like 'is told, too' "$err" 'ca.crl: .*nobody signed the list who may'
publish page ca.crl
update 'a page' 4 ca.crl:format root.crl:same
cat new.pem new.pem list.pem >several
publish several ca.crl
update 'two lists' 4 ca.crl:format root.crl:same
rm www/ca.crl
update 'none' 8 ca.crl:refused root.crl:same
like '404 is told, and the address once' "$err" \
    '^vanthu-trust: http://[^ ]*/ca.crl: [^/]* 404'
cp -r home away
sed 's/allow.*/allow = elsewhere/' home/vanthu.conf >away/vanthu.conf
check 'an office that may not' 8 vanthu-trust update --home away
like 'is told so' "$err" 'ca.crl: localhost has no public address'
stop web
update 'no server' 7 ca.crl:network root.crl:network
find $store -type f | sort >after
ok 'the store stays as it is' cmp before after
judge 0 'valid ok' 'and is used' listed.crt

# A certificate that names a responder, and no list.
person answered ca '' "$ocsp_url/answered" ''
responder answered responder -nmin 60
check 'another person' 0 vanthu-trust add answered.crt
vanthu-trust update --json >"$out" 2>/dev/null
is 'the answer is new' "$(jq -r 'select((.url // "") | endswith("answered")).result' \
    "$out")" new
judge 0 'valid ok' 'and is used' answered.crt
is 'it is in the store' "$(vanthu-trust list --json |
    jq -r 'select(.kind == "ocsp").name')" \
    'CN=responder (TEST),O=Ủy ban nhân dân tỉnh Thử Nghiệm'
for n in 1 2 3; do
	sleep 1.1
	vanthu-trust update --json >"$out" 2>/dev/null
done
is 'the last two are kept' "$(find $store/ocsp -name '*.ocsp' | wc -l)" 2
responder answered other-ca
vanthu-trust update --json >"$out" 2>"$err"
like 'one that another CA signed is refused' "$err" \
    'nobody signed the answer who may'
grep -v answered index >index.none
index=index.none responder answered responder
vanthu-trust update --json >"$out" 2>"$err"
like 'one that does not know it, too' "$err" 'says nothing of the certificate'

# RFC 6960, 2.3: to try again helps after internalError and tryLater only.
for status in 2:network 3:network 6:refused; do
	printf 'printf "0\\003\\n\\001\\00%s"\n' "${status%:*}" >responses/answered
	vanthu-trust update --json >"$out" 2>"$err"
	is "status ${status%:*}" "$(jq -r 'select((.url // .file // "") |
	    endswith("answered")).error.code' "$out")" "${status#*:}"
done

# PEM is a list as well.
openssl crl -inform DER -in last.crl -out www/.pem && publish www/.pem ca.crl
if have faketime; then
	apache web
	wait_port "$web" || bail 'no server'
	update 'PEM' 8 answered:refused ca.crl:same root.crl:same
	list ca ca faketime 'tomorrow'
	update 'one from the future' 8 answered:refused ca.crl:refused root.crl:same
	like 'is told as that' "$err" 'future'
fi

check 'no office' 6 vanthu-trust update --home none
check 'an operand' 2 vanthu-trust update x
check 'an option of another verb' 2 vanthu-trust update --yes
done_testing
