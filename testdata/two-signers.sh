# shellcheck shell=sh
# two-signers.sh - first and second, who sign above level B: their keys, lists
# and authority, and the office that names it ($VANTHU_HOME); sourced behind
# lib.sh
#
#	by WHO OPTION...	WHO signs, with root.crt trusted
#	judged_as FILTER [OPTION...] FILE
#				what there is of each signature, by the anchor
#				and the lists, in $judged: FILTER, and whether it
#				has a time stamp; the report is the file judged
#
# Skips all where it cannot be had.  Test material.

# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
have jq openssl || skip_all 'jq or openssl is missing'
have_apache || skip_all 'apache2 or perl is missing'

# shellcheck source=testdata/online.sh
. "$VANTHU_SOURCE/testdata/online.sh"
# shellcheck source=testdata/tsa.sh
. "$VANTHU_SOURCE/testdata/tsa.sh"

person first ca "$list_url/ca.crl" '' ''
person second ca "$list_url/ca.crl" '' ''
stamper tsa ca
list ca ca
list root root
online
authorities
office office "[sign]" "tsa = $tsa_url/tsa"
VANTHU_HOME=$PWD/office
export VANTHU_HOME

by()
{
	b_who=$1
	shift
	vanthu-sign -q --key "$b_who.key" --cert "$b_who.crt" --chain ca.crt \
	    --trust root.crt "$@"
}

judged_as()
{
	j_filter=$1
	shift
	vanthu-verify --offline --json --home none --trust root.crt \
	    --crl www/ca.crl --crl www/root.crl "$@" >judged 2>"$err"
	# shellcheck disable=SC2034 # for who sources this
	judged=$(jq -r "[.signatures[] | $j_filter,
	    (.timestamp != null)] | map(tostring) | join(\" \")" judged)
}
