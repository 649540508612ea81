#ifndef HTTP_ENV_H
#define HTTP_ENV_H

struct request;

/* The value of a variable of `env`, or NULL. */
const char	*env_value(char *const *env, const char *name);

/* Fill in all but the body of a request whose `env` and `arena` are set. */
void		 env_read(struct request *);

#endif
