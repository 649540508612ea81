/*
 * webhook_wish: what a webhook may be, by its spelling.
 *
 * A header of a partner's own stands beside ours in each request: it may not
 * say what ours say, nor what is between us and their server, and it cannot
 * begin another line.
 */
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/conf.h"
#include "lib/db/db.h"
#include "lib/giving/events/webhook_row.h"
#include "lib/hooks/outbox.h"
#include "lib/net/net.h"

/* What our signatures are in; one with - at its end begins the names. */
static const char *const	reserved[] = { "X-SIR-", "Webhook-",
	"Signature", NULL };

static bool
is_reserved(const char *name, enum dialect_name dialect)
{
	for (size_t i = 0; reserved[i] != NULL; i++) {
		const char	*r = reserved[i];
		size_t		 size = strlen(r);

		if (strncasecmp(name, r, size) == 0 &&
		    (name[size] == '\0' || r[size - 1] == '-'))
			return true;
	}

	/* There it is what proves that it is us. */
	return dialect == DIALECT_QIIBEE &&
	    strcasecmp(name, "Authorization") == 0;
}

static bool
is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			return false;

	return true;
}

static void
check_header(struct work *w, const struct webhook_header *all, size_t at,
    enum dialect_name dialect)
{
	const struct net_header	 h = { all[at].name, all[at].value };
	const char		*pointer;
	char			 why[128];

	pointer = arena_printf(w->arena, "/headers/%zu", at);
	if (!net_header_ok(&h, why, sizeof(why)))
		faults_add(w->faults, pointer, "It cannot be sent: %s.",
		    why);
	else if (is_reserved(h.name, dialect))
		faults_add(w->faults, pointer, "It cannot be sent: our"
		    " signature is there.");
	for (size_t i = 0; i < at; i++)
		if (strcasecmp(all[i].name, h.name) == 0)
			faults_add(w->faults, pointer, "It is said twice.");
}

static const char *
headers(struct work *w, const struct list *list, enum dialect_name dialect)
{
	const struct webhook_header	*all = list->items;
	struct buf			 out;

	buf_init(&out, w->arena);
	for (size_t i = 0; i < list->count; i++) {
		check_header(w, all, i, dialect);
		buf_printf(&out, "%s%s: %s", i > 0 ? "\n" : "",
		    all[i].name, all[i].value);
	}

	return list->count > 0 ? buf_str(&out) : NULL;
}

/* The types that are named, as a mask. */
static int64_t
named(struct work *w, const struct list *list)
{
	const char	**words = list->items;
	int64_t		  mask = 0;

	for (size_t i = 0; i < list->count; i++) {
		enum event_type	 type = outbox_find(words[i]);

		if (type == 0)
			faults_add(w->faults, arena_printf(w->arena,
			    "/eventTypes/%zu", i),
			    "There is no such type of event.");
		else
			mask |= OUTBOX_BIT(type);
	}

	return mask;
}

static int64_t
events(struct work *w, const struct webhook_wish *in,
    const struct webhook *h)
{
	const struct dialect	*d = dialect_get(h->dialect);
	bool			 said = in->event_types.items != NULL;
	int64_t			 mask = h->events;

	if (in->receive_all == NO && !said && h->receive_all)
		mask = 0;
	if (said)
		mask = named(w, &in->event_types);
	if (in->receive_all == YES)
		mask = OUTBOX_ALL;
	if (w->faults->count > 0)
		return 0;
	if (mask == 0)
		faults_add(w->faults, "/eventTypes", "Name at least one, or"
		    " say receiveAllEvents: true.");
	else if ((mask & d->events) == 0)
		faults_add(w->faults, "/eventTypes", "The format %s has no"
		    " words for any of them.", d->name);

	return mask & d->events;
}

static bool
is_live(struct work *w)
{
	struct query	*q;
	bool		 live;

	q = db_query(w->db, SQL(
	    "SELECT 1 FROM tenants WHERE id = ? AND side = 'live'"));
	db_int(q, w->tenant);
	live = db_next(q);
	db_done(q);

	return live;
}

void
webhook_rules(struct work *w, struct net_rules *rules)
{
	struct conf	*conf = arena_alloc(w->arena, sizeof(*conf));
	char		 why[512];

	*rules = (struct net_rules){ .connections = 1 };
	if (!conf_load(conf, why, sizeof(why)))
		return;
	rules->loopback_http = conf->loopback_http && !is_live(w);
	rules->ports = conf->webhook_ports;
	rules->ca_file = conf->ca_file[0] != '\0' ? conf->ca_file : NULL;
}

static void
check_url(struct work *w, const char *url)
{
	struct net_rules	 rules;
	char			 why[128];

	webhook_rules(w, &rules);
	if (!net_url(&rules, url, why, sizeof(why)))
		faults_add(w->faults, "/url", "It cannot be called: %s.",
		    why);
}

enum err
webhook_wish_check(struct work *w, const struct webhook_wish *in,
    const struct webhook *h, struct webhook_row *row)
{
	if (in->url != NULL)
		check_url(w, in->url);
	row->headers = in->headers.items != NULL ?
	    headers(w, &in->headers, h->dialect) : h->headers;
	row->events = events(w, in, h);

	return w->faults->count > 0 ? ERR_INVALID_REQUEST : OK;
}

enum err
webhook_wish_secret(struct work *w, enum dialect_name dialect,
    const char *secret)
{
	if (secret == NULL)
		return OK;
	if (dialect != DIALECT_QIIBEE)
		faults_add(w->faults, "/secret",
		    "We make it: leave it out.");
	else if (strchr(secret, ':') == NULL || secret[0] == ':' ||
	    !is_printable(secret))
		faults_add(w->faults, "/secret",
		    "Of the form user:password, in printable ASCII.");
	else
		return OK;

	return ERR_INVALID_REQUEST;
}
