#!/bin/sh
# symbols.sh BUILD [LIB [ROOT]] - what the libraries export
#
# libvanthu.a exports only what starts with vt_.  What a module's own archive
# exports is declared in a header of that module, public or private: a file
# exports nothing in another's name, and nothing by oversight.
set -u
lib=${2:-$1/lib}
root=${3:-$(cd "$(dirname "$0")/../.." && pwd)}
bad=0
n=0
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

wrong()
{
	bad=$((bad + 1))
	printf '%s\n' "$*"
}

# the sanitizers and the compiler bring their own
exported()
{
	nm -g --defined-only "$1" 2>/dev/null |
	    awk 'NF == 3 && $2 ~ /[A-Z]/ { print $3 }' |
	    grep -v -e '^__' -e '^_GLOBAL' | sort -u
}

exported "$lib/libvanthu.a" >"$dir/all"
for name in $(grep -v '^vt_' "$dir/all"); do
	wrong "$name: exported, but does not start with vt_"
done
n=$(wc -l <"$dir/all")

for archive in "$lib"/libvt_*.a; do
	module=${archive##*/libvt_}
	module=${module%.a}
	[ -f "$root/lib/$module/CMakeLists.txt" ] || continue
	headers=$(tr '\n\t()' '    ' <"$root/lib/$module/CMakeLists.txt" |
	    grep -oE 'HEADERS( +[a-z_0-9]+\.h)+')
	headers=${headers#HEADERS}
	: >"$dir/own"
	for header in ${headers:-$module.h}; do
		cat "$root/include/vanthu/$header" >>"$dir/own"
	done
	cat "$root/lib/$module"/*.h >>"$dir/own" 2>/dev/null
	for name in $(exported "$archive"); do
		grep -qw -e "$name" "$dir/own" ||
		    wrong "$name: exported by $module, whose headers do not" \
			"declare it"
	done
done
echo "$n exported symbols, $bad wrong"
[ "$n" -gt 100 ] && [ "$bad" -eq 0 ]
