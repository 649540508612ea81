#ifndef UNIT_DEATH_H
#define UNIT_DEATH_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Does this end the process by abort()?  It runs in a child whose standard
 * error is closed, since a bug that is found in time needs no report.
 */
static inline bool
dies(void (*act)(void))
{
	pid_t	child;
	int	status = 0;

	(void)fflush(NULL);
	child = fork();
	if (child == 0) {
		(void)close(STDERR_FILENO);
		act();
		_exit(0);
	}
	if (child == -1 || waitpid(child, &status, 0) != child)
		return false;

	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

#endif
