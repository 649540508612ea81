/*
 * net_outcome: from libcurl's many results to our few, with a sentence that
 * helps who owns the receiver.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/net/net_outcome.h"

static const char *const words[] = {
	[NET_ANSWERED] = "answered",
	[NET_NO_NAME] = "no_name",
	[NET_NO_DNS] = "no_dns",
	[NET_FORBIDDEN] = "forbidden",
	[NET_NO_CONNECTION] = "no_connection",
	[NET_TLS] = "tls",
	[NET_TIMEOUT] = "timeout",
	[NET_RESET] = "reset",
	[NET_GARBAGE] = "garbage",
	[NET_TOO_LARGE] = "too_large",
	[NET_FAILED] = "failed",
};

static const struct {
	CURLcode		 code;
	enum net_outcome	 outcome;
	const char		*why;
} rows[] = {
	{ CURLE_OK, NET_ANSWERED, "" },
	{ CURLE_COULDNT_CONNECT, NET_NO_CONNECTION,
	    "no connection could be made" },
	{ CURLE_SSL_CONNECT_ERROR, NET_TLS, "the TLS handshake failed" },
	{ CURLE_PEER_FAILED_VERIFICATION, NET_TLS,
	    "its certificate is not valid" },
	{ CURLE_SSL_CIPHER, NET_TLS, "it offers no cipher that we take" },
	{ CURLE_SSL_INVALIDCERTSTATUS, NET_TLS,
	    "its certificate is not valid" },
	{ CURLE_SSL_ISSUER_ERROR, NET_TLS, "its certificate's issuer is not "
	    "known" },
	{ CURLE_OPERATION_TIMEDOUT, NET_TIMEOUT,
	    "it did not answer in whole within the time limit" },
	{ CURLE_GOT_NOTHING, NET_RESET,
	    "it closed the connection without an answer" },
	{ CURLE_RECV_ERROR, NET_RESET,
	    "it broke the connection off before its answer was whole" },
	{ CURLE_SEND_ERROR, NET_RESET,
	    "it broke the connection off before it had read the request" },
	{ CURLE_PARTIAL_FILE, NET_RESET,
	    "its answer was shorter than it had said" },
	{ CURLE_UNSUPPORTED_PROTOCOL, NET_GARBAGE,
	    "what it answered is not HTTP/1.1" },
	{ CURLE_WEIRD_SERVER_REPLY, NET_GARBAGE,
	    "what it answered is not HTTP/1.1" },
	{ CURLE_BAD_CONTENT_ENCODING, NET_GARBAGE,
	    "its answer's encoding is broken" },
	{ CURLE_HTTP2, NET_GARBAGE, "what it answered is not HTTP/1.1" },
	{ CURLE_FILESIZE_EXCEEDED, NET_TOO_LARGE,
	    "its answer was longer than we read" },
	{ CURLE_OUT_OF_MEMORY, NET_FAILED, "our memory ran out" },
	{ CURLE_SSL_CACERT_BADFILE, NET_FAILED,
	    "our file of certificate authorities cannot be read" },
};

/* What OpenSSL says of a certificate: X509_V_ERR_ in openssl-verify(1). */
static const struct {
	long		 result;
	const char	*why;
} certificates[] = {
	/* libcurl alone compares the name: 1 is how its result begins. */
	{ 0, "its certificate is for another host name" },
	{ 1, "its certificate is for another host name" },
	{ 2, "its certificate's chain is not whole: an intermediate "
	    "certificate is missing, or the issuer is not known" },
	{ 9, "its certificate is not valid yet" },
	{ 10, "its certificate has expired" },
	{ 18, "its certificate is self-signed" },
	{ 19, "its certificate's chain ends in a root that is not known" },
	{ 20, "its certificate's chain is not whole: an intermediate "
	    "certificate is missing, or the issuer is not known" },
	{ 21, "its certificate's chain is not whole: an intermediate "
	    "certificate is missing, or the issuer is not known" },
	{ 23, "its certificate was revoked" },
	{ 62, "its certificate is for another host name" },
	{ 66, "its certificate's key is too weak" },
	{ 68, "its certificate's signature is too weak" },
};

static const struct {
	long		 error;
	const char	*why;
} connections[] = {
	{ ECONNREFUSED, "the connection was refused: nothing listens there" },
	{ ENETUNREACH, "its network cannot be reached" },
	{ EHOSTUNREACH, "its host cannot be reached" },
	{ ETIMEDOUT, "its host did not take the connection in time" },
	{ ECONNRESET, "it broke the connection off" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *
net_word(enum net_outcome outcome)
{
	return outcome < COUNT(words) ? words[outcome] : NULL;
}

static const char *
why_certificate(CURL *easy, const char *why)
{
	long	 result = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &result);
	for (size_t i = 0; i < COUNT(certificates); i++)
		if (certificates[i].result == result)
			return certificates[i].why;

	return why;
}

static const char *
why_connection(CURL *easy, const char *why)
{
	long	 error = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
	for (size_t i = 0; i < COUNT(connections); i++)
		if (connections[i].error == error)
			return connections[i].why;

	return why;
}

/* Was it the connection, the handshake or the answer that took so long? */
static const char *
why_timeout(CURL *easy, const char *why)
{
	curl_off_t	 connected = 0, sent = 0;
	long		 opened = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
	(void)curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
	(void)curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &opened);
	if (opened > 0 && connected == 0)
		return "its host did not take the connection in time";
	if (opened > 0 && sent == 0)
		return "the TLS handshake was not done in time";

	return why;
}

enum net_outcome
net_outcome_read(CURL *easy, CURLcode code, const char *errors, char *why,
    size_t size)
{
	const char	*sentence = NULL;
	curl_off_t	 begun = 0;

	/* libcurl has one code for this and for a broken connection. */
	if (code == CURLE_RECV_ERROR && strstr(errors, "chunk") != NULL)
		code = CURLE_WEIRD_SERVER_REPLY;
	/* And one for its own limit of a header's line and for our memory. */
	(void)curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &begun);
	if (code == CURLE_OUT_OF_MEMORY && begun > 0)
		code = CURLE_FILESIZE_EXCEEDED;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].code != code)
			continue;
		sentence = rows[i].why;
		if (code == CURLE_PEER_FAILED_VERIFICATION)
			sentence = why_certificate(easy, sentence);
		else if (code == CURLE_COULDNT_CONNECT)
			sentence = why_connection(easy, sentence);
		else if (code == CURLE_OPERATION_TIMEDOUT)
			sentence = why_timeout(easy, sentence);
		(void)snprintf(why, size, "%s", sentence);
		return rows[i].outcome;
	}
	(void)snprintf(why, size, "it could not be called: %s",
	    curl_easy_strerror(code));

	return NET_FAILED;
}
