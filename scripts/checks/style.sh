#!/bin/sh
# style.sh [ROOT] - banned calls, sizes, layout, shell scripts, manuals
set -u
root=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root" || exit 2
bad=0

wrong()
{
	bad=$((bad + 1))
	echo "$*"
}

sources=$(find lib cmd include bench testdata -name '*.[ch]' | sort)
[ -n "$sources" ] || wrong "no sources found"

banned='strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|system|popen'
# shellcheck disable=SC2086 # a list of files without blanks
found=$(grep -nE "(^|[^A-Za-z0-9_>.\"])($banned)[[:space:]]*\\(" $sources |
    grep -vE ':[[:space:]]*(\*|/\*)')
[ -z "$found" ] || wrong "banned calls:
$found"
# shellcheck disable=SC2086
found=$(grep -nE '\b(TODO|FIXME)\b|XXX:' $sources)
[ -z "$found" ] || wrong "unfinished:
$found"

for file in $sources; do
	lines=$(wc -l <"$file")
	[ "$lines" -le 700 ] || wrong "$file: $lines lines; is it still one thing?"
done

if command -v clang-format >/dev/null; then
	# one process for them all: its start costs more than a file
	# shellcheck disable=SC2086
	found=$(clang-format --dry-run -Werror $sources 2>&1) ||
	    wrong "clang-format -i would change:
$(echo "$found" | grep ': error: ')"
else
	echo "# SKIP no clang-format"
fi

if command -v shellcheck >/dev/null; then
	# what a script shares by being sourced, shellcheck cannot follow
	sourced=SC1090,SC1091,SC2034,SC2154
	scripts=$(grep -lE '^#!/bin/(ba)?sh' .ci/run scripts/* scripts/*/* \
	    bench/* testdata/*.sh testdata/*/*.sh cmd/*/*.sh 2>/dev/null)
	for file in $scripts; do
		shellcheck -S warning -e "$sourced" "$file" ||
		    wrong "$file: shellcheck"
	done
else
	echo "# SKIP no shellcheck"
fi

if command -v mandoc >/dev/null; then
	for page in man/*.[1-9]; do
		said=$(mandoc -T lint -W warning "$page" 2>&1)
		[ -z "$said" ] || wrong "$said"
	done
else
	echo "# SKIP no mandoc"
fi

for tool in cmd/*/; do
	tool=$(basename "$tool")
	[ -f "man/vanthu-$tool.1" ] || [ -f "man/$tool.7" ] ||
	    wrong "cmd/$tool: no manual page"
	[ -f "cmd/$tool/test.sh" ] || wrong "cmd/$tool: no test.sh"
done

echo "$(echo "$sources" | wc -l) source files looked at, $bad findings"
[ "$bad" -eq 0 ]
