#!/bin/sh
# sockets.sh BUILD [BIN] - which tools can speak to the network
#
# vanthu-fetch fetches; init, send, receive, agency have the transports.  No other
# tool calls, by itself, what opens a socket, looks a name up or fetches; nor is
# it linked with a library for that, or names libcurl, to load it.  What libraries
# could do behind its back is for strace to see (cmd/fetch/test_sockets.sh).  And
# no tool at all is linked with libcurl: most runs of those that have it need none.
set -u
bin=${2:-$1/bin}
bad=0
n=0
calls='socket|connect|bind|listen|accept4?|sendto|getaddrinfo|gethostby[a-z_0-9]+'
calls="$calls|res_n?(query|search)|BIO_(s_|new_)?(connect|accept)|OSSL_HTTP_.*"
calls="$calls|OCSP_sendreq.*|X509_(CRL_)?load_http|SSL_.*|curl_.*"
calls="$calls|xmlNano(HTTP|FTP).*"

wrong()
{
	bad=$((bad + 1))
	printf '%s\n' "$*"
}

for program in "$bin"/vanthu "$bin"/vanthu-*; do
	[ -x "$program" ] && [ -f "$program" ] || continue
	! readelf -d "$program" | grep -q 'NEEDED.*libcurl' ||
	    wrong "${program##*/}: is linked with libcurl"
	case ${program##*/} in
	vanthu-fetch|vanthu-init|vanthu-send|vanthu-receive|vanthu-axis|\
	    vanthu-agency)
		continue
		;;
	esac
	n=$((n + 1))
	for call in $(nm -D --undefined-only "$program" |
	    sed 's/.* U //; s/@.*//' | grep -xE "$calls"); do
		wrong "${program##*/}: calls $call"
	done
	for lib in $(readelf -d "$program" |
	    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	    grep -E '^lib(ssl|microhttpd|ldap|resolv)'); do
		wrong "${program##*/}: is linked with $lib"
	done
	! grep -aq 'libcurl[.]so' "$program" ||
	    wrong "${program##*/}: loads libcurl"
done
# that the patterns see anything at all
nm -D --undefined-only "$bin/vanthu-fetch" | sed 's/.* U //; s/@.*//' |
    grep -qxE "$calls" || wrong 'vanthu-fetch: calls nothing of that'
grep -aq 'libcurl[.]so' "$bin/vanthu-fetch" ||
    wrong 'vanthu-fetch: does not load libcurl'
echo "$n programs looked at, $bad wrong"
[ "$n" -gt 5 ] && [ "$bad" -eq 0 ]
