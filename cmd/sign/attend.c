/* attend.c - who is there while a key is used */
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sign.h"
#include "vanthu/cli.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

/*
 * Attended is what has a controlling terminal, whatever its standard input and
 * output are: a pipeline that somebody typed has one, a job of cron, a timer's
 * or a daemon's has none.
 */
static bool
has_terminal(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int
sign_unattended(const struct vt_cli *cli, bool *ret, struct vt_error *err)
{
	char *path = vt_path_join(cli->home, VT_CONF_NAME);
	struct vt_conf *conf = NULL;
	int rc = VT_OK;

	if (path == NULL)
		return vt_error_nomem(err);
	*ret = false;
	if (!has_terminal() && access(path, R_OK) == 0 &&
	    (rc = vt_conf_read(path, &conf, err)) == VT_OK)
		*ret =
		    strcmp(vt_conf_get(conf, "sign", "unattended"), "no") == 0;
	vt_conf_free(conf);
	free(path);
	return rc;
}

/* The number in TEXT is that of a user, and NAME is what he is called. */
static bool
is_user(const char *text, const char *name)
{
	const struct passwd *pw;
	unsigned long n;
	char *end;

	n = strtoul(text, &end, 10);
	if (end == text || *end != '\0' || (uid_t)n != n)
		return false;
	pw = getpwuid((uid_t)n);
	return pw != NULL && strcmp(pw->pw_name, name) == 0;
}

const char *
sign_operator(char *out, size_t size)
{
	const char *name = getenv("SUDO_USER"), *uid = getenv("SUDO_UID");
	const struct passwd *pw;

	/* sudo sets both; what does not agree is not from it. */
	if (name == NULL || uid == NULL || !is_user(uid, name))
		return NULL;
	pw = getpwuid(getuid());
	if (pw != NULL)
		snprintf(out, size, "%s (sudo: %s)", pw->pw_name, name);
	else
		snprintf(out, size, "%lu (sudo: %s)", (unsigned long)getuid(),
		    name);
	return out;
}
