#!/bin/sh
# Envelopes that somebody made to do harm: refused in one line, soon, in little
# memory, and nothing is left behind
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

limit=65536 # KiB
have "${CC:-cc}" || skip_all 'no compiler for the stopwatch'
"${CC:-cc}" -O -D_GNU_SOURCE -o timeit "$VANTHU_SOURCE/bench/timeit.c" ||
    bail 'the stopwatch does not compile'
if nm "$VANTHU_BIN/vanthu-unpack" 2>/dev/null | grep -q __asan_init; then
	limit=$((1024 * 1024))
fi
VANTHU_HOME=$tmp/none
export VANTHU_HOME
good=$data/envelope/producers/java-new.edxml
mkdir r

# refuse FILE REGEX [STATUS]
refuse()
{
	r_file=$1 r_says=$2
	check "$r_file" "${3:-4}" timeout 60 vanthu-unpack -C r "$r_file"
	like "$r_file: says why" "$err" "$r_says"
	is "$r_file: one line" "$(wc -l <"$err")" 1
	is "$r_file: nothing is left" "$(ls -A r)" ''
	# shellcheck disable=SC2046
	set -- $(./timeit -n 1 vanthu-unpack -C r "$r_file" 2>/dev/null)
	ok "$r_file: $3 KiB" test "$3" -lt "$limit"
}

# change FILE SED-SCRIPT
change()
{
	sed "$2" "$good" >"$1"
	ok "$1 is another message" test "$(cmp -s "$good" "$1"; echo $?)" = 1
}

# into FILE ELEMENT: what is read goes before its start tag
into()
{
	sed "/<$2>/,\$d" "$good"
	cat
	sed -n "/<$2>/,\$p" "$good"
}

# ---- how the XML is written ----
change entity.edxml 's/<edXML:Place>Nam.*</<edXML:Place>\&secret;</'
refuse entity.edxml 'an entity that is not declared'
head -c 2000 "$good" >nul.edxml
printf '\0' >>nul.edxml
tail -c +2001 "$good" >>nul.edxml
refuse nul.edxml 'XML 1.0'
LC_ALL=C change latin.edxml 's/Nam \xc4\x90/Nam \xd0/'
refuse latin.edxml 'not UTF-8'
LC_ALL=C change overlong.edxml 's/SNV-VP</SNV\xc0\xafVP</'
refuse overlong.edxml 'not UTF-8'
LC_ALL=C change surrogate.edxml 's/SNV-VP</SNV\xed\xa0\x80VP</'
refuse surrogate.edxml 'not UTF-8'
if have iconv; then
	for to in UTF-16 UTF-16LE UTF-16BE UTF-32 EBCDIC-US; do
		sed 's/[^ -~]//g' "$good" | iconv -f ASCII -t $to \
		    >"$to.edxml" 2>/dev/null
		refuse "$to.edxml" 'not UTF-8|not XML'
	done
else
	skip 'no iconv'
fi
change declared.edxml '1s/UTF-8/UTF-16/'
refuse declared.edxml 'not UTF-8'
change prefix.edxml 's/edXML:Subject>/edx:Subject>/g'
refuse prefix.edxml 'the prefix of edx:Subject is not declared'

# ---- how much there is of it ----
{
	printf '<x a="'
	head -c 300000 /dev/zero | tr '\0' a
	echo '"/>'
} | into AttachmentEncoded AttachmentEncoded >attribute.edxml
refuse attribute.edxml 'too (many|long)'
{
	printf '<x'
	awk 'BEGIN { for (i = 0; i < 70; i++) printf " a%d=\"\"", i }'
	echo '/>'
} | into x AttachmentEncoded >attributes.edxml
refuse attributes.edxml 'too many or too long attributes'
awk 'BEGIN { for (i = 0; i < 1000; i++) print "<x>"
    for (i = 0; i < 1000; i++) print "</x>" }' |
    into x AttachmentEncoded >deep.edxml
refuse deep.edxml 'stand in each other'
awk 'BEGIN { for (i = 0; i < 11000; i++) printf "<n%d/>\n", i }' |
    into x AttachmentEncoded >names.edxml
refuse names.edxml 'different names'
awk 'BEGIN { for (i = 0; i < 1000000; i++)
    printf "<edXML:To><edXML:OrganId>H40.%d</edXML:OrganId></edXML:To>\n", i }' |
    into x edXML:SignerInfo >million.edxml
refuse million.edxml 'too many elements To'
awk 'BEGIN { for (i = 0; i < 1000000; i++) print "<edXML:Unknown/>" }' |
    into x edXML:SignerInfo >unknown.edxml
check 'a million unknown elements' 0 timeout 60 vanthu-unpack --list unknown.edxml

# ---- what is there twice, or where it must not be ----
echo '<edXML:MessageHeader><edXML:From/></edXML:MessageHeader>' |
    into x edXML:TraceHeaderList >headers.edxml
refuse headers.edxml 'MessageHeader stands twice'
change ids.edxml 's/>0101</>0101<\/edXML:CodeNumber><edXML:CodeNumber>0102</'
refuse ids.edxml 'CodeNumber stands twice'
change nested.edxml 's/<edXML:Subject>/&<edXML:Subject>/'
refuse nested.edxml 'Subject has an element in it|does not match'
change receiver.edxml 's/>H37.02.02</>000.00.00.H42</'
refuse receiver.edxml 'stands twice in To'

# ---- base64 with something in it ----
change comment.edxml 's/JVBER/JVBE<!-- x -->R/'
refuse comment.edxml 'a comment or instruction stands in the text of ContentTr'
change element.edxml 's/JVBER/JVBE<x\/>R/'
refuse element.edxml 'ContentTransferEncoded has an element in it'
change junk.edxml 's/JVBER/JVBE\&#160;R/'
refuse junk.edxml 'is not base64'
change url.edxml 's/JVBER/JV-_R/'
refuse url.edxml 'is not base64'
change cdata.edxml 's/JVBER/JV<![CDATA[BE]]>R/'
check 'CDATA in base64 is text' 0 vanthu-unpack -C r cdata.edxml
check 'and means what it says' 0 \
    vanthu-unpack --list --json cdata.edxml
is 'the same file' "$(jq -r '.attachments[0].sha256[7:15]' "$out")" e33d2c29
rm -f r/*

# ---- ZIPs ----
# zipped FILE ZIP: the message whose text file travels in that
zipped()
{
	LC_ALL=C awk -v file="$2" '
	/UEsD/ && !done { ("base64 -w 0 " file) | getline text
		sub(/UEsD[A-Za-z0-9+\/=]*/, text); done = 1 }
	{ print }' "$good" >"$1"
}
if have zip unzip; then
	echo text >phu-luc-1.txt
	echo text >other.doc
	zip -qj -P secret encrypted.zip phu-luc-1.txt
	zipped encrypted.edxml encrypted.zip
	refuse encrypted.edxml 'is encrypted, split'
	zip -qj two.zip phu-luc-1.txt other.doc
	zipped two.edxml two.zip
	refuse two.edxml 'a ZIP of 2 members'
	zip -qj name.zip other.doc
	zipped name.edxml name.zip
	check 'a member of another name and kind' 0 vanthu-unpack -C r name.edxml
	is 'is the attachment all the same' "$(cat r/phu-luc-1.txt)" text
	rm -f r/*
	head -c 30000000 /dev/zero >phu-luc-1.txt
	zip -qj bomb.zip phu-luc-1.txt
	zipped bomb.edxml bomb.zip
	refuse bomb.edxml 'a member of the ZIP archive grows'
	{
		cat name.zip
		printf 'trailing'
	} >tail.zip
	zipped tail.edxml tail.zip
	refuse tail.edxml 'may be read in two ways'
	{
		printf 'PK\003\004'
		cat name.zip
	} >before.zip
	zipped before.edxml before.zip
	refuse before.edxml 'archive'
	awk 'BEGIN { for (i = 0; i < 9999; i++) print i }' >phu-luc-1.txt
	if zip -qj -Z bzip2 method.zip phu-luc-1.txt 2>/dev/null; then
		zipped method.edxml method.zip
		refuse method.edxml 'a method other than deflate|damaged'
	else
		skip 'zip has no bzip2' 6
	fi
else
	skip 'no zip or unzip' 30
fi
done_testing
