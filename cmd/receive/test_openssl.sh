#!/bin/sh
# what openssl.cnf names moves no judgement, and keeps nobody from one: here it
# names no algorithm at all, and a provider that is not there
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
have jq openssl || skip_all 'jq or openssl is missing'
# shellcheck source=scripts/faults/offices.sh
. "$VANTHU_SOURCE/scripts/faults/offices.sh"

cat >none.cnf <<'END'
openssl_conf = all
[all]
providers = these
alg_section = algs
[these]
null = on
nowhere = on
[on]
activate = 1
[algs]
default_properties = provider=none
END
OPENSSL_CONF=$PWD/none.cnf
export OPENSSL_CONF
no 'openssl obeys this file' openssl dgst -sha256 none.cnf

ok 'offices are made' make_offices
ok 'one signs and registers' issue_ready
ref=$(cat ref)
check 'and sends, having judged it' 0 vanthu-send --home a "$ref" --to H99.02
check 'the other judges it' 0 vanthu-receive --home b --json
is 'by its lists, and takes it in' \
    "$(jq -r '[.result, .verdict] | join(" ")' "$out")" 'registered valid'
check 'its answers go back' 0 vanthu-receive --home a
check 'the books are sound' 0 vanthu-register check --home b
check 'a file of records' 0 vanthu-archive --home b open 01.VP --title x \
    --retention 5
check 'takes it' 0 vanthu-archive --home b add "in/${ref#out/}" --file 01.VP
check 'and is sound' 0 vanthu-archive --home b check
check 'all is seen' 0 vanthu-status --home b
cat >meta.json <<'END'
{"from":{"organ_id":"H40.16","name":"A"},"to":[{"organ_id":"H42","name":"B"}],
"code":{"number":"05","notation":"SNV-VP"},"promulgation":{"date":"2026-01-05"},
"type":"CV","subject":"x"}
END
check 'a message is made' 0 vanthu-pack --json --meta meta.json -o m.edxml \
    signed.pdf
mkdir out
check 'and taken apart' 0 vanthu-unpack -C out m.edxml
ok 'whole' cmp signed.pdf out/signed.pdf
done_testing
