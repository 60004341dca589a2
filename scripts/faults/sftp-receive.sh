# sftp-receive.sh - killed while it takes in a document from a server of SSH
# shellcheck shell=sh disable=SC2034 # for way.sh
way=sftp what=receive
# shellcheck source=scripts/faults/way.sh
. "$here/way.sh"
