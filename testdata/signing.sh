# shellcheck shell=sh
# signing.sh - an office whose documents are signed; sourced behind lib.sh
#
#	$VANTHU_HOME		the office, which trusts what the test keys need
#				and lets the agency's key work unattended; a
#				letter, a.pdf, lies beside it
#	new FILE...		register them; the record's name is in $ref, its
#				number and notation in $code
#	officer OPTION...	vanthu-sign with a person's key
#	agency OPTION...	vanthu-sign with the agency's
#	object DIGEST		the path of what the office keeps under it
#	digest REF I		the digest of the record's file I
#	derived REF I		the same of what was made of it, from 0
#
# Test material.

# shellcheck disable=SC2154 # pki, tmp, out, err, data: lib.sh's
pass=file:$pki/passphrase
VANTHU_HOME=$tmp/office
export VANTHU_HOME

new()
{
	ref=$(vanthu-register out --type CV --notation STNA-VP \
	    --subject 'V/v thử nghiệm' --again "$@") || bail 'no record'
	# shellcheck disable=SC2034 # for who sources this
	code=$(vanthu-register show --json "$ref" | jq -r .code)
}

officer()
{
	vanthu-sign "$@" --p12 "$pki/officer.p12" --passphrase "$pass"
}

agency()
{
	vanthu-sign "$@" --p12 "$pki/agency.p12" --passphrase "$pass"
}

object()
{
	hex=${1#sha256:}
	rest=${hex#??}
	printf '%s\n' "$VANTHU_HOME/objects/${hex%"$rest"}/$rest"
}

digest()
{
	vanthu-register show --json "$1" | jq -r ".files[$2].sha256"
}

derived()
{
	vanthu-register show --json "$1" | jq -r ".derived[$2].sha256"
}

vanthu-init office --organ-id H99.01 --name 'Ủy ban nhân dân tỉnh Thử Nghiệm' \
    --transport "spool:$tmp/axis" >"$out" 2>"$err" || bail 'no office'
for file in "$pki"/trust/*/*; do
	vanthu-trust add --yes "$file" >"$out" 2>"$err" || bail 'no trust'
done
printf '\n[sign]\nunattended = yes\n' >>office/vanthu.conf
cp "$data/quickstart/cong-van.pdf" a.pdf
