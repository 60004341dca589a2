#!/bin/sh
# vanthu-sign --level and vanthu-extend, where the time-stamping authority is not
# there, or answers what is not to be used: nothing is written then
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have jq openssl || skip_all 'jq or openssl is missing'
have_apache || skip_all 'apache2 or perl is missing'

# shellcheck source=testdata/online.sh
. "$VANTHU_SOURCE/testdata/online.sh"
# shellcheck source=testdata/tsa.sh
. "$VANTHU_SOURCE/testdata/tsa.sh"

person officer ca "$list_url/ca.crl" '' ''
stamper tsa ca
stamper bad-tsa ca
stamper other-tsa other-ca
stamper past-tsa ca -startdate 20200101000000Z -enddate 20211231235959Z
authority coarse-tsa tsa
sed '/^\[coarse/,/^ess/s/secs:1$/secs:301/' ts.conf >ts.new && mv ts.new ts.conf
list ca ca
online
authorities
office office
VANTHU_HOME=$PWD/office
export VANTHU_HOME
cp "$data/quickstart/cong-van.pdf" a.pdf
printf 'a table\n' >a.csv
mkdir empty made

# sign LEVEL AUTHORITY FILE OPTION...
sign()
{
	s_level=$1 s_tsa=$2 s_file=$3
	shift 3
	vanthu-sign --key officer.key --cert officer.crt --chain ca.crt \
	    --trust root.crt --level "$s_level" --tsa "$tsa_url/$s_tsa" "$@" \
	    "$s_file"
}

# shellcheck disable=SC2317 # by check
extend()
{
	e_level=$1 e_tsa=$2 e_file=$3
	shift 3
	vanthu-extend --trust root.crt --level "$e_level" \
	    --tsa "$tsa_url/$e_tsa" "$@" "$e_file"
}

for file in a.pdf a.csv; do
	check "$file at B" 0 vanthu-sign --key officer.key --cert officer.crt \
	    --chain ca.crt --trust root.crt -o "b.${file#a.}" $file
	check "$file at LTA" 0 sign LTA tsa $file -o "lta.${file#a.}"
done
sha256sum a.pdf a.csv b.pdf b.csv lta.pdf lta.csv >sums

# The slow one takes its time; all else goes on meanwhile.
{
	sign T slow/tsa a.pdf -o empty/slow.pdf 2>slow.err
	echo $? >slow.status
} &
slow=$!

# fault WHAT STATUS SAYS AUTHORITY: at signing, raising, renewing
fault()
{
	f_what=$1 f_status=$2 f_says=$3 f_tsa=$4
	for file in a.pdf a.csv; do
		form=${file#a.}
		check "$f_what: signing $file" "$f_status" \
		    sign T "$f_tsa" $file -o "empty/x.$form"
		like 'the reason' "$err" "$f_says"
		check 'raising it' "$f_status" \
		    extend LTA "$f_tsa" "b.$form" --content a.csv \
		    -o "empty/x.$form"
		like 'the reason' "$err" "$f_says"
		check 'renewing it' "$f_status" \
		    extend LTA "$f_tsa" "lta.$form" --content a.csv \
		    -o "empty/x.$form"
		like 'the reason' "$err" "$f_says"
	done
	is 'nothing is written' "$(ls -A empty)" ''
	ok 'what was there is as it was' sha256sum -c sums
}
fault 'another nonce' 8 'nonce' nonce/tsa
fault 'another imprint' 8 'over something else' imprint/tsa
fault 'a refusal' 8 'the authority gives no time stamp' refuse/tsa
fault 'garbage' 8 'not one response' garbage/tsa
fault 'far too much' 8 'longer than' huge/tsa
fault 'an authority of another tree' 8 'time stamp is not to be used' other-tsa
fault 'an authority that does not know the time' 8 'its time is not accurate' \
    coarse-tsa
if have faketime; then
	authority_time +1h
	fault 'a clock that is ahead' 8 'its time is ahead of' tsa
	authority_time -1h
	fault 'a clock that is behind' 8 'its time is behind' tsa
	authority_time ''
fi
check 'an authority that has expired, and no anchors' 8 vanthu-sign --key \
    officer.key --cert officer.crt --level T --tsa "$tsa_url/past-tsa" \
    -o empty/x a.csv
like 'the reason' "$err" 'its certificate was not valid at its time'
revoke bad-tsa
list ca ca
fault 'an authority that was revoked' 8 'revoked' bad-tsa

# ---- what passes by itself is waited for ----
: >ts.asked
check 'busy twice, then there' 0 sign T flaky/tsa a.csv -o made/flaky.p7s
is 'asked three times' "$(grep -c '^flaky' ts.asked)" 3
: >ts.asked
start=$(date +%s)
check 'busy all the time' 7 sign T busy/tsa a.csv -o empty/x
is 'asked three times' "$(grep -c '^busy' ts.asked)" 3
took=$(($(date +%s) - start))
ok 'with pauses between' test "$took" -ge 4 -a "$took" -le 60
check 'nobody there' 7 vanthu-extend --trust root.crt --level T \
    --tsa "http://localhost:$(free_port)/" -o empty/x b.pdf
check 'not where the settings do not allow it' 8 vanthu-sign --home none --key \
    officer.key --cert officer.crt --level T --tsa "$tsa_url/tsa" \
    -o empty/x a.pdf
check 'an address that is none' 2 vanthu-extend --trust root.crt --level T \
    --tsa ftp://localhost/ -o empty/x b.pdf

# ---- room for the token is found ----
check 'its issuer is at hand' 0 vanthu-trust add ca.crt
for file in a.pdf a.csv; do
	: >ts.asked
	check "longer than the first: $file" 0 sign LTA longer/tsa $file \
	    -o "made/longer.${file#a.}"
done
check 'and holds' 0 vanthu-verify --offline --home none --trust root.crt \
    made/longer.pdf

# ---- a disk that is full ----
if mkdir disk && mount -t tmpfs -o size=128k none disk 2>/dev/null; then
	for left in 0 20 40 60 70; do
		rm -f disk/*
		head -c $((131072 - left * 1024)) /dev/zero >disk/filler \
		    2>/dev/null
		sign LTA tsa a.pdf -o disk/x.pdf >"$out" 2>"$err"
		status=$?
		case $status in
		0) ok "$left KiB left: whole" vanthu-verify --offline --home \
		    none --trust root.crt disk/x.pdf ;;
		*)
			is "$left KiB left: full" "$status" 6
			is 'nothing half' "$(ls -A disk)" filler
			;;
		esac
	done
	rm -f disk/*
	check 'with room there is a file' 0 sign LT tsa a.csv -o disk/x.p7s
	umount disk
else
	skip 'no right to mount a disk' 11
fi

wait $slow
is 'too slow' "$(cat slow.status)" 7
like 'the reason' slow.err 'seconds|time'
is 'nothing is written' "$(ls -A empty)" ''
ok 'what was there is as it was' sha256sum -c sums
done_testing
