#!/bin/sh
# vanthu-verify: verdicts, reasons, statuses, what people and programs read
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

pdf=$data/quickstart/cong-van.pdf
pass=file:$pki/passphrase
trust="--trust $pki/anchors --chain $pki/duty-ca.crt --chain $pki/public-ca.crt
	--crl $pki/trust/crls"
VANTHU_HOME=$tmp/none
export VANTHU_HOME
cp "$pdf" a.pdf
printf 'số,ngày\n05,2026-11-24\n' >b.csv

# shellcheck disable=SC2086
{
vanthu-sign -q --p12 "$pki/officer.p12" --passphrase "$pass" a.pdf b.csv \
    >/dev/null || bail 'nothing is signed'
vanthu-sign -q --p12 "$pki/agency.p12" --passphrase "$pass" -o two.pdf \
    a.signed.pdf >/dev/null || bail 'nothing is signed twice'
vanthu-sign -q --p12 "$pki/officer.p12" --passphrase "$pass" --attached b.csv \
    >/dev/null || bail 'nothing is signed attached'
}

# judge STATUS WANTED WHAT ARG...: status, and "verdict reason"
judge()
{
	j_status=$1 j_want=$2 j_what=$3
	shift 3
	vanthu-verify --json "$@" >"$out" 2>"$err"
	is "$j_what" "$? $(jq -r '.verdict + " " + .reason' "$out")" \
	    "$j_status $j_want"
}

# get FILTER: of the last JSON
get()
{
	jq -c "$1" "$out"
}

# flip FILE OFFSET COPY: one bit is another
flip()
{
	cp "$1" "$3"
	flip_byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	# shellcheck disable=SC2059
	printf "\\$(printf %o $((flip_byte ^ 1)))" |
	    dd of="$3" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# shellcheck disable=SC2086
{
# ---- valid ----
judge 0 'valid ok' 'a PDF' $trust a.signed.pdf
is 'its facts' "$(get '.signatures[0] |
    [.index, .format, .level, .intact, .covers, .changed_after, .weak,
    .certificate.revocation, .timestamp]')" \
    '[0,"pades","B",true,"whole",false,[],"good",null]'
is 'its signer' "$(get '.signatures[0].signer |
    [.name, .organization, .unit, .email, .uid]')" \
    '["Nguyễn Thị Lấp Lánh Ánh (TEST)","Ủy ban nhân dân tỉnh Thử Nghiệm","Lãnh đạo, Văn phòng Ủy ban nhân dân tỉnh","anh@test.invalid","CCCD:051088000001"]'
is 'its issuer and tree' "$(get '.signatures[0] | [.issuer, .tree]')" \
    '["Cơ quan chứng thực số chuyên dùng công vụ (TEST)","Cơ quan chứng thực số chuyên dùng Chính phủ gốc (TEST)"]'
serial=$(openssl x509 -noout -serial -in "$pki/officer.crt")
is 'its serial number' "$(get '.signatures[0].signer.serial')" \
    "\"${serial#serial=}\""
is 'its period' "$(get '.signatures[0].certificate |
    [.not_before, .not_after]')" \
    '["2020-01-01T00:00:00Z","2049-12-31T23:59:59Z"]'
is 'the file' "$(get '[.schema, .file, .format, .size, .sha256]')" \
    "[\"vanthu.verify/1\",\"a.signed.pdf\",\"pdf\",$(wc -c <a.signed.pdf),\"sha256:$(sha256sum a.signed.pdf | cut -d' ' -f1)\"]"
judge 0 'valid ok' 'two signatures' $trust two.pdf
is 'the first is not harmed by the second' \
    "$(get '[.signatures[] | .verdict, .covers, .changed_after]')" \
    '["valid","revision",false,"valid","whole",false]'
is 'but told what was added' "$(get '[.signatures[].notes]')" \
    '[["signature Signature2 was added"],[]]'
is 'no key stands twice' "$(jq -c --stream 'select(length == 2)[0]' "$out" |
    sort | uniq -d)" ''
judge 0 'valid ok' 'a detached signature beside its content' $trust b.csv.p7s
is 'which is named' "$(get .content)" '"b.csv"'
cp b.csv.p7s elsewhere.p7s
judge 0 'valid ok' 'the same, elsewhere' $trust --content b.csv elsewhere.p7s
judge 0 'valid ok' 'the content inside' $trust b.csv.p7m
judge 0 'valid ok' 'the same content named' $trust --content b.csv b.csv.p7m
check 'standard input' 0 feed a.signed.pdf vanthu-verify $trust -
check 'many files' 0 vanthu-verify $trust a.signed.pdf b.csv.p7s two.pdf
check 'a device, which has no end' 6 vanthu-verify $trust /dev/zero
cp a.signed.pdf x.p7s
check 'the name says nothing' 0 vanthu-verify $trust x.p7s
cp a.pdf other.pdf
cp a.signed.pdf other.pdf.p7s
judge 3 'undetermined signed-in-part' 'a PDF is no signature of another' \
    $trust other.pdf.p7s
judge 3 'undetermined signed-in-part' 'nor of what is named' $trust \
    --content b.csv a.signed.pdf
cp b.csv.p7m letter.pdf
judge 3 'undetermined malformed' 'but a message that is opened as a PDF' \
    $trust letter.pdf
check 'the text' 3 vanthu-verify $trust letter.pdf
like 'says why' "$out" '^  it is opened as another kind of file'
# Whoever has a signed PDF may append what nothing refers to: a page for a
# browser, an archive.
for name in letter.html letter.DOCX letter.zip letter.svg 'letter.hta. '; do
	cp a.signed.pdf "$name"
	judge 3 'undetermined malformed' "a PDF that is opened otherwise: $name" \
	    $trust "$name"
done
for name in letter.PDF letter letter.p7m letter.tmp; do
	cp a.signed.pdf "$name"
	judge 0 'valid ok' "a PDF that is not: $name" $trust "$name"
done
mkdir names
for name in a.txt a.csv a.docx A.TXT a.txt. a.xyz a.xml a.svg a.p7m.txt; do
	cp b.csv.p7m "names/$name"
	judge 3 'undetermined malformed' "a message named $name" $trust \
	    "names/$name"
done
for name in a a.p7m A.P7M a.cms a.p7m.1 'so 12.2026' a.txt.p7m; do
	cp b.csv.p7m "names/$name"
	judge 0 'valid ok' "one named $name" $trust "names/$name"
done
for name in b.p7s b.sig b.txt b.csv; do
	cp b.csv.p7s "names/$name"
done
judge 0 'valid ok' 'a detached one, too' $trust --content b.csv names/b.sig
judge 3 'undetermined malformed' 'which is no document' $trust \
    --content b.csv names/b.csv
for name in b.txt b.csv; do
	cp a.signed.pdf "names/$name"
	judge 3 'undetermined malformed' "a PDF named $name" $trust \
	    "names/$name"
done
mkdir office && cp -R "$pki/trust" office/trust
check "an office's store" 0 vanthu-verify --home office a.signed.pdf

# ---- broken ----
flip a.signed.pdf 700 flipped.pdf
judge 1 'invalid digest-mismatch' 'a byte of the document' $trust flipped.pdf
is 'intact: no' "$(get '.signatures[0].intact')" false
judge 1 'invalid digest-mismatch' 'whoever signed it' flipped.pdf
cp a.signed.pdf blank.pdf && printf '\r\n' >>blank.pdf
judge 0 'valid ok' 'a line end behind the end says nothing' $trust blank.pdf
cp a.signed.pdf more.pdf && printf 'x' >>more.pdf
judge 1 'invalid changed-after-signing' 'a byte behind the end' $trust more.pdf
cp a.signed.pdf junk.pdf && printf '1 0 obj\n<<>>\nendobj\n' >>junk.pdf
judge 1 'invalid changed-after-signing' 'an unfinished revision' $trust junk.pdf
printf 'other\n' >c.csv
judge 1 'invalid digest-mismatch' 'other content' $trust --content c.csv \
    elsewhere.p7s
judge 1 'invalid digest-mismatch' 'content that is not the one inside' $trust \
    --content c.csv b.csv.p7m
: >empty
judge 1 'invalid digest-mismatch' 'no content at all' $trust --content empty \
    elsewhere.p7s
size=$(wc -c <b.csv.p7s)
flip b.csv.p7s $((size - 1)) sig.p7s
judge 1 'invalid signature-mismatch' 'the signature value' $trust \
    --content b.csv sig.p7s
{ cat b.csv.p7s && printf 'x'; } >trailing.p7s
check 'bytes behind the message' 1 vanthu-verify $trust --content b.csv \
    trailing.p7s
# as a time-stamp token does (RFC 3161, 2.4.2): it approves of no document
ok 'a message about something else than data' openssl cms -sign -binary -cades \
    -nodetach -outform DER -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4 \
    -in b.csv -signer "$pki/officer.crt" -inkey "$pki/officer.key" -out other.p7m
judge 3 'undetermined unsupported-signature' 'is no signature of a document' \
    $trust other.p7m
head -c 400 b.csv.p7s >cut.p7s
check 'a message cut off' 4 vanthu-verify $trust --content b.csv cut.p7s
head -c $(($(wc -c <a.signed.pdf) - 40)) a.signed.pdf >cut.pdf
judge 1 'invalid stray-signature' 'a signed PDF cut off' $trust cut.pdf
head -c 3000 a.pdf >cut0.pdf
check 'an unsigned PDF cut off' 4 vanthu-verify $trust cut0.pdf

# ---- unsigned ----
judge 1 'unsigned unsigned' 'a PDF without a signature' $trust a.pdf
is 'has none' "$(get .signatures)" '[]'
judge 1 'unsigned unsigned' 'a table' $trust b.csv
is 'is other' "$(get .format)" '"other"'
judge 1 'unsigned unsigned' 'nothing' $trust empty
printf '<?xml version="1.0"?><a/>' >x.xml
judge 1 'unsigned unsigned' 'XML' $trust x.xml
is 'is xml' "$(get .format)" '"xml"'
printf '<!DOCTYPE html><p>x' >x.html
judge 1 'unsigned unsigned' 'HTML' $trust x.html

# ---- undetermined ----
judge 3 'undetermined content-missing' 'detached, without content' $trust \
    elsewhere.p7s
is 'intact: no' "$(get '.signatures[0].intact')" false
judge 3 'undetermined no-trust-anchor' 'no anchors' a.signed.pdf
is 'but intact' "$(get '.signatures[0].intact')" true
judge 3 'undetermined no-trust-anchor' 'an anchor without the chain' \
    --trust "$pki/public-root.crt" a.signed.pdf
judge 3 'undetermined revocation-unknown' 'no lists' --trust "$pki/anchors" \
    --chain "$pki/duty-ca.crt" a.signed.pdf
judge 3 'undetermined revocation-unknown' 'a list of the past' \
    --trust "$pki/anchors" --chain "$pki/duty-ca.crt" \
    --crl "$pki/duty-root.crl" --crl "$pki/duty-ca-stale.crl" a.signed.pdf
judge 3 'undetermined revocation-unknown' "a forger's list" \
    --trust "$pki/anchors" --chain "$pki/duty-ca.crt" \
    --crl "$pki/duty-root.crl" --crl "$pki/duty-ca-forged.crl" a.signed.pdf
cat >x.xml <<'XML'
<a><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></a>
XML
judge 1 'invalid malformed-signature' 'no signature in XML' $trust x.xml
}

# ---- by openssl: signers that our own sign refuses ----
# o NAME OPTION...: b.csv signed by that key
o()
{
	o_name=$1
	shift
	openssl cms -sign -binary -in b.csv -signer "$pki/$o_name.crt" \
	    -inkey "$pki/$o_name.key" -outform DER -out "$o_name.p7s" "$@"
}

# shellcheck disable=SC2086
{
for name in expired notyet wrongusage weak-sha1 revoked weak-rsa1024 \
    impostor officer; do
	o $name -cades || bail "openssl does not sign with $name"
done
judge 0 'valid ok' 'what openssl makes' $trust --content b.csv officer.p7s
judge 3 'undetermined expired' 'expired' $trust --content b.csv expired.p7s
judge 1 'invalid not-yet-valid' 'not valid yet' $trust --content b.csv notyet.p7s
judge 1 'invalid wrong-usage' 'a key for servers' $trust --content b.csv \
    wrongusage.p7s
judge 1 'invalid weak-algorithm' 'a certificate with SHA-1' $trust \
    --content b.csv weak-sha1.p7s
judge 1 'invalid weak-algorithm' 'RSA-1024' $trust --content b.csv \
    weak-rsa1024.p7s
is 'is named' "$(get '.signatures[0].weak')" '["rsa-1024"]'
judge 1 'invalid revoked' 'revoked' $trust --content b.csv revoked.p7s
is 'and when' "$(get '.signatures[0].certificate |
    [.revocation, .revoked_at]')" '["revoked","2024-06-01T00:00:00Z"]'
judge 0 'valid ok' 'before it was revoked' $trust --at 2024-05-31T12:00:00Z \
    --content b.csv revoked.p7s
is 'the instant is told' "$(get .judged_at)" '"2024-05-31T12:00:00Z"'
judge 1 'invalid revoked' 'at the very instant' $trust \
    --at 2024-06-01T00:00:00Z --content b.csv revoked.p7s
judge 1 'invalid not-yet-valid' 'before it began' $trust --at 2019-12-31 \
    --content b.csv officer.p7s
judge 3 'undetermined no-trust-anchor' "an impostor" $trust --content b.csv \
    impostor.p7s
o officer -md sha1 -cades
judge 1 'invalid weak-algorithm' 'SHA-1' $trust --content b.csv officer.p7s
o officer -md md5 -cades
judge 1 'invalid weak-algorithm' 'MD5' $trust --content b.csv officer.p7s
o officer
judge 3 'undetermined certificate-not-bound' 'CMS that is no CAdES' $trust \
    --content b.csv officer.p7s
o officer -cades -nocerts
judge 0 'valid ok' 'the certificate from --chain' $trust \
    --chain "$pki/officer.crt" --content b.csv officer.p7s
judge 3 'undetermined no-signer-certificate' 'the certificate from nowhere' \
    $trust --content b.csv officer.p7s
o officer -cades -signer "$pki/agency2.crt" -inkey "$pki/agency2.key"
judge 0 'valid ok' 'two signers of one message' $trust --content b.csv \
    officer.p7s
is 'are both told' "$(get '[.signatures[].signer.uid] | sort')" \
    '["CCCD:051088000001","MST:4300000002"]'
o officer -cades -signer "$pki/revoked.crt" -inkey "$pki/revoked.key"
judge 1 'invalid revoked' 'the worse of two signers' $trust --content b.csv \
    officer.p7s

# ---- XML that is hostile ----
printf '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>' >doctype.xml
check 'a DOCTYPE' 4 vanthu-verify doctype.xml
printf '<?xml version="1.0"?><a><b></a>' >bad.xml
check 'not well-formed' 4 vanthu-verify bad.xml

# ---- envelopes ----
cat >meta.json <<'META'
{"from": {"organ_id": "H99.01", "name": "A"},
 "to": [{"organ_id": "H99.02", "name": "B"}],
 "code": {"number": "05", "notation": "A-VP"},
 "promulgation": {"place": "X", "date": "2026-01-05"},
 "type": "CV", "subject": "V/v", "signer": {"name": "N"}}
META
# envelope NAME FILE...
envelope()
{
	e_name=$1
	shift
	vanthu-pack --meta meta.json -o "$e_name" "$@" >"$out" 2>"$err" ||
	    bail "$e_name is not packed"
}
envelope good.edxml a.signed.pdf two.pdf
judge 0 'valid ok' 'an envelope of signed documents' $trust good.edxml
is 'each is judged' \
    "$(get '[.format, (.attachments[] | .file, .verdict)]')" \
    '["edxml","a.signed.pdf","valid","two.pdf","valid"]'
is 'each has its digest' "$(get '.attachments[0].sha256')" \
    "\"sha256:$(sha256sum a.signed.pdf | cut -d' ' -f1)\""
envelope mixed.edxml a.signed.pdf b.csv
judge 1 'unsigned unsigned' 'one that is not signed' $trust mixed.edxml
envelope bad.edxml b.csv flipped.pdf a.signed.pdf elsewhere.p7s
judge 1 'invalid digest-mismatch' 'one that is broken' $trust bad.edxml
is 'the others keep their verdict' "$(get '[.attachments[].verdict]')" \
    '["unsigned","invalid","valid","undetermined"]'
envelope pair.edxml b.csv.p7s b.csv
judge 1 'unsigned unsigned' 'a signature beside its content' $trust pair.edxml
is 'is held against it' "$(get '[.attachments[] | .verdict, .reason]')" \
    '["valid","ok","unsigned","unsigned"]'
mkdir wrong && cp c.csv wrong/b.csv
envelope pair2.edxml wrong/b.csv b.csv.p7s
judge 1 'invalid digest-mismatch' 'or against other content' $trust pair2.edxml
# It begins as text does: what chance makes begins like XML once in 350 runs.
{ printf 'noise: ' && head -c 2999993 /dev/urandom; } >large.bin
cp large.bin large.doc
vanthu-sign -q --p12 "$pki/agency.p12" --passphrase "$pass" large.bin >/dev/null
envelope large.edxml large.bin.p7s large.bin large.doc two.pdf
judge 1 'unsigned unsigned' 'what does not fit in memory' $trust large.edxml
is 'is judged as well' "$(get '[.attachments[] | .verdict, .size]')" \
    "[\"valid\",$(wc -c <large.bin.p7s),\"unsigned\",3000000,\"unsigned\",3000000,\"valid\",$(
    wc -c <two.pdf)]"
is 'by its own digest' "$(get '.attachments[2].sha256')" \
    "\"sha256:$(sha256sum large.doc | cut -d' ' -f1)\""
check 'several at once' 1 vanthu-verify $trust --jobs 3 large.edxml large.edxml \
    large.edxml good.edxml
envelope other.edxml a.signed.pdf letter.pdf
judge 3 'undetermined malformed' 'an attachment opened as a PDF' $trust \
    other.edxml
head -c 3000 a.pdf >cut2.pdf
envelope cut.edxml a.signed.pdf cut2.pdf
judge 3 'undetermined malformed' 'a damaged attachment' $trust cut.edxml
check 'the text' 0 vanthu-verify $trust good.edxml
like 'names the attachments' "$out" '^two\.pdf: VALID'

judge 3 'undetermined signed-in-part' 'an envelope is of nothing else' \
    $trust --content b.csv good.edxml

# ---- several operands ----
check 'the worst of all' 1 vanthu-verify $trust a.signed.pdf elsewhere.p7s \
    flipped.pdf b.csv
check 'a file that is not there' 6 vanthu-verify $trust a.signed.pdf none
vanthu-verify --json $trust a.signed.pdf none flipped.pdf >"$out" 2>"$err"
is 'a failure is an object in its place' \
    "$(jq -c '[.file, .verdict, .error.code]' "$out")" \
    "$(printf '["a.signed.pdf","valid",null]\n["none",null,"io"]\n["flipped.pdf","invalid",null]')"

# ---- the command line ----
check 'no file' 2 vanthu-verify
check '--content and two files' 2 vanthu-verify --content b.csv a.pdf b.csv.p7s
check 'content that is not there' 6 vanthu-verify --content none b.csv.p7s
like 'is named' "$err" 'b\.csv\.p7s: none: cannot open'
check 'an anchor that is not there' 6 vanthu-verify --trust none a.pdf
check 'an anchor that is none' 4 vanthu-verify --trust b.csv a.pdf
check 'a time that is none' 2 vanthu-verify --at yesterday a.pdf
check 'no job' 2 vanthu-verify --jobs 0 a.pdf
check 'too many jobs' 2 vanthu-verify --jobs 257 a.pdf

# ---- many at once: the same, in the same order ----
many='a.signed.pdf none flipped.pdf b.csv two.pdf b.csv.p7s a.pdf more.pdf'
vanthu-verify --json --jobs 1 --at 2026-11-24 $trust $many >one.json 2>/dev/null
is 'one at a time' "$?" 6
vanthu-verify --json --jobs 7 --at 2026-11-24 $trust $many >seven.json 2>/dev/null
is 'seven at a time' "$?" 6
ok 'say the same' cmp one.json seven.json
is 'in the order of the operands' "$(jq -r .file one.json | tr '\n' ' ')" \
    "$many "
check 'text of many' 1 vanthu-verify $trust a.signed.pdf flipped.pdf b.csv
is 'is a line each, and one of all' "$(wc -l <"$out")" 4
like 'which counts' "$out" \
    '^3 files: 1 valid, 1 invalid, 0 undetermined, 1 unsigned, 0 not judged$'
check 'all of it with -v' 1 vanthu-verify -v $trust a.signed.pdf flipped.pdf
like 'has the seven items' "$out" 'certificate period'

# ---- confinement is told ----
judge 0 'valid ok' 'in a worker' $trust a.signed.pdf
is 'what holds it' "$(get '.confined | index("rlimits") != null and
    index("closed") != null')" true

# ---- a page ----
check 'a page' 0 vanthu-verify $trust -o page.html two.pdf
is 'is one file' "$(find . -name 'page*' | wc -l)" 1
check 'is not overwritten' 6 vanthu-verify $trust -o page.html two.pdf
check 'on standard output, alone' 0 vanthu-verify $trust -o - two.pdf
is 'it is the same' "$(tr -d 0-9 <"$out" | cksum)" \
    "$(tr -d 0-9 <page.html | cksum)"
absent 'and no file' ./-
check 'the verdict is in the status' 1 vanthu-verify $trust -o - flipped.pdf
check 'not beside JSON' 2 vanthu-verify $trust --json -o - two.pdf
check 'nor made of nothing' 6 vanthu-verify $trust -o none/page.html two.pdf
ok 'is XHTML enough to be parsed' xmllint --html --noout page.html
like 'names the signer' page.html 'Nguyễn Thị Lấp Lánh Ánh \(TEST\)'
unlike 'asks nobody for anything' page.html '(src|href)=|https?:|<script'
check 'of several' 6 vanthu-verify $trust -o pages.html two.pdf none flipped.pdf
is 'has an article each' "$(grep -c '<article>' pages.html)" 3
cp two.pdf '<img src=x onerror=alert(1)>.pdf'
check 'of a hostile name' 0 \
    vanthu-verify $trust -o hostile.html '<img src=x onerror=alert(1)>.pdf'
like 'shows it' hostile.html '&lt;img src=x'
unlike 'and nothing of it acts' hostile.html '<img'

# ---- what people read ----
check 'the text' 0 vanthu-verify $trust two.pdf
like 'the verdict' "$out" '^two\.pdf: VALID'
like '1 issuer' "$out" '^ *issuer: Cơ quan chứng thực số chuyên dùng công vụ'
like '2 signer' "$out" '^ *signer: Nguyễn Thị Lấp Lánh Ánh \(TEST\) \(CCCD:'
like '3 managing unit' "$out" \
    '^ *managing unit: Lãnh đạo, Văn phòng.*, Ủy ban nhân dân'
like '4 time' "$out" '^ *time: 20.*\+07:00, as the signer says; not proven'
like '5 integrity' "$out" '^ *integrity: intact$'
like '6 validity' "$out" '^ *validity: the certificate is valid at 20.*, not revoked$'
like '7 period' "$out" \
    '^ *certificate period: 2020-01-01T07:00:00\+07:00 to 2050-01-01T06:59:59'
like 'the tree' "$out" '^ *trust tree: .*gốc \(TEST\) > .*công vụ \(TEST\)$'
like 'the revision' "$out" '^ *covers: the revision of the first [0-9]+ of'
like 'the whole' "$out" '^ *covers: the whole file$'
check 'the text of what is changed' 1 vanthu-verify $trust more.pdf
like 'says so' "$out" 'integrity: what was signed is intact, but .* CHANGED'
check 'the text of what is undecided' 3 vanthu-verify a.signed.pdf
like 'has the next step' "$err" 'hint: .*trust add'

printf 'x' >"$(printf 'e\033[31m\342\200\256.txt')"
vanthu-verify "$(printf 'e\033[31m\342\200\256.txt')" >"$out" 2>"$err"
unlike 'a hostile name is escaped' "$out" "$(printf '\033')"
}

# ---- the manual's examples ----
mkdir man && cd man || exit 1
cp ../a.signed.pdf letter.signed.pdf
cp ../b.csv table.csv
cp ../b.csv.p7s table.csv.p7s
cp "$pki/duty-root.crt" root.crt
cp "$pki/duty-ca.crt" ca.crt
cp "$pki/duty-root.crl" root.crl
cp "$pki/duty-ca.crl" ca.crl
sed -n 's/^\.Dl //p' "$VANTHU_SOURCE/man/vanthu-verify.1" >examples
is 'the manual has its examples' "$(wc -l <examples)" 3
while read -r line; do
	ok "manual: $line" sh -c "$line"
done <examples

# What openssl.cnf names moves no verdict: here, no algorithm at all.
cat >none.cnf <<'EOF'
openssl_conf = all
[all]
providers = these
alg_section = algs
[these]
null = on
[on]
activate = 1
[algs]
default_properties = provider=none
EOF
no 'openssl obeys this file' env OPENSSL_CONF="$PWD/none.cnf" openssl dgst \
    -sha256 a.pdf
# shellcheck disable=SC2086
{
OPENSSL_CONF=$PWD/none.cnf vanthu-verify --json $trust ../a.signed.pdf \
    >"$out" 2>"$err"
is 'vanthu does not' "$? $(jq -r .verdict "$out")" '0 valid'
}

# Reasons and manual are one list.
cd .. || exit 1
missing=
# shellcheck disable=SC2013 # they are words
for reason in $(sed -n 's/^\t{ "\([a-z0-9-]*\)".*/\1/p' \
    "$VANTHU_SOURCE/lib/verify/verify_reason.c" \
    "$VANTHU_SOURCE/lib/trust/trust_reason.c"); do
	grep -qx ".It $reason" "$VANTHU_SOURCE/man/vanthu-verify.1" ||
	    missing="$missing $reason"
done
is 'the manual lists every reason' "$missing" ''
done_testing
