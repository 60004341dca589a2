# shellcheck shell=sh
# tsa.sh - time-stamping authorities for tests: `openssl ts` behind a real web
# server; sourced behind servers.sh
#
#	authority NAME [CERT]	http://localhost:$tsa/NAME gives time stamps by
#				CERT.crt and CERT.key (NAME.* unless said), which
#				lie here; with CERT.chain beside them, where that
#				is there
#	stamper NAME CA [OPTION...]
#				makes NAME.crt, for time stamps, by CA of
#				online.sh, as `issue' does; and is `authority NAME'
#	authorities		start the server; its port is in $tsa, its URL
#				in $tsa_url
#	authority_time TIME	their clock, as faketime -f takes it; '' for now
#	authority_asked		how many requests there were until now
#
# $tsa_url/MODE/NAME is the same authority with something wrong; tsa.cgi says
# which there are.  Test material.

tsa=$(free_port)
tsa_url=http://localhost:$tsa

authority()
{
	a_cert=${2-$1}
	[ -f ts.conf ] || : >ts.conf
	for a_section in "$1-short" "$1"; do
		cat >>ts.conf <<-EOT
		[$a_section]
		serial = $PWD/ts.serial
		crypto_device = builtin
		signer_cert = $PWD/$a_cert.crt
		signer_key = $PWD/$a_cert.key
		signer_digest = sha256
		default_policy = 1.3.6.1.4.1.99999.1
		digests = sha256, sha384, sha512
		accuracy = secs:1
		ess_cert_id_alg = sha256
		EOT
	done
	[ ! -f "$a_cert.chain" ] || echo "certs = $PWD/$a_cert.chain" >>ts.conf
	# As root the server's children are another user, who must get here.
	[ "$(id -u)" -ne 0 ] || chmod a+r "$a_cert".*
}

stamper()
{
	t_name=$1 t_ca=$2
	shift 2
	cat >"$t_name.ext" <<-EOT
	[stamper]
	basicConstraints = critical, CA:false
	keyUsage = critical, digitalSignature
	extendedKeyUsage = critical, timeStamping
	authorityKeyIdentifier = keyid:always
	crlDistributionPoints = URI:$list_url/$t_ca.crl
	EOT
	issue "$t_name" "$t_ca" stamper -extfile "$t_name.ext" "$@"
	cat "$t_ca.crt" >"$t_name.chain"
	authority "$t_name"
}

authority_time()
{
	printf '%s' "$1" >ts.clock
}

authority_asked()
{
	awk 'END { print NR }' ts.asked
}

authorities()
{
	: >ts.asked
	authority_time ''
	mkdir -p ts.work
	cp "$data/tsa.cgi" ts.cgi # which that user may not reach where it lies
	chmod a+rx ts.cgi
	[ "$(id -u)" -ne 0 ] || chmod a+rwX . ts.*
	{
		echo "Listen 127.0.0.1:$tsa"
		echo "LoadModule cgid_module $apache_modules/mod_cgid.so"
		echo "ScriptSock $PWD/ts.sock"
		echo "ScriptAlias / $PWD/ts.cgi/"
		echo "SetEnv TSA_DIR $PWD"
		echo "SetEnv PATH $PATH"
	} >ts-server.conf
	apache ts-server
	wait_port "$tsa" || bail "no server: $(cat ts-server.error)"
}
