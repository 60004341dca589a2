/* fuzz_verify_wire.c - any bytes, and near-reports, as what a worker reports */
#include <string.h>

#include "fuzz.h"
#include "vanthu/verify.h"
#include "verify_int.h"
#include "verify_used.h"
#include "verify_want.h"
#include "verify_wire.h"

#define WIRE_MAX (64u << 20)
#define EDITS_MAX 8
#define TEXT_MAX 40

/* No report begins with this: what follows are choices. */
#define CHOICES 'c'

/* ---- a report by choices ---- */

struct choices {
	struct vt_bytes rest;
};

/* 0 to N - 1; 0 where there is nothing left. */
static size_t
choose(struct choices *c, size_t n)
{
	size_t k;

	if (c->rest.len == 0)
		return 0;
	k = c->rest.data[0];
	c->rest = vt_bytes_slice(c->rest, 1, c->rest.len);
	return k % n;
}

static uint64_t
number(struct choices *c)
{
	static const uint64_t odd[] = { 0, 1, 2, 255, INT32_MAX, UINT32_MAX,
		INT64_MAX, (uint64_t)INT64_MIN, (uint64_t)INT64_MIN + 1,
		UINT64_MAX, 1800000000, 253402300799, 253402300800,
		VT_VERIFY_LIST_MAX, VT_VERIFY_LIST_MAX + 1,
		VT_VERIFY_SIGNATURES, VT_VERIFY_SIGNATURES + 1 };

	return odd[choose(c, sizeof(odd) / sizeof(odd[0]))];
}

/* As foreign as it comes: controls, cut UTF-8, formats; or NULL. */
static char *
text(struct choices *c)
{
	size_t i, n = choose(c, TEXT_MAX);
	char *s;

	if (n == 0)
		return NULL;
	s = malloc(n);
	FUZZ_PROMISE(s != NULL);
	for (i = 0; i + 1 < n; i++)
		s[i] = (char)(1 + choose(c, 255));
	s[n - 1] = '\0';
	return s;
}

static const char *
word(struct choices *c)
{
	static const char *const words[] = { NULL, "cades", "pades", "rfc3161",
		"xmldsig", "B", "LTA", "signature", "archive", "absent",
		"placeholder", "valid", "invalid", "undetermined", "unsigned",
		"none of these" };

	return words[choose(c, sizeof(words) / sizeof(words[0]))];
}

static const char *
code(struct choices *c)
{
	static const char *const codes[] = { "ok", "ok", "ok", NULL, "revoked",
		"unsigned", "limit", "worker-died", "because", "" };

	return codes[choose(c, sizeof(codes) / sizeof(codes[0]))];
}

static void
list(struct choices *c, struct vt_list *to)
{
	size_t n = choose(c, 4);
	char *s;

	while (n-- > 0) {
		s = text(c);
		FUZZ_PROMISE(
		    vt_list_add(to, s != NULL ? s : "", NULL) == VT_OK);
		free(s);
	}
}

static void
make_stamp(struct choices *c, struct vt_report_stamp *t)
{
	t->kind = word(c);
	t->time = (int64_t)number(c);
	t->authority = text(c);
	t->verdict = (enum vt_report_verdict)choose(c, 6);
	t->reason = code(c);
}

static void
make_signature(struct choices *c, struct vt_report_signature *s)
{
	s->index = number(c);
	s->format = word(c);
	s->level = word(c);
	s->field = text(c);
	s->verdict = (enum vt_report_verdict)choose(c, 6);
	s->reason = code(c);
	s->detail = text(c);
	s->intact = choose(c, 2) == 0;
	s->have_certificate = choose(c, 2) == 0;
	s->signer.name = text(c);
	s->signer.unit = text(c);
	s->signer.uid = text(c);
	s->issuer = text(c);
	s->tree = text(c);
	list(c, &s->path);
	s->claimed_time = (int64_t)number(c);
	s->timestamp = (int64_t)number(c);
	s->instant = (int64_t)number(c);
	s->not_before = (int64_t)number(c);
	s->not_after = (int64_t)number(c);
	s->revocation = (enum vt_revocation)choose(c, 4);
	s->revoked_at = (int64_t)number(c);
	s->covers = (enum vt_report_covers)choose(c, 4);
	s->covered_to = number(c);
	s->changed_after = choose(c, 4) == 1;
	list(c, &s->changes);
	list(c, &s->weak);
	list(c, &s->notes);
	s->nstamps = choose(c, 3);
	s->stamps = calloc(s->nstamps + 1, sizeof(*s->stamps));
	FUZZ_PROMISE(s->stamps != NULL);
	for (size_t i = 0; i < s->nstamps; i++)
		make_stamp(c, &s->stamps[i]);
}

static void
make_report(struct choices *c, struct vt_report *r, bool nested)
{
	size_t i;

	r->file = text(c);
	r->size = number(c);
	r->format = (enum vt_report_format)choose(c, 8);
	r->verdict = (enum vt_report_verdict)choose(c, 6);
	r->reason = code(c);
	r->detail = text(c);
	r->judged_at = (int64_t)number(c);
	r->encrypted = choose(c, 2) == 1;
	r->nsignatures = choose(c, 3);
	r->signatures = calloc(r->nsignatures + 1, sizeof(*r->signatures));
	FUZZ_PROMISE(r->signatures != NULL);
	for (i = 0; i < r->nsignatures; i++)
		make_signature(c, &r->signatures[i]);
	r->envelope_signature = word(c);
	r->envelope_reason = code(c);
	list(c, &r->notes);
	if (nested)
		return;
	r->nattachments = choose(c, 3);
	r->attachments = calloc(r->nattachments + 1, sizeof(*r->attachments));
	FUZZ_PROMISE(r->attachments != NULL);
	for (i = 0; i < r->nattachments; i++)
		make_report(c, &r->attachments[i], true);
}

/* What a worker wants to be fetched; certificates come by edits. */
static void
make_wants(struct choices *c, struct vt_wants *w)
{
	struct vt_want *want;
	size_t i, n = choose(c, 3);

	for (i = 0; i < n; i++) {
		want = &w->items[w->n++];
		want->kind = (enum vt_trust_want_kind)choose(c, 5);
		if ((want->url = text(c)) == NULL)
			want->url = strdup("http://h/");
		want->body = (unsigned char *)text(c);
		want->body_len =
		    want->body != NULL ? strlen((const char *)want->body) : 0;
		FUZZ_PROMISE(want->url != NULL);
	}
}

/* Of what could not be written make something that could, or nearly. */
static void
mend_report(struct choices *c, struct vt_report *r)
{
	enum vt_report_verdict worst = VT_REPORT_NONE;
	struct vt_report_signature *s;
	size_t i, k;

	if (r->file == NULL)
		r->file = strdup("a");
	FUZZ_PROMISE(r->file != NULL);
	r->format = r->format % (VT_REPORT_EDXML + 1);
	for (i = 0; i < r->nsignatures; i++) {
		s = &r->signatures[i];
		if (s->format == NULL ||
		    strcmp(s->format, "none of these") == 0)
			s->format = "pades";
		if (s->level != NULL && s->level[1] != '\0')
			s->level = NULL;
		s->verdict = (enum vt_report_verdict)(1 + choose(c, 4));
		s->reason = s->verdict == VT_REPORT_VALID ? "ok" : "revoked";
		s->revocation = s->verdict == VT_REPORT_VALID ? VT_REVOKED_NO
							      : VT_REVOKED_YES;
		s->covers = s->covers % (VT_COVERS_WHOLE + 1);
		if (s->verdict == VT_REPORT_VALID) {
			s->intact = s->have_certificate = true;
			s->changed_after = false;
			if (s->tree == NULL)
				s->tree = strdup("tree");
		}
		for (k = 0; k < s->nstamps; k++) {
			s->stamps[k].kind = "archive";
			s->stamps[k].verdict = VT_REPORT_INVALID;
			s->stamps[k].reason = "revoked";
		}
		worst = vt_report_worst(worst, s->verdict);
	}
	for (i = 0; i < r->nattachments; i++) {
		mend_report(c, &r->attachments[i]);
		worst = vt_report_worst(worst, r->attachments[i].verdict);
	}
	r->verdict = worst != VT_REPORT_NONE ? worst : VT_REPORT_UNSIGNED;
	r->reason = r->verdict == VT_REPORT_VALID ? "ok" : "revoked";
	if (choose(c, 4) != 1) {
		r->envelope_signature = NULL;
		r->envelope_reason = NULL;
	}
}

/* ---- what anybody who holds a worker can still do to it ---- */

static void
edit(struct choices *c, struct vt_buf *wire)
{
	size_t at, n;
	uint64_t odd;

	at = choose(c, 256) << 8;
	at = wire->len == 0 ? 0 : (at + choose(c, 256)) % wire->len;
	switch (choose(c, 4)) {
	case 0:
		if (at < wire->len)
			wire->data[at] = (unsigned char)choose(c, 256);
		break;
	case 1: /* a count, or a length */
		odd = number(c);
		n = wire->len - at < sizeof(odd) ? wire->len - at : sizeof(odd);
		if (n > 0)
			memcpy(wire->data + at, &odd, n);
		break;
	case 2: /* something is gone */
		n = choose(c, 64);
		n = n < wire->len - at ? n : wire->len - at;
		memmove(wire->data + at, wire->data + at + n,
		    wire->len - at - n);
		wire->len -= n;
		break;
	default:
		wire->len = at;
	}
}

/* ---- what the parent does with it ---- */

static void
check_report(const struct vt_report *r)
{
	size_t i;

	FUZZ_PROMISE(r->file != NULL && r->reason != NULL);
	FUZZ_PROMISE(r->verdict != VT_REPORT_NONE);
	FUZZ_PROMISE(r->verdict != VT_REPORT_VALID ||
		     r->nsignatures + r->nattachments > 0);
	FUZZ_PROMISE(vt_reason_text(r->reason) != NULL);
	/* A word of a verdict comes with a reason, which can be told. */
	if (r->envelope_signature != NULL &&
	    strcmp(r->envelope_signature, "absent") != 0 &&
	    strcmp(r->envelope_signature, "placeholder") != 0)
		FUZZ_PROMISE(r->envelope_reason != NULL &&
			     vt_reason_text(r->envelope_reason) != NULL);
	for (i = 0; i < r->nsignatures; i++)
		FUZZ_PROMISE(r->signatures[i].format != NULL &&
			     r->signatures[i].reason != NULL &&
			     r->signatures[i].verdict <= r->verdict);
	for (i = 0; i < r->nattachments; i++)
		check_report(&r->attachments[i]);
}

static void
take(struct vt_bytes wire)
{
	struct vt_wants *wants = calloc(1, sizeof(*wants));
	struct vt_bytes rest = wire;
	struct vt_report report = { 0 };
	struct vt_error err = { 0 };
	struct vt_buf again;
	size_t i;

	FUZZ_PROMISE(wants != NULL);
	if (fuzz_rc(vt_verify_wire_get(&rest, &report, &err), &err) == VT_OK) {
		check_report(&report);
		/* One report has one spelling. */
		vt_buf_init(&again, WIRE_MAX);
		FUZZ_PROMISE(fuzz_rc(vt_verify_wire_put(&report, &again, &err),
				 &err) == VT_OK);
		FUZZ_PROMISE(vt_bytes_equal(vt_buf_bytes(&again),
		    VT_BYTES(wire.data, wire.len - rest.len)));
		vt_buf_release(&again);
		if (vt_wants_get(&rest, wants, NULL) == VT_OK)
			for (i = 0; i < wants->n; i++)
				FUZZ_PROMISE(
				    wants->items[i].url != NULL &&
				    wants->items[i].kind != VT_WANT_ISSUER);
	}
	vt_wants_release(wants);
	free(wants);
	vt_report_release(&report);
}

static void
take_made(struct choices c)
{
	struct vt_wants *wants = calloc(1, sizeof(*wants));
	struct vt_report *r = calloc(1, sizeof(*r));
	struct vt_buf wire;
	size_t n;

	FUZZ_PROMISE(wants != NULL && r != NULL);
	vt_buf_init(&wire, WIRE_MAX);
	make_report(&c, r, false);
	if (choose(&c, 8) != 1)
		mend_report(&c, r);
	make_wants(&c, wants);
	FUZZ_PROMISE(vt_verify_wire_put(r, &wire, NULL) == VT_OK &&
		     vt_wants_put(wants, &wire, NULL) == VT_OK);
	for (n = choose(&c, EDITS_MAX); n > 0; n--)
		edit(&c, &wire);
	take(vt_buf_bytes(&wire));
	vt_buf_release(&wire);
	vt_report_free(r);
	vt_wants_release(wants);
	free(wants);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_bytes rest = VT_BYTES(data, size), piece;
	struct vt_trust_used used = { 0 };
	struct vt_error err = { 0 };

	if (size > 0 && data[0] == CHOICES) {
		take_made((struct choices){ vt_bytes_slice(rest, 1, size) });
		return 0;
	}
	take(rest);
	(void)fuzz_rc(vt_verify_used_get_rest(&rest, &used, &err), &err);
	vt_trust_used_release(&used);
	rest = VT_BYTES(data, size);
	while (fuzz_rc(vt_verify_wire_get_bytes(&rest, &piece, &err), &err) ==
	       VT_OK)
		FUZZ_PROMISE(piece.len <= size);
	return 0;
}
