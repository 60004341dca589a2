#!/bin/sh
# Time stamps by `openssl ts`, of any day, on signatures by `openssl cms`: which
# time is proven, what it is worth, and what is told of it
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have openssl faketime perl jq ||
    skip_all 'openssl, faketime, perl or jq is not installed'
VANTHU_HOME=$tmp/none
export VANTHU_HOME

cat >tsa.conf <<END
[tsa]
default_tsa = any
[any]
serial = serial
crypto_device = builtin
signer_cert = $pki/tsa.crt
signer_key = $pki/tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha1, sha256, sha384, sha512
ess_cert_id_alg = sha256
[ca]
default_ca = ca_any
[ca_any]
database = index
crlnumber = crlnumber
default_md = sha256
[crl]
authorityKeyIdentifier = keyid:always
END
: >index
echo 01 >crlnumber
printf 'signed\n' >text
# A list of when the expired one still had its certificate.
openssl ca -gencrl -config tsa.conf -crlexts crl -cert "$pki/duty-ca.crt" \
    -keyfile "$pki/duty-ca.key" -crl_lastupdate 20211201000000Z \
    -crl_nextupdate 20220101000000Z -out old.crl 2>/dev/null ||
    bail 'no list could be made'

# stamp.pl MESSAGE [TOKEN]: prints the signature's value, or the message with
# the token added.
cat >stamp.pl <<'END'
use strict;
use warnings;
binmode STDOUT;
# One element at POS of S: tag, where its value begins, where it ends.
sub tlv {
	my ($s, $pos) = @_;
	my ($tag, $len) = unpack("x$pos C C", $s);
	my $at = $pos + 2;
	if ($len >= 128) {
		my $n = $len - 128;
		$len = 0;
		$len = $len * 256 + $_ for unpack("x$at C$n", $s);
		$at += $n;
	}
	return ($tag, $at, $at + $len);
}
sub der {
	my ($tag, $value) = @_;
	my $n = length $value;
	my $len = $n < 128 ? pack("C", $n) : pack("C N", 0x84, $n);
	$len = pack("C n", 0x82, $n) if $n > 255 && $n < 65536;
	$len = pack("C C", 0x81, $n) if $n > 127 && $n < 256;
	return pack("C", $tag) . $len . $value;
}
sub children {
	my ($s) = @_;
	my ($pos, @all) = (0);
	while ($pos < length $s) {
		my (undef, undef, $end) = tlv($s, $pos);
		push @all, substr($s, $pos, $end - $pos);
		$pos = $end;
	}
	return @all;
}
sub inner {
	my ($tag, $at, $end) = tlv($_[0], 0);
	return substr($_[0], $at, $end - $at);
}
sub slurp {
	open(my $f, "<:raw", $_[0]) or die;
	local $/;
	return scalar <$f>;
}
my ($type, $wrapped) = children(inner(slurp($ARGV[0])));
my @data = children(inner(inner($wrapped)));
my @info = children(inner(inner($data[-1])));
my ($value) = grep { ord($_) == 4 } @info;
if (@ARGV == 1) {
	print inner($value);
	exit;
}
my $oid = "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e";
push @info, der(0xa1, der(0x30, $oid . der(0x31, slurp($ARGV[1]))));
$data[-1] = der(0x31, der(0x30, join("", @info)));
print der(0x30, $type . der(0xa0, der(0x30, join("", @data))));
END

# signs WHO TIME FILE: a signature with the text inside
signs()
{
	faketime -f "$2" openssl cms -sign -cades -binary -nodetach \
	    -outform DER -in text -signer "$pki/$1.crt" -inkey "$pki/$1.key" \
	    -out "$3" 2>/dev/null || bail "openssl cms: $1"
}

# token TIME FILE [DIGEST]: of that time, over FILE, in FILE.tst
token()
{
	openssl ts -query -data "$2" "-${3-sha256}" -cert -out query 2>/dev/null
	faketime -f "$1" openssl ts -reply -config tsa.conf -section any \
	    -queryfile query -token_out -out "$2.tst" 2>/dev/null ||
	    bail "openssl ts: $1"
}

# stamped WHO SIGNED STAMPED FILE: a signature of one time with a stamp of
# another
stamped()
{
	signs "$1" "$2" bare.p7m
	LC_ALL=C perl stamp.pl bare.p7m >value
	token "$3" value
	LC_ALL=C perl stamp.pl bare.p7m value.tst >"$4"
}

# judge FILE ARG...: the JSON is in $out, the status in $status
judge()
{
	judged=$1
	shift
	vanthu-verify --offline --json --trust "$pki/duty-root.crt" \
	    --chain "$pki/duty-ca.crt" --crl "$pki/trust/crls" \
	    --crl old.crl "$@" "$judged" >"$out" 2>"$err"
	status=$?
}

# says 'what' STATUS VERDICT REASON LEVEL TIMESTAMP STAMPS
says()
{
	is "$1: exit" "$status" "$2"
	is "$1" "$(jq -r '.signatures[0] | [.verdict, .reason, .level // "-",
	    .timestamp // "-", ([.timestamps[] | .kind + " " + .verdict + " " +
	    .reason + " " + .time] | join(", "))] | join("; ")' "$out")" \
	    "$3; $4; $5; $6; $7"
}

# ---- a time stamp, or none ----
stamped officer '2026-01-10 08:00:00' '2026-01-10 08:00:05' a.p7m
judge a.p7m
says 'stamped in its time' 0 valid ok T 2026-01-10T08:00:05Z \
    'signature valid ok 2026-01-10T08:00:05Z'
is 'and judged as of that time' "$(jq -r '.signatures[0].judged_at' "$out")" \
    2026-01-10T08:00:05Z
like 'its authority is named' "$out" '"authority":"[^"]*dấu thời gian'
judge bare.p7m
says 'without a stamp' 0 valid ok B - ''
is 'it is judged as of now' "$(jq -r '.signatures[0].judged_at == .judged_at' \
    "$out")" true

signs expired '2021-06-01 00:00:00' bare.p7m
judge bare.p7m
says 'expired, and no stamp' 3 undetermined expired B - ''
stamped expired '2021-06-01 00:00:00' '2021-06-01 00:00:00' a.p7m
judge a.p7m
says 'expired after the stamp' 0 valid ok T 2021-06-01T00:00:00Z \
    'signature valid ok 2021-06-01T00:00:00Z'
stamped expired '2021-06-01 00:00:00' '2022-06-01 00:00:00' a.p7m
judge a.p7m
says 'expired before the stamp' 3 undetermined expired T \
    2022-06-01T00:00:00Z 'signature valid ok 2022-06-01T00:00:00Z'

stamped revoked '2024-05-01 00:00:00' '2024-05-01 00:00:00' a.p7m
judge a.p7m
says 'revoked after the stamp' 0 valid ok T 2024-05-01T00:00:00Z \
    'signature valid ok 2024-05-01T00:00:00Z'
stamped revoked '2024-05-01 00:00:00' '2024-07-01 00:00:00' a.p7m
judge a.p7m
says 'revoked before the stamp' 1 invalid revoked T \
    2024-07-01T00:00:00Z 'signature valid ok 2024-07-01T00:00:00Z'

# ---- stamps that prove nothing ----
stamped officer '2026-01-10 08:00:00' '2044-01-01 00:00:00' a.p7m
judge a.p7m
says 'a stamp of the future' 3 undetermined time-stamp-order T - \
    'signature undetermined time-stamp-order 2044-01-01T00:00:00Z'
signs officer '2026-01-10 08:00:00' bare.p7m
token '2026-01-10 08:00:00' text
LC_ALL=C perl stamp.pl bare.p7m text.tst >a.p7m
judge a.p7m
says 'a stamp of something else' 3 undetermined time-stamp-broken B - \
    'signature invalid time-stamp-broken 2026-01-10T08:00:00Z'
LC_ALL=C perl stamp.pl bare.p7m >value
token '2026-01-10 08:00:00' value sha1
LC_ALL=C perl stamp.pl bare.p7m value.tst >a.p7m
judge a.p7m
says 'a stamp by SHA-1' 0 valid ok T - \
    'signature invalid weak-algorithm 2026-01-10T08:00:00Z'

# ---- as of another day ----
stamped officer '2026-01-10 08:00:00' '2026-01-10 08:00:00' a.p7m
judge a.p7m --at 2026-01-01T00:00:00Z
says 'as of a day before the stamp' 3 undetermined time-stamp-order T - \
    'signature undetermined time-stamp-order 2026-01-10T08:00:00Z'
is 'the day is told' "$(jq -r .judged_at "$out")" 2026-01-01T00:00:00Z
judge a.p7m --at 2048-06-01
says 'as of a day long after it' 0 valid ok T 2026-01-10T08:00:00Z \
    'signature valid ok 2026-01-10T08:00:00Z'
judge a.p7m --at 2055-06-01
says 'when the authority has ended' 3 undetermined expired T - \
    'signature undetermined expired 2026-01-10T08:00:00Z'

# ---- seven hours off ----
for claim in 01:00:00 15:00:00; do
	stamped officer "2026-01-10 $claim" '2026-01-10 08:00:00' a.p7m
	judge a.p7m
	says "a claim of $claim" 0 valid ok T 2026-01-10T08:00:00Z \
	    'signature valid ok 2026-01-10T08:00:00Z'
	is 'it is found' "$(jq .signatures[0].claimed_shifted "$out")" true
	vanthu-verify --offline --trust "$pki/duty-root.crt" \
	    --chain "$pki/duty-ca.crt" --crl "$pki/trust/crls" a.p7m \
	    >text.out 2>&1
	like 'and told' text.out '7 hours off'
done
stamped officer '2026-01-10 07:59:00' '2026-01-10 08:00:00' a.p7m
judge a.p7m
is 'a claim of a minute before' \
    "$(jq .signatures[0].claimed_shifted "$out")" false

done_testing
