#!/bin/sh
# Every test, for `make check`: what is missing is installed, all builds are
# made, then units, rules, and the net, API, browser, host, fault and fuzz
# tests run on the build with sanitizers.  All parts speak TAP; failures are
# printed in full, and the last line is `N passed, N failed`.
#
#	tests/check.sh [unit] [rules] [net] [api] [hooks] [openapi] [browser]
#	    [host] [fault] [fuzz]
#
# With names, only these parts are run, after the builds.
#
# A test skips with "# SKIP why": it is counted neither way, and named.
# Two runs in one tree do not meet: builds wait for each other, and each run
# tests its own links to what it built.

set -u

# A database's semaphore outlives it, and a system has room for some thousands:
# those of a run are in a namespace of its own, and go with it.
if [ -z "${ALMONER_IPC-}" ] && unshare --ipc true 2>/dev/null; then
	export ALMONER_IPC=own
	exec unshare --ipc sh "$0" "$@"
fi
cd "$(dirname "$0")/.." || exit 1
unset MAKEFLAGS MFLAGS MAKELEVEL	# `make -j check` is no matter of ours

parts=$*
passed=0 failed=0 skipped=0
mkdir -p build
links=$(mktemp -d "$PWD/build/check.XXXXXX")
tmp=$(mktemp -d)
memory=$(mktemp -d /dev/shm/almoner.XXXXXX 2>/dev/null)
trap 'rm -rf "$links" "$tmp" $memory' EXIT
trap 'exit 130' HUP INT TERM

# It has to have room, and to let programs run.
if [ -n "$memory" ]; then
	chmod 1777 "$memory"
	cp /bin/true "$memory/true" && "$memory/true" &&
	    [ "$(df -Pk "$memory" | awk 'NR == 2 { print $4 }')" -gt 4000000 ]
	in_memory=$?
	rm -f "$memory/true"
fi

# The site's user writes reports, and is not us if we are root.
reports=$tmp/reports
mkdir "$reports"
chmod 711 "$tmp"
chmod 1777 "$reports"

export ALMONER_BUILD="$links/asan" ALMONER_REPORTS="$reports"
export ALMONER_DIST="$links/dist"
export ASAN_OPTIONS="log_path=$reports/asan"
export UBSAN_OPTIONS=print_stacktrace=1
export CMOCKA_MESSAGE_OUTPUT=TAP

# Count the TAP in $tmp/out of a part that ended with a status, and print what
# failed with all that it said.
count() {
	if [ "$2" -ne 0 ] && ! grep -q '^not ok' "$tmp/out"; then
		echo "not ok - $1 ended with status $2; it said:"
		sed 's/^/#   /' "$tmp/out" | tail -n 200
	elif ! grep -qE '^(not )?ok' "$tmp/out"; then
		echo "not ok - $1 ran no test"
	fi >"$tmp/more"
	cat "$tmp/more" >>"$tmp/out"

	skip=$(grep -cE '^ok.*# SKIP' "$tmp/out")
	good=$(($(grep -c '^ok' "$tmp/out") - skip))
	bad=$(grep -c '^not ok' "$tmp/out")
	echo "$1: $good passed, $bad failed, $(($(date +%s) - began)) s"
	awk '
		/^ok/ { failed = 0 }
		/^not ok/ { failed = 1 }
		failed || /# SKIP/' "$tmp/out"
	passed=$((passed + good))
	failed=$((failed + bad))
	skipped=$((skipped + skip))
}

part() {
	part_name=$1
	began=$(date +%s)
	shift
	"$@" >"$tmp/out" 2>&1 </dev/null
	count "$part_name" $?
}

finish() {
	[ "$skipped" -eq 0 ] || echo "$skipped skipped"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}

# One ok line, or what went wrong.
step() {
	if "$@" >"$tmp/step" 2>&1; then
		echo "ok - $*"
	else
		echo "not ok - $*"
		sed 's/^/#   /' "$tmp/step"
	fi
}

# Where the distribution's sources are not to be had there is no release to
# be tested; any other reason is a fault.
release() {
	if make -s dist >"$tmp/step" 2>&1; then
		cp -al build/dist "$links/dist"
		echo 'ok - make -s dist'
	elif grep -q 'cannot fetch the source' "$tmp/step"; then
		echo 'ok - make -s dist # SKIP the sources of libcurl are' \
		    'not to be had'
	else
		echo 'not ok - make -s dist'
		sed 's/^/#   /' "$tmp/step"
	fi
}

builds() {
	step make -s -j2 all
	step make -s -j2 asan
	step make -s -j2 tsan
	wanted host && release
	cp -al build/release "$links/release" &&
	    cp -al build/asan "$links/asan" &&
	    cp -al build/tsan "$links/tsan"
}

locked() {
	exec 9>build/lock
	flock 9
	builds
	exec 9>&-
}

# each NAME …: run each of these programs, one a processor, and print what they
# said in order.  One that fails without a "not ok" gets one.
each() {
	rm -rf "$tmp/each"
	mkdir "$tmp/each"
	printf '%s\n' "$@" | xargs -P "$(nproc)" -I '{}' sh -c '
		said=$0/${1##*/}
		timeout 300 "$1" >"$said" 2>&1 || {
			status=$?
			grep -q "^not ok" "$said" ||
			    echo "not ok - ended with status $status" >>"$said"
		}' "$tmp/each" '{}'
}

# cmocka numbers its lines or not, by its version, and says "not ok" of a test
# that skips; the name is what counts.
units() {
	set --
	for unit in "$ALMONER_BUILD"/tests/unit/test_*; do
		[ -x "$unit" ] && [ ! -d "$unit" ] && set -- "$@" "$unit"
	done
	each "$@"
	for said in "$tmp"/each/*; do
		sed -E -e "s/^(not )?ok( [0-9]+)?( -)? # SKIP /ok # SKIP /" \
		    -e "s/^(ok|not ok)( [0-9]+)?( -)? /\\1 - ${said##*/}: /" \
		    "$said"
	done
}

rules() {
	export B="$links/release"
	set --
	for rule in tests/rules/*.sh; do
		[ "$rule" = tests/rules/tap.sh ] || set -- "$@" "$rule"
	done
	each "$@"
	cat "$tmp"/each/*
}

wanted() {
	case " ${parts:-$1} " in
	*" $1 "*)	return 0 ;;
	esac
	return 1
}

# files NAME [--alone]: the tests in tests/NAME, where there are any.  Their
# sites lie in memory where there is enough, for much of what they wait for is
# the disk; those about hosts and faults are on a real one.
files() {
	wanted "$1" || return 0
	case $1 in
	host | fault)	unset TMPDIR ;;
	*)		[ "${in_memory-1}" -ne 0 ] || export TMPDIR="$memory" ;;
	esac
	folder=$1
	shift
	for file in tests/"$folder"/*.test.mjs; do
		[ -e "$file" ] && set -- "$@" "$file"
	done
	case ${*-} in
	*.test.mjs*)	part "$folder" node tests/lib/run.mjs "$@" ;;
	esac
}

sh etc/deps.sh check >"$tmp/step" 2>&1 || {
	cat "$tmp/step"
	failed=1
	finish
}
cat "$tmp/step"

part build locked
[ "$failed" -eq 0 ] || finish
wanted unit && part unit units
wanted rules && part rules rules
files net
files api
files hooks
files openapi --alone
files browser
files host
files fault
files fuzz

# One that is killed while it looks for leaks says so, and has found none.
for report in "$reports"/*; do
	[ -f "$report" ] && grep -qv 'Unable to get registers' "$report" ||
		continue
	echo "not ok - a sanitizer reported:"
	cat "$report"
	failed=$((failed + 1))
done
finish
