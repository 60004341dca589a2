#!/bin/sh
# A signed document with one bit changed, anywhere, or cut off, anywhere: never
# valid, and never taken for one that nobody signed
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

VANTHU_HOME=$tmp/none
export VANTHU_HOME
trust="--trust $pki/anchors --chain $pki/duty-ca.crt --crl $pki/trust/crls"
vanthu-sign -q --key "$pki/officer.key" --cert "$pki/officer.crt" -o a.pdf \
    "$data/quickstart/cong-van.pdf" >/dev/null
vanthu-sign -q --key "$pki/agency.key" --cert "$pki/agency.crt" -o two.pdf \
    a.pdf >/dev/null
# shellcheck disable=SC2086
check 'as it is, it is valid' 0 vanthu-verify $trust two.pdf

# flips FROM TO STEP: copies with the lowest bit of one byte changed
flips()
{
	at=$1
	while [ "$at" -lt "$2" ]; do
		byte=$(od -An -tu1 -j "$at" -N 1 two.pdf)
		cp two.pdf "flips/$at.pdf"
		# shellcheck disable=SC2059
		printf "\\$(printf %o $((byte ^ 1)))" |
		    dd of="flips/$at.pdf" bs=1 seek="$at" conv=notrunc \
			2>/dev/null
		at=$((at + $3))
	done
}

# What the tool says of all in FOLDER, in one process.
judge()
{
	# shellcheck disable=SC2086
	find "$1" -name '*.pdf' | sort |
	    xargs vanthu-verify --json $trust >"$1.json" 2>"$1.err"
	status=$?
	# xargs says 123 for 1 to 125, and the number of a signal above that.
	is "$1: no crash" "$status" 123
}

# faults FOLDER: those that are taken for something else than broken
faults()
{
	jq -r 'select(.verdict == "valid" or .verdict == "unsigned") |
	    .file + " " + .verdict' "$1.json" >"$1.bad"
	empty "$1: none is valid or unsigned" "$1.bad"
}

size=$(wc -c <two.pdf)
first=$(wc -c <a.pdf)
mkdir flips
flips 0 "$size" $((size / 300))
# Closer where the signatures themselves stand: their revisions' ends.
flips $((first - 1500)) "$first" 11
flips $((size - 1500)) "$size" 11
judge flips
faults flips
is 'flips: each has its word' "$(wc -l <flips.json)" \
    "$(find flips -name '*.pdf' | wc -l)"
diag "$(jq -r '.verdict + " " + .reason' flips.json | sort | uniq -c |
    tr -s ' ' | tr '\n' ';')"

# What is cut off behind the first signature still shows that one, so this is
# about what can be seen: never the word for a whole document.
mkdir cuts
at=$((first + 1))
while [ "$at" -lt "$size" ]; do
	head -c "$at" two.pdf >"cuts/$at.pdf"
	at=$((at + size / 60))
done
judge cuts
faults cuts
diag "$(jq -r '.verdict + " " + .reason' cuts.json | sort | uniq -c |
    tr -s ' ' | tr '\n' ';')"
done_testing
