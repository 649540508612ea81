#ifndef COMMAND_NONPROFIT_IMPORT_H
#define COMMAND_NONPROFIT_IMPORT_H

struct cli;

/* almoner nonprofit import FILE.csv */
int	nonprofit_import(struct cli *);

#endif
