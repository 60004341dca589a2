# lgsp-receive.sh - killed while it takes in a document from a province's platform
# shellcheck shell=sh disable=SC2034 # for way.sh
way=lgsp what=receive
# shellcheck source=scripts/faults/way.sh
. "$here/way.sh"
