/*
 * almoner: the operator's command.
 *
 * Every command is a row of a table; its options are rows too, and the help
 * is printed from them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "lib/base/arena.h"

static const struct command *const groups[] = {
	init_commands, doctor_commands, backup_commands, restore_commands,
	migrate_commands, admin_commands, partner_commands, key_commands,
	pool_commands, request_commands,
	rule_commands, ledger_commands, sign_commands,
	explain_commands, nonprofit_commands, appeal_commands, rate_commands,
	donation_commands,
	webhook_commands,
	hook_commands, inbound_commands, programme_commands,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
help_option(const struct option *o)
{
	const char	*value = o->value != NULL ? o->value : "";

	printf(o->need ? " " : " [");
	if (o->bare)
		printf("%s", value);
	else
		printf("--%s%s%s", o->name, *value != '\0' ? " " : "",
		    value);
	printf(o->need ? "" : "]");
}

static void
help_command(const struct command *k)
{
	printf("almoner %s", k->name);
	for (const struct option *o = k->options;
	    o != NULL && o->name != NULL; o++)
		help_option(o);
	printf("\n\n%s.\n", k->about);
	for (const struct option *o = k->options;
	    o != NULL && o->name != NULL; o++)
		if (o->bare)
			printf("  %-16s %s\n", o->value, o->about);
		else
			printf("  --%-14s %s\n", o->name, o->about);
	printf("  --%-14s %s\n", "json", "print JSON, for programs");
}

static void
help(void)
{
	printf("almoner: look after an Almoner site\n\n");
	for (size_t g = 0; g < COUNT(groups); g++)
		for (const struct command *k = groups[g]; k->name != NULL;
		    k++)
			printf("  almoner %-18s %s\n", k->name, k->about);
	printf("\nalmoner COMMAND --help shows its options.  The site is"
	    " found by ALMONER_CONF,\nor by almoner.conf in the folder above"
	    " this program's own.\n\nA new site, and a first partner:\n\n"
	    "  almoner init --dir /srv/giving\n"
	    "  export ALMONER_CONF=/srv/giving/almoner.conf\n"
	    "  almoner partner create --name 'My Shop' --slug my-shop\n"
	    "  almoner pool create --partner my-shop --side test --name Main"
	    "\n  almoner pool allocate --partner my-shop --side test"
	    " --tokens 100000\n"
	    "  almoner key create --partner my-shop --side test\n");
}

/* The command that the first words name; *used is how many they are. */
static const struct command *
find_command(int argc, char **argv, int *used)
{
	char	 name[64];

	for (*used = 2; *used >= 1; (*used)--) {
		if (argc <= *used)
			continue;
		snprintf(name, sizeof(name), *used == 2 ? "%s %s" : "%s",
		    argv[1], *used == 2 ? argv[2] : "");
		for (size_t g = 0; g < COUNT(groups); g++)
			for (const struct command *k = groups[g];
			    k->name != NULL; k++)
				if (strcmp(k->name, name) == 0)
					return k;
	}

	return NULL;
}

static bool
take_option(struct cli *c, const char *name, char **argv, int *i)
{
	const struct option	*o = c->command->options;

	for (size_t k = 0; o != NULL && o[k].name != NULL; k++) {
		if (strcmp(o[k].name, name) != 0)
			continue;
		c->values[k] = "";
		if (o[k].value != NULL) {
			if (argv[*i + 1] == NULL)
				cli_usage(c, "--%s needs %s", name,
				    o[k].value);
			c->values[k] = argv[++*i];
		}
		return true;
	}

	return false;
}

/* A word alone is the first bare option that has none yet. */
static bool
take_bare(struct cli *c, const char *word)
{
	const struct option	*o = c->command->options;

	for (size_t k = 0; o != NULL && o[k].name != NULL; k++)
		if (o[k].bare && c->values[k] == NULL) {
			c->values[k] = word;
			return true;
		}

	return false;
}

static void
read_options(struct cli *c, char **argv, int from)
{
	const struct option	*o = c->command->options;

	for (int i = from; argv[i] != NULL; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			c->json = true;
			continue;
		}
		if (strcmp(argv[i], "--help") == 0) {
			help_command(c->command);
			exit(0);
		}
		if (strncmp(argv[i], "--", 2) != 0 ?
		    !take_bare(c, argv[i]) :
		    !take_option(c, argv[i] + 2, argv, &i))
			cli_usage(c, "%s is not one of its options",
			    argv[i]);
	}
	for (size_t k = 0; o != NULL && o[k].name != NULL; k++)
		if (o[k].need && c->values[k] == NULL)
			cli_usage(c, "%s%s%s%s is missing: %s",
			    o[k].bare ? "" : "--",
			    o[k].bare ? "" : o[k].name,
			    o[k].bare || o[k].value == NULL ? "" : " ",
			    o[k].value != NULL ? o[k].value : "",
			    o[k].about);
}

int
main(int argc, char **argv)
{
	struct cli	 c = { 0 };
	int		 used, status;

	if (argc < 2 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		help();
		return argc < 2 ? 2 : 0;
	}
	c.command = find_command(argc, argv, &used);
	if (c.command == NULL) {
		fprintf(stderr, "almoner: there is no command %s; almoner"
		    " --help lists them all\n", argv[1]);
		return 2;
	}
	c.arena = arena_new();
	faults_init(&c.faults, c.arena);
	c.work.arena = c.arena;
	c.work.faults = &c.faults;
	read_options(&c, argv, used + 1);
	status = c.command->does(&c);
	arena_free(c.arena);

	return status;
}
