/*
 * openapi_answer: what an operation can be answered, status by status, with
 * every code that may come with it.
 *
 * What the steps of the walk refuse stands here as a table beside them; what
 * an endpoint itself refuses stands in its route.
 */
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/openapi.h"
#include "lib/api/problem.h"
#include "lib/base/arena.h"
#include "lib/http/reason.h"

static bool
all(const struct route *r)
{
	(void)r;

	return true;
}

static bool
writes(const struct route *r)
{
	return strcmp(r->method, "GET") != 0;
}

static bool
keeps(const struct route *r)
{
	return writes(r) && !r->keyed && route_by_key(r);
}

static bool
asks(const struct route *r)
{
	return r->calls != NULL && keeps(r);
}

static bool
names(const struct route *r)
{
	return strchr(r->path, '{') != NULL;
}

static bool
is_widget(const struct route *r)
{
	return r->access == ACCESS_WIDGET;
}

static bool
is_signed(const struct route *r)
{
	return r->access == ACCESS_SIGNED || r->access == ACCESS_SECRET;
}

static bool
is_session(const struct route *r)
{
	return r->access == ACCESS_SESSION;
}

static bool
is_person(const struct route *r)
{
	return !route_by_key(r);
}

static bool
asks_who(const struct route *r)
{
	return r->access != ACCESS_OPEN;
}

static bool
is_secret(const struct route *r)
{
	return r->access == ACCESS_SECRET;
}

static bool
is_scoped(const struct route *r)
{
	return r->scope != NULL;
}

/*
 * Which of the routes meet a refusal of the walk.  `word` is in the name of
 * an answer that holds it, so that answers that differ have other names.
 */
static const struct general {
	enum err	 e;
	bool		(*meets)(const struct route *);
	const char	*word;
} general[] = {
	{ ERR_MALFORMED_JSON,		writes,    "Write" },
	{ ERR_INVALID_REQUEST,		all,       "" },
	{ ERR_INCOMPLETE_BODY,		writes,    "Write" },
	{ ERR_NOT_FOUND,		names,     "" },
	{ ERR_METHOD_NOT_ALLOWED,	all,       "" },
	{ ERR_PAYLOAD_TOO_LARGE,	writes,    "" },
	{ ERR_UNSUPPORTED_MEDIA_TYPE,	writes,    "" },
	{ ERR_MISSING_CREDENTIALS,	asks_who,  "" },
	{ ERR_INVALID_TOKEN,		is_session, "Session" },
	{ ERR_SESSION_EXPIRED,		is_session, "Session" },
	{ ERR_INVALID_KEY,		route_by_key, "" },
	{ ERR_KEY_EXPIRED,		route_by_key, "" },
	{ ERR_TIMESTAMP_OUT_OF_RANGE,	is_signed, "Signed" },
	{ ERR_INVALID_SIGNATURE,	is_signed, "Signed" },
	{ ERR_PARTNER_SUSPENDED,	route_by_key, "" },
	{ ERR_PARTNER_NOT_APPROVED,	route_by_key, "" },
	{ ERR_IP_NOT_ALLOWED,		route_by_key, "" },
	{ ERR_ORIGIN_NOT_ALLOWED,	is_widget, "Widget" },
	{ ERR_INSUFFICIENT_SCOPE,	is_scoped, "Scoped" },
	{ ERR_SECRET_KEY_REQUIRED,	is_secret, "Secret" },
	{ ERR_RATE_LIMITED,		all,       "" },
	{ ERR_IDEMPOTENCY_KEY_REUSED,	keeps,     "" },
	{ ERR_IN_PROGRESS,		asks,      "Asking" },
	{ ERR_INTERNAL,			all,       "" },
	{ ERR_OUTCOME_UNKNOWN,		writes,    "Write" },
	{ ERR_UNAVAILABLE,		all,       "" },
};

#define GENERALS (sizeof(general) / sizeof(general[0]))

/* What an endpoint itself returns. */
static bool
refuses(const struct route *r, enum err e)
{
	for (const enum err *own = r->refuses; own != NULL && *own != OK;
	    own++)
		if (*own == e)
			return true;

	return false;
}

static bool
meets(const struct route *r, enum err e)
{
	for (size_t i = 0; i < GENERALS; i++)
		if (general[i].e == e && general[i].meets(r))
			return true;

	return false;
}

/* The codes of one status: every one, or (r NULL) of all there are. */
struct codes {
	const struct problem	*rows[ERR__MAX];
	size_t			 count;
	bool			 own;	/* one comes from the endpoint */
	bool			 again;	/* and one is no problem */
};

static void
add_code(struct codes *codes, const struct problem *row)
{
	for (size_t i = 0; i < codes->count; i++)
		if (strcmp(codes->rows[i]->code, row->code) == 0)
			return;
	codes->rows[codes->count++] = row;
}

static void
find_codes(struct codes *codes, const struct route *r, int status)
{
	memset(codes, 0, sizeof(*codes));
	for (enum err e = OK + 1; e < ERR__MAX; e++) {
		const struct problem	*row = problem_row(e);

		if (row->status != status && status != 0)
			continue;
		if (e == ERR_IDEMPOTENT) {
			codes->again = r != NULL && refuses(r, e);
			continue;
		}
		if (r != NULL && refuses(r, e))
			codes->own = true;
		if (r == NULL || refuses(r, e) || meets(r, e))
			add_code(codes, row);
	}
}

/* Headers, each described in etc/openapi.sh. */

static void
write_headers(struct buf *out, const char *const *header)
{
	openapi_json_name(out, "headers");
	buf_byte(out, '{');
	for (; *header != NULL; header++) {
		openapi_json_name(out, *header);
		buf_byte(out, '{');
		openapi_json_ref(out, "headers", *header);
		buf_byte(out, '}');
	}
	buf_byte(out, '}');
}

#define COUNTED "X-RateLimit-Limit", "X-RateLimit-Remaining", \
	"X-RateLimit-Reset", "X-Ignored-Fields"

static void
refusal_headers(struct buf *out, int status, const struct route *r, bool own)
{
	static const struct {
		int		 status;	/* 0: all others */
		const char	*names[8];
		bool		(*of)(const struct route *);
	} rows[] = {
		{ 401, { "X-Request-Id", "WWW-Authenticate",
		    "X-Ignored-Fields" }, is_person },
		{ 401, { "X-Request-Id", "WWW-Authenticate" } },
		{ 403, { "X-Request-Id" } },
		{ 405, { "X-Request-Id", "Allow" } },
		{ 409, { "X-Request-Id", "Retry-After", COUNTED }, asks },
		{ 413, { "X-Request-Id" } },
		{ 429, { "X-Request-Id", "Retry-After", COUNTED } },
		{ 503, { "X-Request-Id", "Retry-After", COUNTED } },
		{ 0,   { "X-Request-Id", COUNTED } },
	};
	size_t	 i = 0;

	/* What comes to the endpoint has been counted. */
	while (rows[i].status != 0 && (rows[i].status != status ||
	    (rows[i].of != NULL ? !rows[i].of(r) : own)))
		i++;
	write_headers(out, rows[i].names);
}

static void
success_headers(struct buf *out, const struct route *r)
{
	static const char *const	 kept[] = { "X-Request-Id", COUNTED,
	    "Idempotent-Replayed", NULL };
	static const char *const	 plain[] = { "X-Request-Id", COUNTED,
	    NULL };
	static const char *const	 bare[] = { "X-Request-Id",
	    "X-Ignored-Fields", NULL };

	write_headers(out, is_person(r) ? bare : keeps(r) ? kept : plain);
}

static void
write_out(struct buf *out, const struct route *r)
{
	openapi_json_name(out, "application/json");
	buf_byte(out, '{');
	openapi_json_name(out, "schema");
	buf_byte(out, '{');
	openapi_json_ref(out, "schemas", r->out->name);
	buf_byte(out, '}');
}

/* {"allOf":[Problem,{"properties":{"code":{"enum":[…]}}}]} */
static void
write_problem(struct buf *out, const struct codes *codes)
{
	openapi_json_name(out, "application/problem+json");
	buf_text(out, "{\"schema\":{\"allOf\":[{");
	openapi_json_ref(out, "schemas", problem_out.name);
	buf_text(out, "},{\"type\":\"object\",\"properties\":{\"code\":"
	    "{\"enum\":[");
	for (size_t i = 0; i < codes->count; i++) {
		openapi_json_next(out);
		shape_quote(out, codes->rows[i]->code);
	}
	buf_text(out, "]}}}]}}");
}

static void
write_refusal(struct buf *out, const struct codes *codes, int status,
    const struct route *r)
{
	struct buf	 says;

	buf_init(&says, out->arena);
	if (codes->again)
		buf_printf(&says, "- `IDEMPOTENT`: %s\n",
		    problem_row(ERR_IDEMPOTENT)->detail);
	for (size_t i = 0; i < codes->count; i++)
		buf_printf(&says, "- `%s`: %s\n", codes->rows[i]->code,
		    codes->rows[i]->title);

	openapi_json_text(out, "description", buf_str(&says));
	refusal_headers(out, status, r, codes->own);
	openapi_json_name(out, "content");
	buf_byte(out, '{');
	if (codes->again) {
		write_out(out, r);
		buf_byte(out, '}');
	}
	if (codes->count > 0)
		write_problem(out, codes);
	buf_byte(out, '}');
}

/* "Refused403ScopedSecret": equal names have equal codes. */
static const char *
common_name(struct arena *arena, const struct route *r, int status)
{
	struct buf	 name;
	const char	*last = "";

	buf_init(&name, arena);
	buf_printf(&name, "Refused%d", status);
	for (size_t i = 0; i < GENERALS; i++) {
		const struct general	*g = &general[i];

		if (problem_row(g->e)->status != status || !g->meets(r) ||
		    g->word[0] == '\0' || strcmp(g->word, last) == 0)
			continue;
		buf_text(&name, g->word);
		last = g->word;
	}

	return buf_str(&name);
}

static void
refusal(struct openapi *o, struct buf *out, const struct route *r,
    int status)
{
	struct codes	 codes;
	const char	*name;

	find_codes(&codes, r, status);
	if (codes.count == 0 && !codes.again)
		return;
	openapi_json_name(out, arena_printf(out->arena, "%d", status));
	buf_byte(out, '{');
	if (codes.own || codes.again)
		write_refusal(out, &codes, status, r);
	else {
		name = common_name(out->arena, r, status);
		openapi_json_ref(out, "responses", name);
		buf_printf(&o->lines, "responses\t%s\t{", name);
		write_refusal(&o->lines, &codes, status, r);
		buf_text(&o->lines, "}\n");
	}
	buf_byte(out, '}');
}

static void
success(struct openapi *o, struct buf *out, const struct route *r)
{
	int	 status = r->success != 0 ? r->success : 200;

	openapi_json_name(out, arena_printf(out->arena, "%d", status));
	buf_byte(out, '{');
	openapi_json_text(out, "description", reason_words(status));
	success_headers(out, r);
	if (r->out != NULL) {
		openapi_json_name(out, "content");
		buf_byte(out, '{');
		write_out(out, r);
		openapi_json_example(o, out, r->name, "response");
		buf_text(out, "}}");
	}
	buf_byte(out, '}');
}

void
openapi_answer(struct openapi *o, struct buf *out, const struct route *r)
{
	openapi_json_name(out, "responses");
	buf_byte(out, '{');
	success(o, out, r);
	for (int status = 400; status < 600; status++)
		refusal(o, out, r, status);
	buf_byte(out, '}');
	if (r->out != NULL)
		openapi_schema_lines(o, r->out, SAID);
}

/* The schema of a problem names every code that there is. */
void
openapi_answer_lines(struct openapi *o)
{
	struct shape	 shape = problem_out;
	struct codes	 codes;
	const char	*words[ERR__MAX + 1] = { NULL };
	struct field	 fields[16] = { 0 };

	find_codes(&codes, NULL, 0);
	for (size_t i = 0; i < codes.count; i++)
		words[i] = codes.rows[i]->code;
	for (size_t i = 0; shape.fields[i].name != NULL; i++) {
		fields[i] = shape.fields[i];
		if (strcmp(fields[i].name, "code") == 0)
			fields[i].words = words;
	}
	shape.fields = fields;
	openapi_schema_lines(o, &shape, SAID);
}
