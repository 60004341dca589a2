#!/bin/sh
# vanthu-trust: the store of an office, and verdicts on certificates
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have jq openssl || skip_all 'jq or openssl is missing'

# office DIR: as much of one as this tool looks at
office()
{
	mkdir "$1" && printf '[office]\norgan_id = T01.TEST\nname = Test\n' \
	    >"$1/vanthu.conf"
}

# judge STATUS WANTED WHAT ARG...: status, and "verdict reason"
judge()
{
	j_status=$1 j_want=$2 j_what=$3
	shift 3
	vanthu-trust check --json "$@" >"$out" 2>"$err"
	is "$j_what" "$? $(jq -r '.verdict + " " + .reason' "$out")" \
	    "$j_status $j_want"
}

get()
{
	jq -c "$1" "$out"
}

fingerprint()
{
	openssl x509 -in "$1" -outform DER | openssl dgst -sha256 -r |
	    cut -d ' ' -f 1
}

VANTHU_HOME=$tmp/none
export VANTHU_HOME
day=2026-06-01
trust="--trust $pki/anchors --chain $pki/duty-ca.crt --chain $pki/public-ca.crt
	--crl $pki/trust/crls --at $day"

# ---- verdicts without an office ----
# shellcheck disable=SC2086
{
judge 0 'valid ok' 'a person' $trust "$pki/officer.crt"
is 'its tree' "$(get .tree)" \
    '"Cơ quan chứng thực số chuyên dùng Chính phủ gốc (TEST)"'
is 'its path' "$(get '.path | length')" 2
is 'its facts' "$(get '[.judged_at, .certificate.revocation,
    .certificate.key, .certificate.key_bits, .weak, .sub_indication]')" \
    '["2026-05-31T17:00:00Z","good","RSA",2048,[],null]'
is 'its digest' "$(get .certificate.sha256)" \
    "\"sha256:$(fingerprint "$pki/officer.crt")\""
is 'its serial' "$(get .certificate.serial)" \
    "\"$(openssl x509 -in "$pki/officer.crt" -noout -serial |
	cut -d = -f 2)\""
is 'its extended key usage' "$(get .certificate.extended_key_usage)" \
    '["1.3.6.1.5.5.7.3.2","1.3.6.1.5.5.7.3.4"]'
is 'by what its status was decided' "$(get '[.revocation_by[] |
    .kind, .from, .until] | unique')" \
    '["2025-01-01T00:00:00Z","2049-12-31T23:59:59Z","crl"]'
is 'for it and its CA' "$(get '[.revocation_by[].sha256] | sort')" "$(
    for list in duty-ca duty-root; do
	    openssl crl -in "$pki/$list.crl" -outform DER | sha256sum
    done | sed 's/\([0-9a-f]*\).*/sha256:\1/' | jq -R . | jq -sc sort)"
is 'the schema comes first' "$(get 'keys_unsorted[0:2]')" '["schema","file"]'
is 'and is' "$(get .schema)" '"vanthu.trust/1"'
judge 0 'valid ok' 'DER' $trust "$pki/officer.der"
judge 0 'valid ok' 'P-256' $trust "$pki/officer-ec.crt"
judge 0 'valid ok' 'the other tree' $trust "$pki/public-officer.crt"
is 'is named' "$(get .tree)" '"Vietnam National Root CA (TEST)"'
judge 0 'valid ok' 'usage is not judged' $trust "$pki/wrongusage.crt"
judge 0 'valid ok' 'a CA' $trust "$pki/duty-ca.crt"
judge 0 'valid ok' 'an anchor' $trust "$pki/duty-root.crt"
judge 1 'invalid revoked' 'revoked' $trust "$pki/revoked.crt"
is 'since when and why' "$(get '.certificate |
    [.revocation, .revoked_at, .revocation_reason]')" \
    '["revoked","2024-06-01T00:00:00Z","keyCompromise"]'
judge 1 'invalid not-yet-valid' 'not yet valid' $trust "$pki/notyet.crt"
judge 1 'invalid weak-algorithm' 'RSA-1024' $trust "$pki/weak-rsa1024.crt"
is 'is named as weak' "$(get .weak)" '["rsa-1024"]'
judge 1 'invalid weak-algorithm' 'SHA-1' $trust "$pki/weak-sha1.crt"
is 'is named, too' "$(get .weak)" '["sha1"]'
judge 3 'undetermined expired' 'expired' $trust "$pki/expired.crt"
is 'has a sub-indication' "$(get .sub_indication)" '"OUT_OF_BOUNDS_NO_POE"'
judge 3 'undetermined no-trust-anchor' 'an impostor' $trust \
    --chain "$pki/impostor-ca.crt" "$pki/impostor.crt"
}
judge 3 'undetermined no-trust-anchor' 'neither office nor --trust' \
    "$pki/officer.crt"
judge 3 'undetermined no-trust-anchor' 'not even a root is its own' \
    "$pki/duty-root.crt"
judge 3 'undetermined revocation-unknown' 'no list' \
    --trust "$pki/anchors" --chain "$pki/duty-ca.crt" "$pki/officer.crt"
for list in stale forged; do
	judge 3 'undetermined revocation-unknown' "a $list list" \
	    --trust "$pki/anchors" --chain "$pki/duty-ca.crt" \
	    --crl "$pki/duty-root.crl" --crl "$pki/duty-ca-$list.crl" \
	    "$pki/officer.crt"
done
judge 0 'valid ok' 'before it was revoked' --trust "$pki/trust" \
    --at 2024-05-31T23:59:59Z "$pki/revoked.crt"
judge 1 'invalid revoked' 'at the second when it was' --trust "$pki/trust" \
    --at 2024-06-01T00:00:00Z "$pki/revoked.crt"
judge 0 'valid ok' 'the CA from the same file' --trust "$pki/anchors" \
    --crl "$pki/trust/crls" "$pki/duty-ca.crt"
cat "$pki/officer.crt" "$pki/duty-ca.crt" >both.crt
judge 0 'valid ok' 'the path from the same file' --trust "$pki/anchors" \
    --crl "$pki/trust/crls" both.crt
feed "$pki/officer.crt" judge 0 'valid ok' 'standard input' \
    --trust "$pki/trust" -

# ---- several, and what is none ----
check 'the worst of several wins' 1 vanthu-trust check --json \
    --trust "$pki/trust" "$pki/officer.crt" "$pki/revoked.crt" \
    "$pki/impostor.crt"
is 'a line for each' "$(wc -l <"$out")" 3
printf 'junk' >junk.crt
check 'no certificate is malformed' 4 vanthu-trust check --json \
    --trust "$pki/trust" junk.crt "$pki/officer.crt"
is 'is told as such' "$(jq -r '.error.code // .verdict' "$out" | tr '\n' ' ')" \
    'format valid '
check 'a key is none' 4 vanthu-trust check "$pki/officer.key"
unlike 'and is not shown' "$out" 'PRIVATE'
sed 's/ CERTIFICATE/ TRUSTED&/' "$pki/revoked.crt" >first.crt
cat "$pki/officer.crt" >>first.crt
check 'the first is not passed over' 4 vanthu-trust check \
    --trust "$pki/trust" first.crt
check 'a list is none' 4 vanthu-trust check "$pki/duty-ca.crl"
check 'a missing file' 6 vanthu-trust check nowhere.crt
check 'a missing anchor' 6 vanthu-trust check --trust nowhere "$pki/officer.crt"
like 'is named' "$err" 'nowhere'
check 'an anchor that is none' 4 vanthu-trust check --trust junk.crt \
    "$pki/officer.crt"
like 'is named as well' "$err" 'junk\.crt'

# ---- text ----
check 'the text of a verdict' 0 vanthu-trust check --trust "$pki/trust" \
    "$pki/officer.crt"
like 'begins with it' "$out" "^$pki/officer.crt: VALID: "
like 'has the tree' "$out" 'trust tree: Cơ quan chứng thực số chuyên dùng'
check 'of what is undecided' 3 vanthu-trust check "$pki/officer.crt"
like 'has the next step' "$err" 'hint: .*--trust'

# ---- wrong command lines ----
check 'no verb' 2 vanthu-trust
check 'an unknown verb' 2 vanthu-trust distrust
check 'no file' 2 vanthu-trust check
check 'no id' 2 vanthu-trust remove
check 'an operand of list' 2 vanthu-trust list x
check 'an option of another verb' 2 vanthu-trust list --crl x
check 'no such time' 2 vanthu-trust check --at yesterday "$pki/officer.crt"

check 'no such policy' 2 vanthu-trust check --policy any "$pki/officer.crt"
like 'is named' "$err" 'any is not an object identifier'

# ---- policies and algorithms ----
# shellcheck disable=SC2086
{
judge 0 'valid ok' 'a policy where none is required' $trust --policy 1.2.3.4 \
    --inhibit-any --inhibit-mapping "$pki/officer.crt"
own=1.3.6.1.4.1.99999.1
judge 0 'valid ok' 'any, where one is' $trust --explicit-policy \
    "$pki/officer.crt"
judge 0 'valid ok' 'its own' $trust --explicit-policy --policy 1.2.3.4 \
    --policy $own "$pki/officer.crt"
judge 1 'invalid bad-path' 'another' $trust --explicit-policy --policy 1.2.3.4 \
    "$pki/officer.crt"
judge 1 'invalid bad-path' 'the CA has "any", which does not count' $trust \
    --explicit-policy --inhibit-any "$pki/officer.crt"
printf 'digest sha256\ndigest sha1 until 2026-06-01\nrsa 1024\nec 256\n' >weak
judge 0 'valid ok' 'a table that admits RSA-1024' $trust \
    --algorithm-policy weak "$pki/weak-rsa1024.crt"
judge 0 'valid ok' 'and SHA-1 until that day' $trust --algorithm-policy weak \
    "$pki/weak-sha1.crt"
printf 'digest sha256\ndigest sha1 until 2026-05-31\nrsa 1024\n' >weak
judge 1 'invalid weak-algorithm' 'but not later' $trust \
    --algorithm-policy weak "$pki/weak-sha1.crt"
printf 'digest sha256\nrsa\n' >weak
check 'a table that is none' 4 vanthu-trust check $trust \
    --algorithm-policy weak "$pki/officer.crt"
like 'is told where' "$err" 'weak: .*line 2'
check 'a table that is not there' 6 vanthu-trust check $trust \
    --algorithm-policy nowhere "$pki/officer.crt"
}

# ---- the store ----
for verb in 'add --yes x' list 'remove 0123456789abcdef'; do
	# shellcheck disable=SC2086
	check "no office: $verb" 6 vanthu-trust $verb
	like 'is said' "$err" 'no office'
done
absent 'and none is made' "$VANTHU_HOME"
check 'a folder that cannot be looked into' 6 vanthu-trust list \
    --home "$(printf '%0300d' 0)"
like 'is not said to be no office' "$err" 'cannot open 0*/vanthu.conf: the name'
office "$VANTHU_HOME"
check 'nothing is trusted yet' 0 vanthu-trust list
empty 'which is shown' "$out"
check 'a root is not trusted unasked' 8 vanthu-trust add "$pki/duty-root.crt" \
    </dev/null
like 'the way is shown' "$err" 'hint: .*--yes'
absent 'nothing is stored' "$VANTHU_HOME/trust"
check 'a root' 0 vanthu-trust add --yes --json "$pki/duty-root.crt"
print=$(fingerprint "$pki/duty-root.crt")
is 'is an anchor' "$(get '[.kind, .sha256, .id]')" \
    "[\"anchor\",\"sha256:$print\",\"$(printf %.16s "$print")\"]"
openssl x509 -in "$pki/duty-root.crt" -outform DER -out root.der
ok 'is stored as it is' cmp root.der \
    "$VANTHU_HOME/trust/anchors/$(printf %.16s "$print").crt"
check 'once more' 0 vanthu-trust add --yes "$pki/duty-root.crt"
check 'an intermediate needs no question' 0 vanthu-trust add --json \
    "$pki/duty-ca.crt" "$pki/duty-ca.crl.der" "$pki/duty-root.crl"
is 'each is told' "$(jq -r .kind "$out" | tr '\n' ' ')" 'intermediate crl crl '
check 'the list' 0 vanthu-trust list --json
is 'has all, anchors first' "$(jq -r .kind "$out" | tr '\n' ' ')" \
    'anchor intermediate crl crl '
is 'with names' "$(jq -rs '.[1].name' "$out" | cut -d , -f 1)" \
    'CN=Cơ quan chứng thực số chuyên dùng công vụ (TEST)'
judge 0 'valid ok' 'the office judges' "$pki/officer.crt"
judge 3 'undetermined no-trust-anchor' 'its anchors only' \
    "$pki/public-officer.crt"
judge 3 'undetermined no-trust-anchor' 'or those named instead' \
    --trust "$pki/public-root.crt" "$pki/officer.crt"
judge 0 'valid ok' 'with the lists of the office' \
    --trust "$pki/duty-root.crt" "$pki/officer.crt"
VANTHU_HOME=$tmp/none2 judge 0 'valid ok' '--home' --home "$tmp/none" \
    "$pki/officer.crt"
check 'junk is not stored' 4 vanthu-trust add --yes junk.crt
check 'nor is standard input' 2 vanthu-trust add --yes - <"$pki/public-root.crt"
check 'nor a missing file' 6 vanthu-trust add --yes nowhere.crt
check 'but the others are' 6 vanthu-trust add --yes nowhere.crt \
    "$pki/public-root.crt"
is 'now five' "$(vanthu-trust list --json | wc -l)" 5
check 'remove' 0 vanthu-trust remove "$(printf %.16s "$print")"
check 'twice is not found' 1 vanthu-trust remove "$(printf %.16s "$print")"
check 'what is no id' 2 vanthu-trust remove ../../vanthu.conf
ok 'leaves all else' test -f "$VANTHU_HOME/vanthu.conf"
judge 3 'undetermined no-trust-anchor' 'trusted no longer' "$pki/officer.crt"
is 'nothing is left half-written' \
    "$(find "$VANTHU_HOME/trust" -name '.*' -o -name '*tmp*')" ''

# Asked on a terminal: "no" stores nothing, "y" does.
if have script && script -qec true /dev/null >/dev/null 2>&1; then
	for answer in n y; do
		printf '%s\n' "$answer" | script -qec \
		    "vanthu-trust add '$pki/duty-root.crt'" /dev/null >"$out"
		is "the answer $answer" \
		    "$(vanthu-trust list --json | grep -c "sha256:$print")" \
		    "$([ "$answer" = y ] && echo 1 || echo 0)"
	done
	like 'the fingerprint is shown' "$out" "$print"
else
	skip 'no script, or no terminal for it' 3
fi

# A full disk leaves nothing behind.
if [ "$(id -u)" -eq 0 ] && mkdir full && office full/o &&
    mkdir full/o/trust && mount -t tmpfs -o size=4k,nr_inodes=20 none \
    full/o/trust 2>/dev/null; then
	dd if=/dev/zero of=full/o/trust/fill bs=1k count=4 2>/dev/null
	check 'a full disk' 6 vanthu-trust add --home full/o --yes \
	    "$pki/duty-root.crt"
	is 'leaves nothing' "$(find full/o/trust -type f ! -name fill)" ''
	umount full/o/trust
else
	skip 'no tmpfs can be mounted' 2
fi

# Names from a certificate cannot act on the terminal.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout evil.key -out evil.crt -days 3650 -utf8 \
    -subj "/CN=$(printf 'e\033[31m\342\200\256x')" 2>/dev/null
vanthu-trust check evil.crt >"$out" 2>"$err"
unlike 'escape codes are shown, not sent' "$out" "$(printf '\033')"
unlike 'nor turn the line around' "$out" "$(printf '\342\200\256')"
like 'and what is there is seen' "$out" 'e\\x1b|e\\u|e\\033'

# No socket is ever opened.
if have strace && strace -o /dev/null true 2>/dev/null; then
	strace -f -qq -e trace=network -o trace vanthu-trust check --offline \
	    --trust "$pki/anchors" "$pki/officer.crt" >/dev/null 2>&1
	empty 'no socket is opened, nor by a program of ours' trace
	strace -qq -e trace=network -o trace vanthu-trust check \
	    --trust "$pki/anchors" "$pki/officer.crt" >/dev/null 2>&1
	empty 'where something may be fetched it is not by this program' trace
else
	skip 'strace cannot run here' 2
fi

# ---- the manual's examples ----
mkdir man && cd man || exit 1
office home
VANTHU_HOME=$PWD/home
cp "$pki/duty-root.crt" root.crt
cp "$pki/duty-ca.crt" ca.crt
cp "$pki/duty-root.crl" root.crl
cp "$pki/duty-ca.crl" ca.crl
cp "$pki/officer.crt" signer.crt
sed -n 's/^\.Dl //p' "$VANTHU_SOURCE/man/vanthu-trust.1" >examples
is 'the manual has its examples' "$(wc -l <examples)" 6
while read -r line; do
	ok "manual: $line" sh -c "$line"
done <examples
missing=
# shellcheck disable=SC2013 # each is one word
for reason in $(sed -n 's/^\t{ "\([a-z0-9-]*\)".*/\1/p' \
    "$VANTHU_SOURCE/lib/trust/trust_reason.c"); do
	grep -qx ".It $reason" "$VANTHU_SOURCE/man/vanthu-trust.1" ||
	    missing="$missing $reason"
done
is 'the manual lists every reason' "$missing" ''
done_testing
