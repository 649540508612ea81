#ifndef BASE_CONF_VALUE_H
#define BASE_CONF_VALUE_H

#include "lib/base/conf.h"

/*
 * For conf.c alone: what kinds of values there are, and how each is read
 * into its place of the configuration.
 */
#define CONF_TEXT sizeof(((struct conf *)0)->path)

enum conf_kind {
	CONF_PATH,	/* relative to the folder of the file */
	CONF_URL,	/* http or https, no / at its end */
	CONF_FLAG,	/* yes or no */
	CONF_NUMBER,	/* whole, from 1 to a million */
	CONF_PORTS,	/* numbers, spaces between */
	CONF_WORDS,	/* as it is */
};

struct conf_setting {
	const char	*name;
	enum conf_kind	 kind;
	size_t		 at;		/* in struct conf */
	const char	*preset;
	const char	*about;
};

/* Where we are in which file, and where to say what is wrong with it. */
struct conf_reader {
	struct conf	*conf;
	const char	*path;
	int		 line;		/* 0: the file itself */
	char		*why;
	size_t		 size;
};

/* Write a sentence into `why`; false, for the caller to return. */
bool	conf_wrong(struct conf_reader *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

/* `path` as seen from the folder that `beside` lies in; false: too long. */
bool	conf_resolve(char out[CONF_TEXT], const char *path,
	    const char *beside);

/* False, and why, if it is no such value. */
bool	conf_set(struct conf_reader *, const struct conf_setting *,
	    const char *value);

#endif
