/*
 * net_slot: one request and libcurl's handle for it.
 */
#include <sys/socket.h>

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/limits.h"
#include "lib/net/net_outcome.h"
#include "lib/net/net_slot.h"

/* Longer than LIMIT_NAME_KEPT_S: until then we give it the addresses again. */
#define DNS_S		3600L

static bool
fail(struct net_slot *slot, enum net_outcome outcome, const char *why)
{
	slot->answer.outcome = outcome;
	(void)snprintf(slot->answer.why, sizeof(slot->answer.why), "%s", why);

	return false;
}

/*
 * The last guard: what libcurl is about to connect to, whatever it was told
 * and whatever a name server has said meanwhile.
 */
static curl_socket_t
open_socket(void *with, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct net_slot	*slot = with;
	int		 fd;

	if (purpose != CURLSOCKTYPE_IPCXN || !net_url_may(slot->rules,
	    &slot->place, &address->addr, slot->answer.why,
	    sizeof(slot->answer.why))) {
		slot->forbidden = true;
		return CURL_SOCKET_BAD;
	}
	fd = socket(address->family, address->socktype, address->protocol);
	if (fd != -1)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);

	return fd;
}

/* A name that we gave no addresses for must not be asked for behind us. */
static int
refuse_resolver(void *resolver, void *reserved, void *with)
{
	const struct net_slot *slot = with;

	(void)resolver;
	(void)reserved;

	return !slot->place.number;
}

/* Keep the value of this line, if it is the header of that name. */
static void
keep_header(const char *line, size_t size, const char *name, char out[64])
{
	size_t	 at = strlen(name), end = size;

	if (size < at || strncasecmp(line, name, at) != 0)
		return;
	while (at < end && strchr(" \t", line[at]) != NULL)
		at++;
	while (end > at && strchr(" \t\r\n", line[end - 1]) != NULL)
		end--;
	if (end - at < 64) {
		memcpy(out, line + at, end - at);
		out[end - at] = '\0';
	}
}

/* Of all answers' heads (a 100 may come first) the last one counts. */
static size_t
read_header(char *line, size_t one, size_t size, void *with)
{
	struct net_slot	*slot = with;

	(void)one;
	slot->head += size;
	if (slot->head > LIMIT_ANSWER_HEAD) {
		slot->too_large = true;
		return 0;
	}
	slot->whole_head = line[0] == '\r' || line[0] == '\n';
	if (size >= 5 && memcmp(line, "HTTP/", 5) == 0)
		slot->retry_after[0] = slot->date[0] = '\0';
	keep_header(line, size, "retry-after:", slot->retry_after);
	keep_header(line, size, "date:", slot->date);

	return size;
}

/* The beginning is kept; past LIMIT_ANSWER we hang up. */
static size_t
read_body(char *bytes, size_t one, size_t size, void *with)
{
	struct net_slot	*slot = with;
	size_t		 left = slot->wish.keep - slot->answer.size;
	size_t		 n = size < left ? size : left;

	(void)one;
	memcpy(slot->body + slot->answer.size, bytes, n);
	slot->answer.size += n;
	slot->got += size;
	slot->too_large = slot->got > LIMIT_ANSWER;

	return slot->too_large ? 0 : size;
}

/* Whom to ask for what, and whom never. */
static bool
set_rules(CURL *easy, const struct net_rules *rules)
{
	CURLcode bad = CURLE_OK;

#if LIBCURL_VERSION_NUM >= 0x075500
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS,
	    CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
	bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	/* An empty proxy is none, whatever the environment names. */
	bad |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	bad |= curl_easy_setopt(easy, CURLOPT_NETRC,
	    (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	/*
	 * With a folder of authorities beside the file, as Debian has it, each
	 * new connection would read all of them: a tenth of the speed.
	 */
	bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	if (rules->ca_file != NULL)
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO,
		    rules->ca_file);

	return bad == CURLE_OK;
}

static bool
set_options(struct net_slot *slot)
{
	CURL		*easy = slot->easy;
	CURLcode	 bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
	bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, slot->errors);
	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, DNS_S);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION,
	    open_socket);
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, slot);
	bad |= curl_easy_setopt(easy, CURLOPT_RESOLVER_START_FUNCTION,
	    refuse_resolver);
	bad |= curl_easy_setopt(easy, CURLOPT_RESOLVER_START_DATA, slot);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, read_header);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, read_body);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);

	return bad == CURLE_OK && set_rules(easy, slot->rules);
}

/* All of them or none: half of the rules would be no rules. */
static bool
open_easy(struct net_slot *slot)
{
	slot->easy = curl_easy_init();
	if (slot->easy == NULL)
		return false;
	if (set_options(slot))
		return true;
	curl_easy_cleanup(slot->easy);
	slot->easy = NULL;

	return false;
}

/* What is asked: POST, GET, or another word, with a body or without. */
static bool
set_method(CURL *easy, const struct net_wish *wish)
{
	CURLcode	 bad = CURLE_OK;
	bool		 post = strcmp(wish->method, "POST") == 0;
	bool		 get = strcmp(wish->method, "GET") == 0;

	if (post || wish->size > 0) {
		bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)wish->size);
		bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
		    wish->size > 0 ? wish->body : "");
	} else
		bad |= curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST,
	    post || (get && wish->size == 0) ? NULL : wish->method);

	return bad == CURLE_OK;
}

struct net_slot *
net_slot_new(const struct net_rules *rules)
{
	struct net_slot *slot = calloc(1, sizeof(*slot));

	if (slot != NULL)
		slot->rules = rules;

	return slot;
}

void
net_slot_free(struct net_slot *slot)
{
	curl_easy_cleanup(slot->easy);
	net_lines_free(&slot->lines);
	free(slot->body);
	free(slot);
}

/* At least one byte: for the NUL. */
static bool
make_room(struct net_slot *slot, size_t keep)
{
	char *body;

	if (keep < slot->room)
		return true;
	body = realloc(slot->body, keep + 1);
	if (body == NULL)
		return false;
	slot->body = body;
	slot->room = keep + 1;

	return true;
}

bool
net_slot_begin(struct net_slot *slot, const struct net_wish *wish,
    int64_t now_us)
{
	struct net_answer *answer = &slot->answer;

	assert(wish->keep <= LIMIT_ANSWER);
	slot->wish = *wish;
	slot->from_us = now_us;
	slot->got = slot->head = 0;
	slot->retry_after[0] = slot->date[0] = slot->errors[0] = '\0';
	slot->whole_head = slot->forbidden = slot->too_large = false;
	memset(answer, 0, sizeof(*answer));
	answer->retry_after_s = answer->date_s = -1;
	answer->body = "";
	answer->with = wish->with;

	if (!net_url_read(slot->rules, wish->url, &slot->place, answer->why,
	    sizeof(answer->why))) {
		answer->outcome = NET_FORBIDDEN;
		return false;
	}
	if (!net_lines_set(&slot->lines, wish, answer->why,
	    sizeof(answer->why))) {
		answer->outcome = NET_FAILED;
		return false;
	}
	if (!make_room(slot, wish->keep))
		return fail(slot, NET_FAILED, "our memory ran out");

	return true;
}

bool
net_slot_ready(struct net_slot *slot, int64_t now_us)
{
	int64_t		 left_ms = slot->wish.timeout_ms -
			    (now_us - slot->from_us) / 1000;
	CURLcode	 bad = CURLE_OK;

	if (slot->easy == NULL && !open_easy(slot))
		return fail(slot, NET_FAILED, "libcurl cannot be set up");
	if (slot->name != NULL) {
		memcpy(slot->addresses, slot->name->resolve,
		    sizeof(slot->addresses));
		slot->resolve.data = slot->addresses;
		slot->name = NULL;
		bad |= curl_easy_setopt(slot->easy, CURLOPT_RESOLVE,
		    &slot->resolve);
	} else
		bad |= curl_easy_setopt(slot->easy, CURLOPT_RESOLVE, NULL);
	bad |= curl_easy_setopt(slot->easy, CURLOPT_URL, slot->wish.url);
	bad |= curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER,
	    slot->lines.line);
	bad |= curl_easy_setopt(slot->easy, CURLOPT_TIMEOUT_MS,
	    (long)(left_ms < 1 ? 1 : left_ms));
	if (bad != CURLE_OK || !set_method(slot->easy, &slot->wish))
		return fail(slot, NET_FAILED, "our memory ran out");

	return true;
}

void
net_slot_end(struct net_slot *slot, CURLcode code)
{
	struct net_answer	*answer = &slot->answer;
	long			 status = 0;

	/* A status without the rest of its head is none, and 100 is not it. */
	(void)curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
	if (slot->got > 0 || (slot->whole_head && status >= 200))
		answer->status = (int)status;
	slot->body[answer->size] = '\0';
	answer->body = slot->body;
	if (slot->retry_after[0] != '\0')
		answer->retry_after_s = net_retry_after(slot->retry_after);
	if (slot->date[0] != '\0')
		answer->date_s = (int64_t)curl_getdate(slot->date, NULL);

	/* Our own callbacks said so, and libcurl has a word for the first. */
	if (code == CURLE_WRITE_ERROR && slot->too_large)
		code = CURLE_FILESIZE_EXCEEDED;
	if (code == CURLE_COULDNT_CONNECT && slot->forbidden)
		answer->outcome = NET_FORBIDDEN;
	else
		answer->outcome = net_outcome_read(slot->easy, code,
		    slot->errors, answer->why, sizeof(answer->why));
	/* What it remembers of a bad certificate must not be told again. */
	if (answer->outcome == NET_TLS) {
		curl_easy_cleanup(slot->easy);
		slot->easy = NULL;
	}
}
