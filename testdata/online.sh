# shellcheck shell=sh
# online.sh - certificates that name servers of the test's own; sourced behind
# servers.sh
#
# There are the CAs `ca` below `root`, and `other-ca` below `other-root`, each
# NAME.crt and NAME.key here; `responder` answers for ca.  What ca issues stands
# in the file index.  The servers' ports are in $web (Apache, with the documents
# of www/ and what web.conf says), $ocsp (testdata/responder.pl, with the
# scripts of responses/) and $evil (testdata/evil-server.pl); $list_url,
# $ocsp_url and $evil_url lead there.  `online` starts them.  Test material.

web=$(free_port)
evil=$(free_port)
ocsp=$(free_port)
list_url=http://localhost:$web
ocsp_url=http://localhost:$ocsp
evil_url=http://localhost:$evil

cat >conf <<EOT
[ca]
default_ca = any
[any]
database = index
new_certs_dir = certs
crlnumber = crlnumber
rand_serial = yes
unique_subject = no
default_md = sha256
policy = policy
default_crl_days = 30
[policy]
organizationName = optional
commonName = supplied
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[sub]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
crlDistributionPoints = URI:http://localhost:$web/root.crl
[responder]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = yes
[plain]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
[crlext]
authorityKeyIdentifier = keyid:always
EOT
mkdir certs responses
: >index
echo 01 >crlnumber

# key_and_request NAME SUBJECT
key_and_request()
{
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$1.key" -utf8 -out "$1.csr" \
	    -subj "/O=Ủy ban nhân dân tỉnh Thử Nghiệm/CN=$2 (TEST)" 2>>log
}

# issue NAME CA SECTION [OPTION...]: NAME.crt; what is issued stands in index
issue()
{
	i_name=$1 i_ca=$2 i_section=$3
	shift 3
	key_and_request "$i_name" "$i_name" &&
	    openssl ca -batch -notext -config conf -extensions "$i_section" \
		-cert "$i_ca.crt" -keyfile "$i_ca.key" -in "$i_name.csr" \
		-days 365 -out "$i_name.crt" "$@" 2>>log ||
	    bail "cannot issue $i_name: $(tail -n 3 log)"
}

# person NAME CA CRL-URL OCSP-URL ISSUER-URL: "" for none
person()
{
	{
		cat <<-EOT
		[person]
		basicConstraints = critical, CA:false
		keyUsage = critical, digitalSignature, nonRepudiation
		authorityKeyIdentifier = keyid:always
		EOT
		[ -z "$3" ] || echo "crlDistributionPoints = URI:$3"
		p_aia=
		[ -z "$4" ] || p_aia="OCSP;URI:$4"
		[ -z "$5" ] || p_aia="${p_aia:+$p_aia, }caIssuers;URI:$5"
		[ -z "$p_aia" ] || echo "authorityInfoAccess = $p_aia"
	} >"$1.ext"
	issue "$1" "$2" person -extfile "$1.ext"
}

# list NAME CA [OPTION...]: what CA says now is www/NAME.crl
list()
{
	l_name=$1 l_ca=$2
	shift 2
	"$@" openssl ca -gencrl -config conf -crlexts crlext -cert "$l_ca.crt" \
	    -keyfile "$l_ca.key" -out list.pem 2>>log &&
	    openssl crl -in list.pem -outform DER -out list.der &&
	    publish list.der "$l_name.crl" || bail "no list: $(tail -n 3 log)"
}

serial_of()
{
	openssl x509 -noout -serial -in "$1.crt" | cut -d = -f 2
}

# revoke NAME: from now on index says so
revoke()
{
	sed "s/^V\(.*\t\)\t$(serial_of "$1")\t/R\1$(date -u -d '1 hour ago' \
	    +%y%m%d%H%M%SZ),keyCompromise\t$(serial_of "$1")\t/" index >index.new &&
	    mv index.new index
}

# responder NAME SIGNER [WORD...]: what answers to /NAME; WORDs are options
responder()
{
	r_name=$1 r_signer=$2
	shift 2
	cat >"responses/$r_name" <<-EOT
	cd "$tmp" && ${wrapped-} openssl ocsp -index ${index-index} -CA ca.crt \
	    -rsigner $r_signer.crt -rkey $r_signer.key -reqin "\$1" \
	    -respout "\$1.out" ${*:--ndays 1} >/dev/null 2>>log
	cat "\$1.out"
	EOT
}

# office DIR LINE...: one that may reach the servers
office()
{
	mkdir "$1"
	{
		printf '[office]\norgan_id = T01.TEST\nname = Test\n'
		printf '[fetch]\nallow = localhost\n'
		shift
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$1/vanthu.conf"
}

# online: the servers, with all that web.conf and responses/ have by now
online()
{
	{
		echo "Listen 127.0.0.1:$web"
		[ ! -f web.conf ] || cat web.conf
	} >web.all && mv web.all web.conf
	apache web
	serve evil env LC_ALL=C perl "$data/evil-server.pl" "$evil"
	serve ocsp env LC_ALL=C perl "$data/responder.pl" "$ocsp" "$tmp/responses"
	for port in $web $evil $ocsp; do
		wait_port "$port" || bail "no server: $(cat ./*.error)"
	done
}

for name in root other-root; do
	key_and_request $name "$name" &&
	    openssl x509 -req -in $name.csr -signkey $name.key -days 3650 \
		-extfile conf -extensions root -out $name.crt 2>>log ||
	    bail "no $name"
done
issue ca root sub
issue other-ca other-root sub
issue responder ca responder
list root root
: >index
