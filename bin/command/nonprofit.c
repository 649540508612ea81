/*
 * nonprofit: whom donations can be for: look, and switch on and off.
 */
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/nonprofit_import.h"
#include "lib/giving/donations/nonprofit.h"

static int	list(struct cli *);
static int	show(struct cli *);
static int	activate(struct cli *);
static int	deactivate(struct cli *);

static const struct option import_options[] = {
	{ "file", "FILE.csv", "of the IRS, or with a line of names: slug,"
	    "name,ein,…; - is the standard input", true, true },
	{ 0 }
};

static const struct option list_options[] = {
	{ "search", "WORDS", "beginnings of words of the name, or an EIN",
	    false },
	{ "page", "N", "which page of 100", false },
	{ 0 }
};

static const struct option slug_options[] = {
	{ "slug", "SLUG", "or its EIN", true, true },
	{ 0 }
};

const struct command nonprofit_commands[] = {
	{ "nonprofit import", "Take in a register, or a list of your own",
	    import_options, nonprofit_import },
	{ "nonprofit list", "List or search nonprofits", list_options, list },
	{ "nonprofit show", "Show one nonprofit", slug_options, show },
	{ "nonprofit activate", "Let it take donations", slug_options,
	    activate },
	{ "nonprofit deactivate", "Let it take none", slug_options,
	    deactivate },
	{ 0 }
};

static int
list(struct cli *c)
{
	struct nonprofit_filter	 filter = {
		cli_value(c, "search"), {
		    cli_number(c, "page", (struct cli_range){
			1, LIMIT_PAGES, 1 }), LIMIT_PAGE, NULL } };
	struct nonprofit_list	 found;
	enum err		 e;

	cli_open(c, DB_READ);
	e = nonprofit_search(&c->work, &filter, &found);
	if (e != OK)
		return cli_refuse(c, e);
	print_list(c, &nonprofit_out, &found.rows);

	return cli_close(c);
}

static int
tell(struct cli *c, enum err e)
{
	struct nonprofit	 found;

	if (e == OK)
		e = nonprofit_find(&c->work, cli_value(c, "slug"), &found);
	if (e == ERR_NOT_FOUND)
		c->work.detail = "There is no such nonprofit: almoner"
		    " nonprofit list --search finds them.";
	if (e != OK)
		return cli_refuse(c, e);
	print_one(c, &nonprofit_out, &found);

	return cli_close(c);
}

static int
show(struct cli *c)
{
	cli_open(c, DB_READ);

	return tell(c, OK);
}

static int
activate(struct cli *c)
{
	cli_open(c, DB_WRITE);

	return tell(c, nonprofit_set_status(&c->work, cli_value(c, "slug"),
	    NONPROFIT_ACTIVE));
}

static int
deactivate(struct cli *c)
{
	cli_open(c, DB_WRITE);

	return tell(c, nonprofit_set_status(&c->work, cli_value(c, "slug"),
	    NONPROFIT_INACTIVE));
}
