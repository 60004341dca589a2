#!/bin/sh
# Other people's files: attacks are never valid, their signed originals intact
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

for name in pdf-attacks pdf-shadow pdf101-dos dss-xades edxml xml-crypto; do
	corpus "$name" >/dev/null || skip_all "no corpus $name (VANTHU_CORPORA)"
done
have jq || skip_all 'jq is not installed'
VANTHU_HOME=$tmp/none
export VANTHU_HOME
all=$VANTHU_CORPORA

# judge FILE ARG...: the JSON is in $out, the status in $status
judge()
{
	judged=$1
	shift
	vanthu-verify --json "$@" "$judged" >"$out" 2>"$err"
	status=$?
}

# get FILTER
get()
{
	jq -r "$1" "$out"
}

# ---- forged PDFs: without any anchor, since that hides nothing ----
find "$all/pdf-attacks" -name '*.pdf' | sort >files
while read -r file; do
	judge "$file"
	is "${file##*/}: status 1, invalid" "$status $(get .verdict)" \
	    '1 invalid'
	reason=$(get .reason)
	case ${file##*/} in
	isa_*)
		is 'changed after signing' "$reason" changed-after-signing
		is 'what was signed is intact' \
		    "$(get '.signatures[0].intact')" true
		;;
	usf_01*) is 'no contents' "$reason" no-contents ;;
	usf_*) is 'no sound range' "$reason" byte-range ;;
	siwa_*) diag "${file##*/}: $reason" ;;
	esac
done <files

# ---- shadow documents ----
find "$all/pdf-shadow" -name '4_*.pdf' | sort >files
is 'all manipulated ones are there' "$(wc -l <files)" 4
while read -r file; do
	judge "$file"
	name=${file#"$all/pdf-shadow/"}
	is "$name: status 1, changed" "$status $(get .reason)" \
	    '1 changed-after-signing'
	is 'it names what changed' \
	    "$(get '.signatures[0].changes | length > 0')" true
done <files
find "$all/pdf-shadow" -name '3_*.pdf' | sort >files
is 'all signed ones are there' "$(wc -l <files)" 3
while read -r file; do
	judge "$file"
	is "${file#"$all/pdf-shadow/"}: intact, unchanged, not trusted" \
	    "$status $(get '.signatures[0] |
	    "\(.intact) \(.changed_after) \(.reason)"')" \
	    '3 true false no-trust-anchor'
done <files

# ---- signed XML: without an anchor none is valid ----
find "$all/xml-crypto" "$all/dss-xades" -name '*.xml' >files
bad=
while read -r file; do
	judge "$file"
	case $status in
	1 | 3 | 4) ;;
	*) bad="$bad $file" ;;
	esac
done <files
is "of $(wc -l <files) XML files none is valid" "$bad" ''

# ---- files that want to exhaust us ----
find "$all/pdf101-dos" -type f | sort >files
bad=
while read -r file; do
	# A sanitizer takes address space for itself.
	if nm "$VANTHU_BIN/vanthu-verify" 2>/dev/null | grep -q __asan_init
	then
		timeout 30 vanthu-verify "$file" >"$out" 2>"$err"
	else
		# shellcheck disable=SC3045 # dash and bash both have it
		(ulimit -v 524288 && timeout 5 vanthu-verify "$file") \
		    >"$out" 2>"$err"
	fi
	status=$?
	case $status in
	1 | 3 | 4) ;;
	*) bad="$bad $status:$file" ;;
	esac
done <files
is "$(wc -l <files) files: within 5 seconds and 512 MiB" "$bad" ''

# ---- the axis' own messages ----
find "$all/edxml" -name '*.edxml' | sort >files
while read -r file; do
	judge "$file"
	# The revocation carries an envelope, under the name of a .doc.
	case $file in
	*revocation*) want='3 edxml undetermined' ;;
	*) want='1 edxml unsigned' ;;
	esac
	is "${file##*/}" "$status $(get '"\(.format) \(.verdict)"')" "$want"
done <files
done_testing
