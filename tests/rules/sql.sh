#!/bin/sh
# Every statement in SQL("…") compiles against schema.sql, and finds its rows
# by an index, in the order that it asks for.  One that really must walk over a
# table, or sort what it finds, says so beside it: /* scans: why */,
# /* sorts: why */.  (Taking the first row of a table in an index's order is no
# walk, though the plan calls it one.)  No other literal may be a statement.
#
# The compiler's preprocessor puts the literals together, with a db.h in its
# way in which SQL() leaves marks.

. "$(dirname "$0")/tap.sh"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

mkdir -p "$tmp/lib/db"
sed 's/^#define SQL(text).*/#define SQL(text) @SQL@ __LINE__ text @END@/' \
    lib/db/db.h >"$tmp/lib/db/db.h"
grep -c '@SQL@' "$tmp/lib/db/db.h" | grep -vx 1 |
    check 'sql: lib/db/db.h defines SQL()'
sqlite3 -bail "$tmp/books" <schema.sql 2>&1 >/dev/null |
    check 'sql: schema.sql is accepted'

# marked FILE: its code after the preprocessor, on one line.
marked() {
	${CC:-cc} -E -P -std=c11 -D_POSIX_C_SOURCE=200809L \
	    -I"$tmp" -I. "$1" | tr '\n' ' '
}

# Of marked code, one line a statement: "line<TAB>text".
# shellcheck disable=SC2016 # $0 is awk's
statements='BEGIN { RS = "@SQL@" } NR > 1 {
	sub(/@END@.*/, "")
	sql = ""
	line = $1
	sub(/^ *[0-9]+ */, "")
	while (match($0, /^ *"([^"\\]|\\.)*" */)) {
		piece = substr($0, RSTART, RLENGTH)
		sub(/^ *"/, "", piece)
		sub(/" *$/, "", piece)
		sql = sql piece
		$0 = substr($0, RSTART + RLENGTH)
	}
	gsub(/\\n|\\t/, " ", sql)
	gsub(/\\"/, "\"", sql)
	gsub(/\\\\/, "\\", sql)
	if ($0 !~ /^ *$/)
		sql = "? more than literals: " $0
	print line "\t" sql
}'

# shellcheck disable=SC2016
stray='{
	gsub(/@SQL@([^@]|@[^E])*@END@/, "")
	while (match($0, /"(SELECT|INSERT|UPDATE|DELETE|REPLACE) [^"]*"/)) {
		print "outside SQL(): " substr($0, RSTART, RLENGTH)
		$0 = substr($0, RSTART + RLENGTH)
	}
}'

# excused FILE LINE WORD: does a comment at the statement that ends in this
# line, from the line above its SQL( on, say that it scans, or sorts?
excused() {
	awk -v last="$2" -v word="$3" '
		BEGIN { word = "/\\*(.* )?" word ": " }
		NR > last { exit }
		/SQL\(/ { said = above }
		$0 ~ word { said = 1 }
		{ above = $0 ~ word || (above && /^[ \t]*(\/\*| \*)/) }
		/;$/ && NR < last && $0 !~ word { said = 0 }
		END { exit !said }' "$1"
}

# What the plan calls a scan, and is none of a table: what a subquery finds.
no_walk='SCAN CONSTANT ROW|VIRTUAL TABLE|SCAN \(subquery'

# first_row SQL: does it take the first row in an order that is there?
first_row() {
	case $1 in
	*WHERE*)		return 1 ;;
	*'ORDER BY'*'LIMIT 1')	! grep -q 'TEMP B-TREE' "$tmp/plan" ;;
	*)			return 1 ;;
	esac
}

for file in $(sources '*.c' | grep -E '^(lib|cgi-bin|bin)/'); do
	marked "$file" >"$tmp/marked" 2>"$tmp/why"
	check "sql: $file is read" <"$tmp/why" | grep -v '^ok'
	case $file in
	lib/db/*)	;; # it also asks after the engine's own tables
	*)	awk "$stray" "$tmp/marked" |
		    check "sql: $file marks its statements" |
		    grep -v '^ok' ;;
	esac
	awk "$statements" "$tmp/marked" >"$tmp/list"
	[ -s "$tmp/list" ] || continue

	while IFS='	' read -r line sql; do
		case $sql in
		*\;*) echo "$file:$line: more than one statement: $sql" ;;
		esac
		sqlite3 -readonly "$tmp/books" "EXPLAIN $sql" 2>&1 >/dev/null |
		    sed "s,^,$file:$line: ,"
	done <"$tmp/list" | check "sql: $file: statements compile"

	while IFS='	' read -r line sql; do
		sqlite3 -readonly "$tmp/books" "EXPLAIN QUERY PLAN $sql" \
		    >"$tmp/plan" 2>/dev/null
		first_row "$sql" && continue
		grep 'SCAN ' "$tmp/plan" |
		    grep -vE "$no_walk" >"$tmp/scan"
		[ -s "$tmp/scan" ] && ! excused "$file" "$line" scans &&
		    sed "s,^,$file:$line: ," "$tmp/scan"
	done <"$tmp/list" | check "sql: $file: statements use an index"

	while IFS='	' read -r line sql; do
		sqlite3 -readonly "$tmp/books" "EXPLAIN QUERY PLAN $sql" \
		    2>/dev/null | grep 'TEMP B-TREE.*ORDER BY' >"$tmp/sort"
		[ -s "$tmp/sort" ] && ! excused "$file" "$line" sorts &&
		    sed "s,^,$file:$line: ," "$tmp/sort"
	done <"$tmp/list" | check "sql: $file: statements need no sorting"
done
