/*
 * What a request says of itself in the CGI environment (RFC 3875).
 *
 * Of the target only REQUEST_URI is used.  No standard has it, but all
 * servers do, and it is the target as the client sent and signed it;
 * PATH_INFO is decoded and cleaned up, SCRIPT_NAME depends on the server's
 * configuration, and lighttpd rewrites QUERY_STRING.  Where the API begins
 * in it is told by its first /v1/, whatever folder it was put into.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/http/env.h"
#include "lib/http/http.h"

static void		 read_target(struct request *, const char *uri);
static const char	*skip_origin(const char *);

const char *
env_value(char *const *env, const char *name)
{
	size_t size = strlen(name);

	for (; *env != NULL; env++)
		if ((*env)[0] == name[0] &&
		    strncmp(*env, name, size) == 0 && (*env)[size] == '=')
			return *env + size + 1;
	return NULL;
}

static const char *
text(const struct request *r, const char *name)
{
	const char *value = env_value(r->env, name);

	return value == NULL ? "" : value;
}

void
env_read(struct request *r)
{
	const char *uri = env_value(r->env, "REQUEST_URI");
	const char *https = env_value(r->env, "HTTPS");

	r->secure = https != NULL && strcmp(https, "on") == 0;
	r->method = text(r, "REQUEST_METHOD");
	r->address = text(r, "REMOTE_ADDR");
	r->content_type = text(r, "CONTENT_TYPE");
	r->prefix = "";
	r->target = r->path = r->query = NULL;
	if (uri != NULL)
		read_target(r, skip_origin(uri));
}

/* A target without the API in it, or a very long one, is as none. */
static void
read_target(struct request *r, const char *uri)
{
	const char *api = strstr(uri, "/v1/"), *mark = strchr(uri, '?');

	if (api == NULL || (mark != NULL && mark < api) ||
	    strlen(uri) > LIMIT_TARGET)
		return;
	r->prefix = arena_copy(r->arena, uri, (size_t)(api - uri));
	r->target = api;
	if (mark == NULL) {
		r->path = r->target;
		return;
	}
	r->path = arena_copy(r->arena, api, (size_t)(mark - api));
	r->query = r->target + (mark - api) + 1;
}

/* A client may send "http://host/v1/…" as the target (RFC 9112, 3.2.2). */
static const char *
skip_origin(const char *uri)
{
	const char *authority;

	if (uri[0] == '/' || (authority = strstr(uri, "://")) == NULL)
		return uri;
	authority += 3;
	return authority + strcspn(authority, "/?");
}
