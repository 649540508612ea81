/*
 * start: how long programs take from their start to their end, one after the
 * other in turn, so that all meet the same machine.
 *
 *	start ROUNDS PROGRAM…
 *
 * prints a line for each: the median and the tenth and ninetieth hundredth of
 * its milliseconds, and the median as a multiple of the first program's.
 * What they read and write is /dev/null; the environment is ours.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
run(char *program, const posix_spawn_file_actions_t *files)
{
	char *words[] = { program, NULL };
	double from = now_ms();
	int status;
	pid_t pid;

	if (posix_spawn(&pid, program, files, NULL, words, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "start: %s failed\n", program);
		exit(1);
	}
	return now_ms() - from;
}

static int
order(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
	size_t rounds = argc > 2 ? strtoul(argv[1], NULL, 10) : 0, i;
	double *took, first = 0;
	posix_spawn_file_actions_t files;
	int p;

	if (rounds == 0) {
		fprintf(stderr, "usage: start ROUNDS PROGRAM…\n");
		return 2;
	}
	took = calloc(rounds * (size_t)argc, sizeof(*took));
	if (took == NULL || posix_spawn_file_actions_init(&files) != 0)
		return 1;
	for (p = 0; p < 3; p++)
		if (posix_spawn_file_actions_addopen(&files, p, "/dev/null",
		    O_RDWR, 0) != 0)
			return 1;
	for (i = 0; i < rounds; i++)
		for (p = 2; p < argc; p++)
			took[(size_t)p * rounds + i] = run(argv[p], &files);
	for (p = 2; p < argc; p++) {
		double *t = took + (size_t)p * rounds;

		qsort(t, rounds, sizeof(*t), order);
		if (p == 2)
			first = t[rounds / 2];
		printf("%.2f ms (%.2f-%.2f), %.2f x: %s\n", t[rounds / 2],
		    t[rounds / 10], t[rounds * 9 / 10],
		    t[rounds / 2] / first, argv[p]);
	}
	free(took);
	return 0;
}
