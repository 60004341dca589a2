#!/bin/sh
# vanthu: finds its tools beside itself, and nowhere else
set -u
. "$VANTHU_SOURCE/testdata/lib.sh"

mkdir bin elsewhere
cp "$VANTHU_BIN/vanthu" bin/
cat >bin/vanthu-echo <<'EOF'
#!/bin/sh
[ "${1-}" != --completion=summary ] || { echo 'say it again'; exit 0; }
printf '%s\n' "$0" "$@"
exit 3
EOF
cat >elsewhere/vanthu-other <<'EOF'
#!/bin/sh
echo other
EOF
cp elsewhere/vanthu-other bin/vanthu-broken
chmod 755 bin/* elsewhere/*
chmod 644 bin/vanthu-broken
printf '#!/no/such/program\n' >bin/vanthu-lost
chmod 755 bin/vanthu-lost
PATH=$tmp/elsewhere:$PATH
v=$tmp/bin/vanthu

lines()
{
	printf '%s\n' "$@"
}

check 'runs a tool and gives its status' 3 "$v" echo a -b --help
is 'with its arguments' "$(cat "$out")" \
    "$(lines "$tmp/bin/vanthu-echo" a -b --help)"
check 'options before the tool are the tool'\''s' 3 \
    "$v" -j --home /h echo a -- b
is 'and come first' "$(cat "$out")" \
    "$(lines "$tmp/bin/vanthu-echo" -j --home /h a -- b)"
check '-- before the tool' 3 "$v" -q -- echo --help
is 'is not passed on' "$(cat "$out")" \
    "$(lines "$tmp/bin/vanthu-echo" -q --help)"
check 'no argument at all' 3 "$v" echo
is 'none is made up' "$(cat "$out")" "$tmp/bin/vanthu-echo"

(cd elsewhere && ln -s ../bin/vanthu v2)
check 'by a link, tools lie beside the program' 3 elsewhere/v2 echo
cd bin || bail 'cd'
check 'by a relative name' 3 ./vanthu echo
cd .. || bail 'cd'

check 'a tool elsewhere in PATH is not run' 2 "$v" other
like 'and is unknown' "$err" '^vanthu: there is no tool other$'
empty 'nothing on standard output' "$out"
for name in '' / ../bin/vanthu-echo elsewhere/vanthu-other . ..; do
	check "no tool is called '$name'" 2 "$v" "$name"
done
check 'an unknown tool' 2 "$v" ecoh
like 'what may have been meant' "$err" '^vanthu: hint: did you mean echo\?$'
check 'a name with escape codes' 2 "$v" "$(printf 'a\033[2J')"
like 'is escaped' "$err" 'there is no tool a\\x1b\[2J$'
check 'a tool that may not be run' 6 "$v" broken
like 'says why' "$err" 'cannot run .*/vanthu-broken: permission denied$'
check 'an unknown tool, for programs' 2 "$v" none
check 'no tool' 2 "$v"
like 'is asked for' "$err" '^vanthu: which tool\?$'
check 'an unknown option and no tool' 2 "$v" --nothing
like 'is told' "$err" '^vanthu: there is no option --nothing$'
check '--home without a value' 2 "$v" --home
check 'another shell' 2 "$v" --completion=zsh

check '--help' 0 "$v" --help
like 'lists the tools' "$out" '^  echo         say it again$'
unlike 'but not those that cannot run' "$out" '^  broken'
unlike 'nor others' "$out" '^  other'
empty 'and complains of nothing' "$err"
check '-h' 0 "$v" -h
cp "$out" help
check 'help, as others have it' 0 "$v" help
is 'is the same' "$(cat "$out")" "$(cat help)"
check 'help, of a tool' 3 "$v" -q help echo
is 'is the tool'\''s' "$(cat "$out")" "$(lines "$tmp/bin/vanthu-echo" -q --help)"
check 'help, of no tool' 2 "$v" help other
check '--version' 0 "$v" --version
like 'names itself' "$out" '^vanthu [0-9]+\.[0-9]+\.[0-9]+$'
check 'lost output' 6 sh -c '"$1" --help >/dev/full' sh "$v"

check 'without an environment' 3 env -i "$v" echo x
LANGUAGE=qps "$VANTHU_BIN/vanthu" nothing 2>"$err"
like 'in another language' "$err" '^vanthu: ⟦there is no tool nothing⟧$'

# What bash makes of the completions, asked as bash asks.
complete_words()
{
	LC_ALL=C bash -c '
		. "$1" || exit 1
		function=$2
		shift 2
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		"$function"
		printf "%s\n" "${COMPREPLY[@]}" | sort
	' bash "$@"
}
if have bash; then
	mkdir completions
	"$v" --completion=bash >completions/vanthu
	PATH=$tmp/bin:$PATH
	check 'completes tools' 0 complete_words completions/vanthu _vanthu \
	    vanthu ec
	is 'by their names' "$(cat "$out")" echo
	cat >completions/vanthu-echo <<-'EOF'
	_vanthu_echo()
	{
		COMPREPLY=("$COMP_CWORD" "${COMP_WORDS[@]}")
	}
	EOF
	check 'completes what follows a tool' 0 complete_words \
	    completions/vanthu _vanthu vanthu echo -x --ye
	is 'as the tool would' "$(cat "$out")" \
	    "$(lines --ye -x 2 vanthu-echo | sort)"
	check 'an unknown tool completes to nothing' 0 complete_words \
	    completions/vanthu _vanthu vanthu nothing x
	is 'and says nothing' "$(cat "$out" "$err")" ''

	"$VANTHU_BIN/vanthu-verify" --completion=bash >completions/vanthu-verify
	"$VANTHU_BIN/vanthu-trust" --completion=bash >completions/vanthu-trust
	check 'completes options' 0 complete_words completions/vanthu \
	    _vanthu vanthu verify --tru
	is 'that the tool has' "$(cat "$out")" --trust
	: >'two words.pdf'
	check 'completes files' 0 complete_words completions/vanthu \
	    _vanthu vanthu verify --content two
	is 'with blanks in their names' "$(cat "$out")" 'two words.pdf'
	check 'completes verbs' 0 complete_words completions/vanthu-trust \
	    _vanthu_trust vanthu-trust -q rem
	is 'that the tool has' "$(cat "$out")" remove
	check 'an option of another verb' 0 complete_words \
	    completions/vanthu-trust _vanthu_trust vanthu-trust list --ye
	is 'is not completed' "$(cat "$out")" ''
else
	skip 'no bash' 14
fi

# ---- the manual's examples ----
cp "$data/quickstart/cong-van.pdf" letter.pdf
# a letter that nobody signed; the tools that are built, not those from above
PATH=$VANTHU_BIN:$PATH
run_examples vanthu.1 2 's/letter.pdf$/&; test $? -eq 1/'
like 'and that in Vietnamese' "$out" 'không có chữ ký'

done_testing
