#!/bin/sh
# vanthu-axis: its command line, its agencies, and two offices that meet there
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=cmd/axis/axis.sh
. "$VANTHU_SOURCE/cmd/axis/axis.sh"
have jq openssl perl sqlite3 || skip_all 'jq, openssl or perl is missing'

# ---- the command line ----
check 'help' 0 vanthu-axis --help
check 'no verb' 2 vanthu-axis
check 'no folder' 2 vanthu-axis init
check 'no agency' 2 vanthu-axis agency axis
check 'no axis' 6 vanthu-axis list nowhere
like 'says how to make one' "$err" 'vanthu axis init'
absent 'none was made' nowhere
check 'an axis' 0 vanthu-axis init axis
is 'closed to others' "$(stat -c %a axis axis/axis.db axis/objects | tr '\n' ' ')" \
    '700 600 700 '
check 'a second time' 6 vanthu-axis init axis

secret one a
secret two b
secret centre c
check 'an agency' 0 vanthu-axis agency axis H99.01 --name 'Sở Thử nghiệm A' \
    --secret file:a.secret
check 'its secret is in no argument' 2 vanthu-axis agency axis H99.09 --name X \
    --secret one
check 'nor a short one' 2 env S=short vanthu-axis agency axis H99.09 --name X \
    --secret env:S
like 'says how long' "$err" '12 to 1024 bytes'
# VT_AXIS_SECRET_MIN and VT_AXIS_NAME_MAX: at them, and past them
check 'eleven bytes' 2 env S=secret-7890 vanthu-axis agency axis H99.09 \
    --name X --secret env:S
check 'twelve' 0 env S=secret-78901 vanthu-axis agency axis H99.09 --name X \
    --secret env:S
name=$(printf %01000d 0)
check 'a name of 1001 bytes' 2 vanthu-axis agency axis H99.09 --name "${name}0"
check 'of 1000' 0 vanthu-axis agency axis H99.09 --name "$name"
check 'removed again' 0 vanthu-axis remove axis H99.09
check 'another, by the environment' 0 env S="$(cat b.secret)" vanthu-axis agency \
    axis H99.02 --name 'Sở Thử nghiệm B' --secret env:S --code102 000.00.02.H99
check 'a centre' 0 vanthu-axis agency axis 00.99.W00 --name 'Trung tâm' \
    --secret file:c.secret
check 'and its member' 0 vanthu-axis agency axis H99.03 --name 'Sở C' \
    --parent 00.99.W00
check 'no name' 2 vanthu-axis agency axis H99.04 --secret file:a.secret
check 'a code that is a path' 2 vanthu-axis agency axis ../H99 --name X
check 'a code of another' 6 vanthu-axis agency axis H99.05 --name X \
    --code102 H99.01
check 'no such parent' 1 vanthu-axis agency axis H99.05 --name X --parent H1
check 'a circle' 2 vanthu-axis agency axis 00.99.W00 --parent H99.03
check 'changed' 0 vanthu-axis agency axis H99.01 --quota 100
like 'says so' "$out" 'changed'
check 'listed' 0 vanthu-axis list --json axis
is 'with what it was given before' \
    "$(jq -c 'select(.code == "H99.01") | [.name, .quota, .account]' "$out")" \
    '["Sở Thử nghiệm A",104857600,true]'
is 'four' "$(wc -l <"$out")" 4
unlike 'and no secret' "$out" "$(cat a.secret)"
check 'nobody to be locked' 1 vanthu-axis lock axis H1
check 'removed' 0 vanthu-axis remove axis H99.03
check 'once' 1 vanthu-axis remove axis H99.03
check 'and back' 0 vanthu-axis agency axis H99.03 --name 'Sở C' --parent 00.99.W00

check 'nowhere to listen' 2 vanthu-axis serve axis --loopback-http
check 'no connection for an address' 2 vanthu-axis serve axis \
    --listen 127.0.0.1:0 --loopback-http --per-address 0
check 'neither TLS nor not' 2 vanthu-axis serve axis --listen 127.0.0.1:0
check 'both' 2 vanthu-axis serve axis --listen 127.0.0.1:0 --loopback-http \
    --tls-cert x --tls-key y
check 'plain to all' 2 vanthu-axis serve axis --listen 0.0.0.0:0 --loopback-http
like 'says why' "$err" 'without TLS only'
check 'plain to others' 2 vanthu-axis serve axis --listen 192.0.2.1:80 \
    --loopback-http
check 'plain to others, and no axis' 2 vanthu-axis serve none \
    --listen 192.0.2.1:80 --loopback-http
check 'nowhere, and no axis' 2 vanthu-axis serve none --listen 80 --loopback-http
like 'the command line is judged first' "$err" '"80" is not ADDR:PORT'
check 'a name to listen at' 2 vanthu-axis serve axis --listen localhost:0 \
    --loopback-http
check 'a key that is none' 5 vanthu-axis serve axis --listen 127.0.0.1:0 \
    --tls-cert a.secret --tls-key a.secret

make_tls || bail 'no certificates'
check 'a key of another' 5 vanthu-axis serve axis --listen 127.0.0.1:0 \
    --tls-cert good.crt --tls-key other.key
like 'says so' "$err" 'not that of its certificate'

# ---- two offices ----
start_axis || bail 'the axis does not run'
check 'an address that is taken' 6 vanthu-axis serve axis \
    --listen "127.0.0.1:$port" --loopback-http
like 'is said to be' "$err" 'cannot listen: another program has this address$'
for version in 1 1_1; do
	openssl s_client -connect "127.0.0.1:$port" -CAfile root.crt \
	    "-tls$version" -cipher DEFAULT@SECLEVEL=0 </dev/null >old 2>&1
	like "no TLS $version" old 'Cipher is \(NONE\)'
done
openssl s_client -connect "127.0.0.1:$port" -CAfile root.crt -tls1_2 \
    </dev/null >old 2>&1
like 'but TLS 1.2' old 'New, TLSv1.2, Cipher is [A-Z]'
# VT_AXIS_ADDRESS_PART: of all that one address opens, which end?
LC_ALL=C perl -MIO::Socket::INET -MIO::Select -e '
	my @held = map { IO::Socket::INET->new(PeerAddr => "127.0.0.1",
	    PeerPort => $ARGV[0], LocalAddr => "127.0.0.2") } 1 .. 34;
	my $select = IO::Select->new(@held);
	my %ended;
	while (keys %ended < 2 && (my @ready = $select->can_read(20))) {
		for my $s (@ready) {
			$ended{$_} = 1 for grep { $held[$_] == $s } 0 .. 33;
			$select->remove($s);
		}
	}
	print join(" ", sort keys %ended), "\n";
	system("exec openssl s_client " .
	    "-connect 127.0.0.1:$ARGV[0] -CAfile root.crt </dev/null")' \
    "$port" >held 2>"$err"
is 'one address has a quarter of the connections' "$(head -n 1 held)" '32 33'
like 'and another one is still let in' held 'Cipher is [A-Z]'
make_offices "$(axis_url "$port")" || bail 'the offices could not be made'
issue_ready || bail 'no document could be issued'
ref=$(cat ref)

check 'sent over HTTPS' 0 vanthu-send --home a "$ref" --to H99.02
is 'the axis has it' "$(state "$ref")" 'H99.02 sent'
is 'for the other' "$(vanthu-axis list --json axis |
    jq -r 'select(.code == "H99.02").waiting')" 1
is 'in one file' "$(find axis/objects -type f | wc -l)" 1
check 'the axis is asked' 0 vanthu-send --home a --json --status "$ref" --ask
is 'it has it, and nobody fetched it' "$(jq -c '[.state, (.axis[] |
    .send_status, .receive_status, .received)]' "$out")" \
    '["sent","done","initial",null]'
check 'taken in' 0 vanthu-receive --home b --json
is 'as what it is' "$(jq -r .result "$out")" registered
is 'in the book once' "$(count b in)" 1
is 'nothing waits there' "$(vanthu-axis list --json axis |
    jq -r 'select(.code == "H99.02").waiting')" 0
check 'the axis is asked again' 0 vanthu-send --home a --status "$ref" --ask
like 'it was fetched' "$out" '^    the axis says: sent [0-9/: ]+: done; fetched [0-9/: ]+: done$'
like 'which is no receipt' "$out" 'H99.02: sent, not yet acknowledged$'
is 'nor one in the books' "$(state "$ref")" 'H99.02 sent'
sqlite3 a/register.db 'UPDATE delivery SET changed = changed - 86400'
check 'the day after' 1 vanthu-status --home a --json
is 'that is the next step' "$(jq -r 'select(.kind == "unanswered").next' "$out")" \
    "vanthu send --status $ref --ask"
check 'nothing comes again' 0 vanthu-receive --home b --json
empty 'indeed' "$out"
check 'its statuses are fetched' 0 vanthu-receive --home a --json
is 'both of them' "$(jq -r '.result + .status' "$out" | sort | tr '\n' ' ')" \
    'status01 status03 '
is 'and say what became of it' "$(state "$ref")" 'H99.02 accepted'
check 'sent to nobody that is there' 0 vanthu-send --home a "$ref" --to H99.77
is 'it has failed' "$(state "$ref" | sort | tail -n 1)" 'H99.77 failed'
like 'with the axis'\'' reason' "$err" 'Don vi nhan khong ton tai \(18\)'
sound a
sound b

# by the other way of fetching, and by the other form of hash-file
printf 'get = raw\nhash_file = unpadded\n' | transport_add b
printf 'hash_file = unpadded\n' | transport_add a
issue_ready --again || bail 'no second document'
ref=$(cat ref)
check 'sent with an unpadded digest' 0 vanthu-send --home a "$ref" --to H99.02
check 'fetched raw' 0 vanthu-receive --home b --json
is 'as well' "$(jq -r .result "$out")" registered

# a recipient that is locked
check 'locked' 0 vanthu-axis lock axis H99.02
check 'it cannot fetch' 8 vanthu-receive --home b
like 'says why' "$err" 'bi khoa \(23\)'
vanthu-axis agency axis H99.04 --name 'Sở D' --secret file:c.secret >/dev/null
vanthu-axis lock axis H99.04
check 'nor be sent anything' 0 vanthu-send --home a "$ref" --to H99.04 \
    --to H99.03
like 'as the axis says' "$err" 'H99.04: .*bi khoa \(23\)'
is 'the other gets it' "$(state "$ref" | grep H99.03)" 'H99.03 sent'
check 'unlocked' 0 vanthu-axis unlock axis H99.02
check 'it can again' 0 vanthu-receive --home b

# a member through its centre
vanthu init c --organ-id H99.03 --name 'Sở Thử nghiệm C' \
    --transport "vxp+https://localhost:$port/XrdAdapter/adapter" >/dev/null
cp c.secret c/way.secret
printf 'system_id = 00.99.W00\nsecret = way.secret\nca = %s\n' \
    "$tmp/root.crt" | transport_add c
vanthu trust add --home c --yes "$pki"/trust/*/* >/dev/null
check 'for a centre'\''s member' 0 vanthu-receive --home c --json
is 'it comes' "$(jq -r .result "$out")" registered
check 'its answers go out from the member' 0 vanthu-receive --home a --json
is 'and come home' "$(jq -r '.from + .status' "$out" | sort | tr '\n' ' ')" \
    'H99.0201 H99.0203 H99.0301 H99.0303 '

# ---- what may not be read ----
chmod 604 a/way.secret
check 'a secret open to others' 5 vanthu-receive --home a
like 'says what to do' "$err" 'chmod o='
chmod 600 a/way.secret
echo 'another-secret' >a/way.secret
check 'a wrong secret' 5 vanthu-receive --home a
like 'is told as that' "$err" 'Sai SystemId hoac SecretKey \(15\)'
issue_ready --again || bail 'no third document'
ref=$(cat ref)
check 'a document waits' 0 vanthu-send --home a "$ref" --to H99.02
is 'and is not given up' "$(state "$ref")" 'H99.02 queued'
cp a.secret a/way.secret
check 'until the secret is put right' 0 vanthu-send --home a --queue
is 'then it goes' "$(state "$ref")" 'H99.02 sent'

# ---- the end ----
like 'the log says who and what' serve.log 'H99\.01 sendEdoc 200 0 [0-9a-f-]{36}'
unlike 'and nothing of the content' serve.log 'thử nghiệm|STNA'
unlike 'nor a secret' serve.log "$(cat b.secret)"
stop serve
like 'it ends by itself when told' serve.status '^0$'
done_testing
