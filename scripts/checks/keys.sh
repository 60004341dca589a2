#!/bin/sh
# keys.sh [ROOT] - what --json writes stands in vanthu-json(5)
#
# Each key that the sources of a tool write is named, by .Va, in the part of the
# page that is about it.  The codes of failures stand in vanthu-exit(7).
set -u
root=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
page=$root/man/vanthu-json.5
bad=0
n=0

wrong()
{
	bad=$((bad + 1))
	echo "$*"
}

# named PART: the words of .Va there
named()
{
	awk -v part="$1" '/^\.S[sh] / { on = $2 == part; next }
	    on && sub(/^\.(It )?Va /, "")' "$page" | tr -s ' ,;.' '\n'
}

# written FILE...: the keys of the objects there
written()
{
	tr -s '\n\t' '  ' <"$1" |
	    grep -oE 'vt_json_(put|begin)_[a-z0-9]+\([a-z]+, "[a-z0-9_]+"|put_[a-z]+\(o, "[a-z0-9_]+"' |
	    sed 's/.*"\(.*\)"/\1/' | grep -vx schema | sort -u
}

# part NAME FILE...: all that the files write is named in the part NAME
part()
{
	part=$1
	shift
	named "$part" >"$dir/named"
	for file; do
		[ -f "$file" ] || continue
		for key in $(written "$file"); do
			n=$((n + 1))
			grep -qxF -e "$key" "$dir/named" ||
			    wrong "$part: ${file#"$root"/} writes $key," \
				"which the page does not name"
		done
	done
}

dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
for tool in "$root"/cmd/*/; do
	tool=$(basename "$tool")
	part "vanthu.$tool/1" "$root/cmd/$tool"/*.c
done
part vanthu.register/1 "$root/lib/store/store_json.c"
part Failures "$root/lib/cli/cli_say.c"

codes=$(sed -n 's/.*\[VT_E[A-Z]*\] = "\([a-z-]*\)".*/\1/p' \
    "$root/lib/base/base_error.c")
[ -n "$codes" ] || wrong "no code of a failure found"
for code in usage $codes; do
	n=$((n + 1))
	grep -E '^\.It Li ' "$root/man/vanthu-exit.7" | tr -s ' ,' '\n' |
	    grep -qxF -e "$code" || wrong "vanthu-exit(7) does not have $code"
done

[ "$n" -gt 100 ] || wrong "only $n keys and codes found"
echo "$n keys and codes looked at, $bad not in the manual"
[ "$bad" -eq 0 ]
