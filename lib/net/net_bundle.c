/*
 * net_bundle: where systems keep the certificate authorities that they trust.
 * A program that is carried from one system to another cannot know when it is
 * built.
 */
#include <stddef.h>
#include <unistd.h>

#include "lib/net/net_bundle.h"

static const char *const places[] = {
	/* Debian, Ubuntu, Arch, Alpine, Gentoo */
	"/etc/ssl/certs/ca-certificates.crt",
	/* RHEL, AlmaLinux, CloudLinux, CentOS, Fedora; the second without
	 * the old names */
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	/* SUSE */
	"/etc/ssl/ca-bundle.pem",
	"/var/lib/ca-certificates/ca-bundle.pem",
	/* Alpine without ca-certificates */
	"/etc/ssl/cert.pem",
	NULL
};

const char *
net_bundle(void)
{
	for (size_t i = 0; places[i] != NULL; i++)
		if (access(places[i], R_OK) == 0)
			return places[i];

	return NULL;
}
