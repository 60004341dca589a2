#!/bin/sh
# selftest.sh BUILD - each check finds a violation that is planted for it
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
bad=0
n=0

# the parts of the tree that checks read, afresh
fresh()
{
	rm -rf "$tree/t"
	mkdir "$tree/t"
	(cd "$root" && tar -cf - --exclude=./build --exclude=./.git .) |
	    tar -xf - -C "$tree/t"
}

# finds WHAT CHECK ARG...: the check must fail and say WHAT
finds()
{
	what=$1
	shift
	n=$((n + 1))
	if said=$("$@" 2>&1); then
		bad=$((bad + 1))
		echo "not found: $what ($1)"
	elif ! printf '%s\n' "$said" | grep -qF -e "$what"; then
		bad=$((bad + 1))
		echo "failed, but not with: $what ($1)"
		printf '%s\n' "$said" | head -n 5
	fi
}

fresh
echo '#include "vanthu/trust.h"' >>"$tree/t/lib/cms/cms_read.c"
finds 'cms may not include vanthu/trust.h' sh "$here/arrows.sh" "$tree/t"

fresh
echo '#include "vanthu/cli.h"' >>"$tree/t/lib/base/base_text.c"
finds 'only a tool may include vanthu/cli.h' sh "$here/arrows.sh" "$tree/t"

fresh
echo '#include <sqlite3.h>' >>"$tree/t/lib/objects/objects.c"
finds 'only store may include <sqlite3.h>' sh "$here/arrows.sh" "$tree/t"

fresh
sed -i 's/DEPS base/DEPS store/' "$tree/t/lib/transport/CMakeLists.txt"
finds 'transport may not depend on store' sh "$here/arrows.sh" "$tree/t"

fresh
echo '#include "../pdf/pdf_int.h"' >>"$tree/t/lib/sign/sign_rules.c"
finds 'is private to its module' sh "$here/arrows.sh" "$tree/t"

fresh
echo 'int vt_planted(struct vt_cert *cert, size_t n, missing_t m);' \
    >>"$tree/t/include/vanthu/text.h"
finds 'text.h: does not compile alone' sh "$here/headers.sh" "$tree/t"

mkdir "$tree/o"
echo 'int planted(void); int planted(void) { return 1; }' >"$tree/o/p.c"
gcc -c -o "$tree/o/p.o" "$tree/o/p.c"
cp "$1/lib/libvanthu.a" "$tree/o/lib.a"
ar q "$tree/o/lib.a" "$tree/o/p.o"
finds 'planted: exported, but does not start with vt_' \
    sh "$here/symbols.sh" "$1" "$tree/o/lib.a"

fresh
printf '%s\n' 'void f(char *a);' 'void' 'f(char *a)' '{' \
    '	strcpy(a, "x");' '}' >"$tree/t/lib/base/base_planted.c"
finds 'strcpy' sh "$here/style.sh" "$tree/t"

fresh
echo '.Foo' >>"$tree/t/man/vanthu.7"
finds 'vanthu.7' sh "$here/style.sh" "$tree/t"

echo "$n violations planted, $bad not found"
[ "$bad" -eq 0 ]
