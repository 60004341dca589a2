#!/bin/sh
# two offices at a server of SSH: there and back, and whatever fails between
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=testdata/ways.sh
. "$VANTHU_SOURCE/testdata/ways.sh"
have jq perl sqlite3 || skip_all 'jq, perl or sqlite3 is missing'
have_sftp || skip_all 'no sshd'

start_sftp || bail "no server: $(cat sshd.error)"
sftp_offices || bail 'the offices could not be made'
url=$(sed -n 's/^url = //p' a/vanthu.conf)
issue_ready || bail 'no document could be issued'
ref=$(cat ref)

# there: what lies in the folder of an office, without the dead
there()
{
	find "van-ban/$1" -type f ! -path '*/dead/*' -printf '%f\n' | LC_ALL=C sort
}

# drop FILE NAME: as another account would, whose files are ours to move
drop()
{
	$as cp "$1" "van-ban/H99.02/$2"
}

# ---- there and back ----
check 'nothing waits, and the folder is made' 0 vanthu-receive --home b
ok 'it is there' test -d van-ban/H99.02
check 'to an office whose folder is not there yet' 0 vanthu-send --home a "$ref" \
    --to H99.02 --to H99.03
is 'the server has it' "$(state "$ref" | xargs)" 'H99.02 sent H99.03 sent'
is 'once each, and nothing unfinished' "$(there H99.02 | wc -l; there H99.03 |
    wc -l)" "1
1"
cp "van-ban/H99.02/$(there H99.02)" sent.edxml && chmod a+r sent.edxml
check 'it is taken in' 0 vanthu-receive --home b --json
is 'into the book' "$(jq -r '"\(.result) \(.ref)"' "$out")" \
    "registered in/$year/1"
is 'and out of the way' "$(there H99.02)" ''
check 'the answers come home' 0 vanthu-receive --home a --json
is 'both of them' "$(jq -r .result "$out" | xargs)" 'status status'
is 'it is accepted' "$(row H99.02)" accepted
is 'and nothing is left' "$(there H99.01)" ''

# ---- what is not as usual there ----
echo '<no-envelope/>' >none
drop none .left.part
drop none 'note.txt'
drop none 'v%20n & bản #1?.edxml'
drop none 'quoted".edxml'
drop none "$(printf 'two\nlines.edxml')"
drop sent.edxml again.edxml
$as mkdir van-ban/H99.02/folder.edxml
check 'names of all kinds' 7 vanthu-receive --home b --json
like 'a folder is no message' "$err" 'folder.edxml'
is 'each as what it is' "$(jq -r '.result // empty' "$out" | sort | xargs)" \
    'duplicate quarantined'
$as rmdir van-ban/H99.02/folder.edxml
is 'what is no message stays' "$(there H99.02 | tr '\n' '|')" \
    ".left.part|lines.edxml|note.txt|quoted\".edxml|two|"
is 'what is of no use is put apart, with the reason' \
    "$(find van-ban/H99.02/dead ! -type d -printf '%f\n' | sort)" \
    "v%20n & bản #1?.edxml
v%20n & bản #1?.edxml.reason"

# what would be waited for, or has no end; and what looks like it
$as mkfifo 'van-ban/H99.02/!1.edxml' 'van-ban/H99.02/!2.edxml'
$as ln -s /dev/zero 'van-ban/H99.02/!3.edxml'
$as ln -s /etc/passwd 'van-ban/H99.02/!4 -> x.edxml'
$as ln -s again.edxml -- 'van-ban/H99.02/!5.edxml -> !6.edxml'
$as mkfifo 'van-ban/H99.02/a b.edxml' \
    "$(printf 'van-ban/H99.02/\nprw-rw-rw- 1 a b 1 Nov 30 10:00 z.edxml')"
drop none '!5.edxml'
drop none 'b.edxml'
drop none 'z.edxml'
drop sent.edxml again.edxml
check 'pipes, links to files and devices' 8 vanthu-receive --home b --json
like 'are told' "$err" '!1.edxml: it is no file'
is 'and nothing that is a file is taken for one of them' \
    "$(jq -r '.result // empty' "$out" | sort | xargs)" \
    'duplicate quarantined quarantined quarantined'
is 'they stay' "$(find van-ban/H99.02 \( -type l -o -type p \) -printf .)" .......
find van-ban/H99.02 \( -type l -o -type p \) -exec $as rm -f {} +
$as rm -f van-ban/H99.02/dead/*
drop none 'v%20n & bản #1?.edxml'
check 'without them' 0 vanthu-receive --home b

# what cannot be fetched, and is called so that it comes first
for i in 1 2 3 4 5 6 7; do
	$as mkdir "van-ban/H99.02/!$i.edxml"
done
drop sent.edxml again.edxml
drop none '!8.edxml'
drop none '!9.edxml'
$as chmod 0 'van-ban/H99.02/!8.edxml' 'van-ban/H99.02/!9.edxml'
check 'folders that anybody made' 7 vanthu-receive --home b --json
like 'are told' "$err" '!1.edxml'
is 'and do not shut out what comes behind them' \
    "$(jq -r '.result // empty' "$out")" duplicate
is 'whose answers go out all the same' \
    "$(there H99.01 | wc -l)" 2
$as rm -f 'van-ban/H99.02/!8.edxml' 'van-ban/H99.02/!9.edxml'
$as rmdir van-ban/H99.02/!?.edxml

# what a sender has left, for good
part="$(printf %064d 7 | tr 7 a).part"
drop none ".000000000001-$part"
drop none ".000000000002-$part"
drop none .mine.part
$as touch -d '8 days ago' "van-ban/H99.02/.000000000001-$part" \
    van-ban/H99.02/.mine.part
check 'what is left of old tries' 0 vanthu-receive --home b
is 'goes; what is young or called otherwise stays' \
    "$(there H99.02 | grep '^\..*part' | xargs)" \
    ".000000000002-$part .left.part .mine.part"
$as rm -f van-ban/H99.02/.mine.part "van-ban/H99.02/.000000000002-$part"
drop none 'v%20n & bản #1?.edxml'
check 'the same name once more' 0 vanthu-receive --home b
is 'is put beside it' "$(find van-ban/H99.02/dead ! -type d | wc -l)" 4

# ---- cut while it comes; answers that are lost; names that are taken ----
issue_ready --again || bail 'no second document'
ref=$(cat ref)
check 'it goes' 0 vanthu-send --home a "$ref" --to H99.04
name=$(there H99.04)
# waits TO: the message to it waits again, as if no answer had come
waits()
{
	sqlite3 a/register.db "UPDATE delivery SET state = 'queued', next_try = 1
	    WHERE organ_id = '$1'"
}
# as it would be had the line gone while it came
$as sh -c 'head -c 99 "$1" >"$2"' sh "van-ban/H99.04/$name" \
    "van-ban/H99.04/.${name%.edxml}.part"
$as rm "van-ban/H99.04/$name"
waits H99.04
check 'what a cut has left is no message' 0 vanthu-send --home a --queue
is 'and is written over' "$(there H99.04)" "$name"
ok 'the message is whole' grep -q '</edXML>' "van-ban/H99.04/$name"
cp "van-ban/H99.04/$name" before
waits H99.04
check 'after a lost answer' 0 vanthu-send --home a --queue
is 'it is there once' "$(there H99.04)" "$name"
ok 'and is the same' cmp before "van-ban/H99.04/$name"
is 'and told so' "$(row H99.04)" sent
$as sh -c 'echo other >"$1"' sh "van-ban/H99.04/$name"
waits H99.04
check 'a name that is taken by other bytes' 8 vanthu-send --home a --queue
like 'is told' "$err" 'is there with other content'
is 'and what has it stays' "$(cat "van-ban/H99.04/$name")" other
is 'nothing beside it' "$(there H99.04)" "$name"
is 'and that is final' "$(row H99.04)" failed

# ---- who we are, and who they are ----
n=10
# fault WHAT STATUS STATE TEXT: a send, and a fetch, where the way is such
fault()
{
	n=$((n + 1))
	check "$1: the document is safe in the queue" 0 vanthu-send --home a \
	    "$ref" --to "H99.$n"
	like "$1: says why" "$err" "H99.$n: .*$4"
	is "$1: and whether it will be tried again" "$(row "H99.$n")" "$3"
	check "$1: fetching ends with $2" "$2" vanthu-receive --home a
	sqlite3 a/register.db "UPDATE delivery
	    SET next_try = strftime('%s') + 3000 WHERE state = 'queued'"
}
ssh-keygen -q -t ed25519 -N '' -f other
cp a/us.key kept.key
cp other a/us.key
fault 'another key' 5 'queued again' 'does not take our key'
cp kept.key a/us.key
chmod 644 a/us.key
fault 'a key that others can read' 5 'queued again' 'open to others'
chmod 600 a/us.key
ssh-keygen -q -p -N 'a-pass-phrase' -f a/us.key
fault 'a key that is locked' 5 'queued again' 'does not take our key'
(umask 077 && echo a-pass-phrase >a/pass)
echo 'secret = pass' | transport_add a
check 'its passphrase, from a file' 0 vanthu-receive --home a
sed -i '/^secret = /d' a/vanthu.conf
cp kept.key a/us.key
: >a/known_hosts
fault 'a server that is not known' 8 'queued again' 'not who it should be'
printf '[127.0.0.1]:%s %s\n' "$sftp" "$(cat other.pub)" >a/known_hosts
fault 'a server with another key' 8 'queued again' 'not who it should be'
is 'nothing is learned by itself' "$(wc -l <a/known_hosts)" 1
cp known_hosts a
sed -i '/^known_hosts = /d' a/vanthu.conf
fault 'no known hosts' 5 'queued again' 'no keys of servers are configured'
echo 'known_hosts = known_hosts' | transport_add a
sed -i '/^key = /d' a/vanthu.conf
SSH_AUTH_SOCK=$tmp/nobody
export SSH_AUTH_SOCK
fault 'no key, and no agent' 5 'queued again' '.'
if have ssh-agent ssh-add; then
	eval "$(ssh-agent -s)" >/dev/null
	ssh-add -q us.key
	check 'an agent has it' 0 vanthu-receive --home a
	kill "$SSH_AGENT_PID"
else
	skip 'no ssh-agent'
fi
unset SSH_AUTH_SOCK
echo 'key = us.key' | transport_add a

# ---- what fails ----
at a "$url/nowhere/at/all"
check 'a folder that is not there yet is made' 0 vanthu-send --home a "$ref" \
    --to H99.40
at a "sftp://$sftp_user@127.0.0.1:$sftp/proc/1"
fault 'a folder that can not be' 8 'queued again' '.'
closed=$(free_port)
at a "sftp://$sftp_user@127.0.0.1:$closed/x"
fault 'refused' 7 'queued again' 'no connection'
at a "sftp://$sftp_user@sftp.test.invalid/x"
fault 'no such host' 7 'queued again' 'no connection'
evil=$(free_port)
serve evil perl -MIO::Socket::INET -e '
	my $s = IO::Socket::INET->new(Listen => 9, LocalPort => $ARGV[0],
	    LocalAddr => "127.0.0.1", ReuseAddr => 1) or die;
	my @kept;
	while (my $c = $s->accept) { push @kept, $c }' "$evil"
wait_port "$evil"
at a "sftp://$sftp_user@127.0.0.1:$evil/x"
sed -i 's|^timeout = .*|timeout = 1|' a/vanthu.conf
fault 'hang' 7 'queued again' '.'
stop evil
evil=$(free_port)
serve evil perl -MIO::Socket::INET -e '
	my $s = IO::Socket::INET->new(Listen => 9, LocalPort => $ARGV[0],
	    LocalAddr => "127.0.0.1", ReuseAddr => 1) or die;
	while (my $c = $s->accept) {
		print $c "SSH-2.0-x\r\n"; $c->flush; sysread $c, my $x, 99;
		close $c }' "$evil"
wait_port "$evil"
at a "sftp://$sftp_user@127.0.0.1:$evil/x"
fault 'broken off' 7 'queued again' '.'
at a "sftp://$sftp_user@127.0.0.1:$closed/x"
sqlite3 a/register.db "UPDATE delivery SET next_try = 1 WHERE state = 'queued'"
check 'the whole queue, where nobody answers' 7 vanthu-send --home a --json \
    --queue
is 'waits without a try for each' "$(jq '.waiting > 5 and .failed == 0' "$out")" \
    true
for bad in 'sftp://127.0.0.1/x' 'sftp://u@/x' 'sftp://u@h' 'sftp://u@h/' \
    'sftp://u:p@h/x' 'sftp://u@h:0/x' 'sftp://u@h:70000/x' 'sftp://u@h/../x' \
    'sftp://u@h/a b' 'sftp://-o@h/x' 'sftp:u@h/x' 'sftp://u@[::1/x'; do
	check "no address: $bad" 2 vanthu-init never --organ-id H99.09 --name X \
	    --transport "$bad"
done
absent 'nothing is made of it' never
check 'an address of IPv6' 0 vanthu-init v6 --organ-id H99.09 --name X \
    --transport 'sftp://van-thu@[::1]:2222/srv/van-ban'
sound a
sound b
done_testing
