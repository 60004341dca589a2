#!/bin/sh
# Encrypted PDFs: signed as they are, judged as they are, by us and by others
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have qpdf pdfsig jq pdftotext || skip_all 'qpdf, pdfsig, pdftotext or jq is not installed'

sign()
{
	sign_status=$1 sign_what=$2
	shift 2
	check "$sign_what" "$sign_status" vanthu-sign --home none \
	    --key "$pki/officer.key" --cert "$pki/officer.crt" \
	    --chain "$pki/duty-ca.crt" "$@"
}

judge()
{
	judge_status=$1 judge_what=$2
	shift 2
	check "$judge_what" "$judge_status" vanthu-verify --home none --json \
	    --trust "$pki/anchors" --chain "$pki/duty-ca.crt" \
	    --crl "$pki/trust/crls" "$@"
}

printf user >user
printf owner >owner
printf wrong >wrong

# A page with a word on it, so that others show that they can read it.
cat >plain.qdf <<'PDF'
%PDF-1.7
1 0 obj
<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>
endobj
2 0 obj
<</Type/Pages/Kids[3 0 R]/Count 1>>
endobj
3 0 obj
<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R
/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>
endobj
4 0 obj
<</Length 40>>
stream
BT /F 12 Tf 50 50 Td (Readable) Tj ET   
endstream
endobj
5 0 obj
<</Fields[]/DA(/Helv 0 Tf)>>
endobj
xref
0 6
trailer
<</Root 1 0 R/Size 6>>
startxref
0
%%EOF
PDF
qpdf plain.qdf plain.pdf 2>/dev/null

n=0
while read -r bits rest; do
	n=$((n + 1))
	for packed in disable generate; do
		f=$n.$packed
		# shellcheck disable=SC2086
		qpdf --allow-weak-crypto --object-streams=$packed \
		    --encrypt user owner $bits $rest -- plain.pdf "$f.pdf"
		how="$bits $rest, object streams $packed"
		sign 5 "none given: $how" -q "$f.pdf"
		like 'and the next step' "$err" 'hint: --pdf-password'
		absent 'nothing was made' "$f.signed.pdf"
		sign 5 "a wrong one: $how" -q --pdf-password file:wrong "$f.pdf"
		like 'and that is said' "$err" 'password does not open'
		unlike 'and nothing that was done' "$err" 'hint:'
		absent 'nothing was made either' "$f.signed.pdf"
		sign 0 "the user's: $how" -q --pdf-password file:user "$f.pdf"
		ok 'the input is a prefix' \
		    cmp -n "$(wc -c <"$f.pdf")" "$f.pdf" "$f.signed.pdf"
		sign 0 "again, as the owner: $how" -q \
		    --pdf-password file:owner -o "$f.twice.pdf" "$f.signed.pdf"
		judge 0 "verify, opened: $how" --pdf-password file:user \
		    "$f.twice.pdf"
		is 'both hold, the last over all' "$(jq -r '.signatures | map(.verdict +
		    " " + .covers) | join(", ")' "$out")" \
		    'valid revision, valid whole'
		is 'it says that it is encrypted' "$(jq .encrypted "$out")" true
		judge 5 "verify, a wrong password: $how" \
		    --pdf-password file:wrong "$f.twice.pdf"
		pdfsig -nocert -upw user "$f.twice.pdf" >"$out" 2>&1
		is "pdfsig finds both valid: $how" \
		    "$(grep -c 'Signature is Valid' "$out")" 2
		like 'and one over all' "$out" '  - Total document signed'
		ok "qpdf finds no fault: $how" \
		    qpdf --password=user --check "$f.twice.pdf"
		pdftotext -upw user "$f.twice.pdf" "$f.txt" 2>/dev/null
		like 'others still read the page' "$f.txt" Readable
	done
done <<'KINDS'
40
128 --use-aes=n
128 --use-aes=n --force-V4
128 --use-aes=y
128 --use-aes=y --cleartext-metadata
256 --force-R5
256
256 --cleartext-metadata
KINDS
is 'every kind was tried' "$n" 8

# ---- what others have signed is judged too ----
# Without a password: what can be seen, and never an error.
judge 3 'without object streams neither' 4.disable.twice.pdf
is 'but no name is shown as it is in the file' \
    "$(jq -c '[.signatures[].field]' "$out")" '[null,null]'
judge 3 'what came later cannot be told without a password' 8.generate.twice.pdf
is 'each signature is intact, the last one is valid' \
    "$(jq -r '.signatures | map(.verdict + " " + (.intact | tostring)) |
    join(", ")' "$out")" 'undetermined true, valid true'
judge 0 'a single one is over all' 8.generate.signed.pdf
judge 0 'here, too' 4.disable.signed.pdf
judge 1 'that there is none is seen' 8.disable.pdf
judge 5 'or not: its form is in an object stream' 8.generate.pdf

# ---- encryption that begins, or changes, behind a signature ----
# later FILE KEYS: FILE, and a revision of nothing but a trailer
later()
{
	start=$(tail -n 2 "$1" | head -n 1)
	cat "$1"
	size=$(wc -c <"$1")
	printf 'xref\n0 0\ntrailer\n<</Size 30/Prev %s%s>>\nstartxref\n%s\n%%%%EOF\n' \
	    "$start" "$2" "$size"
}
sign 0 'one that is not encrypted' -q -o open1.pdf plain.pdf
judge 0 'is valid' open1.pdf
keys=$(grep -a -o '/Root [0-9]* 0 R' open1.pdf | tail -n 1)
later open1.pdf "$keys" >same.pdf
judge 0 'and so it is behind a revision that says nothing' same.pdf
later open1.pdf "$keys/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4\
/O<$(printf '%064d' 0)>/U<$(printf '%064d' 0)>>>/ID[<00><00>]" >began.pdf
judge 1 'not behind one that encrypts all of it' began.pdf
is 'which is a change' "$(jq -r '.reason + " " + (.signatures[0] |
    (.intact | tostring) + " " + (.changed_after | tostring) + " " +
    (.changes | join("")))' "$out")" \
    'changed-after-signing true true the trailer was changed: /Encrypt'
keys=$(grep -a -o '/Root [0-9]* 0 R' 4.disable.signed.pdf | tail -n 1)
later 4.disable.signed.pdf "$keys" >ended.pdf
judge 1 'encryption that ends' ended.pdf
is 'is one, too' "$(jq -r .reason "$out")" changed-after-signing

# ---- what the owner does not permit ----
qpdf --encrypt '' owner 256 --modify=none -- plain.pdf closed.pdf
sign 8 'a new field that is not permitted' -q closed.pdf
like 'the owner is named' "$err" 'owner'
absent 'nothing was made' closed.signed.pdf
sign 0 'the owner may' -q --pdf-password file:owner closed.pdf
judge 0 'and it is valid for who has no password' closed.signed.pdf
qpdf --encrypt '' owner 256 -- plain.pdf open.pdf
sign 0 'no password is needed where there is none' -q open.pdf
judge 0 'neither to judge' open.signed.pdf
is 'which says so all the same' "$(jq .encrypted "$out")" true
sign 0 'one that is not needed does no harm' -q --pdf-password file:wrong \
    -o open2.pdf open.pdf
judge 0 'to verify neither' --pdf-password file:wrong open2.pdf

# ---- where the password comes from ----
PASSWORD=user sign 0 'the environment' -q --pdf-password env:PASSWORD \
    -o env.pdf 7.disable.pdf
sign 0 'a descriptor' -q --pdf-password fd:7 -o fd.pdf 7.disable.pdf 7<owner
sign 2 'no method that we know' -q --pdf-password user -o no.pdf 7.disable.pdf
sign 5 'no file there' -q --pdf-password file:none -o no.pdf 7.disable.pdf
absent 'nothing was made' no.pdf
mkdir batch
qpdf --encrypt another owner 256 -- plain.pdf other.pdf
# One password for a batch, in forked workers too.
sign 5 'a batch with one that it does not open' -q --pdf-password file:user \
    --jobs 2 --output-dir batch 1.disable.pdf 2.disable.pdf other.pdf
is 'the others are signed' "$(find batch -name '*.signed.pdf' | wc -l)" 2
done_testing
