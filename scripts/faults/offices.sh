# shellcheck shell=sh
# offices.sh - two offices and a spool below $work; sourced by the cases

officer="--p12 $pki/officer.p12 --passphrase file:$pki/passphrase"
agency="--p12 $pki/agency.p12 --passphrase file:$pki/passphrase"
# whose the keys are: a certificate of another office would be held
agency_name='Ủy ban nhân dân tỉnh Thử Nghiệm'

make_offices()
{
	vanthu init a --organ-id H99.01 --name "$agency_name" \
	    --transport "spool:$work/axis" &&
	    vanthu init b --organ-id H99.02 --name "$agency_name" \
		--transport "spool:$work/axis" || return 1
	for office in a b; do
		# these cases run where nobody is at a terminal
		printf '\n[sign]\nunattended = yes\n' >>$office/vanthu.conf
		vanthu trust add --home $office --yes "$pki"/trust/*/* || return 1
	done
}

# a document that the leader and the agency have signed, registered in a
issue_ready()
{
	cp "$here/../../testdata/quickstart/cong-van.pdf" doc.pdf &&
	    vanthu sign --home a --as person $officer -o signed.pdf doc.pdf &&
	    ref=$(vanthu register out --home a --type CV --notation STNA-VP \
		--subject 'Về việc thử nghiệm' signed.pdf) &&
	    vanthu sign --home a --as agency $agency "$ref" &&
	    echo "$ref" >ref
}

# count HOME BOOK: how many records the book holds
count()
{
	vanthu register list --home "$1" --json "$2" | grep -c '"ref"'
}

# sound HOME: the books and the files of an office agree
sound()
{
	vanthu register check --home "$1" >/dev/null ||
	    echo "the books of $1 are wrong"
	vanthu archive check --home "$1" >/dev/null ||
	    echo "the files of $1 are wrong"
}
