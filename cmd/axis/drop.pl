#!/usr/bin/perl
# drop.pl PORT AXISPORT [PATTERN] - a proxy on loopback that loses answers
#
# Those to requests whose first line matches PATTERN, a regular expression: the
# calls that send, unless said.  Whatever else is asked for is carried both ways.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($port, $axis, $pattern) = @ARGV;
$pattern //= '^POST \S*/sendEdoc ';
my $server = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1',
    LocalPort => $port, ReuseAddr => 1) or die "cannot listen: $!";
$SIG{CHLD} = 'IGNORE';
setpgrp;
$SIG{TERM} = sub { $SIG{TERM} = 'IGNORE'; kill TERM => -$$; exit };
while (my $s = $server->accept) {
	next if fork;
	$SIG{TERM} = 'DEFAULT';
	my $t = IO::Socket::INET->new("127.0.0.1:$axis") or exit;
	my $select = IO::Select->new($s, $t);
	my $sends = 0;
	alarm 30;
	while (1) {
		for my $from ($select->can_read) {
			my $n = sysread $from, my $piece, 65536;
			exit unless $n;
			$sends = 1 if $from == $s && $piece =~ $pattern;
			exit if $from == $t && $sends; # it is committed
			my $to = $from == $s ? $t : $s;
			syswrite $to, $piece;
		}
	}
}
