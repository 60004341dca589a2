#!/usr/bin/perl
# lgsp.cgi - a province's integration platform, as one client of it describes it
#
# Test material: nobody here has seen a real one.  In the folder LGSP_DIR:
#	accounts	"SYSTEMID SECRET" lines
#	mode		"CALL CODE": that call answers this error code, with the
#			HTTP status 400 where a third word says so; "getEdoc apart":
#			without the files, which are beside the message
#	box/TO/ID	messages: KIND FROM STATUS lines, then the file in ID.edxml
#	said		the calls that were understood
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use MIME::Base64 qw(encode_base64);

my $dir = $ENV{LGSP_DIR};
my $json = JSON::PP->new->utf8->canonical;
my $path = $ENV{PATH_INFO} // '';
my %q = map { my ($k, $v) = split /=/, $_, 2; $v =~ s/%(..)/chr hex $1/ge;
    ($k, $v) } split /&/, $ENV{QUERY_STRING} // '';

sub slurp { my $f = shift; open my $in, '<:raw', $f or return; local $/; <$in> }
sub spew
{
	my ($f, $t) = @_;
	open my $out, '>:raw', "$f.new" or die "$f: $!";
	print $out $t;
	close $out;
	rename "$f.new", $f or die "$f: $!";
}
sub answer
{
	my ($status, $what) = @_;
	print "Status: $status\r\nContent-Type: application/json\r\n\r\n",
	    $json->encode($what);
	exit;
}
sub refuse
{
	my ($code, $text, $status) = @_;
	answer($status || 200, { success => JSON::PP::false, message => $text,
	    data => { docId => '', status => 'FAIL', errorCode => "$code",
	    errorDesc => $text } });
}
sub rows { map { [split ' '] } grep { length } split /\n/, shift // '' }

sub read_body
{
	my $left = $ENV{CONTENT_LENGTH} // answer(411, { message => 'Length' });
	my $body = '';
	while ($left > 0) {
		my $n = read STDIN, $body, $left, length $body;
		last unless $n;
		$left -= $n;
	}
	return $body;
}

binmode STDIN;
binmode STDOUT;
my $method = $ENV{REQUEST_METHOD};
my $body = $method eq 'POST' ? read_body() : '';
my $id = $ENV{HTTP_X_SYSTEMID} // '';
my $secret = $ENV{HTTP_X_SECRETKEY} // '';
grep { $_->[0] eq $id && $_->[1] eq $secret } rows(slurp("$dir/accounts")) or
    refuse(15, 'Sai SystemId hoac SecretKey');
my ($call) = $path =~ m{^/v1/(\w+)$} or answer(404, { message => 'No' });
my ($mode, $code, $status) = split ' ', slurp("$dir/mode") // '';
$mode //= '';
$code //= '';
refuse($code, 'Tu choi', $status) if $mode eq $call && $code ne 'apart';
if ($call eq 'sendEdoc' && $method eq 'POST') {
	my ($b) = ($ENV{CONTENT_TYPE} // '') =~ /^multipart\/form-data; boundary=(\S+)$/
	    or refuse(10, 'Khong phai multipart');
	my %part;
	$body =~ s/\r\n--\Q$b\E--\r\n\z// or refuse(10, 'Khong het');
	for (split /(?:\r\n|\A)--\Q$b\E\r\n/, $body) {
		my ($head, $text) = split /\r\n\r\n/, $_, 2;
		$part{$1} = [$head, $text] if defined $head &&
		    $head =~ /form-data; name="(\w+)"/;
	}
	my $file = $part{edocFile} or refuse(10, 'Khong co tep');
	$file->[0] =~ /filename="[^"]+\.edxml"/ &&
	    $file->[0] =~ m{^Content-Type: application/xml}m or
	    refuse(10, 'Tep khong hop le');
	my $kind = $part{messageType}[1] // 'edoc';
	my $xml = $file->[1];
	my @to = $kind eq 'status'
	    ? $xml =~ /<edXML:ResponseFor>.*?<edXML:OrganId>([^<]+)/s
	    : $xml =~ /<edXML:To>.*?<edXML:OrganId>([^<]+)/gs;
	@to or refuse(22, 'Khong dung edXML');
	for my $to (@to) {
		$to =~ /^[A-Z0-9.]+$/ && -d "$dir/box/$to" or
		    refuse(18, "Don vi nhan $to khong ton tai");
	}
	my $doc = substr sha256_hex($xml), 0, 20;
	for my $to (@to) {
		next if -e "$dir/box/$to/$doc";
		spew("$dir/box/$to/$doc.edxml", $xml);
		spew("$dir/box/$to/$doc", "$kind $id initial\n");
	}
	open my $said, '>>', "$dir/said";
	print $said "$call $kind @to\n";
	answer(200, { success => JSON::PP::true, message => 'OK',
	    docId => $doc });
}
my $box = "$dir/box/$id";
if ($call eq 'syncReceivedEdocList' && $method eq 'GET') {
	for (qw(fromDate toDate)) {
		($q{$_} // '') =~ m{^\d{4}/\d\d/\d\d$} or refuse(20, 'Ngay');
	}
	my @data;
	for my $f (sort { -M $b <=> -M $a } grep { !/\./ }
	    map { s{.*/}{}r } glob "$box/*") {
		my ($row) = rows(slurp("$box/$f"));
		next if $row->[0] ne $q{messageType};
		push @data, { serviceType => 'eDoc', messageType => $row->[0],
		    createdTime => '2026/11/23 10:00:00',
		    updatedTime => '2026/11/23 10:00:00',
		    docId => $f, from => $row->[1], to => $id,
		    status => $row->[2], statusDesc => '' };
	}
	answer(200, { success => JSON::PP::true, count => scalar @data,
	    data => \@data });
}
if ($call eq 'getEdoc' && $method eq 'GET') {
	my $doc = $q{docId} // '';
	$doc =~ /^[0-9a-f]+$/ && -e "$box/$doc" or refuse(21, 'Khong co');
	my ($row) = rows(slurp("$box/$doc"));
	my $xml = slurp("$box/$doc.edxml");
	my $data = { docId => $doc, from => $row->[1], fromName => 'X',
	    edocCode => '1/X', edocAbstract => 'V/v', attachments => [] };
	if ($xml =~ /ContentTransferEncoded/) {
		$data->{attachments} = [{ fileName => 'a.pdf',
		    fileContent => 'QQ==' }];
		$xml =~ s{<AttachmentEncoded>.*</AttachmentEncoded>}{}s
		    if $mode eq $call && $code eq 'apart';
	}
	# documents in base64, statuses as they are
	if ($row->[0] eq 'edoc') {
		$data->{edxml} = encode_base64($xml, '');
	} else {
		utf8::decode($xml);
		$data->{edxml} = $xml;
	}
	answer(200, { data => $data });
}
if ($call eq 'updateStatus' && $method eq 'POST') {
	my $ask = eval { $json->decode($body) } // refuse(20, 'JSON');
	my $doc = $ask->{docId} // '';
	$doc =~ /^[0-9a-f]+$/ && -e "$box/$doc" or refuse(21, 'Khong co');
	$ask->{status} =~ /^(done|fail|processing)$/ or refuse(20, 'status');
	my ($row) = rows(slurp("$box/$doc"));
	spew("$box/$doc", "$row->[0] $row->[1] $ask->{status}\n");
	answer(200, { success => JSON::PP::true, message => 'OK' });
}
answer(405, { message => 'No' });
