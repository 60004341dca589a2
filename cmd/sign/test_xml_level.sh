#!/bin/sh
# vanthu-sign --enveloped and vanthu-extend: XML at level T
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/two-signers.sh
. "$VANTHU_SOURCE/testdata/two-signers.sh"
have base64 || skip_all 'base64 is missing'
printf '%s\n' '<?xml version="1.0"?>' \
    '<báo-cáo xmlns="urn:a" xmlns:ds="urn:not-this"><mục>1</mục></báo-cáo>' >a.xml

# within WHO OPTION...: signs in the file
within()
{
	w_who=$1
	shift
	by "$w_who" --enveloped "$@"
}

judge()
{
	judged_as '.level, .verdict, .covers' "$1"
}

# stamped FILE N: openssl's word on the stamp of its signature N, from 1, over
# the canonical form of the ds:SignatureValue, which is put together here
# shellcheck disable=SC2317 # called by ok
stamped()
{
	grep -o '<ds:SignatureValue Id="[^"]*">[^<]*</ds:SignatureValue>' "$1" |
	    sed -n "$2p" | tr -d '\n' | sed 's,^<ds:SignatureValue,& '`
		`'xmlns:ds="http://www.w3.org/2000/09/xmldsig#",' >over
	grep -o '<xades:EncapsulatedTimeStamp>[^<]*' "$1" | sed -n "$2p" |
	    sed 's/.*>//' | base64 -d >token
	openssl ts -verify -in token -token_in -data over -CAfile root.crt \
	    -untrusted ca.crt
}

# xmlsec FILE N: what xmlsec1 says of signature N, from 1
# shellcheck disable=SC2317 # called by ok
xmlsec()
{
	xmlsec1 --verify --enabled-key-data x509 --trusted-pem root.crt \
	    --untrusted-pem ca.crt \
	    --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties \
	    --node-xpath "(//*[local-name() = 'Signature' and
		namespace-uri() = 'http://www.w3.org/2000/09/xmldsig#'])[$2]" \
	    "$1"
}

check 'signed at T' 0 within first --level T --json -o t.xml a.xml
is 'and says so' "$(jq -r '.format + " " + .level' "$out")" 'xml T'
is 'and how long it is' "$(jq -r .size "$out")" "$(wc -c <t.xml)"
judge t.xml
is 'the time is proven' "$judged" 'T valid whole true'
ok 'openssl: the stamp is over the value' stamped t.xml 1
LC_ALL=C sed 's,<ds:Signature .*</ds:Signature>,,' t.xml >back.xml
ok 'without the signature it is as it was' cmp a.xml back.xml
check 'again' 0 within first --level T --json -o t.xml a.xml
is 'that was done before' "$(jq -r .already "$out")" true

check 'a second one at T beside it' 0 within second --level T -o tt.xml t.xml
judge tt.xml
is 'both hold, both times are proven' "$judged" \
    'T valid whole true T valid whole true'
ok 'openssl: the first stamp' stamped tt.xml 1
check 'at B, and extended' 0 within first --level B -o b.xml a.xml
check 'extended' 0 vanthu-extend --level T --trust root.crt --json -o e.xml b.xml
is 'as XML, from B to T' "$(jq -r '[.format, .from, .level,
    (.signatures | tostring)] | join(" ")' "$out")" 'xml B T 1'
judge e.xml
is 'the time is proven' "$judged" 'T valid whole true'
ok 'openssl: the stamp is over the value' stamped e.xml 1
ok 'and nothing else was changed' sh -c "LC_ALL=C sed \
    's,<xades:UnsignedProperties.*</xades:UnsignedProperties>,,' e.xml | cmp - b.xml"
check 'a second at B' 0 within second --level B -o eb.xml e.xml
check 'the last one is extended' 0 vanthu-extend --level T --trust root.crt \
    -o ee.xml eb.xml
judge ee.xml
is 'and both hold' "$judged" 'T valid whole true T valid whole true'
if have xmlsec1; then
	ok 'xmlsec1: one' xmlsec t.xml 1
	ok 'xmlsec1: extended' xmlsec e.xml 1
	for i in 1 2; do
		ok "xmlsec1: $i of two" xmlsec tt.xml $i
		ok "xmlsec1: $i of two, extended" xmlsec ee.xml $i
	done
else
	skip 'xmlsec1 is not installed' 6
fi
# Other writers' forms of the same: no prefix, an empty list of properties.
sed 's,</xades:SignedProperties>,&<xades:UnsignedProperties><xades:Unsigned'`
    `'SignatureProperties/></xades:UnsignedProperties>,' b.xml >empty.xml
check 'an empty list of properties' 0 vanthu-extend --level T --trust root.crt \
    -o filled.xml empty.xml
judge filled.xml
is 'is filled' "$judged" 'T valid whole true'

# As other programs wrote it.
if dss=$(corpus dss-xades); then
	for name in valid-xades-structure dss1770 xades-valid-reference \
	    xades-with-counter-sig-type; do
		check "DSS: $name" 0 vanthu-extend -q --offline --home office \
		    --level T -o "$name.xml" \
		    "$(find "$dss" -name "$name.xml" | head -n 1)"
		is 'is intact, and at T' "$(vanthu-verify --offline --json \
		    --home none "$name.xml" 2>/dev/null | jq -r \
		    '.signatures[] | (.intact | tostring) + " " + .level')" \
		    'true T'
	done
else
	skip 'no corpus dss-xades (VANTHU_CORPORA)' 8
fi

# ---- what is refused ----
check 'no level above T' 4 within first --level LT -o no.xml a.xml
like 'the reason and the next step' "$err" 'say --level T'
check 'nor by extending' 4 vanthu-extend --trust root.crt -o no.xml b.xml
like 'the reason and the next step' "$err" 'say --level T'
check 'it is at T already' 8 vanthu-extend --level T --trust root.crt \
    -o no.xml e.xml
like 'which is said' "$err" 'level T already'
sed 's/<mục>1/<mục>2/' b.xml >broken.xml
check 'a broken signature' 8 vanthu-extend --level T --trust root.crt \
    -o no.xml broken.xml
check 'a wrong imprint' 8 within first --level T --tsa "$tsa_url/imprint/tsa" \
    -o no.xml a.xml
check 'XML without a signature' 8 vanthu-extend --level T --trust root.crt \
    -o no.xml a.xml
stop ts-server
check 'no authority' 7 within first --level T -o no.xml a.xml
absent 'nothing is written' no.xml
done_testing
