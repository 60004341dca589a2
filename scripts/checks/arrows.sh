#!/bin/sh
# arrows.sh [ROOT] - every #include against the one-way arrows of the modules
#
# The table below is DESIGN's, section 3: a module, then what it may include;
# whatever lies below that is allowed too, base always.  A module that is not
# built yet keeps its line.  Each outside library has one module that calls it.
set -u
root=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root" || exit 2

table='
cli json
office store objects envelope verify sign transport conf confine print
archive store objects zip verify sign xml
sign cms pdf xsig tsp stamp key trust
verify cms pdf xsig tsp trust envelope confine
trust x509
tsp cms
cms x509
xsig xml x509
stamp pdf
key x509
envelope record xml zip
print record
store record json
transport http vxp xml
pdf
objects
record
xml
zip
x509
http
confine
conf
json
vxp json
axis vxp objects envelope confine
base
'

# header (a regular expression), and the only modules that may include it,
# one or two
outside='
libxml/(parser|SAX|xmlreader|xmlIO)[^/]*[.]h xml
xmlsec/.*[.]h xsig
zip[.]h zip
curl/.*[.]h http
sqlite3[.]h store axis
microhttpd[.]h axis
libpq-fe[.]h store
jansson[.]h json
ini[.]h conf
unicase[.]h|unictype[.]h|unistr[.]h record
uninorm[.]h base record
hb[^/]*[.]h stamp
png[.]h stamp
zlib[.]h pdf
libintl[.]h|locale[.]h cli
'

deps=$(mktemp) || exit 2
includes=$(mktemp) || exit 2
trap 'rm -f "$deps" "$includes"' EXIT

# What the build says: module, "H" its headers, "D" its arrows.
for file in lib/*/CMakeLists.txt; do
	tr '\n()' '   ' <"$file" | awk '{
		for (i = 1; i <= NF; i++)
			if ($i == "vt_module")
				break
		name = $(i + 1)
		kind = ""
		for (i += 2; i <= NF; i++) {
			if ($i == "HEADERS" || $i == "DEPS" || $i == "LIBS")
				kind = substr($i, 1, 1)
			else if ($i ~ /^target_/) # the next command
				kind = ""
			else if (kind == "H" || kind == "D")
				print kind, name, $i
			if ($i == "HEADERS")
				own = 1
		}
		print "M", name
		if (!own)
			print "H", name, name ".h"
	}'
done >"$deps"

grep -n '^[[:space:]]*#[[:space:]]*include' lib/*/*.[ch] cmd/*/*.[ch] \
    include/vanthu/*.h 2>/dev/null >"$includes"

awk -v table="$table" -v outside="$outside" '
function below(a, b,    i, n, list) {
	if (a == b || b == "base")
		return 1
	n = split(may[a], list, " ")
	for (i = 1; i <= n; i++)
		if (below(list[i], b))
			return 1
	return 0
}
function wrong(text) {
	print text
	bad++
}
BEGIN {
	n = split(table, line, "\n")
	for (i = 1; i <= n; i++) {
		k = split(line[i], word, " ")
		if (k == 0)
			continue
		known[word[1]] = 1
		for (j = 2; j <= k; j++)
			may[word[1]] = may[word[1]] " " word[j]
	}
	nout = split(outside, line, "\n")
	for (i = 1; i <= nout; i++) {
		word[2] = word[3] = ""
		split(line[i], word, " ")
		outre[i] = word[1]
		outowner[i] = word[2]
		outother[i] = word[3]
	}
}
FILENAME == ARGV[1] {
	if ($1 == "M") {
		if (!($2 in known))
			wrong("lib/" $2 ": a module that DESIGN does not name")
		modules++
	} else if ($1 == "H")
		owner[$3] = $2
	else if ($1 == "D" && !below($2, $3))
		wrong("lib/" $2 "/CMakeLists.txt: " $2 " may not depend on " $3)
	next
}
{
	split($0, part, ":")
	file = part[1]
	where = part[1] ":" part[2]
	split(file, path, "/")
	if (path[1] == "lib")
		from = path[2]
	else if (path[1] == "cmd")
		from = "cmd"
	else
		from = owner[path[3]]
	if (from == "") {
		if (!(file in told))
			wrong(file ": no module owns this header")
		told[file] = 1
		next
	}
	checked++
	text = $0
	sub(/^[^"<]*["<]/, "", text)
	sub(/[">].*$/, "", text)
	if (text ~ /^vanthu\//) {
		to = owner[substr(text, 8)]
		if (to == "")
			wrong(where ": " text " belongs to no module")
		else if (from == "cmd") {
			# a tool may call everything
		} else if (to == "cli" && from != "cli")
			wrong(where ": only a tool may include " text)
		else if (!below(from, to))
			wrong(where ": " from " may not include " text \
			    " of " to)
		next
	}
	if (text ~ /_int[.]h$/ && path[1] == "lib") {
		if (index(text, "/") || text !~ "^" from "_")
			wrong(where ": " text " is private to its module")
		next
	}
	for (i = 1; i <= nout; i++)
		if (outre[i] != "" && text ~ "^(" outre[i] ")$" &&
		    from != outowner[i] && from != outother[i])
			wrong(where ": only " outowner[i] " may include <" \
			    text ">")
}
END {
	if (modules == 0 || checked == 0)
		wrong("nothing was checked")
	printf "%d includes of %d modules checked, %d wrong\n", checked,
	    modules, bad
	exit bad > 0
}' "$deps" "$includes"
