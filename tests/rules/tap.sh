# What the rules share.  A rule is a script that is run in the project's
# folder and prints one TAP line for each thing that it looked at.  It has no
# state and no options, so tests/rules/selftest.sh can run it on a small tree
# that breaks it.

# check NAME: complaints come on standard input; without one all is well.
check() {
	awk -v name="$1" '
		{ line[NR] = $0 }
		END {
			print (NR ? "not ok" : "ok") " - " name
			for (i = 1; i <= NR; i++)
				print "#   " line[i]
		}'
}

# code FILE…: the C without its comments, each line after "file:line: ".
code() {
	awk '
	function strip(s,    out, c, two) {
		out = ""
		while (s != "") {
			c = substr(s, 1, 1)
			two = substr(s, 1, 2)
			if (comment) {
				if (two == "*/")
					comment = 0
				s = substr(s, two == "*/" ? 3 : 2)
			} else if (quote == "" && two == "/*") {
				comment = 1
				s = substr(s, 3)
			} else if (quote == "" && two == "//") {
				return out
			} else if (quote != "" && c == "\\") {
				out = out two
				s = substr(s, 3)
			} else {
				if (quote == c)
					quote = ""
				else if (quote == "" &&
				    (c == "\"" || c == "\047"))
					quote = c
				out = out c
				s = substr(s, 2)
			}
		}
		quote = ""
		return out
	}
	FNR == 1 { comment = 0 }
	{ print FILENAME ":" FNR ": " strip($0) }' "$@" /dev/null
}

# sources PATTERN…: our files with such names, one a line.
sources() {
	for pattern; do
		find . \( -name .git -o -name build -o -name var \
		    -o -name node_modules \) -prune -o \
		    -type f -name "$pattern" -print
	done | sed 's,^\./,,' | sort
}
