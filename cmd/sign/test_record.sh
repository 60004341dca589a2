#!/bin/sh
# vanthu-sign on records beyond the main file: attachments, what is derived of
# a document that came, copies
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq pdftotext || skip_all 'no jq or poppler-utils'
# shellcheck source=testdata/signing.sh
. "$VANTHU_SOURCE/testdata/signing.sh"

cp a.pdf pl1.pdf
# another file, to be told apart by its digest
{ cat a.pdf && echo; } >pl2.pdf
{ cat a.pdf && echo && echo; } >scan.pdf
printf 'a,b\n' >b.csv

# ---- attachments of a record ----
new a.pdf pl1.pdf pl2.pdf b.csv
first=$(digest "$ref" 1)
check 'nobody signed the document' 8 agency --as attachment "$ref"
like 'so its attachments get no seal, by the decree' "$err" \
    'NĐ 30/2020/NĐ-CP, 32.*its document'
is 'and stay' "$(digest "$ref" 1)" "$first"
check 'nor do they as files' 8 agency --as attachment --number "$code" \
    -o no.pdf pl1.pdf
like 'for the same reason' "$err" 'NĐ 30/2020/NĐ-CP, 32.*its document'
check 'a file that no record has' 8 agency --as attachment --number "$code" \
    -o no.pdf scan.pdf
like 'is told' "$err" 'NĐ 30/2020/NĐ-CP, 32.*no outgoing record'
absent 'nothing was written' no.pdf
check 'a person signs the document' 0 officer --as person "$ref"
main=$(digest "$ref" 0)
check 'then the agency its attachments' 0 agency --as attachment --json "$ref"
is 'each' "$(jq -c '[.ref, .output, .version, .verdict,
    [.warnings[].code]]' "$out" | tr '\n' ' ')" \
    "[\"$ref\",\"pl1.pdf\",2,\"valid\",[]] [\"$ref\",\"pl2.pdf\",2,\"valid\",[]] [\"$ref\",\"b.csv.p7s\",1,\"valid\",[\"not-shown\"]] "
is 'the document stays' "$(digest "$ref" 0)" "$main"
is 'and its state is that of the document' \
    "$(vanthu-register show --json "$ref" | jq -r '.state, .verdict' | xargs)" \
    'signed valid'
ok 'number and time stand on it, as the record has them' sh -c \
    "pdftotext -l 1 '$(object "$(digest "$ref" 1)")' - |
	grep -Exq '$code; 20[0-9-]{8}T[0-9:]{8}\\+07:00'"
ok 'what was there before is kept' [ -e "$(object "$first")" ]
is 'evidence of each' "$(vanthu-archive evidence --json "$ref" |
    jq -r .role | xargs)" 'person attachment attachment attachment'
check 'again' 0 agency --as attachment --json "$ref"
is 'nothing is to be done' "$(jq -c .already "$out" | xargs)" 'true true true'
check 'another number' 2 agency --as attachment --number 99/STNA-VP "$ref"
check 'the agency signs the document' 0 agency --as agency "$ref"
check 'its own key is no person' 0 vanthu-archive check
check 'and the books' 0 vanthu-register check
new a.pdf
officer --as person "$ref" >"$out" 2>"$err"
check 'no attachment' 1 agency --as attachment "$ref"
new a.pdf pl1.pdf
agency --as agency "$ref" >"$out" 2>"$err"
vanthu-sign --p12 "$pki/agency.p12" --passphrase "$pass" "$ref" \
    >"$out" 2>"$err" || bail 'no signature'
check 'the agency alone is no person' 8 agency --as attachment "$ref"

# ---- as a file, where there is an office ----
new a.pdf pl2.pdf
officer --as person "$ref" >"$out" 2>"$err" || bail 'no signature'
check 'one of a record that a person signed' 0 agency -q --as attachment \
    --number "$code" -o pl.pdf pl2.pdf
check 'not with the number of another' 2 agency --as attachment \
    --number 999/STNA-VP -o no.pdf pl2.pdf
like 'which is told' "$err" 'those of the record'
check 'without an office nobody knows' 0 vanthu-sign --home none \
    --as attachment --number "$code" -o loose.pdf --p12 "$pki/agency.p12" \
    --passphrase "$pass" scan.pdf
like 'and that is said' "$err" 'is not known here'

# ---- the arrival stamp ----
in=$(vanthu-register in --from H99.02 --code 7/X-Y --date 2026-01-05 --type CV \
    --subject 'V/v đến' --arrived 2026-02-03T22:30:00Z a.pdf)
number=$(printf '%02d' "${in##*/}")
came=$(digest "$in" 0)
check 'another number' 2 agency --as incoming --number 77 "$in"
check 'another day' 2 agency --as incoming --date 2026-02-03 "$in"
check 'an outgoing document does not arrive' 8 agency --as incoming "$ref"
check 'elsewhere' 2 agency --as incoming -o no.pdf "$in"
check 'stamped' 0 agency --as incoming --json "$in"
is 'a file of its own' "$(jq -c '[.ref, .output, .version, .verdict]' "$out")" \
    "[\"$in\",\"a.incoming.pdf\",1,\"valid\"]"
is 'what came is as it came' "$(digest "$in" 0)" "$came"
ok 'to the byte' cmp a.pdf "$(object "$came")"
stamped=$(object "$(derived "$in" 0)")
pdftotext -l 1 "$stamped" stamped.txt
for text in ĐẾN "Số: $number" 'Ngày: 04/02/2026'; do
	ok "shows $text, as the book has it" grep -q "$text" stamped.txt
done
ok 'it begins with what came' cmp -n "$(wc -c <a.pdf)" a.pdf "$stamped"
check 'it is a valid one' 0 vanthu-verify "$stamped"
check 'once' 0 agency --as incoming "$in"
like 'is enough' "$out" 'signed already, version 1 of a\.incoming\.pdf'
check 'by any key' 0 vanthu-sign --as incoming --p12 "$pki/officer.p12" \
    --passphrase "$pass" "$in"
is 'there is one' "$(vanthu-register show --json "$in" |
    jq '.derived | length')" 1

# ---- a comment on it ----
check 'an instruction' 0 officer --as comment --json \
    --text 'Giao Phòng Nội vụ.' "$in"
is 'is the next one' "$(jq -r '.output, .version' "$out" | xargs)" \
    'a.comment.pdf 2'
said=$(object "$(derived "$in" 1)")
pdftotext -l 1 "$said" said.txt
for text in ĐẾN 'Giao Phòng Nội vụ'; do
	ok "on the stamped file: $text" grep -q "$text" said.txt
done
check 'the same again' 0 officer --as comment --text 'Giao Phòng Nội vụ.' "$in"
like 'is there' "$out" 'signed already, version 2'
check 'another' 0 officer --as comment --text 'Trước ngày 10.' "$in"
is 'goes on top' "$(vanthu-register show --json "$in" |
    jq -r '.derived | map("\(.seq) \(.role) \(.words)") | join(", ")')" \
    '1 incoming null, 2 comment Giao Phòng Nội vụ., 3 comment Trước ngày 10.'
check 'all three hold' 0 vanthu-verify "$(object "$(derived "$in" 2)")"
is 'evidence of each' "$(vanthu-archive evidence --json "$in" |
    jq -r .role | xargs)" 'incoming comment comment'
check 'for people' 0 vanthu-register show "$in"
like 'what was made of it' "$out" 'made of it 3: a\.comment\.pdf'
check 'written out: the stamped one' 0 vanthu-register show "$in" \
    --extract a.incoming.pdf -o printed.pdf
ok 'is that' cmp printed.pdf "$stamped"
check 'of two of a name' 0 vanthu-register show "$in" \
    --extract a.comment.pdf -o last.pdf
ok 'it is the last' cmp last.pdf "$(object "$(derived "$in" 2)")"
check 'or the one of that digest' 0 vanthu-register show "$in" --json \
    --extract "$(derived "$in" 1 | cut -d : -f 2)" -o first.pdf
is 'which is none of the document' "$(jq .derived "$out")" true
ok 'is that' cmp first.pdf "$said"
check 'one of its own' 0 vanthu-register show "$in" --extract a.pdf -o own.pdf
ok 'as it came' cmp own.pdf a.pdf
check 'an outgoing one is not commented' 8 officer --as comment --text x "$ref"
check 'what came was not touched' 0 sh -c \
    "[ '$(digest "$in" 0)' = '$came' ] && vanthu-archive check"

# ---- copies ----
scan=$(vanthu-register in --from H99.02 --code 8/X-Y --date 2026-01-05 \
    --type CV --subject 'V/v giấy' --paper scan.pdf 2>"$err") ||
    scan=$(vanthu-register in --from H99.02 --code 8/X-Y --date 2026-01-05 \
	--type CV --subject 'V/v giấy' scan.pdf)
check 'sao y of a scan' 0 agency --as copy --copy-form sao-y --json "$scan"
is 'is a file made of it' "$(jq -r '.output, .version' "$out" | xargs)" \
    'scan.copy.pdf 1'
pdftotext -l 1 "$(object "$(derived "$scan" 0)")" copy.txt
like 'and says what it is' copy.txt 'Sao y, Ủy ban'
check 'the same again' 0 agency --as copy --copy-form sao-y "$scan"
like 'is there' "$out" 'signed already, version 1'
check 'another form' 0 agency --as copy --copy-form trich-sao "$scan"
is 'is another file, of the same one' "$(vanthu-register show --json "$scan" |
    jq -r '.derived | map("\(.words) \(.source)") | unique | length')" 2
check 'an arrival stamp is not on the copy' 0 agency --as incoming "$scan"
ok 'but on what came' cmp -n "$(wc -c <scan.pdf)" scan.pdf \
    "$(object "$(derived "$scan" 2)")"
ok 'it is no copy' sh -c "pdftotext -l 1 '$(object "$(derived "$scan" 2)")' - |
    grep -c 'Sao y' | grep -qx 0"
for form in sao-y sao-luc; do
	check "no $form of an electronic document" 8 agency --as copy \
	    --copy-form "$form" "$ref"
	like 'by the decree' "$err" 'NĐ 30/2020/NĐ-CP, 25'
done
is 'nothing was made of it' "$(vanthu-register show --json "$ref" |
    jq '.derived | length')" 0
check 'trích sao of it' 0 agency --as copy --copy-form trich-sao "$ref"
csv=$(vanthu-register in --from H99.02 --code 9/X-Y --date 2026-01-05 \
    --type CV --subject 'V/v bảng' b.csv)
check 'what is no PDF shows no stamp' 4 agency --as incoming "$csv"

# ---- never sent, never taken for the document ----
agency --as agency "$ref" >"$out" 2>"$err" || bail 'no seal'
check 'sent' 0 vanthu-send "$ref" --to H99.02
cp axis/H99.02/*.edxml sent.edxml
is 'with its own files' "$(vanthu-unpack --list --json sent.edxml |
    jq -r '.attachments | map(.name) | join(" ")')" 'a.pdf pl2.pdf'
check 'a copy of what was issued' 0 agency --as copy --copy-form trich-sao \
    "$ref"
check 'one that came through an axis' 0 sh -c "vanthu-init b --organ-id H99.02 \
    --name B --transport 'spool:$tmp/axis' && cp -R office/trust b/ &&
    printf '[sign]\nunattended = yes\n' >>b/vanthu.conf &&
    vanthu-receive --home b"
check 'is an original' 8 agency --home b --as copy --copy-form sao-y \
    "in/$year/1"
like 'by the decree' "$err" 'NĐ 30/2020/NĐ-CP, 25'
check 'and is stamped there' 0 agency --home b --as incoming \
    "in/$year/1"
check 'all is sound there' 0 vanthu-archive check --home b
victim=$(object "$(derived "$in" 2)")
mv "$victim" away || bail 'nothing derived'
check 'a derived file is missing' 1 vanthu-archive check
like 'which is told' "$out" "^$in: a\.comment\.pdf: objects/.*: missing"
check 'and nothing goes on from it' 6 officer --as comment --text y "$in"
mv away "$victim"
check 'all is sound' 0 vanthu-archive check

# ---- whose key ----
sed '/^\[sign\]/,$d' office/vanthu.conf >conf && cp conf office/vanthu.conf
for role in attachment incoming 'copy --copy-form trich-sao'; do
	# shellcheck disable=SC2086 # split where meant
	check "unattended the agency's key makes no $role" 8 setsid -w \
	    vanthu-sign --as $role --p12 "$pki/agency.p12" --passphrase "$pass" \
	    "$in"
	like 'and says how it may' "$err" 'unattended = yes in \[sign\]'
done
check 'a person comments' 0 setsid -w vanthu-sign --as comment --text z \
    --p12 "$pki/officer.p12" --passphrase "$pass" "$in"
done_testing
