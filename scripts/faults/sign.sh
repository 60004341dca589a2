# sign.sh - killed while it signs several files at once
# shellcheck shell=sh disable=SC2154 # pki, here, trace: from who sources this

setup()
{
	mkdir in out || return 1
	cp "$here/../../testdata/quickstart/cong-van.pdf" in/a.pdf &&
	    cp in/a.pdf in/c.pdf && printf 'số\n1\n' >in/b.csv &&
	    find in -type f | sort >list && (cd in && sha256sum -- *) >sums
}

victim()
{
	$trace vanthu-sign -q --home none --key "$pki/officer.key" \
	    --cert "$pki/officer.crt" --jobs 2 --output-dir out \
	    --files-from list
}

again()
{
	victim
}

oracle()
{
	(cd in && sha256sum --quiet -c ../sums) || echo "an input was changed"
	[ "$(find out -type f | sort | tr '\n' ' ')" = \
	    "out/a.signed.pdf out/b.csv.p7s out/c.signed.pdf " ] ||
	    echo "in the folder is: $(find out -type f)"
	for file in out/*; do
		content=
		[ "$file" != out/b.csv.p7s ] || content='--content in/b.csv'
		# shellcheck disable=SC2086 # split where meant
		vanthu verify --home none --trust "$pki/anchors" \
		    --chain "$pki/duty-ca.crt" --crl "$pki/trust/crls" \
		    $content "$file" >/dev/null || echo "$file is not valid"
	done
}
