# shellcheck shell=sh
# lib.sh - what quickstart, check and soak share; sourced by a POSIX sh

root=$(cd "$(dirname "$0")/.." && pwd)

# Debian 12's names.  The first list builds and runs vanthu, the second is what
# the example of quickstart needs, the third what the tests compare with.  By
# ca-certificates servers are known on the web where vanthu.conf names no root.  Of
# openssh-server they run the program, on loopback and by themselves; the service
# that its package starts, where it can, may be stopped.
packages_build="gcc libc6-dev cmake ninja-build pkg-config gettext libssl-dev
	libxml2-dev zlib1g-dev libcmocka-dev libsqlite3-dev libjansson-dev
	libinih-dev libzip-dev libunistring-dev libcurl4-openssl-dev
	libharfbuzz-dev libpng-dev fonts-liberation2 libp11-kit-dev
	libmicrohttpd-dev ca-certificates"
packages_example="openssl libreoffice-writer-nogui jq
	poppler-utils"
packages_test="clang clang-format shellcheck mandoc strace qpdf mupdf-tools
	libnss3-tools gpgsm gnupg-agent sqlite3 libxml2-utils zip unzip faketime
	libclang-rt-14-dev bash util-linux procps chromium jq
	apache2-bin libxmlsec1-dev xmlsec1 softhsm2 opensc
	openssh-server openssh-client"

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

step()
{
	printf '\n== %s\n' "$*"
}

# install LIST...: the packages that are missing, as root or by sudo.
install_packages()
{
	missing=
	# shellcheck disable=SC2048 # split where meant
	for p in $*; do
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null |
		    grep -q ' installed$' || missing="$missing $p"
	done
	[ -n "$missing" ] || return 0
	step "installing:$missing"
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
		    die "not root and no sudo; install these first:$missing"
		as_root=sudo
	fi
	$as_root apt-get update -q >/dev/null &&
	    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
		--no-install-recommends $missing >/dev/null ||
	    die "apt-get could not install:$missing"
}

# build PRESET [CMAKE OPTION...]: configure and compile below build/PRESET.
build()
{
	preset=$1
	shift
	step "building ($preset)"
	mkdir -p "$root/build"
	log=$root/build/$preset.log
	if ! (cd "$root" && cmake --preset "$preset" "$@" &&
	    cmake --build --preset "$preset") >"$log" 2>&1; then
		tail -n 40 "$log" >&2
		die "the build failed; all of it is in $log"
	fi
}
