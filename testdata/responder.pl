#!/usr/bin/perl
# responder.pl PORT DIR - an OCSP responder on loopback, by `openssl ocsp`
#
# Test material.  A request to /NAME goes to the shell script DIR/NAME, as the
# file that is its argument; what it prints is the answer.  `openssl ocsp -port`
# would listen on every address of the machine.
use strict;
use warnings;
use IO::Socket::INET;

my ($port, $dir) = @ARGV;
my $server = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1',
    LocalPort => $port, ReuseAddr => 1) or die "cannot listen: $!";
my $n = 0;
$SIG{PIPE} = 'IGNORE'; # whoever asked may have gone
$| = 1;
binmode STDOUT;

while (my $s = $server->accept) {
	my ($head, $body) = ('', '');
	while (my $line = <$s>) {
		$head .= $line;
		last if $line eq "\r\n";
	}
	my ($method, $name) = $head =~ m{^(\w+) /([\w-]+) };
	my ($length) = $head =~ /^Content-Length: (\d+)/mi;
	my ($type) = $head =~ /^Content-Type: (\S+)/mi;
	if (!$name || !-f "$dir/$name" || $method ne 'POST' ||
	    $type ne 'application/ocsp-request') {
		print "refused\n";
		print $s "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n";
		close $s;
		next;
	}
	read $s, $body, $length;
	my $file = "$dir/.request" . $n++;
	open my $out, '>', $file or die;
	binmode $out;
	print $out $body;
	close $out;
	my $answer = `sh '$dir/$name' '$file'`;
	print "$name\n";
	print $s "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\n" .
	    'Content-Length: ' . length($answer) . "\r\n\r\n$answer";
	close $s;
}
