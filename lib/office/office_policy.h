/* office_policy.h - what an office does with a document that came */
#ifndef VANTHU_OFFICE_POLICY_H
#define VANTHU_OFFICE_POLICY_H

#include <stdbool.h>
#include <stddef.h>

struct vt_error;
struct vt_office;
struct vt_office_intake;
struct vt_office_judged;
struct vt_report;

/* Who signed a file, as the certificate says it; owned, NULL: it does not. */
struct vt_office_signer {
	char *name, *organization, *unit, *uid;
};

/* ---- office_signer.c ---- */

/*
 * Keep in J who signed the file of REPORT (NULL: nobody) last: the main one, or
 * one of the others.
 */
int vt_office_policy_signer(struct vt_office_judged *j,
    const struct vt_report *report, bool main, struct vt_error *err);
void vt_office_signer_release(struct vt_office_signer *s);

/* ---- office_policy.c ---- */

/*
 * The office's word on in->env, judged as J, as far as signatures and whose
 * they are go: CODE NULL: nothing stands against it.  Else it is held, or
 * refused where REFUSE, and in->detail may say more.
 */
struct vt_office_word {
	const char *code;
	bool refuse;
};

int vt_office_policy(struct vt_office_intake *in,
    const struct vt_office_judged *j, struct vt_office_word *ret,
    struct vt_error *err);

/*
 * in->detail, where it is empty, says whose the main file's signature is: a
 * clerk who looks at what is held for CODE must know.
 */
void vt_office_policy_say(struct vt_office_intake *in,
    const struct vt_office_judged *j, const char *code);

/* ---- office_issuer.c: whose certificate is it? ---- */

/* The issuer of a document, as the directory or else the envelope names it. */
struct vt_office_issuer;

/*
 * The sender of in->env.  *RET_WHY is NULL, or the code of why nobody can be
 * compared with him; then *RET is NULL, and in->detail may say more.
 */
int vt_office_issuer_new(struct vt_office_intake *in,
    struct vt_office_issuer **ret, const char **ret_why, struct vt_error *err);
void vt_office_issuer_free(struct vt_office_issuer *i); /* NULL is allowed */
/* Is it the directory that names him, not his own message? */
bool vt_office_issuer_by_directory(const struct vt_office_issuer *i);
/* Does the certificate S belong to him? */
int vt_office_issuer_is(struct vt_office_issuer *i,
    const struct vt_office_signer *s, bool *ret, struct vt_error *err);
/* Do two certificates name one organisation, or one of them none? */
int vt_office_signers_agree(const struct vt_office_signer *a,
    const struct vt_office_signer *b, bool *ret, struct vt_error *err);

#endif
