#!/bin/sh
# Can the rules fail?  Each is run on a small tree that keeps all of them, and
# on trees that break one thing each; there, some line must say so.

. "$(dirname "$0")/tap.sh"

# shellcheck disable=SC2016 # what is quoted is run in the tree

here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset B

# tree: one that is in order, with three rooms and three statements.
tree() {
	rm -rf "$tmp/tree"
	mkdir -p "$tmp/tree/lib/base" "$tmp/tree/lib/db" "$tmp/tree/lib/ledger"
	cd "$tmp/tree" || exit 1
	cat >schema.sql <<-'END'
	-- Things.
	CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT) STRICT;
	END
	cat >lib/base/word.h <<-'END'
	/* A word. */
	int word_length(const char *);
	END
	cat >lib/base/word.c <<-'END'
	/* How long a word is; sqlite3_ and EVP_ may be spoken of. */
	#include "lib/base/word.h"

	int
	word_length(const char *word)
	{
		return word[0] != '\0';
	}
	END
	cat >lib/db/db.h <<-'END'
	/* The marks. */
	#define SQL(text) text
	END
	cat >lib/ledger/thing.h <<-'END'
	/* Things. */
	extern const char *const thing_sql[];
	END
	cat >lib/ledger/thing.c <<-'END'
	/* Statements about things. */
	#include "lib/base/word.h"
	#include "lib/db/db.h"
	#include "lib/ledger/thing.h"

	#define NAMED "name = 'a \"quoted\" word'"

	const char *const thing_sql[] = {
		SQL("SELECT name FROM things"
		    " WHERE id = ? AND " NAMED),
		/* scans: there are few. */
		SQL("SELECT name FROM things"),
		SQL("SELECT id FROM things ORDER BY id DESC LIMIT 1"),
		/* sorts: there are few. */
		SQL("SELECT id FROM things WHERE id > ? ORDER BY name"),
		SQL("SELECT count(*) FROM (SELECT 1 FROM things"
		    " WHERE id > ? LIMIT 9)"),
	};
	END
}

objects() {
	for file in lib/*/*.c; do
		mkdir -p "build/release/${file%/*}"
		cc -I. -c -o "build/release/${file%.c}.o" "$file"
	done
}

# good RULE [COMMANDS]: it has nothing to say about the tree.
good() {
	(tree; eval "${2-}"; objects; sh "$here/$1.sh") >"$tmp/out" 2>&1
	{
		grep -q '^ok' "$tmp/out" || echo 'no line says ok'
		grep -v '^ok' "$tmp/out"
	} | check "selftest: $1 passes what is right"
}

# bad RULE WHAT COMMANDS: after the commands it names WHAT as not ok.
bad() {
	(tree; eval "$3"; objects 2>/dev/null; sh "$here/$1.sh") \
	    >"$tmp/out" 2>&1
	if ! grep '^not ok' "$tmp/out" | grep -qF "$2"; then
		echo "expected 'not ok … $2'"
		sed 's/^/said: /' "$tmp/out"
	fi | check "selftest: $1 finds: $4"
}

repeat() {
	awk -v n="$1" -v line="$2" 'BEGIN { while (n-- > 0) print line }'
}

good floors
bad floors lib/base 'echo "#include \"lib/ledger/thing.h\"" \
    >>lib/base/word.c' 'an upper floor'
bad floors lib/db 'mkdir lib/json; echo "#include \"lib/json/x.h\"" \
    >>lib/db/db.h' 'a neighbour'
bad floors lib/ledger 'mkdir -p lib/giving/site
    echo "#include \"lib/giving/site/x.h\"" >>lib/ledger/thing.c' \
    'an upper floor inside a room'
bad floors lib/base 'echo "#include \"word.h\"" >>lib/base/word.c' \
    'a name not from the root'
bad floors 'every room' 'mkdir lib/attic; : >lib/attic/x.h' \
    'a room on no floor'
bad floors programs 'mkdir bin; echo "#include \"tests/x.h\"" >bin/x.c' \
    'a program that includes a test'

good one-library
bad one-library lib/db 'echo "int x = sqlite3_open;" >>lib/base/word.c' SQLite
bad one-library lib/crypto 'echo "#include <openssl/evp.h>" \
    >>lib/base/word.c' OpenSSL
bad one-library lib/crypto 'echo "x = (HMAC(a));" >>lib/base/word.c' HMAC
bad one-library lib/http 'echo "FCGX_Init();" >>lib/ledger/thing.c' libfcgi
bad one-library lib/json 'echo "json_tokener_new(); /* x */" \
    >>lib/ledger/thing.c' json-c
bad one-library lib/net 'echo "/* x */ curl_easy_init();" \
    >>lib/ledger/thing.c' libcurl

good sql
bad sql 'statements compile' 'sed -i s/id\ =/ident\ =/ lib/ledger/thing.c' \
    'a column that is not there'
bad sql 'statements compile' 'sed -i /WHERE/s/NAMED/word/ lib/ledger/thing.c' \
    'a statement that is no literal'
bad sql 'statements compile' 'sed -i "s/LIMIT 1/LIMIT 1; DELETE FROM things/" \
    lib/ledger/thing.c' 'two statements in one'
bad sql 'use an index' 'sed -i /scans:/d lib/ledger/thing.c' 'a scan'
bad sql 'use an index' 'sed -i "s/id = ?/name = ?/" lib/ledger/thing.c' \
    'a scan before an excused one'
bad sql 'no sorting' 'sed -i /sorts:/d lib/ledger/thing.c' 'a sort'
bad sql 'no sorting' 'sed -i "s/id = ?/id > ? ORDER BY name/" \
    lib/ledger/thing.c' 'a sort before an excused one'
bad sql 'marks its' 'echo "const char *x = \"DELETE FROM things\";" \
    >>lib/ledger/thing.c' 'a statement without its mark'
bad sql schema 'echo "CREATE TABEL x;" >>schema.sql' 'a wrong schema'
bad sql 'defines SQL' ': >lib/db/db.h' 'a db.h without SQL()'

good style 'echo "/* $(repeat 70 … | tr -d "\n") */" >>lib/base/word.h'
bad style columns 'echo "/* $(repeat 78 x | tr -d "\n") */" \
    >>lib/base/word.c' 'a long line'
bad style columns 'printf "%s\n" "/* $(repeat 70 … | tr -d "\n")	xx */" \
    >>lib/base/word.c' 'a line made long by a tab'
bad style blanks 'echo "int x; " >>lib/base/word.h' 'blanks at the end'
bad style later 'echo "/* TODO */" >>lib/base/word.h' 'a TODO'
bad style 'at most 400' 'repeat 400 "/* x */" >>lib/base/word.c' 'a long file'
bad style functions '{ echo "void f(void)"; echo "{"; repeat 60 "	f();"; \
    echo "}"; } >>lib/base/word.c' 'a long function'
bad style paragraph 'sed -i 1d lib/base/word.c' 'a C file without its head'
bad style paragraph 'echo "int x;" >lib/base/bare.h' 'a header without one'
bad style paragraph 'echo "// @ts-check" >x.mjs; echo "x()" >>x.mjs' \
    'a module without one'
bad style exports 'echo "int length;" >>lib/base/word.c' 'a foreign export'

make='printf "all unit:\n\t%s\n" "$command" >Makefile'
command='$(CC) -I. -Wmissing-prototypes -Wunused -Werror'
command="$command -MMD -MP -c -o x lib/base/word.c"
good compilers "$make"
bad compilers gcc "$make"'; echo "int x(void) { return 0; }" \
    >>lib/base/word.c' 'a warning of gcc'
bad compilers clang "$make"'; echo "static int x;" >>lib/base/word.c' \
    'a warning of clang'
bad compilers gcc 'echo "all: nothing" >Makefile' 'a Makefile that fails'

# Two programs that say of themselves what the words after the first are.
# shellcheck disable=SC2016
routes='mkdir -p build/release/cgi-bin etc doc/examples htdocs/docs
	cp "$here/../../etc/openapi.sh" "$here/../../etc/openapi.json" etc
	program() {
		printf "#!/bin/sh\nprintf \"%s\"\n" "$2" \
		    >build/release/cgi-bin/$1.fcgi
		chmod +x build/release/cgi-bin/$1.fcgi
	}
	codes="{\\\"enum\\\":[\\\"ODD\\\"]}"
	problem="schemas\\tProblem\\t{\\\"code\\\":$codes}"
	things="paths\\t/v1/partner/things/{id}\\t\\\"get\\\":{}"
	program things "$problem\\n$things\\n"
	program others "$problem\\npaths\\t/v1/others\\t\\\"post\\\":{}\\n"
	echo "ODD, IDEMPOTENT
	## GET /things/:id (read)
	### POST /v1/others" | tr -d "\t" >doc/api.md
	fresh() {
		sh etc/openapi.sh build/release/cgi-bin/*.fcgi \
		    >htdocs/docs/openapi.json
	}
	fresh'
good routes "$routes"
bad routes 'is in doc/api.md' "$routes"'; sed -i "/things/d" doc/api.md' \
    'a route that is not in the manual'
bad routes 'has no other' "$routes"'; echo "## PUT /things" >>doc/api.md' \
    'a route that is only there'
bad routes 'each once' "$routes"'; echo "## GET /things/:id" >>doc/api.md' \
    'a route that is there twice'
bad routes 'every code' "$routes"'; sed -i s/ODD/EVEN/ doc/api.md' \
    'a code that is not in the manual'
bad routes 'what the programs say' "$routes"'; \
    echo >>htdocs/docs/openapi.json' 'a document that was not made anew'
bad routes 'names its own' "$routes"'; program third "\\n"; \
    echo exit 1 >>build/release/cgi-bin/third.fcgi' 'a program that cannot'
bad routes 'what the programs say' "$routes"'; \
    program third "schemas\\tProblem\\t{}\\n"' 'a name used twice'
