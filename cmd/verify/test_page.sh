#!/bin/sh
# vanthu-verify -o: the page as a browser shows and prints it
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

have chromium pdftotext pdfinfo ||
    skip_all 'chromium or poppler-utils is not installed'
pass=file:$pki/passphrase
trust="--trust $pki/anchors --chain $pki/duty-ca.crt --crl $pki/trust/crls"
VANTHU_HOME=$tmp/none
export VANTHU_HOME

vanthu-sign -q --p12 "$pki/officer.p12" --passphrase "$pass" -o one.pdf \
    "$data/quickstart/cong-van.pdf" >/dev/null || bail 'nothing is signed'
# a page that would change its own title, or fetch, if anything on it acted
evil='<script>document.title="x"</script><img src=x onerror=alert(1)>.pdf'
evil=$(printf '%s' "$evil" | tr / _)
cp one.pdf "$evil"
printf '\n' >>"$evil"
# shellcheck disable=SC2086
LANGUAGE='vi' vanthu-verify $trust -o page.html one.pdf "$evil" >/dev/null 2>&1
[ -s page.html ] || bail 'no page'

# browse OPTION...: headless, alone, without a network of its own
browse()
{
	timeout 120 chromium --headless --no-sandbox --disable-gpu \
	    --disable-quic --no-first-run --disable-background-networking \
	    --disable-component-update --disable-sync \
	    --user-data-dir="$tmp/profile" "$@" "file://$tmp/page.html"
}

ok 'a browser reads it' browse --dump-dom
cp "$out" dom.html
is 'both files are there' "$(grep -c '<article>' dom.html)" 2
like 'nothing on it acts' dom.html '<title>Kết quả kiểm tra chữ ký số</title>'
unlike 'no element comes from a name' dom.html '<(script|img)'
ok 'a browser prints it' browse --no-pdf-header-footer \
    --print-to-pdf="$tmp/page.pdf"
pdftotext -layout page.pdf page.txt
like 'the verdict is printed' page.txt 'HỢP LỆ'
like '1 issuer' page.txt 'Cơ quan chứng thực số chuyên dùng công vụ \(TEST\)'
like '2 signer' page.txt 'Nguyễn Thị Lấp Lánh Ánh \(TEST\) \(CCCD:'
like '3 managing unit' page.txt 'Văn phòng Ủy ban nhân dân tỉnh'
like '4 time' page.txt '4\. Thời gian ký +20.*\+07:00'
like '5 integrity' page.txt '5\. Tính toàn vẹn +nguyên vẹn'
like '6 validity' page.txt 'không bị thu hồi'
like '7 period' page.txt 'từ 2020-01-01T07:00:00\+07:00 đến'
like 'the name is shown, not obeyed' page.txt 'onerror=alert\(1\)'
is 'two files fit on few pages' \
    "$(pdfinfo page.pdf | awk '/^Pages/ { print ($2 <= 4) }')" 1
ok 'a browser shows it' browse --screenshot="$tmp/page.png" \
    --window-size=900,1400
ok 'as a picture' test -s page.png
done_testing
