#!/bin/sh
# vanthu-agency: the directory, from files and from an axis; groups, aliases
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
have jq sqlite3 || skip_all 'jq or sqlite3 is missing'
VANTHU_HOME=office
export VANTHU_HOME
vanthu-init office --organ-id H99.01 --name 'Sở Nội vụ' >/dev/null ||
    bail 'no office'

# ---- the command line ----
check 'help' 0 vanthu-agency --help
check 'no verb' 2 vanthu-agency
check 'no file' 2 vanthu-agency import
check 'two files' 2 vanthu-agency import a b
check 'an operand too many' 2 vanthu-agency refresh x
check 'a list that there is not' 2 vanthu-agency refresh --list all
check 'whom to show' 2 vanthu-agency show
check 'half an alias' 2 vanthu-agency alias H1
check 'an alias more' 2 vanthu-agency alias --remove H1 H2
check 'two groups' 2 vanthu-agency group a b
check 'to what group' 2 vanthu-agency group --add H99
check 'none' 2 vanthu-agency list --limit 0 so
check 'no office' 6 vanthu-agency list --home nowhere
check 'an empty directory' 1 vanthu-agency list
check 'knows nobody' 1 vanthu-agency show H99
check 'no groups' 1 vanthu-agency group

# ---- a file ----
cat >list.jsonl <<'JSON'
{"organ_id":"H99","name":"Ủy ban nhân dân tỉnh Thử Nghiệm","aliases":["000.00.00.H99"]}
{"organ_id":"H99.01","name":"Sở Nội vụ","parent":"H99","aliases":["000.00.01.H99"]}

{"organ_id":"H99.02","name":"Sở Tài chính","parent":"H99","aliases":["000.00.02.H99","02.H99"],"email":"stc@test.invalid","phone":"0255 000 000"}
{"organ_id":"H99.20","name":"Ủy ban nhân dân xã Cũ","parent":"H99","valid_from":"2016-01-01","valid_to":"2025-06-30"}
{"organ_id":"H99.30","name":"Ủy ban nhân dân xã Mới","parent":"H99","aliases":["H99.20"],"valid_from":"2025-07-01"}
{"organ_id":"H98","name":"Ủy ban nhân dân tỉnh Khác","more":[1,2]}
{"organ_id":"H98.02","name":"Sở Tài chính","parent":"H98"}
JSON
check 'a list' 0 vanthu-agency import list.jsonl
like 'what is new is told' "$out" '^new: H99\.02, Sở Tài chính$'
like 'and counted' "$out" '^7 new, 0 changed, 0 gone, 0 as before$'
check 'the same again' 0 vanthu-agency import --json list.jsonl
is 'changes nothing' "$(jq -c '[.schema,.new,.changed,.gone,.same]' "$out")" \
    '["vanthu.agency/1",0,0,0,7]'
check 'from standard input' 0 sh -c 'vanthu-agency import - <list.jsonl'

check 'without marks' 0 vanthu-agency list --json so tai chinh
is 'both are found' "$(jq -r .organ_id "$out" | xargs)" 'H98.02 H99.02'
check 'with the name of the province' 0 vanthu-agency list --json \
    'sở tài chính thử nghiệm'
is 'one is' "$(jq -r .organ_id "$out")" H99.02
check 'with wrong marks' 1 vanthu-agency list 'sờ'
check 'with a limit' 0 vanthu-agency list --limit 1 so
is 'one' "$(wc -l <"$out")" 1
check 'who is valid' 0 vanthu-agency list xa
like 'alone is found' "$out" '^H99\.30: .* xã Mới$'
is 'unless' "$(vanthu-agency list xa --all | wc -l)" 2
check 'one' 0 vanthu-agency show --json 02.H99
is 'by any of its codes' \
    "$(jq -c '[.organ_id,.name,.aliases,.parent,.email,.phone,.valid_from,
	.valid_to,.state]' "$out")" '["H99.02","Sở Tài chính",["000.00.02.H99","02.H99"],"H99","stc@test.invalid","0255 000 000",null,null,"valid"]'
check 'who came in its place' 0 vanthu-agency show H99.20
like 'is shown' "$out" '^H99\.30: '
check 'for people' 0 vanthu-agency show H99.02
like 'with its aliases' "$out" '^    also 02\.H99$'
check 'a slip' 1 vanthu-agency show H99.03
like 'and who is near' "$err" 'it may be H99\.01 \(Sở Nội vụ\), H99\.02'
check 'two signs swapped' 1 vanthu-agency show H99.10
like 'are near, too' "$err" 'H99\.01'
check 'the other generation' 1 vanthu-agency show 000.00.02.H98
like 'is guessed' "$err" 'it may be H98\.02 \(Sở Tài chính\)'

# ---- what changes ----
sed -e '/H98/d' -e 's/Sở Tài chính/Sở Tài chính và Kế hoạch/' list.jsonl \
    >next.jsonl
check 'a later list' 0 vanthu-agency import next.jsonl
like 'renames' "$out" '^changed: H99\.02, Sở Tài chính và Kế hoạch$'
like 'and drops' "$out" '^gone: H98, '
like 'in numbers' "$out" '^0 new, 1 changed, 2 gone, 4 as before$'
check 'who is gone' 1 vanthu-agency list khac
is 'is known' "$(vanthu-agency show --json H98 | jq -r .state)" gone
vanthu-agency list --all --json >own.jsonl
check 'what it writes' 0 vanthu-agency import own.jsonl
like 'it reads' "$out" '^0 new, 0 changed, 0 gone, 7 as before$'
head -n 1 list.jsonl | sed 's/H99/H97/g' >one.jsonl
check 'a part of a list' 0 vanthu-agency import --partial one.jsonl
like 'takes nobody away' "$out" '^1 new, 0 changed, 0 gone'
for i in 1 2 3 4 5 6; do
	echo "{\"organ_id\":\"H99.4$i\",\"name\":\"Xã $i\"}"
done >more.jsonl
vanthu-agency import --partial more.jsonl >/dev/null
check 'a list that was cut short' 8 vanthu-agency import one.jsonl
like 'is not believed' "$err" '--shrink'
is 'and changes nothing' "$(vanthu-agency list xã 1 | wc -l)" 1
check 'unless one says so' 0 vanthu-agency import --shrink list.jsonl
is 'it is done' "$(vanthu-agency list xã 1 | wc -l)" 0

# ---- CSV ----
printf '\357\273\277organ_id;name;note;aliases;valid_to\r\n' >list.csv
printf 'H95;"Sở ""A""; và B";x;"95.H1, H94";\r\n' >>list.csv
check 'a table of another program' 0 vanthu-agency import --partial list.csv
is 'is read' "$(vanthu-agency show --json H94 | jq -c '[.organ_id,.name]')" \
    '["H95","Sở \"A\"; và B"]'
printf 'name,organ_id\nSở C,H93\n' >list.csv
check 'with commas' 0 vanthu-agency import --partial list.csv

# ---- what is broken is refused, with its line, and nothing is half done ----
broken()
{
	what=$1 line=$2 text=$3
	{ cat list.jsonl; printf '%s\n' "$4"; } >broken.jsonl
	check "$what" 4 vanthu-agency import --shrink broken.jsonl
	like "$what: where and why" "$err" "broken\.jsonl: $line: .*$text"
	is "$what: nothing was done" "$(vanthu-agency list 'sở c' | wc -l)" 1
}
broken 'no JSON' 9 'column' '{"organ_id":"H1","name":"x"'
broken 'no object' 9 'not a JSON object' '["H1"]'
broken 'no code' 9 'organ_id.* is missing' '{"name":"x"}'
broken 'a code that is a path' 9 'not an agency' \
    '{"organ_id":"../x","name":"x"}'
broken 'no name' 9 'name.* is missing' '{"organ_id":"H1","name":" "}'
broken 'a number' 9 'name.* is not a text' '{"organ_id":"H1","name":1}'
broken 'aliases that are no list' 9 'array of texts' \
    '{"organ_id":"H1","name":"x","aliases":"H2"}'
broken 'an alias that is no code' 9 'not an agency' \
    '{"organ_id":"H1","name":"x","aliases":["H 2"]}'
broken 'no date' 9 'not a date' \
    '{"organ_id":"H1","name":"x","valid_to":"30/06/2025"}'
broken 'an end before the beginning' 9 'before' \
    '{"organ_id":"H1","name":"x","valid_from":"2025-07-01","valid_to":"2025-06-30"}'
broken 'its own parent' 9 'own parent' \
    '{"organ_id":"H1","name":"x","parent":"H1"}'
broken 'twice' 9 'second time' '{"organ_id":"H99","name":"x"}'
broken 'broken UTF-8' 9 'UTF-8' "$(printf '{"organ_id":"H1","name":"\377"}')"
printf 'organ_id,name\nH1,"x\n' >broken.csv
check 'a field that does not end' 4 vanthu-agency import broken.csv
like 'is told' "$err" 'broken\.csv: 2: .*does not end'
printf 'organ_id,name\nH1\n' >broken.csv
check 'a column that is missing' 4 vanthu-agency import broken.csv
like 'is told, too' "$err" 'broken\.csv: 2: .*columns'
printf 'code,name\nH1,x\n' >broken.csv
check 'columns that we do not know' 4 vanthu-agency import broken.csv
: >broken.csv
check 'an empty file' 4 vanthu-agency import broken.csv
check 'a file that is not there' 6 vanthu-agency import nowhere.jsonl

# ---- by hand ----
check 'an alias' 0 vanthu-agency alias H99.99 000.00.02.H99
is 'names the agency' "$(vanthu-agency show --json H99.99 | jq -r .organ_id)" \
    H99.02
vanthu-agency import list.jsonl >/dev/null
is 'after every list' "$(vanthu-agency show --json H99.99 | jq -r .organ_id)" \
    H99.02
check 'of nobody' 1 vanthu-agency alias H99.98 H90
check 'what is another'\''s code' 8 vanthu-agency alias H99 H99.02
check 'no code' 2 vanthu-agency alias 'a b' H99.02
check 'it is taken back' 0 vanthu-agency alias --remove H99.99
check 'once' 1 vanthu-agency alias --remove H99.99
check 'and names nobody' 1 vanthu-agency show H99.99

check 'a group' 0 vanthu-agency group các-sở --add H99.01 --add 02.H99
is 'holds them' "$(wc -l <"$out")" 2
check 'who is in it' 0 vanthu-agency group --json các-sở
is 'as they are called today' "$(jq -r .organ_id "$out" | xargs)" \
    'H99.02 H99.01'
check 'whoever is not known' 8 vanthu-agency group các-sở --add H99.77
like 'is told' "$err" 'H99\.77 is not in the directory'
check 'a word' 2 vanthu-agency group 'các sở' --add H99
check 'which there are' 0 vanthu-agency group
like 'and how many are in there' "$out" '^@các-sở: 2 agencies$'
check 'one less' 0 vanthu-agency group các-sở --remove H99.01
check 'not in there' 1 vanthu-agency group các-sở --remove H99.01
check 'none left' 0 vanthu-agency group các-sở --remove 02.H99
check 'no group' 1 vanthu-agency group các-sở

is 'the history knows' "$(sqlite3 office/register.db "SELECT count(*) > 10
    FROM event WHERE what IN ('agencies', 'alias', 'group')")" 1
check 'the books are sound' 0 vanthu-register check
check 'no axis, no directory' 6 vanthu-agency refresh
sed -i '/^\[transport\]/d; /^url/d' office/vanthu.conf
printf '\n[transport]\nurl = spool:%s/axis\n' "$tmp" >>office/vanthu.conf
check 'a folder has none' 4 vanthu-agency refresh
like 'which is told' "$err" 'spool: cannot tell'

# ---- a register of before ----
if have strace; then
	ok 'killed while it is upgraded, and while a list comes in' \
	    env ASAN_OPTIONS=detect_leaks=0 VANTHU_BIN="$VANTHU_BIN" \
	    VANTHU_PKI="$pki" sh \
	    "$VANTHU_SOURCE/scripts/faults/kill-points" directory 250
else
	skip 'no strace'
fi

done_testing
