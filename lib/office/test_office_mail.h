/* test_office_mail.h - two offices, and what others put into their folders */
#ifndef VANTHU_TEST_OFFICE_MAIL_H
#define VANTHU_TEST_OFFICE_MAIL_H

#include "test_util.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "office_mail_int.h"
#include "vanthu/conf.h"
#include "vanthu/digest.h"
#include "vanthu/encode.h"
#include "vanthu/envelope.h"
#include "vanthu/key.h"
#include "vanthu/objects.h"
#include "vanthu/office.h"
#include "vanthu/record.h"
#include "vanthu/sign.h"
#include "vanthu/signer.h"
#include "vanthu/source.h"
#include "vanthu/store.h"
#include "vanthu/store_agency.h"
#include "vanthu/time.h"
#include "vanthu/trust.h"

#define A "H99.01"
#define B "H99.02"
#define ORGAN "Ủy ban nhân dân tỉnh Thử Nghiệm" /* whose the test keys are */

/* ---- the world: two offices, a signer, the folders between them ---- */

struct world {
	char *dir;
	struct vt_office *a, *b;
	struct vt_buf good; /* a signed file that B trusts */
	int year;
	int64_t next_try; /* that a test gives to deliveries */
};

static inline char *
in(const char *dir, const char *name)
{
	char *path = vt_path_join(dir, name);

	assert_non_null(path);
	return path;
}

static inline const char *
pki(void)
{
	const char *dir = getenv("VANTHU_PKI");

	assert_non_null(dir);
	return dir;
}

static inline int
passphrase(void *ctx, const char *what, struct vt_secret *ret,
    struct vt_error *err)
{
	struct vt_buf b = { 0 };
	char *path = in(pki(), "passphrase");
	size_t len;
	int rc;

	(void)ctx;
	(void)what;
	test_read(path, &b);
	len = strcspn(vt_buf_str(&b), "\n");
	rc = vt_secret_set(ret, b.data, len, err);
	vt_buf_release(&b);
	free(path);
	return rc;
}

/* A signature of TEXT by the key NAME; ATTACHED: TEXT is inside. */
static inline void
sign_as(const char *dir, const char *name, const char *text, bool attached,
    struct vt_buf *ret)
{
	const struct vt_key_ask ask = { passphrase, NULL };
	struct vt_sign_options opts = { .attached = attached,
		.at = VT_TIME_NONE };
	struct vt_sign_result res = { 0 };
	struct vt_source *src = NULL;
	struct vt_out *out = NULL;
	struct vt_error err = { 0 };
	char *key = in(pki(), name), *path = in(dir, "signed.tmp");

	assert_vt_ok(vt_key_p12(key, NULL, &ask, &opts.signer, &err), &err);
	assert_vt_ok(vt_source_bytes(vt_bytes_str(text), &src, &err), &err);
	assert_vt_ok(vt_out_open(path, &out, &err), &err);
	assert_vt_ok(vt_sign_source(src, &opts, out, &res, &err), &err);
	assert_vt_ok(vt_out_commit(out, &err), &err);
	test_read(path, ret);
	assert_int_equal(unlink(path), 0);
	vt_source_free(src);
	vt_signer_free(opts.signer);
	free(key);
	free(path);
}

/* TEXT inside a signature by the key NAME: .p7m, whole in one file. */
static inline void
sign_text(const char *dir, const char *name, const char *text,
    struct vt_buf *ret)
{
	sign_as(dir, name, text, true, ret);
}

static inline struct vt_office *
make_office(const struct world *w, const char *name, const char *id)
{
	struct vt_error err = { 0 };
	struct vt_office *o = NULL;
	char *home = in(w->dir, name), url[512];
	struct vt_office_plan plan = { .organ_id = id,
		.name = ORGAN,
		.transport = url };

	snprintf(url, sizeof(url), "spool:%s/axis", w->dir);
	assert_vt_ok(vt_office_create(home, &plan, NULL, &err), &err);
	assert_vt_ok(vt_office_open(home, "test", &o, &err), &err);
	free(o->trust_dir);
	o->trust_dir = in(pki(), "trust");
	free(home);
	return o;
}

static inline int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->dir = test_dir_new();
	w->a = make_office(w, "a", A);
	w->b = make_office(w, "b", B);
	sign_text(w->dir, "officer.p12", "nội dung", &w->good);
	w->year = vt_date_of(vt_time_now()).year;
	*state = w;
	return 0;
}

static inline int
teardown(void **state)
{
	struct world *w = *state;

	vt_office_close(w->a);
	vt_office_close(w->b);
	vt_buf_release(&w->good);
	test_dir_free(w->dir);
	free(w);
	return 0;
}

/* ---- an outgoing record of A ---- */

static inline int64_t
make_record(struct world *w, struct vt_bytes file, const char *subject)
{
	struct vt_error err = { 0 };
	unsigned char sha256[VT_SHA256_LEN];
	struct vt_source *src = NULL;
	struct vt_record rec;
	int64_t id;

	vt_record_init(&rec);
	assert_vt_ok(vt_source_bytes(file, &src, &err), &err);
	assert_vt_ok(vt_objects_put(w->a->objects, src, sha256, NULL, &err),
	    &err);
	vt_source_free(src);
	assert_vt_ok(vt_record_put(&rec.book, "out", &err), &err);
	assert_vt_ok(vt_record_put(&rec.notation, "SA-VP", &err), &err);
	assert_vt_ok(vt_record_put(&rec.type, "CV", &err), &err);
	assert_vt_ok(vt_record_put(&rec.subject, subject, &err), &err);
	assert_vt_ok(vt_record_put(&rec.organ_id, A, &err), &err);
	assert_vt_ok(vt_record_put(&rec.organ_name, ORGAN, &err), &err);
	rec.year = w->year;
	rec.registered = vt_time_now();
	rec.date = vt_date_of(rec.registered);
	rec.state = VT_STATE_SIGNED;
	rec.urgency = VT_URGENCY_KHAN;
	assert_vt_ok(vt_record_file_add(&rec, "cv.p7m", file.len, sha256, &err),
	    &err);
	assert_vt_ok(vt_store_begin(w->a->store, &err), &err);
	assert_vt_ok(vt_store_record_add(w->a->store, &rec, "registered", NULL,
			 &err),
	    &err);
	assert_vt_ok(vt_store_commit(w->a->store, &err), &err);
	id = rec.id;
	vt_record_release(&rec);
	return id;
}

static inline int
send_to(struct vt_office *o, int64_t id, const char *to, struct vt_list *notes,
    struct vt_error *err)
{
	struct vt_list list = { 0 };
	const struct vt_office_issue issue = { .to = &list };
	char copy[128], *next = copy, *word;
	int rc;

	snprintf(copy, sizeof(copy), "%s", to);
	while ((word = strsep(&next, " ")) != NULL)
		assert_vt_ok(vt_list_add(&list, word, NULL), NULL);
	rc = vt_office_send(o, id, &issue, notes, err);
	vt_list_release(&list);
	return rc;
}

static inline void
sent(struct vt_office *o, int64_t id, const char *to)
{
	struct vt_error err = { 0 };

	assert_vt_ok(send_to(o, id, to, NULL, &err), &err);
}

/* "TO=STATE[CODES];", for each recipient. */
static inline int
add_state(void *ctx, const struct vt_office_recipient *r, struct vt_error *err)
{
	char *text = ctx;
	size_t i, len = strlen(text);

	(void)err;
	len += (size_t)snprintf(text + len, 1024 - len, "%s=%s[",
	    r->delivery->organ_id != NULL ? r->delivery->organ_id : "-",
	    vt_delivery_state_name(r->delivery->state));
	for (i = 0; i < r->nstatuses; i++)
		len += (size_t)snprintf(text + len, 1024 - len, "%s%s%s",
		    i > 0 ? " " : "", r->statuses[i].code,
		    r->statuses[i].unusual ? "!" : "");
	snprintf(text + len, 1024 - len, "];");
	return VT_OK;
}

static inline void
assert_states(struct vt_office *o, int64_t id, const char *want)
{
	struct vt_error err = { 0 };
	char text[1024] = "";

	assert_vt_ok(vt_office_recipients(o, id, add_state, text, &err), &err);
	assert_string_equal(text, want);
}

/* ---- receiving ---- */

struct got {
	char text[4096]; /* "RESULT:REF:REASON;" */
	char detail[1024];
	int64_t id; /* of the last */
	size_t n;
};

static inline int
note(void *ctx, const struct vt_office_received *r, struct vt_error *err)
{
	struct got *got = ctx;
	size_t len = strlen(got->text);

	(void)err;
	snprintf(got->text + len, sizeof(got->text) - len, "%s:%s:%s;",
	    vt_received_result_name(r->result), r->ref != NULL ? r->ref : "",
	    r->reason != NULL ? r->reason : "");
	snprintf(got->detail, sizeof(got->detail), "%s",
	    r->detail != NULL ? r->detail : "");
	got->id = r->id;
	got->n++;
	return VT_OK;
}

static inline void
receive(struct vt_office *o, struct got *got)
{
	struct vt_error err = { 0 };

	memset(got, 0, sizeof(*got));
	assert_vt_ok(vt_office_receive(o, 0, note, got, NULL, &err), &err);
}

#define assert_received(o, want) check_received((o), (want), __FILE__, __LINE__)
static inline void
check_received(struct vt_office *o, const char *want, const char *file,
    int line)
{
	struct got got;

	receive(o, &got);
	if (strcmp(got.text, want) == 0)
		return;
	print_error("\"%s\" (%s), not \"%s\"\n", got.text, got.detail, want);
	_fail(file, line);
}

static inline int
count_one(void *ctx, const struct vt_record *rec, struct vt_error *err)
{
	size_t *n = ctx;

	(void)rec;
	(void)err;
	++*n;
	return VT_OK;
}

/* Records in the book of incoming documents. */
static inline size_t
count_in(struct vt_office *o)
{
	const struct vt_store_query q = { .book = "in" };
	struct vt_error err = { 0 };
	size_t n = 0;

	assert_vt_ok(vt_store_list(o->store, &q, count_one, &n, &err), &err);
	return n;
}

static inline void
assert_state(struct vt_office *o, int64_t id, enum vt_state state,
    size_t nfiles)
{
	struct vt_record rec;

	assert_vt_ok(vt_store_record_get(o->store, id, &rec, NULL), NULL);
	assert_string_equal(vt_state_name(rec.state), vt_state_name(state));
	assert_int_equal(rec.nfiles, nfiles);
	vt_record_release(&rec);
}

static inline size_t
pending(struct vt_office *o)
{
	struct vt_error err = { 0 };
	struct got got = { 0 };

	assert_vt_ok(vt_office_pending(o, note, &got, &err), &err);
	return got.n;
}

/* ---- what others send ---- */

struct message {
	const char *from, *to, *document_id, *subject, *type_name, *number;
	enum vt_business business;
	bool adds;            /* an update: B to its recipients */
	const char *name;     /* of the attachment; NULL: none */
	struct vt_bytes file; /* its content */
	const char *name2;
	struct vt_bytes file2;
	const char *name3;
	struct vt_bytes file3;
	const char *drop; /* the name in the spool */
};

static inline int
put_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	if (vt_buf_bytes_put(ctx, piece) != VT_OK)
		return vt_error_nomem(err);
	return VT_OK;
}

/* Put TEXT into the folder of OWNER, as others do it. */
static inline void
drop(const struct world *w, const char *owner, const char *name,
    struct vt_bytes text)
{
	struct vt_error err = { 0 };
	char rel[256], *path;

	snprintf(rel, sizeof(rel), "axis/%s/%s.edxml", owner, name);
	path = in(w->dir, rel);
	assert_vt_ok(vt_file_write(path, text, &err), &err);
	free(path);
}

static inline void
set(char **field, const char *text)
{
	assert_vt_ok(vt_envelope_set(field, text, NULL), NULL);
}

static inline void
put_message(const struct world *w, const struct message *m, struct vt_buf *ret)
{
	const struct {
		const char *name;
		struct vt_bytes file;
	} all[] = { { m->name, m->file }, { m->name2, m->file2 },
		{ m->name3, m->file3 } };
	struct vt_envelope_file files[3];
	struct vt_source *src[3] = { NULL, NULL, NULL };
	struct vt_error err = { 0 };
	struct vt_envelope env;
	struct vt_organ *to;
	size_t n = 0, i;

	vt_envelope_init(&env);
	set(&env.from.id, m->from != NULL ? m->from : A);
	set(&env.from.name, ORGAN);
	assert_vt_ok(vt_envelope_add_to(&env, &to, &err), &err);
	set(&to->id, m->to != NULL ? m->to : B);
	set(&env.document_id,
	    m->document_id != NULL ? m->document_id : "H99.01,2026/01/05,7/SA");
	set(&env.code_number, m->number != NULL ? m->number : "7");
	set(&env.code_notation, "SA");
	env.date = (struct vt_date){ 2026, 1, 5 };
	set(&env.type_name, m->type_name != NULL ? m->type_name : "Công văn");
	set(&env.subject, m->subject != NULL ? m->subject : "V/v thử nghiệm");
	env.business.type = m->business;
	if (m->business == VT_BUSINESS_UPDATE)
		set(&env.business.document_id, env.document_id);
	if (m->adds) {
		struct vt_receiver_change *r;

		assert_vt_ok(vt_envelope_add_receiver(&env, &r, &err), &err);
		r->added = env.business.receivers_changed = true;
		set(&r->organ_id, B);
	}
	if (m->business == VT_BUSINESS_REPLACE) {
		struct vt_replaced *old;

		assert_vt_ok(vt_envelope_add_replaced(&env, &old, &err), &err);
		set(&old->document_id, "H99.01,2025/01/05,6/SA");
		assert_vt_ok(vt_list_add(&old->organ_ids, B, &err), &err);
	}
	for (i = 0; i < 3; i++) {
		if (all[i].name == NULL)
			continue;
		assert_vt_ok(vt_source_bytes(all[i].file, &src[i], &err), &err);
		files[n++] = (struct vt_envelope_file){ all[i].name, src[i] };
	}
	vt_buf_init(ret, 32u << 20);
	assert_vt_ok(vt_envelope_write(&env, files, n, w->dir, put_piece, ret,
			 &err),
	    &err);
	for (i = 0; i < 3; i++)
		vt_source_free(src[i]);
	vt_envelope_release(&env);
}

static inline void
drop_message(const struct world *w, const struct message *m)
{
	struct vt_buf b;

	put_message(w, m, &b);
	drop(w, m->to != NULL && strcmp(m->to, A) == 0 ? A : B,
	    m->drop != NULL ? m->drop : "m", vt_buf_bytes(&b));
	vt_buf_release(&b);
}

/* A status of FROM about DOCUMENT_ID, into the folder of TO. */
static inline void
drop_status(const struct world *w, const char *from, const char *to,
    const char *document_id, const char *code, const char *description)
{
	struct vt_error err = { 0 };
	struct vt_response *r;
	struct vt_envelope env;
	char name[64];
	struct vt_buf b;

	vt_envelope_init(&env);
	env.kind = VT_ENVELOPE_STATUS;
	set(&env.from.id, from);
	set(&env.from.name, ORGAN);
	assert_vt_ok(vt_envelope_add_response(&env, &r, &err), &err);
	set(&r->organ_id, to);
	set(&r->document_id, document_id);
	set(&r->code, "7/SA");
	set(&env.status.code, code);
	set(&env.status.description, description);
	env.status.time = 1772600000;
	vt_buf_init(&b, 1u << 20);
	assert_vt_ok(vt_envelope_write(&env, NULL, 0, w->dir, put_piece, &b,
			 &err),
	    &err);
	snprintf(name, sizeof(name), "s%s-%s", code, from);
	drop(w, to, name, vt_buf_bytes(&b));
	vt_buf_release(&b);
	vt_envelope_release(&env);
}

/* MESSAGE comes to O, as if the transport knew WHO to have sent it. */
static inline enum vt_received_result
take_as(struct vt_office *o, struct vt_bytes message, const char *who,
    struct vt_inbox *ret)
{
	struct vt_trust *trust = NULL;
	struct vt_error err = { 0 };
	struct vt_office_intake intake = { .o = o,
		.row = ret,
		.now = vt_time_now(),
		.vouched = who };

	*ret = (struct vt_inbox){ .received = intake.now };
	assert_vt_ok(vt_office_trust(o, &trust, &err), &err);
	intake.trust = trust;
	assert_vt_ok(vt_source_bytes(message, &intake.src, &err), &err);
	assert_vt_ok(vt_office_take(&intake, "m", message.len, &err), &err);
	vt_source_free(intake.src);
	vt_trust_free(trust);
	return intake.result;
}

/* These three agencies are the directory of O; ONE has the name ORGAN. */
static inline void
know(struct vt_office *o, const char *one, const char *two, const char *three)
{
	const char *const codes[] = { one, two, three };
	struct vt_agency a = { 0 };
	enum vt_agency_change change;
	struct vt_error err = { 0 };
	int64_t import;
	size_t i;

	assert_vt_ok(vt_store_begin(o->store, &err), &err);
	assert_vt_ok(vt_store_agency_import(o->store, &import, &err), &err);
	for (i = 0; i < 3; i++) {
		set(&a.code, codes[i]);
		set(&a.name, i == 0 ? ORGAN : codes[i]);
		assert_vt_ok(vt_store_agency_put(o->store, &a, import, &change,
				 &err),
		    &err);
	}
	assert_vt_ok(vt_store_commit(o->store, &err), &err);
	vt_agency_release(&a);
}

/* Messages that wait in the folder of ID. */
static inline size_t
waiting(const struct world *w, const char *id)
{
	char rel[64], *path;
	struct dirent *e;
	size_t n = 0;
	DIR *dir;

	snprintf(rel, sizeof(rel), "axis/%s", id);
	path = in(w->dir, rel);
	if ((dir = opendir(path)) != NULL) {
		while ((e = readdir(dir)) != NULL)
			n += strstr(e->d_name, ".edxml") != NULL;
		closedir(dir);
	}
	free(path);
	return n;
}

static inline size_t
dead(const struct world *w, const char *id)
{
	char rel[64], *path;
	size_t n = 0;

	snprintf(rel, sizeof(rel), "axis/%s/dead", id);
	path = in(w->dir, rel);
	if (access(path, F_OK) == 0)
		n = test_dir_count(path);
	free(path);
	return n;
}

/* WANT with the year of the books for each %d. */
static inline void
assert_took(const struct world *w, struct vt_office *o, const char *want)
{
	char text[4096];

	snprintf(text, sizeof(text), want, w->year, w->year, w->year);
	assert_received(o, text);
}

/* Somebody changes an object of O behind our back. */
static inline void
spoil(struct vt_office *o, const unsigned char *sha256)
{
	char *path = vt_objects_path(o->objects, sha256);
	FILE *f;

	assert_non_null(path);
	assert_int_equal(chmod(path, 0600), 0);
	assert_non_null(f = fopen(path, "r+"));
	assert_int_equal(fseek(f, 10, SEEK_SET), 0);
	assert_int_not_equal(fputc('#', f), EOF);
	assert_int_equal(fclose(f), 0);
	free(path);
}

/* ---- a way that is closed, and time ---- */

/* Where the folder of B should be there is a file: the way is closed. */
static inline char *
close_way(const struct world *w)
{
	struct vt_error err = { 0 };
	char *axis = in(w->dir, "axis/" B);

	(void)rmdir(axis);
	assert_vt_ok(vt_file_write(axis, vt_bytes_str("no folder"), &err),
	    &err);
	return axis;
}

static inline int
wind_back(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct vt_delivery next = *d;

	(void)m;
	if (next.next_try != VT_TIME_NONE)
		next.next_try = 1;
	return vt_store_delivery_update(ctx, &next, err);
}

/* As if all pauses were over. */
static inline void
let_time_pass(struct vt_office *o)
{
	const struct vt_delivery_query q = { .due = VT_TIME_NONE };
	struct vt_error err = { 0 };

	assert_vt_ok(vt_store_begin(o->store, &err), &err);
	assert_vt_ok(vt_store_deliveries(o->store, &q, wind_back, o->store,
			 &err),
	    &err);
	assert_vt_ok(vt_store_commit(o->store, &err), &err);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
