# shellcheck shell=sh
# lib.sh - tests of programs, in TAP; sourced by a POSIX sh under `set -u`
#
#	plan 12				how many tests follow; or done_testing
#	check 'says so' 1 cmd arg...	cmd ends with status 1; its output is
#					then in the files $out and $err
#	feed FILE check ...		the same with FILE as standard input
#	ok 'what' cmd...		cmd succeeds (its output is kept too)
#	is 'what' GOT WANTED		two strings are equal
#	like 'what' FILE REGEX		a line of FILE matches (grep -E)
#	unlike 'what' FILE REGEX	no line does
#	absent 'what' PATH...		none of them exists
#	empty 'what' FILE		it is there and empty
#	skip 'why' [N]			N tests (1) that cannot run here
#	skip_all 'why'			none of them can
#	bail 'why'			going on makes no sense
#	one_day				what the day at +07:00 is, in $today, $tomorrow and
#					$year: it stays so while the test runs
#	examples PAGE			the command lines that a manual shows
#	run_examples PAGE N [SED]	all N of them succeed, after SED has put
#					in what is here
#	done_testing			the last line: sets the exit status
#
# A test works in a folder of its own, $tmp, which is the current one and is
# removed at the end.  $data is testdata, $pki the test keys.

: "${VANTHU_BIN:?}" "${VANTHU_SOURCE:?}"
PATH=$VANTHU_BIN:$PATH
# English, whatever the caller speaks.  Where VANTHU_RECORD names a folder the
# language is the one that shows what is not translated, and what the tools say
# is kept there (scripts/checks/translation.sh); then most tests fail.
LC_ALL=en_US.UTF-8
export PATH LC_ALL
# Whatever the caller's is: a server of the test's may be another user.
umask 022
unset LANGUAGE LANG LC_MESSAGES VANTHU_HOME NO_COLOR POSIXLY_CORRECT
if [ -n "${VANTHU_RECORD-}" ]; then
	LANGUAGE=qps
	export LANGUAGE
fi

# shellcheck disable=SC2034 # for the script that sources this
data=$VANTHU_SOURCE/testdata
# shellcheck disable=SC2034
pki=${VANTHU_PKI-}

tap_n=0
tap_bad=0
tap_plan=
tap_done=

tap_dir=$(mktemp -d "${TMPDIR:-/tmp}/vanthu-test.XXXXXX") || exit 1
tmp=$tap_dir/work
out=$tap_dir/out
err=$tap_dir/err
: >"$out"
: >"$err"
mkdir "$tmp"
cd "$tmp" || exit 1

tap_exit()
{
	tap_status=$?
	cd / || :
	chmod -R u+rwX "$tap_dir" 2>/dev/null
	rm -rf "$tap_dir"
	if [ -z "$tap_done" ] && [ "$tap_status" -ne 77 ]; then
		echo "Bail out! the script ended before done_testing"
		[ "$tap_status" -ne 0 ] || tap_status=1
	fi
	exit "$tap_status"
}
trap tap_exit EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

plan()
{
	tap_plan=$1
	echo "1..$1"
}

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

# tap_report GOOD WHAT
tap_report()
{
	tap_n=$((tap_n + 1))
	if [ "$1" = yes ]; then
		echo "ok $tap_n - $2"
		return 0
	fi
	echo "not ok $tap_n - $2"
	tap_bad=$((tap_bad + 1))
	return 1
}

# tap_record COMMAND...: keep what a tool of ours said.
tap_record()
{
	[ -n "${VANTHU_RECORD-}" ] || return 0
	case $1 in
	vanthu|vanthu-*)
		cat "$err" >>"$VANTHU_RECORD/err"
		case " $* " in
		*" --json "*|*" -j "*|*" --help "*|*" -o - "*) ;;
		*) cat "$out" >>"$VANTHU_RECORD/out" ;;
		esac
		;;
	esac
}

tap_output()
{
	for tap_file in "$out" "$err"; do
		[ -s "$tap_file" ] || continue
		diag "${tap_file##*/}:"
		head -n 20 "$tap_file" | sed 's/^/#   /'
	done
}

check()
{
	tap_what=$1
	tap_want=$2
	shift 2
	"$@" >"$out" 2>"$err"
	tap_got=$?
	tap_record "$@"
	if [ "$tap_got" -eq "$tap_want" ]; then
		tap_report yes "$tap_what"
		return
	fi
	tap_report no "$tap_what"
	diag "status $tap_got, not $tap_want: $*"
	tap_output
	return 1
}

feed()
{
	tap_in=$1
	shift
	"$@" <"$tap_in"
}

ok()
{
	tap_what=$1
	shift
	if "$@" >"$out" 2>"$err"; then
		tap_report yes "$tap_what"
		return
	fi
	tap_report no "$tap_what"
	diag "failed: $*"
	tap_output
	return 1
}

is()
{
	if [ "$2" = "$3" ]; then
		tap_report yes "$1"
		return
	fi
	tap_report no "$1"
	diag "got:    $2"
	diag "wanted: $3"
	return 1
}

like()
{
	if grep -Eq -e "$3" "$2"; then
		tap_report yes "$1"
		return
	fi
	tap_report no "$1"
	diag "no line matches $3 in:"
	head -n 20 "$2" | sed 's/^/#   /'
	return 1
}

unlike()
{
	if [ ! -f "$2" ]; then
		tap_report no "$1"
		diag "there is no $2"
	elif grep -Eq -e "$3" "$2"; then
		tap_report no "$1"
		diag "these lines match $3:"
		grep -E -e "$3" "$2" | head -n 20 | sed 's/^/#   /'
	else
		tap_report yes "$1"
		return
	fi
	return 1
}

absent()
{
	tap_what=$1
	shift
	for tap_path; do
		if [ -e "$tap_path" ] || [ -h "$tap_path" ]; then
			tap_report no "$tap_what"
			diag "there is $tap_path"
			return 1
		fi
	done
	tap_report yes "$tap_what"
}

empty()
{
	if [ -f "$2" ] && [ ! -s "$2" ]; then
		tap_report yes "$1"
		return
	fi
	tap_report no "$1"
	diag "$2 is not empty:"
	head -n 20 "$2" | sed 's/^/#   /'
	return 1
}

skip()
{
	tap_left=${2:-1}
	while [ "$tap_left" -gt 0 ]; do
		tap_n=$((tap_n + 1))
		tap_left=$((tap_left - 1))
		echo "ok $tap_n # SKIP $1"
	done
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 77
}

bail()
{
	echo "Bail out! $1"
	tap_output
	tap_done=yes
	exit 1
}

# have COMMAND...: all of these programs are installed.
have()
{
	for tap_command; do
		command -v "$tap_command" >/dev/null || return 1
	done
}

# A day that is about to turn is waited out: the number of a document, the name
# of its book and what is late are of the day.
one_day()
{
	tap_left=$((86400 - ($(date +%s) + 25200) % 86400))
	[ "$tap_left" -gt 180 ] || sleep "$tap_left"
	# shellcheck disable=SC2034 # for the script that sources this
	today=$(TZ=UTC-7 date +%Y-%m-%d) tomorrow=$(TZ=UTC-7 date -d '+1 day' \
	    +%Y-%m-%d)
	year=${today%%-*}
}

examples()
{
	sed -n -e 's/\\(dq/"/g' -e 's/^\.Dl //p' "$VANTHU_SOURCE/man/$1"
}

run_examples()
{
	tap_page=$1
	examples "$tap_page" | sed -e "${3:-}" >"$tap_dir/examples"
	is "$tap_page has its examples" "$(wc -l <"$tap_dir/examples")" "$2"
	while read -r tap_line; do
		ok "$tap_page: $tap_line" sh -c "$tap_line" </dev/null
	done <"$tap_dir/examples"
}

# corpus NAME: the path of other people's files, or nothing.
corpus()
{
	[ -n "${VANTHU_CORPORA-}" ] && [ -e "$VANTHU_CORPORA/$1" ] &&
	    printf '%s\n' "$VANTHU_CORPORA/$1"
}

done_testing()
{
	tap_done=yes
	if [ -z "$tap_plan" ]; then
		echo "1..$tap_n"
	elif [ "$tap_plan" -ne "$tap_n" ]; then
		diag "planned $tap_plan tests, ran $tap_n"
		exit 1
	fi
	[ "$tap_bad" -eq 0 ] || {
		diag "$tap_bad of $tap_n failed"
		exit 1
	}
	exit 0
}
