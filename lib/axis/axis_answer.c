/* axis_answer.c - answers in the words of the axis' protocol */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "axis_call_int.h"
#include "vanthu/json.h"
#include "vanthu/objects.h"
#include "vanthu/source.h"

#define ANSWER_MAX (256u << 20) /* bytes: all agencies of the country */
#define RETRY_S 60

/* As an axis says them: for programs, and for those who know them. */
static const struct {
	const char *code, *text;
} words[] = {
	{ VT_VXP_OK, "Thanh cong" },
	{ VT_VXP_BAD_FILE, "Yeu cau hoac tep khong hop le" },
	{ VT_VXP_BAD_ACCOUNT, "Sai SystemId hoac SecretKey" },
	{ VT_VXP_NO_RECEIVER, "Don vi nhan khong ton tai" },
	{ VT_VXP_NO_SENDER, "Don vi gui khong dung voi ma da dang ky" },
	{ VT_VXP_AXIS, "Loi he thong truc" },
	{ VT_VXP_FILE, "Loi xu ly tep" },
	{ VT_VXP_BAD_EDXML, "Tep khong dung quy chuan edXML" },
	{ VT_VXP_LOCKED, "Don vi bi khoa" },
};

static const char *
text_of(const char *code)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].code, code) == 0)
			return words[i].text;
	return "";
}

/* {"status":..., "ErrorCode":..., "ErrorDesc":...} without its end. */
static int
put_head(struct vt_buf *b, const char *code, const char *detail)
{
	struct vt_json_out *o = vt_json_out_new();
	bool ok = strcmp(code, VT_VXP_OK) == 0;
	struct vt_buf text;
	int rc;

	vt_buf_init(&text, 4096);
	if ((rc = vt_buf_puts(&text, text_of(code))) == VT_OK &&
	    detail != NULL && (rc = vt_buf_puts(&text, ": ")) == VT_OK)
		rc = vt_buf_put(&text, detail, strnlen(detail, 1024));
	if (o != NULL && rc == VT_OK) {
		vt_json_put_str(o, "status", ok ? "OK" : "FAIL");
		vt_json_put_str(o, "ErrorCode", code);
		vt_json_put_str(o, "ErrorDesc", vt_buf_str(&text));
		rc = vt_json_write(o, b, NULL);
	} else
		rc = VT_ENOMEM;
	vt_json_out_free(o);
	vt_buf_release(&text);
	if (rc == VT_OK)
		b->len--; /* what follows is of the same object */
	return rc;
}

static void
begin(struct axis_call *c, unsigned status, const char *code,
    const char *detail)
{
	struct axis_answer *r = &c->answer;

	vt_buf_release(&r->text);
	vt_buf_init(&r->text, ANSWER_MAX);
	c->ready = true;
	r->status = status;
	r->code = code;
	if (put_head(&r->text, code, detail) != VT_OK)
		vt_buf_release(&r->text);
}

/* An answer for which there is no memory is none: the status says it. */
static void
end(struct axis_call *c, int rc)
{
	struct axis_answer *r = &c->answer;

	if (rc == VT_OK && r->text.len > 0 &&
	    vt_buf_putc(&r->text, '}') == VT_OK)
		return;
	vt_buf_release(&r->text);
	r->status = 503;
	r->code = VT_VXP_AXIS;
	r->retry_after_s = RETRY_S;
}

void
vt_axis_refuse(struct axis_call *c, unsigned status, const char *code,
    const char *detail)
{
	begin(c, status, code, detail);
	if (status == 503)
		c->answer.retry_after_s = RETRY_S;
	end(c, VT_OK);
}

void
vt_axis_refuse_error(struct axis_call *c, int rc, const struct vt_error *why)
{
	switch (rc) {
	case VT_EARG:
	case VT_ENOTFOUND:
	case VT_EEXISTS:
	case VT_EREFUSED:
		vt_axis_refuse(c, 200, VT_VXP_BAD_FILE, why->text);
		break;
	case VT_EFORMAT:
	case VT_EUNSUPPORTED:
		vt_axis_refuse(c, 200, VT_VXP_BAD_EDXML, why->text);
		break;
	default: /* ours; what exactly, is for our log alone */
		vt_log("%s: %s", c->account.code, why->text);
		vt_axis_refuse(c, 503, VT_VXP_AXIS, NULL);
		break;
	}
}

void
vt_axis_accept(struct axis_call *c, struct vt_bytes members)
{
	begin(c, 200, VT_VXP_OK, NULL);
	end(c, vt_buf_bytes_put(&c->answer.text, members));
}

void
vt_axis_accept_rows(struct axis_call *c, struct vt_bytes data)
{
	struct vt_buf *b = &c->answer.text;
	int rc;

	begin(c, 200, VT_VXP_OK, NULL);
	if ((rc = vt_buf_puts(b, ",\"data\":[")) == VT_OK &&
	    (rc = vt_buf_bytes_put(b, data)) == VT_OK)
		rc = vt_buf_putc(b, ']');
	end(c, rc);
}

/* Nobody changes an object: it is read where it is. */
static int
open_object(struct axis_call *c, const unsigned char *sha256,
    struct vt_error *err)
{
	struct axis_answer *r = &c->answer;
	char *path = vt_objects_path(c->a->objects, sha256);
	int rc;

	if (path == NULL)
		return vt_error_nomem(err);
	r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	rc = r->fd == -1 ? (int)vt_error_io(err, "cannot read %s", path)
			 : vt_source_borrow(r->fd, &r->file, err);
	free(path);
	return rc;
}

void
vt_axis_accept_file(struct axis_call *c, const unsigned char *sha256, bool raw)
{
	struct vt_buf *b = &c->answer.text;
	struct vt_error err = { 0 };
	int rc;

	if ((rc = open_object(c, sha256, &err)) != VT_OK) {
		vt_axis_refuse_error(c, rc, &err);
		return;
	}
	begin(c, 200, VT_VXP_OK, NULL);
	c->answer.raw = raw;
	if ((rc = vt_buf_puts(b, ",\"data\":\"")) == VT_OK) {
		c->answer.split = b->len;
		rc = vt_buf_putc(b, '"');
	}
	end(c, rc);
}
