/* transport_secret.c - secrets, paths and numbers of [transport] */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transport_int.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

#define SECRET_FILE_MAX 4096
#define SECONDS_MAX 3600

static int
take_line(const char *path, int fd, struct vt_secret *ret, struct vt_error *err)
{
	char text[SECRET_FILE_MAX];
	size_t n = 0, len = 0;
	int rc;

	if ((rc = vt_fd_read(fd, text, sizeof(text), &n, err)) != VT_OK)
		return rc;
	while (len < n && text[len] != '\n' && text[len] != '\r' &&
	       text[len] != '\0')
		len++;
	if (len == 0 || len == sizeof(text))
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "%s: its first line is no secret", path);
	else
		rc = vt_secret_set(ret, text, len, err);
	explicit_bzero(text, sizeof(text));
	return rc;
}

static int
open_private(const char *path, int *ret, struct vt_error *err)
{
	struct stat st;
	int rc = VT_OK;

	*ret = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*ret == -1)
		return vt_error_set(err, VT_EKEY, NULL,
		    "cannot read the secret %s: %s", path, strerror(errno));
	if (fstat(*ret, &st) == -1 || !S_ISREG(st.st_mode))
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "the secret %s is no regular file", path);
	else if ((st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "the secret %s is open to others: chmod o= and g-w", path);
	if (rc != VT_OK)
		close(*ret);
	return rc;
}

int
vt_transport_secret(const char *path, struct vt_secret *ret,
    struct vt_error *err)
{
	int fd, rc;

	if ((rc = open_private(path, &fd, err)) != VT_OK)
		return rc;
	rc = take_line(path, fd, ret, err);
	close(fd);
	return rc;
}

int
vt_transport_private(const char *path, struct vt_error *err)
{
	int fd, rc;

	if ((rc = open_private(path, &fd, err)) == VT_OK)
		close(fd);
	return rc;
}

char *
vt_transport_path(const char *folder, const char *path)
{
	return path[0] == '/' || folder == NULL ? strdup(path)
						: vt_path_join(folder, path);
}

int
vt_transport_seconds(const char *text, unsigned unless, unsigned *ret,
    struct vt_error *err)
{
	unsigned n = 0;
	size_t i;

	if (text == NULL) {
		*ret = unless;
		return VT_OK;
	}
	for (i = 0; text[i] >= '0' && text[i] <= '9' && n <= SECONDS_MAX; i++)
		n = n * 10 + (unsigned)(text[i] - '0');
	if (text[i] != '\0' || n == 0 || n > SECONDS_MAX)
		return vt_error_set(err, VT_EARG, NULL,
		    "\"%s\" is not a number of seconds from 1 to %d", text,
		    SECONDS_MAX);
	*ret = n;
	return VT_OK;
}
