#!/usr/bin/perl
# slow-axis.pl PORT FOLDER - an axis (VXP) on loopback that gives the files
# FOLDER/1, FOLDER/2, ..., and at the one that is called "hang" says nothing
#
# Test material: it checks no signature.  FOLDER/said has the calls.
use strict;
use warnings;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64 qw(encode_base64);

my ($port, $dir) = @ARGV;
my $server = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1',
    LocalPort => $port, ReuseAddr => 1) or die "cannot listen: $!";
$SIG{CHLD} = 'IGNORE';
setpgrp; # who hangs ends with this process
$SIG{TERM} = sub { $SIG{TERM} = 'IGNORE'; kill TERM => -$$; exit };
my $json = JSON::PP->new->canonical;

sub answer
{
	my ($s, $what) = @_;
	my $t = $json->encode({ status => 'OK', ErrorCode => '0',
	    ErrorDesc => 'Thanh cong', %$what });
	print $s "HTTP/1.1 200 OK\r\nContent-Length: ", length $t, "\r\n\r\n$t";
}

while (my $s = $server->accept) {
	next if fork;
	$SIG{TERM} = 'DEFAULT';
	close $server;
	alarm 120;
	$s->autoflush(1);
	while (my $first = <$s>) {
		my ($call) = $first =~ m{^\w+ \S*/(\w+) HTTP} or last;
		my %h;
		while (my $line = <$s>) {
			last if $line =~ /^\r?$/;
			$h{lc $1} = $2 if $line =~ /^([\w-]+): (.*?)\r$/;
		}
		my $id = $h{'xroadvnpt-docid'} // '';
		my $body;
		read $s, $body, $h{'content-length'} // 0;
		open my $said, '>>', "$dir/said" or die;
		print $said "$call $id\n";
		close $said;
		if ($call eq 'getReceivedEdocList') {
			my $status = ($h{'xroadvnpt-messagetype'} // '') eq 'status';
			answer($s, { data => [map { { docId => $_,
			    from => 'H99.01', to => 'H99.02',
			    status => 'initial' } } $status ? () :
			    sort grep { $_ ne 'said' } map { s{.*/}{}r }
			    glob "$dir/*"] });
		} elsif ($call eq 'getEdoc' && $id =~ /^[a-z0-9]+$/) {
			sleep 120 if $id =~ /hang/;
			open my $in, '<:raw', "$dir/$id" or last;
			local $/;
			answer($s, { data => encode_base64(<$in>, '') });
		} else {
			unlink "$dir/$id" if $call eq 'updateStatus' &&
			    $id =~ /^[a-z0-9]+$/;
			answer($s, {});
		}
	}
	exit;
}
