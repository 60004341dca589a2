#!/bin/sh
# vanthu-fetch: real servers and evil ones, and where a request may go
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have jq openssl || skip_all 'jq or openssl is missing'
have_apache || skip_all 'apache2 or perl is missing'

# ---- the servers ----
web=$(free_port)
evil=$(free_port)
tls=$(free_port)
wrong=$(free_port)
expired=$(free_port)
proxy=$(free_port)
old=$(free_port)
deaf=$(free_port)

make_tls || bail 'no certificates for the servers'

mkdir www
head -c 3000000 /dev/urandom >www/big
head -c 300000 /dev/urandom >www/slow
publish "$pki/duty-ca.crl.der" ca.crl
cat >web.conf <<EOT
Listen 127.0.0.1:$web
Redirect 302 /elsewhere http://localhost:$web/ca.crl
Redirect 301 /moved /ca.crl
Redirect 302 /to-file file:///etc/passwd
Redirect 302 /to-ftp ftp://localhost/a
Redirect 302 /to-loopback http://127.0.0.1:$web/ca.crl
Redirect 302 /to-tls https://localhost:$tls/ca.crl
Redirect 503 /busy
Redirect 410 /gone
<Location /slow>
SetOutputFilter RATE_LIMIT
SetEnv rate-limit 20
</Location>
EOT
ssl_site()
{
	cat <<-EOT
	Listen 127.0.0.1:$1
	<VirtualHost 127.0.0.1:$1>
	SSLEngine on
	SSLCertificateFile $tmp/$2.crt
	SSLCertificateKeyFile $tmp/$2.key
	Redirect 302 /to-plain http://localhost:$web/ca.crl
	</VirtualHost>
	EOT
}
{
	echo "LoadModule ssl_module $apache_modules/mod_ssl.so"
	ssl_site "$tls" good
	ssl_site "$wrong" other
	ssl_site "$expired" past
} >>web.conf
cat >proxy.conf <<EOT
Listen 127.0.0.1:$proxy
LoadModule proxy_module $apache_modules/mod_proxy.so
LoadModule proxy_http_module $apache_modules/mod_proxy_http.so
LoadModule proxy_connect_module $apache_modules/mod_proxy_connect.so
ProxyRequests On
AllowCONNECT $tls
ProxyRemote http://plain.test.example http://127.0.0.1:$web
EOT
apache web
apache proxy
serve evil env LC_ALL=C perl "$data/evil-server.pl" "$evil"
serve old openssl s_server -accept "127.0.0.1:$old" -tls1_1 -www -cipher \
    'DEFAULT:@SECLEVEL=0' -cert good.crt -key good.key
for port in $web $tls $proxy $evil $old; do
	wait_port "$port" || bail "no server: $(cat ./*.error)"
done

# office DIR LINE...: an office with these settings in [fetch]
office()
{
	mkdir "$1"
	{
		printf '[office]\norgan_id = T01.TEST\nname = Test\n[fetch]\n'
		shift
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$1/vanthu.conf"
}
office home 'allow = localhost' "ca = $tmp/root.crt"
office closed
VANTHU_HOME=$tmp/home
export VANTHU_HOME

# same WHAT: the answer is www/ca.crl
same()
{
	is "$1" "$(cmp www/ca.crl "$out" 2>&1)" ''
}

# ---- good ones ----
check 'GET' 0 vanthu-fetch "http://localhost:$web/ca.crl"
same 'the answer is whole'
empty 'and nothing else is said' "$err"
check 'to a file' 0 vanthu-fetch -o big "http://localhost:$web/big"
ok 'the same' cmp www/big big
check 'a file is not overwritten' 6 vanthu-fetch -o big \
    "http://localhost:$web/ca.crl"
ok 'it stays' cmp www/big big
check 'JSON' 0 vanthu-fetch --json -o j "http://localhost:$web/ca.crl"
is 'says what was written' "$(jq -c '[.schema, .url, .output, .size, .sha256]' \
    "$out")" "[\"vanthu.fetch/1\",\"http://localhost:$web/ca.crl\",\"j\",$(
    wc -c <www/ca.crl),\"sha256:$(sha256sum <www/ca.crl | cut -c 1-64)\"]"
check 'JSON beside the answer' 2 vanthu-fetch --json \
    "http://localhost:$web/ca.crl"
check 'TLS' 0 vanthu-fetch "https://localhost:$tls/ca.crl"
same 'the same over TLS'
check 'a redirect' 0 vanthu-fetch "http://localhost:$web/elsewhere"
same 'leads there'
check 'a relative redirect' 0 vanthu-fetch "http://localhost:$web/moved"
check 'a redirect to TLS' 0 vanthu-fetch "http://localhost:$web/to-tls"
same 'leads there, too'
for n in 1 2 3; do
	check "$n redirects" 0 vanthu-fetch "http://localhost:$evil/loop/$n"
done

# VT_HTTP_HEAD_MAX: what it is, and below a byte more
check 'headers as long as may be' 0 vanthu-fetch \
    "http://localhost:$evil/head/65536"
is 'an answer as any other' "$(cat "$out")" good

printf 'a\0b' >request
check 'POST' 0 feed request vanthu-fetch --post application/ocsp-request \
    "http://localhost:$evil/echo"
like 'with its content type' "$out" '^Content-Type: application/ocsp-request.$'
is 'and the bytes' "$(tail -c 3 "$out" | od -An -c | tr -d ' ')" 'a\0b'
check 'POST of nothing' 0 feed /dev/null vanthu-fetch --post a/b \
    "http://localhost:$evil/echo"
like 'has a length' "$out" '^Content-Length: 0.$'
for status in 307 308; do
	check "a POST that stays one ($status)" 0 feed request vanthu-fetch \
	    --post a/b "http://localhost:$evil/to/$status//echo"
	like "is one ($status)" "$out" '^POST /echo '
done
for status in 301 302 303; do
	check "a POST that would be a GET ($status)" 8 feed request \
	    vanthu-fetch --post a/b "http://localhost:$evil/to/$status//echo"
done
check 'a content type that would be a header more' 2 feed request \
    vanthu-fetch --post "$(printf 'a/b\r\nX: y')" "http://localhost:$evil/echo"
check 'one that is none' 2 feed request vanthu-fetch --post ab \
    "http://localhost:$evil/echo"

# ---- what is sent ----
printf 'machine localhost login l password p\n' >.netrc
check 'a cookie' 0 env HOME="$tmp" vanthu-fetch "http://localhost:$evil/cookie"
unlike 'is not given back' "$out" '^(Cookie|Authorization):'
check 'a password that is asked for' 8 env HOME="$tmp" vanthu-fetch \
    "http://localhost:$evil/auth"
check 'the environment names a proxy' 0 env http_proxy=http://127.0.0.1:1 \
    https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 \
    vanthu-fetch "http://localhost:$web/ca.crl"
check 'and where none is' 0 env no_proxy='*' vanthu-fetch \
    "https://localhost:$tls/ca.crl"

# ---- what does not answer, or not well ----
# fails STATUS PATH TEXT: on the evil server, within $patience seconds
fails()
{
	check "$2: $1" "$1" timeout 60 vanthu-fetch --timeout $patience --max 100000 \
	    "http://localhost:$evil/$2"
	like "$2: $3" "$err" "^vanthu-fetch: http.*$3"
	empty "$2: nothing is written" "$out"
}
patience=2
for path in hang drip drip-head; do
	fails 7 "$path" 'within 2 seconds'
done
patience=20
for path in half half-chunk reset nothing not-http old; do
	fails 7 "$path" 'no whole answer'
done
for path in heads long-head continues trailers; do
	fails 4 "$path" 'headers are longer'
done
for path in endless endless-chunks claims-much; do
	fails 4 "$path" 'longer than 100000 bytes'
done
for path in te-gzip te-many; do
	fails 7 "$path" 'packed in a way'
done
fails 4 claims-more 'longer'
fails 7 claims-less 'no whole answer'
fails 8 endless-404 404
fails 7 endless-503 503
fails 8 partial 206
fails 8 no-content 204
fails 7 upgrade 'no whole answer'
fails 8 nowhere 302
fails 8 odd-place 'cannot'
fails 4 far-place 'longer than 2048'
fails 4 head/65537 'headers are longer than 65536 bytes'
fails 4 loop/4 'more than 3 redirects' # one past VT_HTTP_REDIRECTS
for status in 408 429 500 502 503 504; do
	fails 7 "status/$status" "answers $status"
done
for status in 201 203 304 305 306 400 401 403 404 405 410 501 505 599; do
	fails 8 "status/$status" "answers $status"
done
check 'content that is packed' 0 vanthu-fetch "http://localhost:$evil/gzip"
is 'stays so' "$(cat "$out")" asis
check 'a redirect with too much behind it' 0 vanthu-fetch --max 100000 \
    "http://localhost:$evil/endless-redirect"
check 'Apache is busy' 7 vanthu-fetch "http://localhost:$web/busy"
check 'Apache has it no more' 8 vanthu-fetch "http://localhost:$web/gone"
check 'Apache has it not' 8 vanthu-fetch "http://localhost:$web/none"
check 'Apache is slow' 7 vanthu-fetch --timeout 1 "http://localhost:$web/slow"
empty 'and nothing is written' "$out"
check 'as long as may be' 0 vanthu-fetch --max 3000000 \
    "http://localhost:$web/big"
check 'a byte longer' 4 vanthu-fetch --max 2999999 "http://localhost:$web/big"
empty 'is not written' "$out"
check 'to no file, either' 4 vanthu-fetch --max 10 -o none \
    "http://localhost:$web/big"
absent 'there is none' none
check 'nobody there' 7 vanthu-fetch "http://localhost:$deaf/"
check 'no such name' 7 vanthu-fetch --timeout 10 \
    'http://ca.test.invalid/ca.crl'
if [ -e /dev/full ]; then
	check 'an answer that cannot be written' 6 sh -c \
	    "exec vanthu-fetch http://localhost:$web/big >/dev/full"
fi

# ---- where a request may go ----
# refused URL TEXT
refused()
{
	check "refused: $1" 8 timeout 60 vanthu-fetch "$1"
	like "refused: $1: $2" "$err" "$2"
	empty "refused: $1: nothing" "$out"
}
refused file:///etc/passwd 'only http and https'
refused ftp://localhost/a 'only http and https'
refused "http://u:p@localhost:$web/ca.crl" 'not a URL'
refused "http://localhost:$web/to-file" 'only http and https'
refused "http://localhost:$web/to-ftp" 'only http and https'
refused "http://localhost:$web/to-loopback" '127.0.0.1 has no public address'
refused "https://localhost:$tls/to-plain" 'from https it leads to http'
refused http://localhost:22/ 'port 22'
for host in 127.0.0.1 127.1 2130706433 0x7f.0.0.1 '[::1]' '[::ffff:127.0.0.1]' \
    10.0.0.1 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1 '[fe80::1]' \
    '[fd00::1]' 0.0.0.0 224.0.0.1 255.255.255.255 '[ff02::1]' intranet \
    localhost.localhost; do
	refused "http://$host:$web/ca.crl" 'has no public address'
done
[ ! -s web.error ] || unlike 'the server saw none of them' web.log '127\.'
VANTHU_HOME=$tmp/closed
refused "http://localhost:$web/ca.crl" 'localhost has no public address'

# conf_says STATUS WHAT LINE...
conf_says()
{
	status=$1 what=$2
	shift 2
	rm -rf set
	office set "$@"
	check "$what" "$status" vanthu-fetch --home set "$url"
}
url=http://127.0.0.1:$web/ca.crl
conf_says 0 'an address that is listed' 'allow = 127.0.0.1'
conf_says 0 'with its port' "allow = 10.0.0.1 127.0.0.1:$web"
conf_says 8 'with another port' "allow = 127.0.0.1:$evil"
conf_says 8 'by a name that leads to it' 'allow = localhost'
conf_says 4 'a list that is none' 'allow = 127.0.0.1,localhost'
like 'is told' "$err" 'allow: "127\.0\.0\.1,localhost" is not'
conf_says 4 'a setting that there is not' 'alow = 127.0.0.1'
url=http://224.0.0.1:$web/
conf_says 8 'multicast is refused even so' 'allow = 224.0.0.1'
check 'no office where one is named' 6 vanthu-fetch --home nowhere \
    "http://localhost:$web/ca.crl"

# A name of the outside that leads inside: only who connects can tell.
cat >hosts <<EOT
127.0.0.1 localhost
127.0.0.1 ca.test.example plain.test.example
10.99.99.99 two.test.example
127.0.0.1 two.test.example
EOT
inside()
{
	# shellcheck disable=SC2016 # the inner shell's
	unshare -m sh -c 'mount --bind hosts /etc/hosts && exec "$@"' sh "$@"
}
if inside true 2>/dev/null && grep -q '^hosts:.*files' /etc/nsswitch.conf; then
	for name in ca two; do
		check "$name: a name that leads inside" 8 inside vanthu-fetch \
		    --timeout 5 "http://$name.test.example:$web/ca.crl"
		like "$name: is refused" "$err" \
		    "$name.test.example has no public address"
	done
	check 'a redirect to it' 8 inside vanthu-fetch --home home --timeout 5 \
	    "http://localhost:$evil/to/302/http://ca.test.example:$web/ca.crl"
	office named "allow = ca.test.example:$web"
	check 'one that is listed' 0 inside vanthu-fetch --home named \
	    "http://ca.test.example:$web/ca.crl"
	same 'is fetched'
else
	skip 'no mount here' 7
fi

# ---- TLS ----
VANTHU_HOME=$tmp/home
check 'the certificate of another host' 8 vanthu-fetch \
    "https://localhost:$wrong/ca.crl"
like 'is told' "$err" 'not who it should be'
check 'a certificate of the past' 8 vanthu-fetch \
    "https://localhost:$expired/ca.crl"
like 'is told, too' "$err" 'not who it should be.*expired'
check 'TLS 1.1' 7 vanthu-fetch "https://localhost:$old/"
check 'TLS where there is none' 7 vanthu-fetch "https://localhost:$web/ca.crl"
url=https://localhost:$tls/ca.crl
conf_says 8 'a root that the system does not know' 'allow = localhost'
conf_says 6 'roots that are not there' 'allow = localhost' 'ca = none.pem'
cp root.crt set/own.crt
echo 'ca = own.crt' >>set/vanthu.conf
sed -i '/none.pem/d' set/vanthu.conf
check 'roots in the office' 0 vanthu-fetch --home set "$url"

# ---- a proxy ----
office via "proxy = http://127.0.0.1:$proxy" 'allow = localhost' \
    "ca = $tmp/root.crt"
if getent hosts localhost >/dev/null; then
	check 'by a proxy' 0 vanthu-fetch --home via \
	    "http://localhost:$web/ca.crl"
	same 'the answer'
	like 'the proxy was asked' proxy.log '^GET .*ca\.crl 200'
	check 'by a proxy, TLS' 0 vanthu-fetch --home via \
	    "https://localhost:$tls/ca.crl"
	# it writes that down when the connection is over
	i=0
	until grep -q '^CONNECT' proxy.log || [ $i -eq 300 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	like 'the proxy was asked again' proxy.log '^CONNECT'
else
	skip 'a proxy finds no localhost here' 5
fi
check 'a name that the proxy looks up' 0 vanthu-fetch --home via \
    http://plain.test.example/ca.crl
check 'an address inside, by the proxy' 8 vanthu-fetch --home via \
    "http://127.0.0.1:$web/ca.crl"
stop proxy
check 'the proxy is gone' 7 vanthu-fetch --home via \
    "http://localhost:$web/ca.crl"
url=http://localhost:$web/ca.crl
conf_says 4 'a proxy that is none' 'proxy = 127.0.0.1:3128'
conf_says 4 'a proxy of another kind' "proxy = socks5://localhost:$proxy"

# ---- the command line ----
check 'no URL' 2 vanthu-fetch
check 'two' 2 vanthu-fetch "$url" "$url"
check 'no time' 2 vanthu-fetch --timeout 0 "$url"
check 'no bytes' 2 vanthu-fetch --max 0 "$url"
check 'too many' 2 vanthu-fetch --max 67108865 "$url"
if have script; then
	check 'a terminal' 0 script -qec \
	    "vanthu-fetch $url; test \$? -eq 2" /dev/null
	like 'is no place for it' "$out" 'not for a terminal'
	check 'unless it must be' 0 script -qec "vanthu-fetch -o - $url" \
	    /dev/null
else
	skip 'no script' 3
fi
vanthu-fetch --json "http://localhost:$evil/status/404" -o none >"$out" \
    2>"$err"
is 'a failure in JSON' "$? $(jq -r '.error.code' "$out")" '8 refused'
vanthu-fetch "http://localhost:$evil/to/302/$(printf 'x\033[31m')" >"$out" \
    2>"$err"
unlike 'what a server says does not act on a terminal' "$err" \
    "$(printf '\033')"

# ---- the manual's examples ----
mkdir man && cd man || exit 1
cp "$pki/duty-ca.crt" ca.crt
cp "$pki/officer.crt" signer.crt
sed -n 's/^\.Dl //p' "$VANTHU_SOURCE/man/vanthu-fetch.1" |
    sed -e "s|http://pki.example/ca.crl|http://localhost:$web/ca.crl|" \
	-e "s|http://pki.example/ocsp|http://localhost:$evil/echo|" >examples
is 'the manual has its examples' "$(wc -l <examples)" 4
while read -r line; do
	ok "manual: $line" sh -c "$line" </dev/null
done <examples
done_testing
