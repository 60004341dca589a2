# lgsp-send.sh - killed while it hands a document to a province's platform
# shellcheck shell=sh disable=SC2034 # for way.sh
way=lgsp what=send
# shellcheck source=scripts/faults/way.sh
. "$here/way.sh"
