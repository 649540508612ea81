/*
 * page: lists by page and by cursor.
 */
#include "lib/base/err.h"
#include "lib/giving/page.h"

const struct shape page_out = SHAPE("Pagination", struct pagination,
	{ "page",       INT(struct pagination, page), NULLS, .preset = -1,
	    .about = "this page's number, or null in a walk by cursor" },
	{ "limit",      INT(struct pagination, limit),
	    .about = "how many rows a page has" },
	{ "total",      INT(struct pagination, total), NULLS, .preset = -1,
	    .about = "how many rows there are, null in a walk by cursor" },
	{ "totalPages", INT(struct pagination, total_pages), NULLS,
	    .preset = -1,
	    .about = "how many pages there are, null in a walk by cursor" },
	{ "nextCursor", TEXT(struct pagination, next_cursor),
	    .about = "where the next page begins, null at the end" });

enum err
page_range(struct work *w, const struct page_in *in, enum id_kind kind,
    struct page_range *out)
{
	struct id	 id;

	*out = (struct page_range){ INT64_MAX, 0, in->limit + 1 };
	if (in->cursor == NULL) {
		out->skip = (in->page - 1) * in->limit;
		return OK;
	}
	if (!id_read(kind, in->cursor, &id) || id.tenant != w->tenant) {
		faults_add(w->faults, "/cursor", "Not a cursor of this list:"
		    " use nextCursor of the page before, unchanged.");
		return ERR_INVALID_REQUEST;
	}
	out->below = id.number;

	return OK;
}

void
page_say(const struct page_in *in, size_t rows, int64_t total,
    const char *last, struct pagination *out)
{
	bool	 counted = in->cursor == NULL && total >= 0;

	out->page = in->cursor == NULL ? in->page : -1;
	out->limit = in->limit;
	out->total = counted ? total : -1;
	out->total_pages = counted ?
	    (total + in->limit - 1) / in->limit : -1;
	out->next_cursor = (int64_t)rows > in->limit ? last : NULL;
}
