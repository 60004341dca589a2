#!/bin/sh
# vanthu-sign on several files: the folder is made durable before they are told
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

key="--home none --key $pki/officer.key --cert $pki/officer.crt"
n=12
mkdir in beside
i=100
while [ "$i" -lt $((100 + n)) ]; do
	printf '%d\n' "$i" >"in/$i.csv"
	cp "in/$i.csv" beside
	i=$((i + 1))
done
find in -type f | sort >list
if ! strace -e trace=none true 2>/dev/null; then
	echo "1..0 # SKIP strace does not run here"
	exit 0
fi
# the leak sanitizer does not work in a traced process
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

# untold TRACE: what is told before its name was durable, of all that is told
# shellcheck disable=SC2016 # awk's
untold()
{
	awk '
	/ linkat\(/ { split($0, part, "\""); name[$1] = part[4] }
	/ fsync\(/ { for (i in named) before[$1, i] = 1 }
	/linkat.* = 0$/ { named[name[$1]] = 1 }
	/fsync.* = 0$/ {
		for (i in named)
			if (($1, i) in before)
				durable[i] = 1
	}
	/ write\(1</ {
		line = $0
		while (match(line, /[0-9]+\.csv\.p7s/)) {
			told++
			if (!(substr(line, RSTART, RLENGTH) in durable))
				print "too early: " substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH)
		}
	}
	END { print told + 0 " told" }' "$1"
}

# shellcheck disable=SC2086
{
for jobs in 1 3; do
	mkdir "out$jobs"
	strace -f -y -s 100000 -e trace=linkat,fsync,write -o "trace$jobs" \
	    vanthu-sign $key --jobs $jobs --output-dir "out$jobs" \
	    --files-from list >"$out" 2>"$err"
	is "$jobs at once: all are signed" $? 0
	# files are synced by who makes them, the folder by another
	first=$(awk '/ files: / { print $1; exit }' "trace$jobs")
	grep -E "linkat|fsync\([0-9]+<[^>]*/out$jobs>|fsync resumed|^$first .*write\(1<" \
	    "trace$jobs" >folder
	is 'each is told when its name is durable' "$(untold folder)" "$n told"
	is 'a file is durable before it has a name' "$(awk '
	    /fsync.* = 0$/ { synced[$1] = 1 }
	    / linkat\(/ && !synced[$1] { print }
	    / linkat\(/ { synced[$1] = 0 }' "trace$jobs")" ''
	is 'the folder is synced by one alone, for all' "$(
	    sed -n "s|^\([0-9]*\) .*fsync([0-9]*<[^>]*/out$jobs>.*|\1|p" \
		"trace$jobs" | sort -u | wc -l)" 1
	is 'who makes them goes on meanwhile' "$(awk -v out="/out$jobs>" '
	    index($0, "fsync(") && index($0, out) { who[$1] }
	    / linkat\(/ { made[$1] }
	    / write\(1</ { told[$1] }
	    END { for (i in who) if (i in made || i in told) print i }' \
	    "trace$jobs")" ''

	# the folder cannot be made durable
	mkdir "bad$jobs"
	strace -f -P "$PWD/bad$jobs" -e trace=fsync \
	    -e inject=fsync:error=EIO -o /dev/null vanthu-sign $key --jobs $jobs --output-dir "bad$jobs" \
	    --files-from list >"$out" 2>"$err"
	is "$jobs at once: a folder that is not durable" $? 6
	like 'is said of each' "$err" "in/111.csv: cannot make the folder"
	like 'and counted' "$out" "0 signed, 0 signed before, $n failed"
	is 'what is told as failed is not there' "$(ls -A "bad$jobs")" ''
	check 'later it can be' 0 vanthu-sign -q $key --jobs $jobs \
	    --output-dir "bad$jobs" --files-from list
done
# who syncs the folder is killed while it does: another does it instead
mkdir dead
strace -f -P "$PWD/dead" -e trace=fsync,linkat -o slow \
    -e inject=fsync:delay_enter=3000000 \
    vanthu-sign $key --jobs 3 --output-dir dead --files-from list \
    >"$out" 2>"$err" &
signs=$!
who=
until [ -n "$who" ] || ! kill -0 "$signs" 2>/dev/null; do
	sleep 0.05
	who=$(awk '/ fsync\(/ { print $1; exit }' slow)
done
kill -KILL "$who"
wait "$signs"
is 'who syncs the folder is killed' $? 0
like 'it was' slow 'killed by SIGKILL'
is 'all are there' "$(find dead -name '*.p7s' | wc -l)" $n
like 'and told' "$out" "^$n files: $n signed,"
check 'beside what is signed' 0 vanthu-sign -q $key beside/*.csv
is 'all are there' "$(find beside -name '*.p7s' | wc -l)" $n
}
done_testing
