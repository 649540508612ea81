# make            build everything into build/release
# make demo       a site of your own on 127.0.0.1:8080, with a first reward
# make check      every test, in one line at the end: N passed, N failed
# make soak       the random and killing tests, for longer
# make bench      speed, as ratios taken in one run
# make dist       the release: one archive, for hosts without a compiler
# make install    copy what a host needs into DESTDIR$(PREFIX)
#
# PORT=8080 is where the demo listens.  B is the folder that is built into:
# another B with other CFLAGS is another build beside the first.

.PHONY: all demo check soak bench bench-quick install clean deps asan tsan \
	unit dist static
.DELETE_ON_ERROR:
.SECONDARY:

PREFIX = /srv/almoner
PORT  ?= 8080
B      = build/release
CC     = cc
CFLAGS = -O2 -g
STD    = -std=c11 -D_POSIX_C_SOURCE=200809L -I.
WARN   = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	 -Wmissing-prototypes -Wno-missing-field-initializers -Werror
# Loading libcurl takes milliseconds: only programs that send name it.
LIBS   = -Wl,--as-needed -lfcgi -ljson-c -lsqlite3 -lcrypto -lcurl -lpthread
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
ASAN   = B=build/asan \
	 CFLAGS="-O1 -g -fno-omit-frame-pointer $(SANITIZE)"
TSAN   = B=build/tsan \
	 CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=thread"

ROOMS = base crypto db http json net ledger hooks giving api
SRC   = $(foreach room,$(ROOMS),$(sort $(wildcard lib/$(room)/*.c \
	lib/$(room)/*/*.c)))
OBJ   = $(SRC:%.c=$B/%.o)
CGI   = $(patsubst %.c,$B/%.fcgi,$(sort $(wildcard cgi-bin/*.c)))
GROUP = $(patsubst cgi-bin/%.c,%,$(sort $(wildcard cgi-bin/*.c)))
ONE   = $B/cgi-bin/almoner.fcgi
CRON  = $B/bin/deliver $B/bin/housekeep
CMD   = $(patsubst %.c,$B/%.o,bin/almoner.c \
	$(sort $(wildcard bin/command/*.c)))
UNIT  = $(patsubst %.c,$B/%,$(sort $(wildcard tests/unit/test_*.c)))

all: $(CGI) $(ONE) $B/bin/almoner $(CRON) htdocs/docs/openapi.json \
	htdocs/donate.js htdocs/donate.classic.js

$B/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) -MMD -MP -c -o $@ $<

$B/libalmoner.a: $(OBJ) $B/schema.o
	rm -f $@
	ar rc $@ $(OBJ) $B/schema.o

$B/cgi-bin/%.fcgi: $B/cgi-bin/%.o $B/libalmoner.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $B/libalmoner.a $(LIBS)

# All groups in one program, of the same objects: see lib/api/groups.h.
$B/groups/%.o: $B/cgi-bin/%.o
	@mkdir -p $(@D)
	objcopy --redefine-sym main=$(subst -,_,$*)_main \
	    --redefine-sym api_main=groups_take $< $@

# cgi-bin is newer when a file has come or gone.
$B/groups.c: Makefile cgi-bin
	@mkdir -p $(@D)
	(echo '#include "lib/api/groups.h"'; \
	 printf 'int\t%s_main(int, char **);\n' $(subst -,_,$(GROUP)); \
	 printf 'static int\t(*const groups[])(int, char **) = {\n'; \
	 printf '\t%s_main,\n' $(subst -,_,$(GROUP)); \
	 printf '\tNULL\n};\n\nint\nmain(int argc, char **argv)\n{\n'; \
	 printf '\treturn groups_main(argc, argv, groups);\n}\n') >$@

$B/groups.o: $B/groups.c
	$(CC) $(STD) $(WARN) $(CFLAGS) -c -o $@ $<

$(ONE): $B/groups.o $(GROUP:%=$B/groups/%.o) $B/libalmoner.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$B/bin/almoner: $(CMD) $B/libalmoner.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(CMD) $B/libalmoner.a $(LIBS)

$(CRON): %: %.o $B/libalmoner.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $B/libalmoner.a $(LIBS)

# The API in the words of its clients' tools, from the programs themselves.
$B/openapi.json: $(CGI) etc/openapi.sh etc/openapi.json \
    $(wildcard doc/examples/*.json)
	sh etc/openapi.sh $(CGI) >$@

htdocs/docs/openapi.json: $B/openapi.json
	@cmp -s $< $@ || { mkdir -p $(@D) && cp $< $@; }

# The widget, as pages load it.
htdocs/donate.js: etc/donate.sh $(wildcard htdocs/donate/*.js)
	sh etc/donate.sh >$@

htdocs/donate.classic.js: etc/donate.sh $(wildcard htdocs/donate/*.js)
	sh etc/donate.sh classic >$@

# What makes a database carries the schema with it.
$B/schema.c: schema.sql
	@mkdir -p $(@D)
	(echo '#include "lib/giving/site/schema.h"'; \
	 echo 'const char schema_sql[] ='; \
	 sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $<; \
	 echo ';') >$@

$B/schema.o: $B/schema.c
	$(CC) $(STD) $(WARN) -Wno-overlength-strings $(CFLAGS) -c -o $@ $<

$B/tests/unit/%: $B/tests/unit/%.o $B/libalmoner.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $B/libalmoner.a -lcmocka $(LIBS)

# The test's client of lib/net: see tests/net.
$B/tests/net/call: $B/tests/net/call.o $B/libalmoner.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $B/libalmoner.a $(LIBS)

unit: $(UNIT) $B/tests/net/call

# The build that the tests run: it stops at the first wrong byte.
asan:
	$(MAKE) $(ASAN) all unit

# For tests/fault/threads.test.mjs: it tells of threads that meet.
tsan:
	$(MAKE) $(TSAN) all

deps:
	sh etc/deps.sh

demo: deps
	$(MAKE) all
	PORT=$(PORT) sh etc/demo.sh

check:
	sh tests/check.sh

soak:
	sh tests/soak.sh

install: all
	mkdir -p $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/cgi-bin \
	    $(DESTDIR)$(PREFIX)/htdocs $(DESTDIR)$(PREFIX)/log \
	    $(DESTDIR)$(PREFIX)/run $(DESTDIR)$(PREFIX)/etc
	cp $B/bin/almoner $(CRON) $(DESTDIR)$(PREFIX)/bin
	cp $(CGI) $(ONE) $(DESTDIR)$(PREFIX)/cgi-bin
	cp -R htdocs $(DESTDIR)$(PREFIX)
	cp -R etc/apache etc/lighttpd etc/nginx etc/systemd \
	    $(DESTDIR)$(PREFIX)/etc
	sed 's|/srv/almoner|$(PREFIX)|' etc/crontab \
	    >$(DESTDIR)$(PREFIX)/etc/crontab

# What hosts need that cannot compile.  dist.sh calls for `static` with its
# own flags and libraries.
dist:
	sh etc/deps.sh dist
	MAKE="$(MAKE)" CC="$(CC)" sh etc/dist/dist.sh build/dist

static: $(ONE) $B/bin/almoner $(CRON) $B/tests/net/call htdocs/donate.js \
	htdocs/donate.classic.js

clean:
	rm -rf build

-include $(wildcard $B/lib/*/*.d $B/lib/*/*/*.d $B/cgi-bin/*.d $B/bin/*.d \
	$B/bin/*/*.d $B/tests/unit/*.d $B/tests/net/*.d)

# Minutes, on a machine that should have nothing else to do.
bench: all
	CC="$(CC)" STD="$(STD)" WARN="$(WARN)" CFLAGS="$(CFLAGS)" \
	    node tests/bench/bench.mjs --build $B

bench-quick: all
	CC="$(CC)" STD="$(STD)" WARN="$(WARN)" CFLAGS="$(CFLAGS)" \
	    node tests/bench/bench.mjs --build $B --quick
