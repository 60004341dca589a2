# bare.awk - what of a pseudo-language run was not translated
#
# Reads what a tool said in the language that puts every text in brackets.  The
# brackets and what they hold are taken away, over line ends too; -v kind=help,
# messages or results (which hold foreign words too).  Prints each line of which words are left, and fails.
function strip(s,    n, i, m, j, depth, text, part, piece) {
	gsub(/⟦/, "\001", s) # some awks know bytes only
	gsub(/⟧/, "\002", s)
	# Once over it all, since it can be long: text[d] is what stands within d
	# brackets that are open.
	n = split(s, part, "\001")
	text[0] = part[1]
	for (i = 2; i <= n; i++) {
		m = split(part[i], piece, "\002")
		text[++depth] = piece[1]
		for (j = 2; j <= m; j++) {
			if (depth > 0)
				depth--
			text[depth] = text[depth] piece[j]
		}
	}
	s = text[0]
	for (i = 1; i <= depth; i++) # never closed: nothing is hidden
		s = s "\001" text[i]
	return s
}
# Names, digits, clauses of standards, option names: never translated.
function bare_message(s,    part, n, i) {
	if (s ~ /^  vanthu-[a-z]+ [a-z-]+ *$/) # a verb, in the usage
		return 0
	sub(/^vanthu(-[a-z]+)?: /, "", s)
	n = split(s, part, /: */)
	for (i = 1; i <= n; i++) {
		if (part[i] ~ /^(RFC|ISO|ETSI|FIPS|QCVN|X\.|NĐ|TT|Nghị|Thông|Luật|PKCS|APPNOTE|XML|Unicode|W3C) ?[^a-z]*/)
			continue
		if (part[i] ~ /[A-Za-z][A-Za-z]+ +[A-Za-z][A-Za-z]+/)
			return 1
	}
	return 0
}
# Results are data and what we say of them: English is told by its small words.
function bare_result(s) {
	if (s ~ /^\{/) # an object, for programs
		return 0
	return (" " s " ") ~ / (the|is|are|was|were|not|and|or|of|to|from|by|on|no|has|been|this|that|with|at|it|its|in|be|can|for|as|but|nothing) /
}
function bare_help(s) {
	sub(/^  (-[A-Za-z0-9], |    )--[a-z0-9-]+ */, "", s)
	sub(/^vanthu(-[a-z]+)?: */, "", s)
	sub(/^  vanthu(-[a-z]+)? [a-z-]+ */, "", s) # a verb, in the usage
	sub(/^  [a-z-]+ *$/, "", s)                 # a verb, in the list
	gsub(/\([a-z, -]+\)/, "", s)                # the verbs of an option
	return s ~ /[A-Za-z][A-Za-z]+/
}
{
	if (example) {
		example = 0
		next
	}
	if ($0 ~ /^⟦example:⟧$/)
		example = 1
	text = text $0 "\n"
}
END {
	n = split(strip(text), line, "\n")
	for (i = 1; i <= n; i++)
		if (kind == "help" ? bare_help(line[i]) : \
		    kind == "results" ? bare_result(line[i]) : \
		    bare_message(line[i])) {
			print line[i]
			bad++
		}
	exit bad > 0
}
