#!/bin/sh
# vanthu-init: an office is made once, whole, and only where it may be
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"

# ---- what is made ----
check 'an office is made' 0 vanthu-init office --organ-id H40.16 \
    --name 'Sở Nội vụ'
like 'it says so' "$out" '^office: the office H40\.16, Sở Nội vụ$'
empty 'and nothing else' "$err"
for name in vanthu.conf register.db objects outbox quarantine trust; do
	ok "there is $name" test -e "office/$name"
done
like 'the settings name the agency' office/vanthu.conf '^organ_id = H40\.16$'
check 'its books are sound' 0 vanthu-register check --home office
is 'others look into none of it' \
    "$(find office -maxdepth 1 -type d -perm /007 | wc -l)" 0

check 'JSON' 0 vanthu-init --json j --organ-id H40 --name "Tỉnh" \
    --transport "spool:$tmp/axis"
is 'JSON says what was made' \
    "$(jq -c '[.schema, .home, .organ_id, .name]' "$out")" \
    '["vanthu.init/1","j","H40","Tỉnh"]'
like 'the transport is kept' j/vanthu.conf "^url = spool:$tmp/axis\$"
check 'a folder is named from here on' 0 vanthu-init r --organ-id H41 \
    --name T --transport spool:axis
like 'whatever the present folder is later' r/vanthu.conf \
    "^url = spool:$tmp/axis\$"
check 'a decomposed name' 0 vanthu-init nfd --organ-id H42 \
    --name "$(printf 'So\314\211')"
like 'is brought to one form' nfd/vanthu.conf "^name = $(printf 'S\341\273\217')\$"

# shellcheck disable=SC2046
long=$(printf 'Sở ố%.0s' $(seq 50))
check 'a name of 200 characters, 450 bytes' 0 vanthu-init long \
    --organ-id H43 --name "$long" --json
check 'is read' 1 vanthu-register --home long list
check 'and written' 0 vanthu-register --home long out --type CV \
    --notation A-B --subject x --json
is 'as it is' "$(jq -r .organ_name "$out")" "$long"

check 'the agency certificate is taken along' 0 vanthu-init cert \
    --organ-id H40 --name T --agency-cert "$pki/agency.crt"
is 'it is the same' \
    "$(openssl x509 -in cert/agency.pem -outform DER | sha256sum)" \
    "$(openssl x509 -in "$pki/agency.crt" -outform DER | sha256sum)"

# ---- what is refused, and leaves nothing ----
before=$(cat office/vanthu.conf)
check 'an office is not made twice' 6 vanthu-init office --organ-id H40 \
    --name 'Khác'
like 'it says why' "$err" 'office is an office already'
is 'the first one stays' "$(cat office/vanthu.conf)" "$before"

# refused STATUS WHAT ARG...
refused()
{
	status=$1 what=$2
	shift 2
	check "$what" "$status" vanthu-init none "$@"
	absent "$what: nothing is left" none
}
refused 2 'no id' --name T
refused 2 'no name' --organ-id H40
refused 2 'an empty name' --organ-id H40 --name ' '
refused 2 'an id in lower case' --organ-id h40 --name T
refused 2 'an id with an empty group' --organ-id H40..16 --name T
refused 2 'an id that is a path' --organ-id ../H40 --name T
refused 2 'an id of 36 characters' --name T \
    --organ-id H40.12345678901234567890123456789012
refused 2 'a name with a control character' --organ-id H40 \
    --name "$(printf 'a\033[31m')"
refused 2 'a transport that there is not' --organ-id H40 --name T \
    --transport pigeon:roof
for url in vxp+http://axis.example/x dav+http://192.0.2.1 lgsp+http://[::2]:80/x \
    vxp+http://127.0.0.1.example:80/ vxp+http://mylocalhost/; do
	refused 2 "plain to another machine: $url" --organ-id H40 --name T \
	    --transport "$url"
	like "$url: says why" "$err" 'without TLS documents go to this machine only'
done
n=0
for url in vxp+http://127.9.0.1:80/x 'dav+http://[::1]:80' \
    lgsp+http://LocalHost/x vxp+http://axis.localhost; do
	n=$((n + 1))
	check "plain to this one: $url" 0 vanthu-init "plain$n" --organ-id H40 \
	    --name T --transport "$url"
done
refused 6 'a certificate that is not there' --organ-id H40 --name T \
    --agency-cert nowhere.pem
like 'is named' "$err" 'nowhere\.pem: cannot open'
echo 'no certificate' >text
refused 4 'a certificate that is none' --organ-id H40 --name T \
    --agency-cert text
like 'is named, too' "$err" 'text: there is no certificate'
refused 2 'a name of 201 characters' --organ-id H40 \
    --name "$(printf "ố%.0s" $(seq 201))"
refused 2 'two folders' other --organ-id H40 --name T
check 'no folder' 2 vanthu-init --organ-id H40 --name T
unlike 'a refused name does not act on a terminal' "$err" "$(printf '\033')"
check 'an id of no pattern is taken with a warning' 0 vanthu-init odd \
    --organ-id H4 --name T
like 'the warning' "$err" 'warning: .*H4'
echo x >file
check 'a file is no folder' 6 vanthu-init file --organ-id H40 --name T

# ---- killed on the way ----
mkdir half
check 'what a killed run left does not hinder' 0 sh -c '
	mkdir -p half/objects half/trust/anchors && : >half/register.db &&
	vanthu-init half --organ-id H40 --name T'
check 'it is an office then' 0 vanthu-register check --home half
cp -R office/register.db half2.db
mkdir half2 && mv half2.db half2/register.db
VANTHU_HOME=office vanthu-register out --type CV --notation A-B --subject x \
    >/dev/null
check 'books without settings are kept' 0 sh -c '
	mkdir kept && cp office/register.db kept/ &&
	vanthu-init kept --organ-id H40.16 --name T'
check 'with what is in them' 0 vanthu-register list --home kept

# ---- cron, languages ----
check 'env -i' 0 env -i "$VANTHU_BIN/vanthu-init" cron --organ-id H40 \
    --name 'Tỉnh'
check 'in Vietnamese' 6 env LANGUAGE=vi "$VANTHU_BIN/vanthu-init" office \
    --organ-id H40 --name T

# ---- a full disk ----
if [ "$(id -u)" -eq 0 ] && mkdir full &&
    mount -t tmpfs -o size=64k tmpfs full 2>/dev/null; then
	check 'a full disk' 6 vanthu-init full/office --organ-id H40 --name T
	like 'is told' "$err" 'no space left'
	absent 'and is no office' full/office/vanthu.conf
	umount full
else
	skip 'no small file system can be mounted here' 3
fi

# ---- the manual's examples ----
run_examples vanthu-init.1 1 "s,/srv,$tmp/srv,g"

done_testing
