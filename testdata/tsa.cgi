#!/bin/sh
# tsa.cgi - an authority by `openssl ts`, as good or as bad as its path says
#
# Test material; see tsa.sh.  /NAME is what is right.  /MODE/NAME:
#	busy	503, always			flaky	503 twice, then right
#	slow	says nothing for a minute	garbage	no response at all
#	huge	one of 3 MB			refuse	a response that says no
#	nonce	answers another nonce		imprint	stamps something else
#	longer	the first answer is shorter than what follows
set -u
cd "$TSA_DIR" || exit 1
mode=right
name=${PATH_INFO#/}
case $name in
*/*) mode=${name%%/*} name=${name#*/} ;;
esac
work=$(mktemp -d ts.work/XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
cat >"$work/query"
echo "$mode $name ${CONTENT_TYPE-}" >>ts.asked

fail()
{
	printf 'Status: %s\r\nContent-Type: text/plain\r\n\r\n%s\n' "$1" "$1"
	exit 0
}

# flip HEX N [REST]: the lowest bit of the byte that is N behind the first HEX,
# with REST, a regular expression, behind it.
flip()
{
	LC_ALL=C perl -0777 -pi -e 'BEGIN { ($at, $n, $rest) = splice @ARGV, 0, 3;
	    $at = pack "H*", $at }
	    s/(\Q$at\E.{$n})(.)(?=$rest)/$1 . chr(ord($2) ^ 1)/se' \
	    "$1" "$2" "${3-}" "$work/query"
}

reply()
{
	clock=$(cat ts.clock)
	set -- openssl ts -reply -config ts.conf -section "$name" \
	    -queryfile "$work/query" -out "$work/reply"
	[ -z "$clock" ] || set -- faketime -f "$clock" "$@"
	flock ts.lock "$@" 2>>ts.errors
}

[ "${REQUEST_METHOD-}" = POST ] || fail '405 Method Not Allowed'
[ "${CONTENT_TYPE-}" = application/timestamp-query ] ||
    fail '415 Unsupported Media Type'
case $mode in
busy) fail '503 Service Unavailable' ;;
flaky)
	[ "$(grep -c '^flaky ' ts.asked)" -gt 2 ] ||
	    fail '503 Service Unavailable'
	;;
slow) sleep 60 ;;
# INTEGER of 16 bytes, which may stand in the imprint, too; certReq is last
nonce) flip 0210 14 '.\x01\x01\xff\z' ;;
imprint) flip 0420 30 ;; # OCTET STRING of 32 bytes
refuse) flip 608648016503040201 0 ;;
longer) [ "$(grep -c '^longer ' ts.asked)" -gt 1 ] || name=$name-short ;;
esac
case $mode in
garbage) printf 'this is no time stamp\n' >"$work/reply" ;;
huge) head -c 3000000 /dev/zero >"$work/reply" ;;
*) reply || fail '500 Internal Server Error' ;;
esac
printf 'Content-Type: application/timestamp-reply\r\n\r\n'
cat "$work/reply"
