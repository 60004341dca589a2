#!/bin/sh
# vanthu-sign --field, --reason: a field that prescribes how it is signed
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have pdfsig qpdf jq fix-qdf || skip_all 'poppler-utils or qpdf is missing'
officer="--home none --key $pki/officer.key --cert $pki/officer.crt
	--chain $pki/duty-ca.crt"
agency="--home none --key $pki/agency.key --cert $pki/agency.crt
	--chain $pki/duty-ca.crt"
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--crl $pki/trust/crls"
qpdf --qdf "$data/quickstart/cong-van.pdf" q.pdf

# fields FILE KEYS: q.pdf with the empty fields "chief", with KEYS, and "clerk"
fields()
{
	qpdf --qdf --object-streams=disable q.pdf - | awk -v keys="$2" '
	    /\/Type \/Catalog/ { print "  /AcroForm << /Fields [ 901 0 R" \
		" 902 0 R ] >>" }
	    /^xref/ {
		printf "901 0 obj\n<< /FT /Sig /T (chief) %s >>\nendobj\n\n", keys
		printf "902 0 obj\n<< /FT /Sig /T (clerk) >>\nendobj\n\n"
	    }
	    { print }' >"$1.raw"
	qpdf "$1.raw" "$1" 2>/dev/null
	[ -s "$1" ] || bail "no $1"
}

# good FILE N: N signatures, which hold for poppler and for us, and a whole PDF
# shellcheck disable=SC2086,SC2317 # called by ok
good()
{
	vanthu-verify $store "$1" >/dev/null && qpdf --check "$1" >/dev/null &&
	    [ "$(pdfsig -nocert "$1" | grep -c 'Signature is Valid')" = "$2" ]
}

# shellcheck disable=SC2086
{
# ---- a lock ----
fields all.pdf '/Lock << /Type /SigFieldLock /Action /All >>'
check 'a field that locks all' 0 vanthu-sign -q $officer --field chief \
    -o all.1.pdf all.pdf
ok 'holds' good all.1.pdf 1
check 'nothing is signed after it' 8 vanthu-sign -q $agency --field clerk \
    -o no.pdf all.1.pdf
like 'it is said whose lock that is' "$err" 'field chief locks field clerk'
check 'in no new field, either' 8 vanthu-sign -q $agency -o no.pdf all.1.pdf
absent 'nothing was made' no.pdf
fields some.pdf '/Lock << /Action /Include /Fields [ (chief) ] /P 3 >>'
check 'a field that locks itself' 0 vanthu-sign -q $officer --field chief \
    -o some.1.pdf some.pdf
check 'another one is signed after it' 0 vanthu-sign -q $agency \
    --field clerk -o some.2.pdf some.1.pdf
ok 'both hold' good some.2.pdf 2
check 'and one that is new' 0 vanthu-sign -q $agency -o some.3.pdf some.2.pdf
ok 'all hold' good some.3.pdf 3
fields one.pdf '/Lock << /Action /Include /Fields [ (chief) ] /P 1 >>'
check 'a field that closes the document' 0 vanthu-sign -q $officer \
    --field chief -o one.1.pdf one.pdf
ok 'holds' good one.1.pdf 1
check 'for good' 8 vanthu-sign -q $agency -o no.pdf one.1.pdf
fields odd.pdf '/Lock << /Action /Perhaps >>'
check 'a lock without sense' 4 vanthu-sign -q $officer --field chief \
    -o no.pdf odd.pdf

# ---- reasons ----
fields why.pdf '/SV << /Ff 8 /Reasons [ (To approve) (To issue) ] >>'
check 'there is a choice' 8 vanthu-sign -q $officer --field chief -o no.pdf \
    why.pdf
like 'how it is made is said' "$err" 'such as "To approve"; --reason gives it'
check 'none of them' 8 vanthu-sign -q $officer --field chief \
    --reason 'To please' -o no.pdf why.pdf
check 'one of them' 0 vanthu-sign -q $officer --field chief \
    --reason 'To issue' -o why.1.pdf why.pdf
ok 'holds' good why.1.pdf 1
ok 'it is there' grep -aq '/Reason(To issue)' why.1.pdf
fields must.pdf '/SV << /Ff 8 /Reasons [ (To approve) ] >>'
check 'one that the document puts in our mouth' 8 vanthu-sign -q $officer \
    --field chief -o no.pdf must.pdf
like 'is shown first' "$err" 'such as "To approve"; --reason gives it'
for reason in "$(printf 'a\342\200\256b')" "$(printf 'a\nb')" \
    "$(printf 'a\377')" ''; do
	check 'a reason that hides something' 2 vanthu-sign $officer \
	    --reason "$reason" -o no.pdf q.pdf
done
check 'anywhere else' 0 vanthu-sign -q $officer --reason Duyệt -o free.pdf q.pdf
ok 'it holds' good free.pdf 1
check 'the same again' 0 vanthu-sign -q $officer --reason Duyệt -o free.pdf q.pdf
like 'is found' "$out" 'signed already'
check 'another one' 6 vanthu-sign -q $officer --reason Khác -o free.pdf q.pdf
printf 'a,b\n' >b.csv
check 'what is no PDF says none' 4 vanthu-sign -q $officer --reason Duyệt b.csv
absent 'nothing was made' b.csv.p7s

# ---- the certificate, and what else is prescribed ----
hex()
{
	openssl x509 -in "$1" -outform DER | od -An -v -tx1 | tr -d ' \n'
}
fields ca.pdf "/SV << /Cert << /Ff 2 /Issuer [ <$(hex "$pki/duty-ca.crt")> ] >> >>"
check 'of this issuer' 0 vanthu-sign -q $officer --field chief -o ca.1.pdf ca.pdf
ok 'holds' good ca.1.pdf 1
fields root.pdf \
    "/SV << /Cert << /Ff 2 /Issuer [ <$(hex "$pki/duty-root.crt")> ] >> >>"
check 'of whom is above it' 0 vanthu-sign -q $officer --field chief \
    -o root.1.pdf root.pdf
fields other.pdf \
    "/SV << /Cert << /Ff 2 /Issuer [ <$(hex "$pki/impostor-ca.crt")> ] >> >>"
check 'of another one of its name' 8 vanthu-sign -q $officer --field chief \
    -o no.pdf other.pdf
like 'it is said that it is the issuer' "$err" 'prescribes a /Issuer'
fields who.pdf "/SV << /Cert << /Ff 1 /Subject [ <$(hex "$pki/agency.crt")> ] >> >>"
check 'of another subject' 8 vanthu-sign -q $officer --field chief -o no.pdf \
    who.pdf
check 'of this one' 0 vanthu-sign -q $agency --field chief -o who.1.pdf who.pdf
fields sha.pdf '/SV << /Ff 64 /DigestMethod [ (SHA512) ] >>'
check 'another digest' 8 vanthu-sign -q $officer --field chief -o no.pdf sha.pdf
fields old.pdf '/SV << /Ff 2 /SubFilter [ /adbe.x509.rsa_sha1 ] >>'
check 'another format' 8 vanthu-sign -q $officer --field chief -o no.pdf old.pdf
fields tsa.pdf '/SV << /TimeStamp << /Ff 1 /URL (http://127.0.0.1/) >> >>'
check 'a time stamp' 8 vanthu-sign -q $officer --field chief -o no.pdf tsa.pdf
like 'the level is named' "$err" 'asks for a time stamp, which level T has'
absent 'nothing was made' no.pdf
}
done_testing
