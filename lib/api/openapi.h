#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/api/api.h"
#include "lib/base/buf.h"

/*
 * One program's part of the site's OpenAPI 3.1 document, from the tables that
 * the program itself runs on.  Each line of it is a kind, a name and some
 * JSON, with tabs between, in no order; a line may come twice:
 *
 *	paths	/v1/partner/actions	"get":{…}
 *	schemas	Action	{…}
 *	responses	Refused405	{…}
 *
 * etc/openapi.sh puts the lines of all programs into one document.
 */
struct openapi {
	struct buf	 lines;
	const char	*folder;	/* of the examples */
	const char	*broken;	/* why there is no document, or NULL */
};

/*
 * Print the part on standard output.  NAME.request.json and
 * NAME.response.json in the folder are examples of the route of that name.
 * Returns the exit status: 1 if a row or an example is not as it must be.
 */
int	openapi_print(const struct route *, const char *folder);

/* Said or heard?  The same row means other things in each. */
enum openapi_way { HEARD, SAID };

/* A field's value as a schema, with what it is about. */
void	openapi_schema_field(struct buf *, const struct field *,
	    enum openapi_way);

/* Has a request of this shape a body?  Must it have? */
bool	openapi_schema_body(const struct shape *);
bool	openapi_schema_needed(const struct shape *);

/* Add the lines of a shape and of all that it is made of. */
void	openapi_schema_lines(struct openapi *, const struct shape *,
	    enum openapi_way);

/* "responses" of an operation; lines for those that are common to many. */
void	openapi_answer(struct openapi *, struct buf *, const struct route *);

/* "Problem" and its kin. */
void	openapi_answer_lines(struct openapi *);

/*
 * JSON in the making: members and elements, with the comma before them where
 * one is due.
 */
void	openapi_json_next(struct buf *);
void	openapi_json_name(struct buf *, const char *);
void	openapi_json_text(struct buf *, const char *name, const char *);
void	openapi_json_int(struct buf *, const char *name, int64_t);
void	openapi_json_ref(struct buf *, const char *kind, const char *name);

/* "example" out of folder/name.part.json, if there is such a file. */
void	openapi_json_example(struct openapi *, struct buf *,
	    const char *name, const char *part);

#endif
