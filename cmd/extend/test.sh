#!/bin/sh
# vanthu-extend, and vanthu-sign above level B: `openssl ts` behind Apache gives
# the time stamps, lists and answers come from servers of the test; then all of
# them are gone
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

# ---- who signs, and who stamps ----
person by-crl ca "$list_url/ca.crl" '' ''
person by-ocsp ca '' "$ocsp_url/good" ''
person unknown ca "$list_url/not-there.crl" '' ''
person away ca '' "http://localhost:$(free_port)/away" ''
stamper tsa ca
stamper other-tsa other-ca
list ca ca
responder good responder
online
authorities
office office "[sign]" "tsa = $tsa_url/tsa"
VANTHU_HOME=$PWD/office
export VANTHU_HOME

cp "$data/quickstart/cong-van.pdf" a.pdf
printf 'a table\n' >a.csv

# sign WHO FILE OPTION...: by the office's authority, with root.crt trusted
sign()
{
	s_who=$1 s_file=$2
	shift 2
	vanthu-sign --key "$s_who.key" --cert "$s_who.crt" --chain ca.crt \
	    --trust root.crt "$@" "$s_file" >"$out" 2>"$err"
	status=$?
}

extend()
{
	vanthu-extend --json --trust root.crt "$@" >"$out" 2>"$err"
	status=$?
}

# judge FILE [OPTION...]: by the anchor alone, nothing is fetched; the options
# are for what is no PDF
judge()
{
	j_file=$1
	shift
	case $j_file in
	*pdf) set -- ;;
	esac
	vanthu-verify --offline --json --home none --trust root.crt "$@" \
	    "$j_file" >judged 2>"$err"
	judged=$(jq -r '[.verdict] + ([.signatures[] |
	    select(.format != "rfc3161") | .level, .verdict, .reason,
	    (.timestamp != null)] | map(tostring)) | join(" ")' judged)
}

# ---- signing at each level ----
for who in by-crl by-ocsp; do
	for level in T LT LTA; do
		for file in a.pdf a.csv; do
			form=pdf
			[ $file = a.pdf ] || form=p7s
			sign $who $file --level $level --json -o made.$form
			is "$who signs $file at $level" "$status" 0
			is 'and says so' \
			    "$(jq -r '.level, .warnings[].code' "$out")" $level
			[ $level = T ] || {
				judge made.$form --content a.csv
				is 'which holds by itself' "$judged" \
				    "valid $level valid ok true"
			}
			mv made.$form "$who.$level.$form"
		done
	done
done
sign by-crl a.csv --attached --level LTA -o a.p7m
is 'an attached signature' "$status" 0
judge a.p7m
is 'holds by itself' "$judged" 'valid LTA valid ok true'
sign by-crl a.pdf --level T -o -
cp "$out" piped.pdf
judge piped.pdf
is 'to standard output' "$judged" 'undetermined T undetermined revocation-unknown false'

# ---- what others say of them ----
for level in T LT LTA; do
	check "openssl: CAdES at $level" 0 openssl cms -verify -cades -binary \
	    -inform DER -in by-crl.$level.p7s -content a.csv -CAfile root.crt \
	    -certfile ca.crt -purpose any -out /dev/null
	if have qpdf; then
		check "qpdf: PDF at $level" 0 qpdf --check by-crl.$level.pdf
	else
		skip 'qpdf is missing'
	fi
	if have pdfsig; then
		pdfsig -nocert by-crl.$level.pdf >"$out" 2>&1
		like "pdfsig: PDF at $level" "$out" 'Signature is Valid'
	else
		skip 'pdfsig is missing'
	fi
	if have mutool; then
		mutool sign -v by-crl.$level.pdf >"$out" 2>&1
		like "mutool: PDF at $level" "$out" 'igest|unchanged|valid'
		unlike 'and no error' "$out" 'Digest error'
	else
		skip 'mutool is missing' 2
	fi
done

# The values of an attribute, by its OID as `openssl cms` prints it.
attribute()
{
	openssl cms -cmsout -print -inform DER -in "$1" |
	    grep -c "object: .*($2)"
}
is 'one time stamp' "$(attribute by-crl.LTA.p7s \
    1.2.840.113549.1.9.16.2.14)" 1
is 'the certificates' "$(attribute by-crl.LTA.p7s \
    1.2.840.113549.1.9.16.2.23)" 1
is 'the lists' "$(attribute by-crl.LTA.p7s 1.2.840.113549.1.9.16.2.24)" 1
is 'an archive time stamp' "$(attribute by-crl.LTA.p7s 0.4.0.1733.2.4)" 1

# The time stamps themselves: token_cms FILE, token_pdf FILE leave the last one
# in token.der, and what it is over in stamped.
token_cms()
{
	openssl asn1parse -inform DER -in "$1" >parsed
	# the value is the last element before the unsigned attributes
	value=$(awk -F : '/d=5 .*OCTET STRING/ { at = $1 }
	    /d=5 .*cont \[ 1 \]/ { v = at } END { print v + 0 }' parsed)
	openssl asn1parse -inform DER -in "$1" -strparse "$value" -noout \
	    -out stamped
	# shellcheck disable=SC2046 # two numbers
	set -- "$1" $(awk '/smime-aa-timeStampToken/ { on = 1 }
	    on && /cons: SEQUENCE/ { gsub(/[:a-z]*=/, " "); print $1, $3 + $4
	    exit }' parsed)
	tail -c +$(($2 + 1)) "$1" | head -c "$3" >token.der
}
token_pdf()
{
	LC_ALL=C perl -0777 -ne '
		/.*\/ByteRange\s*\[0 +(\d+) +(\d+) +(\d+) *\]/s or die;
		my ($a, $b, $c) = ($1, $2, $3);
		open my $f, ">", "stamped";
		print $f substr($_, 0, $a), substr($_, $b, $c);
		my $der = pack "H*", substr($_, $a + 1, $b - $a - 2);
		open my $t, ">", "token.der";
		print $t substr($der, 0, 4 + unpack("n", substr $der, 2, 2))' \
	    "$1"
}
token_cms by-crl.T.p7s
check 'openssl: a time stamp of CMS' 0 openssl ts -verify -token_in \
    -in token.der -data stamped -CAfile root.crt -untrusted ca.crt
token_pdf by-crl.LTA.pdf
check 'openssl: a time stamp of a PDF' 0 openssl ts -verify -token_in \
    -in token.der -data stamped -CAfile root.crt -untrusted ca.crt
echo x >>stamped
check 'and of nothing else' 1 openssl ts -verify -token_in \
    -in token.der -data stamped -CAfile root.crt -untrusted ca.crt

# ---- encrypted ----
if have qpdf; then
	echo secret >password
	qpdf --encrypt secret owner 256 -- a.pdf locked.pdf
	sign by-crl locked.pdf --pdf-password file:password --level LT \
	    -o locked.LT.pdf
	is 'an encrypted PDF at LT' "$status" 0
	extend --pdf-password file:password -o locked.LTA.pdf locked.LT.pdf
	is 'and at LTA' "$status" 0
	check 'which holds' 0 vanthu-verify --offline --home none \
	    --trust root.crt --pdf-password file:password locked.LTA.pdf
	check 'and is whole' 0 qpdf --password=secret --check locked.LTA.pdf
	extend -o x.pdf locked.LT.pdf
	is 'not without its password' "$status" 8
	like 'the reason' "$err" 'password'
	absent 'and nothing is written' x.pdf
else
	skip 'qpdf is missing' 7
fi

# ---- later ----
sign by-crl a.pdf -o b.pdf
sign by-crl a.csv -o b.csv.p7s
cp a.csv b.csv
extend --level T b.pdf
is 'a PDF raised to T' "$status" 0
is 'under a name of its own' "$(jq -r .output "$out")" b.extended.pdf
is 'from where' "$(jq -r '.from + .level' "$out")" BT
extend --level LT b.extended.pdf
is 'from there to LT' "$status" 0
judge b.extended.extended.pdf
is 'which holds' "$judged" 'valid LT valid ok true'
cmp -s -n "$(stat -c %s b.pdf)" b.pdf b.extended.extended.pdf
is 'its first bytes are what they were' $? 0
extend b.extended.extended.pdf -o b.lta.pdf
is 'and to LTA, which is what is meant unless said' "$status" 0
judge b.lta.pdf
is 'which holds' "$judged" 'valid LTA valid ok true'
extend -o b.renewed.pdf b.lta.pdf
is 'and renewed' "$status $(jq -r .renewed "$out")" '0 true'
judge b.renewed.pdf
is 'which holds' "$judged" 'valid LTA valid ok true'
is 'three time stamps on it' "$(jq '[.signatures[] |
    select(.format == "rfc3161" and .verdict == "valid")] | length' judged)" 3

extend b.csv.p7s
is 'a detached signature' "$status" 0
is 'under a name of its own' "$(jq -r .output "$out")" b.csv.extended.p7s
judge b.csv.extended.p7s
is 'which tells what it signs' "$judged" 'valid LTA valid ok true'
extend -o b.renewed.p7s --content b.csv b.csv.extended.p7s
is 'is renewed' "$status $(jq -r .renewed "$out")" '0 true'
judge b.renewed.p7s --content b.csv
is 'which holds' "$judged" 'valid LTA valid ok true'
is 'two archive time stamps on it' "$(jq '[.signatures[0].timestamps[] |
    select(.kind == "archive" and .verdict == "valid")] | length' judged)" 2
check 'openssl agrees' 0 openssl cms -verify -cades -binary -inform DER \
    -in b.renewed.p7s -content b.csv -CAfile root.crt -certfile ca.crt \
    -purpose any -out /dev/null
extend --level T --content a.pdf b.csv.p7s -o x.p7s
is 'not over another file' "$status" 8
absent 'and nothing is written' x.p7s
mkdir alone
cp b.csv.p7s alone
extend --level T alone/b.csv.p7s
is 'not where the file is not at hand' "$status" 8
is 'nothing is written' "$(ls alone)" b.csv.p7s

# ---- what reads it can do nothing else ----
if strace -e trace=none true 2>/dev/null; then
	# the leak sanitizer does not work in a traced process
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 \
	    strace -f -qq -o calls -e trace=prctl vanthu-extend -q --offline \
	    --level LT --trust root.crt --crl www/root.crl --crl www/ca.crl \
	    -o held.pdf by-crl.T.pdf >"$out" 2>"$err"
	is 'raised, and its calls seen' $? 0
	is 'each of its judgements is in confinement' \
	    "$(grep -c 'PR_SET_SECCOMP, SECCOMP_MODE_FILTER' calls)" 3
else
	skip 'strace does not run here' 2
fi

# ---- what cannot be extended ----
refused()
{
	r_what=$1 r_status=$2 r_says=$3
	shift 3
	before=$(ls)
	extend "$@"
	is "$r_what" "$status" "$r_status"
	like 'the reason' "$err" "$r_says"
	is 'and nothing is written' "$(ls)" "$before"
}
refused 'no signature' 8 'no signature|not signed|unsigned' a.pdf
refused 'a device' 4 'it is a device, no document' -o x.pdf /dev/null
refused 'not a signed file' 8 'neither a signed PDF' a.csv
refused 'a level that it has' 8 'level T already' --level T by-crl.T.pdf
refused 'a level below its own' 8 'level LTA already' --level LT \
    by-crl.LTA.pdf
refused 'validation data that is enough' 8 'level LT already' --level LT \
    by-crl.LT.pdf
refused 'of a signature, too' 8 'level LT already' --level LT --content a.csv \
    by-crl.LT.p7s
refused 'not over what is there' 6 'exists already' -o a.pdf by-crl.T.pdf
refused 'two files' 2 'one is extended' a.pdf b.pdf
refused 'level B' 2 'T, LT or LTA' --level B b.pdf
LC_ALL=C sed 's/Length/LengTh/' b.pdf >broken.pdf
refused 'a broken signature' 8 'cannot be extended' broken.pdf
sign unknown a.pdf -o unknown.pdf
refused 'LT without revocation' 8 'revo' --level LT unknown.pdf
sign unknown a.pdf -o unknown.T.pdf --level T
is 'T without it' "$status" 0
before=$(ls)
sign unknown a.pdf -o unknown.LT.pdf --level LT
is 'signing at LT without it' "$status" 8
like 'the reason' "$err" 'revo'
is 'and nothing is written' "$(ls)" "$before"
sign away a.pdf -o away.T.pdf --level T
is 'T while no responder is to be reached' "$status" 0
refused 'LT while none is: later' 7 'cannot be extended.*revo' --level LT \
    away.T.pdf
before=$(ls)
sign away a.pdf -o away.LT.pdf --level LT
is 'signing at LT while none is: later' "$status" 7
like 'the reason' "$err" 'cannot be extended.*revo'
is 'and nothing is written' "$(ls)" "$before"
refused 'an authority that leads to another anchor' 8 'time stamp' \
    --tsa "$tsa_url/other-tsa" --level T -o x.pdf b.pdf
like 'and the next step' "$err" 'add it with .vanthu trust add'

# ---- certificate-values without any, which anybody can add ----
# All that ends with the file, up to the unsigned attributes, grows by one.
LC_ALL=C perl -0777 -pe '$n = length;
    $more = pack "H*", "3011060b2a864886f70d010910021731023000";
    for ($i = 0;; $i++) {
	next unless ord(substr $_, $i + 1, 1) == 0x82 &&
	    unpack("n", substr $_, $i + 2, 2) + $i + 4 == $n;
	substr($_, $i + 2, 2) = pack "n", $n - $i - 4 + length $more;
	last if ord(substr $_, $i, 1) == 0xa1;
    }
    $_ .= $more' by-crl.T.p7s >empty.p7s
judge empty.p7s --content a.csv
is 'is of level T' "$judged" \
    'undetermined T undetermined revocation-unknown false'
extend --level LT --content a.csv empty.p7s -o filled.p7s
is 'what looks like level LT is brought to it' "$status" 0
judge filled.p7s --content a.csv
is 'which then holds by itself' "$judged" 'valid LT valid ok true'

# ---- what is stamped by somebody, whom nobody here trusts ----
printf '<letter>a</letter>' >c.xml
for file in a.pdf a.csv c.xml; do
	form=${file#*.} how='' of=''
	case $form in
	csv) form=p7s of='--content a.csv' ;;
	xml) how=--enveloped ;;
	esac
	# shellcheck disable=SC2086
	check "$file, stamped where no anchor is known" 0 vanthu-sign -q --key \
	    by-crl.key --cert by-crl.crt --chain ca.crt --level T --tsa \
	    "$tsa_url/other-tsa" -o strange.$form $how $file
	# shellcheck disable=SC2086
	extend --level T $of strange.$form -o told.$form
	is "$file is stamped once more" "$status" 0
	# shellcheck disable=SC2086
	vanthu-verify --json --trust root.crt $of told.$form >judged 2>"$err"
	is 'and that tells when' "$(jq -r '.signatures[0] | .verdict,
	    (.timestamp != null)' judged | tr '\n' ' ')" 'valid true '
	# shellcheck disable=SC2086
	refused 'and not again' 8 'level T already' --level T $of told.$form
done
cp index index.before
revoke by-crl
list ca ca
refused 'a certificate that was revoked' 8 'revoked' -o x.pdf b.pdf
mv index.before index
list ca ca

# ---- the command line ----
before=$(ls)
check 'level B needs no authority' 2 vanthu-sign --key by-crl.key \
    --cert by-crl.crt --tsa "$tsa_url/tsa" --level B a.pdf
check 'others do' 2 vanthu-sign --home none --key by-crl.key \
    --cert by-crl.crt --level T a.pdf
check 'in extending, too' 2 vanthu-extend --home none --trust root.crt \
    --crl www/ca.crl --crl www/root.crl b.pdf
is 'and nothing is written' "$(ls)" "$before"
check 'a level that is none' 2 vanthu-sign --key by-crl.key \
    --cert by-crl.crt --level LTV a.pdf
sign by-crl a.pdf --level T -o again.pdf
sign by-crl a.pdf --level T -o again.pdf --json
is 'signed once is enough' "$status $(jq -r .already "$out")" '0 true'
sign by-crl a.pdf --level LT -o again.pdf
is 'but not for a higher level' "$status" 6
sign by-crl a.pdf --level LT --as comment --text Yes -o seen.pdf
sign by-crl a.pdf --level LT --as comment --text Yes -o seen.pdf --json
is 'what is seen is found, too' "$status $(jq -r .already "$out")" '0 true'
sign by-crl a.pdf --level LT --as comment --text Not -o seen.pdf
is 'and another is another' "$status" 6

# ---- what an office says ----
check 'an office' 0 vanthu-init full --organ-id T01.TEST --name Test \
    --transport "spool:$PWD/axis"
printf '[fetch]\nallow = localhost\n[sign]\ntsa = %s\nlevel = LT\n' \
    "$tsa_url/tsa" >>full/vanthu.conf
check 'whom it trusts' 0 vanthu-trust add --home full --yes root.crt ca.crt \
    www/root.crl www/ca.crl
ref=$(vanthu-register out --home full --type CV --notation SA-VP \
    --subject 'Thử' a.pdf)
check 'a record is signed' 0 vanthu-sign --home full --key by-crl.key \
    --cert by-crl.crt --json "$ref"
is 'at the level that its settings name' \
    "$(jq -r '.level + " " + .verdict' "$out")" 'LT valid'
ref=$(vanthu-register out --home full --type CV --notation SA-VP \
    --subject 'Thử nữa' a.pdf)
vanthu-trust list --home full --json |
    jq -r 'select(.kind == "crl") | .id' >ids
while read -r id; do
	vanthu-trust remove --home full "$id" >"$out" 2>"$err"
done <ids
check 'a record, by a certificate that is asked for' 0 vanthu-sign --home full \
    --key by-ocsp.key --cert by-ocsp.crt "$ref"
check 'the lists again' 0 vanthu-trust add --home full --yes www/root.crl \
    www/ca.crl
check 'what was looked at' 0 vanthu-archive evidence --home full --json "$ref"
is 'has the answer, too' "$(jq -r '.level, .verdict, (.parts | map(.kind) |
    unique | join(" "))' "$out" | tr '\n' ' ')" \
    'LT valid certificate crl ocsp signer '
check 'written out' 0 vanthu-archive evidence --home full -C seen "$ref"
ok 'the answer of the responder' sh -c 'openssl ocsp -respin seen/ocsp-*.ors \
    -noverify -resp_text | grep -q "Cert Status: good"'
for file in seen/*.crt; do
	openssl x509 -inform DER -in "$file"
done >seen.pem
ok "the authority's certificate is among them" \
    grep -qxF "$(sed -n 10p tsa.crt)" seen.pem
check 'a file, too' 0 vanthu-sign --home full --key by-crl.key \
    --cert by-crl.crt -o by-office.p7m --attached a.csv
judge by-office.p7m
is 'and it holds by itself' "$judged" 'valid LT valid ok true'
check 'or lower, where that is said' 0 vanthu-sign --home full --key \
    by-crl.key --cert by-crl.crt --level B -o by-office.B.p7s a.csv
printf '<a>1</a>' >a.xml
check 'XML has no such level' 4 vanthu-sign --home full --key by-crl.key \
    --cert by-crl.crt --enveloped -o x.xml a.xml
like 'the reason and the next step' "$err" 'say --level T'
absent 'and nothing is written' x.xml
check 'one beside others at level B is extended then' 0 vanthu-sign --home full --key by-ocsp.key \
    --cert by-ocsp.crt --chain ca.crt --level B --cosign --content a.csv \
    -o two.p7s by-office.B.p7s
extend --content a.csv -o two.lta.p7s two.p7s
is 'both signatures' "$status $(jq -r .signatures "$out")" '0 2'
judge two.lta.p7s --content a.csv
is 'and both hold' "$judged" \
    'valid LTA valid ok true LTA valid ok true'

# ---- the manual's examples ----
mkdir man && cd man || exit 1
cp ../a.pdf letter.pdf
cp ../a.csv table.csv
cp ../root.crt ../www/ca.crl .
for file in letter.pdf table.csv; do
	vanthu-sign --home ../full --key ../by-crl.key --cert ../by-crl.crt \
	    --level B $file >"$out" 2>"$err" || bail "$(cat "$err")"
done
VANTHU_HOME=$tmp/full
sed -i 's/^level = LT$/level = LTA/' "$VANTHU_HOME/vanthu.conf"
printf '<a>1</a>' >report.xml
vanthu-sign --home ../full --key ../by-crl.key --cert ../by-crl.crt \
    --level B --enveloped report.xml >"$out" 2>"$err" || bail "$(cat "$err")"
run_examples vanthu-extend.1 4 "s,http://tsa.example.vn,$tsa_url/tsa,"
ok 'they made what they say' test -s letter.signed.extended.pdf \
    -a -s table.csv.extended.p7s -a -s letter.2036.pdf \
    -a -s report.signed.extended.xml
cd .. && VANTHU_HOME=$PWD/office

# ---- nobody gives a time stamp ----
stop ts-server
before=$(ls)
# each waits for four seconds
sign by-crl a.pdf --level LTA
is 'nobody stamps: nothing is signed at LTA' "$status" 7
extend --level T -o x.pdf b.pdf
is 'nor raised to T' "$status" 7
extend -o x.pdf b.lta.pdf
is 'nor renewed' "$status" 7
is 'and nothing is written' "$(ls)" "$before"

# ---- everybody is gone ----
for name in web ocsp evil; do
	stop $name
done
for who in by-crl by-ocsp; do
	for level in LT LTA; do
		judge $who.$level.pdf
		is "$who's PDF at $level" "$judged" "valid $level valid ok true"
		judge $who.$level.p7s --content a.csv
		is "$who's CMS at $level" "$judged" "valid $level valid ok true"
	done
done
done_testing
