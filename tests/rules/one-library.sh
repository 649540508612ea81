#!/bin/sh
# Each outside library is spoken to in one room.

. "$(dirname "$0")/tap.sh"

all=$(mktemp)
trap 'rm -f "$all"' EXIT
# shellcheck disable=SC2046 # our names have no blanks
code $(sources '*.[ch]' | grep -E '^(lib|cgi-bin|bin)/') >"$all"

only() {
	grep -E -- "$2" "$all" | grep -v "^lib/$1/" |
	    check "one library: only lib/$1 knows $3"
}

only crypto '(EVP|RAND|HMAC)_|[^A-Za-z_](HMAC|SHA256)[(]|<openssl/' \
    OpenSSL
only db 'sqlite3_|<sqlite3\.h>' SQLite
only http 'FCG[XI]_|<fcgi' libfcgi
only json 'json_(object|tokener)_|<json-c/|<json\.h>' json-c
only net 'curl_|<curl/' libcurl
