#!/bin/sh
# Join the parts of the donation widget into the one file that pages load:
# one request, and one hash for those who check it.  Comments and indentation
# stay behind; names and lines are as they were written.
#
#	etc/donate.sh >htdocs/donate.js
#
# It relies on how the parts are written: a comment has lines of its own, or
# is closed where it was opened; imports are of the other parts.

set -eu
cd "$(dirname "$0")/../htdocs/donate"

echo '// Joined from donate/*.js, which say what this is and why.'
cat dom.js money.js client.js memory.js words.js options.js style.js view.js \
    form.js element.js | awk '
	comment || /^[ \t]*\/\*/ && !/\*\// {
		comment = !/\*\//
		next
	}
	importing || /^import / {
		importing = !/;$/
		next
	}
	{
		gsub(/\/\*[^*]*(\*[^*\/]+)*\*+\//, "")
		sub(/^[ \t]+/, "")
		sub(/^export /, "")
		sub(/[ \t]+$/, "")
	}
	/^\/\// || /^$/ { next }
	{ print }'
