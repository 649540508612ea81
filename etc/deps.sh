#!/bin/sh
# Install what is missing to build Almoner and run its demo; with `dist`, also
# what makes a release, and with `check`, also what its tests use.  Debian and
# Ubuntu, by apt-get, through sudo unless we are root; and into
# tests/node_modules what npm alone has.  Says what it installs; if nothing is
# missing it says nothing and needs no network.
#
#	etc/deps.sh [dist | check]
#
# Web servers that come with it are neither started nor enabled: the demo and
# the tests start their own.

set -eu

# Package and program that shows that it is there; - where dpkg knows.
build='
gcc		gcc
binutils	objcopy
make		make
pkg-config	pkg-config
libc6-dev	-
libfcgi-dev	-
libjson-c-dev	-
libsqlite3-dev	-
libssl-dev	-
libcurl4-openssl-dev	-
sqlite3		sqlite3
openssl		openssl
lighttpd	lighttpd
curl		curl
'
dist='
dpkg-dev	dpkg-source
patch		patch
'
check='
strace		strace
libcmocka-dev	-
clang		clang
apache2-bin	apache2
libapache2-mod-fcgid	-
apache2-suexec-custom	-
nginx		nginx
spawn-fcgi	spawn-fcgi
cron		crontab
bindfs		bindfs
sshfs		sshfs
openssh-sftp-server	-
hledger		hledger
nodejs		node
python3		python3
php-cli		php
npm		npm
chromium	chromium
'

PATH=$PATH:/usr/sbin:/sbin	# where the web servers are

installed() {
	case $(dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null) in
	*'install ok installed'*)	return 0 ;;
	esac
	return 1
}

# The packages of the list on standard input that are not there, on one line.
missing() {
	while read -r package program; do
		case $program in
		'')	continue ;;
		-)	installed "$package" && continue ;;
		*)	command -v "$program" >/dev/null && continue ;;
		esac
		printf ' %s' "$package"
	done
}

case ${1-} in
'')	list=$build ;;
dist)	list="$build$dist" ;;
check)	list="$build$dist$check" ;;
*)	echo 'usage: etc/deps.sh [dist | check]' >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
	# Another system: only programs can be looked for.
	packages=
	lacking=$(echo "$list" | grep -v -- '-$' | missing)
	if [ -n "$lacking" ]; then
		echo "This is no Debian; please install its:$lacking" >&2
		exit 1
	fi
else
	packages=$(echo "$list" | missing)
fi

if [ -n "$packages" ]; then
	echo "Installing:$packages"
	if [ "$(id -u)" -eq 0 ]; then
		sudo=
	elif command -v sudo >/dev/null; then
		sudo=sudo
	else
		echo "Please run as root: apt-get install$packages" >&2
		exit 1
	fi

	# policy-rc.d tells the packages not to start their servers; it is how
	# Debian does this in chroots.  One that is there already stays.
	# shellcheck disable=SC2086,SC2016 # a list; and $ is for the inner sh
	$sudo sh -s -- $packages <<-'END'
	set -eu
	export DEBIAN_FRONTEND=noninteractive
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		trap 'rm -f $policy' EXIT
		trap 'exit 1' HUP INT TERM
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
	fi
	apt='apt-get -qq -o DPkg::Lock::Timeout=300'
	log=$(mktemp)
	$apt update >"$log" 2>&1 </dev/null || cat "$log" >&2
	if ! $apt install -y --no-install-recommends "$@" \
	    >"$log" 2>&1 </dev/null; then
		cat "$log" >&2
		rm -f "$log"
		exit 1
	fi
	rm -f "$log"
	for server in lighttpd nginx; do
		case " $* " in
		*" $server"*)
			systemctl disable --quiet $server 2>/dev/null ||
			    true ;;
		esac
	done
	END
fi

# Debian 11 and Ubuntu 22.04 have a node that is too old for the tests.
if [ "${1-}" = check ]; then
	version=$(node --version)
	major=${version#v}
	if [ "${major%%.*}" -lt 18 ]; then
		echo "The tests need Node.js 18 or newer; this is $version." >&2
		exit 1
	fi
fi

# What the tests of the OpenAPI document use, as tests/package-lock.json has
# it.  Two runs may come here at once; the second finds the work done.
there() {
	cmp -s tests/package-lock.json tests/node_modules/.installed
}

modules() {
	exec 9>build/modules.lock
	flock 9
	there && return
	echo 'Installing: tests/node_modules'
	npm ci --prefix tests --ignore-scripts --prefer-offline --no-audit \
	    --no-fund --no-update-notifier --loglevel=error >/dev/null
	cp tests/package-lock.json tests/node_modules/.installed
	exec 9>&-
}

if [ "${1-}" = check ]; then
	cd "$(dirname "$0")/.."
	mkdir -p build
	there || modules
fi
