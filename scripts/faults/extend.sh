# extend.sh - killed while it raises a signed PDF to level LTA
# shellcheck shell=sh disable=SC2154 # pki, here, top, trace: from who sources this

# The authority stands outside of what is made anew for each point.
serve_time()
{
	data=$(cd "$here/../../testdata" && pwd)
	tap_dir=$top/server
	tmp=$tap_dir/tsa
	mkdir -p "$tmp" && cd "$tmp" || return 1
	tap_exit()
	{
		rm -rf "$top"
	}
	bail()
	{
		echo "$*"
		exit 1
	}
	# shellcheck source=testdata/servers.sh
	. "$data/servers.sh"
	# shellcheck source=testdata/tsa.sh
	. "$data/tsa.sh"
	cp "$pki/tsa.crt" "$pki/tsa.key" . && chmod a+rx "$top" || return 1
	cp "$pki/duty-chain.crt" tsa.chain
	authority tsa
	authorities
	cd "$work" || return 1
}

setup()
{
	serve_time || return 1
	mkdir office
	printf '[office]\norgan_id = T01.TEST\nname = Test\n[fetch]\n' \
	    >office/vanthu.conf
	echo 'allow = localhost' >>office/vanthu.conf
	cp -r "$pki/trust" office/trust
	cp "$here/../../testdata/quickstart/cong-van.pdf" a.pdf
	vanthu-sign --home office --key "$pki/officer.key" \
	    --cert "$pki/officer.crt" -o b.pdf a.pdf && sha256sum b.pdf >sum
}

victim()
{
	$trace vanthu-extend -q --home office --offline --tsa "$tsa_url/tsa" \
	    -o c.pdf b.pdf
}

# What was finished is not made again.
again()
{
	[ -e c.pdf ] || victim
}

oracle()
{
	sha256sum --quiet -c sum || echo "what was signed was changed"
	[ "$(find . -maxdepth 1 -type f -name '*.pdf' -o -name '.v*' | sort |
	    tr '\n' ' ')" = './a.pdf ./b.pdf ./c.pdf ' ] ||
	    echo "in the folder is: $(find . -maxdepth 1)"
	vanthu verify --home office --offline --json c.pdf >judged
	[ "$(jq -r '[.verdict, .signatures[0].level] | join(" ")' judged)" = \
	    'valid LTA' ] || echo "it is not valid at LTA: $(cat judged)"
}
