#ifndef COMMAND_SCHEMA_H
#define COMMAND_SCHEMA_H

/* schema.sql, word for word; the Makefile turns it into C. */
extern const char	schema_sql[];

#endif
