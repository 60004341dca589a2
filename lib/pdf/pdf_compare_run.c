/* pdf_compare_run.c - a signed state against all that came later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf_compare_int.h"

void
vt_pdf_comparison_release(struct vt_pdf_comparison *c)
{
	free(c->items);
	vt_list_release(&c->additions);
	memset(c, 0, sizeof(*c));
}

void
vt_pdf_steps_free(struct vt_pdf_signed *s)
{
	size_t i;

	for (i = 0; i < s->nsteps; i++)
		vt_pdf_comparison_release(&s->steps[i].c);
	free(s->steps);
	s->steps = NULL;
	s->nsteps = 0;
}

/* Does signature J count for what came before its own end? */
static bool
is_witness(const struct vt_pdf_signed *s, size_t j, const bool *intact)
{
	const struct vt_pdf_signature *p = &s->items[j].pub;

	return intact[j] && p->sound && !p->removed &&
	       p->covers != VT_PDF_COVERS_PART;
}

/* And for what one sees in the state of END bytes?  A time stamp does not. */
static bool
speaks_for(const struct vt_pdf_signed *s, size_t j, const bool *intact,
    uint64_t end)
{
	return is_witness(s, j, intact) && !s->items[j].pub.timestamp &&
	       s->items[j].pub.end >= end;
}

bool
vt_pdf_is_own_witness(const struct pdf_step *st, struct vt_pdf_ref field,
    const char *name)
{
	const struct vt_pdf_sigfield *f;
	size_t j;

	for (j = 0; j < st->s->n; j++) {
		f = &st->s->items[j].field;
		if (speaks_for(st->s, j, st->intact, st->end) &&
		    f->field.num == field.num && f->field.gen == field.gen &&
		    strcmp(f->name, name) == 0)
			return true;
	}
	return false;
}

/* Not the file's fault, or not surely: a limit, a thing we do not know. */
static bool
is_beyond_us(const struct vt_error *why)
{
	return why->code == VT_ELIMIT || why->code == VT_EUNSUPPORTED;
}

static void
not_compared(struct vt_pdf_comparison *c, const struct vt_error *why)
{
	snprintf(c->reason, sizeof(c->reason), "%.*s",
	    (int)sizeof(c->reason) - 1, why->text);
}

static struct pdf_policy
policy_of(const struct vt_pdf_sigfield *f)
{
	struct pdf_policy p = { .docmdp = f->docmdp };

	if (f->lock != 0 && (p.docmdp == 0 || f->lock < p.docmdp))
		p.docmdp = f->lock;
	if (f->locks.action != VT_PDF_LOCK_NONE)
		p.locks[0] = &f->locks;
	if (f->mdp_locks.action != VT_PDF_LOCK_NONE)
		p.locks[1] = &f->mdp_locks;
	return p;
}

static bool
same_policy(const struct pdf_policy *a, const struct pdf_policy *b)
{
	return a->docmdp == b->docmdp && a->locks[0] == b->locks[0] &&
	       a->locks[1] == b->locks[1];
}

static int
step_make(struct vt_pdf_signed *s, struct pdf_stepped *to, const bool *intact,
    struct vt_error *err)
{
	struct pdf_step st = { .s = s,
		.end = to->b,
		.policy = to->policy,
		.intact = intact,
		.ret = &to->c };
	static const struct vt_pdf_ref none = { 0, 0 };
	struct vt_error why = { 0 };
	size_t j;
	int rc;

	for (j = 0; j < s->n && !st.witness; j++)
		st.witness = speaks_for(s, j, intact, st.end);
	if ((rc = vt_pdf_signed_state(s, to->a, &st.a, &why, err)) != VT_OK ||
	    (rc = vt_pdf_signed_state(s, to->b, &st.b, &why, err)) != VT_OK)
		return rc;
	if (is_beyond_us(&why)) {
		not_compared(&to->c, &why);
		return VT_OK;
	}
	if (st.a == NULL || st.b == NULL)
		return vt_pdf_differ(&st, VT_PDF_D_UNREADABLE, none, err,
		    VT_N_("a later revision cannot be read"));
	if ((rc = vt_pdf_step_run(&st, err)) == VT_OK &&
	    to->c.result == VT_PDF_NOT_COMPARED && to->c.reason[0] == '\0')
		to->c.result = VT_PDF_UNCHANGED;
	return rc;
}

/* A step's result, made once. */
static int
step_get(struct vt_pdf_signed *s, uint64_t a, uint64_t b,
    const struct pdf_policy *policy, const bool *intact,
    const struct vt_pdf_comparison **ret, struct vt_error *err)
{
	struct pdf_stepped *more;
	size_t i;
	int rc;

	for (i = 0; i < s->nsteps; i++)
		if (s->steps[i].a == a && s->steps[i].b == b &&
		    same_policy(&s->steps[i].policy, policy)) {
			*ret = &s->steps[i].c;
			return VT_OK;
		}
	if ((s->nsteps & (s->nsteps - 1)) == 0) {
		more = realloc(s->steps,
		    (s->nsteps == 0 ? 1 : 2 * s->nsteps) * sizeof(*more));
		if (more == NULL)
			return vt_error_nomem(err);
		s->steps = more;
	}
	s->steps[s->nsteps] =
	    (struct pdf_stepped){ .a = a, .b = b, .policy = *policy };
	rc = step_make(s, &s->steps[s->nsteps], intact, err);
	if (rc != VT_OK) {
		vt_pdf_comparison_release(&s->steps[s->nsteps].c);
		return rc;
	}
	*ret = &s->steps[s->nsteps++].c;
	return VT_OK;
}

/* Put what one step found behind what others did. */
static int
merge(struct vt_pdf_comparison *to, const struct vt_pdf_comparison *from,
    struct vt_error *err)
{
	struct vt_pdf_difference *items;
	size_t i, n = from->n, cap = 1;
	int rc;

	if (n > VT_PDF_DIFFERENCES_MAX - to->n)
		n = VT_PDF_DIFFERENCES_MAX - to->n;
	if (n > 0) {
		while (cap < to->n + n) /* as vt_pdf_differ() has it */
			cap *= 2;
		items = realloc(to->items, cap * sizeof(*items));
		if (items == NULL)
			return vt_error_nomem(err);
		memcpy(items + to->n, from->items, n * sizeof(*items));
		to->items = items;
		to->n += n;
	}
	for (i = 0; i < from->additions.n; i++) {
		if (to->additions.n == VT_PDF_DIFFERENCES_MAX)
			break;
		rc = vt_list_add(&to->additions, from->additions.items[i], err);
		if (rc != VT_OK)
			return rc;
	}
	to->total += from->total;
	if (from->added > to->added)
		to->added = from->added;
	if (from->result == VT_PDF_CHANGED)
		to->result = VT_PDF_CHANGED;
	if (to->reason[0] == '\0')
		memcpy(to->reason, from->reason, sizeof(to->reason));
	return VT_OK;
}

/* The end of the next state to compare with the one of END bytes. */
static uint64_t
next_end(const struct vt_pdf_signed *s, uint64_t end, const bool *intact)
{
	uint64_t next = s->size;
	size_t j;

	for (j = 0; j < s->n; j++)
		if (is_witness(s, j, intact) && s->items[j].pub.end > end &&
		    s->items[j].pub.end < next)
			next = s->items[j].pub.end;
	return next;
}

/*
 * Bytes behind the last revision are nobody's: a strict reader passes over
 * them, one that repairs files may show what they hold.
 */
static int
compare_tail(struct vt_pdf_signed *s, struct pdf_step *st, struct vt_error *err)
{
	uint64_t end =
	    vt_pdf_revision(s->pdf, vt_pdf_nrevisions(s->pdf) - 1)->end;
	size_t j;
	bool blank;
	int rc;

	for (j = 0; j < s->n; j++)
		if (s->items[j].pub.covers != VT_PDF_COVERS_PART &&
		    s->items[j].pub.end > end)
			end = s->items[j].pub.end;
	if (end >= s->size)
		return VT_OK;
	rc = vt_pdf_only_space(s->src, end, s->size, &blank, err);
	if (rc != VT_OK || blank)
		return rc;
	return vt_pdf_differ(st, VT_PDF_D_UNREADABLE,
	    (struct vt_pdf_ref){ 0, 0 }, err,
	    VT_N_("%llu bytes at the end belong to no revision"),
	    (unsigned long long)(s->size - end));
}

/*
 * Nobody gave the password: names in a cipher tell nothing of what others may
 * add.  But who signed a document that was not encrypted, or in another way,
 * did not sign what is read now (7.6).
 */
static int
compare_locked(struct vt_pdf_signed *s, const struct pdf_signature *sig,
    struct vt_pdf_comparison *c, struct vt_error *err)
{
	struct pdf_step st = { .s = s, .b = s->pdf, .end = s->size, .ret = c };
	struct vt_error why = { 0 };
	int rc;

	rc = vt_pdf_signed_state(s, sig->pub.end, &st.a, &why, err);
	if (rc == VT_OK && st.a != NULL)
		rc = vt_pdf_compare_encryption(&st, err);
	if (rc == VT_OK && c->result != VT_PDF_CHANGED)
		snprintf(c->reason, sizeof(c->reason), "%s",
		    vt_tr("the document is encrypted: what was changed in it "
			  "cannot be told without its password"));
	return rc;
}

/* What was signed, and what there is now, as readers open it first. */
static int
compare_linear(struct vt_pdf_signed *s, const struct pdf_signature *sig,
    struct pdf_step *st, struct vt_error *err)
{
	struct vt_error why = { 0 };
	struct vt_pdf *pdf;
	int rc;

	rc = vt_pdf_signed_state(s, sig->pub.end, &pdf, &why, err);
	if (rc == VT_OK && pdf != NULL)
		rc = vt_pdf_compare_linear(st, pdf, err);
	if (rc == VT_OK && pdf != s->pdf)
		rc = vt_pdf_compare_linear(st, s->pdf, err);
	return rc;
}

static int
compare(struct vt_pdf_signed *s, const struct pdf_signature *sig,
    const bool *intact, struct vt_pdf_comparison *c, struct vt_error *err)
{
	const struct vt_pdf_comparison *one = NULL;
	struct pdf_step st = { .b = s->pdf, .end = s->size, .ret = c };
	uint64_t end, next;
	struct pdf_policy policy = policy_of(&sig->field);
	int rc = VT_OK;

	if (s->pdf != NULL && vt_pdf_locked(s->pdf) &&
	    sig->pub.covers != VT_PDF_COVERS_WHOLE)
		return compare_locked(s, sig, c, err);
	if (sig->pub.removed)
		rc = vt_pdf_differ(&st, VT_PDF_D_REMOVED, sig->field.field, err,
		    VT_N_("the signature was removed"));
	if (rc == VT_OK && (s->pdf == NULL ? is_beyond_us(&s->damage)
					   : s->damage.code == VT_ELIMIT)) {
		not_compared(c, &s->damage);
		return VT_OK;
	}
	if (rc == VT_OK && s->pdf == NULL)
		return vt_pdf_differ(&st, VT_PDF_D_UNREADABLE,
		    (struct vt_pdf_ref){ 0, 0 }, err,
		    VT_N_("what was appended cannot be read: %s"),
		    s->damage.text);
	for (end = sig->pub.end; end < s->size && rc == VT_OK; end = next) {
		next = next_end(s, end, intact);
		rc = step_get(s, end, next, &policy, intact, &one, err);
		if (rc == VT_OK)
			rc = merge(c, one, err);
	}
	if (rc == VT_OK)
		rc = compare_tail(s, &st, err);
	if (rc == VT_OK && sig->pub.end < s->size)
		rc = vt_pdf_compare_end(&st, sig->pub.end, err);
	if (rc == VT_OK)
		rc = compare_linear(s, sig, &st, err);
	if (rc == VT_OK && c->result == VT_PDF_NOT_COMPARED &&
	    c->reason[0] == '\0')
		c->result = VT_PDF_UNCHANGED;
	return rc;
}

int
vt_pdf_signed_compare(struct vt_pdf_signed *s, size_t i, const bool *intact,
    struct vt_pdf_comparison *ret, struct vt_error *err)
{
	struct vt_pdf_comparison c = { 0 };
	int rc;

	if (!s->items[i].pub.sound)
		return vt_error_set(err, VT_EARG, NULL,
		    "a signature that covers nothing cannot be compared");
	if (s->items[i].pub.covers == VT_PDF_COVERS_PART) {
		snprintf(c.reason, sizeof(c.reason), "%s",
		    vt_tr("the covered bytes are not a whole revision"));
		*ret = c;
		return VT_OK;
	}
	if (memcmp(s->intact, intact, s->n * sizeof(*intact)) != 0) {
		vt_pdf_steps_free(s);
		memcpy(s->intact, intact, s->n * sizeof(*intact));
	}
	rc = compare(s, &s->items[i], intact, &c, err);
	if (rc == VT_OK)
		*ret = c;
	else
		vt_pdf_comparison_release(&c);
	return rc;
}
