#!/usr/bin/perl
# evil-server.pl PORT - a web server on loopback that answers by the path, badly
#
# Test material: each answer is one that a client must survive.  Standard error
# says what was asked for.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Compress::Gzip qw(gzip);
use Socket qw(SOL_SOCKET SO_LINGER);

my $server = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1',
    LocalPort => $ARGV[0], ReuseAddr => 1) or die "cannot listen: $!";
$SIG{CHLD} = 'IGNORE';
setpgrp; # who waits ends with this process
$SIG{TERM} = sub { $SIG{TERM} = 'IGNORE'; kill TERM => -$$; exit };
my $ok = "HTTP/1.1 200 OK\r\n";
my $close = "Connection: close\r\n";

sub json
{
	my ($s, $t) = @_;
	$t = "{\"status\":$t}";
	print $s "${ok}Content-Length: ", length $t, "\r\n\r\n$t";
}

sub spin { my ($s, $piece) = @_; while (1) { print $s $piece or exit } }
sub drip
{
	my ($s, $piece) = @_;
	while (1) { print $s $piece or exit; sleep 1 }
}

my %answers = (
	hang => sub { sleep 60 },
	drip => sub { my $s = shift; print $s "${ok}Content-Length: 100\r\n\r\n";
	    drip($s, 'x') },
	trickle => sub { my $s = shift;
	    print $s "${ok}Content-Length: 1000000\r\n\r\n";
	    while (1) { print $s 'x' x 100 or exit;
		select undef, undef, undef, 0.5 } },
	'drip-head' => sub { my $s = shift; print $s $ok; drip($s, "A: b\r\n") },
	half => sub { print {$_[0]} "${ok}Content-Length: 100\r\n${close}\r\nhalf" },
	'half-chunk' => sub { print {$_[0]}
	    "${ok}Transfer-Encoding: chunked\r\n${close}\r\n5\r\nhello\r\n" },
	reset => sub { my $s = shift; print $s "${ok}Content-Length: 100\r\n\r\nx";
	    setsockopt($s, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) },
	nothing => sub { },
	'not-http' => sub { print {$_[0]} "220 mail ready\r\n" },
	old => sub { print {$_[0]} "just text, as of HTTP/0.9\n" },
	heads => sub { my $s = shift; print $s $ok;
	    spin($s, 'X-A: ' . 'b' x 1000 . "\r\n") },
	'long-head' => sub { my $s = shift; print $s $ok . 'X-A: ';
	    spin($s, 'b' x 1000) },
	continues => sub { spin($_[0], "HTTP/1.1 100 Continue\r\n\r\n") },
	trailers => sub { my $s = shift; print $s $ok .
	    "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n";
	    spin($s, "A: b\r\n") },
	endless => sub { my $s = shift; print $s "${ok}\r\n";
	    spin($s, 'x' x 10000) },
	'endless-chunks' => sub { my $s = shift; print $s
	    "${ok}Transfer-Encoding: chunked\r\n\r\n";
	    spin($s, "3e8\r\n" . 'x' x 1000 . "\r\n") },
	'endless-404' => sub { my $s = shift;
	    print $s "HTTP/1.1 404 No\r\n\r\n"; spin($s, 'x' x 10000) },
	'endless-503' => sub { my $s = shift;
	    print $s "HTTP/1.1 503 No\r\n\r\n"; spin($s, 'x' x 10000) },
	'endless-redirect' => sub { my $s = shift; print $s
	    "HTTP/1.1 302 Go\r\nLocation: /good\r\n\r\n"; spin($s, 'x' x 10000) },
	'claims-much' => sub { print {$_[0]}
	    "${ok}Content-Length: 99999999999\r\n\r\nx" },
	'claims-more' => sub { print {$_[0]}
	    "${ok}Content-Length: 99999999999999999999999\r\n\r\nx" },
	'claims-less' => sub { print {$_[0]} "${ok}Content-Length: -1\r\n\r\nx" },
	gzip => sub { print {$_[0]} "${ok}Content-Encoding: gzip\r\n" .
	    "Content-Length: 4\r\n\r\nasis" },
	good => sub { print {$_[0]} "${ok}Content-Length: 5\r\n\r\ngood\n" },
	partial => sub { print {$_[0]}
	    "HTTP/1.1 206 Some\r\nContent-Length: 1\r\n\r\nx" },
	'no-content' => sub { print {$_[0]} "HTTP/1.1 204 None\r\n\r\n" },
	upgrade => sub { print {$_[0]}
	    "HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" },
	cookie => sub { print {$_[0]} "HTTP/1.1 302 Go\r\nLocation: /echo\r\n" .
	    "Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n" },
	auth => sub { print {$_[0]} "HTTP/1.1 401 Who\r\n" .
	    "WWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n" },
	nowhere => sub { print {$_[0]} "HTTP/1.1 302 Go\r\n\r\n" },
	'odd-place' => sub { print {$_[0]}
	    "HTTP/1.1 302 Go\r\nLocation: http://a b/\r\n\r\n" },
	later => sub { print {$_[0]} "HTTP/1.1 503 Later\r\nRetry-After: 7200\r\n" .
	    "Content-Length: 2\r\n\r\nno" },
	html => sub { my $t = '<html><body>{"status":"OK"}</body></html>';
	    print {$_[0]} "${ok}Content-Length: ", length $t, "\r\n\r\n$t" },
	'axis-later' => sub { json($_[0], '"FAIL","ErrorCode":"20","ErrorDesc":"Ban"') },
	'axis-no' => sub { json($_[0], '"FAIL","ErrorCode":"18","ErrorDesc":"Khong co"') },
	'axis-object' => sub { json($_[0], '"OK","data":{"rows":[{"docId":"a"}]}') },
	'axis-nothing' => sub { json($_[0], '"OK","data":null,"ErrorCode":0') },
	'axis-nameless' => sub { json($_[0],
	    '"OK","data":[{"docId":"a b"},{"docId":["x"]},{}]') },
	'axis-number' => sub { json($_[0], '"OK","data":[{"docId":17}]') },
	'axis-stall' => sub { print {$_[0]}
	    "${ok}Content-Length: 99\r\n\r\n{\"status\":"; sleep 60 },
	'axis-cut' => sub { json($_[0], '"OK","ErrorC') },
	'axis-gzip' => sub { my ($s, $z) = (shift);
	    my $t = '{"status":"FAIL","ErrorCode":"18","ErrorDesc":"Da nen"}';
	    gzip(\$t, \$z); print $s "${ok}Content-Encoding: gzip\r\n" .
	    'Content-Length: ' . length($z) . "\r\n\r\n$z" },
	'te-gzip' => sub { my ($s, $z) = (shift); my $t = "good\n";
	    gzip(\$t, \$z); print $s "${ok}Transfer-Encoding: gzip, chunked\r\n" .
	    sprintf("\r\n%x\r\n%s\r\n0\r\n\r\n", length $z, $z) },
	'te-many' => sub { print {$_[0]} $ok .
	    "Transfer-Encoding: gzip\r\n" x 3 . "\r\nx" },
	'axis-gzip-gzip' => sub { print {$_[0]} $ok .
	    "Content-Encoding: gzip\r\n" x 2 . "\r\nx" },
	bomb => sub { my ($s, $z) = (shift); my $t = "\0" x (8 << 20);
	    gzip(\$t, \$z); print $s "${ok}Content-Encoding: gzip\r\n" .
	    'Content-Length: ' . length($z) . "\r\n\r\n$z" },
	'far-place' => sub { print {$_[0]} "HTTP/1.1 302 Go\r\nLocation: /" .
	    'x' x 3000 . "\r\n\r\n" },
);

while (my $s = $server->accept) {
	my $pid = fork;
	if ($pid) {
		close $s;
		next;
	}
	$SIG{TERM} = 'DEFAULT';
	close $server;
	alarm 60;
	$s->autoflush(1);
	my $head = '';
	while (my $line = <$s>) {
		$head .= $line;
		last if $line eq "\r\n";
	}
	my ($path) = $head =~ m{^\w+ /(\S*)};
	$path = '' unless defined $path;
	print STDERR "/$path\n";
	# of a client that calls by name: "/vxp/ANSWER/CALL", or of one of folders:
	# "/dav/ANSWER/ORGAN/FILE", with a body to be taken first
	$path =~ s{^(vxp/.*)/v1/(\w+)(?:\?.*)?$}{$1/$2}; # a platform's
	if (($path =~ s{^vxp/(.*)/\w+$}{$1} ||
	    $path =~ s{^dav/(.*)/[^/]+/[^/]*$}{$1}) &&
	    $head =~ /^Content-Length: (\d+)/mi) {
		my $left = $1;
		while ($left > 0) {
			my $n = read $s, my $piece, $left < 65536 ? $left : 65536;
			last unless $n;
			$left -= $n;
		}
	}
	if ($path eq 'echo') {
		my ($n) = $head =~ /^Content-Length: (\d+)/mi;
		my $body = '';
		read $s, $body, $n if $n;
		my $all = $head . $body;
		print $s "${ok}Content-Length: ", length $all, "\r\n\r\n$all";
	} elsif ($path =~ m{^status/(\d+)$}) {
		print $s "HTTP/1.1 $1 Said\r\nContent-Length: 2\r\n\r\nno";
	} elsif ($path =~ m{^to/(\d+)/(.*)$}) { # a redirect to anything
		print $s "HTTP/1.1 $1 Go\r\nLocation: $2\r\n" .
		    "Content-Length: 0\r\n\r\n";
	} elsif ($path =~ m{^loop/(\d+)$}) {
		my $next = $1 > 1 ? 'loop/' . ($1 - 1) : 'good';
		print $s "HTTP/1.1 302 Go\r\nLocation: /$next\r\n" .
		    "Content-Length: 0\r\n\r\n";
	} elsif ($path =~ m{^head/(\d+)$}) { # headers of so many bytes
		my $all = "${ok}Content-Length: 5\r\nX-A: ";
		print $s $all . 'b' x ($1 - 4 - length $all) . "\r\n\r\ngood\n";
	} elsif ($path =~ m{^answer/(\d+)$}) { # of an axis, with blanks behind it
		my $t = '{"status":"FAIL","ErrorCode":"18","ErrorDesc":"Dai"}';
		print $s "${ok}Content-Length: $1\r\n\r\n$t" .
		    ' ' x ($1 - length $t);
	} elsif ($answers{$path}) {
		$answers{$path}->($s);
	} else {
		print $s "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
	}
	close $s;
	exit;
}
