/* key_p11_paths.c - where the PKCS#11 modules of a machine are */
#include <dirent.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/file.h"

#define CONFIG_MAX (16u * 1024) /* bytes of a .module file */

/* p11-kit's folders (pkcs11.conf(5)); the machine's own stands first. */
static const char *const config_dirs[] = { "/etc/pkcs11/modules",
	"/usr/share/p11-kit/modules" };

/* Where a relative path in them starts. */
static const char *const module_dirs[] = { "/usr/lib/*-linux-gnu/pkcs11",
	"/usr/lib64/pkcs11", "/usr/lib/pkcs11" };

/*
 * Where the software of the tokens in use installs them: Bit4ID (xPKI) and
 * SafeNet (eToken, IDPrime), whose tokens officers have, Gemalto's older ones,
 * Feitian, Yubico, OpenSC and SoftHSM.
 */
static const char *const known_dirs[] = { "/usr/lib", "/usr/lib/*-linux-gnu",
	"/usr/lib64", "/usr/local/lib", "/opt/*/lib", "/usr/lib/softhsm",
	"/usr/local/lib/softhsm" };
static const char *const known_names[] = { "libbit4xpki.so", "libbit4ipki.so",
	"libeTPkcs11.so", "libeToken.so", "libIDPrimePKCS11.so", "libgclib.so",
	"libcastle.so*", "libcastle_v2.so*", "libykcs11.so", "libykcs11.so.*",
	"opensc-pkcs11.so", "libsofthsm2.so" };

#define N(a) (sizeof(a) / sizeof((a)[0]))

void
vt_key_modules_release(struct vt_key_module_paths *paths)
{
	size_t i;

	for (i = 0; i < paths->n; i++)
		free(paths->items[i].path);
	free(paths->items);
	memset(paths, 0, sizeof(*paths));
}

/* Two names of one file. */
static bool
same_file(const char *a, const char *b)
{
	struct stat x, y;

	if (strcmp(a, b) == 0)
		return true;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static int
add(struct vt_key_module_paths *to, const char *path, enum vt_key_source source,
    struct vt_error *err)
{
	struct vt_key_module_path *items;
	char *copy;
	size_t i;

	if (path[0] != '/')
		return vt_error_set(err, VT_EARG, NULL,
		    "the PKCS#11 module %s is not a path from / on", path);
	for (i = 0; i < to->n; i++)
		if (same_file(to->items[i].path, path))
			return VT_OK;
	if (to->n >= VT_KEY_MODULES_MAX)
		return VT_OK;
	items = realloc(to->items, (to->n + 1) * sizeof(*items));
	if (items == NULL)
		return vt_error_nomem(err);
	to->items = items;
	if ((copy = strdup(path)) == NULL)
		return vt_error_nomem(err);
	items[to->n].path = copy;
	items[to->n].source = source;
	to->n++;
	return VT_OK;
}

/* The files that match DIR/NAME, both with stars, are found. */
static int
match(const char *dir, const char *name, struct vt_list *ret,
    struct vt_error *err)
{
	char *pattern = vt_path_join(dir, name);
	glob_t g;
	size_t i;
	int rc = VT_OK;

	if (pattern == NULL)
		return vt_error_nomem(err);
	if (glob(pattern, 0, NULL, &g) == 0) {
		for (i = 0; i < g.gl_pathc && rc == VT_OK; i++)
			rc = vt_list_add(ret, g.gl_pathv[i], err);
		globfree(&g);
	}
	free(pattern);
	return rc;
}

/* --- p11-kit's files --- */

struct config {
	char module[512];
	bool skip; /* it is not a module for us */
};

/* WORD is one of LIST, which has commas and blanks between. */
static bool
listed(const char *list, const char *word)
{
	size_t n, len = strlen(word);

	for (; *list != '\0'; list += n) {
		list += strspn(list, ", \t");
		n = strcspn(list, ", \t");
		if (n == len && strncmp(list, word, n) == 0)
			return true;
	}
	return false;
}

/* "NAME: VALUE"; # begins a comment. */
static void
config_line(struct config *c, char *line)
{
	char *value = strchr(line, ':');
	size_t len;

	if (line[0] == '#' || value == NULL)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	for (len = strlen(value); len > 0 && strchr(" \t\r", value[len - 1]);)
		value[--len] = '\0';
	if (strcmp(line, "module") == 0 && len < sizeof(c->module))
		memcpy(c->module, value, len + 1);
	/* It holds anchors, not keys; or it is for named programs. */
	else if ((strcmp(line, "trust-policy") == 0 &&
		     strcmp(value, "yes") == 0) ||
		 (strcmp(line, "enable-in") == 0 && !listed(value, "vanthu")) ||
		 (strcmp(line, "disable-in") == 0 && listed(value, "vanthu")))
		c->skip = true;
}

static int
config_read(const char *path, struct vt_list *ret, struct vt_error *err)
{
	struct config c = { .module = "" };
	char *text, *line, *next;
	struct vt_buf buf;
	size_t i;
	int rc = VT_OK;

	/* One that cannot be read names nothing: p11-kit goes on, too. */
	if (vt_file_read(path, CONFIG_MAX, &buf, NULL) != VT_OK)
		return VT_OK;
	text = vt_bytes_dup(vt_buf_bytes(&buf));
	vt_buf_release(&buf);
	for (line = text; line != NULL; line = next) {
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		config_line(&c, line);
	}
	free(text);
	if (c.skip || c.module[0] == '\0')
		return VT_OK;
	if (c.module[0] == '/')
		return vt_list_add(ret, c.module, err);
	for (i = 0; i < N(module_dirs) && rc == VT_OK; i++)
		rc = match(module_dirs[i], c.module, ret, err);
	return rc;
}

int
vt_key_p11_configs(const char *dir, struct vt_list *ret, struct vt_error *err)
{
	struct vt_list files = { 0 };
	size_t i;
	int rc;

	rc = match(dir, "*.module", &files, err);
	for (i = 0; i < files.n && rc == VT_OK; i++)
		rc = config_read(files.items[i], ret, err);
	vt_list_release(&files);
	return rc;
}

static int
add_all(struct vt_key_module_paths *to, const struct vt_list *paths,
    enum vt_key_source source, struct vt_error *err)
{
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < paths->n && rc == VT_OK; i++)
		rc = add(to, paths->items[i], source, err);
	return rc;
}

int
vt_key_modules(const char *named, const char *conf,
    struct vt_key_module_paths *ret, struct vt_error *err)
{
	struct vt_key_module_paths paths = { 0 };
	struct vt_list kit = { 0 }, known = { 0 };
	size_t i, k;
	int rc = VT_OK;

	if (named != NULL)
		rc = add(&paths, named, VT_KEY_FROM_NAMED, err);
	if (rc == VT_OK && conf != NULL)
		rc = add(&paths, conf, VT_KEY_FROM_CONF, err);
	for (i = 0; i < N(config_dirs) && rc == VT_OK; i++)
		rc = vt_key_p11_configs(config_dirs[i], &kit, err);
	for (k = 0; k < N(known_names) && rc == VT_OK; k++)
		for (i = 0; i < N(known_dirs) && rc == VT_OK; i++)
			rc = match(known_dirs[i], known_names[k], &known, err);
	if (rc == VT_OK &&
	    (rc = add_all(&paths, &kit, VT_KEY_FROM_P11KIT, err)) == VT_OK)
		rc = add_all(&paths, &known, VT_KEY_FROM_KNOWN, err);
	vt_list_release(&kit);
	vt_list_release(&known);
	if (rc == VT_OK)
		*ret = paths;
	else
		vt_key_modules_release(&paths);
	return rc;
}

/* "softhsm2" is libsofthsm2.so, and so are softhsm2.so.1 and the whole name. */
bool
vt_key_module_named(const char *path, const char *name)
{
	const char *base = strrchr(path, '/'), *end;
	size_t len;

	base = base != NULL ? base + 1 : path;
	if (strcasecmp(base, name) == 0)
		return true;
	if ((end = strstr(base, ".so")) == NULL)
		return false;
	len = (size_t)(end - base);
	if (len == strlen(name) && strncasecmp(base, name, len) == 0)
		return true;
	return len > 3 && strncmp(base, "lib", 3) == 0 &&
	       len - 3 == strlen(name) &&
	       strncasecmp(base + 3, name, len - 3) == 0;
}
