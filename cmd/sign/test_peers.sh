#!/bin/sh
# Other programs accept what we sign, and we accept what they sign
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have openssl || skip_all 'openssl is not installed'
printf 'số,ngày\n05,2026-11-24\n' >b.csv
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--chain $pki/public-ca.crt --crl $pki/trust/crls"

# peer FILE.p7s|.p7m [CONTENT]: openssl's word on it
# shellcheck disable=SC2317 # called by ok
peer()
{
	peer_file=$1
	shift
	openssl cms -verify -cades -binary -inform DER -in "$peer_file" \
	    ${1:+-content "$1"} -CAfile roots -purpose any -out got &&
	    cmp got b.csv
}

# ---- openssl reads ours, with the intermediates that we embed ----
cat "$pki/duty-root.crt" "$pki/public-root.crt" >roots
cat "$pki/duty-ca.crt" "$pki/public-ca.crt" >chain
for name in officer officer3072 officer-ec officer-pss public-org; do
	for rsa in pkcs1 pss; do
		vanthu-sign -q --home none --key "$pki/$name.key" \
		    --cert "$pki/$name.crt" --chain chain --rsa $rsa \
		    -o "$name.$rsa.p7s" b.csv >/dev/null
		ok "openssl: $name $rsa, detached" peer "$name.$rsa.p7s" b.csv
		vanthu-sign -q --home none --key "$pki/$name.key" \
		    --cert "$pki/$name.crt" --chain chain --rsa $rsa \
		    --attached -o "$name.$rsa.p7m" b.csv >/dev/null
		ok "openssl: $name $rsa, attached" peer "$name.$rsa.p7m"
	done
done
cp b.csv c.csv && printf 'x' >>c.csv
check 'openssl can say no' 4 openssl cms -verify -cades -binary -inform DER \
    -in officer.pkcs1.p7s -content c.csv -CAfile roots -purpose any -out got

# ---- we read openssl's ----
# (Not of an id-RSASSA-PSS key unless it is told to pad so: OpenSSL 3.0 says
# rsaEncryption then, which RFC 4056, 3, does not allow.)
# shellcheck disable=SC2086
for name in officer officer3072 officer-ec public-org; do
	set -- -sign -cades -binary -in b.csv -signer "$pki/$name.crt" \
	    -inkey "$pki/$name.key"
	openssl cms "$@" -outform DER -out o.p7s
	ok "we: $name, detached" vanthu-verify $store --content b.csv o.p7s
	openssl cms "$@" -outform PEM -out o.p7s
	ok "we: $name, in PEM" vanthu-verify $store --content b.csv o.p7s
	openssl cms "$@" -nodetach -outform DER -out o.p7m
	ok "we: $name, attached" vanthu-verify $store o.p7m
	openssl cms "$@" -nodetach -stream -indef -outform DER -out o.p7m
	ok "we: $name, attached, BER" vanthu-verify $store o.p7m
	openssl cms "$@" -md sha512 -outform DER -out o.p7s
	ok "we: $name, SHA-512" vanthu-verify $store --content b.csv o.p7s
done
# shellcheck disable=SC2086
{
openssl cms -sign -cades -binary -in b.csv -signer "$pki/officer.crt" \
    -inkey "$pki/officer.key" -keyopt rsa_padding_mode:pss -outform DER \
    -out o.p7s
vanthu-verify --json $store --content b.csv o.p7s >"$out" 2>"$err"
# OpenSSL's salt is as long as it can be unless told: no baseline allows it.
is 'we: PSS with an odd salt is not valid' \
    "$(jq -r .verdict "$out")" invalid
for name in officer officer-pss; do
	openssl cms -sign -cades -binary -in b.csv -signer "$pki/$name.crt" \
	    -inkey "$pki/$name.key" -keyopt rsa_padding_mode:pss \
	    -keyopt rsa_pss_saltlen:digest -outform DER -out o.p7s
	ok "we: $name, PSS with the salt of a digest" vanthu-verify $store \
	    --content b.csv o.p7s
done
}

# ---- gpgsm reads ours ----
if have gpgsm gpgconf; then
	GNUPGHOME=$tmp/gnupg
	export GNUPGHOME
	mkdir -m 700 "$GNUPGHOME"
	for ca in duty-root public-root; do
		openssl x509 -noout -fingerprint -sha1 -in "$pki/$ca.crt" |
		    sed 's/.*=//; s/$/ S relax/' >>"$GNUPGHOME/trustlist.txt"
		gpgsm -q --batch --import "$pki/$ca.crt" 2>/dev/null
	done
	for ca in duty-ca public-ca; do
		gpgsm -q --batch --import "$pki/$ca.crt" 2>/dev/null
	done
	for name in officer officer3072 officer-ec public-org; do
		gpgsm --batch --disable-dirmngr --disable-crl-checks \
		    --status-fd 1 --verify "$name.pkcs1.p7s" b.csv \
		    >"$out" 2>"$err"
		like "gpgsm: $name" "$out" '^\[GNUPG:\] VALIDSIG'
	done
	gpgsm --batch --disable-dirmngr --disable-crl-checks --status-fd 1 \
	    --verify officer.pkcs1.p7s c.csv >"$out" 2>"$err"
	like 'gpgsm can say no' "$out" '^\[GNUPG:\] BADSIG'
	gpgconf --kill all
else
	skip 'gpgsm is not installed' 5
fi

# ---- pdfsig and mutool read ours ----
cp "$data/quickstart/cong-van.pdf" a.pdf
vanthu-sign -q --home none --key "$pki/officer.key" --cert "$pki/officer.crt" \
    a.pdf >/dev/null
vanthu-sign -q --home none --key "$pki/agency.key" --cert "$pki/agency.crt" \
    -o two.pdf a.signed.pdf >/dev/null
if have pdfsig; then
	pdfsig -nocert two.pdf >"$out" 2>&1
	is 'pdfsig: both signatures are valid' \
	    "$(grep -c 'Signature is Valid' "$out")" 2
	is 'pdfsig: the second is over all' \
	    "$(grep -c '^ *- Total document signed' "$out")" 1
	like 'pdfsig: PAdES' "$out" 'Signature Type: ETSI.CAdES.detached'
else
	skip 'pdfsig is not installed' 3
fi
if have mutool; then
	mutool sign -v a.signed.pdf >"$out" 2>&1
	like 'mutool: unchanged' "$out" 'unchanged since signing'
else
	skip 'mutool is not installed'
fi
done_testing
