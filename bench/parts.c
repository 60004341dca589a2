/*
 * parts - what signing one file durably is made of, by itself
 *
 * parts KEY FILE DIR N
 * parts KEY FILE CERT...
 *
 * Does N times, and prints the mean wall time of each in milliseconds: sign 32
 * bytes with the private key in KEY (PEM); SHA-256 of what is in FILE; write
 * that many bytes to a new file in DIR and make it durable, name and all; the
 * same, but TOGETHER of them at a time, data first, with syncfs(2).
 *
 * With certificates: reads them and the key, digests what is in FILE, signs
 * once, and ends.  OpenSSL is used as we use it: without its configuration,
 * random numbers by Hash_DRBG, nothing taken apart at the end.  A bound from
 * below: nothing is written.
 */
#include <sys/stat.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#define TOGETHER 64

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static unsigned char *
read_file(const char *path, size_t *len)
{
	struct stat st;
	unsigned char *p;
	int fd = open(path, O_RDONLY);

	if (fd == -1 || fstat(fd, &st) != 0 ||
	    (p = malloc((size_t)st.st_size)) == NULL ||
	    read(fd, p, (size_t)st.st_size) != st.st_size)
		err(2, "%s", path);
	close(fd);
	*len = (size_t)st.st_size;
	return p;
}

static void
sign(EVP_PKEY *key)
{
	static const unsigned char digest[32] = { 1 };
	unsigned char value[1024];
	size_t len = sizeof(value);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);

	if (ctx == NULL || EVP_PKEY_sign_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1 ||
	    EVP_PKEY_sign(ctx, value, &len, digest, sizeof(digest)) != 1)
		errx(2, "the key does not sign");
	EVP_PKEY_CTX_free(ctx);
}

static void
write_file(int dir, long i, const unsigned char *data, size_t len)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "%ld", i);
	if ((fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0666)) == -1 ||
	    write(fd, data, len) != (ssize_t)len || fsync(fd) != 0 ||
	    close(fd) != 0 || fsync(dir) != 0)
		err(2, "%s", name);
}

static void
sync_all(int dir)
{
	if (syncfs(dir) != 0)
		err(2, "syncfs");
}

/* N files "I", "I+1", ...: no name is there before all data are. */
static void
write_together(int dir, long i, long n, const unsigned char *data, size_t len)
{
	char name[32], path[64];
	int fds[TOGETHER];
	long k;

	for (k = 0; k < n; k++)
		if ((fds[k] = openat(dir, ".", O_WRONLY | O_TMPFILE, 0666)) ==
			-1 ||
		    write(fds[k], data, len) != (ssize_t)len)
			err(2, "a file without a name");
	sync_all(dir);
	for (k = 0; k < n; k++) {
		snprintf(name, sizeof(name), "t%ld", i + k);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[k]);
		if (linkat(AT_FDCWD, path, dir, name, AT_SYMLINK_FOLLOW) != 0 ||
		    close(fds[k]) != 0)
			err(2, "%s", name);
	}
	sync_all(dir);
}

static EVP_PKEY *
read_key(const char *path)
{
	FILE *f = fopen(path, "r");
	EVP_PKEY *key = NULL;

	if (f == NULL ||
	    (key = PEM_read_PrivateKey(f, NULL, NULL, NULL)) == NULL)
		errx(2, "%s: no key", path);
	fclose(f);
	return key;
}

static int
once(int argc, char *argv[])
{
	unsigned char md[EVP_MAX_MD_SIZE], *data;
	EVP_PKEY *key;
	X509 *cert;
	size_t len;
	FILE *f;
	int i;

	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
				    OPENSSL_INIT_NO_ATEXIT,
		NULL) != 1 ||
	    RAND_set_DRBG_type(NULL, "HASH-DRBG", NULL, NULL, "SHA256") != 1)
		errx(2, "OpenSSL does not start");
	key = read_key(argv[1]);

	for (i = 3; i < argc; i++) {
		if ((f = fopen(argv[i], "r")) == NULL ||
		    (cert = PEM_read_X509(f, NULL, NULL, NULL)) == NULL)
			errx(2, "%s: no certificate", argv[i]);
		fclose(f);
		X509_free(cert);
	}
	data = read_file(argv[2], &len);
	if (EVP_Digest(data, len, md, NULL, EVP_sha256(), NULL) != 1)
		errx(2, "no SHA-256");
	sign(key);
	free(data);
	EVP_PKEY_free(key);
	return 0;
}

int
main(int argc, char *argv[])
{
	unsigned char md[EVP_MAX_MD_SIZE], *data;
	double at[5];
	EVP_PKEY *key;
	size_t len;
	long i, n;
	int dir;

	if (argc >= 4 && strstr(argv[argc - 1], ".crt") != NULL)
		return once(argc, argv);
	if (argc != 5 || (n = strtol(argv[4], NULL, 10)) < 1)
		errx(2, "usage: parts KEY FILE DIR N");
	key = read_key(argv[1]);
	data = read_file(argv[2], &len);
	if ((dir = open(argv[3], O_RDONLY | O_DIRECTORY)) == -1)
		err(2, "%s", argv[3]);
	sign(key);
	at[0] = now_ms();
	for (i = 0; i < n; i++)
		sign(key);
	at[1] = now_ms();
	for (i = 0; i < n; i++)
		if (EVP_Digest(data, len, md, NULL, EVP_sha256(), NULL) != 1)
			errx(2, "no SHA-256");
	at[2] = now_ms();
	for (i = 0; i < n; i++)
		write_file(dir, i, data, len);
	at[3] = now_ms();
	for (i = 0; i < n; i += TOGETHER)
		write_together(dir, i, n - i < TOGETHER ? n - i : TOGETHER,
		    data, len);
	at[4] = now_ms();
	printf("%.4f %.4f %.4f %.4f\n", (at[1] - at[0]) / (double)n,
	    (at[2] - at[1]) / (double)n, (at[3] - at[2]) / (double)n,
	    (at[4] - at[3]) / (double)n);
	close(dir);
	free(data);
	EVP_PKEY_free(key);
	return 0;
}
