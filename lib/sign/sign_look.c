/* sign_look.c - what a signature shows (NĐ 30/2020/NĐ-CP, Annex I) */
#include <string.h>

#include "sign_look.h"

#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/signer.h"
#include "vanthu/x509.h"

#define TEXT_WIDTH (75 * VT_STAMP_MM) /* of the texts in a corner */
#define COMMENT_WIDTH (80 * VT_STAMP_MM)
#define COMMENT_HEIGHT (60 * VT_STAMP_MM)
#define RED 0xd00000u
#define BLUE 0x0000a0u

static const char *
agency_of(const struct vt_sign_options *opts)
{
	return opts->words.agency != NULL ? opts->words.agency
					  : vt_cert_title(opts->signer->cert);
}

/* ---- a copy ---- */

/*
 * 25: of an electronic document there is no sao y and no sao lục, since the
 * file itself is the original.  What carries a digital signature is one.
 */
static int
copy_allowed(struct vt_pdf *pdf, enum vt_sign_copy form, struct vt_error *err)
{
	struct vt_pdf_sigfields fields = { 0 };
	bool is_signed = false;
	size_t i;
	int rc;

	if (form == VT_SIGN_TRICH_SAO)
		return VT_OK;
	if ((rc = vt_pdf_sigfields_read(pdf, &fields, err)) != VT_OK)
		return rc;
	for (i = 0; i < fields.n; i++)
		is_signed = is_signed || fields.items[i].is_signed;
	vt_pdf_sigfields_release(&fields);
	if (!is_signed)
		return VT_OK;
	return vt_error_set(err, VT_EREFUSED, "NĐ 30/2020/NĐ-CP, 25",
	    "an electronic document is no sao y and no sao lục of another: the "
	    "signed file is the original itself, send that");
}

static int
copy(struct vt_pdf *pdf, const struct vt_sign_options *opts, int64_t when,
    struct vt_stamp **ret, struct vt_error *err)
{
	static const enum vt_stamp_copy_form forms[] = {
		[VT_SIGN_SAO_Y] = VT_STAMP_SAO_Y,
		[VT_SIGN_SAO_LUC] = VT_STAMP_SAO_LUC,
		[VT_SIGN_TRICH_SAO] = VT_STAMP_TRICH_SAO,
	};
	enum vt_sign_copy form = opts->words.copy;
	int rc;

	if (form < VT_SIGN_SAO_Y || form > VT_SIGN_TRICH_SAO)
		return vt_error_set(err, VT_EARG, "NĐ 30/2020/NĐ-CP, 25",
		    "which copy is it: sao y, sao lục or trích sao?");
	if ((rc = copy_allowed(pdf, form, err)) != VT_OK)
		return rc;
	return vt_stamp_copy(opts->kit, forms[form], agency_of(opts), when,
	    TEXT_WIDTH, ret, err);
}

/* ---- the others ---- */

static int
attachment(const struct vt_sign_options *opts, int64_t when,
    struct vt_stamp **ret, struct vt_error *err)
{
	if (opts->words.code == NULL)
		return vt_error_set(err, VT_EARG,
		    "NĐ 30/2020/NĐ-CP, PL.I II.8b",
		    "an attachment names number and notation of its document");
	return vt_stamp_attachment(opts->kit, opts->words.code, when,
	    TEXT_WIDTH, ret, err);
}

static int
incoming(const struct vt_sign_options *opts, int64_t when,
    struct vt_stamp **ret, struct vt_error *err)
{
	struct vt_stamp_arrival a = {
		.agency = agency_of(opts),
		.number = opts->words.code,
		.date = opts->words.date,
		.colour = RED,
	};

	if (a.number == NULL)
		return vt_error_set(err, VT_EARG, "NĐ 30/2020/NĐ-CP, PL.IV",
		    "an arrival stamp has a number");
	if (a.date.year == 0)
		a.date = vt_date_of(when);
	return vt_stamp_incoming(opts->kit, &a, ret, err);
}

static int
comment(const struct vt_sign_options *opts, int64_t when, struct vt_stamp **ret,
    struct vt_error *err)
{
	const struct vt_stamp_remark r = {
		.name = vt_cert_title(opts->signer->cert),
		.text = opts->words.text,
		.when = when,
		.colour = BLUE,
	};

	if (r.text == NULL || r.text[0] == '\0')
		return vt_error_set(err, VT_EARG, NULL, "a comment has a text");
	return vt_stamp_comment(opts->kit, &r, COMMENT_WIDTH, COMMENT_HEIGHT,
	    ret, err);
}

/* ---- */

static int
put(void *ctx, size_t i, struct vt_pdf_update *up, struct vt_pdf_ref *ret,
    struct vt_error *err)
{
	struct sign_look *look = ctx;
	struct vt_stamp *stamp =
	    i == 0 ? look->stamp : look->part_stamps[i - 1];

	return stamp != NULL ? vt_stamp_put(stamp, up, ret, err) : VT_OK;
}

static int
place(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_corner corner, struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_error *err)
{
	int rc, turn;

	if ((rc = vt_sign_place_find(pdf, &opts->place, corner,
		 vt_stamp_width(look->stamp), vt_stamp_height(look->stamp),
		 &plan->page, &plan->rect, &turn, err)) != VT_OK ||
	    (rc = vt_stamp_turn(look->stamp, turn, err)) != VT_OK)
		return rc;
	plan->field = opts->place.field;
	return VT_OK;
}

/* ISO 19005-1, 6.4; -2, 6.2.10: who keeps it for ever may not lose it by us. */
static int
keep_archival(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    struct vt_error *err)
{
	struct vt_pdf_archival a;
	int rc;

	if (opts->kit == NULL)
		return VT_OK;
	if ((rc = vt_pdf_archival_read(pdf, &a, err)) == VT_OK)
		vt_stamp_kit_opaque(opts->kit,
		    a.part == 1 || (a.part > 1 && !a.intent));
	return rc;
}

int
vt_sign_look(struct vt_pdf *pdf, const struct vt_sign_options *opts,
    enum sign_step step, struct vt_pdf_sign *plan, struct sign_look *look,
    struct vt_sign_result *res, struct vt_error *err)
{
	enum sign_corner corner = SIGN_TOP_RIGHT;
	int64_t when = res->time;
	int rc, turn;

	plan->look = put;
	plan->look_ctx = look;
	plan->parts = look->parts;
	if ((rc = keep_archival(pdf, opts, err)) != VT_OK)
		return rc;
	switch (opts->role) {
	case VT_SIGN_PERSON:
		return vt_sign_person(pdf, opts, plan, look, res, err);
	case VT_SIGN_AGENCY:
		return vt_sign_agency(pdf, opts, step, plan, look, res, err);
	case VT_SIGN_ATTACHMENT:
		rc = attachment(opts, when, &look->stamp, err);
		break;
	case VT_SIGN_COPY:
		rc = copy(pdf, opts, when, &look->stamp, err);
		break;
	case VT_SIGN_INCOMING:
		corner = SIGN_TOP_LEFT;
		rc = incoming(opts, when, &look->stamp, err);
		break;
	case VT_SIGN_COMMENT:
		corner = SIGN_BOTTOM_LEFT;
		rc = comment(opts, when, &look->stamp, err);
		break;
	default: /* invisible, maybe in a field that is there */
		if (opts->place.field == NULL)
			return VT_OK;
		plan->field = opts->place.field;
		return vt_sign_place_find(pdf, &opts->place, corner, 0, 0,
		    &plan->page, &plan->rect, &turn, err);
	}
	return rc == VT_OK ? place(pdf, opts, corner, plan, look, err) : rc;
}

void
vt_sign_look_release(struct sign_look *look)
{
	size_t i;

	vt_stamp_free(look->stamp);
	for (i = 0; i < SIGN_PARTS; i++)
		vt_stamp_free(look->part_stamps[i]);
	memset(look, 0, sizeof(*look));
}
