#!/bin/sh
# the reading verbs where nothing can be written: a copy of an office on a
# medium, or in a folder of somebody else
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
have jq sqlite3 setpriv || skip_all 'no jq, sqlite3 or setpriv'
[ "$(id -u)" -eq 0 ] || skip_all 'only root can be somebody else'

name='văn bản?#%25'
mkdir "$name"
office="$name/office"
vanthu init "$office" --organ-id H99.01 --name A \
    --transport "spool:$PWD/axis" >/dev/null || bail 'no office'
vanthu init b --organ-id H99.02 --name B --transport "spool:$PWD/axis" \
    >/dev/null || bail 'no second office'
cp "$data/quickstart/cong-van.pdf" a.pdf
for home in "$office" b; do
	vanthu register out --home "$home" --type CV --notation A-VP \
	    --subject "Về việc $home" a.pdf >ref || bail 'no record'
done
ref=$(cat ref)
cat >meta.json <<END
{"from":{"organ_id":"H99.02","name":"B"},"to":[{"organ_id":"H99.01","name":"A"}],
"code":{"number":"05","notation":"B-VP"},"promulgation":{"date":"2026-01-05"},
"type":"CV","subject":"chờ văn thư"}
END
mkdir -p axis/H99.01
vanthu pack --meta meta.json -o axis/H99.01/m.edxml a.pdf >/dev/null &&
    vanthu receive --home "$office" >/dev/null 2>&1
chmod a+X "$tmp/.."
chmod -R a+rX .

as_nobody()
{
	setpriv --reuid=65534 --regid=65534 --clear-groups \
	    env HOME=/nonexistent "$@"
}
as_nobody test -x "$VANTHU_BIN/vanthu-register" ||
    skip_all 'nobody may not run what was built'
as_nobody test -r "$PWD/$office/register.db" || skip_all 'nobody comes not so far'

# reads HOW COMMAND...: what reads gives what it gives its owner
reads()
{
	how=$1
	shift
	for line in 'register list' "register show $ref" 'register export' \
	    'register print out --year 2026' 'register check' 'status' \
	    "send --status $ref" 'receive --pending' 'archive list' \
	    'agency list'; do
		tool=${line%% *} args=
		[ "$tool" = "$line" ] || args=${line#* }
		# shellcheck disable=SC2086 # options in a variable
		"vanthu-$tool" --home "$office" $args >wanted 2>/dev/null
		wanted=$?
		# shellcheck disable=SC2086
		check "$how: $line" $wanted "$@" "vanthu-$tool" --home "$office" \
		    $args
		is 'the same' "$(cat "$out")" "$(cat wanted)"
	done
	is "$how: nothing is made" "$(find "$office" -name 'register.db-*' | wc -l)" \
	    "$beside"
}

# ---- in a folder of somebody else: closed, and while the office is at work ----
beside=0
reads 'closed' as_nobody
check 'no change' 6 as_nobody vanthu-register set "$ref" subject=x --reason y \
    --home "$office"
mkfifo hold
sqlite3 "$office/register.db" >held 2>&1 <hold &
exec 9>hold
echo "BEGIN IMMEDIATE; UPDATE record SET subject = subject || ' mới'; COMMIT;
SELECT 'there';" >&9
i=0
until grep -q there held || [ $i -eq 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
beside=2
chmod a+r "$office"/register.db-*
reads 'at work' as_nobody
check 'what is in the log alone is there' 0 as_nobody vanthu-register list \
    --home "$office"
like 'and seen' "$out" ' mới$'

# ---- a copy in which a part lies in the log, and nothing else ----
cp -r "$office" torn
exec 9>&-
wait
rm -f torn/register.db-shm
chmod -R a+rX torn
check 'a part is in the log' 6 as_nobody vanthu-register list --home torn
like 'and is not left out' "$err" \
    'torn/register.db cannot be read .* torn/register.db-wal; copy'
empty 'nothing is shown' "$out"
cp -r torn writable
check 'a copy where it can be written' 0 vanthu-register list --home writable
like 'has it' "$out" ' mới$'

# ---- somebody writes while it is read ----
beside=0
cat >rows.sql <<'END'
WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
INSERT INTO record (book, year, number, code, code_key, date, registered, type,
    subject, urgency, paper, state)
SELECT 'out', 2026, i + 100, i, i, '2026-01-05', 0, 'CV', 'dài '||hex(zeroblob(200)),
    'none', 0, 'registered' FROM n;
END
sqlite3 "$office/register.db" <rows.sql || bail 'no rows'
chmod a+r "$office/register.db"
mkfifo slow
as_nobody vanthu-register list --home "$office" >slow 2>"$err" &
reader=$!
exec 8<slow
read -r _ <&8
sqlite3 "$office/register.db" "UPDATE record SET subject = 'khác'" ||
    bail 'not written'
cat <&8 >rest
exec 8<&-
wait $reader
is 'it is not taken for whole' $? 6
like 'and told' "$err" 'another program wrote to the register'

# ---- on a medium that nobody can write to, not even root ----
cat >mounted <<'END'
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
shift
exec "$@"
END
mounted()
{
	unshare -m sh "$PWD/mounted" "$PWD/$office" "$@"
}
if unshare -m sh "$PWD/mounted" "$PWD/$office" true 2>/dev/null; then
	reads 'read-only' mounted
	check 'no change there' 6 mounted vanthu-register set "$ref" \
	    subject=x --reason y --home "$office"
else
	skip 'nothing can be mounted'
fi
done_testing
