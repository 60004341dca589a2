# shellcheck shell=sh
# axis.sh - an axis over HTTPS, and offices at it; sourced behind servers.sh

# shellcheck source=testdata/ways.sh
. "$VANTHU_SOURCE/testdata/ways.sh"

# secret NAME FILE: a secret of its own in FILE.secret
secret()
{
	(umask 077 && printf '%s-0123456789/+=\n' "$1" >"$2.secret")
}

# Started by a shell of its own, so that how it ended is known.
start_axis()
{
	: >serve.out
	serve serve sh -c 'trap "kill \$p" TERM
	    "$@" >serve.out 2>serve.log & p=$!
	    wait $p; s=$?
	    [ $s -lt 128 ] || { wait $p; s=$?; }
	    echo $s >serve.status' sh vanthu-axis serve axis \
	    --listen "127.0.0.1:${1-0}" --tls-cert good.crt --tls-key good.key
	axis_tries=0
	until port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' serve.out) && [ -n "$port" ]
	do
		axis_tries=$((axis_tries + 1))
		[ $axis_tries -lt 600 ] || return 1
		sleep 0.1
	done
}

# axis_url PORT
axis_url()
{
	echo "vxp+https://localhost:$1/XrdAdapter/adapter"
}

# axis_of_two: an axis with the agencies H99.01 and H99.02; offices of theirs,
# whose way to it nobody serves yet, and a document in a
axis_of_two()
{
	secret a a && secret b b && make_tls || bail 'no certificates'
	{
		vanthu axis init axis && vanthu axis agency axis H99.01 \
		    --name A --secret file:a.secret &&
		    vanthu axis agency axis H99.02 --name B \
			--secret file:b.secret
	} >/dev/null || bail 'no axis'
	make_offices "$(axis_url 1)" || bail 'the offices could not be made'
	issue_ready || bail 'no document could be issued'
	ref=$(cat ref)
}
