#!/bin/sh
# vanthu-unpack: what is told, what is written, what is refused
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

good=$data/envelope/good
bad=$data/envelope/bad
hostile=$data/envelope/hostile
VANTHU_HOME=$tmp/none
export VANTHU_HOME

sum()
{
	sha256sum "$1" | cut -d' ' -f1
}

# ---- listing ----
check 'a list for people' 0 vanthu unpack --list "$good/java-document.edxml"
like 'tells the subject' "$out" '^subject: V/v gửi, nhận văn bản điện tử$'
like 'and each attachment' "$out" \
    '^attachment: phu-luc.txt  40  sha256:a082169a4ebc0f3f'
absent 'writes nothing' phu-luc.txt 0015-SNV-VP.pdf
check 'a list for programs' 0 \
    vanthu unpack --list --json "$good/java-document.edxml"
is 'is one object a line' "$(wc -l <"$out")" 1
is 'whose first key is its schema' "$(cut -c1-28 "$out")" \
    '{"schema":"vanthu.unpack/1",'
is 'its keys' "$(jq -r 'keys_unsorted | join(" ")' "$out")" \
    'schema file kind from to document_id code promulgation type type_code type_meant subject content signer due_date priority sphere typer_notation copies pages direction appendixes reply_for reference_codes steering_type tasks application_type to_places business response_for trace errors attachments signature'
is 'its values' "$(jq -c '[.kind, .from.organ_id, .from.name, .to[1].organ_id,
    .document_id, .code, .promulgation, .type, .due_date, .priority,
    .business.type, .response_for[0].date, .trace[0], .signature]' "$out")" \
    '["document","000.00.16.H40","Sở Nội vụ tỉnh Nam Định","H37.02.02","000.00.16.H40,2026/11/23,0015/SNV-VP",{"number":"0015","notation":"SNV-VP"},{"place":"Nam Định","date":"2026-11-23"},"Công văn","2026-12-15",1,"new","2026-10-06",{"organ_id":"000.00.16.H40","timestamp":"2026-11-23T02:15:30Z"},"placeholder"]'
is 'its attachments' "$(jq -c '.attachments[1] |
    [.name, .content_type, .size, .sha256, .encoding]' "$out")" \
    '["phu-luc.txt","application/zip",40,"sha256:a082169a4ebc0f3fdd1887edd5070b332c421f6fbd467c82f3e4a5d3a1ff0cc4","zip"]'
check 'a status message' 0 vanthu unpack --list --json "$good/bkav-status.edxml"
is 'tells its status' "$(jq -c '[.kind, .status.code, .status.description,
    .status.timestamp, .response_for[0].document_id, .signature]' "$out")" \
    '["status","02","Gửi nhầm cơ quan nhận","2026-11-23T03:02:03Z","000.00.16.H40,2026/11/23,0015/SNV-VP","absent"]'
check 'a signature that is none' 0 \
    vanthu unpack --list --json "$good/other-prefix.edxml"
is 'is invalid' "$(jq -c 'has("signature"), .signature' "$out" | tr '\n' ' ')" \
    'true "invalid" '
check 'from standard input' 0 feed "$good/bkav-status.edxml" \
    vanthu unpack --list -
for kind in update replace; do
	check "an $kind" 0 vanthu unpack --list --json "$good/$kind.edxml"
	is "says $kind" "$(jq -r .business.type "$out")" "$kind"
done

# ---- the national axis' own samples ----
if dir=$(corpus edxml); then
	for file in "$dir"/*.edxml; do
		check "corpus: ${file##*/}" 0 \
		    vanthu unpack --list --json "$file"
	done
	mkdir c
	check 'corpus: unpacked' 0 \
	    vanthu unpack -C c "$dir/edoc_revocation.edxml"
	sed -n 's/.*<edXML:ContentTransferEncoded[^>]*>\([^<]*\).*/\1/p' \
	    "$dir/edoc_revocation.edxml" | tr -d '\r' | base64 -d >c.zip
	if have unzip; then
		unzip -p c.zip >c.plain
		ok 'corpus: as unzip has it' \
		    cmp c.plain c/1896_QD-TTg_m_294779.doc
	else
		skip 'no unzip'
	fi
else
	skip 'no corpora'
fi

# ---- writing ----
mkdir d
check 'attachments are written' 0 \
    vanthu unpack -C d "$good/java-document.edxml"
is 'their paths are told' "$(cat "$out")" 'd/0015-SNV-VP.pdf
d/phu-luc.txt'
is 'a raw one' "$(sum d/0015-SNV-VP.pdf)" \
    e33d2c29b10fe10764f780b556257d37e445a7b6cdfe99e4d10db020d76b913c
is 'one out of its ZIP' "$(sum d/phu-luc.txt)" \
    a082169a4ebc0f3fdd1887edd5070b332c421f6fbd467c82f3e4a5d3a1ff0cc4
is 'nothing else is there' "$(find d -mindepth 1 | wc -l)" 2
check 'a second time: nothing is overwritten' 6 \
    vanthu unpack -C d "$good/java-document.edxml"
like 'says so' "$err" 'd/0015-SNV-VP.pdf exists already and is not overwritten'
rm d/0015-SNV-VP.pdf
echo mine >d/phu-luc.txt
check 'all or nothing' 6 vanthu unpack -C d "$good/java-document.edxml"
absent 'not even the first' d/0015-SNV-VP.pdf
is 'what was there stays' "$(cat d/phu-luc.txt)" mine
ln -s nowhere d/trung.pdf
check 'a dangling link is a name that is taken' 6 \
    vanthu unpack -C d "$hostile/names.edxml"
is 'and nothing came' "$(find d -mindepth 1 | wc -l)" 2
check 'a folder that is not there' 6 \
    vanthu unpack -C nowhere "$good/java-document.edxml"
absent 'is not made' nowhere
mkdir here
(cd here && vanthu unpack --json "$good/net-document.edxml") >"$out"
is 'into the present folder' "$(jq -r '.attachments[0].file' "$out")" \
    './Báo cáo số 74.pdf'
ok 'under its name' test -f 'here/Báo cáo số 74.pdf'
mkdir x
check 'a document without attachments' 0 \
    vanthu unpack -C x "$good/bkav-status.edxml"
empty 'says nothing' "$out"

# ---- names ----
mkdir n
check 'names that would leave the folder' 0 \
    vanthu unpack -C n "$hostile/names.edxml"
absent 'do not' /tmp/vanthu-slip.pdf "$tmp/../tmp/vanthu-slip.pdf"
is 'they are made safe and different' \
    "$(find n -mindepth 1 | LC_ALL=C sort | tr '\n' ' ')" \
    'n/C:_Windows_a.pdf n/_. n/_._.._.._.._tmp_vanthu-slip.pdf n/_bashrc n/a_b.txt n/hoa-don_fdp.exe n/trung-5.pdf n/trung.pdf '
check 'the list shows no control or bidi' 0 \
    vanthu unpack --list "$hostile/names.edxml"
like 'but what they are' "$out" 'hoa-don\\u\{202e\}fdp.exe'
mkdir z
check 'the name within a ZIP is of no use' 0 \
    vanthu unpack -C z "$hostile/zip-slip.edxml"
is 'one file' "$(find . -name 'slip.txt')" ./z/slip.txt

# ---- refusals: status, message, nothing written ----
mkdir r
refuse()
{
	r_status=$1 r_file=$2 r_says=$3
	check "${r_file##*/}" "$r_status" vanthu unpack -C r "$r_file"
	like "${r_file##*/}: says why" "$err" "$r_says"
	is "${r_file##*/}: one line" "$(wc -l <"$err")" 1
	is "${r_file##*/}: nothing written" "$(find r -mindepth 1 | wc -l)" 0
	check "${r_file##*/}: as JSON" "$r_status" \
	    vanthu unpack --json -C r "$r_file"
	is "${r_file##*/}: a failure object" \
	    "$(jq -r '.error | has("code") and has("message")' "$out")" true
}
refuse 4 "$bad/base64.edxml" 'a.pdf is not base64'
refuse 4 "$bad/before-2016.edxml" 'before QCVN 102:2016'
refuse 4 "$bad/comment-in-value.edxml" 'Subject \(line 50\)'
refuse 4 "$bad/date.edxml" 'PromulgationDate can not be "2026/13/23"'
refuse 4 "$bad/duplicate-subject.edxml" 'Subject stands twice'
refuse 4 "$bad/latin-1.edxml" 'ISO-8859-1; only UTF-8'
refuse 4 "$bad/manifest.edxml" 'attachment 1, which is not there'
refuse 4 "$bad/no-subject.edxml" 'Subject is missing'
refuse 4 "$bad/truncated.edxml" 'ends too early'
refuse 4 "$bad/utf-16.edxml" 'not UTF-8'
refuse 4 "$bad/zip-two-members.edxml" 'a ZIP of 2 members'
refuse 4 "$hostile/zip-bomb.edxml" 'bomb.txt: a member of the ZIP'
refuse 4 "$hostile/zip-two-ways.edxml" 'may be read in two ways'
refuse 4 "$hostile/doctype.edxml" 'a DOCTYPE is not accepted \(line 2\)'
refuse 4 "$hostile/billion-laughs.edxml" 'a DOCTYPE is not accepted'
refuse 4 "$hostile/external-entity.edxml" 'a DOCTYPE is not accepted'
unlike 'the entity was not read' "$err" SENTINEL
refuse 4 "$hostile/parameter-entity.edxml" 'a DOCTYPE is not accepted'
for kind in sphere type unknown-element; do
	refuse 8 "$bad/secret-$kind.edxml" 'a state secret'
done
check 'a secret one can be listed' 0 \
    vanthu unpack --list "$bad/secret-type.edxml"
like 'with a warning' "$err" 'a state secret'
: >empty.edxml
refuse 4 empty.edxml 'the file is empty'
refuse 6 missing.edxml 'cannot open'
mkdir folder.edxml
refuse 6 folder.edxml 'cannot read'

# ---- more attachments than are held at once; some need a file meanwhile ----
mkdir in many
i=0
while [ "$i" -lt 70 ]; do
	i=$((i + 1))
	echo "number $i" >"in/$i.txt"
	echo "number $i" >"in/$i.pdf"
done
for i in 3 66; do
	head -c 1500000 /dev/urandom >"in/$i.pdf"
	head -c 1500000 /dev/urandom >"in/$i.txt"
done
echo '{"from":{"organ_id":"H40","name":"A"},"to":[{"organ_id":"H42"}],
"code":{"number":"1"},"promulgation":{"date":"2026-01-05"},"subject":"s"}' \
    >many.json
check 'a message of 140 attachments' 0 \
    vanthu pack --meta many.json -o many.edxml in/*
check 'is unpacked' 0 vanthu unpack --json -C many many.edxml
cp "$out" many.told
ok 'whole' diff -r in many
is 'and told in its order' "$(jq -r '.attachments[] | .file' many.told)" \
    "$(printf '%s\n' in/* | sed 's/^in/many/')"
is 'each with the mode of any file' \
    "$(find many -type f ! -perm "$(stat -c %a many.json)" | wc -l)" 0
for name in 3.txt 70.pdf; do
	rm -rf many
	mkdir many
	echo mine >"many/$name"
	check "$name is taken" 6 vanthu unpack -C many many.edxml
	is 'nothing is written' "$(ls many)" "$name"
done
sed 's/<ContentTransferEncoded>bnVtYmVyIDcwCg==/&*/' \
    many.edxml >late.edxml
refuse 4 late.edxml '70.pdf is not base64'

# ---- the second attachment fails: the first is not left behind ----
sed 's/\(<edXML:ContentTransferEncoded[^>]*>UEsDB.\)/\1*/' \
    "$good/java-document.edxml" >second.edxml
refuse 4 second.edxml 'phu-luc.txt is not base64'
# not even from root, to whom a folder's mode says nothing
check 'a folder that takes nothing' 6 \
    vanthu unpack -C /proc "$good/java-document.edxml"

# ---- the envelope's own signature: intact, broken, no placeholder ----
if have xmllint openssl perl; then
	ds=http://www.w3.org/2000/09/xmldsig#
	perl -0pe 's/\s*<Signature>.*?<\/Signature>//s' \
	    "$good/java-document.edxml" >plain.edxml
	# canonical, so that what is signed is the file as it stands
	xmllint --c14n plain.edxml >canonical.edxml
	digest=$(openssl dgst -sha256 -binary canonical.edxml | base64 -w 0)
	{
		printf '<SignedInfo xmlns="%s"><CanonicalizationMethod ' "$ds"
		printf 'Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">'
		printf '</CanonicalizationMethod><SignatureMethod Algorithm='
		printf '"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">'
		printf '</SignatureMethod><Reference URI=""><Transforms>'
		printf '<Transform Algorithm="%senveloped-signature">' "$ds"
		printf '</Transform><Transform Algorithm='
		printf '"http://www.w3.org/TR/2001/REC-xml-c14n-20010315">'
		printf '</Transform></Transforms><DigestMethod Algorithm='
		printf '"http://www.w3.org/2001/04/xmlenc#sha256">'
		printf '</DigestMethod><DigestValue>%s</DigestValue>' "$digest"
		printf '</Reference></SignedInfo>'
	} >info.xml
	value=$(openssl dgst -sha256 -sign "$pki/agency.key" info.xml |
	    base64 -w 0)
	cert=$(openssl x509 -in "$pki/agency.crt" -outform DER | base64 -w 0)
	{
		printf '<Signature xmlns="%s">' "$ds"
		sed "s| xmlns=\"$ds\"||" info.xml
		printf '<SignatureValue>%s</SignatureValue><KeyInfo>' "$value"
		printf '<X509Data><X509Certificate>%s' "$cert"
		printf '</X509Certificate></X509Data></KeyInfo></Signature>'
	} >signature.xml
	perl -0pe 'BEGIN { local $/; open F, "<", "signature.xml"; $s = <F> }
	    s/(<\/[^<]*edXML>\s*)$/$s$1/' canonical.edxml >signed.edxml
	check 'a signed envelope' 0 vanthu unpack --list --json signed.edxml
	is 'is intact' "$(jq -r .signature "$out")" valid
	sed 's/Nam Định/Ninh Bình/' signed.edxml >broken.edxml
	check 'a changed one' 0 vanthu unpack --list --json broken.edxml
	is 'is broken' "$(jq -r .signature "$out")" invalid
	check 'and for people' 0 vanthu unpack --list broken.edxml
	like 'as well' "$out" '^signature: BROKEN$'
	vanthu-verify --offline --json signed.edxml >"$out" 2>"$err"
	is 'verify tells it beside the verdict' \
	    "$(jq -c '[.verdict, .envelope_signature]' "$out")" \
	    '["unsigned",{"verdict":"undetermined","reason":"certificate-not-bound"}]'
else
	skip 'no xmllint, openssl or perl' 7
fi

# ---- no entity is ever opened ----
if have strace; then
	for file in external-entity parameter-entity; do
		strace -f -e trace=open,openat,connect,socket -o trace \
		    vanthu-unpack --list "$hostile/$file.edxml" \
		    >/dev/null 2>&1
		unlike "$file: nothing but the file is opened" trace \
		    'sentinel|socket'
	done
else
	skip 'no strace' 2
fi

# ---- usage ----
check 'no file' 2 vanthu unpack
check 'two files' 2 vanthu unpack a.edxml b.edxml
check 'a list has no folder' 2 vanthu unpack --list -C d a.edxml
check 'an unknown option' 2 vanthu unpack --force a.edxml

# ---- cron's environment ----
check 'without any environment' 0 env -i "$VANTHU_BIN/vanthu-unpack" --list \
    "$good/java-document.edxml"
like 'the text is whole' "$out" 'V/v gửi, nhận văn bản điện tử'

# ---- the manual's examples ----
cp "$good/java-document.edxml" message.edxml
mkdir attachments
run_examples vanthu-unpack.1 3
is 'the last tells the names' "$(cat "$out")" '0015-SNV-VP.pdf
phu-luc.txt'

done_testing
