# shellcheck shell=sh
# ways.sh - servers that carry documents, and two offices at them; sourced
# behind servers.sh
#
#	have_dav		Apache has what a WebDAV server needs
#	start_dav		one over TLS, for accounts H99.01 and H99.02; port in
#				$dav, its folder van-ban/
#	make_offices URL	a and b, with the account's secret and our root
#	issue_ready [--again]	a document that both have signed; its REF in ref
#	transport_add HOME	standard input goes into [transport]
#	at HOME URL		the way of HOME is another
#	state REF		"TO STATE" lines
#	row TO			its state, and whether a next try is set

here=$VANTHU_SOURCE/scripts/faults
work=$tmp
# shellcheck source=scripts/faults/offices.sh
. "$here/offices.sh"

# ---- WebDAV ----

have_dav()
{
	have_apache || return 1
	for ways_module in dav dav_fs auth_basic authn_file authz_user ssl; do
		[ -f "$apache_modules/mod_$ways_module.so" ] || return 1
	done
}

# dav_site NAME: Apache's settings of a folder van-ban/ for accounts
dav_site()
{
	for ways_module in dav dav_fs auth_basic authn_core authn_file \
	    authz_user ssl; do
		echo "LoadModule ${ways_module}_module" \
		    "$apache_modules/mod_$ways_module.so"
	done
	cat <<-EOT
	DavLockDB $tmp/lock/db
	Alias /van-ban $tmp/van-ban
	<Location /van-ban>
	Dav On
	AuthType Basic
	AuthName van-ban
	AuthUserFile $tmp/accounts
	Require valid-user
	</Location>
	SSLSessionCache none
	EOT
}

# The server's children are another user where it is root's.
make_dav()
{
	mkdir -p van-ban lock && chmod 777 van-ban lock || return 1
	for id in H99.01 H99.02; do
		printf '%s:%s\n' "$id" "$(printf 'secret-of-%s\n' "$id" |
		    openssl passwd -apr1 -stdin)" || return 1
	done >accounts
}

start_dav()
{
	dav=$(free_port)
	{
		dav_site
		cat <<-EOT
		Listen 127.0.0.1:$dav
		SSLEngine on
		SSLCertificateFile $tmp/good.crt
		SSLCertificateKeyFile $tmp/good.key
		EOT
	} >dav.conf
	make_dav && apache dav && wait_port "$dav"
}

# ---- offices ----

transport_add()
{
	sed '/^url = /r /dev/stdin' "$1/vanthu.conf" >conf.new &&
	    cat conf.new >"$1/vanthu.conf"
}

at()
{
	sed -i "s|^url = .*|url = $2|" "$1/vanthu.conf"
}

# make_office HOME ID URL: HOME.secret is its secret, or is made
make_office()
{
	[ -f "$1.secret" ] ||
	    (umask 077 && printf 'secret-of-%s\n' "$2" >"$1.secret")
	vanthu init "$1" --organ-id "$2" --name "$agency_name" \
	    --transport "$3" && cp "$1.secret" "$1/way.secret" &&
	    printf 'secret = way.secret\nca = %s\ntimeout = 60\n' \
		"$tmp/root.crt" | transport_add "$1" &&
	    printf '\n[sign]\nunattended = yes\n' >>"$1/vanthu.conf" &&
	    vanthu trust add --home "$1" --yes "$pki"/trust/*/*
}

make_offices()
{
	make_office a H99.01 "$1" && make_office b H99.02 "$1"
} >/dev/null

issue_ready()
{
	cp "$data/quickstart/cong-van.pdf" doc.pdf && rm -f signed.pdf &&
	    vanthu sign --home a --as person $officer -o signed.pdf doc.pdf &&
	    vanthu register out --home a --type CV --notation STNA-VP "$@" \
		--subject 'Về việc thử nghiệm' signed.pdf >ref &&
	    vanthu sign --home a --as agency $agency "$(cat ref)"
} >/dev/null

state()
{
	vanthu send --home a --json --status "$1" | jq -r '"\(.to) \(.state)"'
}

row()
{
	vanthu send --home a --json --status "$ref" | jq -r --arg to "$1" \
	    'select(.to == $to) | .state + (if .next_try then " again" else "" end)'
}

# ---- SSH ----

have_sftp()
{
	have sshd ssh-keygen perl && sftp_server=/usr/lib/openssh/sftp-server &&
	    [ -x "$sftp_server" ]
}

# start_sftp: a server for whoever runs this, or for nobody where that is root,
# on port $sftp; its keys in known_hosts, ours in us.key.  A daemon of root's
# would want the system's own folders.
start_sftp()
{
	sftp=$(free_port)
	sftp_user=$(id -un)
	as=
	if [ "$(id -u)" -eq 0 ]; then
		sftp_user=nobody
		as="setpriv --reuid=nobody --regid=nogroup --clear-groups"
		chmod a+rx "$tap_dir" "$tmp"
	fi
	mkdir -p sshd van-ban && chmod 777 van-ban &&
	    ssh-keygen -q -t ed25519 -N '' -f sshd/host &&
	    ssh-keygen -q -t ed25519 -N '' -f us.key &&
	    cp us.key.pub sshd/authorized &&
	    printf '[127.0.0.1]:%s %s\n' "$sftp" "$(cat sshd/host.pub)" \
		>known_hosts || return 1
	cat >sshd/config <<-EOT
	ListenAddress 127.0.0.1:$sftp
	HostKey $tmp/sshd/host
	PidFile none
	UsePAM yes
	StrictModes no
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	AuthorizedKeysFile $tmp/sshd/authorized
	Subsystem sftp internal-sftp
	ForceCommand internal-sftp
	EOT
	[ -z "$as" ] || chown -R nobody sshd
	serve sshd $as /usr/sbin/sshd -D -e -f "$tmp/sshd/config"
	wait_port "$sftp"
}

# sftp_offices: a and b, at that server
sftp_offices()
{
	: >root.crt
	make_offices "sftp://$sftp_user@127.0.0.1:$sftp$tmp/van-ban" || return 1
	for office in a b; do
		cp us.key known_hosts $office &&
		    sed -i '/^secret = /d; /^ca = /d' $office/vanthu.conf &&
		    printf 'key = us.key\nknown_hosts = known_hosts\n' |
		    transport_add $office || return 1
	done
}

# ---- a province's platform ----

have_lgsp()
{
	have_apache && [ -f "$apache_modules/mod_cgid.so" ] &&
	    [ -f "$apache_modules/mod_ssl.so" ] && LC_ALL=C perl -MJSON::PP -e1
}

# start_lgsp: lgsp.cgi over TLS on port $lgsp, its state in lgsp/
start_lgsp()
{
	lgsp=$(free_port)
	mkdir -p lgsp/box/H99.01 lgsp/box/H99.02 && : >lgsp/mode &&
	    : >lgsp/said && cp "$data/lgsp.cgi" lgsp.cgi && chmod a+rx lgsp.cgi &&
	    printf '%s secret-of-%s\n' H99.01 H99.01 H99.02 H99.02 \
		>lgsp/accounts && chmod -R a+rwX lgsp || return 1
	cat >lgsp.conf <<-EOT
	LoadModule cgid_module $apache_modules/mod_cgid.so
	LoadModule ssl_module $apache_modules/mod_ssl.so
	ScriptSock $tmp/lgsp.sock
	ScriptAlias /api $tmp/lgsp.cgi
	<Directory $tmp>
	Require all granted
	</Directory>
	SetEnv LGSP_DIR $tmp/lgsp
	Listen 127.0.0.1:$lgsp
	SSLEngine on
	SSLCertificateFile $tmp/good.crt
	SSLCertificateKeyFile $tmp/good.key
	SSLSessionCache none
	EOT
	apache lgsp && wait_port "$lgsp"
}
