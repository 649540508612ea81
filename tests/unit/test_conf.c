/*
 * The configuration: what it means, how each mistake is named, and where it
 * is found.  For the last the program copies itself into a folder of its own
 * and asks the copy, since the answer hangs on where a program lies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/conf.h"

static char	folder[] = "/tmp/almoner-conf-XXXXXX";
static char	file[100];
static char	why[512];

/* A path in the folder of this test. */
static const char *
in_folder(const char *name)
{
	static char path[200];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);

	return path;
}

static void
write_file(const char *name, const char *text, size_t size)
{
	FILE *to = fopen(in_folder(name), "w");

	assert_non_null(to);
	assert_int_equal(fwrite(text, 1, size, to), size);
	assert_int_equal(fclose(to), 0);
}

static bool
read_text(struct conf *conf, const char *text)
{
	write_file("almoner.conf", text, strlen(text));

	return conf_read(conf, file, why, sizeof(why));
}

static void
has_defaults(void **state)
{
	struct conf conf;

	(void)state;
	assert_true(read_text(&conf, ""));
	assert_string_equal(conf.path, file);
	assert_string_equal(conf.database, in_folder("data/ledger.db"));
	assert_string_equal(conf.master_key, in_folder("master.key"));
	assert_string_equal(conf.log, "");
	assert_string_equal(conf.base_url, "");
	assert_string_equal(conf.assets_url, "");
	assert_false(conf.test_site);
	assert_false(conf.sync_full);
}

static void
reads_every_setting(void **state)
{
	struct conf conf;

	(void)state;
	assert_true(read_text(&conf, "\xef\xbb\xbf# our site\r\n"
	    "\n"
	    "  database=books/a b.db  # on the local disk\r\n"
	    "master_key\t=\t/etc/almoner/master.key\n"
	    "log = log/almoner.log\n"
	    "base_url = https://give.example.org/app#top///\n"
	    "test_site = yes\n"
	    "\t\n"
	    "sync_full=yes"));
	assert_string_equal(conf.database, in_folder("books/a b.db"));
	assert_string_equal(conf.master_key, "/etc/almoner/master.key");
	assert_string_equal(conf.log, in_folder("log/almoner.log"));
	assert_string_equal(conf.base_url,
	    "https://give.example.org/app#top");
	assert_true(conf.test_site);
	assert_true(conf.sync_full);

	assert_true(read_text(&conf, "test_site = no\nlog =\n"));
	assert_false(conf.test_site);
	assert_string_equal(conf.log, "");
	assert_true(read_text(&conf, "base_url = http://127.0.0.1:8080/\n"));
	assert_string_equal(conf.base_url, "http://127.0.0.1:8080");
}

static void
names_the_line_of_a_mistake(void **state)
{
	static const struct {
		const char	*text, *says;
	} cases[] = {
		{ "databse = x\n", ":1: there is no setting \"databse\"" },
		{ "\n# x\ntest_site = true\n",
		    ":3: test_site is \"true\" but must be yes or no" },
		{ "test_site =\n", ":1: test_site is \"\" but must be" },
		{ "sync_full = Yes", ":1: sync_full is \"Yes\"" },
		{ "log = a\nlog = b\n", ":2: log is said twice" },
		{ "log\n", ":1: \"log\" is not of the form name = value" },
		{ "= x\n", ":1: there is no setting \"\"" },
		{ "Database = x\n", ":1: there is no setting \"Database\"" },
		{ "path = x\n", ":1: there is no setting \"path\"" },
		{ "base_url = give.example.org\n",
		    ":1: base_url must begin with https:// or http://" },
		{ "base_url = ftp://x\n", ":1: base_url must begin" },
		{ "assets_url = /give\n", ":1: assets_url must begin" },
		{ "assets_url = https://x; img-src *\n",
		    ":1: assets_url has a character" },
		{ "assets_url = https://x\"><p\n",
		    ":1: assets_url has a character" },
	};
	struct conf	conf;
	size_t		i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_false(read_text(&conf, cases[i].text));
		assert_memory_equal(why, file, strlen(file));
		if (strncmp(why + strlen(file), cases[i].says,
		    strlen(cases[i].says)) != 0)
			fail_msg("case %zu says: %s", i, why);
	}
}

static void
refuses_what_does_not_fit(void **state)
{
	struct conf	conf;
	char		text[3000] = "database = /";
	size_t		start = strlen(text);

	(void)state;
	memset(text + start, 'x', sizeof(text) - start);
	text[start + 1022] = '\0';
	assert_true(read_text(&conf, text));
	assert_int_equal(strlen(conf.database), 1023);
	text[start + 1022] = 'x';
	text[start + 1023] = '\0';
	assert_false(read_text(&conf, text));
	assert_non_null(strstr(why, ":1: database is longer than 1023"));

	text[start + 1023] = 'x';
	text[sizeof(text) - 1] = '\0';
	assert_false(read_text(&conf, text));
	assert_non_null(strstr(why, ":1: this line is too long"));

	write_file("almoner.conf", "log = a\0b\n", 10);
	assert_false(conf_read(&conf, file, why, sizeof(why)));

	/* A short `why` is cut off, never overrun. */
	memset(why, '#', sizeof(why));
	assert_false(conf_read(&conf, "/nowhere", why, 5));
	assert_string_equal(why, "/now");
	assert_int_equal(why[5], '#');
}

static void
needs_a_file(void **state)
{
	struct conf conf;

	(void)state;
	assert_false(conf_read(&conf, "/nowhere/x.conf", why, sizeof(why)));
	assert_string_equal(why,
	    "/nowhere/x.conf: cannot be opened: No such file or directory");
	assert_false(conf_read(&conf, "/tmp", why, sizeof(why)));
	assert_non_null(strstr(why, "/tmp: "));
}

static void
knows_its_place_from_a_relative_path(void **state)
{
	struct conf	conf;
	char		before[500];

	(void)state;
	assert_true(read_text(&conf, ""));
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(folder), 0);
	assert_true(conf_read(&conf, "almoner.conf", why, sizeof(why)));
	assert_int_equal(chdir(before), 0);
	assert_string_equal(conf.path, file);
	assert_string_equal(conf.database, in_folder("data/ledger.db"));
}

/* What the copy in the folder's bin/ finds, or why it finds nothing. */
static const char *
asked(const char *environment)
{
	static char	 answer[600];
	char		 command[300];
	FILE		*from;
	size_t		 size;

	(void)snprintf(command, sizeof(command), "%s %s/bin/copy --where",
	    environment, folder);
	from = popen(command, "r");
	assert_non_null(from);
	size = fread(answer, 1, sizeof(answer) - 1, from);
	answer[size] = '\0';
	assert_int_equal(pclose(from), 0);

	return answer;
}

static void
is_found(void **state)
{
	char environment[300];

	(void)state;
	(void)unlink(file);
	assert_non_null(strstr(asked(""), "almoner.conf: cannot be opened"));
	write_file("almoner.conf", "", 0);
	assert_string_equal(asked(""), file);

	write_file("elsewhere.conf", "", 0);
	write_file("almoner.path", "elsewhere.conf\n", 15);
	assert_string_equal(asked(""), in_folder("elsewhere.conf"));
	write_file("almoner.path", "/nowhere/x\n", 11);
	assert_non_null(strstr(asked(""), "/nowhere/x: cannot be opened"));
	write_file("almoner.path", "\n", 1);
	assert_non_null(strstr(asked(""), "almoner.path: must hold one line"));

	(void)snprintf(environment, sizeof(environment),
	    "ALMONER_CONF=%s/elsewhere.conf", folder);
	assert_string_equal(asked(environment), in_folder("elsewhere.conf"));
	assert_int_equal(unlink(in_folder("almoner.path")), 0);
	assert_string_equal(asked("ALMONER_CONF="), file);
	/* What a client can say is never heard. */
	(void)snprintf(environment, sizeof(environment),
	    "HTTP_ALMONER_CONF=%s/elsewhere.conf", folder);
	assert_string_equal(asked(environment), file);
}

static int
start(void **state)
{
	static char	 bytes[1 << 16];
	FILE		*from, *to;
	size_t		 size;

	(void)state;
	if (mkdtemp(folder) == NULL || mkdir(in_folder("bin"), 0700) == -1)
		return -1;
	(void)snprintf(file, sizeof(file), "%s/almoner.conf", folder);
	from = fopen("/proc/self/exe", "r");
	to = fopen(in_folder("bin/copy"), "w");
	if (from == NULL || to == NULL)
		return -1;
	while ((size = fread(bytes, 1, sizeof(bytes), from)) > 0)
		if (fwrite(bytes, 1, size, to) != size)
			return -1;
	(void)fclose(from);

	return fclose(to) == 0 && chmod(in_folder("bin/copy"), 0700) == 0 ?
	    0 : -1;
}

static int
finish(void **state)
{
	(void)state;
	(void)unlink(in_folder("bin/copy"));
	(void)rmdir(in_folder("bin"));
	(void)unlink(in_folder("elsewhere.conf"));
	(void)unlink(file);

	return rmdir(folder);
}

static int
say_where(void)
{
	struct conf conf;

	fputs(conf_load(&conf, why, sizeof(why)) ? conf.path : why, stdout);

	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_defaults),
		cmocka_unit_test(reads_every_setting),
		cmocka_unit_test(names_the_line_of_a_mistake),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(needs_a_file),
		cmocka_unit_test(knows_its_place_from_a_relative_path),
		cmocka_unit_test(is_found),
	};

	if (argc == 2 && strcmp(argv[1], "--where") == 0)
		return say_where();

	return cmocka_run_group_tests(tests, start, finish);
}
