#ifndef HTTP_REASON_H
#define HTTP_REASON_H

/* The words that follow a status: "Payment Required" for 402. */
const char	*reason_words(int status);

#endif
