/*
 * A name server without a network, and a network without a way out, for
 * tests/net/call by LD_PRELOAD.
 *
 *	NAMES="a.test=192.0.2.1,10.0.0.1 b.test=127.0.0.1|10.0.0.1"
 *
 * a.test has two addresses; b.test has another at the second look, which then
 * stays.  "none" is a name that does not exist, "again" that no server could
 * be asked, and "never" that none answers.  Other names and all numbers are
 * the system's.  Each look is a line "look a.test" at the end of the file
 * $NAMES_LOG; so is each attempt to connect, "connect 10.0.0.1", and only
 * those to 127.0.0.0/8 and ::1 are let through.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE		/* RTLD_NEXT */
#include <sys/socket.h>
#include <sys/syscall.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int look_up(const char *, const char *, const struct addrinfo *,
    struct addrinfo **);

static void
note(const char *event, const char *what)
{
	const char	*name = getenv("NAMES_LOG");
	char		 line[300];
	int		 file, size;

	if (name == NULL)
		return;
	file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	size = snprintf(line, sizeof(line), "%s %s\n", event, what);
	if (write(file, line, (size_t)size) != size)
		abort();
	close(file);
}

/* What is written behind "name=" in $NAMES, or NULL. */
static const char *
find(const char *host)
{
	const char	*at = getenv("NAMES");
	size_t		 size = strlen(host);

	for (; at != NULL && *at != '\0'; at += strspn(at, " ")) {
		if (strncmp(at, host, size) == 0 && at[size] == '=')
			return at + size + 1;
		at += strcspn(at, " ");
	}

	return NULL;
}

/* How often has this name been looked for before? */
static int
count_looks(const char *host)
{
	static pthread_mutex_t	 lock = PTHREAD_MUTEX_INITIALIZER;
	static char		 names[64][64];
	static int		 looks[64];
	int			 count = 0;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < 64; i++)
		if (names[i][0] == '\0' || strcmp(names[i], host) == 0) {
			(void)snprintf(names[i], sizeof(names[i]), "%s",
			    host);
			count = looks[i]++;
			break;
		}
	pthread_mutex_unlock(&lock);

	return count;
}

/* The system makes one of each address; they are chained as they stand. */
static int
make(look_up *real, const char *list, const struct addrinfo *hints,
    struct addrinfo **out)
{
	struct addrinfo	 numeric = *hints;
	char		 text[64];
	int		 error;

	numeric.ai_flags = AI_NUMERICHOST;
	for (size_t size; *list != '\0' && strchr(" |", *list) == NULL;
	    list += size + (list[size] == ',')) {
		size = strcspn(list, ",| ");
		(void)snprintf(text, sizeof(text), "%.*s", (int)size, list);
		error = real(text, NULL, &numeric, out);
		if (error != 0)
			return error;
		while (*out != NULL)
			out = &(*out)->ai_next;
	}

	return 0;
}

int
getaddrinfo(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **out)
{
	look_up		*real;
	void		*symbol = dlsym(RTLD_NEXT, "getaddrinfo");
	const char	*list = find(host), *more;

	memcpy(&real, &symbol, sizeof(real));
	if (list == NULL)
		return real(host, service, hints, out);
	note("look", host);
	for (int i = count_looks(host); i > 0; i--) {
		more = list + strcspn(list, "| ");
		if (*more != '|')
			break;
		list = more + 1;
	}
	*out = NULL;
	if (strncmp(list, "none", 4) == 0)
		return EAI_NONAME;
	if (strncmp(list, "again", 5) == 0)
		return EAI_AGAIN;
	if (strncmp(list, "never", 5) == 0)
		for (;;)
			pause();

	return make(real, list, hints, out);
}

int
connect(int fd, const struct sockaddr *address, socklen_t size)
{
	struct sockaddr_in	 in;
	struct sockaddr_in6	 in6;
	char			 text[INET6_ADDRSTRLEN] = "";
	bool			 near = true;

	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof(in));
		inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text));
		near = ntohl(in.sin_addr.s_addr) >> 24 == 127;
	} else if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof(in6));
		inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof(text));
		near = IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	}
	if (text[0] != '\0')
		note("connect", text);
	if (!near) {
		errno = ENETUNREACH;
		return -1;
	}

	return (int)syscall(SYS_connect, fd, address, size);
}
