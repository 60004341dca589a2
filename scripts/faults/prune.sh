# prune.sh - killed while it prunes the evidence of two records
# shellcheck shell=sh disable=SC2154 # pki, here, trace: from who sources this
# shellcheck source=scripts/faults/offices.sh
. "$here/offices.sh"

# shellcheck disable=SC2086 # split where meant
setup()
{
	make_offices && cp "$here/../../testdata/quickstart/cong-van.pdf" doc.pdf ||
	    return 1
	for subject in một hai; do
		ref=$(vanthu register out --home a --again --type CV \
		    --notation STNA-VP --subject "$subject" doc.pdf) &&
		    vanthu sign --home a --as person $officer "$ref" &&
		    echo "$ref" >>refs || return 1
	done
	# what is younger would be left for the next time
	find a/objects -type f -exec touch -d '2 hours ago' {} +
}

victim()
{
	$trace vanthu-archive evidence --home a --prune --yes --reason 'hết hạn' \
	    --before "$(TZ=UTC-7 date -d '+1 day' +%Y-%m-%d)"
}

again()
{
	victim
}

oracle()
{
	while read -r ref; do
		said=$(vanthu register show --home a --json "$ref" | jq -r '
		    "\(.state) \(.evidence) " + ([.history[] |
			select(.what == "evidence-pruned")] | length | tostring)')
		[ "$said" = 'signed 0 1' ] || echo "$ref is: $said"
	done <refs
	# The letter, and each signed one; of one second they are the same.
	[ "$(find a/objects -type f | wc -l)" -le 3 ] ||
	    echo "in the folder is: $(find a/objects -type f)"
	sound a
}
