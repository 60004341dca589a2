/* office_transport.c - the way that the office's vanthu.conf names */
#include <stdlib.h>
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/transport.h"

#define SPOOL "spool:"
#define BETWEEN " ,;"

/* ---- inside: offices of one organisation on one machine ---- */

bool
vt_office_is_member(const struct vt_office *o, const char *organ_id)
{
	const char *list = vt_conf_get(o->conf, "transport", "members");
	char id[VT_TRANSPORT_ORGAN_MAX + 1];
	size_t len;

	for (; list != NULL && *list != '\0'; list += len) {
		list += strspn(list, BETWEEN);
		len = strcspn(list, BETWEEN);
		if (len == 0 || len >= sizeof(id))
			continue;
		memcpy(id, list, len);
		id[len] = '\0';
		if (vt_office_same_organ(o, id, organ_id))
			return true;
	}
	return false;
}

int
vt_office_transport_inner(const struct vt_office *o, struct vt_transport **ret,
    struct vt_error *err)
{
	const struct vt_transport_settings settings = { .folder = o->home,
		.discreet = o->discreet };
	const char *url = vt_conf_get(o->conf, "transport", "inner");
	struct vt_error why = { 0 };
	int rc;

	*ret = NULL;
	if (url == NULL || url[0] == '\0')
		return VT_OK;
	if (strncmp(url, SPOOL, strlen(SPOOL)) != 0)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "%s, [transport] inner: only a spool: is inside",
		    VT_CONF_NAME);
	rc = vt_transport_open(url, o->organ_id, &settings, ret, &why);
	if (rc == VT_EARG)
		return vt_error_set(err, VT_EFORMAT, why.clause,
		    "%s, [transport]: %s", VT_CONF_NAME, why.text);
	return rc == VT_OK
		   ? VT_OK
		   : vt_error_set(err, why.code, why.clause, "%s", why.text);
}

int
vt_office_ways(const struct vt_office *o, struct vt_office_ways *ret,
    struct vt_error *err)
{
	const char *url = vt_conf_get(o->conf, "transport", "url");
	int rc;

	ret->outer = ret->inner = NULL;
	if ((rc = vt_office_transport_inner(o, &ret->inner, err)) != VT_OK)
		return rc;
	if (ret->inner != NULL && (url == NULL || url[0] == '\0'))
		return VT_OK; /* nobody else is to be reached */
	rc = vt_office_transport(o, &ret->outer, err);
	if (rc != VT_OK)
		vt_office_ways_close(ret);
	return rc;
}

void
vt_office_ways_close(struct vt_office_ways *ways)
{
	vt_transport_close(ways->outer);
	vt_transport_close(ways->inner);
	ways->outer = ways->inner = NULL;
}

struct vt_transport *
vt_office_way_to(const struct vt_office *o, const struct vt_office_ways *ways,
    const char *organ_id)
{
	return ways->inner != NULL && vt_office_is_member(o, organ_id)
		   ? ways->inner
		   : ways->outer;
}

/* ---- outside ---- */

/*
 * A file of its own: only a tool that sends or takes in is linked with what
 * speaks to the network.
 */
int
vt_office_transport(const struct vt_office *o, struct vt_transport **ret,
    struct vt_error *err)
{
	static const char section[] = "transport";
	const char *url = vt_conf_get(o->conf, section, "url");
	const struct vt_transport_settings settings = {
		.folder = o->home,
		.system_id = vt_conf_get(o->conf, section, "system_id"),
		.secret = vt_conf_get(o->conf, section, "secret"),
		.ca = vt_conf_get(o->conf, section, "ca"),
		.cert = vt_conf_get(o->conf, section, "cert"),
		.key = vt_conf_get(o->conf, section, "key"),
		.known_hosts = vt_conf_get(o->conf, section, "known_hosts"),
		.timeout = vt_conf_get(o->conf, section, "timeout"),
		.hash_file = vt_conf_get(o->conf, section, "hash_file"),
		.get = vt_conf_get(o->conf, section, "get"),
		.discreet = o->discreet,
	};
	struct vt_error why = { 0 };
	int rc;

	if (url == NULL || url[0] == '\0')
		return vt_error_set(err, VT_EIO, NULL,
		    "no transport is configured: vanthu.conf, [transport] url");
	rc = vt_transport_open(url, o->organ_id, &settings, ret, &why);
	if (rc == VT_EARG) /* the file says so, not the command line */
		rc = vt_error_set(err, VT_EFORMAT, why.clause,
		    "%s, [transport]: %s", VT_CONF_NAME, why.text);
	else if (rc != VT_OK && err != NULL && err->code == VT_OK)
		*err = why;
	return rc;
}
