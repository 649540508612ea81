#!/bin/sh
# How long the release's program takes to start, as plain CGI, beside an empty
# static program that opens the same books: `make dist` first.
#
#	tests/bench/start.sh [ROUNDS]
#
# Three times: a request that nobody signed, and a signed read.

set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-201}
objects=build/dist/objects
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
trap 'exit 1' HUP INT TERM

flags='-std=c11 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra'
# shellcheck disable=SC2086 # a list of flags
{
	cc $flags -o "$site/start" tests/bench/start.c
	cc $flags -static -no-pie -s -ffunction-sections -fdata-sections \
	    -Wl,--gc-sections -o "$site/empty" tests/bench/empty.c \
	    -lsqlite3 -lpthread -lm 2>"$site/warnings"
}
mkdir "$site/bin" "$site/cgi-bin"
cp "$objects/bin/almoner" "$objects/bin/deliver" "$site/bin"
cp "$objects/cgi-bin/almoner.fcgi" "$site/cgi-bin"

almoner() {
	"$site/bin/almoner" "$@"
}

field() {
	sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" | head -n 1
}

almoner init --dir "$site" >/dev/null
almoner partner create --name Shop --slug shop --approve >/dev/null
almoner pool create --partner shop --side test --name Main --default >/dev/null
keys=$(almoner key create --partner shop --side test --json)

export EMPTY_DATABASE="$site/data/ledger.db"
export GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 REQUEST_METHOD=GET
export REQUEST_URI=/v1/partner/token-pools REMOTE_ADDR=127.0.0.1

sign() {
	HTTP_X_PARTNER_KEY=$(echo "$keys" | field secretKey)
	HTTP_X_TIMESTAMP=$(date +%s)
	body_hash=$(printf '' | openssl dgst -sha256 -r | cut -d' ' -f1)
	HTTP_X_SIGNATURE=$(printf %s \
	    "${HTTP_X_TIMESTAMP}GET$REQUEST_URI$body_hash" |
	    openssl dgst -sha256 -r \
		-hmac "$(echo "$keys" | field hmacSecret)" | cut -d' ' -f1)
	export HTTP_X_PARTNER_KEY HTTP_X_TIMESTAMP HTTP_X_SIGNATURE
}

measure() {
	"$site/cgi-bin/almoner.fcgi" </dev/null | head -n 1
	"$site/start" "$rounds" "$site/empty" "$site/cgi-bin/almoner.fcgi" |
	    sed "s|$site/||"
}

for round in 1 2 3; do
	echo "round $round"
	unset HTTP_X_PARTNER_KEY HTTP_X_TIMESTAMP HTTP_X_SIGNATURE
	measure
	sign
	measure
done
