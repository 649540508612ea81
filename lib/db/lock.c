/*
 * The writers' lock is two locks, one behind the other.
 *
 * A System V semaphore keeps the line.  The kernel hands it from the one who
 * lets go to the one who waited longest, without a moment in which somebody
 * else could grab it, and its "undo" lets go for a process that died.
 * SQLite's own waiting is sleeping and trying again, and starves processes
 * for seconds.
 *
 * flock() on a file beside the database keeps the peace.  A semaphore is not
 * enough for that: systemd's logind may remove a user's semaphores when the
 * user logs out (RemoveIPC=), two containers that share a folder do not
 * share semaphores, and some hosts have none.  Taken second, flock() is
 * always free, so it costs a microsecond and the order is the semaphore's.
 * Where there is no semaphore it is the lock, without order.
 *
 * The semaphore counts how many hold it: 0 or 1.  Linux makes new ones 0,
 * which is free, so there is no moment at which a semaphore exists and is
 * not ready for use, and nobody who could die in that moment.
 *
 * Undo is counted for each process, not each thread: pthread_create() lets
 * threads share their counts (CLONE_SYSVSEM).  So a thread that ended inside
 * a transaction would keep the lock until its process ends; none does.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE		/* semtimedop() */
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/db/lock.h"

struct lock {
	int		file;		/* -1: cannot be opened */
	int		line;		/* the semaphore, -1: none */
	bool		in_line;	/* we hold the semaphore */
	int		error;		/* why there is no semaphore */
	struct stat	of;		/* the database */
};

/* As semctl(2) has it, the caller must write this down. */
union semun {
	int		 val;
	struct semid_ds	*buf;
};

static int	open_file(const char *path, const struct stat *);
static int	open_line(const struct stat *);
static bool	wait_in_line(struct lock *, int64_t deadline);
static bool	wait_for_file(struct lock *, int64_t deadline);
static int64_t	now_ms(void);

struct lock *
lock_open(const char *path)
{
	struct lock *lock;
	int error;

	if ((lock = calloc(1, sizeof(*lock))) == NULL)
		return NULL;
	lock->file = lock->line = -1;
	if (stat(path, &lock->of) == -1)
		goto fail;
	lock->line = open_line(&lock->of);
	lock->error = lock->line == -1 ? errno : 0;
	lock->file = open_file(path, &lock->of);
	if (lock->file == -1 && lock->line == -1)
		goto fail;
	return lock;
fail:
	error = errno;
	lock_close(lock);
	errno = error;
	return NULL;
}

void
lock_close(struct lock *lock)
{
	if (lock == NULL)
		return;
	if (lock->file != -1)
		close(lock->file);
	free(lock);
}

const char *
lock_disorder(const struct lock *lock)
{
	if (lock->line != -1)
		return NULL;
	switch (lock->error) {
	case ENOSPC:
		return "the system has no semaphore left";
	case ENOSYS:
		return "the system has no semaphores";
	case EACCES:
	case EEXIST:
		return "the semaphore is a stranger's";
	default:
		return strerror(lock->error);
	}
}

bool
lock_take(struct lock *lock, int wait_ms)
{
	int64_t deadline = now_ms() + wait_ms;

	if (!wait_in_line(lock, deadline))
		return false;
	if (wait_for_file(lock, deadline))
		return true;
	lock_drop(lock);
	return false;
}

void
lock_drop(struct lock *lock)
{
	struct sembuf leave = { 0, -1, SEM_UNDO | IPC_NOWAIT };
	int error = errno;

	if (lock->file != -1)
		(void)flock(lock->file, LOCK_UN);
	/* It can only fail if the semaphore was removed, with our place. */
	if (lock->in_line)
		(void)semop(lock->line, &leave, 1);
	lock->in_line = false;
	errno = error;
}

/* Whoever may write the database may lock it: the modes are the same. */
static int
open_file(const char *path, const struct stat *of)
{
	struct stat st;
	char *name;
	size_t size = strlen(path) + sizeof(".lock");
	int fd;

	if ((name = malloc(size)) == NULL)
		return -1;
	snprintf(name, size, "%s.lock", path);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	free(name);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    ((st.st_mode ^ of->st_mode) & 0666) != 0)
		(void)fchmod(fd, of->st_mode & 0666);
	return fd;
}

/*
 * The semaphore's name is made from where the database lies, as ftok() does
 * it, but from all bits; and from whose it is, since a semaphore outlives its
 * database, and somebody else's may lie there next.  Should two databases
 * share a name, they wait for one another and are otherwise well.
 */
static key_t
line_key(const struct stat *of)
{
	uint64_t parts[3] = { of->st_dev, of->st_ino, of->st_uid };
	const unsigned char *byte = (const unsigned char *)parts;
	uint32_t hash = 2166136261u;	/* FNV-1a */

	for (size_t i = 0; i < sizeof(parts); i++)
		hash = (hash ^ byte[i]) * 16777619u;
	return (key_t)((hash & 0x7fffffff) | 1);	/* not IPC_PRIVATE */
}

/*
 * A stranger on the same machine could make a semaphore of our name and
 * hold it for ever; one that was not made by us, by the owner of the
 * database or by root is left alone.
 */
static int
open_line(const struct stat *of)
{
	struct semid_ds about;
	union semun arg = { .buf = &about };
	uid_t maker;
	int id;

	id = semget(line_key(of), 1, IPC_CREAT | (int)(of->st_mode & 0666));
	if (id == -1 || semctl(id, 0, IPC_STAT, arg) == -1)
		return -1;
	maker = about.sem_perm.cuid;
	if (maker != 0 && maker != geteuid() && maker != of->st_uid) {
		errno = EEXIST;
		return -1;
	}
	if (about.sem_perm.uid != of->st_uid ||
	    about.sem_perm.gid != of->st_gid) {
		about.sem_perm.uid = of->st_uid;
		about.sem_perm.gid = of->st_gid;
		(void)semctl(id, 0, IPC_SET, arg);
	}
	return id;
}

/* False only for time: a semaphore that fails is done without. */
static bool
wait_in_line(struct lock *lock, int64_t deadline)
{
	struct sembuf enter[2] = {
		{ 0, 0, 0 },		/* wait until nobody holds it */
		{ 0, 1, SEM_UNDO },	/* and hold it */
	};
	struct timespec wait;
	int64_t left;

	while (lock->line != -1) {
		left = deadline - now_ms();
		if (left < 0)
			left = 0;
		wait.tv_sec = (time_t)(left / 1000);
		wait.tv_nsec = (long)(left % 1000) * 1000000;
		if (semtimedop(lock->line, enter, 2, &wait) == 0) {
			lock->in_line = true;
			return true;
		}
		if (errno == EAGAIN) {
			errno = ETIMEDOUT;
			return false;
		}
		/* Removed under us?  Then all meet again at a new one. */
		if (errno == EIDRM || errno == EINVAL)
			lock->line = open_line(&lock->of);
		else if (errno != EINTR)
			lock->line = -1;
	}
	return true;
}

static bool
wait_for_file(struct lock *lock, int64_t deadline)
{
	struct timespec nap = { .tv_nsec = 1000000 };

	if (lock->file == -1)
		return lock->in_line;
	while (flock(lock->file, LOCK_EX | LOCK_NB) == -1) {
		/* A file system without flock() has the semaphore alone. */
		if (errno != EWOULDBLOCK && errno != EINTR)
			return lock->in_line;
		if (now_ms() >= deadline) {
			errno = ETIMEDOUT;
			return false;
		}
		nanosleep(&nap, NULL);
	}
	return true;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
