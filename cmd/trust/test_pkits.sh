#!/bin/sh
# NIST PKITS through "trust check": nothing that must fail may pass
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

dir=$(corpus nist-pkits) || skip_all 'VANTHU_CORPORA has no nist-pkits'
have jq || skip_all 'jq is missing'
VANTHU_HOME=$tmp/none
export VANTHU_HOME

# Rows that need policy inputs are told apart: this version has none of these
# options, and judges by any policy.
jq -r '.[] | [.name, .cert,
    ((.other_certs // []) | map("--chain certs/" + .) | join(" ")),
    ((.crls // []) | map("--crl crls/" + .) | join(" ")),
    (if .error then "fail" else "pass" end),
    (if .params then "policy" else "plain" end)] | join("|")' \
    "$dir/pkits.json" >rows
is 'rows' "$(wc -l <rows)" 246

cd "$dir" || exit 1
n=0 agree=0 inputs=0 accepted='' rejected=''
while IFS='|' read -r name cert chain crls want kind; do
	# shellcheck disable=SC2086
	vanthu-trust check -q --at 2020-01-01 \
	    --trust certs/TrustAnchorRootCertificate.crt $chain \
	    --crl crls/TrustAnchorRootCRL.crl $crls "certs/$cert" \
	    >/dev/null 2>&1
	case $?,$want,$kind in
	0,pass,*) agree=$((agree + 1)) ;;
	0,fail,policy) inputs=$((inputs + 1)) ;;
	0,fail,plain) accepted="$accepted $name" ;;
	[134],fail,*) agree=$((agree + 1)) ;;
	[134],pass,*) rejected="$rejected $name" ;;
	*) bail "status $? for $name" ;;
	esac
	n=$((n + 1))
done <"$tmp/rows"
diag "$n rows: $agree agree, $inputs need policy inputs"

is 'nothing is accepted that must fail' "$accepted" ''
# DSA of 1024 bits is weak; inherited DSA parameters are not read; a list's
# signer that only its own list speaks for is not established.
is 'rejected in vain' "$rejected" " valid_dsa_signatures_test4\
 valid_dsa_parameter_inheritance_test5 valid_crlissuer_test30"
done_testing
