#ifndef API_PAGE_FIELD_H
#define API_PAGE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct call;

/*
 * One field of a form: its label, what is in it, and beside it what the
 * call's faults say is wrong with it, under the pointer "/name".
 */
struct page_field {
	const char	*name, *label;
	const char	*value;		/* as it was typed, or NULL */
	const char	*attributes;	/* of our own: " required" */
	const char	*hint;		/* below the label, or NULL */
};

struct page_option {
	const char	*value, *label;
	const char	*hint;		/* of a radio button, or NULL */
	bool		 disabled;	/* the same */
};

/* A line of text. */
void	page_field_line(struct call *, struct buf *,
	    const struct page_field *);

/* One of some; `value` says which. */
void	page_field_choice(struct call *, struct buf *,
	    const struct page_field *, const struct page_option *,
	    size_t count);

/* The same with all of them in sight, as radio buttons. */
void	page_field_radios(struct call *, struct buf *,
	    const struct page_field *, const struct page_option *,
	    size_t count);

/* Yes or no: `value` is what is sent for yes. */
void	page_field_check(struct buf *, const struct page_field *,
	    int checked);

/*
 * Above a form that was refused: why, and what of the faults is of none of
 * the fields in `names`, which ends with NULL.
 */
void	page_field_refused(struct call *, struct buf *, const char *why,
	    const char *const *names);

#endif
