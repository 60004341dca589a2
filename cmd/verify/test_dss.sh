#!/bin/sh
# The test files of esig/dss: what its tests say of each, and what we say.
# Where both differ, testdata/verify/disagreements.md says why.
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

for name in dss-pades dss-cades dss-xades dss-expected.json; do
	corpus "$name" >/dev/null || skip_all "no corpus $name (VANTHU_CORPORA)"
done
have jq openssl perl || skip_all 'jq, openssl or perl is not installed'
VANTHU_HOME=$tmp/none
export VANTHU_HOME
all=$VANTHU_CORPORA
table=$data/verify/disagreements.md

# judge FILE ARG...: the JSON is in $out, the status in $status
judge()
{
	judged=$1
	shift
	vanthu-verify --offline --json "$@" "$judged" >"$out" 2>"$err"
	status=$?
}

get()
{
	jq -r "$1" "$out"
}

# anchors FILE: PEM of the certificates that stand in it
anchors()
{
	case $1 in
	*.xml)
		tr -d '\n\r ' <"$1" |
		    grep -oE 'X509Certificate[^<]*>[A-Za-z0-9+/=&#;]+<' |
		    sed 's/.*>//;s/<//;s/&#xD;//g;s/&#13;//g' |
		    while read -r b64; do
			printf -- '-----BEGIN CERTIFICATE-----\n'
			printf '%s\n' "$b64" | fold -w 64
			printf -- '-----END CERTIFICATE-----\n'
		done
		;;
	*.pdf)
		grep -aoE '/Contents ?<[0-9A-Fa-f]+' "$1" | sed 's/.*<//' |
		    while read -r hex; do
			printf '%s' "$hex" |
			    perl -ne 'print pack("H*", $_)' >cms.der
			openssl pkcs7 -inform DER -in cms.der -print_certs \
			    2>/dev/null
		done
		;;
	*)
		openssl pkcs7 -inform DER -in "$1" -print_certs 2>/dev/null
		;;
	esac
}

# explained FILE: the table of disagreements has a row for it
explained()
{
	grep -qF "| \`$1\` |" "$table"
}

tab=$(printf '\t')
jq -r '.[] | select(.file | startswith("dss-")) |
    [.file, .coarse, (.negative_facts | join(",") | if . == "" then "-" else . end),
    (.detached[0] // "-")] | @tsv' "$all/dss-expected.json" >rows
is 'every file of the table is there' \
    "$(cut -f 1 rows | while read -r f; do [ -f "$all/$f" ] || echo "$f"; done)" ''

n_bad=0 n_fine=0 n_intact=0 n_transform=0 n_content=0
wrong='' unexplained=''
while IFS="$tab" read -r file coarse negative detached; do
	set -- --offline
	if [ "$detached" != - ]; then
		printf '%s' "$detached" >content
		set -- --content content
	fi
	judge "$all/$file" "$@"
	intact=$(get '[.signatures[]?.intact] | length > 0 and all')
	reason=$(get '.reason // .error.code')
	# With its own certificates as anchors nothing but itself is against it.
	at=$(get '[.signatures[]?.claimed_time | values] | max // "2026-01-01T00:00:00Z"')
	anchors "$all/$file" >anchors.pem
	if grep -q BEGIN anchors.pem; then
		judge "$all/$file" "$@" --trust anchors.pem --at "$at"
		[ "$status" -lt 2 ] || [ "$status" -eq 3 ] || judge "$all/$file" "$@"
	fi
	diag "$file: $coarse, intact $intact, $reason; $(get .verdict) $(get .reason)"
	if [ "$coarse" = has-negative ]; then
		n_bad=$((n_bad + 1))
		if [ "$status" -eq 0 ] && ! explained "${file#*/}"; then
			wrong="$wrong $file($negative)"
		fi
	elif [ "$reason" = unsupported-transform ]; then
		n_transform=$((n_transform + 1))
	elif [ "$reason" = content-missing ] || explained "left out: ${file#*/}"; then
		n_content=$((n_content + 1))
	elif [ "$coarse" = technically-valid ]; then
		n_fine=$((n_fine + 1))
		if [ "$intact" = true ]; then
			n_intact=$((n_intact + 1))
		elif ! explained "${file#*/}"; then
			unexplained="$unexplained $file"
		fi
	fi
done <rows
is "of $n_bad files with a negative fact none is valid" "$wrong" ''
is 'every other disagreement is explained' "$unexplained" ''
diag "$n_intact of $n_fine technically valid ones are intact; left out:" \
    "$n_transform of refused transforms, $n_content that cannot be judged"
ok "at least 97 % of $n_fine are intact ($n_intact)" \
    test $((n_intact * 100)) -ge $((n_fine * 97))

# ---- what people read of a time stamp of the document ----
lta=dss-pades/validation/Test.signed_Certipost-2048-SHA512.extended-LTA.pdf
vanthu-verify --offline -o page.html "$all/$lta" >"$out" 2>"$err"
is 'is no signature, and has no signer' "$(grep -oE \
    '^  (signature|time stamp of the document,) |^    (signer|authority):' \
    "$out" | sort | uniq -c | tr -s ' \n' ' ')" \
    ' 2 authority: 1 signer: 1 signature 2 time stamp of the document, '
is 'nor on the page' "$(grep -c '<h3>Time stamp of the document, [23] of 3<' \
    page.html) $(grep -c '>2. Authority of the time stamp<' page.html)" '2 2'
done_testing
