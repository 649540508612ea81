#ifndef API_PAGE_H
#define API_PAGE_H

#include <stddef.h>

struct buf;
struct call;
struct fault;
struct header;
struct problem;

/*
 * Pages for people, in plain HTML that needs no script.  page_begin() writes
 * all up to the main heading, page_end() the rest; what is between is the
 * caller's, each text of somebody else's by page_text().  The style is
 * htdocs/checkout/page.css of the same site, or below its assets_url.
 */
void	page_begin(struct call *, struct buf *, const char *title);
void	page_end(struct buf *);

/* Text with &, <, >, " and ' escaped, fit for attributes too. */
void	page_text(struct buf *, const char *);

/* What goes with each page of ours, and nothing with other answers. */
size_t	page_headers(struct call *, struct header *);

/* The body of a refusal, for people. */
void	page_problem(struct call *, const struct problem *,
	    const char *detail);

#endif
