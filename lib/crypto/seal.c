/*
 * Secrets at rest, by AES-256-GCM (NIST SP 800-38D).  A nonce is twelve
 * random bytes, good for four thousand million sealings under one master key
 * (section 8.3); a site seals a few for each API key and webhook.
 */
#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/crypto/engine.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/random.h"
#include "lib/crypto/seal.h"

#define KEY_SIZE	32
#define NONCE_SIZE	12
#define TAG_SIZE	16

/* Set once, by seal_load(), before there are threads. */
static unsigned char	master[KEY_SIZE];
static bool		loaded;

/* 64 hex digits and at most a line end, of a file of nothing else. */
static bool
read_key(int fd, unsigned char key[KEY_SIZE])
{
	char	text[2 * KEY_SIZE + 4];
	ssize_t	size;
	bool	good = false;

	size = read(fd, text, sizeof(text) - 1);
	if (size >= 2 * KEY_SIZE) {
		text[size] = '\0';
		if (strcmp(text + 2 * KEY_SIZE, "\n") == 0 ||
		    strcmp(text + 2 * KEY_SIZE, "\r\n") == 0)
			text[2 * KEY_SIZE] = '\0';
		good = encode_unhex(key, KEY_SIZE, text);
	}
	OPENSSL_cleanse(text, sizeof(text));

	return good;
}

enum seal_load
seal_load(const char *path)
{
	unsigned char	key[KEY_SIZE];
	struct stat	file;
	enum seal_load	result = SEAL_MALFORMED;
	int		fd;

	/* A pipe would keep us waiting for a writer. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return SEAL_MISSING;
	if (fstat(fd, &file) == -1) {
		result = SEAL_MISSING;
	} else if (S_ISREG(file.st_mode) &&
	    (file.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		result = SEAL_EXPOSED;
	} else if (S_ISREG(file.st_mode) && read_key(fd, key)) {
		memcpy(master, key, sizeof(master));
		loaded = true;
		result = SEAL_OK;
	}
	(void)close(fd);
	OPENSSL_cleanse(key, sizeof(key));

	return result;
}

/* A file is on disk only when its name is: sync the folder too. */
static bool
sync_folder(const char *path)
{
	const char	*slash = strrchr(path, '/');
	char		 folder[PATH_MAX];
	int		 fd;
	bool		 good;

	if (strlen(path) >= sizeof(folder))
		return false;
	if (slash == NULL)
		strcpy(folder, ".");
	else
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    (int)(slash - path) + 1, path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return false;
	good = fsync(fd) == 0;
	(void)close(fd);

	return good;
}

bool
seal_create(const char *path)
{
	char	text[2 * KEY_SIZE + 1];
	bool	good;
	int	fd;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return false;
	random_hex(text, KEY_SIZE);
	text[2 * KEY_SIZE] = '\n';
	good = write(fd, text, sizeof(text)) == (ssize_t)sizeof(text) &&
	    fsync(fd) == 0;
	good = close(fd) == 0 && good;
	good = good && sync_folder(path);
	OPENSSL_cleanse(text, sizeof(text));
	if (!good)
		(void)unlink(path);

	return good;
}

/* One block of it, which is all that is asked for. */
void
seal_derive(unsigned char key[SHA256_SIZE], const char *label)
{
	assert(loaded);
	hmac_sign(key, (struct piece){ master, sizeof(master) },
	    (struct piece[]){ { label, strlen(label) }, { "\001", 1 } }, 2);
}

/*
 * Set the cipher on its way, in one direction or the other, with everything
 * that is authenticated and not hidden.
 */
static EVP_CIPHER_CTX *
begin(const unsigned char nonce[NONCE_SIZE], const char *label, int closing)
{
	EVP_CIPHER_CTX	*gcm = engine_get()->gcm;
	size_t		 size = strlen(label);
	int		 done;

	assert(loaded);
	assert(size <= INT_MAX);
	engine_must(EVP_CipherInit_ex2(gcm, NULL, master, nonce, closing,
	    NULL), "AES-256-GCM");
	engine_must(EVP_CipherUpdate(gcm, NULL, &done,
	    (const unsigned char *)label, (int)size), "AES-256-GCM");

	return gcm;
}

unsigned char *
seal_close(struct arena *arena, const char *label, const char *text,
    size_t *size)
{
	size_t		 length = strlen(text);
	unsigned char	*sealed, *hidden;
	EVP_CIPHER_CTX	*gcm;
	int		 done;

	assert(length <= INT_MAX);
	sealed = arena_alloc(arena, NONCE_SIZE + length + TAG_SIZE);
	hidden = sealed + NONCE_SIZE;
	random_bytes(sealed, NONCE_SIZE);

	gcm = begin(sealed, label, 1);
	engine_must(EVP_CipherUpdate(gcm, hidden, &done,
	    (const unsigned char *)text, (int)length), "seal");
	engine_must(EVP_CipherFinal_ex(gcm, hidden + length, &done), "seal");
	engine_must(EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE,
	    hidden + length), "seal");
	*size = NONCE_SIZE + length + TAG_SIZE;

	return sealed;
}

const char *
seal_open(struct arena *arena, const char *label, const unsigned char *sealed,
    size_t size)
{
	const unsigned char	*hidden;
	unsigned char		*text, tag[TAG_SIZE];
	EVP_CIPHER_CTX		*gcm;
	size_t			 length;
	int			 done;

	assert(loaded);
	if (size < NONCE_SIZE + TAG_SIZE || size > INT_MAX)
		return NULL;
	hidden = sealed + NONCE_SIZE;
	length = size - NONCE_SIZE - TAG_SIZE;
	text = arena_alloc(arena, length + 1);
	memcpy(tag, hidden + length, TAG_SIZE);

	gcm = begin(sealed, label, 0);
	engine_must(EVP_CipherUpdate(gcm, text, &done, hidden, (int)length),
	    "open");
	engine_must(EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE,
	    tag), "open");
	if (EVP_CipherFinal_ex(gcm, text + length, &done) != 1) {
		/* Nobody may see what was not sealed by us. */
		OPENSSL_cleanse(text, length);
		return NULL;
	}

	return (const char *)text;
}
