#!/bin/sh
# vanthu-sign with keys in tokens: one PIN, given once, whatever happens
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/pkcs11/lib.sh
. "$VANTHU_SOURCE/testdata/pkcs11/lib.sh"

tokens
token leader
token_key leader officer 01
token_cert leader officer 01
leader_serial=$serial
token second
token_key second officer3072 02
token_cert second officer3072 02
token_key second officer-ec 03
token_cert second officer-ec 03
token bare
token_key bare agency 04
token blank
cp "$data/quickstart/cong-van.pdf" a.pdf
printf 'số,ngày\n05,2026-11-24\n' >b.csv
uri="pkcs11:token=leader?module-path=$spy"
second="pkcs11:token=second"
store="--trust $pki/anchors --chain $pki/duty-ca.crt --chain $pki/public-ca.crt
	--crl $pki/trust/crls"

# sign STATUS WHAT ARG...
sign()
{
	tap_status_wanted=$1 tap_name=$2
	shift 2
	: >"$VANTHU_SPY_LOG"
	check "$tap_name" "$tap_status_wanted" vanthu-sign "$@"
}

verdict()
{
	# shellcheck disable=SC2086
	vanthu-verify --json $store "$@" 2>/dev/null |
	    jq -r '.verdict + " " + .reason'
}

# ---- what is made ----
sign 0 'RSA-2048 in a token signs a PDF' --token "$uri" --passphrase "$pin" \
    a.pdf
is 'it is valid' "$(verdict a.signed.pdf)" 'valid ok'
is 'with one login' "$(logins)" 1
sign 0 'and a detached signature' -q --token "$uri" --passphrase "$pin" b.csv
is 'it is valid' "$(verdict --content b.csv b.csv.p7s)" 'valid ok'
sign 0 'RSASSA-PSS in the token' -q --rsa pss --token "$uri" \
    --passphrase "$pin" -o pss.p7s b.csv
ok 'it is PSS' sh -c \
    "openssl cms -cmsout -print -inform DER -in pss.p7s | grep -q rsassaPss"
is 'and valid' "$(verdict --content b.csv pss.p7s)" 'valid ok'
sign 0 'the key with an object= of its own' -q \
    --token "$second;object=officer3072?module-path=$spy" --passphrase "$pin" \
    -o rsa3072.pdf a.pdf
is 'RSA-3072: valid' "$(verdict rsa3072.pdf)" 'valid ok'
sign 0 'the key with an id= of its own' -q \
    --token "$second;id=%03?module-path=$spy" --passphrase "$pin" -o ec.pdf \
    a.pdf
is 'P-256: valid' "$(verdict ec.pdf)" 'valid ok'
sign 0 'the key of a certificate' -q \
    --token "$second;type=cert;object=officer-ec?module-path=$spy" \
    --passphrase "$pin" -o ec2.pdf a.pdf
is 'it is that one' "$(vanthu-verify --json ec2.pdf 2>/dev/null |
    jq -r '.signatures[0].signer.name')" \
    "$(vanthu-verify --json ec.pdf 2>/dev/null |
    jq -r '.signatures[0].signer.name')"
sign 0 'a token by its serial number' -q \
    --token "pkcs11:serial=$leader_serial?module-name=spy&module-path=$spy" \
    --passphrase "$pin" -o serial.pdf a.pdf
sign 0 'a certificate from a file where the token has none' -q \
    --token "pkcs11:token=bare?module-path=$spy" --cert "$pki/agency.crt" \
    --passphrase "$pin" -o bare.pdf a.pdf
is 'it is valid' "$(verdict bare.pdf)" 'valid ok'
sign 0 'the PIN in a file that the URI names' -q \
    --token "$uri&pin-source=file:$tap_dir/pin" -o source.pdf a.pdf
mkdir -p home && cp -R "$pki/trust" home/trust
cat >home/vanthu.conf <<-END
	[office]
	organ_id = 000.00.00.H01
	name = X
	[token]
	module = $spy
END
sign 0 "the office's module" -q --home home --token pkcs11:token=leader \
    --passphrase "$pin" -o office.pdf a.pdf
is 'it was that one' "$(logins)" 1

# ---- which token, which key ----
sign 5 'several tokens' --token "pkcs11:?module-path=$spy" \
    --passphrase "$pin" -o no.pdf a.pdf
like 'how to say which' "$err" 'say which, by token= or serial='
sign 5 'several keys' --token "$second?module-path=$spy" --passphrase "$pin" \
    -o no.pdf a.pdf
like 'how to say which' "$err" 'say which, by object= or id='
sign 5 'no such token' --token "pkcs11:token=nobody?module-path=$spy" \
    --passphrase "$pin" -o no.pdf a.pdf
is 'no PIN was given to another' "$(logins)" 0
sign 5 'no such key' --token "$second;object=x?module-path=$spy" \
    --passphrase "$pin" -o no.pdf a.pdf
sign 5 'a token without a key' --token "pkcs11:token=blank?module-path=$spy" \
    --passphrase "$pin" -o no.pdf a.pdf
sign 5 'a token without a certificate' \
    --token "pkcs11:token=bare?module-path=$spy" --passphrase "$pin" \
    -o no.pdf a.pdf
like 'the next step' "$err" 'give that by --cert FILE'
sign 5 "a certificate that is another key's" --token "$uri" \
    --cert "$pki/agency.crt" --passphrase "$pin" -o no.pdf a.pdf
sign 5 'no module' --token 'pkcs11:token=leader?module-path=/nowhere/x.so' \
    --passphrase "$pin" -o no.pdf a.pdf
like 'says so' "$err" 'no such file'
cp a.pdf notes.so
sign 5 'a module that is none' --passphrase "$pin" -o no.pdf \
    --token "pkcs11:token=leader?module-path=$tmp/notes.so" a.pdf
cp "$spy" open.so && chmod 666 open.so
sign 5 'a module that anybody may change' --passphrase "$pin" -o no.pdf \
    --token "pkcs11:token=leader?module-path=$tmp/open.so" a.pdf
like 'is not run' "$err" 'anybody may write'
for what in crash exit; do
	VANTHU_SPY_DO=$what
	export VANTHU_SPY_DO
	sign 5 "a module that ends by $what" --token "$uri" \
	    --passphrase "$pin" -o no.pdf a.pdf
	like 'is named' "$err" 'crashed or ended its process'
done
for what in long empty huge many; do
	VANTHU_SPY_DO=$what
	sign 5 "a module that lies: $what" --token "$uri" \
	    --passphrase "$pin" -o no.pdf a.pdf
done
# Someone may have to press a key on it; whoever waits in vain can end it.
VANTHU_SPY_DO=stuck
: >"$VANTHU_SPY_LOG"
env --default-signal=INT vanthu-sign -q --token "$uri" --passphrase "$pin" \
    -o no.pdf a.pdf >"$out" 2>"$err" &
pid=$!
i=0
until grep -q stuck "$VANTHU_SPY_LOG" || [ $i -eq 600 ]; do
	sleep 0.05
	i=$((i + 1))
done
# two that come at once are one
i=0
while kill -INT $pid 2>/dev/null && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
wait $pid
is 'a module that never signs is ended by a second interrupt' "$?" 130
absent 'and leaves nothing' no.pdf
is 'of no name, either' "$(find . -maxdepth 1 -name '.*no.pdf*')" ''
unset VANTHU_SPY_DO

# ---- the PIN ----
sign 5 'a wrong PIN' --token "$uri" --passphrase "file:$tap_dir/pin.wrong" \
    -o no.pdf a.pdf
is 'is tried once' "$(logins)" 1
like 'and says so' "$err" 'wrong; it was tried once'
mkdir never
sign 5 'a wrong PIN for many files' --token "$uri" --output-dir never \
    --passphrase "file:$tap_dir/pin.wrong" a.pdf b.csv home/vanthu.conf
is 'is tried once' "$(logins)" 1
is 'and nothing is made' "$(ls never)" ''
sign 0 'the right one behind it' --token "$uri" --passphrase "$pin" \
    -o behind.pdf a.pdf
like 'is warned of' "$err" 'a wrong PIN was given to this token before'
sign 0 'then all is well again' --token "$uri" --passphrase "$pin" \
    -o well.pdf a.pdf
unlike 'no warning' "$err" 'wrong PIN'
: >empty
sign 5 'an empty PIN' --token "$uri" --passphrase file:empty -o no.pdf a.pdf
is 'is no try' "$(logins)" 0
sign 5 'no PIN and no terminal' --token "$uri" -o no.pdf a.pdf
is 'is no try' "$(logins)" 0
VANTHU_SPY_DO=last
export VANTHU_SPY_DO
sign 5 'the last try' --token "$uri" --passphrase "$pin" -o no.pdf a.pdf
is 'is not made' "$(logins)" 0
like 'but on demand' "$err" 'adds --last-try'
sign 0 'it is made on demand' --last-try --token "$uri" --passphrase "$pin" \
    -o last.pdf a.pdf
is 'once' "$(logins)" 1
sign 5 'a wrong one on the last try' --last-try --token "$uri" \
    --passphrase "file:$tap_dir/pin.wrong" -o no.pdf a.pdf
is 'once' "$(logins)" 1
like 'says what comes next' "$err" 'next wrong one locks'
VANTHU_SPY_DO=locked
sign 5 'a locked token' --last-try --token "$uri" --passphrase "$pin" \
    -o no.pdf a.pdf
is 'is not asked' "$(logins)" 0
like 'who can help' "$err" 'whoever issued the token can unlock it'

# ---- what else tokens do ----
VANTHU_SPY_DO=nopss
sign 5 'PSS where the token cannot' --rsa pss --token "$uri" \
    --passphrase "$pin" -o no.pdf a.pdf
like 'what it can' "$err" '--rsa pkcs1'
VANTHU_SPY_DO=liar
sign 5 'a token that signs something else' --token "$uri" \
    --passphrase "$pin" -o no.pdf a.pdf
like 'is found out' "$err" 'does not hold by the certificate'
VANTHU_SPY_DO=each
mkdir each
sign 0 'a key that wants the PIN each time' -q --token "$uri" --jobs 2 \
    --passphrase "$pin" --output-dir each a.pdf b.csv home/vanthu.conf
is 'logs in once' "$(logins)" 1
is 'and then for each signature' "$(grep -c '^relogin 0' "$VANTHU_SPY_LOG")" 3
is 'which is valid' "$(verdict each/a.signed.pdf)" 'valid ok'
mkdir gone many
i=0
while [ $((i += 1)) -le 12 ]; do
	cp a.pdf "many/$i.pdf"
done
VANTHU_SPY_DO=gone=5
for jobs in 1 4; do
	rm -f gone/*
	sign 5 "the token is pulled out in the middle ($jobs)" -q \
	    --jobs "$jobs" --token "$uri" --passphrase "$pin" \
	    --output-dir gone many/*
	is 'what was signed is there' "$(find gone -type f | wc -l)" 5
	for f in gone/*; do
		is "$f is whole" "$(verdict "$f")" 'valid ok'
	done
	like 'and it says so' "$err" 'was removed, or its session ended'
	is 'the PIN was given once' "$(logins)" 1
done
VANTHU_SPY_DO=babble
sign 0 'a module that talks' -q --token "$uri" --passphrase "$pin" \
    -o babble.pdf a.pdf
unset VANTHU_SPY_DO
absent 'no refusal left a file' no.pdf

# ---- a batch ----
mkdir thousand thousand.signed
i=0
while [ $((i += 1)) -le 1000 ]; do
	ln a.pdf "thousand/$i.pdf"
done
sign 0 'a thousand PDFs' -q --token "$uri" --passphrase "$pin" \
    --output-dir thousand.signed thousand/*
is 'are signed' "$(find thousand.signed -type f | wc -l)" 1000
is 'by one login' "$(logins)" 1
is 'and a thousand signatures' "$(signed)" 1000
is 'of which the last is valid' "$(verdict thousand.signed/1000.signed.pdf)" \
    'valid ok'

# ---- the command line ----
sign 2 'a PIN in the URI' --token "$uri&pin-value=1234" -o no.pdf a.pdf
like 'and what to do' "$err" '--passphrase'
unlike 'it is not repeated' "$err" 1234
sign 2 'two sources of the PIN' --token "$uri&pin-source=file:$tap_dir/pin" \
    --passphrase "$pin" -o no.pdf a.pdf
sign 2 'a PIN from a program' --token "$uri&pin-source=|cat" -o no.pdf a.pdf
sign 2 'no URI' --token leader -o no.pdf a.pdf
sign 2 'a URI with a blank' --token 'pkcs11:token=a b' -o no.pdf a.pdf
sign 2 'a public key' --token 'pkcs11:type=public' -o no.pdf a.pdf
sign 2 '--token and --p12' --token "$uri" --p12 x.p12 a.pdf
sign 2 '--token and --key' --token "$uri" --key x.key a.pdf
sign 2 '--last-try without a token' --last-try --p12 x.p12 a.pdf
is 'none of them gave a PIN' "$(logins)" 0
absent 'or left a file' no.pdf
# ---- how long a PIN may be: VT_KEY_PIN_MAX, and one more ----
PIN=$(printf %0255d 7) LONGER=${PIN}7
export PIN LONGER
pkcs11-tool --module "$softhsm" --token-label bare --login --pin 1234 \
    --change-pin --new-pin "$PIN" >"$out" 2>"$err" || bail 'the PIN stays'
bare="pkcs11:token=bare?module-path=$spy"
sign 0 'a PIN of 255 bytes' -q --token "$bare" --cert "$pki/agency.crt" \
    --passphrase env:PIN -o long.pdf a.pdf
sign 5 'a longer one' -q --token "$bare" --cert "$pki/agency.crt" \
    --passphrase env:LONGER -o longer.pdf a.pdf
like 'says so' "$err" '1 to 255 bytes: it was not tried'
is 'nor was it' "$(logins)" 0
absent 'nothing is written' longer.pdf
done_testing
