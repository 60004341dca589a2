/* confine_answer.c - how an answer or an error goes through a pipe */
#include <string.h>

#include "confine_int.h"

struct vt_bytes
vt_confine_pack(int rc, const struct vt_buf *answer, const struct vt_error *why,
    struct confine_head *head, struct confine_error *e)
{
	struct vt_bytes body = vt_buf_bytes(answer);

	if (rc != VT_OK) {
		memcpy(e->clause, why->clause, sizeof(e->clause));
		memcpy(e->text, why->text, sizeof(e->text));
		body = VT_BYTES(e, sizeof(*e));
	}
	head->magic = CONFINE_MAGIC;
	head->code = (uint32_t)rc;
	head->len = (uint32_t)body.len;
	return body;
}

bool
vt_confine_sound(const struct confine_head *head, size_t len)
{
	return head->magic == CONFINE_MAGIC &&
	       (head->layers & ~VT_CONFINE_ALL) == 0 &&
	       head->code < VT_NCODES && head->len == len &&
	       (head->code == VT_OK || len == sizeof(struct confine_error));
}

int
vt_confine_unpack(uint32_t code, const struct confine_error *e,
    struct vt_error *err)
{
	struct confine_error s = *e;

	s.clause[sizeof(s.clause) - 1] = s.text[sizeof(s.text) - 1] = '\0';
	return vt_error_set(err, (enum vt_code)code, s.clause, "%s", s.text);
}
