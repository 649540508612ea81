#!/bin/sh
# Floors look down only: a file may include its own room and the rooms on
# lines above it.  Rooms on one line do not see each other.

. "$(dirname "$0")/tap.sh"

floors='base
crypto db http json net
ledger
hooks
giving/site giving/partners
giving/members
giving/pools
giving/people
giving/rewards giving/exchanges
giving/donations
giving/providers giving/events
giving/inbound giving/dashboard
giving/upkeep
api'

# The rooms that lib/$1 includes, each with the file that does.
included() {
	grep -n '^#include "' lib/"$1"/*.[ch] /dev/null 2>/dev/null
}

below=
echo "$floors" | while read -r line; do
	for room in $line; do
		[ -d "lib/$room" ] || continue
		included "$room" | awk -v seen=" $below $room " '
			!/#include "lib\/[a-z\/]+\/[a-z0-9_-]+\.h"/ {
				print $0 ": not named from the root"
				next
			}
			{
				split($0, part, "\"")
				sub("^lib/", "", part[2])
				sub("/[^/]*$", "", part[2])
				if (index(seen, " " part[2] " ") == 0)
					print $0 ": not below this room"
			}' | check "floors: lib/$room looks down only"
	done
	below="$below $line"
done

find lib -name '*.[ch]' | sed 's,^lib/,,; s,/[^/]*$,,' | sort -u |
while read -r room; do
	echo "$floors" | tr ' ' '\n' | grep -qx "$room" ||
		echo "lib/$room is on no floor of tests/rules/floors.sh"
done | check 'floors: every room has one'

grep -n '^#include "' cgi-bin/*.c bin/*.c bin/*/*.[ch] /dev/null 2>/dev/null |
    grep -v '#include "lib/' | awk -F: '
	{
		folder = $1
		sub("/[^/]*$", "/", folder)
		if (index($0, "#include \"" folder) == 0)
			print $0 ": neither lib nor its own folder"
	}' | check 'floors: programs include lib and themselves'
