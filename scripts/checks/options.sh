#!/bin/sh
# options.sh BUILD [ROOT [BIN]] - a tool's options, manual and completion agree
#
# A tool's table of options is seen by its --help.  Each of them stands in the
# manual as an item, and in the completion; neither has others.  The manual
# lists exit statuses; verbs stand in it.
set -u
root=${2:-$(cd "$(dirname "$0")/../.." && pwd)}
bin=${3:-$1/bin}
common='help home json quiet verbose version'
LC_ALL=en_US.UTF-8
export LC_ALL
unset LANGUAGE
bad=0
n=0

wrong()
{
	bad=$((bad + 1))
	echo "$*"
}

# The options of the section FROM of a help text, up to the next section.
helped()
{
	awk -v from="$1" '
	/^[^ ].*:$/ { on = $0 == from; next }
	/^[^ ]/ { on = 0 }
	on && match($0, /^  (-[A-Za-z0-9], |    )--[a-z0-9-]+/) {
		split(substr($0, RSTART, RLENGTH), part, "--")
		print substr($0, index($0, "--") + 2,
		    RLENGTH - index($0, "--") - 1)
		if (part[1] ~ /-/)
			print substr($0, 4, 1)
	}' "$2" | sort
}

# The flags among the items of a manual page: names, and letters alone.
manual_flags()
{
	awk '$1 == ".It" {
		flag = 0
		for (i = 2; i <= NF; i++) {
			if ($i == "Fl")
				flag = 1
			else if ($i ~ /^[A-Z][a-z]$/)
				flag = 0
			else if (flag && $i ~ /^-?[A-Za-z0-9][a-z0-9-]*$/) {
				sub(/^-/, "", $i)
				print $i
			}
		}
	}' "$1" | sort -u
}

# one_sided A B TEXT: what only list A has
one_sided()
{
	for word in $1; do
		printf '%s\n' "$2" | grep -qxF -e "$word" || wrong "$3: $word"
	done
}

help=$(mktemp) || exit 2
trap 'rm -f "$help"' EXIT
for program in "$bin"/vanthu "$bin"/vanthu-*; do
	[ -x "$program" ] && [ -f "$program" ] || continue
	n=$((n + 1))
	tool=${program##*/}
	page=$root/man/$tool.1
	if [ ! -f "$page" ]; then
		wrong "$tool: no manual page"
		continue
	fi
	"$program" --help >"$help" || wrong "$tool: --help fails"
	own=$(helped options: "$help")
	all=$(printf '%s\n' "$own" "$(helped 'options of every tool:' \
	    "$help")")
	flags=$(manual_flags "$page")
	one_sided "$own" "$flags" "$tool: not in the manual"
	one_sided "$flags" "$all" "$tool: in the manual, but not an option"
	for name in $common; do
		letter=$(printf '%.1s' "$name")
		printf '%s\n' "$flags" | grep -qx -e "$name" -e "$letter" ||
		    wrong "$tool: not in the manual: $name"
		printf '%s\n' "$all" | grep -qx "$name" ||
		    wrong "$tool: no option $name"
	done

	if [ "$tool" != vanthu ]; then
		completed=$("$program" --completion=bash |
		    grep -oE -e '[ '\''(]--?[A-Za-z0-9][a-z0-9-]*' |
		    grep -vE -e ' -[A-Z]$' -e ' -[a-z]$' |
		    sed 's/^.--*//' | sort -u)
		one_sided "$(printf '%s\n' "$all" | grep ..)" "$completed" \
		    "$tool: not in the completion"
		one_sided "$(printf '%s\n' "$completed" | grep ..)" "$all" \
		    "$tool: completed, but not an option"
	fi

	verbs=$(awk '/^verbs:$/ { on = 1; next } /^[^ ]|^$/ { on = 0 }
	    on && /^  [a-z]/ { print $1 }' "$help")
	for verb in $verbs; do
		grep -qE "^\.(It|Cm|Ic|Nm|Ss).*[^a-z-]$verb([^a-z-]|\$)" \
		    "$page" || wrong "$tool: not in the manual: verb $verb"
	done

	statuses=$(awk '/^\.Sh/ { on = /EXIT STATUS/ }
	    on && $1 == ".It" { print $2 }' "$page")
	for status in $statuses; do
		case $status in
		[0-8]) ;;
		*) wrong "$tool: the manual has an exit status $status" ;;
		esac
	done
	for status in 0 2; do
		printf '%s\n' "$statuses" | grep -qx "$status" ||
		    wrong "$tool: the manual lists no exit status $status"
	done
	grep -q '^\.Sh EXAMPLES' "$page" || wrong "$tool: no EXAMPLES"
done
echo "$n tools looked at, $bad wrong"
[ "$n" -gt 0 ] && [ "$bad" -eq 0 ]
