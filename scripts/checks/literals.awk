# literals.awk - words that C sources print without asking the translator
#
# A statement that prints (vt_cli_line, printf, puts) with a literal of two
# words or more outside vt_tr() and VT_N_().  Prints them, and fails.
function statement(s,    t) {
	if (s !~ /(^|[^a-z_])(vt_cli_line|f?printf|f?puts)\(/)
		return
	t = s
	gsub(/(vt_tr|VT_N_)\( *("[^"]*" *)+/, "", t)
	gsub(/\\[a-z]/, "", t)
	gsub(/%[-+ 0-9.*]*[a-z]+/, "", t)
	if (t ~ /"[^"]*[A-Za-z][a-z]+ +[a-z]+[^"]*"/) {
		gsub(/  +/, " ", s)
		print FILENAME ":" s
		bad++
	}
}
FNR == 1 {
	in_comment = 0
	now = ""
}
/^[ \t]*#/ { next }
{
	n = length($0)
	now = now " "
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (in_comment) {
			if (two == "*/") {
				in_comment = 0
				i++
			}
		} else if (in_string) {
			if (c == "\\") {
				now = now (two == "\\\"" ? "" : two)
				i++
			} else {
				now = now c
				if (c == "\"")
					in_string = 0
			}
		} else if (two == "/*") {
			in_comment = 1
			i++
		} else if (c == "'") { # a character: it may be a quote
			now = now "'"
			i += substr($0, i + 1, 1) == "\\" ? 3 : 2
		} else if (c == ";" || c == "{" || c == "}") {
			statement(now)
			now = ""
		} else {
			if (c == "\t")
				c = " "
			now = now c
			if (c == "\"")
				in_string = 1
		}
	}
	# literals that stand side by side are one
	gsub(/" +"/, "", now)
}
END { exit bad > 0 }
