/* transport_sftp.c - folders on a server of SSH: our account there, offering */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport_sftp_int.h"
#include "vanthu/source.h"

#define CONNECT_S 10
#define TIMEOUT_S 30
#define SILENT 2 /* calls without an answer: nobody is there */
#define TRIES 8  /* times that a name may come and go */

static void
sftp_close(void *state)
{
	struct sftp *s = state;

	if (s == NULL)
		return;
	vt_sftp_free(s->client);
	free(s->user);
	free(s->host);
	free(s->dir);
	free(s->own);
	free(s->known_hosts);
	free(s->key);
	free(s->secret_path);
	free(s);
}

/* ---- opening ---- */

static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789";

/* The LEN characters of TEXT, all letters, digits or of ALSO; else NULL. */
static char *
take(const char *text, size_t len, const char *also, bool *bad)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (strchr(letters, text[i]) == NULL &&
		    strchr(also, text[i]) == NULL)
			break;
	*bad = *bad || i < len || len == 0 || text[0] == '-';
	return *bad ? NULL : strndup(text, len);
}

static bool
take_port(const char *text, size_t len, unsigned *ret)
{
	unsigned port = 0;
	size_t i;

	for (i = 0; i < len && text[i] >= '0' && text[i] <= '9' && i < 5; i++)
		port = port * 10 + (unsigned)(text[i] - '0');
	*ret = port;
	return i == len && port > 0 && port <= 65535;
}

/* "//USER@HOST[:PORT]/DIR" */
static int
take_url(struct sftp *s, const char *rest, struct vt_error *err)
{
	const char *at = strchr(rest, '@'), *host, *colon, *path;
	bool bad = strncmp(rest, "//", 2) != 0 || at == NULL;
	size_t len;

	if (!bad) {
		host = at + 1;
		path = host + strcspn(host, "/");
		colon = host[0] == '['
			    ? memchr(host, ']', (size_t)(path - host))
			    : host;
		bad = colon == NULL;
		if (!bad) {
			colon += strcspn(colon, ":/");
			s->user = take(rest + 2, (size_t)(at - rest - 2), "._-",
			    &bad);
			s->host = host[0] == '['
				      ? take(host, (size_t)(colon - host),
					    "[]:.", &bad)
				      : take(host, (size_t)(colon - host), ".-",
					    &bad);
			bad = bad ||
			      (colon < path &&
				  !take_port(colon + 1,
				      (size_t)(path - colon - 1), &s->port));
			for (len = strlen(path);
			     len > 1 && path[len - 1] == '/'; len--)
				;
			s->dir = take(path, len, "._-/", &bad);
			bad = bad || strstr(path, "/..") != NULL || len < 2;
		}
	}
	if (bad)
		return vt_error_set(err, VT_EARG, NULL,
		    "such an address is sftp://USER@HOST[:PORT]/PATH");
	return s->user != NULL && s->host != NULL && s->dir != NULL
		   ? VT_OK
		   : (int)vt_error_nomem(err);
}

static bool
copy_path(char **to, const struct vt_transport_settings *s, const char *path)
{
	return path == NULL ||
	       (*to = vt_transport_path(s->folder, path)) != NULL;
}

static int
sftp_open(const char *rest, const char *own,
    const struct vt_transport_settings *settings, void **ret,
    struct vt_error *err)
{
	struct sftp *s = calloc(1, sizeof(*s));
	int rc;

	if (s == NULL)
		return vt_error_nomem(err);
	if ((rc = take_url(s, rest, err)) != VT_OK ||
	    (rc = vt_transport_seconds(settings->timeout, TIMEOUT_S,
		 &s->timeout_s, err)) != VT_OK)
		goto out;
	if ((s->own = strdup(own)) == NULL ||
	    !copy_path(&s->known_hosts, settings, settings->known_hosts) ||
	    !copy_path(&s->key, settings, settings->key) ||
	    !copy_path(&s->secret_path, settings, settings->secret)) {
		rc = vt_error_nomem(err);
		goto out;
	}
	*ret = s;
	s = NULL;
out:
	sftp_close(s);
	return rc;
}

/* ---- calls ---- */

static bool
sftp_silent(const void *state)
{
	const struct sftp *s = state;

	return s->silent >= SILENT;
}

/* Nobody there looks at what is sent: a key, or rights on a folder, are wrong.
 */
static bool
sftp_way_failed(const void *state)
{
	(void)state;
	return true;
}

int
vt_sftp_way_ready(struct sftp *s, struct vt_error *err)
{
	struct vt_secret passphrase = { 0 };
	struct vt_sftp_rules rules = {
		.host = s->host,
		.port = s->port,
		.user = s->user,
		.known_hosts = s->known_hosts,
		.key = s->key,
		.connect_s =
		    s->timeout_s < CONNECT_S ? s->timeout_s : CONNECT_S,
		.timeout_s = s->timeout_s,
		.idle = s->idle,
		.idle_ctx = s->idle_ctx,
	};
	int rc = VT_OK;

	/* who waits in vain for each of a thousand messages comes to no end */
	if (sftp_silent(s))
		return vt_error_set(err, s->why.code, s->why.clause, "%s",
		    s->why.text);
	if (s->client != NULL)
		return VT_OK;
	if (s->known_hosts == NULL)
		return vt_error_set(err, VT_EKEY, NULL,
		    "no keys of servers are configured: vanthu.conf, "
		    "[transport] known_hosts");
	if ((s->key != NULL &&
		(rc = vt_transport_private(s->key, err)) != VT_OK) ||
	    (s->secret_path != NULL && (rc = vt_transport_secret(s->secret_path,
					    &passphrase, err)) != VT_OK))
		return rc;
	rules.passphrase = passphrase.data;
	rc = vt_sftp_new(&rules, &s->client, err);
	vt_secret_release(&passphrase);
	return rc;
}

int
vt_sftp_way_note(struct sftp *s, int rc, const struct vt_error *why,
    struct vt_error *err)
{
	s->silent = rc == VT_ENET ? s->silent + 1 : 0;
	if (why->code == VT_OK)
		return rc;
	s->why = *why;
	return vt_error_set(err, (enum vt_code)rc, why->clause, "%s",
	    why->text);
}

bool
vt_sftp_way_answers(struct sftp *s, int rc)
{
	int64_t modified;

	if (rc != VT_ENET || sftp_silent(s))
		return rc == VT_EREFUSED;
	if (vt_sftp_modified(s->client, s->dir, &modified, NULL) == VT_OK) {
		s->silent = 0;
		return true;
	}
	s->silent++;
	return false;
}

char *
vt_sftp_way_path(const struct sftp *s, const char *organ, const char *folder,
    const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s%s%s%s%s", s->dir, organ,
		folder != NULL ? "/" : "", folder != NULL ? folder : "",
		name[0] != '\0' ? "/" : "", name) < 0)
		return NULL;
	return path;
}

/* ---- offering ---- */

int
vt_sftp_way_put(struct sftp *s, const char *part, const char *final,
    struct vt_source *content, struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc;

	rc = vt_sftp_put(s->client, part, content, &why);
	if (rc == VT_OK)
		rc = vt_source_unchanged(content, &why);
	if (rc == VT_OK)
		rc = vt_sftp_rename(s->client, part, final, &why);
	if (rc ==
	    VT_ENOTFOUND) /* above our folder, which is not ours to make */
		rc = vt_error_set(&why, VT_EREFUSED, NULL,
		    "the server has no folder %s", s->dir);
	return vt_sftp_way_note(s, rc, &why, err);
}

/* Is what has the name already this message?  VT_ENOTFOUND: there is none. */
static int
compare(struct sftp *s, const char *final, struct vt_source *content,
    struct vt_error *err)
{
	struct transport_comparison c = { .content = content };
	struct vt_error why = { 0 };
	int rc;

	rc =
	    vt_sftp_get(s->client, final, vt_transport_compare_piece, &c, &why);
	if (rc == VT_EEXISTS ||
	    (rc == VT_OK && c.off != vt_source_size(content)))
		return vt_error_set(err, VT_EEXISTS, NULL,
		    "%s is there with other content", final);
	return vt_sftp_way_note(s, rc, &why, err);
}

static int
offer(struct sftp *s, const char *part, const char *final,
    struct vt_source *content, struct vt_error *err)
{
	int i, rc = VT_ENOTFOUND;

	for (i = 0; i < TRIES && rc == VT_ENOTFOUND; i++) {
		if ((rc = vt_sftp_way_put(s, part, final, content, err)) !=
		    VT_EEXISTS)
			return rc;
		/* an answer of before that was lost, most likely */
		rc = compare(s, final, content, err);
	}
	if (rc == VT_ENOTFOUND)
		return vt_error_set(err, VT_ENET, NULL,
		    "the server does not give %s its name", final);
	/* what is left of a failure does no harm: the next try writes over it
	 */
	(void)vt_sftp_remove(s->client, part, NULL);
	return rc;
}

static int
sftp_offer(void *state, enum vt_transport_class class, const char *to,
    const char *name, struct vt_source *content, struct vt_error *err)
{
	struct sftp *s = state;
	char file[VT_TRANSPORT_NAME_MAX + 16];
	char *part, *final;
	int rc;

	(void)class;
	if ((rc = vt_sftp_way_ready(s, err)) != VT_OK)
		return rc;
	snprintf(file, sizeof(file), ".%s" TRANSPORT_PART, name);
	part = vt_sftp_way_path(s, to, NULL, file);
	snprintf(file, sizeof(file), "%s" TRANSPORT_SUFFIX, name);
	final = vt_sftp_way_path(s, to, NULL, file);
	rc = part != NULL && final != NULL ? offer(s, part, final, content, err)
					   : (int)vt_error_nomem(err);
	free(part);
	free(final);
	return rc;
}

/* Before the first call, as the client is made with it. */
static void
sftp_idle(void *state, vt_transport_idle_fn *fn, void *ctx)
{
	struct sftp *s = state;

	s->idle = fn;
	s->idle_ctx = ctx;
}

const struct vt_transport_driver vt_transport_sftp = {
	.scheme = "sftp",
	.open = sftp_open,
	.offer = sftp_offer,
	.fetch = vt_sftp_way_fetch,
	.done = vt_sftp_way_done,
	.fail = vt_sftp_way_fail,
	.close = sftp_close,
	.silent = sftp_silent,
	.way_failed = sftp_way_failed,
	.idle = sftp_idle,
};
