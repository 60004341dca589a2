/* test_evidence.h - a check of a signer, as a register keeps it */
#ifndef VT_TEST_EVIDENCE_H
#define VT_TEST_EVIDENCE_H

#include "test_util.h"

#include "vanthu/store.h"
#include "vanthu/store_evidence.h"

/* Kept for RECORD, in a transaction of its own: valid at AT, by PARTS. */
static inline void
test_evidence_keep(struct vt_store *s, int64_t record, int64_t at,
    struct vt_evidence_part *parts, size_t nparts)
{
	struct vt_error err = { 0 };
	struct vt_evidence e = { .record = record,
		.at = at,
		.role = "person",
		.key = "file",
		.level = "B",
		.signer = "Lê Hoàng Vũ",
		.verdict = "valid",
		.reason = "ok",
		.revocation = "good",
		.name = "cv.pdf",
		.parts = parts,
		.nparts = nparts };

	e.before[0] = 0xb;
	e.after[0] = 0xa;
	assert_vt_ok(vt_store_begin(s, &err), &err);
	assert_vt_ok(vt_store_evidence_add(s, &e, &err), &err);
	assert_vt_ok(vt_store_commit(s, &err), &err);
	assert_true(e.id > 0);
}

#endif
