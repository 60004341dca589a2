#!/bin/sh
# vanthu-fetch: it alone opens sockets; the others do not even ask it to with
# --offline, and open nothing that they were not given
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have strace openssl perl || skip_all 'strace, openssl or perl is missing'
strace -f -o /dev/null true 2>/dev/null || skip_all 'strace cannot run here'

# the leak sanitizer does not work in a traced process
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

evil=$(free_port)
serve evil env LC_ALL=C perl "$data/evil-server.pl" "$evil"
wait_port "$evil" || bail "no server: $(cat evil.error)"

# ---- what may be opened: the program's own libraries and settings ----
build=$(cd "$VANTHU_BIN/.." && pwd)
own='/etc/ld\.so\.(cache|preload)|/(usr/)?lib(32|64)?/.*|/usr/local/lib/.*'
own="$own|/usr/share/locale/.*|/etc/ssl/openssl\\.cnf|/etc/localtime"
own="$own|/usr/share/zoneinfo/.*|/dev/(null|urandom)"
own="$own|$build/po/.*|$build/bin/\\.\\./po/.*"
# and what the sanitizers look at
! grep -q __asan_init "$VANTHU_BIN/vanthu-verify" ||
	own="$own|/proc/(self|[0-9]+)/.*|/proc/(stat|sys/vm/.*)|/sys/.*"
# what the command lines below name, and what lies beside it
own="$own|in/[a-z0-9.]+|in|home/[a-zA-Z./0-9-]*|$tmp/home/[a-zA-Z./0-9-]*"
own="$own|$pki/[a-z./0-9-]+|$tmp|\\.|/"

# ---- inputs, hostile ones among them ----
mkdir in home home/trust
printf '[office]\norgan_id = T01.TEST\nname = Test\n[fetch]\n' >home/vanthu.conf
printf 'allow = localhost 127.0.0.1\n[trust]\naia = yes\n' >>home/vanthu.conf
echo content >in/a.txt
cp "$data/quickstart/cong-van.pdf" in/a.pdf
for file in a.txt a.pdf; do
	vanthu-sign -q --p12 "$pki/officer.p12" --passphrase \
	    "file:$pki/passphrase" in/$file >/dev/null || bail "no in/$file"
done
url=http://127.0.0.1:$evil
cat >in/doctype.xml <<EOT
<?xml version="1.0"?>
<!DOCTYPE a SYSTEM "$url/dtd" [<!ENTITY b SYSTEM "file:///etc/passwd">
<!ENTITY % c SYSTEM "$url/entity"> %c;]>
<a>&b;</a>
EOT
reference()
{
	cat <<-EOT
	<?xml version="1.0"?>
	<a xmlns:i="http://www.w3.org/2001/XInclude"><b/>
	<i:include href="file:///etc/passwd" parse="text"/>
	<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
	<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
	<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
	<Reference URI="$1">$2
	<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
	<DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</DigestValue>
	</Reference></SignedInfo><SignatureValue>AAAA</SignatureValue>
	<KeyInfo><RetrievalMethod URI="$url/key"
	Type="http://www.w3.org/2000/09/xmldsig#rawX509Certificate"/></KeyInfo>
	</Signature></a>
	EOT
}
reference "$url/content" '' >in/http.xml
reference file:///etc/passwd '' >in/file.xml
reference '' '<Transforms><Transform
Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><x:stylesheet version="1.0"
xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:template match="/"><x:copy-of
select="document('"'$url/style'"')"/></x:template></x:stylesheet></Transform>
</Transforms>' >in/xslt.xml
# a signer that nobody knows, whose certificate names addresses
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout in/stranger.key -out in/stranger.crt -days 30 \
    -subj '/CN=Stranger (TEST)' \
    -addext "crlDistributionPoints = URI:$url/list" \
    -addext "authorityInfoAccess = OCSP;URI:$url/ocsp, caIssuers;URI:$url/ca" \
    2>/dev/null || bail 'no stranger'
openssl cms -sign -cades -binary -in in/a.txt -signer in/stranger.crt \
    -inkey in/stranger.key -outform DER -out in/stranger.p7s 2>/dev/null ||
    bail 'the stranger signs nothing'

# traced ARG...: no call of the network, and nothing opened that is not ours
traced()
{
	what=$1
	for word; do :; done
	what="$what $word"
	strace -f -qq -e signal=none -e trace=network,open,openat,openat2,execve -o trace \
	    "$@" >"$out" 2>"$err" </dev/null
	is "$what: status" "$(($? < 7))" 1
	is "$what: no network" "$(grep -E \
	    '^[0-9]+ +(socket|connect|bind|send|recv|accept|getsock|setsock)' \
	    trace)" ''
	is "$what: one program" "$(grep -c 'execve(' trace)" 1
	# a folder may be opened to make a nameless file in it, and not else
	is "$what: nothing else is opened" "$(sed -nE -e \
	    '/"\/var\/tmp", O_RDWR\|O_CLOEXEC\|O_TMPFILE, /d' -e \
	    's/^[0-9]+ +open[a-z0-9]*\((AT_FDCWD, )?"([^"]*)".*/\2/p' trace |
	    grep -vxE "$own" | sort -u)" ''
}

set -- --trust "$pki/anchors" --chain "$pki/duty-ca.crt"
for file in a.pdf a.signed.pdf a.txt.p7s stranger.p7s doctype.xml http.xml \
    file.xml xslt.xml; do
	traced vanthu-verify --home home --offline "$@" in/$file
done
traced vanthu-trust check --home home --offline "$@" "$pki/officer.crt"
traced vanthu-trust check --home home --offline "$@" in/stranger.crt
traced vanthu-sign --home home --p12 "$pki/officer.p12" --passphrase \
    "file:$pki/passphrase" -o in/b.pdf in/a.pdf

# ---- without it: another program may, this one does not ----
itself()
{
	strace -qq -e signal=none -e trace=network -o trace "$@" >"$out" 2>"$err" </dev/null
	for word; do :; done
	empty "$1 $word: no network of its own" trace
}
for file in a.signed.pdf a.txt.p7s stranger.p7s http.xml; do
	itself vanthu-verify --home home "$@" in/$file
done
itself vanthu-trust check --home home "$@" "$pki/officer.crt"
itself vanthu-trust check --home home "$@" in/stranger.crt
cp -R "$pki/trust/." home/trust
itself vanthu-trust update --home home
like 'though it fetches' "$err" 'root\.crl: no connection|root\.crl: no whole'

# ---- and what a stranger names, nobody asks for ----
evil_asked()
{
	is "$1" "$(grep -cE '^/(list|ocsp|content|dtd|entity|style|key)' \
	    evil.error)" 0
}
evil_asked 'no address that a stranger names was asked'
is 'the proof can fail' "$(strace -f -qq -e trace=network -o trace \
    vanthu-fetch --home home "$url/good" 2>&1)$(grep -c 'connect(' trace |
    sed 's/[1-9][0-9]*/ yes/')" 'good yes'
like 'and the server says what it was asked for' evil.error '^/good'
done_testing
