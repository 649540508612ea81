#ifndef GIVING_SCHEMA_H
#define GIVING_SCHEMA_H

/* schema.sql, word for word; the Makefile turns it into C. */
extern const char	schema_sql[];

#endif
