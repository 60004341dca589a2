#!/bin/sh
# vanthu-agency: the directory of an axis, which changes and fails
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=cmd/axis/axis.sh
. "$VANTHU_SOURCE/cmd/axis/axis.sh"
have jq openssl perl || skip_all 'jq, openssl or perl is missing'

secret one a
secret two b
{
	vanthu axis init axis &&
	    vanthu axis agency axis 00.99.W00 --name 'Trung tâm' \
		--secret file:b.secret &&
	    vanthu axis agency axis H99.01 --name 'Sở Nội vụ' \
		--secret file:a.secret --code102 000.00.01.H99 &&
	    vanthu axis agency axis H99.02 --name 'Sở Tài chính' \
		--secret file:b.secret --code102 000.00.02.H99 \
		--mail stc@test.invalid &&
	    vanthu axis agency axis H99.03 --name 'Chi cục' --parent 00.99.W00
} >/dev/null || bail 'no axis'
make_tls && start_axis || bail 'the axis does not run'
make_offices "$(axis_url "$port")" || bail 'no offices'
VANTHU_HOME=a
export VANTHU_HOME

check 'the directory of the axis' 0 vanthu-agency refresh
like 'comes in' "$out" '^4 new, 0 changed, 0 gone, 0 as before$'
is 'with codes of before, addresses, parents' "$(vanthu-agency list --json |
    jq -c '[.organ_id,.name,.aliases,.parent,.email]' | tr '\n' ' ')" \
    '["00.99.W00","Trung tâm",[],null,null] ["H99.01","Sở Nội vụ",["000.00.01.H99"],null,null] ["H99.02","Sở Tài chính",["000.00.02.H99"],null,"stc@test.invalid"] ["H99.03","Chi cục",[],"00.99.W00",null] '
check 'again' 0 vanthu-agency refresh --json
is 'is the same' "$(jq -c '[.new,.changed,.gone,.same]' "$out")" '[0,0,0,4]'
{
	vanthu axis agency axis H99.02 --name 'Sở Tài chính và Kế hoạch' &&
	    vanthu axis remove axis H99.03
} >/dev/null
check 'what changed there' 0 vanthu-agency refresh
like 'changes here' "$out" '^0 new, 1 changed, 1 gone, 2 as before$'
is 'for everybody' "$(vanthu-agency show --json 000.00.02.H99 | jq -r .name)" \
    'Sở Tài chính và Kế hoạch'

vanthu-agency list --json --all >danh-ba.jsonl
run_examples vanthu-agency.1 6

echo 'another-secret' >a/way.secret
check 'the wrong secret' 5 vanthu-agency refresh
stop serve
cp a.secret a/way.secret
check 'an axis that does not run' 7 vanthu-agency refresh
is 'takes nothing away' "$(vanthu-agency list | wc -l)" 3
done_testing
