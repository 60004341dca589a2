#!/bin/sh
# vanthu-sign --cosign above level B: what the others signed stays as it was
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/two-signers.sh
. "$VANTHU_SOURCE/testdata/two-signers.sh"
printf 'a table\n' >a.csv

judge()
{
	case $1 in
	*.p7s) judged_as '.level, .verdict' --content a.csv "$1" ;;
	*) judged_as '.level, .verdict' "$1" ;;
	esac
}

check 'the first signs' 0 by first -o one.p7s a.csv
check 'and attached' 0 by first --attached -o one.p7m a.csv
for level in T LT LTA; do
	for form in p7s p7m; do
		content=
		[ $form = p7m ] || content='--content a.csv'
		asked=$(authority_asked)
		# shellcheck disable=SC2086
		check "the second beside it, at $level in .$form" 0 by second \
		    --cosign $content --level $level -o two.$level.$form \
		    one.$form
		judge two.$level.$form
		is 'the first is what it was, and the second at that level' \
		    "$judged" "B valid false $level valid true"
		[ $level != T ] || is 'one stamp was asked for, and a trial' \
		    "$(($(authority_asked) - asked))" 1
	done
	check 'openssl agrees' 0 openssl cms -verify -cades -binary -inform DER \
	    -in two.$level.p7s -content a.csv -CAfile root.crt -certfile ca.crt \
	    -purpose any -out /dev/null
done
# The stamp is over the second's value: by openssl alone.
openssl cms -cmsout -print -inform DER -in two.T.p7s >print 2>"$err"
is 'one signature-time-stamp in all' \
    "$(grep -c 'id-smime-aa-timeStampToken' print)" 1

# What the first has at LTA stays, and still holds with the second.
check 'the first at LTA' 0 by first --level LTA -o lta.p7s a.csv
check 'the second at LTA' 0 by second --cosign --content a.csv --level LTA \
    -o both.p7s lta.p7s
judge both.p7s
is 'both are' "$judged" 'LTA valid true LTA valid true'
check 'and a third at T' 0 by first --cosign --content a.csv --level T \
    -o three.p7s both.p7s
judge three.p7s
is 'all three hold, with what the message has' "$judged" \
    'LTA valid true LTA valid true LT valid true'

# What the first has among its attributes serves no other.
check 'the second at B' 0 by second --cosign --content a.csv --level B \
    -o b.p7s lta.p7s
check 'and both are extended' 0 vanthu-extend --trust root.crt \
    --content a.csv -o b.lta.p7s b.p7s
judge b.lta.p7s
is 'both hold' "$judged" 'LTA valid true LTA valid true'

# Run again it is done.
check 'again' 0 by second --cosign --content a.csv --level LTA --json \
    -o both.p7s lta.p7s
is 'that was done before' "$(jq -r .already "$out")" true

# A counter-signature has no level.
check 'a counter-signature' 4 by second --countersign 0 --content a.csv \
    --level T -o no.p7s one.p7s
like 'why, and what then' "$err" 'no approval .* say --level B'

# Nobody is there to stamp.
stop ts-server
check 'no authority' 7 by second --cosign --content a.csv --level T \
    -o no.p7s one.p7s
absent 'nothing is written' no.p7s
done_testing
