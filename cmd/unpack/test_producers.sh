#!/bin/sh
# What each producer writes: read as the table says, and written again
#
# The table is testdata/envelope/producers.tsv; a file named corpus/... is one
# of the national axis' own samples.
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have jq || skip_all 'no jq'
table=$data/envelope/producers.tsv
tab=$(printf '\t')
VANTHU_HOME=$tmp/none
export VANTHU_HOME

# The columns behind the first two.  What is absent is "-".
cat >row.jq <<'END'
def dash: if . == null or . == "" then "-" else tostring end;
def words(f): [.[]? | f | dash] | join(" ");
[ .kind, .from.organ_id, (.to // [] | words(.organ_id)),
  .document_id, ([.code // {} | .number, .notation | values] | join("/")),
  (.promulgation.date | dash), .due_date,
  (.type_meant | if . then "\(.list)\(.index) \(.name)" else null end),
  .subject, .priority, .steering_type,
  (.business | if . then
    ([.type, (if .paper then "+paper" else empty end),
      (.document_id | values),
      (.receivers[] | "\(.change):\(.organ_id)"),
      (.replaced[] | "\(.document_id)>\(.organ_ids | join("+"))")]
     | join(" ")) else null end),
  (.response_for | words([.organ_id, .code, .date, .document_id]
    | map(dash) | join("|"))),
  (.trace // [] | words([.organ_id, .timestamp] | map(dash) | join("@"))),
  (.status | if . then "\(.code) \(.timestamp)" else null end),
  (.errors | words(.code)),
  (.attachments | words("\(.name | gsub(" "; "_"))|\(.encoding)|\(.size)|"
    + .sha256[7:15])),
  .signature ] | map(dash) | @tsv
END

# What a second message of the same header and files says.
cat >said.jq <<'END'
del(.file, .signature, .type_code, .type_meant)
| .attachments |= map({size, sha256})
| if .kind == "document" then .steering_type //= 0 else . end
END

# again FILE: taken apart, packed, taken apart, packed: nothing is lost
again()
{
	rm -rf one two one.edxml two.edxml
	mkdir one two
	check "$name: is unpacked" 0 vanthu unpack --json -C one "$1"
	jq -r '.attachments[].file' "$out" >files
	vanthu unpack --list --json "$1" >one.json
	pack one.json one.edxml
	vanthu unpack --list --json one.edxml >two.json
	jq -c -f said.jq one.json >one.said
	jq -c -f said.jq two.json >two.said
	is "$name: says the same when packed again" "$(cat two.said)" \
	    "$(cat one.said)"
	pack two.json two.edxml
	ok "$name: and the same bytes from then on" cmp one.edxml two.edxml
}

# pack META FILE: with the files that FILES lists
pack()
{
	p_meta=$1 p_to=$2
	set --
	while IFS= read -r p_file; do
		set -- "$@" "$p_file"
	done <files
	check "$name: is packed ($p_to)" 0 \
	    vanthu pack --meta "$p_meta" -o "$p_to" "$@"
}

grep -v '^#' "$table" >rows
while IFS="$tab" read -r name status expected; do
	file=$data/envelope/producers/$name
	case $name in
	corpus/*)
		if ! file=$(corpus "edxml/${name#*/}"); then
			skip "$name: no corpora" 5
			continue
		fi
		;;
	esac
	check "$name" "$status" vanthu unpack --list --json "$file"
	if [ "$status" -ne 0 ]; then
		like "$name: says why" "$err" "$expected"
		continue
	fi
	is "$name: is read right" "$(jq -r -f row.jq "$out")" "$expected"
	again "$file"
done <rows

is 'no message is left out' \
    "$(cd "$data/envelope/producers" && printf '%s\n' *.edxml)" \
    "$(cut -f 1 rows | grep -v '^corpus/' | LC_ALL=C sort)"
done_testing
