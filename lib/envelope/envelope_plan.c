/* envelope_plan.c - how each file travels, decided before the first byte */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "envelope_write.h"
#include "vanthu/encode.h"
#include "vanthu/file.h"
#include "vanthu/source.h"
#include "vanthu/xml.h"
#include "vanthu/zip.h"

/* Bytes of an archive of one member that are not its packed content. */
#define ZIP_FRAME (30 + 46 + 22) /* APPNOTE 4.3.7, 4.3.12, 4.3.16 */

/* What the SDK sends as it is; its own list has two of them misspelt. */
static bool
sent_raw(const char *ext)
{
	static const char *const names[] = { "pdf", "doc", "docx", "xls",
		"xlsx", "zip" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(ext, names[i]) == 0)
			return true;
	return false;
}

/* These begin like an archive by their nature. */
static bool
looks_packed(const char *ext)
{
	return strcmp(ext, "zip") == 0 || strcmp(ext, "docx") == 0 ||
	       strcmp(ext, "xlsx") == 0;
}

/* An id that is the same whenever the same message is made. */
static int
member_name(const char *seed, size_t index, const char *ext,
    char out[MEMBER_NAME], struct vt_error *err)
{
	unsigned char digest[VT_SHA256_LEN];
	char hex[VT_SHA256_HEX];
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, 2 * VT_ENVELOPE_TEXT_MAX);
	rc = vt_buf_printf(&text, "%zu %s", index, seed);
	if (rc == VT_OK)
		rc = vt_sha256(vt_buf_bytes(&text), digest, err);
	else
		rc = vt_error_nomem(err);
	vt_buf_release(&text);
	if (rc != VT_OK)
		return rc;
	digest[6] = (digest[6] & 0x0f) | 0x80; /* RFC 9562: version 8 */
	digest[8] = (digest[8] & 0x3f) | 0x80;
	vt_hex(VT_BYTES(digest, 16), hex);
	snprintf(out, MEMBER_NAME, "%.8s-%.4s-%.4s-%.4s-%.12s%s%s", hex,
	    hex + 8, hex + 12, hex + 16, hex + 20, ext[0] != '\0' ? "." : "",
	    ext);
	return VT_OK;
}

static int
pack(struct vt_edxml_plan *plan, const char *member, struct vt_source *content,
    struct vt_edxml_plans *plans, struct vt_error *err)
{
	struct vt_zip_writer *zip = NULL;
	off_t start, end;
	int rc = VT_OK;

	if (plans->fd < 0)
		rc = vt_file_nameless(plans->dir, &plans->fd, err);
	if (rc != VT_OK)
		return rc;
	if ((start = lseek(plans->fd, 0, SEEK_END)) < 0)
		return vt_error_io(err, "cannot make a temporary file");
	if ((rc = vt_zip_writer_new(plans->fd, &zip, err)) == VT_OK &&
	    (rc = vt_zip_writer_add(zip, member, content, err)) == VT_OK)
		rc = vt_zip_writer_end(zip, err);
	vt_zip_writer_free(zip);
	if (rc != VT_OK)
		return rc;
	if ((end = lseek(plans->fd, 0, SEEK_END)) < start)
		return vt_error_io(err, "cannot make a temporary file");
	plan->zip_off = (uint64_t)start;
	plan->zip_len = (uint64_t)(end - start);
	return VT_OK;
}

/* Every reader, ours too, takes such a ratio for a bomb. */
static bool
shrinks_too_much(const struct vt_edxml_plan *plan, const char *member,
    uint64_t size)
{
	uint64_t frame = ZIP_FRAME + 2 * strlen(member);

	return size > VT_ZIP_RATIO_FREE && plan->zip_len > frame &&
	       size / VT_ZIP_RATIO >= plan->zip_len - frame;
}

static void
set_names(struct vt_edxml_plan *plan, const char *path)
{
	const char *name = strrchr(path, '/');

	name = name != NULL ? name + 1 : path;
	vt_edxml_name(name, VT_ENVELOPE_NAME_SENT_MAX, plan->name);
	/* The whole name goes along where it was cut. */
	if (strlen(name) < sizeof(plan->description) &&
	    vt_xml_text_valid(vt_bytes_str(name)))
		memcpy(plan->description, name, strlen(name) + 1);
	else
		vt_edxml_name(name, SIZE_MAX, plan->description);
}

int
vt_edxml_plan(struct vt_edxml_plan *plan, const struct vt_envelope_file *file,
    size_t index, const char *seed, struct vt_edxml_plans *plans,
    struct vt_error *err)
{
	uint64_t size = vt_source_size(file->content);
	char ext[EXTENSION_MAX], member[MEMBER_NAME];
	int rc;

	set_names(plan, file->name);
	if (plan->name[0] == '\0' || plan->name[0] == '.')
		return vt_error_set(err, VT_EARG, NULL,
		    "%s is not fit to be the name of an attachment",
		    file->name);
	if (size == 0)
		return vt_error_set(err, VT_EFORMAT, QCVN,
		    "the attachment %s is empty", plan->name);
	if (size > VT_ZIP_TOTAL_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the attachment %s is too large", plan->name);
	vt_edxml_extension(plan->name, ext);
	plan->content = file->content;
	plan->zip = !sent_raw(ext) ||
		    (vt_zip_probe(file->content) && !looks_packed(ext));
	if (plan->zip) {
		rc = member_name(seed, index, ext, member, err);
		if (rc == VT_OK)
			rc = pack(plan, member, file->content, plans, err);
		if (rc != VT_OK)
			return rc;
		plan->zip = !shrinks_too_much(plan, member, size);
	}
	if (plan->zip)
		snprintf(plan->type, sizeof(plan->type), "application/zip");
	else
		snprintf(plan->type, sizeof(plan->type), "application/%s",
		    ext[0] != '\0' ? ext : "octet-stream");
	return VT_OK;
}
