# dav-send.sh - killed while it hands a document to a server of WebDAV
# shellcheck shell=sh disable=SC2034 # for way.sh
way=dav what=send
# shellcheck source=scripts/faults/way.sh
. "$here/way.sh"
