#!/bin/sh
# Other people's PDFs: signed so that others call it valid, or refused with a
# reason
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

for name in qpdf pdfjs pyhanko-pdf; do
	corpus "$name" >/dev/null || skip_all "no corpus $name (VANTHU_CORPORA)"
done
have pdfsig qpdf jq xargs certutil pk12util ||
    skip_all 'pdfsig, qpdf, jq or certutil is not installed'

# A number for each, since names repeat between the folders.
mkdir in signed
(cd "$VANTHU_CORPORA" && find qpdf pdfjs pyhanko-pdf -type f -iname '*.pdf') |
    sort >files
n=0
while read -r file; do
	n=$((n + 1))
	ln -s "$VANTHU_CORPORA/$file" "in/$(printf %04d "$n").pdf"
done <files
find in -name '*.pdf' | sort >list
is 'all the files are there' "$n" 496

# Files that need a password, with the one that their projects publish; both
# programs are given it.
sed -n 's/^| `\([^`]*\.pdf\)` | `\([^`]*\)` .*/\1\t\2/p' \
    "$data/sign/corpus-passwords.md" >passwords
while IFS='	' read -r file word; do
	i=$(grep -nxF "$file" files | cut -d : -f 1)
	printf '%s' "$word" >"$(printf %04d "$i").password"
done <passwords
is 'each password is for a file' "$(ls ./*.password | wc -l)" \
    "$(wc -l <passwords)"

# Without an office, so revocation is not known: a warning each.
vanthu-sign -q --json --home none --key "$pki/officer.key" \
    --cert "$pki/officer.crt" --chain "$pki/duty-ca.crt" \
    --output-dir signed --files-from list >signed.json 2>signed.err
status=$?
is 'some need a password, none is worse than that' "$status" 5
is 'a result for each' "$(wc -l <signed.json)" "$n"
nsigned=$(find signed -type f | wc -l)
is 'what is called a PDF is signed as one' \
    "$(find signed -name '*.signed.pdf' | wc -l)" "$nsigned"
is 'signed are those that say so' \
    "$(jq -r 'select(.output != null) | .output' signed.json | wc -l)" \
    "$nsigned"
is 'all others say why not' \
    "$(jq -r 'select(.output == null) | .error |
	select(.code != null and (.message | length) > 10) | .code' \
	signed.json | wc -l)" "$((n - nsigned))"
ok "as many as ever are signed: $nsigned of $n" test "$nsigned" -ge 434
diag "refused: $(jq -r 'select(.output == null) | .error.code' signed.json |
    sort | uniq -c | tr -s ' \n' ' ')"

cat >judge <<'SH'
# judge PATTERN NUMBER...: one line for each fault of the file that PATTERN makes
# of the number
pattern=$1
shift
for i; do
	in=in/$i.pdf out=$(printf "$pattern" "$i") word=
	[ ! -f "$i.password" ] || word=$(cat "$i.password")
	cmp -s -n "$(wc -c <"$in")" "$in" "$out" || echo "prefix $i"
	pdfsig -nocert -upw "$word" -opw "$word" "$out" >"$i.txt" 2>/dev/null
	awk '/^Signature #/ { valid = total = 0 }
	    /Total document signed/ && !/Not total/ { total = 1 }
	    /Signature is Valid/ { valid = 1 }
	    valid && total { good = 1 }
	    END { exit !good }' "$i.txt" || echo "pdfsig $i"
	if [ ! -f "$i.before" ]; then
		qpdf --password="$word" --check "$in" >/dev/null 2>&1
		echo $? >"$i.before"
	fi
	a=$(cat "$i.before")
	qpdf --password="$word" --check "$out" >/dev/null 2>&1
	b=$?
	# 3 is warnings, 2 is errors: from 0 to 2 it gets worse.
	case $a$b in
	00 | 3[03] | 2[023]) ;;
	*) echo "qpdf $i $a $b" ;;
	esac
	rm -f "$i.txt"
done
SH
find signed -name '*.signed.pdf' | sed 's/.*\/\([0-9]*\)\.signed\.pdf/\1/' |
    sort | xargs -P 2 -n 16 sh judge signed/%s.signed.pdf >faults
for kind in prefix pdfsig qpdf; do
	grep "^$kind" faults >"faults.$kind"
	empty "$kind finds nothing wrong with what was signed" "faults.$kind"
done

# Our own verify: one signature is over all, and it is ours.
set -- --home none --trust "$pki/anchors" --chain "$pki/duty-ca.crt" \
    --crl "$pki/trust/crls"
find signed -name '*.signed.pdf' | sort |
    xargs vanthu-verify --json "$@" >verify.json 2>verify.err
is 'verify judges each' "$(jq -r .verdict verify.json | wc -l)" "$nsigned"
jq -r 'select([.signatures[] | select(.covers == "whole" and .level == "B" and
    .verdict == "valid" and .format == "pades")] | length != 1) |
    .file + " " + .reason' verify.json >faults.verify
empty 'verify finds each valid and whole' faults.verify
# Where nobody had signed before, the file is what its signature is.
jq -r 'select((.signatures | length) == 1 and .verdict != "valid") | .file' \
    verify.json >faults.single
empty 'and the file with it' faults.single

# ---- beside pdfsig, which repairs what it can, also what was signed ----
mkdir nss repaired theirs
certutil -N -d sql:nss --empty-password
pk12util -i "$pki/officer.p12" -d sql:nss -W "$(cat "$pki/passphrase")" -K '' \
    >nss.log 2>&1 || bail 'pdfsig gets no key'
cat >sign-theirs <<'SH'
# sign-theirs NUMBER...: those that pdfsig signs, without what judge finds
for i; do
	word=
	[ ! -f "$i.password" ] || word=$(cat "$i.password")
	timeout 60 pdfsig -nssdir sql:nss -upw "$word" -opw "$word" \
	    -add-signature -nick officer "in/$i.pdf" "theirs/$i.pdf" \
	    >/dev/null 2>&1
	[ ! -f "theirs/$i.pdf" ] || sh judge theirs/%s.pdf "$i" >"$i.theirs"
	if [ -f "$i.theirs" ] && ! grep -q ^pdfsig "$i.theirs"; then
		echo "valid $i"
		[ -s "$i.theirs" ] || echo "whole $i"
	fi
	rm -f "theirs/$i.pdf" "$i.theirs"
done
SH
sed 's/.*\/\([0-9]*\)\.pdf/\1/' list | xargs -P 2 -n 16 sh sign-theirs |
    sort >theirs.list
# Only what was not signed above: it would be signed in the same way.
jq -r 'select(.output == null) | .file' signed.json >refused.list
vanthu-sign -q --json --home none --key "$pki/officer.key" \
    --cert "$pki/officer.crt" --chain "$pki/duty-ca.crt" --repair \
    --output-dir repaired --files-from refused.list >repaired.json 2>repaired.err
for word in *.password; do
	i=${word%.password}
	[ ! -f "repaired/$i.signed.pdf" ] || bail "$i needs no password"
	vanthu-sign -q --json --home none --key "$pki/officer.key" \
	    --cert "$pki/officer.crt" --chain "$pki/duty-ca.crt" --repair \
	    --pdf-password "file:$word" --output-dir repaired "in/$i.pdf" \
	    >>opened.json 2>>repaired.err
done
# What a password did not help either has its own reason.
jq -c --slurpfile opened opened.json 'select(.file as $f |
    $opened | all(.file != $f))' repaired.json >rest.json
cat rest.json opened.json >repaired.json
nrepaired=$(find repaired -type f | wc -l)
nours=$((nsigned + nrepaired))
nvalid=$(grep -c ^valid theirs.list) ntheirs=$(grep -c ^whole theirs.list)
diag "signed: $nsigned of $n, $nours with --repair and passwords;" \
    "pdfsig: $ntheirs, and $((nvalid - ntheirs)) that are not the input and a" \
    'revision, or are damaged by it'
ok 'pdfsig signs some' test "$ntheirs" -ge 400
ok "with --repair and passwords: $nours" test "$nours" -ge 472
ok "at least as many as pdfsig, by the same judgement: $ntheirs" \
    test "$nours" -ge "$ntheirs"
# Without a password, and so beside those of its files that need none.
nopen=$(sed -n 's/^whole //p' theirs.list | while read -r i; do
	[ -f "$i.password" ] || echo "$i"
done | wc -l)
ok "without either at least 93 of 100 that pdfsig signs: $nopen" \
    test $((nsigned * 100)) -ge $((nopen * 93))
mv repaired/*.signed.pdf signed
ls signed | sed 's/\.signed\.pdf//' >ours.list
jq -r 'select(.output != null) | .file' repaired.json |
    sed 's/.*\/\([0-9]*\)\.pdf/\1/' |
    xargs sh judge signed/%s.signed.pdf >faults
empty 'others find nothing wrong with what was repaired or opened' faults
jq -r 'select(.output != null) | .output' repaired.json |
    sed 's/^repaired/signed/' | while read -r file; do
	word=${file#signed/}
	word=${word%.signed.pdf}.password
	if [ -f "$word" ]; then
		vanthu-verify --json "$@" --pdf-password "file:$word" "$file"
	else
		vanthu-verify --json "$@" "$file"
	fi
done >verify.json 2>verify.err
is 'verify finds each valid and whole' \
    "$(jq -r 'select(.verdict == "valid" and
    .signatures[0].covers == "whole") | .file' verify.json | wc -l)" \
    "$nrepaired"
is 'each says that it was repaired' \
    "$(jq -r 'select(.output != null and
    any(.warnings[]; .code == "repaired")) | .file' rest.json | wc -l)" \
    "$(jq -r 'select(.output != null) | .file' rest.json | wc -l)"
# What pdfsig signs and we do not: each with its reason in a table.
sed -n 's/^valid //p' theirs.list >theirs.valid
comm -23 theirs.valid ours.list >gap
awk 'NR == FNR { gap[$1 + 0] = 1; next } FNR in gap' gap files | sort >gap.files
sed -n 's/^| `\([^`]*\.pdf\)` .*/\1/p' "$data/sign/corpus.md" | sort >gap.table
comm -23 gap.files gap.table >gap.new
empty 'nothing else that pdfsig signs is refused' gap.new
comm -13 gap.files gap.table >gap.idle
empty 'and no row of the table is idle' gap.idle
while read -r i; do
	jq -r --arg f "in/$i.pdf" 'select(.file == $f) | .error.code + " " +
	    .error.message' repaired.json
done <gap >reasons
diag "pdfsig signs and we do not: $(cut -d ' ' -f 1 reasons | sort | uniq -c |
    tr -s ' \n' ' ')"
is 'a reason for each' "$(wc -l <reasons)" "$(wc -l <gap)"
grep -vE '^(refused|key|unsupported) |^format .*(it cannot be repaired|no "%PDF-")' \
    reasons >unreasoned
empty 'damage that leaves a choice, a password, an owner' unreasoned
done_testing
