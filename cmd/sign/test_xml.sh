#!/bin/sh
# vanthu-sign --enveloped: XML signed within, as we and xmlsec1 judge it
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--chain $pki/public-ca.crt --crl $pki/trust/crls"
key="--home none --key $pki/officer.key --cert $pki/officer.crt
	--chain $pki/duty-ca.crt"
printf '%s\r\n' '<?xml version="1.0" encoding="UTF-8"?>' '<!-- </báo-cáo> -->' \
    '<báo-cáo xmlns="urn:a" xmlns:xs="urn:xs" loại="x>y">' \
    '<mục>số 1 &amp; 2</mục><mục><![CDATA[<x></báo-cáo>' 'y]]></mục>' \
    '</báo-cáo>' \
    '<!-- sau -->' >a.xml

# xmlsec FILE N: what xmlsec1 says of signature N, from 1
# shellcheck disable=SC2317 # called by ok
xmlsec()
{
	xmlsec1 --verify --enabled-key-data x509 \
	    --trusted-pem "$pki/duty-root.crt" \
	    --trusted-pem "$pki/public-root.crt" \
	    --untrusted-pem "$pki/duty-ca.crt" \
	    --untrusted-pem "$pki/public-ca.crt" \
	    --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties \
	    --node-xpath "(//*[local-name() = 'Signature'])[$2]" "$1"
}

# shellcheck disable=SC2086
{
check 'XML is signed within' 0 vanthu-sign -q --json $key --enveloped a.xml
is 'under this name, in this form' \
    "$(jq -r '[.output, .format, .level, .attached // "none"] | join(" ")' \
	"$out")" 'a.signed.xml xml B none'
is 'and size' "$(jq -r .size "$out")" "$(wc -c <a.signed.xml)"
check 'it is valid' 0 vanthu-verify $store a.signed.xml
is 'XAdES over the whole, at level B' \
    "$(vanthu-verify --json $store a.signed.xml |
    jq -r '.signatures[0] | .format + " " + .level + " " + .covers')" \
    'xades B whole'
xmllint --noout a.signed.xml 2>"$err"
is 'it is well-formed' $? 0
# What was put in is one ds:Signature, at the end of the root element.
LC_ALL=C sed 's,<ds:Signature.*</ds:Signature>,,' a.signed.xml >back.xml
ok 'without it the document is as it was' cmp a.xml back.xml
check 'again, nothing is to be done' 0 vanthu-sign -q $key --enveloped a.xml
like 'and that is said' "$out" 'signed already as a\.signed\.xml'
sed 's/số 1/số 2/' a.signed.xml >changed.xml
check 'a change is found' 1 vanthu-verify $store changed.xml
cp a.xml b.xml
printf '<!-- more -->' >>b.xml
cp a.signed.xml b.signed.xml
check 'a result of another input is in the way' 6 vanthu-sign -q $key \
    --enveloped b.xml

for name in officer3072 officer-ec officer-pss agency public-org; do
	check "$name signs" 0 vanthu-sign -q --home none --key "$pki/$name.key" \
	    --cert "$pki/$name.crt" --enveloped -o "$name.xml" a.xml
	check "$name: valid" 0 vanthu-verify $store "$name.xml"
done
check 'RSASSA-PSS where asked for' 0 vanthu-sign -q $key --rsa pss --enveloped \
    -o pss.xml a.xml
check 'valid' 0 vanthu-verify $store pss.xml

# ---- a second and a third ----
check 'a second signature' 0 vanthu-sign -q --home none --enveloped \
    --key "$pki/agency.key" --cert "$pki/agency.crt" a.signed.xml
check 'and a third' 0 vanthu-sign -q --home none --enveloped \
    --key "$pki/officer-ec.key" --cert "$pki/officer-ec.crt" \
    a.signed.signed.xml
three=a.signed.signed.signed.xml
check 'all are valid' 0 vanthu-verify $store $three
is 'three over the whole' "$(vanthu-verify --json $store $three |
    jq -r '[.signatures[] | .verdict + " " + .covers] | join(", ")')" \
    'valid whole, valid whole, valid whole'
if have xmlsec1; then
	ok 'xmlsec1: one' xmlsec a.signed.xml 1
	ok 'xmlsec1: ECDSA' xmlsec officer-ec.xml 1
	for i in 1 2 3; do
		ok "xmlsec1: $i of three" xmlsec $three $i
	done
	sed 's/số 1/số 2/' $three >changed.xml
	check 'xmlsec1 can say no' 1 xmlsec changed.xml 2
else
	skip 'xmlsec1 is not installed' 6
fi

# ---- refused, and nothing is left ----
sed 's/số 1/số 2/' a.signed.xml >forged.xml
check 'nobody signs beside a broken signature' 8 vanthu-sign -q $key \
    --enveloped forged.xml
like 'with the reason' "$err" 'a signature in it does not hold'
printf '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>' >doctype.xml
check 'a DOCTYPE' 4 vanthu-sign -q $key --enveloped doctype.xml
printf '<a><b></a>' >bad.xml
printf '<a><b>1<![CDATA[0]]></b></a>' >pieces.xml
check 'a text in pieces' 4 vanthu-sign -q $key --enveloped pieces.xml
check 'no XML' 4 vanthu-sign -q $key --enveloped bad.xml
check 'two ways at once' 2 vanthu-sign $key --enveloped --attached a.xml
absent 'nothing was made' forged.signed.xml doctype.signed.xml bad.signed.xml \
    pieces.signed.xml
is 'no stray files' "$(find . -name '.vanthu-*' | wc -l)" 0
cp "$data/quickstart/cong-van.pdf" p.pdf
check 'a PDF is signed as ever' 0 vanthu-sign -q $key --enveloped p.pdf
ok 'as such' test -s p.signed.pdf
check 'without the option XML is like every file' 0 vanthu-sign -q $key a.xml
ok 'and gets a .p7s' test -s a.xml.p7s
}
done_testing
