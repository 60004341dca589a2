/* office_mail.c - what sending and taking in share */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "office_mail_int.h"
#include "vanthu/conf.h"
#include "vanthu/error.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/x509.h"

#define LOCK_WAIT_MS 10000
#define LOCK_STEP_MS 50

int
vt_office_lock(const struct vt_office *o, const char *name, int *ret,
    struct vt_error *err)
{
	const struct timespec step = { 0, LOCK_STEP_MS * 1000000L };
	char *path = vt_path_join(o->home, name);
	int fd, waited = 0, rc = VT_OK;

	if (path == NULL)
		return vt_error_nomem(err);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd == -1) {
		rc = vt_error_io(err, "cannot open %s", path);
		goto out;
	}
	while (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			rc = vt_error_io(err, "cannot lock %s", path);
			goto out;
		}
		if ((waited += LOCK_STEP_MS) > LOCK_WAIT_MS) {
			rc = vt_error_set(err, VT_EBUSY, NULL,
			    "another process is still at the same work");
			goto out;
		}
		nanosleep(&step, NULL);
	}
	*ret = fd;
	fd = -1;
out:
	vt_office_unlock(fd);
	free(path);
	return rc;
}

void
vt_office_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}

int
vt_office_draft_open(const struct vt_office *o, struct vt_office_draft *draft,
    struct vt_error *err)
{
	char *path = vt_path_join(o->home, "draft");
	int rc;

	draft->out = NULL;
	draft->src = NULL;
	if (path == NULL)
		return vt_error_nomem(err);
	rc = vt_out_open(path, &draft->out, err);
	free(path);
	return rc;
}

int
vt_office_draft_write(void *out, struct vt_bytes piece, struct vt_error *err)
{
	return vt_out_write(out, piece, err);
}

int
vt_office_draft_finish(struct vt_office_draft *draft, struct vt_error *err)
{
	return vt_source_fd(vt_out_fd(draft->out), &draft->src, err);
}

void
vt_office_draft_release(struct vt_office_draft *draft)
{
	vt_source_free(draft->src);
	vt_out_abort(draft->out);
	draft->src = NULL;
	draft->out = NULL;
}

int
vt_office_ref(struct vt_office *o, int64_t record, char ref[VT_REF_TEXT],
    struct vt_error *err)
{
	struct vt_record rec;
	int rc;

	ref[0] = '\0';
	if (record == 0)
		return VT_OK;
	if ((rc = vt_store_record_get(o->store, record, &rec, err)) != VT_OK)
		return rc;
	vt_record_ref(&rec, ref);
	vt_record_release(&rec);
	return VT_OK;
}

int
vt_office_link(struct vt_office *o, int64_t record, const char *key,
    const char *ref, struct vt_error *err)
{
	struct vt_json_out *json = vt_json_out_new();
	struct vt_buf line;
	int rc;

	vt_buf_init(&line, 4096);
	vt_json_put_str(json, key, ref);
	if ((rc = vt_json_write(json, &line, err)) == VT_OK)
		rc = vt_store_event_add(o->store, record, "linked", NULL,
		    vt_buf_str(&line), err);
	vt_buf_release(&line);
	vt_json_out_free(json);
	return rc;
}

int
vt_office_object(struct vt_office *o, const unsigned char sha256[VT_SHA256_LEN],
    const char *name, struct vt_source **ret, struct vt_error *err)
{
	unsigned char found[VT_SHA256_LEN];
	struct vt_source *src = NULL;
	struct vt_error why = { 0 };
	int rc;

	rc = vt_objects_get(o->objects, sha256, &src, &why);
	if (rc != VT_OK) /* the books name it: it ought to be there */
		return vt_error_set(err, rc == VT_ENOTFOUND ? VT_EIO : why.code,
		    why.clause, "%s", why.text);
	/* what is handed on is what was digested, not opened once more */
	rc = vt_sha256_source(src, found, err);
	if (rc == VT_OK && memcmp(found, sha256, sizeof(found)) != 0)
		rc = vt_error_set(err, VT_EIO, NULL,
		    "%s was changed since it was kept", name);
	if (rc == VT_OK)
		*ret = src;
	else
		vt_source_free(src);
	return rc;
}

int
vt_office_agency(const struct vt_office *o, unsigned char sha256[VT_SHA256_LEN],
    bool *ret_have, struct vt_error *err)
{
	const char *name = vt_conf_get(o->conf, "office", "agency_cert");
	struct vt_certs certs = { 0 };
	char *path;
	int rc;

	*ret_have = false;
	if (name == NULL)
		return VT_OK;
	if ((path = vt_path_join(o->home, name)) == NULL)
		return vt_error_nomem(err);
	rc = vt_x509_read_file(path, &certs, NULL, err);
	if (rc == VT_OK) {
		memcpy(sha256, vt_cert_sha256(certs.items[0]), VT_SHA256_LEN);
		*ret_have = true;
	} else
		vt_error_prefix(err, path);
	vt_certs_release(&certs);
	free(path);
	return rc;
}
