#!/bin/sh
# Other people's PDFs: signed so that others call it valid, or refused with a
# reason
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

for name in qpdf pdfjs pyhanko-pdf; do
	corpus "$name" >/dev/null || skip_all "no corpus $name (VANTHU_CORPORA)"
done
have pdfsig qpdf jq xargs || skip_all 'pdfsig, qpdf or jq is not installed'

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

# Without an office, so revocation is not known: a warning each.
vanthu-sign -q --json --home none --key "$pki/officer.key" \
    --cert "$pki/officer.crt" --chain "$pki/duty-ca.crt" \
    --output-dir signed --files-from list >signed.json 2>signed.err
status=$?
is 'some are refused, none is worse than that' "$status" 4
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
ok "at least 80 of 100 are signed: $nsigned of $n" \
    test $((nsigned * 100)) -ge $((n * 80))
diag "refused: $(jq -r 'select(.output == null) | .error.code' signed.json |
    sort | uniq -c | tr -s ' \n' ' ')"

cat >judge <<'SH'
# judge NUMBER...: one line for each fault
for i; do
	in=in/$i.pdf out=signed/$i.signed.pdf
	cmp -s -n "$(wc -c <"$in")" "$in" "$out" || echo "prefix $i"
	pdfsig -nocert "$out" >"$i.txt" 2>/dev/null
	awk '/^Signature #/ { valid = total = 0 }
	    /Total document signed/ && !/Not total/ { total = 1 }
	    /Signature is Valid/ { valid = 1 }
	    valid && total { good = 1 }
	    END { exit !good }' "$i.txt" || echo "pdfsig $i"
	qpdf --check "$in" >/dev/null 2>&1
	a=$?
	qpdf --check "$out" >/dev/null 2>&1
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
    sort | xargs -P 2 -n 16 sh judge >faults
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
done_testing
