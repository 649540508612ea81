/*
 * action_list: actions by the page, the newest first, each filter by the
 * index that knows it.
 */
#include "lib/db/db.h"
#include "lib/giving/rewards/action.h"
#include "lib/giving/rewards/action_row.h"
#include "lib/giving/site/word.h"

/*
 * The ways through the actions.  What is rare leads: what was reversed, then
 * the type, then time, which is a range of numbers; the rest is looked at row
 * by row.  The engine knows neither how many actions a tenant has nor how few
 * were reversed, so it is told which index.  All ways have their values in
 * the same order.
 */
enum way { BY_NUMBER, BY_TYPE, BY_REVERSED };

#define MATCHING \
	" WHERE tenant = ? AND id >= ? AND id < ?" \
	" AND created_at BETWEEN ? AND ? AND reversed BETWEEN ? AND ?"
#define NUMBERED " FROM actions" MATCHING " AND type = coalesce(?, type)"
#define TYPED " FROM actions INDEXED BY actions_by_type" MATCHING \
	" AND type = ?"
#define REVERSED " FROM actions INDEXED BY actions_reversed" MATCHING \
	" AND type = coalesce(?, type) AND reversed > 0"
#define PAGE " ORDER BY id DESC LIMIT ? OFFSET ?"

static const struct {
	const char	*rows, *count;
} ways[] = {
	[BY_NUMBER] = {
	    SQL("SELECT " ACTION_COLUMNS NUMBERED PAGE),
	    SQL("SELECT count(*) AS n FROM (SELECT 1" NUMBERED " LIMIT ?)"),
	},
	[BY_TYPE] = {
	    SQL("SELECT " ACTION_COLUMNS TYPED PAGE),
	    SQL("SELECT count(*) AS n FROM (SELECT 1" TYPED " LIMIT ?)"),
	},
	[BY_REVERSED] = {
	    SQL("SELECT " ACTION_COLUMNS REVERSED PAGE),
	    SQL("SELECT count(*) AS n FROM (SELECT 1" REVERSED " LIMIT ?)"),
	},
};

/* The least and the most that `reversed` may be, in the order of
 * action_statuses. */
static const struct {
	int64_t	least, most;
} reversed[] = {
	{ 0, 0 }, { 1, WHOLE_ACTION - 1 }, { WHOLE_ACTION, WHOLE_ACTION },
};

/* What is looked for, with the type as the rows have it: 0, no row. */
struct search {
	const struct action_filter	*f;
	struct page_range		 range;
	int64_t				 type;
};

static enum way
way(const struct action_filter *f)
{
	if (f->status > 0)
		return BY_REVERSED;

	return f->action_type != NULL ? BY_TYPE : BY_NUMBER;
}

static struct query *
ask(struct work *w, const char *sql, const struct search *s)
{
	const struct action_filter	*f = s->f;
	struct query			*q = db_query(w->db, sql);

	db_int(q, w->tenant);
	db_int(q, s->range.from);
	db_int(q, s->range.below);
	page_bind_times(q, f->from, f->to);
	db_int(q, f->status < 0 ? 0 : reversed[f->status].least);
	db_int(q, f->status < 0 ? WHOLE_ACTION : reversed[f->status].most);
	db_int_if(q, f->action_type != NULL, s->type);

	return q;
}

/* Numbers have no gaps, so the last is also how many there are. */
static int64_t
count_all(struct work *w)
{
	return db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM actions WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1")) - 1;
}

/* Those of a type: the index alone knows them. */
static struct query *
of_type(struct work *w, int64_t type)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT count(*) AS n FROM (SELECT 1 FROM actions"
	    " WHERE tenant = ? AND type = ? LIMIT ?)"));
	db_int(q, w->tenant);
	db_int(q, type);

	return q;
}

static int64_t
count(struct work *w, const struct search *s)
{
	const struct action_filter	*f = s->f;

	if (f->status >= 0 || f->from.ms != 0 || f->to.ms != 0)
		return page_count(ask(w, ways[way(f)].count, s));

	return f->action_type == NULL ? count_all(w) :
	    page_count(of_type(w, s->type));
}

static void
read_row(struct work *w, struct query *q, void *row)
{
	action_row_read(w, q, row);
}

static void
complete(struct work *w, void *row)
{
	action_row_complete(w, row);
}

static const struct page_rows rows = { sizeof(struct action),
	offsetof(struct action, id), read_row, complete };

enum err
action_list(struct work *w, const struct action_filter *f,
    struct action_list *out)
{
	struct search	 s = { .f = f };

	if (page_range(w, &f->page, ID_ACTION, &s.range) != OK)
		return ERR_INVALID_REQUEST;
	page_between(w, PAGE_ACTIONS, f->from, f->to, &s.range);
	if (f->action_type != NULL)
		s.type = word_find(w, f->action_type);
	if (f->page.cursor == NULL)
		s.range.total = count(w, &s);

	return page_read(w, &s.range, ask(w, ways[way(f)].rows, &s), &rows,
	    &out->actions, &out->pagination);
}
