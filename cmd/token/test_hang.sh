#!/bin/sh
# vanthu-token with a module that never answers: 30 seconds that pass in six
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
# shellcheck source=testdata/pkcs11/lib.sh
. "$VANTHU_SOURCE/testdata/pkcs11/lib.sh"

have jq faketime || skip_all 'jq or faketime is missing'
faketime -f '+0 x5' vanthu-token --version >"$out" 2>&1 ||
    skip_all 'faketime does not work with this build'
tokens
token leader
VANTHU_SPY_DO=hang
export VANTHU_SPY_DO
check 'a module that never answers' 5 faketime -f '+0 x5' vanthu-token --json \
    --module "$spy" --module "$softhsm"
is 'is ended, the others are seen' "$(jq -r .state "$out" | tr '\n' ' ')" \
    'late ok '
is 'and the next step is told' "$(head -n 1 "$out" | jq -r .next)" module-fails
done_testing
