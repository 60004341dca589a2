#!/bin/sh
# what the units say of themselves: nothing where there is nothing, and never
# what a document is about, whose it is, or what its files are called
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
have jq sqlite3 || skip_all "no jq, or no sqlite3"
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"
make_offices >/dev/null 2>&1 || bail "the offices could not be made"

# The command lines of the units, as they are installed.
unit()
{
	sed -n 's/^ExecStart=[^ ]*\(vanthu-[a-z]*\) --home %f /\1 /p' \
	    "$VANTHU_SOURCE/cmd/$1/vanthu-$1@.service.in"
}
receive=$(unit receive)
send=$(unit send)
is 'what the units run' "$receive; $send" \
    'vanthu-receive -q --log; vanthu-send -q --queue'

# run HOME COMMAND: its lines come to the log; its status is $ended
run()
{
	home=$1
	shift
	VANTHU_HOME=$home "$@" >lines 2>&1
	ended=$?
	cat lines >>log
}

# ---- there is nothing ----
# shellcheck disable=SC2086 # command lines
for home in a b; do
	run $home $receive
	is "$home: nothing came: done" "$ended" 0
	empty "$home: and nothing is said" lines
	run $home $send
	is "$home: nothing waits: done" "$ended" 0
	empty "$home: and nothing is said of that" lines
done
: >log

# ---- everything there is has "kín" in it ----
cp "$data/quickstart/cong-van.pdf" Tệp-kín.pdf
printf 'một câu kín\n' >Phụ-lục-kín.txt
for case in registered unsigned; do
	file=Tệp-kín.pdf
	if [ $case = registered ]; then
		# shellcheck disable=SC2086 # options in a variable
		vanthu sign --home a --as person $officer -o Ký-kín.pdf \
		    Tệp-kín.pdf >/dev/null 2>&1 && file=Ký-kín.pdf
	fi
	jq -n --arg id "kín-$case" '{kind: "document",
	    from: {organ_id: "H99.09", name: "Ban kín"},
	    to: [{organ_id: "H99.02", name: "Sở kín"}], document_id: $id,
	    code: {number: "7", notation: "BAN-KÍN"},
	    promulgation: {place: "Phố kín", date: "2026-01-05"},
	    type: "Công văn", subject: "V/v kín", signer: {name: "Ông kín"},
	    business: {type: "new", reason: "lý do kín"}}' >meta.json
	vanthu-pack --meta meta.json -o "$case.edxml" $file Phụ-lục-kín.txt \
	    >/dev/null || bail "no message for $case"
done
mkdir -p axis/H99.02 axis/H99.01
cp registered.edxml "axis/H99.02/Gói-kín 1.edxml"
cp unsigned.edxml "axis/H99.02/Gói-kín 2.edxml"
cp registered.edxml "axis/H99.02/Gói-kín 3.edxml" # a duplicate
sed 's/DocType>0</DocType>1</' registered.edxml >"axis/H99.02/Gói-kín 4.edxml"
sed 's/V.v kín/MẬT/; s/MẬT/V\/v rất kín/' registered.edxml \
    >"axis/H99.02/Gói-kín 5.edxml"
printf '<edXML>kín' >"axis/H99.02/Gói-kín 6.edxml"
# shellcheck disable=SC2086 # a command line
run b $receive
is 'all is taken in' "$ended" 0
is 'as many things as it is' "$(sed 's/^[0-9]*: //; s/^in[^:]*: //; s/:.*//' \
    lines | sort | uniq -c | awk '{ n = $1; $1 = ""; print n $0 }' |
    tr '\n' ';')" \
    '1 a duplicate;1 done;1 held for a clerk;1 quarantined;2 registered;'

# our own disk does not let it
printf '<edXML>kín lắm' >"axis/H99.02/Gói-kín 7.edxml"
folder=b/quarantine/$(sha256sum <"axis/H99.02/Gói-kín 7.edxml" | cut -c 1-2)
rm -rf "$folder" && : >"$folder"
# shellcheck disable=SC2086 # a command line
run b $receive
is 'what cannot be kept' "$ended" 6
like 'is told, without its name' lines '^vanthu-receive: a message: '
check 'to who runs it by hand, with it' 6 vanthu-receive --home b
is 'as it must, and else the same' "$(cat "$err")" \
    "$(sed 's/: a message: /: Gói-kín 7.edxml: /' lines)"
rm "$folder"

# nor does the way say it, nor is a folder's name taken for a message's
rm -rf axis/H99.02/dead && : >axis/H99.02/dead
# shellcheck disable=SC2086 # a command line
run b $receive
is 'what does not go out of the way' "$ended" 6
is 'is told, without its name' "$(grep vanthu-receive lines)" \
    "vanthu-receive: a message: cannot make the folder $PWD/axis/H99.02/dead: a part of the path is not a folder"
rm axis/H99.02/dead

# what is sent: the way is closed, then it refuses
cp Ký-kín.pdf 'Văn bản kín.pdf'
ref=$(vanthu register out --home a --type CV --notation KÍN-VP --subject 'V/v kín' \
    'Văn bản kín.pdf' Phụ-lục-kín.txt) || bail 'no record'
rm -rf axis/H99.02 && : >axis/H99.02
vanthu send --home a "$ref" --to H99.02 >/dev/null 2>&1
# shellcheck disable=SC2086 # command lines
{
	run a $send
	is 'what cannot be sent' "$ended" 7
	is 'is counted' "$(cat lines)" \
	    'vanthu-send: messages that wait for the next try: 1
sent 0, still waiting 1, failed 0'
	sqlite3 a/register.db 'UPDATE delivery SET next_try = 0, attempts = 19'
	run a $send
	is 'what is given up' "$ended" 8
	like 'is counted, too' lines '^sent 0, still waiting 0, failed 1$'
	run b $send
	rm axis/H99.02
	vanthu send --home a --resend "$ref" >/dev/null 2>&1
	run b $receive
	run a $receive
	run a $send
}
like 'all of it is in the log' log 'a status 0[13]'
unlike 'and nothing of what anything says or is called' log '[Kk][ÍíI]n|KÍN'
unlike 'nor of whom' log 'Ban |Sở |Ông |Ủy ban'
done_testing
