#!/bin/sh
# vanthu-send, vanthu-receive, vanthu-fetch: on a machine without libcurl
set -u
# shellcheck source=testdata/lib.sh
. "$VANTHU_SOURCE/testdata/lib.sh"
have jq cc || skip_all 'jq or cc is missing'
# shellcheck source=testdata/servers.sh
. "$VANTHU_SOURCE/testdata/servers.sh"
# shellcheck source=testdata/ways.sh
. "$VANTHU_SOURCE/testdata/ways.sh"

# What the loader finds first, and cannot load; and one that is too old.
mkdir none old
: >none/libcurl.so.4
echo 'int curl_version(void); int curl_version(void) { return 0; }' >old.c
cc -shared -fPIC -o old/libcurl.so.4 old.c || bail 'no library could be made'
without()
{
	LD_LIBRARY_PATH=$tmp/none "$@"
}

: >root.crt
make_offices "spool:$tmp/axis" || bail 'the offices could not be made'
issue_ready || bail 'the document could not be made'
ref=$(cat ref)

# ---- a folder needs no server ----

check 'a document goes by a folder' 0 without vanthu-send --home a "$ref" \
    --to H99.02
is 'it is sent' "$(row H99.02)" sent
check 'it is taken in' 0 without vanthu-receive --home b --json
is 'into the book' "$(jq -r .result "$out")" registered
check 'what waits' 0 without vanthu-send --home a --queue

# ---- a server ----

at a dav+https://127.0.0.1:9
check 'nothing comes from a server' 6 without vanthu-receive --home a
like 'and the package is named' "$err" 'install the package libcurl4$'
issue_ready --again || bail 'no other document could be made'
ref=$(cat ref)
check 'a document for a server' 0 without vanthu-send --home a "$ref" \
    --to H99.02
is 'waits' "$(row H99.02)" 'queued again'
like 'the row says why' "$(vanthu-send --home a --json --status "$ref" \
    >status; echo status)" 'install the package libcurl4'
check 'nothing is fetched' 6 without vanthu-fetch http://127.0.0.1:9/
like 'the package is named here, too' "$err" 'install the package libcurl4$'
check 'one that is too old' 6 env LD_LIBRARY_PATH="$tmp/old" vanthu-fetch \
    http://127.0.0.1:9/
like 'lacks something' "$err" 'libcurl.so.4 is too old: it has no curl_'
check 'and where it is' 8 vanthu-fetch http://127.0.0.1:9/
like 'it is asked what it thinks of the URL' "$err" 'port 9 is not one of'
done_testing
