#!/bin/sh
# vanthu-register print: the books of NĐ 30/2020/NĐ-CP, Annex IV
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
one_day
have jq || skip_all 'no jq'

vanthu init office --organ-id H40.16 --name 'Sở "A" <B> & C' >/dev/null ||
    bail 'no office'
VANTHU_HOME=$PWD/office
export VANTHU_HOME
cat >rows.jsonl <<'END'
{"book":"out","year":2025,"number":1,"code":"01/QĐ-SNV","date":"2025-01-03","type":"QĐ","subject":"=HYPERLINK(\"http://x\")","signer":"+84 Ông","state":"issued","places":["-Như trên","Lưu: VT"],"keeper":"@VT","copies":3,"urgency":"hoa-toc"}
{"book":"in","year":2025,"number":2,"code":"07/UBND","date":"2025-02-01","arrived":"2025-02-02T23:30:00Z","type":"Thông tư","organ_name":"UBND <tỉnh>","subject":"Về \"việc\" & <script>alert(1)</script>","state":"registered","due":"2025-03-01"}
{"book":"in","year":2025,"number":1,"code":"1/BNV","date":"2025-01-31","arrived":"2025-02-01T01:00:00Z","type":"CV","organ_name":"Bộ Nội vụ","subject":"V/v \u202eba","state":"done","keeper":"Phòng A"}
{"book":"in","year":2024,"number":9,"code":"9/BNV","date":"2024-01-31","arrived":"2024-02-01T01:00:00Z","type":"CV","organ_name":"Bộ Nội vụ","subject":"năm trước","state":"done"}
{"book":"out","year":2025,"number":2,"code":"02/SNV-VP","date":"2025-02-05","type":"CV","subject":"Trả lời","reply_to":"in/2025/1","state":"recalled"}
{"book":"out","year":2025,"number":10,"code":"10/SNV-VP","date":"2025-02-06","type":"CV","subject":"Trả lời thêm","reply_to":"in/2025/01","state":"issued"}
{"book":"out.BM","year":2025,"number":1,"code":"01/SNV-BM","date":"2025-02-06","type":"CV","subject":"Sổ khác","reply_to":"in/2024/9","state":"issued"}
END
check 'records are there' 0 vanthu-register import rows.jsonl

# table BOOK: its CSV without the mark and the carriage returns, in $table
table()
{
	rm -f book.csv
	check "$1 as CSV" 0 vanthu-register print "$1" --year 2025 -o book.csv
	is 'with a mark' "$(head -c 3 book.csv | od -An -tx1)" ' ef bb bf'
	is 'each line ends as RFC 4180 says' \
	    "$(grep -c "$(printf '\r')\$" book.csv)" "$(wc -l <book.csv)"
	table=$(tail -c +4 book.csv | tr -d '\r')
}

table out
is 'the outgoing' "$table" \
    '"Số, ký hiệu văn bản","Ngày tháng văn bản","Tên loại và trích yếu nội dung văn bản","Người ký","Nơi nhận văn bản","Đơn vị, người nhận bản lưu","Số lượng bản","Ngày chuyển","Ký nhận","Ghi chú"
"01/QĐ-SNV","03/01/2025","Quyết định: =HYPERLINK(""http://x"")","'"'"'+84 Ông","'"'"'-Như trên; Lưu: VT","'"'"'@VT","3","",,"Hỏa tốc"
"02/SNV-VP","05/02/2025","Công văn: Trả lời",,"",,"","",,"Đã thu hồi"
"10/SNV-VP","06/02/2025","Công văn: Trả lời thêm",,"",,"","",,""'
table in
is 'the incoming, by their numbers' "$table" \
    '"Ngày đến","Số đến","Tác giả","Số, ký hiệu văn bản","Ngày tháng văn bản","Tên loại và trích yếu nội dung văn bản","Đơn vị hoặc người nhận","Ngày chuyển","Ký nhận","Ghi chú"
"01/02/2025","1","Bộ Nội vụ","1/BNV","31/01/2025","Công văn: V/v \u{202e}ba","Phòng A","",,""
"03/02/2025","2","UBND <tỉnh>","07/UBND","01/02/2025","Thông tư: Về ""việc"" & <script>alert(1)</script>",,"",,""'
table follow-up
is 'how they are followed up' "$table" \
    '"Số đến","Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan ban hành","Đơn vị hoặc người nhận","Thời hạn giải quyết","Tiến độ giải quyết","Số, ký hiệu văn bản trả lời","Ghi chú"
"1","Công văn số 1/BNV ngày 31/01/2025 của Bộ Nội vụ","Phòng A","","Đã giải quyết","02/SNV-VP; 10/SNV-VP",""
"2","Thông tư số 07/UBND ngày 01/02/2025 của UBND <tỉnh>",,"01/03/2025","","",""'
cat >rows.jsonl <<'END'
{"book":"out.F","year":2025,"number":1,"code":"01/SNV-F","date":"2025-02-06","type":"CV","subject":"a;=1+1; b;@x; -c","signer":"=1+1","keeper":"a;+1;\"=2","state":"issued"}
END
check 'what would be formulas' 0 vanthu-register import rows.jsonl
table out.F
is 'is text, where a semicolon divides cells, too' "$(echo "$table" | tail -1)" \
    '"01/SNV-F","06/02/2025","Công văn: a;'"'"'=1+1; b;'"'"'@x; -c","'"'"'=1+1","","a;'"'"'+1;'"'"'""=2","","",,""'
table out.BM
like 'a series is a book of its own' book.csv 'Công văn: Sổ khác'
is 'and no other' "$(wc -l <book.csv)" 2

# ---- the day on which it is handed on, and sent ----
check 'it is handed on' 0 vanthu-register set in/2025/2 keeper='Phòng B' \
    state=assigned --reason x
table in
like 'that day is in the book' book.csv \
    ",\"Phòng B\",\"$(date -d "$today" +%d/%m/%Y)\",,"

# ---- HTML ----
check 'to standard output it is HTML' 0 vanthu-register print in --year 2025
like 'of a book with its name' "$out" '<h1>SỔ ĐĂNG KÝ VĂN BẢN ĐẾN</h1>'
like 'and the office' "$out" '<p>Sở &quot;A&quot; &lt;B&gt; &amp; C</p>'
like 'its year' "$out" '<p>Năm: 2025<br>Sổ: in</p>'
like 'the columns have numbers' "$out" '<th>\(1\)</th>.*<th>\(10\)</th>'
like 'foreign text is text' "$out" \
    'Về &quot;việc&quot; &amp; &lt;script&gt;alert\(1\)&lt;/script&gt;'
like 'and hides nothing' "$out" 'V/v \\u\{202e\}ba'
unlike 'no script' "$out" '<script'
cp "$out" page
check 'and in a file' 0 vanthu-register print in --year 2025 -o in.html --json
is 'which is told' "$(jq -c '[.book, .year, .records, .output]' "$out")" \
    '["in",2025,2,"in.html"]'
ok 'the same' cmp page in.html
if have xmllint; then
	ok 'which is HTML' sh -c 'xmllint --html --noout in.html 2>&1 | {
	    ! grep -v "Tag .* invalid" | grep -q error; }'
else
	skip 'no xmllint'
fi
check 'a year without any' 0 vanthu-register print in --year 2001
unlike 'has no row' "$out" '<td>'

# ---- what is not printed ----
check 'nothing is overwritten' 6 vanthu-register print in --year 2025 -o in.html
check 'no year' 2 vanthu-register print in
like 'is asked for' "$err" '[-][-]year'
check 'a year of two digits' 2 vanthu-register print in --year 25
check 'no book' 2 vanthu-register print --year 2025
check 'a book that is none' 2 vanthu-register print all --year 2025
check 'two books' 2 vanthu-register print in out --year 2025
check 'no PDF' 2 vanthu-register print in --year 2025 -o in.pdf
like 'how to have one' "$err" 'browser'
absent 'nothing is left' in.pdf
check 'not both to standard output' 2 vanthu-register print in --year 2025 --json
if [ -c /dev/full ]; then
	check 'a full disk' 6 sh -c \
	    'vanthu-register print in --year 2025 >/dev/full'
else
	skip 'no /dev/full'
fi
done_testing
