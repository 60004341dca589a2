#!/usr/bin/perl
# storm.pl SEED PORT AXISPORT TALLY COMMAND... - a bad way to an axis that dies
#
# COMMAND is the axis, on AXISPORT; it is killed with SIGKILL after some tens of
# connections and started again a moment later.  What connects to PORT is
# carried to it, but of ten connections one is refused, one is cut while it
# asks and one while it is answered, after the axis has all that was asked; one
# more is slow.  What became of each is a word on a line of TALLY; so is each
# kill.  SEED decides all that is not decided by the order of arrival.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($seed, $port, $axis_port, $tally, @command) = @ARGV;
my $server = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1',
    LocalPort => $port, ReuseAddr => 1) or die "cannot listen: $!";
open my $log, '>>', $tally or die "$tally: $!";
srand $seed;
setpgrp;
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { $SIG{TERM} = 'IGNORE'; kill TERM => -$$; exit };

sub note { syswrite $log, "$_[0]\n" }
sub pause { select undef, undef, undef, shift }

# In SECONDS, as a process of its own.
sub start_axis
{
	my $seconds = shift;
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	$SIG{TERM} = 'DEFAULT';
	$SIG{$_} = 'DEFAULT' for qw(CHLD PIPE);
	close $server;
	pause $seconds;
	exec @command or die "$command[0]: $!";
}

# Nothing more of it arrives, and both sides are told at once.
sub cut
{
	note shift;
	setsockopt $_, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0 for @_;
	exit;
}

# FATE of the connection S; TURN is when: the first is the hello of TLS.
sub carry
{
	my ($s, $fate, $turn, $bytes, $delay) = @_;
	$SIG{TERM} = 'DEFAULT';
	close $server;
	cut 'refused', $s if $fate eq 'refuse';
	my $t = IO::Socket::INET->new("127.0.0.1:$axis_port") or
	    cut 'nobody', $s;
	my $select = IO::Select->new($s, $t);
	my ($turns, $last, $room, $lost) = (0, 0, $bytes, 0);
	alarm 600;
	while (1) {
		my @ready = $select->can_read($lost ? 0.3 : undef);
		cut 'answer', $s, $t unless @ready;
		for my $from (@ready) {
			my $to = $from == $s ? $t : $s;
			my $n = sysread $from, my $piece, 65536;
			unless ($n) {
				cut 'answer', $s, $t if $lost;
				note $fate eq 'slow' ? 'slow' : 'whole';
				exit;
			}
			$turns++ if $from == $s && $last != 1;
			$last = $from == $s ? 1 : 2;
			if ($turns >= $turn && $from == $s &&
			    $fate eq 'request') {
				$room -= $n;
				cut 'request', $s, $t if $room < 0;
			}
			if ($turns >= $turn && $from == $t &&
			    $fate eq 'answer') {
				$lost = 1;
				next;
			}
			pause $delay if $fate eq 'slow' && $turns == $turn;
			while (length $piece) {
				my $m = syswrite $to, $piece;
				exit unless $m;
				substr $piece, 0, $m, '';
			}
		}
	}
}

my $axis = start_axis 0;
my ($count, $kill) = (0, 10 + int rand 20);
while (1) {
	my $s = $server->accept or next;
	my $fate = (qw(refuse request answer slow), ('whole') x 6)[int rand 10];
	# the second turn is the first request, and often the only one
	my @how = ($fate, 2 + (rand 4 < 3 ? 0 : 1 + int rand 3),
	    int 10 ** rand 4, 0.05 + rand 0.3);
	my ($when, $away) = (rand 0.05, rand 0.5);
	my $pid = fork // die "fork: $!";
	carry $s, @how unless $pid;
	close $s;
	next if ++$count < $kill;
	$kill = $count + 20 + int rand 40;
	pause $when;
	kill KILL => $axis and note 'killed';
	$axis = start_axis $away;
}
