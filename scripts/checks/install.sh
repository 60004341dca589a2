#!/bin/sh
# install.sh BUILD [ROOT] - what is installed is all there, and works where it is put
#
# Into a folder of its own, then moved: each tool with its manual and its
# completion, the library by pkg-config, and the catalogues.
set -u
root=${2:-$(cd "$(dirname "$0")/../.." && pwd)}
bad=0
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

wrong()
{
	bad=$((bad + 1))
	printf '%s\n' "$*"
}

cmake --install "$1" --prefix "$dir/first" >"$dir/log" 2>&1 || {
	cat "$dir/log"
	exit 1
}
mv "$dir/first" "$dir/there"
there=$dir/there

n=0
for folder in "$root"/cmd/*/; do
	tool=vanthu-$(basename "$folder")
	[ "$tool" != vanthu-vanthu ] || tool=vanthu
	n=$((n + 1))
	for file in "bin/$tool" "share/man/man1/$tool.1" \
	    "share/bash-completion/completions/$tool"; do
		[ -s "$there/$file" ] || wrong "not installed: $file"
	done
	env -i "$there/bin/$tool" --help >"$dir/out" 2>&1 ||
	    wrong "$tool --help fails: $(cat "$dir/out")"
done
for page in "$root"/man/*.[57]; do
	[ -s "$there/share/man/man${page##*.}/${page##*/}" ] ||
	    wrong "not installed: ${page##*/}"
done
env -i LANGUAGE=vi "$there/bin/vanthu" nothing 2>&1 | grep -q 'không có' ||
    wrong "no Vietnamese"

cat >"$dir/program.c" <<'END'
#include <stdio.h>

#include <vanthu/bytes.h>
#include <vanthu/error.h>
#include <vanthu/sign.h>
#include <vanthu/verify.h>

int
main(int argc, char **argv)
{
	struct vt_verify_options options = { .at = INT64_MIN };
	struct vt_report *report = NULL;
	struct vt_error err = { 0 };

	if (vt_verify_file(argv[argc - 1], &options, &report, &err) != VT_OK)
		puts(err.text);
	vt_report_free(report);
	return 0;
}
END
PKG_CONFIG_PATH=$(dirname "$(find "$there" -name vanthu.pc)")
export PKG_CONFIG_PATH
flags=$(pkg-config --cflags --libs vanthu) || wrong "no vanthu.pc"
# a library that is built so needs it here, too
! nm "$1/bin/vanthu" | grep -q __asan_init ||
    flags="$flags -fsanitize=address,undefined"
# shellcheck disable=SC2086 # words
if ! "${CC:-cc}" -o "$dir/program" "$dir/program.c" $flags >"$dir/log" 2>&1; then
	wrong "a program does not compile: $(head -n 5 "$dir/log")"
elif ! "$dir/program" "$dir/nothing" | grep -q 'cannot open'; then
	wrong "a program does not run"
fi

echo "$n tools installed and moved, $bad wrong"
[ "$n" -gt 5 ] && [ "$bad" -eq 0 ]
