#!/bin/sh
# vanthu-sign on many files: each by itself, in order, again, and interrupted
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

key="--home none --key $pki/officer.key --cert $pki/officer.crt"
store="--home none --trust $pki/anchors --chain $pki/duty-ca.crt
	--crl $pki/trust/crls"
n=60
mkdir in
i=100
while [ "$i" -lt $((100 + n)) ]; do
	if [ $((i % 3)) -eq 0 ]; then
		printf '%d\n' "$i" >"in/$i.csv"
	else
		cp "$data/quickstart/cong-van.pdf" "in/$i.pdf"
	fi
	i=$((i + 1))
done
find in -type f | sort >list

# words KEY...: these of each result, a line each
words()
{
	jq -r "[$1] | map(tostring) | join(\" \")" "$out"
}

# inodes FOLDER: which file each name is
inodes()
{
	find "$1" -type f -printf '%i %s %T@ %p\n' | sort
}

# whole FOLDER: each file in it is a valid signature, nothing else is there
# shellcheck disable=SC2317 # called by ok
whole()
{
	[ -z "$(find "$1" -name '.*' -type f)" ] || return 1
	for file in "$1"/*; do
		[ -e "$file" ] || continue
		case $file in
		*.p7s)
			plain=${file##*/}
			# shellcheck disable=SC2086
			vanthu-verify $store --content "in/${plain%.p7s}" \
			    "$file" || return 1
			;;
		*)
			# shellcheck disable=SC2086
			vanthu-verify $store "$file" || return 1
			;;
		esac
	done
}

# shellcheck disable=SC2086
{
# ---- many at once ----
for jobs in 1 2 7; do
	mkdir "out$jobs"
	check "$n files, $jobs at once" 0 vanthu-sign --json -q $key \
	    --jobs $jobs --output-dir "out$jobs" --files-from list
	is 'the results stand in the order of the files' \
	    "$(words .file)" "$(cat list)"
	is 'as many as there are files' "$(find "out$jobs" -type f | wc -l)" $n
done
ok 'all of them hold' whole out7
mkdir usual
check 'as many at once as are usual' 0 vanthu-sign -q $key --output-dir usual \
    --files-from list
like 'several have a summary' "$out" \
    "^$n files: $n signed, 0 signed before, 0 failed, 0 not tried\$"
if have script; then
	rm -rf seen && mkdir seen
	check 'on a terminal' 0 script -qec \
	    "TERM=xterm vanthu-sign $key --output-dir seen --files-from list" ts
	like 'progress is shown' ts 'signed: [0-9]+ %'
	like 'and taken away' ts "$(printf '\r\033')\[K"
	rm -rf seen && mkdir seen
	check 'with -q' 0 script -qec \
	    "TERM=xterm vanthu-sign -q $key --output-dir seen --files-from list" ts
	unlike 'it is not' ts 'signed: [0-9]+ %'
else
	skip 'script is not installed' 5
fi
check 'one has none' 0 vanthu-sign -q $key -o one.pdf in/100.pdf
unlike 'only its result' "$out" 'files:'

# ---- again ----
rm usual/100.signed.pdf usual/102.csv.p7s
inodes usual >before
check 'what is missing is signed' 0 vanthu-sign --json -q $key --output-dir \
    usual --files-from list
is 'and nothing else' \
    "$(jq -r 'select(.already != true) | .file' "$out")" \
    "$(printf 'in/100.pdf\nin/102.csv')"
inodes usual | grep -v -e '/100\.signed' -e '/102\.csv' >after
ok 'what was there is as it was' cmp before after
check 'a third time' 0 vanthu-sign -q $key --output-dir usual --files-from list
like 'nothing is to be done' "$out" \
    "^$n files: 0 signed, $n signed before, 0 failed, 0 not tried\$"
check 'attached' 0 vanthu-sign -q $key --attached in/102.csv
check 'attached again' 0 vanthu-sign --json -q $key --attached in/102.csv
is 'is found too' "$(words '.already, .output, .level')" 'true in/102.csv.p7m B'

# What is in the way and is not this key's over this input stays, and is said.
printf 'changed\n' >>in/102.csv
check 'another content' 6 vanthu-sign -q $key --output-dir usual in/102.csv
check 'another content inside' 6 vanthu-sign -q $key --attached in/102.csv
cp in/100.pdf p.pdf
vanthu-sign -q $key p.pdf >"$out" 2>"$err"
printf '%% more\n' >>p.pdf
check 'another PDF' 6 vanthu-sign -q $key p.pdf
cp in/100.pdf p.pdf
printf 'x' | dd of=p.signed.pdf bs=1 conv=notrunc seek=2000 2>"$err"
check 'a broken result' 6 vanthu-sign -q $key p.pdf
rm p.signed.pdf
printf 'no signature' >p.signed.pdf
check 'something else of that name' 6 vanthu-sign -q $key p.pdf
is 'stays' "$(cat p.signed.pdf)" 'no signature'
rm p.signed.pdf
vanthu-sign -q $key --rsa pss p.pdf >"$out" 2>"$err"
vanthu-sign -q $key -o q.pdf p.signed.pdf >"$out" 2>"$err"
cp p.signed.pdf q.signed.pdf
check 'a signature of the input itself does not count' 6 vanthu-sign -q $key \
    -o p.signed.pdf p.signed.pdf
check 'one behind it does' 0 vanthu-sign -q $key -o q.pdf p.signed.pdf
like 'as ever' "$out" 'signed already'

# What is to be seen must be the same, for one key may put several on a file.
for name in officer officer-ec; do
	set -- --home none --key "$pki/$name.key" --cert "$pki/$name.crt" \
	    --as comment -o "$name.pdf"
	check "$name: a comment" 0 vanthu-sign -q "$@" --text 'Đồng ý' in/101.pdf
	sleep 1
	check 'the same again' 0 vanthu-sign -q "$@" --text 'Đồng ý' in/101.pdf
	like 'is found' "$out" 'signed already'
	check 'another one' 6 vanthu-sign -q "$@" --text 'Không' in/101.pdf
	check 'or in another place' 6 vanthu-sign -q "$@" --text 'Đồng ý' \
	    --at 100,100 in/101.pdf
done
check 'or another kind' 6 vanthu-sign -q $key --as attachment \
    --number 1/QĐ-UBND -o officer.pdf in/101.pdf
for name in officer officer-ec; do
	set -- --home none --key "$pki/$name.key" --cert "$pki/$name.crt" \
	    --as person -o "person-$name.pdf" in/101.pdf
	check "$name: a person without an image" 0 vanthu-sign -q "$@"
	check 'the same again' 0 vanthu-sign -q "$@"
	like 'is found' "$out" 'signed already'
	check 'with an image' 6 vanthu-sign -q --image "$data/stamp/person.png" \
	    --at 300,200 "$@"
	rm "person-$name.pdf"
	check 'now with one' 0 vanthu-sign -q --image "$data/stamp/person.png" \
	    --at 300,200 "$@"
	sleep 1
	check 'the same again' 0 vanthu-sign -q \
	    --image "$data/stamp/person.png" --at 300,200 "$@"
	like 'is found' "$out" 'signed already'
	check 'with another image' 6 vanthu-sign -q \
	    --image "$data/stamp/seal.png" --at 300,200 "$@"
done
cp person-officer-ec.pdf sealed-in.pdf
set -- --home none --key "$pki/agency.key" --cert "$pki/agency.crt" \
    --as agency -o sealed.pdf sealed-in.pdf
check 'a seal with a number' 0 vanthu-sign -q --image "$data/stamp/seal.png" \
    --number 5/QĐ-UBND "$@"
check 'the same again' 0 vanthu-sign -q --image "$data/stamp/seal.png" \
    --number 5/QĐ-UBND "$@"
like 'is found' "$out" 'signed already'
check 'with another number' 6 vanthu-sign -q --image "$data/stamp/seal.png" \
    --number 6/QĐ-UBND "$@"

# ---- errors among them ----
head -c 2000 in/100.pdf >short.pdf
mkdir mixed
check 'it goes on, the worst status wins' 6 vanthu-sign -q --json $key --jobs 3 \
    --output-dir mixed in/101.pdf short.pdf none.pdf in/103.pdf
is 'each in its place' "$(words '.file, .error.code // "fine"')" \
    "$(printf '%s\n' 'in/101.pdf fine' 'short.pdf format' 'none.pdf io' \
	'in/103.pdf fine')"
check 'the summary counts them' 6 vanthu-sign -q $key --jobs 3 \
    --output-dir mixed in/101.pdf short.pdf none.pdf in/104.pdf
like 'all of them' "$out" \
    '^4 files: 1 signed, 1 signed before, 2 failed, 0 not tried$'
like 'why, on the other stream' "$err" '^vanthu-sign: short\.pdf: '
mkdir twice other
cp in/101.pdf other
check 'two results of one name' 6 vanthu-sign -q --json $key --jobs 4 \
    --output-dir twice in/101.pdf other/101.pdf in/103.pdf in/101.pdf
is 'the first gets it' "$(words '.file, .error.code // "fine"')" \
    "$(printf '%s\n' 'in/101.pdf fine' 'other/101.pdf exists' \
	'in/103.pdf fine' 'in/101.pdf exists')"
check 'a record without an office' 6 vanthu-sign -q $key --jobs 2 out/2026/1 \
    out/2026/2

# ---- lists ----
mkdir l1 l2 l3
printf '\357\273\277in/101.pdf\r\nin/103.pdf\r\n' >crlf
check 'a list as other systems write it' 0 vanthu-sign -q $key --output-dir l1 \
    --files-from crlf
is 'is understood' "$(ls l1 | wc -l)" 2
cp in/101.pdf "$(printf 'l\nf.pdf')"
find . -maxdepth 1 -name 'l?f.pdf' -print0 >nul
feed nul check 'a list from standard input, parted by NUL' 0 vanthu-sign -q \
    $key --output-dir l2 --files-from -
is 'a newline may be in a name' "$(find l2 -type f -exec echo x \;)" x
feed list check 'standard input is the list only' 2 vanthu-sign $key -o x - \
    --files-from -
check 'an empty list is nothing to do' 0 vanthu-sign $key --files-from \
    /dev/null
like 'which is said' "$err" '/dev/null: warning: this list names no file'
printf '\n\r\n' >blank
check 'nor are empty lines, and no key is asked for' 0 vanthu-sign \
    --p12 none.p12 --files-from blank
like 'which is said' "$err" 'blank: warning: this list names no file'
check 'not where no warnings are wanted' 0 vanthu-sign -q $key --files-from \
    /dev/null
empty 'so cron is quiet' "$err"
check 'a list that is not there' 6 vanthu-sign -q $key --files-from none
check 'no job is too few' 2 vanthu-sign $key --jobs 0 in/101.pdf
check 'and there are too many' 2 vanthu-sign $key --jobs 65 in/101.pdf
absent 'nothing was made' x

# ---- interrupted ----
# A file that cannot be read to its end as long as we hold it: meanwhile comes the
# signal, then it goes on.
# holds FILE: the program or its child has it open; before it is one, the shell
# that becomes it has our end
holds()
{
	readlink "/proc/$pid/exe" | grep -q '/vanthu-sign$' || return
	for who in $pid $(pgrep -P $pid); do
		find "/proc/$who/fd" -lname "*/$1" 2>/dev/null
	done | grep -q .
}
for sig in INT TERM; do
	mkdir "stop$sig"
	rm -f fifo
	mkfifo fifo
	exec 9<>fifo
	{
		echo in/101.pdf
		echo fifo
		cat list
	} >stoplist
	# not in the background of a shell without job control, which ignores INT
	env --default-signal=INT vanthu-sign -q $key --jobs 1 --output-dir \
	    "stop$sig" --files-from stoplist >"$out" 2>"$err" 9>&- &
	pid=$!
	i=0
	until holds fifo || [ $i -eq 600 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	kill -$sig $pid
	echo 'late' >&9
	exec 9>&-
	wait $pid
	status=$?
	is "SIG$sig: the status is the signal's" $status \
	    $((128 + $(kill -l $sig 2>/dev/null | grep -E '^[0-9]+$' ||
	    { [ $sig = INT ] && echo 2 || echo 15; })))
	like 'what was done is told' "$out" \
	    "files: 2 signed, 0 signed before, 0 failed, $n not tried\$"
	is 'the file in hand was finished, no other begun' \
	    "$(ls "stop$sig")" "$(printf '101.signed.pdf\nfifo.p7s')"
done
for jobs in 1 4; do
	mkdir "cut$jobs"
	env --default-signal=INT vanthu-sign -q $key --jobs $jobs --output-dir \
	    "cut$jobs" --files-from list >"$out" 2>"$err" &
	pid=$!
	sleep 0.1
	kill -INT $pid 2>"$err"
	wait $pid
	ok "stopped with $jobs jobs, all that is there is whole" whole "cut$jobs"
	mkdir "kill$jobs"
	vanthu-sign -q $key --jobs $jobs --output-dir "kill$jobs" \
	    --files-from list >"$out" 2>"$err" &
	pid=$!
	sleep 0.1
	kill -KILL $pid 2>"$err"
	wait $pid 2>"$err"
	sleep 0.3
	ok "killed with $jobs jobs too" whole "kill$jobs"
	check 'the rest is signed later' 0 vanthu-sign -q $key --output-dir \
	    "kill$jobs" --files-from list
	is 'so that all are' "$(find "kill$jobs" -type f | wc -l)" $n
done
}
done_testing
