#!/bin/sh
# make.sh DIR - make the test PKI: keys, certificates, lists, stores
#
# Everything in DIR is test material: the names say so, the passphrases are in
# files beside it.  What is there already and was made by this very script is
# left alone.  Keys are new each time; all else is the same.  See README.md.
set -eu
umask 077
LC_ALL=C
export LC_ALL

[ $# -eq 1 ] || {
	echo "usage: make.sh DIR" >&2
	exit 2
}
dest=$1
made=$(openssl version; cksum < "$0")
[ "$(cat "$dest/.made" 2>/dev/null || :)" != "$made" ] || exit 0

mkdir -p "$(dirname "$dest")"
dir=$(mktemp -d "$dest.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
here=$PWD
case $dest in /*) ;; *) dest=$here/$dest dir=$here/$dir ;; esac
cd "$dir"
mkdir .ca
exec 3> .ca/log

die()
{
	echo "make.sh: $*" >&2
	tail -n 5 .ca/log >&2
	exit 1
}

ssl()
{
	openssl "$@" >&3 2>&3 || die "openssl $*"
}

cat > .ca/conf <<'EOF'
[ca]
default_ca = any
[any]
database = .ca/index
new_certs_dir = .ca
crlnumber = .ca/crlnumber
rand_serial = yes
unique_subject = no
default_md = sha256
policy = policy
email_in_dn = yes
copy_extensions = copy
utf8 = yes
[policy]
commonName = supplied
[req]
distinguished_name = dn
string_mask = utf8only
utf8 = yes
prompt = no
[dn]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[sub]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
certificatePolicies = 2.5.29.32.0
crlDistributionPoints = URI:http://pki.test.invalid/root.crl
[person]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = clientAuth, emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
certificatePolicies = 1.3.6.1.4.1.99999.1
crlDistributionPoints = URI:http://pki.test.invalid/ca.crl
authorityInfoAccess = caIssuers;URI:http://pki.test.invalid/ca.crt, OCSP;URI:http://ocsp.test.invalid
[server]
basicConstraints = critical, CA:false
keyUsage = critical, keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[ocsp]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = yes
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[crl]
authorityKeyIdentifier = keyid:always
EOF

# key NAME KIND: NAME.key, PKCS#8 in PEM.
key()
{
	case $2 in
	rsa*) set -- "$1" -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" ;;
	pss*) set -- "$1" -algorithm RSA-PSS \
	    -pkeyopt "rsa_keygen_bits:${2#pss}" ;;
	p*) set -- "$1" -algorithm EC -pkeyopt "ec_paramgen_curve:P-${2#p}" ;;
	esac
	name=$1
	shift
	ssl genpkey "$@" -out "$name.key"
}

# cert NAME KIND ISSUER SECTION BEFORE AFTER SUBJECT [OPTION...]
# NAME.key and NAME.crt; ISSUER "self" for a root.
cert()
{
	name=$1 kind=$2 issuer=$3 section=$4 before=$5 after=$6 subject=$7
	shift 7
	key "$name" "$kind"
	ssl req -new -config .ca/conf -key "$name.key" -out .ca/req \
	    -subj "$subject"
	: > .ca/index
	if [ "$issuer" = self ]; then
		set -- "$@" -selfsign -keyfile "$name.key"
	else
		set -- "$@" -cert "$issuer.crt" -keyfile "$issuer.key"
	fi
	ssl ca -batch -notext -preserveDN -config .ca/conf -extfile .ca/conf \
	    -extensions "$section" -startdate "$before" -enddate "$after" \
	    -in .ca/req -out "$name.crt" "$@"
}

# crl NAME CA THIS NEXT [REVOKED DATE,REASON]...
crl()
{
	name=$1 ca=$2 this=$3 next=$4
	shift 4
	: > .ca/index
	while [ $# -gt 1 ]; do
		serial=$(openssl x509 -noout -serial -in "$1.crt")
		printf 'R\t491231235959Z\t%s\t%s\tunknown\t/CN=%s\n' \
		    "$2" "${serial#*=}" "$1" >> .ca/index
		shift 2
	done
	echo 01 > .ca/crlnumber
	ssl ca -gencrl -config .ca/conf -crlexts crl -cert "$ca.crt" \
	    -keyfile "$ca.key" -crl_lastupdate "$this" \
	    -crl_nextupdate "$next" -out "$name.crl"
}

# p12 FILE NAME PASSFILE [OPTION...]
p12()
{
	file=$1 name=$2 pass=$3
	shift 3
	ssl pkcs12 -export -inkey "$name.key" -in "$name.crt" -name "$name" \
	    -passout "file:$pass" -out "$file" "$@"
}

from=20200101000000Z until=20491231235959Z
far=20591231235959Z

# ---- the official-duty tree ----
cert duty-root rsa2048 self root $from $far \
    '/C=VN/O=Ban Cơ yếu Chính phủ (TEST)/CN=Cơ quan chứng thực số chuyên dùng Chính phủ gốc (TEST)'
cert duty-ca rsa2048 duty-root sub $from $until \
    '/C=VN/O=Ban Cơ yếu Chính phủ (TEST)/CN=Cơ quan chứng thực số chuyên dùng công vụ (TEST)'
cert officer rsa2048 duty-ca person $from $until \
    '/C=VN/L=Quảng Ngãi/O=Ủy ban nhân dân tỉnh Thử Nghiệm/OU=Văn phòng Ủy ban nhân dân tỉnh/OU=Lãnh đạo/CN=Nguyễn Thị Lấp Lánh Ánh (TEST)/UID=CCCD:051088000001/emailAddress=anh@test.invalid'
cert officer3072 rsa3072 duty-ca person $from $until \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/OU=Sở Nội vụ/CN=Trần Đức Ưởng (TEST)/UID=CCCD:051088000002/emailAddress=uong@test.invalid'
cert officer-ec p256 duty-ca person $from $until \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/OU=Sở Tài chính/CN=Lê Hoàng Vỹ (TEST)/UID=CCCD:051088000003/emailAddress=vy@test.invalid'
cert officer-pss pss2048 duty-ca person $from $until \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/OU=Sở Tư pháp/CN=Phạm Thị Ngà (TEST)/UID=CCCD:051088000004/emailAddress=nga@test.invalid'
cert agency rsa2048 duty-ca person $from $until \
    '/C=VN/L=Quảng Ngãi/O=Ủy ban nhân dân tỉnh Thử Nghiệm/CN=Ủy ban nhân dân tỉnh Thử Nghiệm (TEST)/UID=MST:4300000001/emailAddress=vanthu@test.invalid'
cert agency2 p256 duty-ca person $from $until \
    '/C=VN/O=Sở Nội vụ tỉnh Thử Nghiệm/CN=Sở Nội vụ tỉnh Thử Nghiệm (TEST)/UID=MST:4300000002/emailAddress=vanthu.snv@test.invalid'
cert tsa rsa2048 duty-ca tsa $from $until \
    '/C=VN/O=Ban Cơ yếu Chính phủ (TEST)/CN=Dịch vụ cấp dấu thời gian (TEST)'
cert ocsp p256 duty-ca ocsp $from $until \
    '/C=VN/O=Ban Cơ yếu Chính phủ (TEST)/CN=Dịch vụ OCSP (TEST)'
cert revoked p256 duty-ca person $from $until \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/CN=Người bị thu hồi chứng thư (TEST)/UID=CCCD:051088000005'
cert expired p256 duty-ca person 20200101000000Z 20211231235959Z \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/CN=Người có chứng thư hết hạn (TEST)/UID=CCCD:051088000006'
cert notyet p256 duty-ca person 20480101000000Z $until \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/CN=Người có chứng thư chưa có hiệu lực (TEST)/UID=CCCD:051088000007'
cert wrongusage p256 duty-ca server $from $until \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/CN=may-chu.test.invalid (TEST)'
cert weak-rsa1024 rsa1024 duty-ca person $from $until \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/CN=Người dùng khóa ngắn (TEST)/UID=CCCD:051088000008'
cert weak-sha1 p256 duty-ca person $from $until \
    '/C=VN/O=Ủy ban nhân dân tỉnh Thử Nghiệm/CN=Người có chứng thư SHA-1 (TEST)/UID=CCCD:051088000009' \
    -md sha1

# ---- the public tree ----
cert public-root rsa2048 self root $from $far \
    '/C=VN/O=Bộ Khoa học và Công nghệ (TEST)/OU=Trung tâm Chứng thực điện tử quốc gia/CN=Vietnam National Root CA (TEST)'
cert public-ca p384 public-root sub $from $until \
    '/C=VN/O=CÔNG TY CỔ PHẦN CHỮ KÝ SỐ THỬ NGHIỆM/CN=ThuNghiem-CA (TEST)'
cert public-officer rsa2048 public-ca person $from $until \
    '/C=VN/ST=Hà Nội/O=Công ty TNHH Đồng Tiến Thử Nghiệm/CN=Đỗ Văn Ổn (TEST)/UID=CCCD:001088000001/emailAddress=on@test.invalid'
cert public-org p256 public-ca person $from $until \
    '/C=VN/ST=Hà Nội/O=Công ty TNHH Đồng Tiến Thử Nghiệm/CN=Công ty TNHH Đồng Tiến Thử Nghiệm (TEST)/UID=MST:0100000001'

# ---- nobody's: the duty tree's names on other keys ----
cert impostor-root p256 self root $from $far \
    '/C=VN/O=Ban Cơ yếu Chính phủ (TEST)/CN=Cơ quan chứng thực số chuyên dùng Chính phủ gốc (TEST)'
cert impostor-ca p256 impostor-root sub $from $until \
    '/C=VN/O=Ban Cơ yếu Chính phủ (TEST)/CN=Cơ quan chứng thực số chuyên dùng công vụ (TEST)'
cert impostor p256 impostor-ca person $from $until \
    '/C=VN/L=Quảng Ngãi/O=Ủy ban nhân dân tỉnh Thử Nghiệm/OU=Văn phòng Ủy ban nhân dân tỉnh/OU=Lãnh đạo/CN=Nguyễn Thị Lấp Lánh Ánh (TEST)/UID=CCCD:051088000001/emailAddress=anh@test.invalid'

# ---- revocation lists ----
issued=20250101000000Z
crl duty-root duty-root $issued $until
crl duty-ca duty-ca $issued $until revoked 240601000000Z,keyCompromise
crl public-root public-root $issued $until
crl public-ca public-ca $issued $until
crl impostor-root impostor-root $issued $until
crl impostor-ca impostor-ca $issued $until
# Lists that prove nothing today: out of date; the right name, another key.
crl duty-ca-stale duty-ca 20230101000000Z 20230201000000Z
cp impostor-ca.crl duty-ca-forged.crl

# ---- the same in other shapes ----
cat duty-ca.crt duty-root.crt > duty-chain.crt
cat public-ca.crt public-root.crt > public-chain.crt
ssl crl2pkcs7 -nocrl -certfile duty-chain.crt -outform DER -out duty.p7b
ssl x509 -in duty-ca.crt -outform DER -out duty-ca.der
ssl x509 -in officer.crt -outform DER -out officer.der
ssl crl -in duty-ca.crl -outform DER -out duty-ca.crl.der
mkdir -p trust/anchors trust/intermediates trust/crls anchors
cp duty-root.crt public-root.crt trust/anchors
cp duty-root.crt public-root.crt anchors
cp duty-ca.crt public-ca.crt trust/intermediates
cp duty-root.crl duty-ca.crl public-root.crl public-ca.crl trust/crls

# ---- keys in their wrappings ----
printf 'test-passphrase\n' > passphrase
printf 'wrong-passphrase\n' > passphrase.wrong
printf 'mật khẩu thử\n' > passphrase.utf8
for name in officer officer3072 officer-ec officer-pss agency agency2; do
	p12 $name.p12 $name passphrase -certfile duty-chain.crt
done
for name in public-officer public-org; do
	p12 $name.p12 $name passphrase -certfile public-chain.crt
done
for name in revoked expired notyet wrongusage weak-rsa1024 weak-sha1; do
	p12 $name.p12 $name passphrase -certfile duty-chain.crt
done
p12 impostor.p12 impostor passphrase -certfile impostor-ca.crt
p12 officer-leaf.p12 officer passphrase
p12 agency-leaf.p12 agency passphrase
p12 officer-utf8.p12 officer passphrase.utf8 -certfile duty-chain.crt
ssl pkcs8 -topk8 -in officer.key -passout file:passphrase -out officer-enc.key
ssl pkcs12 -export -nokeys -in officer.crt -passout file:passphrase \
    -out nokey.p12

# A PKCS#12 whose MAC asks for 2^31 - 1 rounds: hours, if one obeys.
p12 .ca/plain.p12 officer passphrase -keypbe NONE -certpbe NONE -nomac
at=$(openssl asn1parse -inform DER -in .ca/plain.p12 |
    sed -n 's/^ *\([0-9]*\):d=3 .*OCTET STRING.*/\1/p')
ssl asn1parse -inform DER -in .ca/plain.p12 -strparse "$at" -noout \
    -out .ca/safe
hex=$(od -An -v -tx1 < .ca/safe | tr -d ' \n')
cat > .ca/bomb <<EOF
asn1 = SEQUENCE:pfx
[pfx]
version = INTEGER:3
safe = SEQUENCE:safe
mac = SEQUENCE:mac
[safe]
type = OID:pkcs7-data
data = EXPLICIT:0,FORMAT:HEX,OCTETSTRING:$hex
[mac]
digest = SEQUENCE:digest
salt = FORMAT:HEX,OCTETSTRING:0102030405060708
rounds = INTEGER:2147483647
[digest]
algorithm = SEQUENCE:algorithm
value = FORMAT:HEX,OCTETSTRING:0000000000000000000000000000000000000000000000000000000000000000
[algorithm]
oid = OID:sha256
null = NULL
EOF
ssl asn1parse -genconf .ca/bomb -noout -out bomb.p12

# ---- time stamps over "stamped", as a real authority gives them ----
cat > .ca/tsa.conf <<'EOT'
[tsa]
default_tsa = any
[any]
serial = .ca/tsa-serial
crypto_device = builtin
signer_cert = tsa.crt
signer_key = tsa.key
certs = duty-chain.crt
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha1, sha256, sha384, sha512
accuracy = secs:1, millisecs:500
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
EOT
printf 'stamped\n' > stamped
# stamp NAME DIGEST OPTION...: NAME.tsq and NAME.tsr, and the token alone
stamp()
{
	name=$1 digest=$2
	shift 2
	ssl ts -query -data stamped "-$digest" "$@" -out "$name.tsq"
	ssl ts -reply -config .ca/tsa.conf -section any -queryfile "$name.tsq" \
	    -out "$name.tsr"
	ssl ts -reply -config .ca/tsa.conf -section any -in "$name.tsr" \
	    -token_out -out "$name.tst"
}
stamp stamp sha256 -cert
stamp stamp-leafless sha512
stamp stamp-sha1 sha1 -cert

rm -rf .ca
printf '%s\n' "$made" > .made
cd "$here"
rm -rf "$dest"
mv "$dir" "$dest"
