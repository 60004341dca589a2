#!/bin/sh
# vanthu-token: what is here, what is missing, and modules that misbehave
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/pkcs11/lib.sh
. "$VANTHU_SOURCE/testdata/pkcs11/lib.sh"

tokens
VANTHU_SPY_DO=
export VANTHU_SPY_DO

# look STATUS WHAT ARG...: at the spy alone
look()
{
	tap_status_wanted=$1 tap_name=$2
	shift 2
	check "$tap_name" "$tap_status_wanted" vanthu-token --module "$spy" "$@"
}

# of FILTER: from the token called leader
of()
{
	jq -r ".slots[] | select(.token.label == \"leader\") | $1" "$out"
}

look 1 'no token is prepared yet' list
like 'says so' "$out" 'a token not prepared yet'
like 'and the next step' "$out" 'next step: prepare the token'
look 1 'the word list may be left out'
look 1 'as JSON' --json
is 'its first key is the schema' "$(head -c 27 "$out")" \
    '{"schema":"vanthu.token/1",'
is 'what is missing' "$(jq -r .next "$out")" not-initialized

token leader
look 1 'a token without a certificate' --json
is 'is told' "$(of .next)" no-certificate
look 1 'and in words'
like 'with the next step' "$out" 'next step: sign with --token URI and --cert'
token_key leader officer 01
token_cert leader expired 05
look 1 'a certificate that has expired' --json
is 'is told' "$(of .next)" expired
token_cert leader officer 01
look 0 'one that holds' --json
is 'all is there' "$(of .next) $(jq -r .next "$out")" 'ready ready'
is 'the token' "$(of '.token | [.serial, .pin, .rsa_pkcs1, .rsa_pss, .ecdsa] |
    map(tostring) | join(" ")')" "$serial good true true true"
is 'its certificates' "$(of '.token.certificates | length')" 2
is 'the key of one is seen' "$(of '.token.certificates[] |
    select(.label == "officer") | .id + " " + (.key_seen | tostring)')" \
    '01 true'
uri=$(of '.token.certificates[] | select(.label == "officer") | .uri')
cp "$data/quickstart/cong-van.pdf" a.pdf
check 'its URI is one to sign with' 0 vanthu-sign -q --passphrase "$pin" \
    --token "$uri?module-path=$spy" -o signed.pdf a.pdf
look 0 'in words'
like 'the certificate' "$out" '^    certificate: '
like 'its URI, as a shell takes it' "$out" \
    "^ *'pkcs11:token=leader;serial=.*;id=%01'\$"
is 'nobody was logged in to see that' "$(logins)" 1

for what in low last locked; do
	VANTHU_SPY_DO=$what
	look "$([ "$what" = locked ] && echo 1 || echo 0)" "the PIN: $what" \
	    --json
	is 'is told' "$(of .token.pin)" "$what"
done
look 1 'a locked one in words'
like 'who can help' "$out" 'have whoever issued the token unlock it'

# ---- modules that misbehave ----
for what in crash exit; do
	VANTHU_SPY_DO=$what
	look 5 "a module that ends by $what" --json
	is 'is told' "$(jq -r '.state + " " + .next' "$out")" \
	    'died module-fails'
	check "the others are seen behind it ($what)" 5 vanthu-token --json \
	    --module "$spy" --module "$softhsm"
	is 'both' "$(jq -r .state "$out" | tr '\n' ' ')" 'died ok '
	is 'and the token in the other' \
	    "$(jq -r '.slots[].token.label' "$out" | grep -c leader)" 1
done
for what in many huge; do
	VANTHU_SPY_DO=$what
	check "a module that lies: $what" 1 vanthu-token --json --module "$spy"
	is 'the token is told, without what it lies about' \
	    "$(jq -r '.slots[].token.label' "$out" | grep -c leader)" 1
done
VANTHU_SPY_DO=babble
look 0 'a module that talks' --json
is 'is not heard' "$(wc -l <"$out" | tr -d ' ')" 1
empty 'on either side' "$err"
VANTHU_SPY_DO=
VANTHU_SPY_DO=noslots
look 1 'a module that sees no reader' --json
is 'is told' "$(jq -r '.state + " " + .next' "$out")" 'ok no-reader'
look 1 'in words, too'
like 'what is missing' "$out" 'no token and no reader is seen'
like 'the next step' "$out" 'next step: plug the token or its reader in.*pcscd'
VANTHU_SPY_DO=
check 'no such module' 5 vanthu-token --json --module /nowhere/x.so
is 'is told' "$(jq -r '.state + " " + .next' "$out")" 'absent no-module'
is 'and is an error' "$(jq -r .error.code "$out")" key
like 'to people, too' "$err" '/nowhere/x.so: there is no such file$'
check 'in words, too' 5 vanthu-token --module /nowhere/x.so
like 'the next step' "$out" 'next step: install the software of your token'
cp a.pdf notes.so
check 'a file that is no module' 5 vanthu-token --module "$tmp/notes.so"
like 'is told' "$err" 'cannot be loaded'
VANTHU_SPY_MODULE=/nowhere/x.so
look 5 'a module that does not start' --json
is 'is told' "$(jq -r .state "$out")" refused
VANTHU_SPY_MODULE=$softhsm

# ---- the office's module, and this machine's ----
mkdir home
cat >home/vanthu.conf <<-END
	[office]
	organ_id = 000.00.00.H01
	name = X
	[token]
	module = $spy
END
check "the office's module stands in front" 0 vanthu-token --json --home home
is 'and is called that' "$(head -n 1 "$out" | jq -r '.module + " " + .source')" \
    "$spy conf"

# ---- the command line ----
check 'another word' 2 vanthu-token show
check 'two words' 2 vanthu-token list list
check 'a module that is no path' 2 vanthu-token --module spy.so
check 'help' 0 vanthu-token --help
like 'names the options' "$out" '--module'
# ---- the manual's examples ----
run_examples vanthu-token.1 2
done_testing
