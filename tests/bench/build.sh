#!/bin/sh
# Build the measuring tools into a folder: sh tests/bench/build.sh FOLDER
# With a build, sh tests/bench/build.sh FOLDER build/release, also that build's
# program without its rollups: see bare.c.
#
# They are no part of the server, so they have no part in its Makefile.  CC,
# STD, WARN and CFLAGS come from there where make calls this.

set -eu
cd "$(dirname "$0")/../.."
to=${1:?usage: build.sh FOLDER [BUILD]}
whole=${2-}
cc=${CC:-cc}
std=${STD:--std=c11 -D_POSIX_C_SOURCE=200809L -I.}
warn=${WARN:--Wall -Wextra -Wpedantic -Wshadow -Wconversion}
flags=${CFLAGS:--O2 -g}
from=tests/bench

build() {
	out=$1
	shift
	# A tool that is newer than its sources stays.
	[ -e "$to/$out" ] && [ -z "$(find $from -name '*.[ch]' \
	    -newer "$to/$out")" ] && return
	# shellcheck disable=SC2086
	$cc $std $warn $flags -o "$to/$out" "$@"
}

mkdir -p "$to"
build load $from/load.c $from/order.c $from/wire.c -lcrypto
build hello.fcgi $from/hello.c -lfcgi
build floor.cgi $from/floor.c -Wl,--no-as-needed \
    -lfcgi -ljson-c -lsqlite3 -lcrypto
build sink $from/sink.c -lssl -lcrypto
build slow-disk.so -shared -fPIC $from/slow-disk.c

[ -n "$whole" ] || exit 0
# It is made of the build as well as of the sources here: always anew.
rm -f "$to/bare.fcgi"
build bare.fcgi $from/bare.c \
    -Wl,--wrap=tally_add,--wrap=counts_answer,--wrap=campaign_sums_spend \
    "$whole/cgi-bin/actions.o" "$whole/libalmoner.a" \
    -Wl,--as-needed -lfcgi -ljson-c -lsqlite3 -lcrypto -lcurl -lpthread
