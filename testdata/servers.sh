# shellcheck shell=sh
# servers.sh - servers on loopback for tests of programs; sourced behind lib.sh
#
#	free_port		prints a port of this test alone, on which nobody
#				listens until a server of the test does
#	wait_port PORT		until somebody does; fails after 60 seconds
#	apache NAME		a web server of its own: NAME.conf is what is said
#				beside the usual, www/ its documents; NAME.log and
#				NAME.error what happened
#	publish FILE NAME	www/NAME is what FILE is, at once
#	make_tls		a root, and certificates of servers from it: good,
#				other (of another host), past (expired), each NAME.crt
#				and NAME.key; tls_cert makes more
#	serve NAME COMMAND...	any other server; what it says goes to NAME.error
#	stop NAME		end it
#
# All end with the test.  None touches a service of the system.

PATH=$PATH:/usr/sbin
for servers_module in /usr/lib/apache2/modules /usr/lib/httpd/modules; do
	[ ! -d "$servers_module" ] || apache_modules=$servers_module
done
servers_started=

have_apache()
{
	have apache2 perl && [ -n "${apache_modules-}" ]
}

# A port that was only looked for is soon another's.  A process has it until the
# test ends: bound and not listened on, so that who asks for any port does not
# get it and who connects is refused.  A server that sets SO_REUSEADDR, as all
# of ours do, may take it.
free_port()
{
	LC_ALL=C perl -MSocket -e '
		my $s;
		socket $s, PF_INET, SOCK_STREAM, 0 and
		    bind $s, pack_sockaddr_in(0, INADDR_LOOPBACK) and
		    setsockopt $s, SOL_SOCKET, SO_REUSEADDR, 1 or die "no port: $!";
		$| = 1;
		print +(unpack_sockaddr_in(getsockname $s))[0], "\n";
		my $pid = fork // die "no process: $!";
		if ($pid) {
			open my $all, ">>", $ARGV[1] or die "$ARGV[1]: $!";
			print $all "$pid\n";
			exit;
		}
		open STDIN, "<", "/dev/null";
		open $_, ">", "/dev/null" for *STDOUT, *STDERR;
		sleep 1 while kill 0, $ARGV[0]' $$ "$tap_dir/ports"
}

wait_port()
{
	LC_ALL=C perl -MIO::Socket::INET -e 'for (1 .. 1200) {
		exit 0 if IO::Socket::INET->new(PeerAddr => "127.0.0.1",
		    PeerPort => $ARGV[0]);
		select undef, undef, undef, 0.05;
	}
	exit 1' "$1"
}

serve()
{
	servers_name=$1
	shift
	"$@" >"$servers_name.error" 2>&1 </dev/null &
	echo $! >"$tap_dir/$servers_name.pid"
	servers_started="$servers_started $servers_name"
}

stop()
{
	[ -f "$tap_dir/$1.pid" ] || return 0
	servers_pid=$(cat "$tap_dir/$1.pid")
	rm -f "$tap_dir/$1.pid"
	kill "$servers_pid" 2>/dev/null
	wait "$servers_pid" 2>/dev/null
	return 0
}

publish()
{
	mkdir -p www
	cp "$1" www/.new && chmod a+r www/.new && mv www/.new "www/$2"
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
	    -subj '/CN=Server root (TEST)' 2>/dev/null &&
	    tls_cert good localhost 20200101000000Z 20491231235959Z &&
	    tls_cert other other.test.invalid 20200101000000Z 20491231235959Z &&
	    tls_cert past localhost 20200101000000Z 20211231235959Z
}

# As root the server's children become another user, who must get here.
apache()
{
	mkdir -p www
	[ "$(id -u)" -ne 0 ] || chmod a+rx "$tap_dir" "$tmp" www
	servers_root=$PWD
	{
		for servers_module in mpm_event authz_core alias headers \
		    ratelimit env log_config; do
			servers_so=$apache_modules/mod_$servers_module.so
			[ ! -f "$servers_so" ] ||
			    echo "LoadModule ${servers_module}_module" \
				"$servers_so"
		done
		cat <<-EOT
		ServerRoot "$servers_root"
		ServerName localhost
		PidFile "$servers_root/$1.apache"
		ErrorLog "$servers_root/$1.error"
		LogFormat "%m %U %>s" line
		CustomLog "$servers_root/$1.log" line
		DocumentRoot "$servers_root/www"
		Mutex pthread
		StartServers 1
		ThreadsPerChild 16
		MaxRequestWorkers 16
		GracefulShutdownTimeout 1
		EOT
		[ "$(id -u)" -ne 0 ] || printf 'User daemon\nGroup daemon\n'
		cat "$1.conf"
	} >"$1.apache.conf"
	serve "$1" apache2 -f "$servers_root/$1.apache.conf" -DFOREGROUND -k start
}

servers_exit()
{
	servers_status=$?
	for servers_name in $servers_started; do
		stop "$servers_name"
	done
	if [ -f "$tap_dir/ports" ]; then
		xargs kill <"$tap_dir/ports" 2>/dev/null
	fi
	(exit "$servers_status")
	tap_exit
}
trap servers_exit EXIT
