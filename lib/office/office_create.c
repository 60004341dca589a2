/* office_create.c - make an office; it is one when vanthu.conf is there */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vanthu/conf.h"
#include "vanthu/encode.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/office.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/text.h"
#include "vanthu/transport.h"
#include "vanthu/x509.h"

#include "office_open_int.h"

#define FOLDER_MODE 0770 /* what lies in an office is not for all */
#define PEM_LINE 64      /* characters of base64 (RFC 7468, 2) */
#define SPOOL "spool:"

static const char *const folders[] = { VT_OFFICE_OBJECTS, VT_OFFICE_OUTBOX,
	VT_OFFICE_QUARANTINE, VT_OFFICE_TRUST, VT_OFFICE_TRUST "/anchors",
	VT_OFFICE_TRUST "/intermediates", VT_OFFICE_TRUST "/crls" };

/* The agency's own id must be lawful; its name is brought to one form. */
static int
plan_check(const struct vt_office_plan *plan, char **ret_name,
    struct vt_list *notes, struct vt_error *err)
{
	enum vt_record_organ form = vt_record_organ_check(plan->organ_id);
	struct vt_error note = { 0 };
	int rc;

	if (form == VT_ORGAN_BAD || form == VT_ORGAN_FOREIGN)
		return vt_error_set(err, VT_EARG, "QĐ 20/2020/QĐ-TTg",
		    "\"%s\" is not an agency's identifier", plan->organ_id);
	if ((rc = vt_record_put(ret_name, plan->name, &note)) != VT_OK)
		return vt_error_set(err, rc == VT_ENOMEM ? VT_ENOMEM : VT_EARG,
		    NULL, "%s", note.text);
	if (*ret_name == NULL)
		return vt_error_set(err, VT_EARG, NULL,
		    "the agency's name is missing");
	if (vt_utf8_len(vt_bytes_str(*ret_name)) > VT_RECORD_NAME_MAX)
		return vt_error_set(err, VT_EARG, "NĐ 30/2020, PL.VI II",
		    "the agency's name is longer than %d characters",
		    VT_RECORD_NAME_MAX);
	if (form == VT_ORGAN_UNKNOWN && notes != NULL) {
		vt_error_set(&note, VT_EARG, NULL,
		    "\"%s\" is of no form that agencies' identifiers have",
		    plan->organ_id);
		return vt_list_add(notes, note.text, err);
	}
	return VT_OK;
}

/* "spool:DIR" with a DIR that means the same from every folder; for free(). */
static int
transport_address(const char *url, char **ret, struct vt_error *err)
{
	char *cwd = NULL, *path = NULL;
	int rc = VT_OK;

	if (strncmp(url, SPOOL, strlen(SPOOL)) != 0 ||
	    url[strlen(SPOOL)] == '/' || url[strlen(SPOOL)] == '\0') {
		*ret = strdup(url);
		return *ret != NULL ? VT_OK : vt_error_nomem(err);
	}
	if ((cwd = getcwd(NULL, 0)) == NULL)
		return vt_error_io(err, "cannot tell the present folder");
	if ((path = vt_path_join(cwd, url + strlen(SPOOL))) == NULL ||
	    asprintf(ret, SPOOL "%s", path) < 0)
		rc = vt_error_nomem(err);
	free(cwd);
	free(path);
	return rc;
}

/* One CERTIFICATE block (RFC 7468). */
static int
certificate_pem(const struct vt_cert *cert, struct vt_buf *b)
{
	struct vt_bytes der = vt_cert_der(cert);
	char *text = malloc(VT_BASE64_LEN(der.len) + 1);
	size_t i, n;
	int rc;

	if (text == NULL)
		return VT_ENOMEM;
	n = vt_base64(der, text);
	rc = vt_buf_puts(b, "-----BEGIN CERTIFICATE-----\n");
	for (i = 0; i < n && rc == VT_OK; i += PEM_LINE)
		rc = vt_buf_printf(b, "%.*s\n", PEM_LINE, text + i);
	if (rc == VT_OK)
		rc = vt_buf_puts(b, "-----END CERTIFICATE-----\n");
	free(text);
	return rc;
}

/* The first certificate in the file PATH, which is the agency's. */
static int
certificate_read(const char *path, struct vt_buf *pem, struct vt_error *err)
{
	struct vt_certs certs = { NULL, 0 };
	int rc;

	rc = vt_x509_read_file(path, &certs, NULL, err);
	if (rc != VT_OK)
		vt_error_prefix(err, path);
	else if (certificate_pem(certs.items[0], pem) != VT_OK)
		rc = vt_error_nomem(err);
	vt_certs_release(&certs);
	return rc;
}

static int
conf_make(const struct vt_office_plan *plan, const char *name, const char *url,
    struct vt_conf **ret, struct vt_error *err)
{
	struct vt_conf *conf = vt_conf_new();
	int rc;

	if (conf == NULL)
		return vt_error_nomem(err);
	rc = vt_conf_set(conf, "office", "organ_id", plan->organ_id, err);
	if (rc == VT_OK)
		rc = vt_conf_set(conf, "office", "name", name, err);
	if (rc == VT_OK && url != NULL)
		rc = vt_conf_set(conf, "transport", "url", url, err);
	if (rc == VT_OK && plan->agency_cert != NULL)
		rc = vt_conf_set(conf, "office", "agency_cert",
		    VT_OFFICE_AGENCY_CERT, err);
	if (rc == VT_OK)
		*ret = conf;
	else
		vt_conf_free(conf);
	return rc;
}

/* All that stands in an office, but vanthu.conf. */
static int
folder_fill(const char *home, struct vt_bytes pem, struct vt_error *err)
{
	char *path;
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]) && rc == VT_OK;
	     i++) {
		if ((path = vt_path_join(home, folders[i])) == NULL)
			return vt_error_nomem(err);
		rc = vt_dir_make(path, FOLDER_MODE, err);
		free(path);
	}
	if (rc == VT_OK && pem.len > 0) {
		if ((path = vt_path_join(home, VT_OFFICE_AGENCY_CERT)) == NULL)
			return vt_error_nomem(err);
		rc = vt_file_replace(path, pem, err);
		free(path);
	}
	if (rc != VT_OK)
		return rc;
	if ((path = vt_path_join(home, VT_OFFICE_REGISTER)) == NULL)
		return vt_error_nomem(err);
	rc = vt_store_create(path, err);
	free(path);
	return rc;
}

int
vt_office_create(const char *home, const struct vt_office_plan *plan,
    struct vt_list *notes, struct vt_error *err)
{
	struct vt_transport *transport = NULL;
	struct vt_conf *conf = NULL;
	struct vt_error why = { 0 };
	struct vt_buf pem;
	char *path = NULL, *url = NULL, *name = NULL;
	int rc;

	vt_buf_init(&pem, SIZE_MAX);
	if ((path = vt_path_join(home, VT_CONF_NAME)) == NULL)
		return vt_error_nomem(err);
	if (access(path, F_OK) == 0) {
		rc = vt_error_set(err, VT_EEXISTS, NULL,
		    "%s is an office already", home);
		goto out;
	}
	/* what may be refused comes first, so that nothing is left of it */
	if ((rc = plan_check(plan, &name, notes, err)) != VT_OK)
		goto out;
	if (plan->agency_cert != NULL &&
	    (rc = certificate_read(plan->agency_cert, &pem, err)) != VT_OK)
		goto out;
	if (plan->transport != NULL &&
	    (rc = transport_address(plan->transport, &url, err)) != VT_OK)
		goto out;
	if ((rc = conf_make(plan, name, url, &conf, err)) != VT_OK)
		goto out;
	if (url != NULL &&
	    ((rc = vt_transport_open(url, plan->organ_id, NULL, &transport,
		  err)) != VT_OK ||
		(rc = vt_transport_plain_check(url, err)) != VT_OK))
		goto out;
	if ((rc = vt_dir_make(home, FOLDER_MODE, err)) != VT_OK ||
	    (rc = folder_fill(home, vt_buf_bytes(&pem), err)) != VT_OK)
		goto out;
	rc = vt_conf_write(conf, path, &why);
	if (rc == VT_EEXISTS) /* another one was faster */
		vt_error_set(err, VT_EEXISTS, NULL, "%s is an office already",
		    home);
	else if (rc != VT_OK)
		vt_error_set(err, (enum vt_code)rc, why.clause, "%s", why.text);
out:
	vt_transport_close(transport);
	vt_buf_release(&pem);
	vt_conf_free(conf);
	free(path);
	free(url);
	free(name);
	return rc;
}
