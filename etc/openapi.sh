#!/bin/sh
# The site's OpenAPI document on standard output: etc/openapi.json, which has
# what no program knows alone, with what each program says of itself.
# lib/api/openapi.h has the form of their lines.
#
#	etc/openapi.sh PROGRAM…

set -eu
export LC_ALL=C		# so that the order is the same everywhere

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

for program; do
	"$program" --openapi doc/examples </dev/null >>"$tmp/all"
done
sort -u "$tmp/all" >"$tmp/lines"

# What has one name is one thing; a path has many methods, each once.
twice=$(awk -F '\t' '
	{ name = $1 " " $2 }
	$1 == "paths" { name = name " " substr($3, 1, index($3, ":") - 1) }
	seen[name]++ { print name }' "$tmp/lines")
if [ -n "$twice" ]; then
	echo "openapi: different things have one name: $twice" >&2
	exit 1
fi

# Members where etc/openapi.json has {}, one a line; those of a path together.
awk -F '\t' '
	FNR != NR && /^ *"(paths|responses|schemas)": [{][}],?$/ {
		split($0, word, "\"")
		at = index($0, "{}")
		print substr($0, 1, at) "\n" all[word[2]]
		print (word[2] == "paths" ? "}" : "") substr($0, at + 1)
		next
	}
	FNR != NR { print; next }
	$1 == "paths" && $2 == last { all[$1] = all[$1] ",\n" $3; next }
	{ member = "\"" $2 "\":" ($1 == "paths" ? "{\n" : "") $3 }
	$1 == "paths" { end = "}"; last = $2 }
	$1 != "paths" { end = "" }
	{ all[$1] = all[$1] (all[$1] == "" ? "" : end ",\n") member }
	' "$tmp/lines" etc/openapi.json
