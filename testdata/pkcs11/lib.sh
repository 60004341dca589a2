# shellcheck shell=sh disable=SC2034,SC2154 # for, and from, who sources this
# lib.sh - SoftHSM tokens for the tests; sourced behind testdata/lib.sh
#
#	tokens			an empty SoftHSM of its own
#	token LABEL		a token with the PIN 1234; its serial in $serial
#	token_key LABEL NAME ID	the key NAME.key of the test PKI in it
#	token_cert LABEL NAME ID	and its certificate NAME.crt
#	logins			how often the spy saw a PIN given
#	signed			and how many signatures
#
# Everything in them is generated and worth nothing.

softhsm=
for tok_path in /usr/lib/softhsm/libsofthsm2.so \
    /usr/lib/*/softhsm/libsofthsm2.so /usr/local/lib/softhsm/libsofthsm2.so; do
	[ -f "$tok_path" ] && softhsm=$tok_path
done
spy=$VANTHU_BUILD/testdata/pkcs11/spy.so

tokens()
{
	[ -n "$softhsm" ] || skip_all 'no SoftHSM'
	have softhsm2-util pkcs11-tool || skip_all 'no pkcs11-tool'
	mkdir -p "$tap_dir/tokens"
	SOFTHSM2_CONF=$tap_dir/softhsm2.conf
	cat >"$SOFTHSM2_CONF" <<-END
	directories.tokendir = $tap_dir/tokens
	objectstore.backend = file
	log.level = ERROR
	END
	VANTHU_SPY_MODULE=$softhsm
	VANTHU_SPY_LOG=$tap_dir/spy.log
	export SOFTHSM2_CONF VANTHU_SPY_MODULE VANTHU_SPY_LOG
	: >"$VANTHU_SPY_LOG"
	printf '1234\n' >"$tap_dir/pin"
	printf '4321\n' >"$tap_dir/pin.wrong"
	pin=file:$tap_dir/pin
}

token()
{
	softhsm2-util --init-token --free --label "$1" --so-pin 12345678 \
	    --pin 1234 >"$out" 2>"$err" || bail "no token $1"
	serial=$(pkcs11-tool --module "$softhsm" --list-token-slots 2>/dev/null |
	    awk -v label="$1" '/token label/ { on = index($0, ": " label) }
	    on && /serial num/ { print $NF }')
}

# As every one of them is asked: an object of a token, from a file.
token_write()
{
	pkcs11-tool --module "$softhsm" --token-label "$1" --login --pin 1234 \
	    --write-object "$2" --type "$3" --id "$4" --label "$5" \
	    >"$out" 2>"$err" || bail "no $5 in $1"
}

token_key()
{
	openssl pkey -in "$pki/$2.key" -outform DER -out "$tap_dir/key.der" ||
	    bail "no key $2"
	openssl pkey -in "$pki/$2.key" -pubout -outform DER \
	    -out "$tap_dir/pub.der" || bail "no public key $2"
	token_write "$1" "$tap_dir/key.der" privkey "$3" "$2"
	token_write "$1" "$tap_dir/pub.der" pubkey "$3" "$2"
}

token_cert()
{
	openssl x509 -in "$pki/$2.crt" -outform DER -out "$tap_dir/crt.der" ||
	    bail "no certificate $2"
	token_write "$1" "$tap_dir/crt.der" cert "$3" "$2"
}

logins()
{
	grep -c '^login' "$VANTHU_SPY_LOG"
}

signed()
{
	grep -c '^sign' "$VANTHU_SPY_LOG"
}
