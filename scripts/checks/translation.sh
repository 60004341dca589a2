#!/bin/sh
# translation.sh BUILD [ROOT [BIN]] - every text is translated
#
# The Vietnamese catalogue has all texts of the sources; no call passes a text
# by; and in a language that puts brackets around all that is translated, the
# tools' words stand in brackets.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=${2:-$(cd "$here/../.." && pwd)}
bin=$(cd "${3:-$1/bin}" && pwd) || exit 2
bad=0
said=0
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

wrong()
{
	bad=$((bad + 1))
	printf "%s\n" "$*"
}

# ---- the catalogue ----

sh "$root/po/extract" "$dir/pot" "$root" 2>"$dir/said" ||
    wrong "po/extract fails"
[ ! -s "$dir/said" ] || wrong "po/extract: $(cat "$dir/said")"
texts=$(grep -c '^msgid' "$dir/pot")
[ "$texts" -gt 100 ] || wrong "only $texts texts found in the sources"
for po in "$root"/po/*.po; do
	if [ ! -f "$po" ]; then
		wrong "there is no catalogue"
		continue
	fi
	name=${po##*/}
	msgfmt --check -o /dev/null "$po" 2>"$dir/said" ||
	    wrong "$name: $(cat "$dir/said")"
	twice=$(sed '/^$/q' "$po" | grep -o '^"[A-Za-z-]*:' | sort | uniq -d)
	[ -z "$twice" ] || wrong "$name: its head says this twice: $twice"
	# a text whose old lines were left behind the new one
	msgcat --no-wrap "$po" |
	    grep '^msgstr "\(.\{12,\}\)\1\{1,\}"$' >"$dir/said" &&
	    wrong "$name: a text repeats itself: $(cat "$dir/said")"
	msgmerge --quiet --no-fuzzy-matching --no-wrap -o "$dir/po" "$po" \
	    "$dir/pot"
	for kind in untranslated only-fuzzy; do
		# the texts themselves: longer ones start on the next line
		msgattrib --no-obsolete --no-wrap "--$kind" "$dir/po" |
		    sed -n '/^msgid ""$/n; /^msgid "/p; /^".*"$/p' |
		    grep -v -e '^"[A-Z][A-Za-z-]*: ' >"$dir/said" &&
		    wrong "$name: $kind: $(cat "$dir/said")"
	done
done

# ---- texts that pass the translator by ----

# programs for a shell (*complete.c) say nothing to people
find "$root/cmd" "$root/lib/cli" -name '*.c' ! -name 'test_*' ! -name '*complete.c' \
    -exec awk -f "$here/literals.awk" {} + >"$dir/found" ||
    wrong "not translated:
$(cat "$dir/found")"

# ---- the pseudo-language ----

LANGUAGE=qps
export LANGUAGE
cd "$dir" || exit 2
printf 'not a signed file\n' >plain.txt
printf '%%PDF-1.7\n1 0 obj\n' >broken.pdf
printf '<?xml version="1.0"?><!DOCTYPE a><a/>\n' >doctype.edxml
printf '0\202\001' >broken.p7s
printf '{' >broken.json
printf '[office]\nx = 1\n' >vanthu.conf
mkdir broken
mv vanthu.conf broken/

# messages WHAT: what was said last is all in brackets
messages()
{
	said=$((said + $(wc -l <err)))
	awk -v kind=messages -f "$here/bare.awk" err >left ||
	    wrong "$1: $(cat left)"
}

try()
{
	"$@" >out 2>err </dev/null
	what=$(printf '%s ' "${1##*/}")
	shift
	messages "$what$*"
}

for program in "$bin"/vanthu "$bin"/vanthu-*; do
	[ -x "$program" ] && [ -f "$program" ] || continue
	tool=${program##*/}
	"$program" --help >help 2>err
	grep -q '⟦' help || wrong "$tool: --help is not translated"
	awk -v kind=help -f "$here/bare.awk" help >left ||
	    wrong "$tool --help: $(cat left)"
	[ "$tool" != vanthu ] || continue
	try "$program"
	try "$program" --nothing
	try "$program" --help=x
	try "$program" --home
	try "$program" --completion=zsh
	try "$program" nothing nothing
	verbs=$(awk '/^⟦verbs:⟧$/ { on = 1; next } /^[^ ]|^$/ { on = 0 }
	    on && /^  [a-z]/ { print $1 }' help)
	for home in none broken; do
		for verb in '' $verbs; do
			for file in none . plain.txt broken.pdf broken.p7s \
			    doctype.edxml broken.json; do
				# shellcheck disable=SC2086 # '' is no argument
				try "$program" --home "$home" $verb "$file"
			done
			# shellcheck disable=SC2086
			try "$program" --home "$home" $verb
		done
	done
	# each option with a value that it can hardly take
	for option in $(sed -nE \
	    's/^  (-[A-Za-z0-9], |    )--([a-z0-9-]+) ⟦.*/\2/p' help); do
		try "$program" "--$option" 'x y' plain.txt
		for verb in $verbs; do
			try "$program" "$verb" "--$option" 'x y' plain.txt
		done
	done
done
# What the tools say in their own tests, where there are many more reasons.
if [ $# -lt 3 ]; then
	mkdir record
	unset LANGUAGE
	for test in "$root"/cmd/*/test.sh; do
		VANTHU_BIN=$bin VANTHU_SOURCE=$root VANTHU_RECORD=$dir/record \
		    sh "$test" >/dev/null 2>&1
	done
	said=$((said + $(cat record/err record/out | wc -l)))
	for kind in messages:err results:out; do
		awk -v kind="${kind%:*}" -f "$here/bare.awk" \
		    "record/${kind#*:}" >left ||
		    wrong "in the tests: $(sort -u left)"
	done
	[ "$(wc -l <record/err)" -gt 100 ] ||
	    wrong "the tests of the tools said next to nothing"
fi
[ "$said" -gt 10 ] || wrong "only $said lines were said"

echo "$texts texts, $said lines said in brackets, $bad wrong"
[ "$bad" -eq 0 ]
