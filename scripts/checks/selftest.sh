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
sed -i 's/DEPS http/DEPS store/' "$tree/t/lib/transport/CMakeLists.txt"
finds 'transport may not depend on store' sh "$here/arrows.sh" "$tree/t"

fresh
echo '#include "../pdf/pdf_int.h"' >>"$tree/t/lib/sign/sign_rules.c"
finds 'is private to its module' sh "$here/arrows.sh" "$tree/t"

fresh
sed -i 's/^#define VT_CERT_MAX/#define VT_PLANTED_MAX 1\n&/' \
    "$tree/t/include/vanthu/limits.h"
finds 'VT_PLANTED_MAX: in no test' sh "$here/limits.sh" "$tree/t"

fresh
echo '| VT_CERT_MAX | planted |' >>"$tree/t/testdata/limits.md"
finds 'VT_CERT_MAX: a test has it' sh "$here/limits.sh" "$tree/t"

fresh
echo 'int vt_planted(struct vt_cert *cert, size_t n, missing_t m);' \
    >>"$tree/t/include/vanthu/text.h"
finds 'text.h: does not compile alone' sh "$here/headers.sh" "$tree/t"

mkdir "$tree/o"
echo 'int planted(void); int planted(void) { return 1; }' >"$tree/o/p.c"
echo 'int vt_trust_x(void); int vt_trust_x(void) { return 1; }' >"$tree/o/q.c"
for name in p q; do
	gcc -c -o "$tree/o/$name.o" "$tree/o/$name.c"
done
cp "$1/lib/libvanthu.a" "$1"/lib/libvt_*.a "$tree/o/"
ar q "$tree/o/libvanthu.a" "$tree/o/p.o"
ar q "$tree/o/libvt_cms.a" "$tree/o/q.o"
finds 'planted: exported, but does not start with vt_' \
    sh "$here/symbols.sh" "$1" "$tree/o"
finds 'vt_trust_x: exported by cms, whose headers' \
    sh "$here/symbols.sh" "$1" "$tree/o"

# a tool that fetches by itself
mkdir "$tree/s"
ln -s "$1"/bin/vanthu-* "$tree/s"
rm "$tree/s/vanthu-sign"
cp "$1/bin/vanthu-fetch" "$tree/s/vanthu-sign"
finds 'vanthu-sign: calls socket' sh "$here/sockets.sh" "$1" "$tree/s"
finds 'vanthu-sign: loads libcurl' sh "$here/sockets.sh" "$1" "$tree/s"

# and one that pays for libcurl at each start
rm "$tree/s/vanthu-fetch"
echo 'int curl_easy_pause(void *, int); int main(void) { return
    curl_easy_pause(0, 0); }' >"$tree/p.c"
gcc -o "$tree/s/vanthu-fetch" "$tree/p.c" -lcurl
finds 'vanthu-fetch: is linked with libcurl' \
    sh "$here/sockets.sh" "$1" "$tree/s"

fresh
printf '%s\n' 'void f(char *a);' 'void' 'f(char *a)' '{' \
    '	strcpy(a, "x");' '}' >"$tree/t/lib/base/base_planted.c"
finds 'strcpy' sh "$here/style.sh" "$tree/t"

fresh
sed -i '/It Fl -trust/d' "$tree/t/man/vanthu-verify.1"
finds 'vanthu-verify: not in the manual: trust' \
    sh "$here/options.sh" "$1" "$tree/t"

fresh
echo '.It Fl -planted' >>"$tree/t/man/vanthu-verify.1"
finds 'vanthu-verify: in the manual, but not an option: planted' \
    sh "$here/options.sh" "$1" "$tree/t"

# a tool that completes an option which it does not have
mkdir "$tree/b"
cat >"$tree/b/vanthu-verify" <<EOF
#!/bin/sh
"$1/bin/vanthu-verify" "\$@" | sed "s/opts='/opts=' --planted/"
EOF
chmod 755 "$tree/b/vanthu-verify"
finds 'vanthu-verify: completed, but not an option: planted' \
    sh "$here/options.sh" "$1" "$root" "$tree/b"

fresh
sed -i '/^\.It 2$/d' "$tree/t/man/vanthu-verify.1"
finds 'vanthu-verify: the manual lists no exit status 2' \
    sh "$here/options.sh" "$1" "$tree/t"

fresh
echo 'void f(void) { vt_json_put_str(o, "planted", NULL); }' \
    >>"$tree/t/cmd/pack/main.c"
finds 'writes planted' sh "$here/keys.sh" "$tree/t"

fresh
sed -i 's/^\(\.It Li network\).*/\1-s/' "$tree/t/man/vanthu-exit.7"
finds 'does not have network' sh "$here/keys.sh" "$tree/t"

fresh
mkdir "$tree/t/cmd/planted"
finds 'not installed: bin/vanthu-planted' sh "$here/install.sh" "$1" "$tree/t"

# the catalogue and the sources need no run of every tool
mkdir "$tree/quick"
ln -s "$1/bin/vanthu" "$tree/quick/"

fresh
echo 'static const char *p = VT_N_("planted words");' \
    >>"$tree/t/lib/base/base_text.c"
finds 'planted words' sh "$here/translation.sh" "$1" "$tree/t" \
    "$tree/quick"

fresh
sed -i '0,/ %s/s//%d/' "$tree/t/po/vi.po"
sed -i '/^msgstr/s/%s/%d/' "$tree/t/po/vi.po"
finds 'format specifications' sh "$here/translation.sh" "$1" "$tree/t" \
    "$tree/quick"

fresh
sed -i '/^"Language: /p' "$tree/t/po/vi.po"
finds 'twice: "Language:' sh "$here/translation.sh" "$1" "$tree/t" \
    "$tree/quick"

fresh
sed -i 's/^msgstr "\(không có chữ ký số\)"/msgstr "\1\1"/' "$tree/t/po/vi.po"
finds 'repeats itself' sh "$here/translation.sh" "$1" "$tree/t" "$tree/quick"

fresh
cat >>"$tree/t/cmd/verify/main.c" <<'EOF'
void f(void) { vt_cli_line(cli, "planted %d words", 2); }
EOF
finds 'planted %d words' sh "$here/translation.sh" "$1" "$tree/t" \
    "$tree/quick"

# a tool that says something in one language only
cat >"$tree/b/vanthu-verify" <<EOF
#!/bin/sh
echo "vanthu-verify: planted words" >&2
exec "$1/bin/vanthu-verify" "\$@"
EOF
finds 'planted words' sh "$here/translation.sh" "$1" "$root" "$tree/b"

fresh
echo '.Foo' >>"$tree/t/man/vanthu.7"
finds 'vanthu.7' sh "$here/style.sh" "$tree/t"

# a test that skips one thing and fails at another has failed
for said in '[  SKIPPED ] planted' 'ok 1 # SKIP planted'; do
	finds "$said" sh "$root/testdata/run.sh" \
	    sh -c 'echo "$1"; exit 1' sh "$said"
	sh "$root/testdata/run.sh" sh -c 'echo "$1"' sh "$said" >"$tree/said"
	[ $? -eq 77 ] || {
		bad=$((bad + 1))
		echo "run.sh: a skip does not end with 77"
	}
done

echo "$n violations planted, $bad not found"
[ "$bad" -eq 0 ]
