/* transport_http.c - one server, our account there, and how it answers */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transport_http_int.h"

#define CONNECT_S 10
#define TIMEOUT_S 30
#define SILENT 2 /* calls without an answer: nobody is there */

void
vt_transport_http_close(void *state)
{
	struct transport_http *h = state;

	if (h == NULL)
		return;
	vt_http_client_free(h->client);
	vt_secret_release(&h->secret);
	free(h->base);
	free(h->own);
	free(h->system_id);
	free(h->secret_path);
	free(h->ca);
	free(h->cert);
	free(h->key);
	free(h);
}

/* ---- opening ---- */

static bool
copy_path(char **to, const struct vt_transport_settings *s, const char *path)
{
	return path == NULL ||
	       (*to = vt_transport_path(s->folder, path)) != NULL;
}

static int
take_settings(struct transport_http *h, const struct vt_transport_settings *s,
    const char *own, struct vt_error *err)
{
	const char *id = s->system_id != NULL ? s->system_id : own;
	int rc;

	if (!vt_transport_organ_valid(id))
		return vt_error_set(err, VT_EARG, NULL,
		    "system_id: \"%s\" is no organ id", id);
	if ((rc = vt_transport_seconds(s->timeout, TIMEOUT_S, &h->timeout_s,
		 err)) != VT_OK)
		return rc;
	if ((h->own = strdup(own)) == NULL ||
	    (h->system_id = strdup(id)) == NULL ||
	    !copy_path(&h->secret_path, s, s->secret) ||
	    !copy_path(&h->ca, s, s->ca) || !copy_path(&h->cert, s, s->cert) ||
	    !copy_path(&h->key, s, s->key))
		return vt_error_nomem(err);
	return VT_OK;
}

static int
take_address(struct transport_http *h, const char *name, const char *scheme,
    const char *rest, struct vt_error *err)
{
	size_t len = strlen(rest);

	h->loopback = strcmp(scheme, "http") == 0;
	while (len > 0 && rest[len - 1] == '/')
		len--;
	if (len < 3 || strncmp(rest, "//", 2) != 0 || rest[2] == '/' ||
	    strpbrk(rest, "?#@ \"\\") != NULL)
		return vt_error_set(err, VT_EARG, NULL,
		    "such an address is %s+%s://HOST[:PORT][/PATH]", name,
		    scheme);
	if (asprintf(&h->base, "%s:%.*s", scheme, (int)len, rest) < 0) {
		h->base = NULL;
		return vt_error_nomem(err);
	}
	return VT_OK;
}

int
vt_transport_http_new(size_t size, const char *name, const char *scheme,
    const char *rest, const char *own,
    const struct vt_transport_settings *settings, const char *agent, void **ret,
    struct vt_error *err)
{
	struct transport_http *h = calloc(1, size);
	int rc;

	if (h == NULL)
		return vt_error_nomem(err);
	h->agent = agent;
	if ((rc = take_address(h, name, scheme, rest, err)) == VT_OK &&
	    (rc = take_settings(h, settings, own, err)) == VT_OK)
		*ret = h;
	else
		vt_transport_http_close(h);
	return rc;
}

int
vt_transport_http_ready(struct transport_http *h, bool needed,
    struct vt_error *err)
{
	const struct vt_http_client_rules rules = {
		.ca = h->ca,
		.cert = h->cert,
		.key = h->key,
		.user_agent = h->agent,
		.connect_s =
		    h->timeout_s < CONNECT_S ? h->timeout_s : CONNECT_S,
		.timeout_s = h->timeout_s,
		.loopback_http = h->loopback,
	};
	int rc;

	if (h->client != NULL)
		return VT_OK;
	if (needed && h->secret_path == NULL)
		return vt_error_set(err, VT_EKEY, NULL,
		    "no secret is configured: vanthu.conf, [transport] "
		    "secret");
	if (h->secret_path != NULL && h->secret.data == NULL &&
	    (rc = vt_transport_secret(h->secret_path, &h->secret, err)) !=
		VT_OK)
		return rc;
	return vt_http_client_new(&rules, &h->client, err);
}

/* ---- a call ---- */

int64_t
vt_transport_http_retry_after(const void *state)
{
	const struct transport_http *h = state;

	return h->retry_after_s;
}

bool
vt_transport_http_silent(const void *state)
{
	const struct transport_http *h = state;

	return h->silent >= SILENT;
}

bool
vt_transport_http_way_failed(const void *state)
{
	const struct transport_http *h = state;

	return h->way_failed;
}

bool
vt_transport_http_is_ways(long status)
{
	static const long messages[] = { 413, 414, 415, 422, 431 };
	size_t i;

	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (status == messages[i])
			return false;
	return status >= 300;
}

void
vt_transport_http_idle(void *state, vt_transport_idle_fn *fn, void *ctx)
{
	struct transport_http *h = state;

	h->idle = fn;
	h->idle_ctx = ctx;
}

int
vt_transport_http_send(struct transport_http *h, struct vt_http_call *call,
    struct vt_http_reply *ret, struct vt_error *err)
{
	struct vt_error why = { 0 };
	int rc;

	memset(ret, 0, sizeof(*ret));
	h->retry_after_s = 0;
	/* who waits in vain for each of a thousand messages comes to no end */
	if (vt_transport_http_silent(h))
		return vt_error_set(err, h->why.code, h->why.clause, "%s",
		    h->why.text);
	if (call->most_s == 0)
		call->most_s = VT_HTTP_PATIENCE * h->timeout_s;
	call->idle = h->idle;
	call->idle_ctx = h->idle_ctx;
	rc = vt_http_client_send(h->client, call, ret, &why);
	if (ret->retry_after_s > 0)
		h->retry_after_s = ret->retry_after_s;
	/* an answer that begins and does not end is waited for as long */
	h->silent = (rc == VT_ENET || rc == VT_EREFUSED) &&
			    (ret->status == 0 || ret->late)
			? h->silent + 1
			: 0;
	/* what refuses a call itself is a certificate, or an address */
	h->way_failed = rc == VT_EREFUSED ||
			(rc == VT_OK && vt_transport_http_is_ways(ret->status));
	if (rc == VT_OK)
		return VT_OK;
	h->why = why;
	return vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
}

/* RFC 3986, 2.3: all but the unreserved characters is written %XX. */
char *
vt_transport_escape(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~";
	static const char digits[] = "0123456789ABCDEF";
	char *ret = malloc(3 * strlen(text) + 1), *out = ret;

	if (ret == NULL)
		return NULL;
	for (; *text != '\0'; text++)
		if (strchr(plain, *text) != NULL)
			*out++ = *text;
		else {
			*out++ = '%';
			*out++ = digits[(unsigned char)*text >> 4];
			*out++ = digits[(unsigned char)*text & 15];
		}
	*out = '\0';
	return ret;
}
