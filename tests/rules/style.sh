#!/bin/sh
# What of STYLE.md a machine can see.  Exports are read from the objects in
# $B, build/release by default.

. "$(dirname "$0")/tap.sh"

B=${B:-build/release}
COLUMNS_MAX=80
FUNCTION_MAX=60
FILE_MAX=400

c=$(sources '*.[ch]')
# htdocs/donate.js and its classic twin are made of htdocs/donate/*.js.
code=$(echo "$c"; sources '*.sh' '*.mjs' '*.js' |
    grep -vxE 'htdocs/donate(\.classic)?\.js')
text=$(echo "$code"; sources '*.sql' Makefile)

# Tabs are eight wide; the bytes that continue a UTF-8 character have no width.
# shellcheck disable=SC2086 # lists of names, one word each
LC_ALL=C awk -v max=$COLUMNS_MAX '{
	line = $0
	gsub(/[\200-\277]/, "", line)
	width = 0
	while ((at = index(line, "\t")) > 0) {
		width += at - 1
		width += 8 - width % 8
		line = substr(line, at + 1)
	}
	width += length(line)
	if (width > max)
		print FILENAME ":" FNR ": " width " columns"
}' $text /dev/null | check "style: lines have at most $COLUMNS_MAX columns"

# shellcheck disable=SC2086
grep -nE '[	 ]+$' $text /dev/null | check 'style: no blanks end a line'

# shellcheck disable=SC2086
grep -nwE 'TODO|FIXME' $text /dev/null | grep -v '^tests/rules/' |
    check 'style: nothing is left for later'

# shellcheck disable=SC2086
awk -v max=$FILE_MAX '
	FNR > max && FNR == max + 1 { print FILENAME ": over " max " lines" }
' $code /dev/null | check "style: files have at most $FILE_MAX lines"

# A function is what stands between { and } in the first column.
# shellcheck disable=SC2086
awk -v max=$FUNCTION_MAX '
	FNR == 1 { from = 0 }
	/^\{/ { from = FNR }
	/^\}/ && from {
		if (FNR - from + 1 > max)
			print FILENAME ":" from ": " FNR - from + 1 " lines"
		from = 0
	}' $c /dev/null |
    check "style: functions have at most $FUNCTION_MAX lines"

# Directives may stand before the paragraph: a guard, _GNU_SOURCE, #!.  In a
# header it may also stand after the includes and forward declarations.
for file in $text; do
	case $file in
	*.h)	expect='^/\*'
		skip='^#|^$|^(struct|enum|union)[ 	]+[a-z_]+;$' ;;
	*.c)	expect='^/\*' skip='^#|^$' ;;
	*.sql)	expect='^-- ' skip='^$' ;;
	*.mjs | *.js)
		expect='^(// [^@]|/\*)' skip='^#!|^// @|^$' ;;
	*)	expect='^# ' skip='^#!|^$' ;;
	esac
	awk -v expect="$expect" -v skip="$skip" '
		$0 ~ expect { found = 1; exit }
		$0 !~ skip { exit }
		END { exit !found }' "$file" ||
		echo "$file: no paragraph at its head says what it is"
done | check 'style: a paragraph heads each file'

# foo.c exports foo_* and nothing else, or what bears the name of its room: what
# the room's front door (db.h, api.h) names; foo_bar.c is a part of foo.  A
# program's file exports main.
for file in $(echo "$c" | grep -E '^(lib|cgi-bin|bin)/.*\.c$'); do
	object=$(find "$B" -path "*/${file%.c}.o" 2>/dev/null)
	if [ -z "$object" ]; then
		echo "$file: no object in $B; run make first"
		continue
	fi
	own=$(basename "$file" .c | tr - _)
	room=$(basename "$(dirname "$file")")
	nm -g --defined-only "$object" | awk -v own="$own" -v file="$file" \
	    -v room="$room" -v part="${own%%_*}" '
		$3 == own || index($3, own "_") == 1 { next }
		index($3, room "_") == 1 { next }
		index($3, part "_") == 1 { next }
		$3 == "main" && file !~ /^lib\// { next }
		NF == 3 { print file ": exports " $3 }'
done | check 'style: foo.c exports foo_* and nothing else'
