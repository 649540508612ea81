#!/bin/sh
# The programs, doc/api.md and htdocs/docs/openapi.json have the same routes
# and the same codes.  What a program has, it says: `--openapi`.
#
# In doc/api.md a route is a heading, "### POST /actions/:actionId/reverse",
# whose path follows /v1/partner, or is whole if it begins with /v1/.

. "$(dirname "$0")/tap.sh"

B=${B:-build/release}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

for program in "$B"/cgi-bin/*.fcgi; do
	"$program" --openapi doc/examples </dev/null 2>&1 >>"$tmp/lines" ||
	    echo "$program --openapi: status $?"
done | check 'routes: every program names its own'

# "post":{…} of /v1/partner/users/{externalId} is POST /users/:externalId.
awk -F '\t' '$1 == "paths" {
	split($3, word, "\"")
	path = $2
	sub("^/v1/partner/", "/", path)
	gsub("[{]", ":", path)
	gsub("}", "", path)
	print toupper(word[2]) " " path
}' "$tmp/lines" | sort -u >"$tmp/routes"

sed -nE 's,^##+ ((GET|POST|PUT|PATCH|DELETE) /[^ ]*).*,\1,p' doc/api.md |
    sort >"$tmp/headings"

comm -23 "$tmp/routes" "$tmp/headings" | sed 's/^/not in doc\/api.md: /' |
    check 'routes: every one is in doc/api.md'
comm -13 "$tmp/routes" "$tmp/headings" | sed 's/^/in no program: /' |
    check 'routes: doc/api.md has no other'
uniq -d "$tmp/headings" | sed 's/^/has two headings: /' |
    check 'routes: doc/api.md has each once'

# Every code of lib/api/problem.c is in the schema of a problem, except the
# one that is no problem.
{
	echo IDEMPOTENT
	grep '^schemas	Problem	' "$tmp/lines" | sort -u |
	    sed -n 's/.*"code":{[^}]*"enum":\[\([^]]*\)\].*/\1/p' |
	    tr -d '"' | tr ',' '\n'
} | while read -r code; do
	grep -qw "$code" doc/api.md || echo "not in doc/api.md: $code"
done | check 'routes: every code is in doc/api.md'
grep -c '^schemas	Problem	' "$tmp/lines" | grep -x 0 |
    check 'routes: codes are found'

sh etc/openapi.sh "$B"/cgi-bin/*.fcgi >"$tmp/openapi.json" 2>"$tmp/why"
{
	cat "$tmp/why"
	cmp "$tmp/openapi.json" htdocs/docs/openapi.json 2>&1
} | check 'routes: htdocs/docs/openapi.json is what the programs say'
