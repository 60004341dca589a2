/* office_open.c - an office is a folder */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/verify_fetch.h"

#include "office_mail_int.h"
#include "office_open_int.h"

void
vt_office_close(struct vt_office *o)
{
	if (o == NULL)
		return;
	vt_store_close(o->store);
	vt_objects_free(o->objects);
	vt_objects_free(o->quarantine);
	vt_fetcher_free(o->fetcher);
	vt_conf_free(o->conf);
	free(o->home);
	free(o->organ_id);
	free(o->name);
	free(o->trust_dir);
	free(o->organs);
	free(o);
}

/* The settings; a file that is not there means that the office is not. */
static int
conf_open(struct vt_office *o, struct vt_error *err)
{
	char *path = vt_path_join(o->home, VT_CONF_NAME);
	const char *organ_id = NULL, *name;
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
		rc = vt_error_set(err, VT_EIO, NULL,
		    "there is no office in %s: --home names another, vanthu "
		    "init makes one",
		    o->home);
	else
		rc = vt_conf_read(path, &o->conf, err);
	if (rc == VT_OK) {
		organ_id = vt_conf_get(o->conf, "office", "organ_id");
		if (vt_record_organ_check(organ_id) == VT_ORGAN_BAD) {
			rc = vt_error_set(err, VT_EFORMAT, "QĐ 20/2020/QĐ-TTg",
			    "\"%s\" is not an agency's identifier", organ_id);
			vt_error_prefix(err, path);
		}
	}
	free(path);
	if (rc != VT_OK)
		return rc;
	name = vt_conf_get(o->conf, "office", "name");
	if ((o->organ_id = strdup(organ_id)) == NULL ||
	    (o->name = strdup(name)) == NULL)
		return vt_error_nomem(err);
	return VT_OK;
}

/* The name of whoever runs this, or the number where it has none. */
static const char *
login_name(char *out, size_t size)
{
	const struct passwd *pw = getpwuid(getuid());

	snprintf(out, size, "%lu", (unsigned long)getuid());
	return pw != NULL ? pw->pw_name : out;
}

static int
store_open(struct vt_office *o, const char *who, struct vt_error *err)
{
	char *path = vt_path_join(o->home, VT_OFFICE_REGISTER);
	char number[32];
	struct vt_error why = { 0 };
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	rc = vt_store_open(path,
	    who != NULL ? who : login_name(number, sizeof(number)), &o->store,
	    &why);
	/* an office without its books is broken, not absent */
	if (rc == VT_ENOTFOUND)
		rc = VT_EIO;
	if (rc != VT_OK)
		vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
	free(path);
	return rc;
}

static int
folder_open(struct vt_office *o, const char *name, struct vt_objects **ret,
    struct vt_error *err)
{
	char *path = vt_path_join(o->home, name);
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	rc = vt_objects_open(path, ret, err);
	free(path);
	return rc;
}

int
vt_office_open(const char *home, const char *who, struct vt_office **ret,
    struct vt_error *err)
{
	struct vt_office *o = calloc(1, sizeof(*o));
	int rc;

	if (o == NULL || (o->home = strdup(home)) == NULL ||
	    (o->trust_dir = vt_path_join(home, VT_OFFICE_TRUST)) == NULL) {
		rc = vt_error_nomem(err);
		goto out;
	}
	if ((rc = vt_office_organs_new(&o->organs, err)) != VT_OK ||
	    (rc = conf_open(o, err)) != VT_OK ||
	    (rc = store_open(o, who, err)) != VT_OK ||
	    (rc = folder_open(o, VT_OFFICE_OBJECTS, &o->objects, err)) !=
		VT_OK ||
	    (rc = folder_open(o, VT_OFFICE_QUARANTINE, &o->quarantine, err)) !=
		VT_OK)
		goto out;
	*ret = o;
	o = NULL;
out:
	vt_office_close(o);
	return rc;
}
