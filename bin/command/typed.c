/*
 * typed: what the operator types when asked, and passwords, which nobody sees
 * on the screen.
 */
#include <sys/select.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "bin/command/cli.h"
#include "bin/command/typed.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/giving/members/member.h"

/* What ends or stops us must not leave a terminal that shows nothing. */
static const int	signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
			    SIGTSTP };
#define SIGNALS		(sizeof(signals) / sizeof(signals[0]))

static volatile sig_atomic_t	caught;

static void
catch(int signal)
{
	caught = signal;
}

bool
typed_by_somebody(const struct cli *c)
{
	return !c->json && isatty(STDIN_FILENO);
}

/* Is there something to read, or its end?  False if a signal came. */
static bool
waited(const sigset_t *open)
{
	fd_set	 in;

	FD_ZERO(&in);
	FD_SET(STDIN_FILENO, &in);

	return pselect(STDIN_FILENO + 1, &in, NULL, NULL, NULL, open) == 1;
}

/*
 * Byte by byte, since what follows the line is for the next question.  Signals
 * come only while we wait, under the mask `open`: one that came between a look
 * for it and the wait would be slept over.  NULL if none is looked for.  False
 * at the end of the input, or when a signal came.
 */
static bool
read_line(char *line, size_t size, const sigset_t *open)
{
	size_t	 n = 0;
	char	 byte;

	while ((open == NULL || waited(open)) &&
	    read(STDIN_FILENO, &byte, 1) == 1) {
		if (byte == '\n') {
			n -= n > 0 && line[n - 1] == '\r';
			line[n] = '\0';
			return true;
		}
		if (n + 1 < size)
			line[n++] = byte;
	}
	line[n] = '\0';

	return n > 0 && !caught;
}

const char *
typed_line(struct cli *c, const char *question)
{
	char	 line[1024];

	if (!typed_by_somebody(c))
		return NULL;
	fprintf(stderr, "%s: ", question);
	if (!read_line(line, sizeof(line), NULL) || line[0] == '\0')
		return NULL;

	return arena_text(c->arena, line);
}

/* A line that is not shown. */
static bool
read_unseen(const char *question, char *line, size_t size)
{
	struct sigaction	 before[SIGNALS];
	struct sigaction	 action = { .sa_handler = catch };
	struct termios		 shown, unseen;
	sigset_t		 ours, open;
	bool			 good;

	caught = 0;
	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return false;
	sigemptyset(&ours);
	for (size_t i = 0; i < SIGNALS; i++) {
		(void)sigaddset(&ours, signals[i]);
		(void)sigaction(signals[i], &action, &before[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &ours, &open);
	unseen = shown;
	unseen.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
	/* Not before: what is typed too early would be seen. */
	fprintf(stderr, "%s: ", question);
	good = read_line(line, size, &open);
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &shown);
	fputc('\n', stderr);
	(void)sigprocmask(SIG_SETMASK, &open, NULL);
	for (size_t i = 0; i < SIGNALS; i++)
		(void)sigaction(signals[i], &before[i], NULL);
	if (caught)
		(void)raise(caught);

	return good;
}

/* Says what is wrong with it. */
static bool
does(struct cli *c, const char *email, const char *password)
{
	bool	 good;

	good = member_check(&c->work, email, password, "/password") == OK;
	for (struct fault *f = c->faults.first; f != NULL; f = f->next)
		fprintf(stderr, "almoner: %s: %s\n", f->pointer + 1,
		    f->detail);
	faults_init(&c->faults, c->arena);

	return good;
}

static const char *
ask_twice(struct cli *c, const char *email)
{
	char	 one[LIMIT_PASSWORD + 3], two[LIMIT_PASSWORD + 3];
	char	*question = arena_printf(c->arena, "Password for %s, %d"
		    " characters or more", email, LIMIT_PASSWORD_MIN);

	for (;;) {
		if (!read_unseen(question, one, sizeof(one)))
			exit(1);
		if (!does(c, email, one))
			continue;
		if (!read_unseen("The same again", two, sizeof(two)))
			exit(1);
		if (strcmp(one, two) == 0)
			return arena_text(c->arena, one);
		fprintf(stderr, "almoner: they differ: once more\n");
	}
}

const char *
typed_password(struct cli *c, const char *email)
{
	char	 line[LIMIT_PASSWORD + 3] = "";

	if (!does(c, email, NULL))
		exit(1);
	if (cli_value(c, "password-stdin") == NULL)
		return typed_by_somebody(c) ? ask_twice(c, email) : NULL;
	(void)read_line(line, sizeof(line), NULL);
	if (!does(c, email, line))
		exit(1);

	return arena_text(c->arena, line);
}
