# sftp-send.sh - killed while it hands a document to a server of SSH
# shellcheck shell=sh disable=SC2034 # for way.sh
way=sftp what=send
# shellcheck source=scripts/faults/way.sh
. "$here/way.sh"
