/* office_stamper.c - time stamps over HTTP, tried again where that may help */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/fetch.h"
#include "vanthu/file.h"
#include "vanthu/office_fetch.h"
#include "vanthu/office_stamper.h"
#include "vanthu/sign_level.h"
#include "vanthu/stamper.h"
#include "vanthu/tsp.h"

#define QUERY "application/timestamp-query" /* RFC 3161, 3.4 */

struct stamper {
	struct vt_fetch_options options;
	char *home, *language,
	    *url; /* home, language: what OPTIONS points to */
	vt_fetcher_tell_fn *tell;
	void *ctx;
};

static void
stamper_free(void *ctx)
{
	struct stamper *s = ctx;

	if (s == NULL)
		return;
	free(s->home);
	free(s->language);
	free(s->url);
	free(s);
}

static void
pause_s(unsigned seconds)
{
	struct timespec left = { (time_t)seconds, 0 };

	(void)nanosleep(&left, NULL); /* a signal means: go on now */
}

static int
ask(void *ctx, struct vt_bytes request, struct vt_buf *ret,
    struct vt_error *err)
{
	struct stamper *s = ctx;
	const struct vt_fetch_request what = {
		.url = s->url,
		.content_type = QUERY,
		.body = request,
		.max = VT_TSP_MAX,
	};
	unsigned wait = VT_STAMPER_PAUSE_S;
	int i, rc = VT_OK;

	for (i = 1;; i++) {
		struct vt_error why = { 0 };

		rc = vt_fetch(&s->options, &what, ret, &why);
		if (rc == VT_ENET && i < VT_STAMPER_TRIES) {
			if (s->tell != NULL)
				s->tell(s->ctx, why.text);
			pause_s(wait);
			wait *= 3;
			continue;
		}
		if (rc != VT_OK && err != NULL && err->code == VT_OK)
			*err = why;
		return rc;
	}
}

static const struct vt_stamper_ops ops = { ask, stamper_free };

static bool
copy(const char *text, char **ret)
{
	return text == NULL || (*ret = strdup(text)) != NULL;
}

/* The office's vanthu.conf for free(), or NULL: no memory; "": none to read. */
static char *
conf_path(const char *home)
{
	char *path = vt_path_join(home, VT_CONF_NAME);

	if (path != NULL && access(path, R_OK) != 0)
		path[0] = '\0';
	return path;
}

int
vt_office_stamper(const char *home, const char *language, const char *url,
    vt_fetcher_tell_fn *tell, void *ctx, struct vt_stamper **ret,
    struct vt_error *err)
{
	struct stamper *s = calloc(1, sizeof(*s));
	char *conf = conf_path(home);
	int rc = VT_OK;

	if (s == NULL || conf == NULL || !copy(url, &s->url) ||
	    !copy(language, &s->language) ||
	    (conf[0] != '\0' && !copy(home, &s->home)))
		rc = vt_error_nomem(err);
	free(conf);
	if (rc == VT_OK) {
		s->options.home = s->home;
		s->options.language = s->language;
		s->options.timeout_s = VT_STAMPER_S;
		s->tell = tell;
		s->ctx = ctx;
		rc = vt_stamper_new(&ops, s, ret, err);
	}
	if (rc != VT_OK)
		stamper_free(s);
	return rc;
}

int
vt_office_signing_read(const char *home, struct vt_office_signing *ret,
    struct vt_error *err)
{
	struct vt_office_signing s = { 0 };
	struct vt_conf *conf = NULL;
	char *path = conf_path(home);
	int rc = VT_OK;

	if (path == NULL)
		return vt_error_nomem(err);
	if (path[0] != '\0' && (rc = vt_conf_read(path, &conf, err)) == VT_OK) {
		(void)vt_level_parse(vt_conf_get(conf, "sign", "level"),
		    &s.level);
		if (!copy(vt_conf_get(conf, "sign", "tsa"), &s.tsa))
			rc = vt_error_nomem(err);
	}
	vt_conf_free(conf);
	free(path);
	if (rc == VT_OK)
		*ret = s;
	return rc;
}

void
vt_office_signing_release(struct vt_office_signing *s)
{
	free(s->tsa);
	*s = (struct vt_office_signing){ 0 };
}

int
vt_office_stamping_open(const char *home, const char *language, const char *tsa,
    bool offline, const struct vt_trust *trust, vt_fetcher_tell_fn *tell,
    void *ctx, struct vt_office_stamping *ret, struct vt_error *err)
{
	struct vt_office_stamping s = { 0 };
	struct vt_stamping_options o = { .trust = trust };
	int rc = VT_OK;

	if (tsa != NULL && strncasecmp(tsa, "http://", 7) != 0 &&
	    strncasecmp(tsa, "https://", 8) != 0)
		return vt_error_set(err, VT_EARG, "RFC 3161, 3.4",
		    "the address of an authority begins with http:// or "
		    "https://, not %s",
		    tsa);
	if (!offline)
		rc = vt_office_fetcher(home, language, tell, ctx, &s.fetcher,
		    &s.aia, err);
	if (rc == VT_OK && tsa != NULL)
		rc = vt_office_stamper(home, language, tsa, tell, ctx,
		    &s.stamper, err);
	if (rc == VT_OK && tsa != NULL) {
		o.stamper = s.stamper;
		o.fetch = s.fetcher != NULL ? vt_fetcher_get : NULL;
		o.fetch_ctx = s.fetcher;
		o.aia = s.aia;
		rc = vt_stamping_new(&o, &s.stamping, err);
	}
	if (rc == VT_OK)
		*ret = s;
	else
		vt_office_stamping_close(&s);
	return rc;
}

void
vt_office_stamping_close(struct vt_office_stamping *s)
{
	vt_stamping_free(s->stamping);
	vt_stamper_free(s->stamper);
	vt_fetcher_free(s->fetcher);
	*s = (struct vt_office_stamping){ 0 };
}
