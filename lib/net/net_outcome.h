#ifndef NET_NET_OUTCOME_H
#define NET_NET_OUTCOME_H

#include <stddef.h>

#include <curl/curl.h>

#include "lib/net/net.h"

/*
 * What libcurl's result means to the owner of the URL, with a sentence ("" if
 * it was answered).  The handle is asked for what it knows besides, and so is
 * what libcurl wrote into the handle's CURLOPT_ERRORBUFFER.
 */
enum net_outcome	 net_outcome_read(CURL *, CURLcode,
			    const char *errors, char *why, size_t size);

#endif
