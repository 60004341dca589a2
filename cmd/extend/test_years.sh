#!/bin/sh
# vanthu-extend: a signature outlives its certificate and its authorities, if it
# is renewed before each of these ends; if it is not, it does not
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"

have jq openssl faketime || skip_all 'jq, openssl or faketime is missing'
have_apache || skip_all 'apache2 or perl is missing'

# shellcheck source=testdata/online.sh
. "$VANTHU_SOURCE/testdata/online.sh"
# shellcheck source=testdata/tsa.sh
. "$VANTHU_SOURCE/testdata/tsa.sh"

clock=

# What the test does happens at $clock, as faketime -f takes it; '' for now.
at()
{
	if [ -z "$clock" ]; then
		"$@"
	else
		faketime -f "$clock" "$@"
	fi
}

openssl_path=$(command -v openssl)
openssl()
{
	at "$openssl_path" "$@"
}

faketime -f +1d vanthu-verify --version >"$out" 2>&1 ||
    skip_all 'faketime does not work with this build'

# year DAYS AUTHORITY: so long from now, with lists and an authority of that day
year()
{
	clock=${1:+"+$1d"}
	stamper "$2" ca -days 2000
	authority_time "$clock"
	list ca ca
	list root root
}

# An anchor for all that time.
openssl x509 -req -in root.csr -signkey root.key -days 9000 -extfile conf \
    -extensions root -out root.crt 2>>log || bail 'no anchor'
issue ca root sub -days 9000
: >index
person officer ca "$list_url/ca.crl" '' ''
year '' tsa0
online
authorities
office office
VANTHU_HOME=$PWD/office
export VANTHU_HOME
cp "$data/quickstart/cong-van.pdf" a.pdf
printf 'a table\n' >a.csv

# judge N.FORM: by the anchor alone, nothing is fetched
judge()
{
	set -- "$1"
	case $1 in
	*.p7s) set -- --content a.csv "$1" ;;
	esac
	at vanthu-verify --offline --json --home none --trust root.crt "$@" \
	    >judged 2>"$err"
	judged=$(jq -r '[.verdict] + [.signatures[] |
	    select(.format != "rfc3161") | .level, .reason] | join(" ")' judged)
}

for file in a.pdf a.csv; do
	form=pdf
	[ $file = a.pdf ] || form=p7s
	check "$file is signed" 0 vanthu-sign --key officer.key --cert \
	    officer.crt --chain ca.crt --trust root.crt --level LTA --tsa \
	    "$tsa_url/tsa0" -o 0.$form $file
done

# renew DAYS N: N.* are what was made the time before, renewed
renew()
{
	year "$1" "tsa$2"
	for form in pdf p7s; do
		before=$(($2 - 1)).$form
		judge "$before"
		is "after $1 days $before cannot be judged without servers" \
		    "$judged" 'undetermined LTA expired'
		check 'it is renewed' 0 at vanthu-extend --trust root.crt \
		    --tsa "$tsa_url/tsa$2" --content a.csv -o "$2.$form" \
		    "$before"
		judge "$2.$form"
		is 'and can be' "$judged" 'valid LTA ok'
	done
}
renew 1700 1
renew 3640 2

# ---- ten years from now, and nobody is there ----
for name in web ocsp evil ts-server; do
	stop $name
done
clock=+3652d
for form in pdf p7s; do
	judge 0.$form
	is 'never renewed' "$judged" 'undetermined LTA expired'
	judge 1.$form
	is 'renewed once, too long ago' "$judged" 'undetermined LTA expired'
	judge 2.$form
	is 'renewed in time' "$judged" 'valid LTA ok'
	is 'its first time stamp is what proves when it was signed' \
	    "$(jq -r '.signatures[0].timestamp[:4]' judged)" "$(date -u +%Y)"
	check 'too late' 8 at vanthu-extend --trust root.crt --offline \
	    --tsa "$tsa_url/tsa2" --content a.csv -o late 0.$form
	like 'the reason' "$err" 'cannot be extended: .* valid to'
done
absent 'and nothing is written' late
done_testing
