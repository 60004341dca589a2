/* office_transport.c - the way that the office's vanthu.conf names */
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/transport.h"

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
		.timeout = vt_conf_get(o->conf, section, "timeout"),
		.hash_file = vt_conf_get(o->conf, section, "hash_file"),
		.get = vt_conf_get(o->conf, section, "get"),
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
