#!/bin/sh
# The smallest libcurl that lib/net needs, built from the distribution's own
# source package: Debian's libcurl.a wants libraries that come without a
# static one, and a host needs none of what they are for.
#
#	etc/dist/curl.sh FOLDER
#
# leaves libcurl.a, include/, copyright and made-of in FOLDER, and does nothing
# if they are there and made of the same.  CC is the compiler.  CURL_SOURCE is
# a folder with the unpacked source, where the packages cannot be reached.

set -eu
export LC_ALL=C

to=${1:?usage: curl.sh FOLDER}
mkdir -p "$to"
to=$(cd "$to" && pwd)
CC=${CC:-cc}
jobs=${JOBS:-2}
flags="-O2 -ffunction-sections -fdata-sections -g0"

die() {
	echo "curl.sh: $*" >&2
	exit 1
}

# Of the package whose headers and shared library the ordinary build uses.
version=$(dpkg-query -W -f '${source:Version}' libcurl4-openssl-dev) ||
	die 'libcurl4-openssl-dev is not installed: run etc/deps.sh dist'
openssl=$(dpkg-query -W -f '${Version}' libssl-dev)
script=$(sha256sum "$0" | cut -c 1-16)
made_of="curl $version, libssl-dev $openssl, $($CC --version | head -n 1)
built by curl.sh $script"
[ "$(cat "$to/made-of" 2>/dev/null)" = "$made_of" ] && exit 0

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# The system's own lists are left alone: ours say deb-src where they say deb.
sources() {
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -r "$file" ] || continue
		sed -nE '/debian|ubuntu/s/^deb([ 	])/deb-src\1/p' "$file"
	done >"$tmp/parts/own.list"
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -r "$file" ] || continue
		awk -v RS= -v ORS='\n\n' '
			/\nURIs:[^\n]*(debian|ubuntu)/ ||
			    /^URIs:[^\n]*(debian|ubuntu)/ {
				sub(/Types:[^\n]*/, "Types: deb-src")
				print
			}' "$file"
	done >"$tmp/parts/own.sources"
}

fetch() {
	mkdir -p "$tmp/parts" "$tmp/lists/partial" "$tmp/archives/partial" \
	    "$tmp/source"
	sources
	cat >"$tmp/apt.conf" <<-END
	Dir::Etc::SourceList "/dev/null";
	Dir::Etc::SourceParts "$tmp/parts";
	Dir::State::Lists "$tmp/lists";
	Dir::Cache "$tmp";
	APT::Sandbox::User "$(id -un)";
	END
	apt="env APT_CONFIG=$tmp/apt.conf apt-get -qq"
	cd "$tmp/source"
	{ $apt update && $apt source "curl=$version"; } >"$tmp/log" 2>&1 || {
		cat "$tmp/log" >&2
		die "cannot fetch the source of curl $version;" \
		    'unpack it and say CURL_SOURCE=its folder'
	}
	cd "$OLDPWD"
}

if [ -z "${CURL_SOURCE-}" ]; then
	fetch
	CURL_SOURCE=$(find "$tmp/source" -maxdepth 1 -type d -name 'curl-*')
else
	cp -R "$CURL_SOURCE" "$tmp/curl"
	CURL_SOURCE=$tmp/curl
fi

# http and https, without any library but OpenSSL.  Authorities are named by
# lib/net, and a host's openssl.cnf is for the host's OpenSSL.
cd "$CURL_SOURCE"
off=
for name in ftp file ldap ldaps rtsp dict telnet tftp pop3 imap smb smtp \
    gopher mqtt manual ares alt-svc hsts doh ntlm ntlm-wb tls-srp \
    unix-sockets websockets threaded-resolver cookies mime dnsshuffle \
    progress-meter dependency-tracking openssl-auto-load-config; do
	off="$off --disable-$name"
done
for name in zlib brotli zstd nghttp2 nghttp3 ngtcp2 quiche libidn2 libpsl \
    librtmp libssh libssh2 gssapi libgsasl ca-bundle ca-path; do
	off="$off --without-$name"
done
# shellcheck disable=SC2086 # a list of words
{
	./configure --quiet CC="$CC" AR=ar \
	    CFLAGS="$flags -ffile-prefix-map=$CURL_SOURCE=curl" \
	    --enable-static --disable-shared --with-openssl $off &&
	make -s -j"$jobs" -C lib
} >"$tmp/log" 2>&1 || {
	tail -n 50 "$tmp/log" >&2
	die 'libcurl could not be built'
}

rm -rf "$to/include" "$to/made-of"
mkdir "$to/include"
cp lib/.libs/libcurl.a "$to"
cp -R include/curl "$to/include"
cp debian/copyright "$to/copyright" 2>/dev/null || cp COPYING "$to/copyright"
printf '%s\n' "$made_of" >"$to/made-of"
