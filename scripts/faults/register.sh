# register.sh - killed while it registers an outgoing document
. "$here/offices.sh"

setup()
{
	make_offices && printf 'a document\n' >doc.txt
}

victim()
{
	$trace vanthu-register out --home a --type CV --notation STNA-VP \
	    --subject 'Về việc thử nghiệm' doc.txt
}

again()
{
	victim
}

oracle()
{
	n=$(count a out)
	[ "$n" -eq 1 ] || echo "$n records, not 1"
	year=$(TZ=UTC-7 date +%Y)
	vanthu register show --home a "out/$year/1" >/dev/null ||
	    echo "the record is not number 1"
	printf 'another\n' >next.txt
	next=$(vanthu register out --home a --type CV --notation STNA-VP \
	    --subject 'Văn bản sau' next.txt)
	[ "$next" = "out/$year/2" ] || echo "the next number is $next"
	sound a
}
