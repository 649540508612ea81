#ifndef UNIT_SEMAPHORES_H
#define UNIT_SEMAPHORES_H

/* Include it first, after #define _XOPEN_SOURCE 700. */
#include <sys/ipc.h>
#include <sys/sem.h>

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/*
 * Whether this process has used a semaphore.  A system that has run out of
 * them, or has none, keeps no order.
 */
static inline bool
has_semaphore(void)
{
	FILE	*list = fopen("/proc/sysvipc/sem", "r");
	char	 line[256];
	int	 key, id;
	bool	 has = false;

	if (list == NULL)
		return false;
	while (!has && fgets(line, sizeof(line), list) != NULL)
		has = sscanf(line, "%d %d", &key, &id) == 2 &&
		    semctl(id, 0, GETPID) == getpid();
	(void)fclose(list);
	return has;
}

/*
 * Remove the semaphores that this process was the last to use, and say how
 * many there were.  Their names cannot be known, but Linux lists them all.
 */
static inline int
remove_semaphores(void)
{
	FILE	*list = fopen("/proc/sysvipc/sem", "r");
	char	 line[256];
	int	 key, id, removed = 0;

	if (list == NULL)
		return 0;
	while (fgets(line, sizeof(line), list) != NULL)
		if (sscanf(line, "%d %d", &key, &id) == 2 &&
		    semctl(id, 0, GETPID) == getpid())
			removed += semctl(id, 0, IPC_RMID) == 0;
	(void)fclose(list);
	return removed;
}

/* How many wait in line at the semaphores that this process used last. */
static inline int
waiting_in_line(void)
{
	FILE	*list = fopen("/proc/sysvipc/sem", "r");
	char	 line[256];
	int	 key, id, waiting = 0;

	if (list == NULL)
		return 0;
	while (fgets(line, sizeof(line), list) != NULL)
		if (sscanf(line, "%d %d", &key, &id) == 2 &&
		    semctl(id, 0, GETPID) == getpid())
			waiting += semctl(id, 0, GETZCNT);
	(void)fclose(list);
	return waiting;
}

#endif
