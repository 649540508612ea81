#!/bin/sh
# The release: almoner-VERSION-linux-x86_64.tar.gz with programs that bring
# all their libraries along, and SHA256SUMS beside it.
#
#	etc/dist/dist.sh FOLDER
#
# builds in FOLDER (`make dist`: build/dist), where libcurl is kept for the
# next time.  One commit with the same packages gives the same bytes, wherever
# and whenever it is built: the time in the archive is the commit's, or what
# SOURCE_DATE_EPOCH says.

set -eu
export LC_ALL=C TZ=UTC
umask 022
cd "$(dirname "$0")/../.."

to=${1:?usage: dist.sh FOLDER}
CC=${CC:-cc}
MAKE=${MAKE:-make}
jobs=${JOBS:-2}

die() {
	echo "dist.sh: $*" >&2
	exit 1
}

[ "$(uname -sm)" = 'Linux x86_64' ] || die 'this builds for Linux on x86-64'

# In the order of the linker; the source package of each is its library's.
packages='libfcgi-dev libjson-c-dev libsqlite3-dev libssl-dev libc6-dev'
libgcc=$(dpkg -S "$($CC -print-libgcc-file-name)" 2>/dev/null |
    sed 's/:.*//') || libgcc=
for package in $packages; do
	dpkg-query -W "$package" >/dev/null 2>&1 ||
		die "$package is not installed: run etc/deps.sh dist"
done

version=$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' bin/command/*.c)
[ -n "$version" ] || die 'which version is it?'
commit=$(git rev-parse HEAD 2>/dev/null) || commit=unknown
[ -z "$(git status --porcelain 2>/dev/null)" ] ||
	commit="$commit, and changes that are not in it"
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || true)}"
[ -n "$SOURCE_DATE_EPOCH" ] ||
	die 'this is no git repository: say SOURCE_DATE_EPOCH, in seconds'

# Programs that end after one request start fastest at a fixed address and
# with nothing in them that they do not call.
cflags="-O2 -g0 -ffunction-sections -fdata-sections -fstack-protector-strong"
cflags="$cflags -D_FORTIFY_SOURCE=2 -DALMONER_STATIC -fno-pie"
# Fortified functions are not satisfied with (void).
cflags="$cflags -Wno-unused-result"
ldflags="-static -no-pie -s -Wl,--gc-sections -Wl,--build-id=none"
ldflags="$ldflags -Wl,-z,relro -Wl,-z,now"
curl=$to/curl
libs="-lfcgi -ljson-c -lsqlite3 $curl/libcurl.a -lssl -lcrypto -lpthread -lm"

CC="$CC" JOBS="$jobs" sh etc/dist/curl.sh "$curl"

# Objects of other flags or of another libcurl are none of ours.
b=$to/objects
made_of="$cflags
$(cat "$curl/made-of")"
[ "$(cat "$b/made-of" 2>/dev/null)" = "$made_of" ] || rm -rf "$b"
mkdir -p "$b"
printf '%s\n' "$made_of" >"$b/made-of"

# The linker warns of what could load libraries of the host.  Names are looked
# up without (lib/net/net_lookup.c), and the others are never called.
$MAKE -s -j"$jobs" CC="$CC" B="$b" CFLAGS="$cflags -I$curl/include" \
    LDFLAGS="$ldflags" LIBS="$libs" static >"$b/log" 2>&1 || {
	grep -vE 'in function|in statically linked' "$b/log" >&2
	die 'the build failed'
}

name=almoner-$version-linux-x86_64
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
trap 'exit 1' HUP INT TERM
top=$stage/$name
give=$top/public_html/give

# put MODE FOLDER FILE…
put() {
	mode=$1 folder=$2
	shift 2
	mkdir -p "$folder"
	install -m "$mode" "$@" "$folder"
}

# tree FROM TO: all the files of a folder, readable.
tree() {
	(cd "$1" && find . -type f ! -name '*.orig' ! -name '.*.sw?') |
	while read -r file; do
		put 644 "$2/$(dirname "$file")" "$1/$file"
	done
}

put 755 "$top/bin" "$b/bin/almoner" "$b/bin/deliver" "$b/bin/housekeep"
put 644 "$give" etc/apache/.htaccess
put 711 "$give/cgi-bin" "$b/cgi-bin/almoner.fcgi"
ln "$give/cgi-bin/almoner.fcgi" "$give/cgi-bin/almoner.cgi"
tree htdocs "$give"
put 644 "$top/etc" etc/lighttpd/one.conf
# shellcheck disable=SC2016 # cron knows its HOME
sed 's|/srv/almoner|$HOME/almoner|' etc/crontab >"$top/etc/crontab"
tree doc "$top/doc"
put 644 "$top" LICENSE etc/dist/INSTALL

mkdir "$top/licenses"
for package in $packages $libgcc; do
	cp "/usr/share/doc/$package/copyright" "$top/licenses/$package"
done
cp "$curl/copyright" "$top/licenses/curl"

{
	echo "almoner $version"
	echo "commit: $commit"
	echo "time: $(date -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)"
	echo "compiler: $($CC --version | head -n 1)"
	echo "linker: $(ld --version | head -n 1)"
	echo "CFLAGS: $cflags"
	echo "LDFLAGS: $ldflags"
	echo 'linked in, with licenses in licenses/:'
	for package in $packages $libgcc; do
		echo "  $package $(dpkg-query -W -f '${Version}' "$package")"
	done
	echo "  $(head -n 1 "$curl/made-of" | cut -d, -f 1), from its source:" \
	    'http and https alone'
	cat <<-'END'

	`make dist` of this commit, with these packages, gives these bytes; with
	a newer library, programs that are linked with it.
	END
} >"$top/BUILD"

find "$top" -type d -exec chmod 755 {} +
find "$top" -type f ! -perm /111 -exec chmod 644 {} +
chmod 700 "$top"
(cd "$top" && find . -type f ! -name SHA256SUMS | sort |
    sed 's|^\./||' | tr '\n' '\0' | xargs -0 sha256sum) >"$stage/sums"
put 644 "$top" "$stage/sums"
mv "$top/sums" "$top/SHA256SUMS"

archive=$to/$name.tar.gz
tar -C "$stage" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" \
    --owner=0 --group=0 --numeric-owner -cf - "$name" |
    gzip -9n >"$archive.new"
rm -f "$to"/*.tar.gz		# of another version
mv "$archive.new" "$archive"
(cd "$to" && sha256sum "$name.tar.gz" >SHA256SUMS)
echo "$archive"
