#!/bin/sh
# vanthu-sign --cosign, --countersign: one more signature in a message
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have openssl || skip_all 'openssl is not installed'
printf 'số,ngày\n05,2026-11-24\n' >b.csv
cat "$pki/duty-root.crt" "$pki/public-root.crt" >roots
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--chain $pki/public-ca.crt --crl $pki/trust/crls"

# as NAME ARG...: that signer signs
# shellcheck disable=SC2317 # called by check
as()
{
	as_name=$1
	shift
	vanthu-sign --home none --key "$pki/$as_name.key" \
	    --cert "$pki/$as_name.crt" --chain "$pki/duty-ca.crt" -q "$@"
}

# verdicts FILE: of each signature
verdicts()
{
	# shellcheck disable=SC2086
	vanthu-verify --json $store --content b.csv "$1" 2>/dev/null |
	    jq -r '[.signatures[].verdict] | join(" ")'
}

# peer FILE [-content FILE]: openssl's word on all of its signers
# shellcheck disable=SC2317 # called by ok
peer()
{
	peer_file=$1
	shift
	openssl cms -verify -cades -binary -inform DER -in "$peer_file" \
	    "$@" -CAfile roots -purpose any -out got && cmp got b.csv
}

# infos FILE: the SignerInfos in it, one file each; their number
infos()
{
	rm -f info.*
	openssl asn1parse -inform DER -in "$1" 2>/dev/null |
	    awk '/d=3 .*cons: SET/ { at = $1 } END { print at }' |
	    sed 's/:.*//' >at.txt
	openssl asn1parse -inform DER -in "$1" -strparse "$(cat at.txt)" -noout \
	    -out set.der 2>/dev/null
	openssl asn1parse -inform DER -in set.der |
	    awk '/d=1 .*SEQUENCE/ { sub(/^ +/, ""); sub(/:.*/, ""); print }' |
	    while read -r off; do
		openssl asn1parse -inform DER -in set.der -strparse "$off" \
		    -noout -out "info.$off"
	done
	find . -name 'info.*' | wc -l
}

# ---- several signers, detached ----
check 'the first signs' 0 as officer b.csv
check 'a second, beside' 0 as agency --cosign b.csv.p7s
like 'under this name' "$out" 'signed as b\.csv\.signed\.p7s$'
check 'a third, by ECDSA' 0 as officer-ec --cosign b.csv.signed.p7s
check 'and a fourth, by PSS' 0 as officer-pss --cosign b.csv.signed.signed.p7s
four=b.csv.signed.signed.signed.p7s
is 'all four are valid' "$(verdicts $four)" 'valid valid valid valid'
is 'at level B, and CAdES' "$(vanthu-verify --json --content b.csv $four |
    jq -r '[.signatures[] | .format + .level] | unique | join(" ")')" cadesB
ok 'openssl: all four' peer $four -content b.csv
is 'of one, one' "$(infos b.csv.p7s)" 1
mv info.* first
is 'of the first two, two' "$(infos b.csv.signed.p7s)" 2
ok "the other's bytes are as they were" sh -c 'cmp -s info.4 first' sh
is 'each certificate is there once' \
    "$(openssl pkcs7 -inform DER -in $four -print_certs |
    grep -c '^subject=')" 5
cp b.csv.signed.p7s again
check 'again, nothing is to be done' 0 as agency --cosign b.csv.p7s
like 'and that is said' "$out" 'signed already as b\.csv\.signed\.p7s'
check 'another finds a name that is taken' 6 as officer3072 --cosign b.csv.p7s
ok 'and leaves it' cmp again b.csv.signed.p7s
if have gpgsm gpgconf; then
	GNUPGHOME=$tmp/gnupg
	export GNUPGHOME
	mkdir -m 700 "$GNUPGHOME"
	openssl x509 -noout -fingerprint -sha1 -in "$pki/duty-root.crt" |
	    sed 's/.*=//; s/$/ S relax/' >>"$GNUPGHOME/trustlist.txt"
	gpgsm -q --batch --import "$pki/duty-root.crt" "$pki/duty-ca.crt" \
	    2>"$err"
	gpgsm --batch --disable-dirmngr --disable-crl-checks --status-fd 1 \
	    --verify b.csv.signed.signed.p7s b.csv >"$out" 2>"$err"
	is 'gpgsm: three signers, three times yes' \
	    "$(grep -c '^\[GNUPG:\] VALIDSIG' "$out")" 3
	gpgconf --kill all
else
	skip 'gpgsm is not installed'
fi

# ---- attached, and other people's ----
check 'with the content inside' 0 as officer --attached b.csv
check 'a second' 0 as agency --json --cosign b.csv.p7m
is 'is told so' "$(jq -r '[.output, .format, .attached] | map(tostring) |
    join(" ")' "$out")" 'b.csv.signed.p7m cms true'
is 'both are valid' "$(verdicts b.csv.signed.p7m)" 'valid valid'
ok 'openssl: both' peer b.csv.signed.p7m
openssl cms -sign -cades -binary -in b.csv -signer "$pki/officer.crt" \
    -inkey "$pki/officer.key" -certfile "$pki/duty-ca.crt" -nodetach -stream \
    -indef -outform DER -out ber.p7m
check "openssl's, in BER of lengths not known" 0 as officer-ec --cosign \
    -o ber2.p7m ber.p7m
is 'both are valid' "$(verdicts ber2.p7m)" 'valid valid'
ok 'openssl: both' peer ber2.p7m
openssl cms -sign -cades -binary -in b.csv -signer "$pki/officer.crt" \
    -inkey "$pki/officer.key" -md sha512 -outform PEM -out pem.p7s
check "openssl's, in PEM and by SHA-512" 0 as agency --cosign --content b.csv \
    -o pem2.p7s pem.p7s
is 'both are valid' "$(verdicts pem2.p7s)" 'valid valid'
ok 'openssl: both' peer pem2.p7s -content b.csv -certfile "$pki/duty-ca.crt"

# ---- counter-signatures ----
check 'a counter-signature on each' 0 as agency --countersign all \
    --content b.csv -o counter.p7s b.csv.signed.signed.p7s
is 'all are valid still' "$(verdicts counter.p7s)" 'valid valid valid'
ok 'openssl too' peer counter.p7s -content b.csv
# shellcheck disable=SC2086
vanthu-verify --json $store --content b.csv counter.p7s >"$out" 2>"$err"
is 'who it was is told of each' \
    "$(grep -o 'countersigned by Ủy ban' "$out" | wc -l)" 3
check 'on one of them' 0 as officer-ec --countersign 1 --content b.csv \
    -o one.p7s b.csv.signed.p7s
# shellcheck disable=SC2086
vanthu-verify --json $store --content b.csv one.p7s >"$out" 2>"$err"
is 'which has it' "$(jq -c '[.signatures[].notes // [] |
    map(select(startswith("countersigned"))) | length]' "$out")" '[0,1]'
check 'a counter-signature is found again' 0 as officer-ec --countersign 1 \
    --content b.csv -o one.p7s b.csv.signed.p7s
like 'and told' "$out" 'signed already as one\.p7s'
check 'the other is another' 6 as officer-ec --countersign 0 --content b.csv \
    -o one.p7s b.csv.signed.p7s
check 'beside a countersigned one' 0 as officer3072 --cosign --content b.csv \
    -o beside.p7s one.p7s
is 'all are valid' "$(verdicts beside.p7s)" 'valid valid valid'
check 'a countersigned one in an attached message' 0 as agency \
    --countersign all -o counter.p7m b.csv.p7m
is 'is valid' "$(verdicts counter.p7m)" valid
check 'there is no such signature' 1 as agency --countersign 7 --content b.csv \
    -o no.p7s b.csv.p7s

# ---- what is told of the content ----
# shellcheck disable=SC2086
vanthu-verify --json $store b.csv.p7s >"$out" 2>"$err"
is 'its type and name are signed, and told' \
    "$(jq -r '.signatures[0].notes[]' "$out" | grep calls)" \
    'the signer calls the content: Content-Type: text/csv; name="b.csv"'
openssl cms -cmsout -print -inform DER -in b.csv.p7s >"$out" 2>"$err"
like 'in content-hints' "$out" 'id-smime-aa-contentHint'
like 'and mime-type' "$out" '0\.4\.0\.1733\.2\.1'
cp b.csv 'tờ "trình".txt'
check 'a name with marks and quotes' 0 as officer 'tờ "trình".txt'
# shellcheck disable=SC2086
vanthu-verify --json $store 'tờ "trình".txt.p7s' >"$out" 2>"$err"
is 'is told as it is' \
    "$(jq -r '.signatures[0].notes[]' "$out" | grep calls)" \
    'the signer calls the content: Content-Type: text/plain; name="tờ \"trình\".txt"'
check 'standard input has no name' 0 feed b.csv as officer -o stdin.p7s -
openssl cms -cmsout -print -inform DER -in stdin.p7s >"$out" 2>"$err"
unlike 'and none is made up' "$out" 'contentHint'

# ---- refused, and nothing is left ----
cp b.csv c.csv && printf 'x' >>c.csv
check 'not over another content' 8 as agency --cosign --content c.csv -o no.p7s \
    b.csv.p7s
like 'with the reason' "$err" 'a signature in it does not hold'
check 'nor over its signature' 8 as agency --countersign all --content c.csv \
    -o no.p7s b.csv.p7s
size=$(wc -c <b.csv.p7s)
head -c $((size - 1)) b.csv.p7s >broken.p7s
printf '\000' >>broken.p7s
check 'not beside a broken one' 8 as agency --cosign --content b.csv -o no.p7s \
    broken.p7s
check 'no message' 4 as agency --cosign -o no.p7s b.csv
check 'a PDF is none, either' 4 as agency --cosign -o no.p7s \
    "$data/quickstart/cong-van.pdf"
mv b.csv moved.csv
check 'without its content' 6 as agency --cosign b.csv.p7s
cp b.csv.p7s x.der
check 'or without its name' 6 as agency --cosign x.der
like 'with the next step' "$err" 'content FILE'
mv moved.csv b.csv
check 'both at once' 2 as agency --cosign --countersign all b.csv.p7s
check 'a role' 2 as agency --cosign --as person b.csv.p7s
check 'no index' 2 as agency --countersign x b.csv.p7s
check 'content of nothing' 2 as agency --content b.csv b.csv
absent 'nothing was made' no.p7s x.der.p7s
is 'no stray files' "$(find . -name '.vanthu-*' | wc -l)" 0
done_testing
