#!/usr/bin/perl
# wire.pl PORT SYSTEMID SECRETFILE SCRIPT... - the official client, byte by byte
#
# A test client over plain HTTP that speaks as the official Java client was seen
# to (order of headers, a time stamp taken once, values kept from call to call,
# empty bodies, Expect: 100-continue).  Each SCRIPT is one call; its answer's
# status and body go to standard output:
#
#	send FILE NAME=VALUE...	sendEdoc; hash-file is made unless it is given
#	post CALL NAME=VALUE...	an empty body, as for lists
#	json CALL NAME=VALUE...	"{}" behind Expect: 100-continue
#	get CALL NAME=VALUE...
#	body TEXT CALL NAME=VALUE...	another body
#	raw TEXT		these bytes, with \r, \n and \t as escapes
#	sleep SECONDS
#	forget			a new service object: no older values
#	secret TEXT		another secret; stamp TEXT: another time stamp
#
# NAME "-H" adds a plain header, unsigned.  VALUE "@FILE" is that file's line.
use strict;
use warnings;
use IO::Socket::INET;
use Digest::SHA qw(hmac_sha256_hex sha256);
use POSIX qw(strftime);

my ($port, $id, $secret_file, @scripts) = @ARGV;
open my $in, '<', $secret_file or die "$secret_file: $!";
chomp(my $secret = <$in>);
my $stamp = strftime('%d%m%YT%H%M%S', gmtime(time + 7 * 3600)) . '+0856';
my (%kept, @order);
my ($s, $plain);
$| = 1;

sub text { my $t = shift; $t =~ s/(["\\])/\\$1/g; "\"$t\"" }

# as createContentHA256 does: no zero before a digit that stands alone
sub hash_of { join '', map { sprintf '%x', $_ } unpack 'C*', sha256(shift) }

sub keep
{
	my ($name, $value) = @_;
	push @order, $name unless exists $kept{$name};
	$kept{$name} = $value;
}

sub headers
{
	my ($type) = @_;
	my @pairs = (map({ [$_, $kept{$_}] } @order), ['timestamp', $stamp],
	    ['Content-Type', $type]);
	@pairs = (['systemid', $id], @pairs);
	my $sign = '{' . join(',', map { text("XroadVnpt-$_->[0]") . ':' .
	    text($_->[1]) } @pairs) . '}';
	return "Content-Type: $type\r\n" .
	    join('', map { "XroadVnpt-$_->[0]: $_->[1]\r\n" } @pairs) .
	    'XroadVnpt-sign-header-key: ' .
	    join(';', map { $_->[0] } @pairs) . "\r\n" .
	    "XroadVnpt-sign-header: $sign\r\n" .
	    'XroadVnpt-hash-header: ' . hmac_sha256_hex($sign, $secret) .
	    "\r\nUser-Agent: JAVASDKAgent/1.0.0 XRoad/VPCP\r\n" .
	    "XroadVnpt-version: 3.0.201608\r\nHost: 127.0.0.1:$port\r\n" .
	    $plain;
}

sub answer
{
	my ($head, $body) = ('', '');
	while (1) {
		$head = '';
		while (defined(my $line = <$s>)) {
			$head .= $line;
			last if $line eq "\r\n";
		}
		last unless $head =~ m{^HTTP/1.1 100};
	}
	my ($status) = $head =~ m{^HTTP/1.1 (\d+)};
	my ($len) = $head =~ /^Content-Length: (\d+)/mi;
	read $s, $body, $len if $len;
	print defined $status ? $status : 'none', " $body\n";
	undef $s if $head !~ /\r\n\r\n$/ || $head =~ /^Connection: close/mi;
}

sub call
{
	my ($method, $call, $type, $body, $expect) = @_;
	$s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") or
	    die "cannot connect: $!" unless $s;
	$s->autoflush(1);
	binmode $s;
	print $s "$method /XrdAdapter/adapter/$call HTTP/1.1\r\n", headers($type);
	print $s 'Content-Length: ', length $body, "\r\n" if $method ne 'GET';
	print $s "Expect: 100-continue\r\n" if $expect;
	print $s "\r\n";
	if ($expect) { # wait for the word, as it does
		my $line = <$s> // '';
		if ($line !~ m{^HTTP/1.1 100}) {
			print "no 100: $line";
			undef $s;
			return;
		}
		<$s>;
	}
	print $s $body;
	answer();
}

$SIG{PIPE} = 'IGNORE';
for my $script (@scripts) {
	my ($verb, @words) = split ' ', $script;
	$plain = '';
	if ($verb eq 'sleep') { select undef, undef, undef, $words[0]; next }
	if ($verb eq 'forget') { %kept = (); @order = (); next }
	if ($verb eq 'secret') { $secret = $words[0]; next }
	if ($verb eq 'stamp') { $stamp = $words[0]; next }
	if ($verb eq 'raw') {
		my $t = $script;
		$t =~ s/^raw //;
		$t =~ s/\\r/\r/g; $t =~ s/\\n/\n/g; $t =~ s/\\t/\t/g;
		$s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port");
		binmode $s;
		print $s $t;
		$s->flush;
		answer();
		undef $s;
		next;
	}
	my $body = '';
	my $first = shift @words;
	my $call = $verb eq 'body' ? shift @words : $first;
	my %given;
	for my $word (@words) {
		my ($name, $value) = split /=/, $word, 2;
		if ($value =~ s/^\@//) {
			open my $f, '<', $value or die "$value: $!";
			$value = <$f>;
		}
		$value =~ s/%20/ /g; $value =~ s/%0D/\r/g; $value =~ s/%0A/\n/g;
		if ($name =~ /^-(.*)/) { $plain .= "$1: $value\r\n" }
		else { $given{$name} = $value }
	}
	if ($verb eq 'send') {
		open my $f, '<:raw', $first or die "$first: $!";
		local $/;
		$body = <$f>;
		keep(servicetype => 'eDoc');
		keep(messagetype => delete $given{messagetype} // 'edoc');
		keep('hash-file' => delete $given{'hash-file'} // hash_of($body));
		keep(from => delete $given{from} // $id);
	}
	keep($_, $given{$_}) for sort keys %given;
	if ($verb eq 'send') {
		call('POST', 'sendEdoc', 'application/octet-stream',
		    "$body\r\n", 0);
	} elsif ($verb eq 'post') { call('POST', $call, 'application/json', '', 0) }
	elsif ($verb eq 'json') { call('POST', $call, 'application/json', '{}', 1) }
	elsif ($verb eq 'get') { call('GET', $call, 'application/json', '', 0) }
	else { $first =~ s/%20/ /g;
	    call('POST', $call, 'application/json', $first, 0) }
}
