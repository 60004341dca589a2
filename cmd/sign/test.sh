#!/bin/sh
# vanthu-sign: what it makes, what it refuses, what it leaves behind
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

pdf=$data/quickstart/cong-van.pdf
pass=file:$pki/passphrase
key="--key $pki/officer.key --cert $pki/officer.crt"
store="--trust $pki/anchors --chain $pki/duty-ca.crt --chain $pki/public-ca.crt
	--crl $pki/trust/crls"
cp "$pdf" a.pdf
printf 'số,ngày\n05,2026-11-24\n' >b.csv
mkdir dir
# An office as far as signing files looks at one.
mkdir -p home && cp -R "$pki/trust" home/trust

# sign STATUS WHAT ARG...
sign()
{
	tap_status_wanted=$1 tap_name=$2
	shift 2
	check "$tap_name" "$tap_status_wanted" vanthu-sign "$@"
}

# verdict FILE ARG...: verdict and reason, by our own verify
verdict()
{
	# shellcheck disable=SC2086
	vanthu-verify --json $store "$@" 2>/dev/null |
	    jq -r '.verdict + " " + .reason'
}

# shellcheck disable=SC2086
{
# ---- what is made ----
sign 0 'a PDF is signed beside itself' $key a.pdf
like 'the result says where' "$out" '^a\.pdf: signed as a\.signed\.pdf$'
like 'revocation unknown is a warning' "$err" 'revoked is not known here'
ok 'the input is a prefix of the output' \
    cmp -n "$(wc -c <a.pdf)" a.pdf a.signed.pdf
ok 'the input is as it was' cmp a.pdf "$pdf"
is 'it is valid' "$(verdict a.signed.pdf)" 'valid ok'

sign 0 'any other file gets a .p7s' -q $key b.csv
empty '-q: no warning' "$err"
is 'it is valid' "$(verdict b.csv.p7s)" 'valid ok'
sign 0 'or a .p7m' $key --attached b.csv
is 'that is valid too' "$(verdict b.csv.p7m)" 'valid ok'

sign 0 '-o names the result' $key -o dir/c.pdf a.pdf
ok 'it is there' test -s dir/c.pdf
sign 0 '-o - is standard output' $key -o - b.csv
cp "$out" piped.p7s
is 'and whole' "$(verdict --content b.csv piped.p7s)" 'valid ok'
ok 'a file comes from standard input' \
    sh -c 'vanthu-sign "$@" -o stdin.p7s - <b.csv' sh $key
is 'and is signed' "$(verdict --content b.csv stdin.p7s)" 'valid ok'

mkdir many
sign 0 'several into a folder' $key --output-dir many a.pdf b.csv
is 'one file each' "$(ls many)" "$(printf 'a.signed.pdf\nb.csv.p7s')"
mkdir list
cp a.pdf 'list/tên có dấu cách.pdf'
find list -type f -print0 >names0
find list -type f >names
mkdir list0 list1
sign 0 'names from a file, parted by NUL' $key --output-dir list0 \
    --files-from names0
sign 0 'names from a file, parted by newline' $key --output-dir list1 \
    --files-from names
ok 'both have it' test -s 'list0/tên có dấu cách.signed.pdf' -a \
    -s 'list1/tên có dấu cách.signed.pdf'

sign 0 'JSON' --json $key -o j.pdf a.pdf
is 'its first key is the schema' "$(head -c 26 "$out")" \
    '{"schema":"vanthu.sign/1",'
is 'it says what was made' \
    "$(jq -c '[.file, .output, .format, .level, .size]' "$out")" \
    "[\"a.pdf\",\"j.pdf\",\"pdf\",\"B\",$(wc -c <j.pdf)]"
is 'it records the warning' "$(jq -c '[.warnings[].code]' "$out")" \
    '["revocation-unknown"]'

# ---- keys ----
for name in officer officer3072 officer-ec officer-pss agency public-org; do
	sign 0 "$name signs a PDF" -q --home home --p12 "$pki/$name.p12" \
	    --passphrase "$pass" -o "$name.pdf" a.pdf
	is "$name: valid" "$(verdict "$name.pdf")" 'valid ok'
	empty "$name: no warning with the office's lists" "$err"
done
sign 0 'RSASSA-PSS where asked for' -q $key --rsa pss -o pss.p7s b.csv
ok 'it is PSS' sh -c \
    "openssl cms -cmsout -print -inform DER -in pss.p7s | grep -q rsassaPss"
is 'and valid' "$(verdict --content b.csv pss.p7s)" 'valid ok'
PASS=test-passphrase
export PASS
sign 0 'a passphrase from the environment' -q --p12 "$pki/officer.p12" \
    --passphrase env:PASS -o env1.pdf a.pdf
sign 0 'an encrypted PEM key' -q --key "$pki/officer-enc.key" \
    --cert "$pki/officer.crt" --passphrase "$pass" -o enc.pdf a.pdf
sign 0 'a Vietnamese passphrase' -q --p12 "$pki/officer-utf8.p12" \
    --passphrase "file:$pki/passphrase.utf8" -o vn.pdf a.pdf

sign 5 'a wrong passphrase' --p12 "$pki/officer.p12" \
    --passphrase "file:$pki/passphrase.wrong" -o no1.pdf a.pdf
sign 5 'a file without a key' --p12 "$pki/nokey.p12" --passphrase "$pass" \
    -o no1.pdf a.pdf
sign 5 'a certificate of another key' --key "$pki/officer.key" \
    --cert "$pki/agency.crt" -o no1.pdf a.pdf
sign 5 'a short RSA key' --p12 "$pki/weak-rsa1024.p12" --passphrase "$pass" \
    -o no1.pdf a.pdf
sign 2 'a passphrase as an argument, before the key is looked for' \
    --p12 none.p12 --passphrase sesame -o no1.pdf a.pdf
unlike 'which is not repeated' "$err" sesame
sign 6 'no such key file' --p12 none.p12 --passphrase "$pass" -o no1.pdf a.pdf
sign 5 'no passphrase and no terminal' --p12 "$pki/officer.p12" -o no1.pdf \
    a.pdf
absent 'nothing was written' no1.pdf

# ---- the rules before signing ----
for name in expired notyet wrongusage weak-sha1 revoked; do
	sign 8 "$name does not sign" --home home --p12 "$pki/$name.p12" \
	    --passphrase "$pass" -o no2.pdf a.pdf
done
absent 'nothing was written' no2.pdf
sign 8 'the agency needs a person before it' --as agency \
    --p12 "$pki/agency.p12" --passphrase "$pass" -o no3.pdf a.pdf
like 'and says so' "$err" 'intact signature of an authorised person'
sign 0 'a person signs' -q --home home --as person --p12 "$pki/officer.p12" \
    --passphrase "$pass" -o person.pdf a.pdf
sign 0 'then the agency does' -q --home home --as agency \
    --p12 "$pki/agency.p12" --passphrase "$pass" -o issued.pdf person.pdf
is 'both are valid' "$(verdict issued.pdf)" 'valid ok'
is 'the first covers its revision, the second all' \
    "$(vanthu-verify --json $store issued.pdf |
    jq -c '[.signatures[] | .covers, .changed_after]')" \
    '["revision",false,"whole",false]'
ok 'the first revision is a prefix' \
    cmp -n "$(wc -c <person.pdf)" person.pdf issued.pdf
sign 0 'anybody may call himself a leader' -q --p12 "$pki/impostor.p12" \
    --passphrase "$pass" -o impostor.pdf a.pdf
sign 8 'the agency does not sign after him' --home home --as agency \
    --p12 "$pki/agency.p12" --passphrase "$pass" -o no3.pdf impostor.pdf
sign 0 'where nobody is trusted, that is a warning' --home none --json \
    --as agency --p12 "$pki/agency.p12" --passphrase "$pass" -o bare.pdf \
    person.pdf
is 'which is recorded' "$(jq -c '[.warnings[].code]' "$out")" \
    '["person-not-verified","revocation-unknown","left-blank","left-blank"]'
sign 8 'twice the agency is no person' --home home --as agency \
    --p12 "$pki/agency2.p12" --passphrase "$pass" -o no3.pdf "agency.pdf"
head -c "$(($(wc -c <person.pdf) - 7))" person.pdf >cut.pdf
head -c "$(($(wc -c <person.pdf) - 100))" person.pdf >shorter.pdf
sign 4 'a document cut off is not signed' --home none \
    --p12 "$pki/officer.p12" --passphrase "$pass" -o no3.pdf shorter.pdf
like 'and what may help is told' "$err" 'hint: .*--repair'
sign 4 'nor by what may help, as it is signed' --home none --repair \
    --p12 "$pki/officer.p12" --passphrase "$pass" -o no3.pdf shorter.pdf
unlike 'which is not told again' "$err" 'hint:'
sign 8 'a document cut off carries none' --home home --as agency --p12 "$pki/agency.p12" \
    --passphrase "$pass" -o no3.pdf cut.pdf
sed 's/Times/Tames/;s/Liberation/Liberetion/' person.pdf >forged.pdf
if cmp -s person.pdf forged.pdf; then
	printf 'X' | dd of=forged.pdf bs=1 seek=300 conv=notrunc 2>/dev/null
fi
check 'a broken signature of a person does not count' 8 vanthu-sign \
    --home home --as agency --p12 "$pki/agency.p12" --passphrase "$pass" \
    -o no3.pdf forged.pdf
absent 'nothing was written' no3.pdf

# ---- nothing is overwritten, nothing is left ----
cp a.signed.pdf kept
sign 0 'a result that is there is told as such' $key a.pdf
like 'by this name' "$out" '^a\.pdf: signed already as a\.signed\.pdf$'
ok 'is as it was' cmp a.signed.pdf kept
sign 6 'another key finds it in its way' --p12 "$pki/agency.p12" \
    --passphrase "$pass" a.pdf
ok 'and leaves it' cmp a.signed.pdf kept
sign 6 'the input is not an output' $key -o a.pdf a.pdf
ok 'and is as it was' cmp a.pdf "$pdf"
ln -s nowhere link.pdf
sign 6 'nor a dangling link' $key -o link.pdf a.pdf
sign 6 'no such folder' $key -o none/x.pdf a.pdf
sign 6 'no such folder for several' $key --output-dir none a.pdf
sign 6 'no such file' $key none.pdf
if [ -c /dev/full ]; then
	check 'standard output that is full' 6 sh -c \
	    'vanthu-sign -q "$@" >/dev/full' sh $key -o - b.csv
else
	skip 'no /dev/full'
fi
sign 6 'a folder is no file' $key dir
sign 4 'nor is a device' $key -o none.p7s /dev/null
like 'which is said' "$err" '/dev/null: it is a device, no document'
absent 'nothing is signed' none.p7s
mkdir twice other
cp b.csv other
sign 6 'two inputs of one name' -q $key --output-dir twice b.csv other/b.csv
is 'the first is there' "$(ls twice)" b.csv.p7s
head -c 2000 a.pdf >short.pdf
sign 4 'a truncated PDF' $key short.pdf
cp b.csv called.pdf
sign 4 'what is called a PDF and is none' $key called.pdf
absent 'leaves nothing' short.signed.pdf called.signed.pdf called.pdf.p7s
is 'no stray files' "$(find . -name '.vanthu-*' | wc -l)" 0
mkdir mixed
check 'one bad file among good ones: the worst status' 6 vanthu-sign -q --json \
    $key --output-dir mixed short.pdf b.csv none.pdf
is 'a failure is an object in its place' \
    "$(jq -c '[.file, (.error != null), (.output != null)]' "$out")" \
    "$(printf '["short.pdf",true,false]\n["b.csv",false,true]\n["none.pdf",true,false]')"
is 'the good one is signed' "$(ls mixed)" b.csv.p7s

# ---- the command line ----
sign 2 'no file' $key
sign 2 'no key' a.pdf
sign 2 'half a key' --key "$pki/officer.key" a.pdf
sign 2 'two keys' $key --p12 "$pki/officer.p12" a.pdf
sign 2 'a role that is none' $key --as king a.pdf
sign 2 'a way that is none' $key --rsa 15 a.pdf
sign 2 '-o and two files' $key -o x.pdf a.pdf b.csv
sign 2 '-o and --output-dir' $key -o x.pdf --output-dir dir a.pdf
sign 2 'standard input without -o' $key -
sign 2 '-o - and --json' $key --json -o - a.pdf
sign 2 'a passphrase on the command line' --p12 "$pki/officer.p12" \
    --passphrase secret -o x.pdf a.pdf
for opt in --image=x.png --page=1 --at=1,1 --number=1/X --date=2026-01-01 \
    --token=pkcs11:x --level=T --tsa=http://localhost; do
	sign 2 "not wanted yet: ${opt%%=*}" $key "${opt%%=*}" "${opt#*=}" a.pdf
done
absent 'nothing was written' x.pdf

# ---- records ----
sign 6 'a record without an office' --home none $key out/2026/1
}
mkdir -p out/2026
cp b.csv out/2026/1
# shellcheck disable=SC2086
sign 0 'a file that is called like one' -q $key ./out/2026/1
ok 'is signed' test -s out/2026/1.p7s

# ---- what people see ----
printf 'x' >"$(printf 'e\033[31m.txt')"
# shellcheck disable=SC2086
sign 0 'a name with escape codes' $key "$(printf 'e\033[31m.txt')"
unlike 'is shown escaped' "$out" "$(printf '\033')"
check 'help' 0 vanthu-sign --help
like 'names the options' "$out" '--files-from'

# ---- the manual's examples ----
mkdir man && cd man || exit 1
mkdir in signed
cp "$data/quickstart/cong-van.pdf" letter.pdf
cp "$data/stamp/person.png" "$data/stamp/seal.png" .
cp "$pdf" in/x.pdf
cp ../b.csv table.csv
cp ../b.csv minutes.csv
printf '<a>1</a>' >report.xml
cp "$pki/agency.p12" "$pki/public-org.p12" .
cp "$pki/officer.p12" "$pki/officer.key" "$pki/officer.crt" .
cp "$pki/passphrase" pass
# the office's test lets the agency sign a record, and an authority is none here
run_examples vanthu-sign.1 12 \
    's,^vanthu sign \(--as agency\|.*--level LTA\) .*,true,'
ok 'they made what they say' test -s letter.signed.pdf -a -s table.csv.p7s \
    -a -s leader.signed.pdf -a -s signed/x.signed.pdf -a -s all.p7s -a -s report.signed.xml
done_testing
