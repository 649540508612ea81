#!/bin/sh
# Join the parts of the donation widget into the one file that pages load:
# one request, and one hash for those who check it.  Comments and indentation
# stay behind; names and lines are as they were written.
#
#	etc/donate.sh >htdocs/donate.js
#	etc/donate.sh classic >htdocs/donate.classic.js
#
# The second is for pages of other sites where the server sends no header that
# lets them load the first: a classic script needs none.  It has in it what
# the first imports when it is needed: each such file is a function there.
#
# It relies on how the parts are written: a comment has lines of its own, or
# is closed where it was opened; imports are of the other parts, exports are
# said where a name is declared.

set -eu
cd "$(dirname "$0")/../htdocs/donate"

# lean: comments, indentation, imports and `export` left behind.
lean() {
	awk '
	comment || /^[ \t]*\/\*/ && !/\*\// {
		comment = !/\*\//
		next
	}
	/^[ \t]*\/\*.*\*\/$/ { next }
	importing || /^import / {
		importing = !/;$/
		next
	}
	{
		gsub(/\/\*[^*]*(\*[^*\/]+)*\*+\//, "")
		sub(/^[ \t]+/, "")
		sub(/^export default/, "const all =")
		sub(/^export /, "")
		sub(/[ \t]+$/, "")
	}
	/^\/\// || /^$/ { next }
	{ print }'
}

# join HERE: the widget itself.
join() {
	cat dom.js money.js client.js memory.js "$1" words.js options.js \
	    style.js view.js form.js element.js | lean
}

# part NAME: a function that gives what the file exports.
part() {
	names=$(sed -nE 's/^export (async )?(const|function) (\w+).*/\3/p' \
	    "$1.js" | paste -sd ,)
	! grep -q '^export default' "$1.js" || names='default: all'
	echo "'$1': () => {"
	lean <"$1.js"
	echo "return { $names };"
	echo '},'
}

case ${1-} in
'')	echo '// Joined from donate/*.js, which say what this is and why.'
	join here.js ;;
classic)
	echo '// Joined from donate/*.js, which say what this is and why.'
	echo '(() => {'
	echo "'use strict';"
	echo 'const PARTS = {'
	for name in after appeal words.*.js; do
		part "${name%.js}"
	done
	echo '};'
	join here.classic.js
	echo '})();' ;;
*)	echo 'usage: etc/donate.sh [classic]' >&2; exit 2 ;;
esac
