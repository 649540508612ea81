/*
 * events: what happened, for those who would rather ask than be told.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/giving/events/event.h"

static const struct shape	list_in, show_in;

static enum err	list(struct call *, const void *);
static enum err	show(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/events",
	    ACCESS_SIGNED, "read", &list_in, &event_list_out, list,
	    .name = "listEvents",
	    .about = "List events, the newest first, or what came after one" },
	{ "GET", "/v1/partner/events/{eventId}",
	    ACCESS_SIGNED, "read", &show_in, &event_out, show,
	    .name = "showEvent",
	    .about = "Show one event" },
	{ 0 }
};

/* list: by page or by cursor; or from an event on, the oldest first. */

static const struct shape list_in = SHAPE("EventFilter", struct event_filter,
	PAGE_FIELDS(struct event_filter, page),
	{ "type",  WORD(struct event_filter, type), QUERY,
	    .words = outbox_words, .about = "only these" },
	PAGE_TIMES(struct event_filter),
	{ "after", TEXT(struct event_filter, after), QUERY, 28, 28,
	    .about = "the id of an event: what came after it, the oldest"
	    " first; " EVENT_NONE " for all" });

static enum err
list(struct call *c, const void *input)
{
	const struct event_filter	*in = input;
	struct event_list		 found;
	enum err			 e;

	e = event_list(api_work(c), in, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &event_list_out, &found);
}

/* show: one of them. */

struct show {
	const char	*event;
};

static const struct shape show_in = SHAPE("EventName", struct show,
	{ "eventId", TEXT(struct show, event), PATH | NEED,
	    .about = "the id that the event has" });

static enum err
show(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct event		 found;
	enum err		 e;

	e = event_find(api_work(c), in->event, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &event_out, &found);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
