/* transport.c - chooses the driver, and checks what becomes a path */
#include <stdlib.h>
#include <string.h>

#include "transport_int.h"
#include "vanthu/error.h"
#include "vanthu/http_client.h"
#include "vanthu/source.h"

struct vt_transport {
	const struct vt_transport_driver *driver;
	void *state;
	bool discreet;
};

static const struct vt_transport_driver *const drivers[] = {
	&vt_transport_spool,
	&vt_transport_vxp_https,
	&vt_transport_vxp_http,
	&vt_transport_dav_https,
	&vt_transport_dav_http,
	&vt_transport_sftp,
	&vt_transport_lgsp_https,
	&vt_transport_lgsp_http,
};

/* Characters that every file system keeps apart and no shell expands. */
static bool
plain(const char *s, size_t max, const char *also)
{
	size_t i;

	if (s == NULL || s[0] == '\0' || s[0] == '.')
		return false;
	for (i = 0; s[i] != '\0'; i++)
		if (i >= max || !((s[i] >= 'a' && s[i] <= 'z') ||
				    (s[i] >= 'A' && s[i] <= 'Z') ||
				    (s[i] >= '0' && s[i] <= '9') ||
				    strchr(also, s[i]) != NULL))
			return false;
	return true;
}

bool
vt_transport_organ_valid(const char *id)
{
	return plain(id, VT_TRANSPORT_ORGAN_MAX, "._-") &&
	       strstr(id, "..") == NULL;
}

#define PLAIN "+http://"

int
vt_transport_plain_check(const char *url, struct vt_error *err)
{
	const char *at = strstr(url, PLAIN);
	char host[VT_HTTP_HOST_MAX + 1];
	size_t len;

	if (at == NULL || strchr(url, ':') != at + strlen("+http"))
		return VT_OK;
	at += strlen(PLAIN);
	if (at[0] == '[')
		len = strcspn(++at, "]");
	else
		len = strcspn(at, ":/");
	if (len < sizeof(host)) {
		memcpy(host, at, len);
		host[len] = '\0';
		if (vt_http_own_host(host))
			return VT_OK;
	}
	return vt_error_set(err, VT_EARG, NULL,
	    "%s: without TLS documents go to this machine only; elsewhere it "
	    "is https",
	    url);
}

int
vt_transport_open(const char *url, const char *own,
    const struct vt_transport_settings *settings, struct vt_transport **ret,
    struct vt_error *err)
{
	static const struct vt_transport_settings none = { 0 };
	const struct vt_transport_driver *driver = NULL;
	struct vt_transport *t;
	size_t i, len = strcspn(url, ":");
	int rc;

	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (url[len] == ':' && strlen(drivers[i]->scheme) == len &&
		    memcmp(drivers[i]->scheme, url, len) == 0)
			driver = drivers[i];
	if (driver == NULL)
		return vt_error_set(err, VT_EARG, NULL,
		    "no transport that is known here: %s", url);
	if (!vt_transport_organ_valid(own))
		return vt_error_set(err, VT_EARG, NULL,
		    "not an organ id that a message can be sent to: %s", own);
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return vt_error_nomem(err);
	t->driver = driver;
	t->discreet = settings != NULL && settings->discreet;
	rc = driver->open(url + len + 1, own,
	    settings != NULL ? settings : &none, &t->state, err);
	if (rc != VT_OK) {
		free(t);
		return rc;
	}
	*ret = t;
	return VT_OK;
}

void
vt_transport_close(struct vt_transport *t)
{
	if (t == NULL)
		return;
	t->driver->close(t->state);
	free(t);
}

static int
unsupported(const struct vt_transport *t, struct vt_error *err)
{
	return vt_error_set(err, VT_EUNSUPPORTED, NULL,
	    "a transport of the kind %s: cannot tell that", t->driver->scheme);
}

static int
check_names(const char *to, const char *name, struct vt_error *err)
{
	if (!vt_transport_organ_valid(to))
		return vt_error_set(err, VT_EARG, NULL,
		    "not an organ id that a message can be sent to: %s", to);
	if (!plain(name, VT_TRANSPORT_NAME_MAX, "._-"))
		return vt_error_set(err, VT_EARG, NULL,
		    "not a name that a message can have: %s", name);
	return VT_OK;
}

int
vt_transport_offer(struct vt_transport *t, enum vt_transport_class class,
    const char *to, const char *name, struct vt_source *content,
    struct vt_error *err)
{
	int rc = check_names(to, name, err);

	return rc == VT_OK
		   ? t->driver->offer(t->state, class, to, name, content, err)
		   : rc;
}

bool
vt_transport_gathers(const struct vt_transport *t)
{
	return t->driver->gather != NULL;
}

int
vt_transport_gather(struct vt_transport *t, enum vt_transport_class class,
    const char *to, const char *name, struct vt_source *content,
    struct vt_error *err)
{
	int rc;

	(void)class;
	if (t->driver->gather == NULL)
		return unsupported(t, err);
	rc = check_names(to, name, err);
	return rc == VT_OK ? t->driver->gather(t->state, to, name, content, err)
			   : rc;
}

int
vt_transport_hand_over(struct vt_transport *t, struct vt_error *err)
{
	return t->driver->hand_over != NULL
		   ? t->driver->hand_over(t->state, err)
		   : unsupported(t, err);
}

/* ---- a message ---- */

const char *
vt_transport_called(const struct vt_transport *t,
    const struct vt_transport_message *m)
{
	return t->discreet ? vt_tr("a message") : m->id;
}

struct kept {
	struct vt_transport_message m; /* the first: this is what is known */
	char *id, *from;
	void *driver;
};

int
vt_transport_keep(const struct vt_transport_message *m,
    struct vt_transport_message **ret, struct vt_error *err)
{
	struct kept *kept;

	if (m->driver == NULL) /* its name may be another's by then */
		return vt_error_set(err, VT_EUNSUPPORTED, NULL,
		    "it can not be told from a later message");
	kept = calloc(1, sizeof(*kept));
	if (kept == NULL || (kept->id = strdup(m->id)) == NULL ||
	    (m->from != NULL && (kept->from = strdup(m->from)) == NULL) ||
	    (kept->driver = malloc(m->driver_size)) == NULL) {
		vt_transport_message_free((struct vt_transport_message *)kept);
		return vt_error_nomem(err);
	}
	memcpy(kept->driver, m->driver, m->driver_size);
	kept->m = (struct vt_transport_message){ .id = kept->id,
		.content = vt_source_hold(m->content),
		.from = kept->from,
		.driver = kept->driver,
		.driver_size = m->driver_size };
	*ret = &kept->m;
	return VT_OK;
}

void
vt_transport_message_free(struct vt_transport_message *m)
{
	struct kept *kept = (struct kept *)m;

	if (kept == NULL)
		return;
	vt_source_free(kept->m.content);
	free(kept->id);
	free(kept->from);
	free(kept->driver);
	free(kept);
}

int
vt_transport_fetch(struct vt_transport *t, size_t max,
    vt_transport_take_fn *take, void *ctx, struct vt_error *err)
{
	return t->driver->fetch(t->state, t, max, take, ctx, err);
}

static int
take_none(void *ctx, struct vt_transport *t,
    const struct vt_transport_message *m, struct vt_error *err)
{
	(void)ctx;
	(void)t;
	(void)m;
	(void)err;
	return VT_OK;
}

int
vt_transport_reach(struct vt_transport *t, struct vt_error *err)
{
	return t->driver->fetch(t->state, t, 0, take_none, NULL, err);
}

int
vt_transport_done(struct vt_transport *t, const struct vt_transport_message *m,
    struct vt_error *err)
{
	return t->driver->done(t->state, m, err);
}

int
vt_transport_fail(struct vt_transport *t, const struct vt_transport_message *m,
    const char *reason, struct vt_error *err)
{
	return t->driver->fail(t->state, m, reason, err);
}

int64_t
vt_transport_retry_after(const struct vt_transport *t)
{
	return t->driver->retry_after != NULL ? t->driver->retry_after(t->state)
					      : 0;
}

void
vt_transport_idle(struct vt_transport *t, vt_transport_idle_fn *fn, void *ctx)
{
	if (t->driver->idle != NULL)
		t->driver->idle(t->state, fn, ctx);
}

bool
vt_transport_silent(const struct vt_transport *t)
{
	return t->driver->silent != NULL && t->driver->silent(t->state);
}

bool
vt_transport_way_failed(const struct vt_transport *t)
{
	return t->driver->way_failed != NULL && t->driver->way_failed(t->state);
}

int
vt_transport_agencies(struct vt_transport *t, enum vt_transport_directory which,
    vt_transport_agency_fn *fn, void *ctx, struct vt_error *err)
{
	if (t->driver->agencies == NULL)
		return unsupported(t, err);
	return t->driver->agencies(t->state, which, fn, ctx, err);
}

int
vt_transport_sent_list(struct vt_transport *t, enum vt_transport_class class,
    vt_transport_sent_fn *fn, void *ctx, struct vt_error *err)
{
	if (t->driver->sent == NULL)
		return unsupported(t, err);
	return t->driver->sent(t->state, class, fn, ctx, err);
}
