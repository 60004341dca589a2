#!/usr/bin/perl
# images.pl DIR - make DIR/person.png and DIR/seal.png, test material
#
# A scrawl in blue of no real person and a ring in red of no real agency, on
# nothing: colour and alpha fall off towards the edges of the strokes.  Both say
# 300 pixels an inch; the seal is 36 mm wide.
use strict;
use warnings;
use Compress::Zlib;

my $dir = shift or die "usage: images.pl DIR\n";

sub chunk
{
	my ($type, $data) = @_;
	return pack('N', length $data) . $type . $data
	    . pack('N', crc32($type . $data));
}

# write_png PATH WIDTH HEIGHT RGB ALPHA: ALPHA gives 0 to 1 for a pixel
sub write_png
{
	my ($path, $w, $h, $rgb, $alpha) = @_;
	my $rows = '';
	for my $y (0 .. $h - 1) {
		$rows .= "\0";
		for my $x (0 .. $w - 1) {
			$rows .= pack('C4', @$rgb,
			    int(255 * $alpha->($x + 0.5, $y + 0.5) + 0.5));
		}
	}
	open my $out, '>:raw', $path or die "$path: $!\n";
	print $out "\x89PNG\r\n\x1a\n",
	    chunk('IHDR', pack('NNC5', $w, $h, 8, 6, 0, 0, 0)),
	    chunk('pHYs', pack('NNC', 11811, 11811, 1)),
	    chunk('IDAT', compress($rows, 9)), chunk('IEND', '');
	close $out or die "$path: $!\n";
}

# how much of a stroke of WIDTH covers what lies DISTANCE from its middle
sub stroke
{
	my ($distance, $width) = @_;
	my $a = $width / 2 + 0.5 - $distance;
	return $a < 0 ? 0 : $a > 1 ? 1 : $a;
}

# The scrawl: points along a curve, and a line below.
my ($pw, $ph) = (360, 160);
my @dots;
for my $i (0 .. 900) {
	my $t = $i / 900;
	push @dots, [ 20 + 300 * $t + 26 * sin(31 * $t),
		75 + (55 - 35 * $t) * cos(27 * $t) ];
}
my %near;
for my $d (@dots) {
	for my $x (int($d->[0]) - 5 .. int($d->[0]) + 5) {
		for my $y (int($d->[1]) - 5 .. int($d->[1]) + 5) {
			my $far = sqrt(($x + 0.5 - $d->[0])**2
			    + ($y + 0.5 - $d->[1])**2);
			$near{"$x,$y"} = $far
			    if !defined $near{"$x,$y"} || $far < $near{"$x,$y"};
		}
	}
}
write_png("$dir/person.png", $pw, $ph, [ 0, 40, 170 ], sub {
	my ($x, $y) = @_;
	my $far = $near{ int($x) . ',' . int($y) };
	my $a = defined $far ? stroke($far, 4) : 0;
	my $b = $x > 40 && $x < 330 ? stroke(abs($y - 140 + $x / 20), 4) : 0;
	return $a > $b ? $a : $b;
});

# The seal: two rings and a star of five points.
my $side = 425;
write_png("$dir/seal.png", $side, $side, [ 208, 0, 0 ], sub {
	my ($x, $y) = ($_[0] - $side / 2, $_[1] - $side / 2);
	my $r = sqrt($x * $x + $y * $y);
	my $turn = atan2($x, -$y) / (8 * atan2(1, 1)) * 5;
	my $part = abs($turn - int($turn + ($turn < 0 ? -0.5 : 0.5))) * 2;
	my $star = 90 - 55 * $part;
	my @a = (stroke(abs($r - 206), 9), stroke(abs($r - 140), 4),
	    $star > $r ? ($star - $r > 1 ? 1 : $star - $r) : 0);
	my $max = 0;
	for my $a (@a) {
		$max = $a if $a > $max;
	}
	return $max;
});
