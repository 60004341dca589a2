/* office_fetch.c - a fetcher under an office's rules */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/fetch.h"
#include "vanthu/file.h"
#include "vanthu/office.h"
#include "vanthu/office_fetch.h"
#include "vanthu/trust.h"

int
vt_office_fetcher(const char *home, const char *language,
    vt_fetcher_tell_fn *tell, void *ctx, struct vt_fetcher **ret, bool *ret_aia,
    struct vt_error *err)
{
	struct vt_fetch_options options = { .language = language };
	char *path = vt_path_join(home, VT_CONF_NAME);
	struct vt_conf *conf = NULL;
	bool aia = false;
	int rc = VT_OK;

	if (path == NULL)
		return vt_error_nomem(err);
	if (access(path, R_OK) == 0) {
		options.home = home;
		rc = vt_conf_read(path, &conf, err);
		if (rc == VT_OK)
			aia = strcmp(vt_conf_get(conf, "trust", "aia"),
				  "yes") == 0;
	}
	if (rc == VT_OK)
		rc = vt_fetcher_new(&options, tell, ctx, ret, err);
	if (rc == VT_OK)
		*ret_aia = aia;
	vt_conf_free(conf);
	free(path);
	return rc;
}

int
vt_office_fetches(struct vt_office *o, const char *language,
    vt_fetcher_tell_fn *tell, void *ctx, struct vt_error *err)
{
	if (strcmp(vt_conf_get(o->conf, "receive", "fetch"), "yes") != 0)
		return VT_OK;
	vt_fetcher_free(o->fetcher);
	o->fetcher = NULL;
	return vt_office_fetcher(o->home, language, tell, ctx, &o->fetcher,
	    &o->aia, err);
}

int
vt_office_trust_named(const char *home, bool asked,
    const struct vt_trust_named *named, struct vt_trust **ret,
    struct vt_error *err)
{
	char *dir = vt_path_join(home, "trust");
	bool ours;
	int rc;

	if (dir == NULL)
		return vt_error_nomem(err);
	ours = asked || access(dir, R_OK | X_OK) == 0;
	rc = vt_trust_open(ours ? dir : NULL, named, ret, err);
	free(dir);
	return rc;
}
