#!/bin/sh
# NIST PKITS through "trust check": every row as it must be
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

dir=$(corpus nist-pkits) || skip_all 'VANTHU_CORPORA has no nist-pkits'
have jq || skip_all 'jq is missing'
VANTHU_HOME=$tmp/none
export VANTHU_HOME

# The suite's DSA keys have 1024 bits, and sign with SHA-1.
cat >"$tmp/algorithms" <<'EOF'
digest sha256
digest sha1
rsa 2048
dsa 1024
EOF
jq -r '.[] | [.name, .cert,
    ((.other_certs // []) | map("--chain certs/" + .) | join(" ")),
    ((.crls // []) | map("--crl crls/" + .) | join(" ")),
    (if .error then "fail" else "pass" end),
    (.params // {} | [
	(.user_initial_policy_set // [] | .[] | "--policy " + .),
	(if .initial_explicit_policy then "--explicit-policy" else empty end),
	(if .initial_policy_mapping_inhibit then "--inhibit-mapping"
	    else empty end),
	(if .initial_any_policy_inhibit then "--inhibit-any" else empty end)
    ] | join(" "))] | join("|")' "$dir/pkits.json" >rows
is 'rows' "$(wc -l <rows)" 246
# A key of the rows that is not turned into an option would go unseen.
is 'policy inputs' "$(jq -r '[.[] | .params // {} | keys[]] | unique | join(" ")' \
    "$dir/pkits.json")" 'initial_any_policy_inhibit initial_explicit_policy initial_policy_mapping_inhibit user_initial_policy_set'

cd "$dir" || exit 1
n=0 agree=0 accepted='' rejected=''
while IFS='|' read -r name cert chain crls want policy; do
	# shellcheck disable=SC2086
	vanthu-trust check -q --at 2020-01-01 \
	    --algorithm-policy "$tmp/algorithms" \
	    --trust certs/TrustAnchorRootCertificate.crt $chain $policy \
	    --crl crls/TrustAnchorRootCRL.crl $crls "certs/$cert" \
	    >/dev/null 2>&1
	case $?,$want in
	0,pass | [13],fail) agree=$((agree + 1)) ;;
	4,fail) agree=$((agree + 1)) ;;
	0,fail) accepted="$accepted $name" ;;
	[134],pass) rejected="$rejected $name" ;;
	*) bail "status $? for $name" ;;
	esac
	n=$((n + 1))
done <"$tmp/rows"
diag "$n rows: $agree agree"

is 'nothing is accepted that must fail' "$accepted" ''
# A DSA key whose parameters stand in its issuer's certificate is no key here:
# what is signed with it would depend on the path that one takes to it.
is 'nothing else is rejected that must pass' "$rejected" \
    ' valid_dsa_parameter_inheritance_test5'
done_testing
