# shellcheck shell=sh
# offices.sh - two offices and a spool below $work; sourced by the cases, and by
# tests of programs, which have a folder of their own

: "${here:=$VANTHU_SOURCE/scripts/faults}" "${work:=$tmp}"
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

# signed.pdf: a document that the leader has signed
leader_signs()
{
	cp "$here/../../testdata/quickstart/cong-van.pdf" doc.pdf &&
	    vanthu sign --home a --as person $officer -o signed.pdf doc.pdf
}

# one that the agency has signed, too, registered in a
issue_ready()
{
	leader_signs &&
	    ref=$(vanthu register out --home a --type CV --notation STNA-VP \
		--subject 'Về việc thử nghiệm' signed.pdf) &&
	    vanthu sign --home a --as agency $agency "$ref" &&
	    echo "$ref" >ref
}

# new SUBJECT FILE...: a document of a that may be issued; its reference
new()
{
	subject=$1
	shift
	new_ref=$(vanthu register out --home a --type CV --notation STNA-VP \
	    --subject "$subject" --again "$@") || return
	vanthu sign --home a --as agency $agency "$new_ref" >/dev/null || return
	echo "$new_ref"
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
