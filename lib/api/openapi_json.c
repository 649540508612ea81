/*
 * openapi_json: the few words of JSON that the OpenAPI document is made of,
 * and examples from files.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/api/openapi.h"
#include "lib/base/arena.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/json/strict.h"

void
openapi_json_next(struct buf *out)
{
	if (out->size > 0 && strchr("{[:", out->data[out->size - 1]) == NULL)
		buf_byte(out, ',');
}

void
openapi_json_name(struct buf *out, const char *name)
{
	openapi_json_next(out);
	shape_quote(out, name);
	buf_byte(out, ':');
}

void
openapi_json_text(struct buf *out, const char *name, const char *text)
{
	openapi_json_name(out, name);
	shape_quote(out, text);
}

void
openapi_json_int(struct buf *out, const char *name, int64_t n)
{
	openapi_json_name(out, name);
	buf_int(out, n);
}

void
openapi_json_ref(struct buf *out, const char *kind, const char *name)
{
	openapi_json_text(out, "$ref", arena_printf(out->arena,
	    "#/components/%s/%s", kind, name));
}

/* Good JSON without the spaces between its words. */
static void
compact(struct buf *out, const char *text)
{
	bool	 quoted = false;

	for (; *text != '\0'; text++) {
		if (!quoted && strchr(" \t\r\n", *text) != NULL)
			continue;
		if (*text == '"')
			quoted = !quoted;
		buf_byte(out, *text);
		if (*text == '\\')
			buf_byte(out, *++text);
	}
}

void
openapi_json_example(struct openapi *o, struct buf *out, const char *name,
    const char *part)
{
	struct arena	*arena = out->arena;
	struct faults	 faults;
	const char	*path;
	char		*text;
	size_t		 size;
	FILE		*file;

	path = arena_printf(arena, "%s/%s.%s.json", o->folder, name, part);
	file = fopen(path, "r");
	if (file == NULL) {
		if (errno != ENOENT)
			o->broken = arena_printf(arena, "%s: %s", path,
			    strerror(errno));
		return;
	}
	text = arena_alloc(arena, LIMIT_BODY + 1);
	size = fread(text, 1, LIMIT_BODY, file);
	fclose(file);

	faults_init(&faults, arena);
	if (strict_check(text, size, &faults)) {
		openapi_json_name(out, "example");
		compact(out, text);
	} else
		o->broken = arena_printf(arena, "%s: %s", path,
		    faults.first->detail);
}
