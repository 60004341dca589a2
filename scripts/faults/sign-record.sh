# sign-record.sh - killed while it signs a record, and keeps evidence of it
# shellcheck shell=sh disable=SC2154 # pki, here, trace: from who sources this
# shellcheck source=scripts/faults/offices.sh
. "$here/offices.sh"

setup()
{
	make_offices && cp "$here/../../testdata/quickstart/cong-van.pdf" doc.pdf &&
	    ref=$(vanthu register out --home a --type CV --notation STNA-VP \
		--subject 'Về việc thử nghiệm' doc.pdf) && echo "$ref" >ref
}

# shellcheck disable=SC2086 # split where meant
victim()
{
	$trace vanthu-sign --home a --as person $officer "$(cat ref)"
}

again()
{
	victim
}

oracle()
{
	ref=$(cat ref)
	said=$(vanthu register show --home a --json "$ref" | jq -r '"\(.state) " +
	    "\(.verdict) \(.files | length) \(.evidence) " +
	    ([.history[] | select(.what == "signed") | .detail != null] |
		length | tostring)')
	# Where the worker was killed that judges what was signed, nobody knows.
	case $said in
	'signed valid 1 1 2' | 'signed undetermined 1 1 2') ;;
	*) echo "the record is: $said" ;;
	esac
	cmp -n "$(wc -c <doc.pdf)" doc.pdf "a/objects/$(vanthu register show \
	    --home a --json "$ref" | jq -r '.files[0].sha256' |
	    sed 's,sha256:\(..\),\1/,')" || echo "the document was changed"
	vanthu archive evidence --home a -C kept "$ref" >/dev/null ||
	    echo "the evidence cannot be read"
	vanthu register check --home a >/dev/null ||
	    echo "the books are wrong"
	# A signed file of the killed run, another instant's, may lie there.
	vanthu archive check --home a | grep -v ': no book knows of it$' |
	    grep -v ' objects checked, ' && echo "the files are wrong"
	[ "$(find a -name 'signed*' -o -name '.vanthu-*' | wc -l)" -eq 0 ] ||
	    echo "something half was left"
}
