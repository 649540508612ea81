#ifndef NET_NET_BUNDLE_H
#define NET_NET_BUNDLE_H

/*
 * The system's bundle of certificate authorities, wherever this system has
 * it; NULL if it has none that we may read.
 */
const char	*net_bundle(void);

#endif
