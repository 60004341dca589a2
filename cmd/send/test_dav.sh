#!/bin/sh
# two offices at a WebDAV server: there and back, and whatever fails between
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=testdata/ways.sh
. "$VANTHU_SOURCE/testdata/ways.sh"
have jq openssl perl sqlite3 || skip_all 'jq, openssl, perl or sqlite3 is missing'
have_dav || skip_all 'no Apache with WebDAV'

make_tls || bail 'no certificates'
start_dav || bail "no server: $(cat dav.error)"
url=dav+https://localhost:$dav/van-ban
make_offices "$url" || bail 'the offices could not be made'
issue_ready || bail 'no document could be issued'
ref=$(cat ref)

# there: what lies in the folder of an office, without the dead
there()
{
	find "van-ban/$1" -type f ! -path '*/dead/*' -printf '%f\n' | sort
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
cp "van-ban/H99.02/$(there H99.02)" sent.edxml
check 'it is taken in' 0 vanthu-receive --home b --json
is 'into the book' "$(jq -r '"\(.result) \(.ref)"' "$out")" \
    "registered in/$year/1"
is 'and out of the way' "$(there H99.02)" ''
check 'the answers come home' 0 vanthu-receive --home a --json
is 'both of them' "$(jq -r .result "$out" | xargs)" 'status status'
is 'it is accepted' "$(row H99.02)" accepted
is 'and nothing is left' "$(there H99.01)" ''
sound a
sound b

# ---- what is not as usual there ----
: >van-ban/H99.02/.left.edxml.part
mkdir van-ban/H99.02/folder.edxml
echo other >van-ban/H99.02/note.txt
echo '<no-envelope/>' >'van-ban/H99.02/v%20n & bản #1?.edxml'
cp sent.edxml van-ban/H99.02/again.edxml
check 'names of all kinds' 0 vanthu-receive --home b --json
is 'each as what it is' "$(jq -r .result "$out" | sort | xargs)" \
    'duplicate quarantined'
is 'what is no message stays' "$(there H99.02 | xargs)" \
    '.left.edxml.part note.txt'
is 'what is of no use is put apart, with the reason' \
    "$(find van-ban/H99.02/dead -type f -printf '%f\n' | sort)" \
    "v%20n & bản #1?.edxml
v%20n & bản #1?.edxml.reason"
like 'a line' "van-ban/H99.02/dead/v%20n & bản #1?.edxml.reason" .
echo '<no-envelope/>' >'van-ban/H99.02/v%20n & bản #1?.edxml'
check 'the same name once more' 0 vanthu-receive --home b
is 'is put beside it' "$(find van-ban/H99.02/dead -type f | wc -l)" 4
rm -rf van-ban/H99.02/folder.edxml van-ban/H99.02/note.txt

# ---- what a sender has left, for good ----
left="$(printf %064d 7 | tr 7 a).part"
for n in 1 2; do
	echo half >"van-ban/H99.02/.00000000000$n-$left"
done
echo half >van-ban/H99.02/.mine.part
touch -d '8 days ago' "van-ban/H99.02/.000000000001-$left" \
    van-ban/H99.02/.mine.part van-ban/H99.02/.left.edxml.part
chmod a+rw van-ban/H99.02/.0*.part
check 'what is left of old tries' 0 vanthu-receive --home b
is 'goes; what is young or called otherwise stays' "$(there H99.02 | xargs)" \
    ".000000000002-$left .left.edxml.part .mine.part"
rm -f van-ban/H99.02/.mine.part van-ban/H99.02/.0*.part

# ---- cut while it comes; answers that are lost ----
issue_ready --again || bail 'no second document'
ref=$(cat ref)
rm -f van-ban/H99.02/.*.part
plain=$(free_port)
drop=$(free_port)
{
	echo "Listen 127.0.0.1:$plain"
	dav_site
} >plain.conf
apache plain
wait_port "$plain" || bail 'no plain server'
# lost PATTERN: the proxy loses the answers to requests like that
lost()
{
	stop drop
	serve drop perl "$VANTHU_SOURCE/cmd/axis/drop.pl" "$drop" "$plain" "$1"
	wait_port "$drop" || bail 'the proxy does not answer'
}
vanthu-send --home a "$ref" --to H99.04 >/dev/null 2>&1
name=$(there H99.04)
at a "dav+http://127.0.0.1:$drop/van-ban"
at b "dav+http://127.0.0.1:$drop/van-ban"
n=10
mkdir -m 777 van-ban/H99.11
for method in PUT MKCOL MOVE; do
	n=$((n + 1))
	lost "^$method "
	check "an answer to $method is lost" 0 vanthu-send --home a "$ref" \
	    --to "H99.$n"
	is "the message waits" "$(row "H99.$n")" 'queued again'
	# all of it is at the server, but for PUT without its name
	[ $method = MKCOL ] ||
	    find van-ban/H99.$n -type f -exec cat {} + >before
	lost '^NOTHING '
	sqlite3 a/register.db 'UPDATE delivery SET next_try = 1
	    WHERE next_try > 1'
	check "and is sent again" 0 vanthu-send --home a --queue
	is "it is there once" "$(there "H99.$n" | sed 's/[0-9a-f]/./g')" \
	    "$(echo "$name" | sed 's/[0-9a-f]/./g')"
	[ $method = MKCOL ] || ok 'as it was' cmp before van-ban/H99.$n/*.edxml
	is "and told so" "$(row "H99.$n")" sent
done
vanthu-send --home a "$ref" --to H99.02 >/dev/null 2>&1
lost '^DELETE '
check 'an answer to DELETE is lost' 7 vanthu-receive --home b
is 'what came is in the book' "$(vanthu register list --home b in --json |
    grep -c '"ref"')" 2
lost '^NOTHING '
check 'and comes no more' 0 vanthu-receive --home b --json
is 'than nothing, or once again' "$(jq -r .result "$out" | grep -cv duplicate)" 0
is 'it is gone' "$(there H99.02)" ''

# ---- another message of the same name ----
echo '<other/>' >"van-ban/H99.04/$name"
sqlite3 a/register.db "UPDATE delivery SET state = 'queued', next_try = 1
    WHERE organ_id = 'H99.04'"
check 'a name that is taken by other bytes' 8 vanthu-send --home a --queue
like 'is told' "$err" 'is there with other content'
is 'and what has it stays' "$(cat "van-ban/H99.04/$name")" '<other/>'
is 'nothing beside it' "$(there H99.04)" "$name"
at a "$url"
at b "$url"

# ---- who we are ----
echo wrong >a/way.secret
check 'a wrong secret' 5 vanthu-receive --home a
like 'is told as ours' "$err" 'it answers 401'
check 'what is sent waits' 0 vanthu-send --home a "$ref" --to H99.20
is 'for a right one' "$(row H99.20)" 'queued again'
chmod 644 a/way.secret
check 'one that others can read' 5 vanthu-receive --home a
like 'is told, too' "$err" 'open to others'
chmod 600 a/way.secret
echo secret-of-H99.01 >a/way.secret
check 'the right one' 0 vanthu-receive --home a
unlike 'no secret was logged' dav.log secret-of
known=$(free_port)
tls_cert us vanthu.test.invalid 20200101000000Z 20491231235959Z
{
	dav_site
	cat <<-EOT
	Listen 127.0.0.1:$known
	SSLEngine on
	SSLCertificateFile $tmp/good.crt
	SSLCertificateKeyFile $tmp/good.key
	SSLCACertificateFile $tmp/root.crt
	SSLVerifyClient require
	EOT
} >known.conf
apache known
wait_port "$known" || bail 'no server that wants certificates'
at a "dav+https://localhost:$known/van-ban"
check 'a server that wants a certificate' 7 vanthu-receive --home a
cp us.crt us.key a
printf 'cert = us.crt\nkey = us.key\n' | transport_add a
check 'gets it' 0 vanthu-receive --home a

sound a
sound b
done_testing
