#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * The log: one line an event, "2026-05-10T09:12:00Z error req_65f1… text"
 * ("-" where no request is named), to the file that the configuration names,
 * else to standard error.  Nothing
 * secret is ever given to it: no key, no signature, no body, no e-mail.
 * Control characters are written as \xNN, so that no caller's text can forge
 * a line.  A line is one write(2) of at most 4096 bytes, so that lines of
 * many processes do not mix, in a file or in a pipe; what is longer is cut
 * off with "...".
 */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO };

/*
 * Append to `path` (created 0600) from now on; NULL or "" is standard error,
 * and so is a file that does not open.  When the file was renamed or removed
 * the next line begins a new one.  Set before there are threads.
 */
void	log_to(const char *path);

/* Named in each line of this thread until the next call; NULL for none. */
void	log_request(const char *id);

void	log_line(enum log_level, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
