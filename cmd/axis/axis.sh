# shellcheck shell=sh
# axis.sh - an axis over HTTPS, and offices at it; sourced behind servers.sh

here=$VANTHU_SOURCE/scripts/faults
work=$tmp
# shellcheck source=scripts/faults/offices.sh
. "$here/offices.sh"

# secret NAME FILE: a secret of its own in FILE.secret
secret()
{
	(umask 077 && printf '%s-0123456789/+=\n' "$1" >"$2.secret")
}

# tls_cert NAME HOST FROM UNTIL
tls_cert()
{
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$1.key" -subj "/CN=$2" -out "$1.csr" 2>/dev/null &&
	    printf 'subjectAltName = DNS:%s\n' "$2" >"$1.ext" &&
	    : >index && openssl ca -batch -config ca.conf -cert root.crt \
	    -keyfile root.key -in "$1.csr" -startdate "$3" -enddate "$4" \
	    -extfile "$1.ext" -out "$1.crt" 2>/dev/null
}

make_tls()
{
	cat >ca.conf <<-'EOT'
	[ca]
	default_ca = any
	[any]
	database = index
	new_certs_dir = .
	rand_serial = yes
	default_md = sha256
	policy = policy
	[policy]
	commonName = supplied
	EOT
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout root.key -out root.crt -days 3650 \
	    -subj '/CN=Axis root (TEST)' 2>/dev/null &&
	    tls_cert good localhost 20200101000000Z 20491231235959Z &&
	    tls_cert other other.test.invalid 20200101000000Z 20491231235959Z &&
	    tls_cert past localhost 20200101000000Z 20211231235959Z
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
		[ $axis_tries -lt 100 ] || return 1
		sleep 0.1
	done
}

# transport_add HOME: standard input goes into [transport]
transport_add()
{
	sed '/^url = /r /dev/stdin' "$1/vanthu.conf" >conf.new &&
	    cat conf.new >"$1/vanthu.conf"
}

make_offices()
{
	for office in a b; do
		vanthu init $office \
		    --organ-id "H99.0$([ $office = a ] && echo 1 || echo 2)" \
		    --name "Sở Thử nghiệm $office" --transport \
		    "vxp+https://localhost:$port/XrdAdapter/adapter" &&
		    cp $office.secret $office/axis.secret &&
		    printf 'secret = axis.secret\nca = %s\ntimeout = 10\n' \
			"$tmp/root.crt" | transport_add $office &&
		    printf '\n[sign]\nunattended = yes\n' >>$office/vanthu.conf &&
		    vanthu trust add --home $office --yes "$pki"/trust/*/* ||
		    return 1
	done >/dev/null
}

# issue_ready [--again]: a document that both have signed; its REF in ref
issue_ready()
{
	cp "$data/quickstart/cong-van.pdf" doc.pdf && rm -f signed.pdf &&
	    vanthu sign --home a --as person $officer -o signed.pdf doc.pdf &&
	    vanthu register out --home a --type CV --notation STNA-VP "$@" \
		--subject 'Về việc thử nghiệm' signed.pdf >ref &&
	    vanthu sign --home a --as agency $agency "$(cat ref)"
} >/dev/null

# state REF: "TO STATE" lines
state()
{
	vanthu send --home a --json --status "$1" | jq -r '"\(.to) \(.state)"'
}
