/* verify_beside.c - the file that a detached signature's name says it signs */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "vanthu/verify.h"

#define SIGNED ".signed" /* what signing a signature once more puts there */

/* Cut SUFFIX off NAME; false: it does not end so. */
static bool
cut(char *name, const char *suffix)
{
	size_t len = strlen(name), n = strlen(suffix);

	if (len <= n || strcmp(name + len - n, suffix) != 0)
		return false;
	name[len - n] = '\0';
	return true;
}

char *
vt_verify_content_beside(const char *path)
{
	char *name = strdup(path);
	struct stat st;

	if (name == NULL || !cut(name, ".p7s") || name[0] == '\0') {
		free(name);
		return NULL;
	}
	do
		if (stat(name, &st) == 0 && S_ISREG(st.st_mode))
			return name;
	while (cut(name, VT_VERIFY_EXTENDED) || cut(name, SIGNED));
	free(name);
	return NULL;
}
