/* verify_fetch.c - wants become requests, each made once in a run */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vanthu/error.h"
#include "vanthu/fetch.h"
#include "vanthu/ocsp.h"
#include "vanthu/trust.h"
#include "vanthu/verify_fetch.h"
#include "vanthu/x509.h"

/* How each kind is asked for. */
static const struct {
	const char *content_type; /* NULL: GET */
	size_t max;
} kinds[] = {
	[VT_WANT_CRL] = { NULL, VT_CRL_MAX },
	[VT_WANT_OCSP] = { "application/ocsp-request", VT_OCSP_MAX },
	[VT_WANT_ISSUER] = { NULL, VT_TRUST_ISSUERS_BYTES },
	[VT_WANT_DELTA] = { NULL, VT_CRL_MAX },
};

/* A request that was made. */
struct made {
	char *url;
	unsigned char *body;
	size_t nbody;
	unsigned char *answer; /* NULL: there is none */
	size_t nanswer;
	bool failed; /* and another time there may be one */
};

struct vt_fetcher {
	struct vt_fetch_options options;
	char *home, *language, *program; /* what OPTIONS points to */
	vt_fetcher_tell_fn *tell;
	void *ctx;
	struct made *made;
	size_t nmade, kept;
};

void
vt_fetcher_free(struct vt_fetcher *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->nmade; i++) {
		free(f->made[i].url);
		free(f->made[i].body);
		free(f->made[i].answer);
	}
	free(f->made);
	free(f->home);
	free(f->language);
	free(f->program);
	free(f);
}

/* A copy of TEXT, which may be NULL; false: no memory. */
static bool
copy(const char *text, char **ret)
{
	return text == NULL || (*ret = strdup(text)) != NULL;
}

int
vt_fetcher_new(const struct vt_fetch_options *options, vt_fetcher_tell_fn *tell,
    void *ctx, struct vt_fetcher **ret, struct vt_error *err)
{
	struct vt_fetcher *f = calloc(1, sizeof(*f));

	if (f == NULL || !copy(options->home, &f->home) ||
	    !copy(options->language, &f->language) ||
	    !copy(options->program, &f->program)) {
		vt_fetcher_free(f);
		return vt_error_nomem(err);
	}
	f->options = *options;
	f->options.home = f->home;
	f->options.language = f->language;
	f->options.program = f->program;
	f->tell = tell;
	f->ctx = ctx;
	*ret = f;
	return VT_OK;
}

/* ---- what was asked before ---- */

static const struct made *
find(const struct vt_fetcher *f, const struct vt_trust_want *want)
{
	const struct made *m;
	size_t i;

	for (i = 0; i < f->nmade; i++) {
		m = &f->made[i];
		if (strcmp(m->url, want->url) == 0 &&
		    vt_bytes_equal(VT_BYTES(m->body, m->nbody), want->body))
			return m;
	}
	return NULL;
}

/* Bytes of URL that name the server: "http://host:port". */
static size_t
server_of(const char *url)
{
	const char *host = strstr(url, "://");

	host = host != NULL ? host + 3 : url;
	return (size_t)(host - url) + strcspn(host, "/?#");
}

static bool
given_up(const struct vt_fetcher *f, const char *url)
{
	size_t len = server_of(url), n = 0, i;

	for (i = 0; i < f->nmade; i++)
		if (f->made[i].failed && server_of(f->made[i].url) == len &&
		    strncasecmp(f->made[i].url, url, len) == 0)
			n++;
	return n >= VT_FETCHER_TRIES;
}

/*
 * Remember WANT and the answer, which becomes ours.  Where there is no room or
 * no memory it is forgotten, and asked for again.
 */
static void
keep(struct vt_fetcher *f, const struct vt_trust_want *want,
    struct vt_buf *answer, bool failed)
{
	struct made m = { .nbody = want->body.len, .failed = failed }, *more;

	if (f->nmade == VT_FETCHER_ENTRIES ||
	    answer->len > VT_FETCHER_KEPT - f->kept)
		return;
	more = realloc(f->made, (f->nmade + 1) * sizeof(*more));
	if (more == NULL)
		return;
	f->made = more;
	m.url = strdup(want->url);
	m.body = malloc(m.nbody + 1);
	if (m.url == NULL || m.body == NULL) {
		free(m.url);
		free(m.body);
		return;
	}
	if (m.nbody > 0)
		memcpy(m.body, want->body.data, m.nbody);
	m.answer = vt_buf_take(answer, &m.nanswer);
	f->kept += m.nanswer;
	f->made[f->nmade++] = m;
}

/* ---- asking ---- */

/* RC is VT_ENET: another time it may be. */
static int
not_to_be_had(const struct vt_trust_want *want, int rc, struct vt_error *err)
{
	return vt_error_set(err, rc == VT_ENET ? VT_ENET : VT_ENOTFOUND, NULL,
	    "%s: not to be had", want->url);
}

static int
put(struct vt_buf *ret, struct vt_bytes answer,
    const struct vt_trust_want *want, struct vt_error *err)
{
	int rc = vt_buf_bytes_put(ret, answer);

	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	return rc == VT_OK ? VT_OK : not_to_be_had(want, rc, err);
}

static int
ask(struct vt_fetcher *f, const struct vt_trust_want *want, struct vt_buf *ret,
    struct vt_error *err)
{
	const struct vt_fetch_request request = {
		.url = want->url,
		.content_type = kinds[want->kind].content_type,
		.body = want->body,
		.max = kinds[want->kind].max,
	};
	struct vt_buf answer = { 0 };
	struct vt_error why = { 0 };
	int rc;

	rc = vt_fetch(&f->options, &request, &answer, &why);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc != VT_OK && f->tell != NULL)
		f->tell(f->ctx, why.text);
	if (rc == VT_OK)
		rc = put(ret, vt_buf_bytes(&answer), want, err);
	else
		rc = not_to_be_had(want, rc, err);
	if (rc != VT_ENOMEM)
		keep(f, want, &answer, rc == VT_ENET);
	vt_buf_release(&answer);
	return rc;
}

int
vt_fetcher_get(void *fetcher, const struct vt_trust_want *want,
    struct vt_buf *ret, struct vt_error *err)
{
	struct vt_fetcher *f = fetcher;
	const struct made *m = find(f, want);

	if (m != NULL && m->answer != NULL)
		return put(ret, VT_BYTES(m->answer, m->nanswer), want, err);
	if (m != NULL)
		return not_to_be_had(want, m->failed ? VT_ENET : VT_ENOTFOUND,
		    err);
	if (given_up(f, want->url))
		return not_to_be_had(want, VT_ENET, err);
	return ask(f, want, ret, err);
}
