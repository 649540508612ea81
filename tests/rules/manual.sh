#!/bin/sh
# doc/api.md tells of every endpoint and every refusal, and of no other; and
# doc/hosting.md of every setting, with its default.

. "$(dirname "$0")/tap.sh"

# shellcheck disable=SC2016 # Markdown writes names in backticks

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# same NAME: the sorted lines of $tmp/code and $tmp/text.
same() {
	sort -u "$tmp/code" >"$tmp/a"
	sort -u "$tmp/text" >"$tmp/b"
	{
		comm -23 "$tmp/a" "$tmp/b" | sed 's/^/not told: /'
		comm -13 "$tmp/a" "$tmp/b" | sed 's/^/told, but not so: /'
	} | check "$1"
}

# Pages for people are no endpoints, doc/donations.md has them; nor is what
# providers call, which has no name.
awk '/^	[{] "[A-Z]*",/ { row = "" } { row = row $0 }
	/[}],$/ {
		if (row !~ /[.]page = true/ && row ~ /[.]name = /)
			print row
		row = ""
	}' cgi-bin/*.c |
    sed -n 's,^	{ "\([A-Z]*\)"\,[	 ]*"\(/v1/[^"]*\)".*,\1 \2,p' |
    sed 's, /v1/partner/, /,; s/{\([^}]*\)}/:\1/g' >"$tmp/code"
sed -n 's,^##*  *\([A-Z][A-Z]* /.*\),\1,p' doc/api.md >"$tmp/text"
same 'manual: doc/api.md has the endpoints of cgi-bin'

sed -n 's/^	\[ERR_[A-Z_]*\] = { \([0-9]*\), "\([A-Z_]*\)".*/\1 \2/p' \
    lib/api/problem.c >"$tmp/code"
sed -n 's/^| \([0-9]*\) | `\([A-Z_]*\)` |.*/\1 \2/p' doc/api.md >"$tmp/text"
same 'manual: doc/api.md has the refusals of lib/api/problem.c'

tr '\n' ' ' <lib/base/conf.c | grep -o '{ "[a-z_]*", [A-Z_]*,[^"]*"[^"]*"' |
    sed 's/{ "\([a-z_]*\)".*"\([^"]*\)"$/\1 \2/; s/ $//' >"$tmp/code"
sed -n '/^| name | default/,/^$/s/^| `\([a-z_]*\)` | \([^|]*\)|.*/\1 \2/p' \
    doc/hosting.md | tr -d '`' | sed 's/ *$//' >"$tmp/text"
same 'manual: doc/hosting.md has the settings of lib/base/conf.c'
