#!/bin/sh
# gcc and clang accept every C file without a warning, with the flags of the
# Makefile, which is asked for its commands and not obeyed.

. "$(dirname "$0")/tap.sh"

for cc in gcc clang; do
	{
		make -n -B B="build/none" CC=$cc all unit 2>&1 >&3 |
		    grep -v '^make: warning'
	} 3>&1 | awk '
		/ -MMD -MP -c -o / {
			sub(/ -MMD -MP -c -o [^ ]*/, " -fsyntax-only")
			print
		}
		/^make.*\*\*\*/ { print "echo \047" $0 "\047 >&2" }' |
	    tr '\n' '\0' | xargs -0 -n 1 -P 2 sh -c 2>&1 |
	    check "compilers: $cc has nothing to say"
done
