/* print.c - vanthu register print: a year's book, as the law has it */
#include "print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "register.h"
#include "vanthu/cli.h"
#include "vanthu/file.h"
#include "vanthu/json.h"
#include "vanthu/office.h"
#include "vanthu/record.h"
#include "vanthu/store.h"
#include "vanthu/store_book.h"

#define PIECE (64u * 1024)
#define CELL_MAX (64u * 1024) /* bytes; what is longer is cut */
#define DAY_TEXT 16

enum which { BOOK_OUT, BOOK_IN, FOLLOW_UP, NSHEETS };

static const struct print_sheet sheets[NSHEETS] = {
	[BOOK_OUT] = { "out", "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
	    { "Số, ký hiệu văn bản", "Ngày tháng văn bản",
		"Tên loại và trích yếu nội dung văn bản", "Người ký",
		"Nơi nhận văn bản", "Đơn vị, người nhận bản lưu",
		"Số lượng bản", "Ngày chuyển", "Ký nhận", "Ghi chú" } },
	[BOOK_IN] = { "in", "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
	    { "Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu văn bản",
		"Ngày tháng văn bản", "Tên loại và trích yếu nội dung văn bản",
		"Đơn vị hoặc người nhận", "Ngày chuyển", "Ký nhận",
		"Ghi chú" } },
	[FOLLOW_UP] = { "follow-up", "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN",
	    { "Số đến",
		"Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan ban hành",
		"Đơn vị hoặc người nhận", "Thời hạn giải quyết",
		"Tiến độ giải quyết", "Số, ký hiệu văn bản trả lời",
		"Ghi chú" } },
};

/* An outgoing record, and the number of the incoming one that it answers. */
struct reply {
	int64_t to, by;
};

struct print {
	enum which which;
	struct print_head head;
	const struct print_form *form;
	struct print_to to;
	struct vt_store *store;
	struct reply *replies; /* in order of TO, then BY */
	size_t nreplies, cap;
	size_t n; /* records */
};

/* ---- writing ---- */

void
print_flush(struct print_to *to)
{
	struct vt_bytes b = vt_buf_bytes(&to->buf);

	if (to->err.code == VT_OK && to->out != NULL)
		(void)vt_out_write(to->out, b, &to->err);
	else if (to->err.code == VT_OK)
		(void)vt_fd_write(STDOUT_FILENO, b, &to->err);
	to->buf.len = 0;
}

void
print_put(struct print_to *to, const char *text)
{
	struct vt_bytes b = vt_bytes_str(text), part;

	for (; to->err.code == VT_OK && b.len > 0;
	     b = vt_bytes_slice(b, part.len, b.len)) {
		if (to->buf.len == PIECE)
			print_flush(to);
		part = vt_bytes_slice(b, 0, PIECE - to->buf.len);
		if (vt_buf_bytes_put(&to->buf, part) != VT_OK)
			(void)vt_error_nomem(&to->err);
	}
}

/* ---- what stands in the cells ---- */

/* "05/01/2026", as the book has it; "" for none. */
static const char *
day_text(struct vt_date d, char out[DAY_TEXT])
{
	out[0] = '\0';
	if (d.year != 0)
		snprintf(out, DAY_TEXT, "%02d/%02d/%04d", d.day, d.month,
		    d.year);
	return out;
}

static const char *
day_of(int64_t t, char out[DAY_TEXT])
{
	static const struct vt_date none = { 0, 0, 0 };

	return day_text(t != VT_TIME_NONE ? vt_date_of(t) : none, out);
}

/* "A; B": one more, behind what is there already. */
static void
add(struct vt_buf *b, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	if (b->len > 0)
		(void)vt_buf_puts(b, "; ");
	(void)vt_buf_puts(b, text);
}

static const char *
type_name(const struct vt_record *rec)
{
	const struct vt_record_type *type = vt_record_type_find(rec->type);

	return type != NULL ? type->name : rec->type;
}

static const char *
issuer(const struct vt_record *rec)
{
	return rec->organ_name != NULL ? rec->organ_name : rec->organ_id;
}

/* How far it is with an incoming document. */
static const char *
progress(enum vt_state state)
{
	switch (state) {
	case VT_STATE_ASSIGNED:
		return "Đã phân công";
	case VT_STATE_PROCESSING:
		return "Đang giải quyết";
	case VT_STATE_DONE:
		return "Đã giải quyết";
	case VT_STATE_RETURNED:
		return "Đã trả lại";
	default:
		return "";
	}
}

static void
put_notes(struct vt_buf *b, const struct vt_record *rec)
{
	static const char *const urgent[] = { "", "Khẩn", "Thượng khẩn",
		"Hỏa tốc" };

	add(b, urgent[rec->urgency]);
	if (rec->paper)
		add(b, "Bản giấy");
	if (rec->state == VT_STATE_RECALLED)
		add(b, "Đã thu hồi");
	if (rec->state == VT_STATE_REPLACED)
		add(b, "Đã được thay thế");
	if (rec->state == VT_STATE_RETURNED)
		add(b, "Đã trả lại");
}

/* ---- out: to whom it went, and when first ---- */

struct went {
	struct vt_buf *places;
	int64_t first;
};

static int
add_delivery(void *ctx, const struct vt_outbox *m, const struct vt_delivery *d,
    struct vt_error *err)
{
	struct went *w = ctx;

	(void)err;
	if (m->kind != VT_MESSAGE_DOCUMENT || m->business == NULL ||
	    strcmp(m->business, "recall") == 0)
		return VT_OK;
	add(w->places, d->organ_name != NULL ? d->organ_name : d->organ_id);
	if (d->state != VT_DELIVERY_QUEUED && d->state != VT_DELIVERY_FAILED &&
	    (w->first == VT_TIME_NONE || m->created < w->first))
		w->first = m->created;
	return VT_OK;
}

static int
row_out(struct print *p, const struct vt_record *rec, struct vt_buf bufs[3],
    struct vt_error *err)
{
	const struct vt_delivery_query q = { .record = rec->id,
		.due = VT_TIME_NONE };
	struct went w = { &bufs[1], VT_TIME_NONE };
	char date[DAY_TEXT], sent[DAY_TEXT], copies[16] = "";
	const char *cells[10];
	size_t i;
	int rc;

	(void)vt_buf_printf(&bufs[0], "%s: %s", type_name(rec), rec->subject);
	for (i = 0; i < rec->places.n; i++)
		add(&bufs[1], rec->places.items[i]);
	rc = vt_store_deliveries(p->store, &q, add_delivery, &w, err);
	if (rc != VT_OK)
		return rc;
	put_notes(&bufs[2], rec);
	if (rec->copies > 0)
		snprintf(copies, sizeof(copies), "%d", rec->copies);
	cells[0] = rec->code;
	cells[1] = day_text(rec->date, date);
	cells[2] = vt_buf_str(&bufs[0]);
	cells[3] = rec->signer;
	cells[4] = vt_buf_str(&bufs[1]);
	cells[5] = rec->keeper;
	cells[6] = copies;
	cells[7] = day_of(w.first, sent);
	cells[8] = NULL; /* signed by hand */
	cells[9] = vt_buf_str(&bufs[2]);
	p->form->row(&p->to, cells, 10);
	return VT_OK;
}

/* ---- in, and how it is followed up ---- */

/* The event whose detail is {"state":[..., "assigned"]}: handed on then. */
static int
note_assigned(void *ctx, const struct vt_event *e, struct vt_error *err)
{
	int64_t *at = ctx;
	struct vt_json *detail = NULL;
	const char *state;
	int rc;

	if (*at != VT_TIME_NONE || e->detail == NULL)
		return VT_OK;
	rc = vt_json_parse(vt_bytes_str(e->detail), &detail, err);
	if (rc != VT_OK)
		return rc;
	state = vt_json_str(vt_json_at(vt_json_get(detail, "state"), 1));
	if (state != NULL && strcmp(state, "assigned") == 0)
		*at = e->at;
	vt_json_free(detail);
	return VT_OK;
}

static int
row_in(struct print *p, const struct vt_record *rec, struct vt_buf bufs[3],
    struct vt_error *err)
{
	char arrived[DAY_TEXT], date[DAY_TEXT], handed[DAY_TEXT], number[32];
	int64_t at = VT_TIME_NONE;
	const char *cells[10];
	int rc = VT_OK;

	if (rec->state != VT_STATE_REGISTERED)
		rc =
		    vt_store_events(p->store, rec->id, note_assigned, &at, err);
	if (rc != VT_OK)
		return rc;
	(void)vt_buf_printf(&bufs[0], "%s: %s", type_name(rec), rec->subject);
	put_notes(&bufs[2], rec);
	snprintf(number, sizeof(number), "%lld", (long long)rec->number);
	cells[0] = day_of(rec->arrived, arrived);
	cells[1] = number;
	cells[2] = issuer(rec);
	cells[3] = rec->code;
	cells[4] = day_text(rec->date, date);
	cells[5] = vt_buf_str(&bufs[0]);
	cells[6] = rec->keeper;
	cells[7] = day_of(at, handed);
	cells[8] = NULL;
	cells[9] = vt_buf_str(&bufs[2]);
	p->form->row(&p->to, cells, 10);
	return VT_OK;
}

/* The codes of what answers the record NUMBER. */
static int
put_replies(const struct print *p, int64_t number, struct vt_buf *b,
    struct vt_error *err)
{
	size_t low = 0, high = p->nreplies, mid;
	struct vt_record rec;
	int rc = VT_OK;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (p->replies[mid].to < number)
			low = mid + 1;
		else
			high = mid;
	}
	for (; rc == VT_OK && low < p->nreplies && p->replies[low].to == number;
	     low++) {
		rc = vt_store_record_get(p->store, p->replies[low].by, &rec,
		    err);
		if (rc == VT_OK) {
			add(b, rec.code);
			vt_record_release(&rec);
		}
	}
	return rc;
}

static int
row_follow_up(struct print *p, const struct vt_record *rec,
    struct vt_buf bufs[3], struct vt_error *err)
{
	char date[DAY_TEXT], due[DAY_TEXT], number[32];
	const char *cells[7];
	int rc;

	if ((rc = put_replies(p, rec->number, &bufs[1], err)) != VT_OK)
		return rc;
	(void)vt_buf_printf(&bufs[0], "%s số %s ngày %s", type_name(rec),
	    rec->code, day_text(rec->date, date));
	if (issuer(rec) != NULL)
		(void)vt_buf_printf(&bufs[0], " của %s", issuer(rec));
	put_notes(&bufs[2], rec);
	snprintf(number, sizeof(number), "%lld", (long long)rec->number);
	cells[0] = number;
	cells[1] = vt_buf_str(&bufs[0]);
	cells[2] = rec->keeper;
	cells[3] = day_text(rec->due, due);
	cells[4] = progress(rec->state);
	cells[5] = vt_buf_str(&bufs[1]);
	cells[6] = vt_buf_str(&bufs[2]);
	p->form->row(&p->to, cells, 7);
	return VT_OK;
}

static int
row(void *ctx, const struct vt_record *rec, struct vt_error *err)
{
	struct print *p = ctx;
	struct vt_buf bufs[3];
	size_t i;
	int rc;

	for (i = 0; i < 3; i++)
		vt_buf_init(&bufs[i], CELL_MAX);
	rc = p->which == BOOK_OUT  ? row_out(p, rec, bufs, err)
	     : p->which == BOOK_IN ? row_in(p, rec, bufs, err)
				   : row_follow_up(p, rec, bufs, err);
	for (i = 0; i < 3; i++)
		vt_buf_release(&bufs[i]);
	p->n++;
	if (rc == VT_OK && p->to.err.code != VT_OK)
		rc = vt_error_set(err, p->to.err.code, NULL, "%s",
		    p->to.err.text);
	return rc;
}

/* ---- which answer which ---- */

static int
keep_reply(void *ctx, int64_t id, const char *reply_to, struct vt_error *err)
{
	struct print *p = ctx;
	struct reply *more;
	struct vt_ref ref;
	size_t cap = p->cap > 0 ? 2 * p->cap : 64;

	if (!vt_ref_parse(reply_to, false, &ref) || ref.year != p->head.year ||
	    strcmp(ref.book, p->head.book) != 0)
		return VT_OK;
	if (p->nreplies == p->cap) {
		if ((more = reallocarray(p->replies, cap, sizeof(*more))) ==
		    NULL)
			return vt_error_nomem(err);
		p->replies = more;
		p->cap = cap;
	}
	p->replies[p->nreplies++] = (struct reply){ ref.number, id };
	return VT_OK;
}

static int
reply_compare(const void *a, const void *b)
{
	const struct reply *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->by > y->by) - (x->by < y->by);
}

/* ---- the whole ---- */

static int
print_all(struct print *p, struct vt_error *err)
{
	int rc = vt_store_begin_read(p->store, err);

	if (rc != VT_OK)
		return rc;
	if (p->which == FOLLOW_UP &&
	    (rc = vt_store_replies(p->store, keep_reply, p, err)) == VT_OK &&
	    p->nreplies > 0)
		qsort(p->replies, p->nreplies, sizeof(*p->replies),
		    reply_compare);
	if (rc == VT_OK) {
		p->form->begin(&p->to, &p->head);
		rc = vt_store_book(p->store, p->head.book, p->head.year, row, p,
		    err);
	}
	if (rc == VT_OK) {
		p->form->end(&p->to);
		print_flush(&p->to);
	}
	vt_store_rollback(p->store);
	if (rc == VT_OK && p->to.err.code != VT_OK)
		rc = vt_error_set(err, p->to.err.code, NULL, "%s",
		    p->to.err.text);
	return rc;
}

static void
show(struct vt_cli *cli, const struct print *p, const char *output)
{
	struct vt_json_out *o = vt_cli_json(cli);

	if (o == NULL) {
		vt_cli_info(cli, "records that were printed: %zu", p->n);
		return;
	}
	vt_json_put_str(o, "book", p->head.book);
	vt_json_put_int(o, "year", p->head.year);
	vt_json_put_int(o, "records", (int64_t)p->n);
	vt_json_put_str(o, "output", output);
	vt_cli_json_end(cli, o);
}

static void
print_book(struct vt_cli *cli, struct print *p, const char *output)
{
	struct vt_office *o = register_open(cli);
	struct vt_error err = { 0 };
	int rc = VT_OK;

	if (o == NULL)
		return;
	p->store = o->store;
	p->head.organ = o->name;
	vt_buf_init(&p->to.buf, PIECE);
	if (output != NULL && strcmp(output, "-") != 0)
		rc = vt_out_open(output, &p->to.out, &err);
	if (rc == VT_OK)
		rc = print_all(p, &err);
	if (rc == VT_OK && p->to.out != NULL)
		rc = vt_out_commit(p->to.out, &err);
	else
		vt_out_abort(p->to.out);
	if (rc != VT_OK)
		vt_cli_fail(cli, NULL, &err);
	else
		show(cli, p, output);
	vt_buf_release(&p->to.buf);
	free(p->replies);
	vt_office_close(o);
}

/* Which book WORD is: one of the three, or another series of outgoing ones. */
static bool
choose_book(struct print *p, const char *word)
{
	size_t i;

	for (i = 0; i < NSHEETS; i++)
		if (strcmp(word, sheets[i].word) == 0)
			break;
	if (i == NSHEETS && (!vt_book_valid(word) || vt_book_incoming(word)))
		return false;
	p->which = i < NSHEETS ? (enum which)i : BOOK_OUT;
	p->head.sheet = &sheets[p->which];
	p->head.book = p->which == BOOK_OUT ? word : VT_BOOK_IN;
	return true;
}

/* By the end of its name; standard output is HTML. */
static bool
choose_form(struct print *p, const char *output)
{
	static const struct print_form *const forms[] = { &print_html,
		&print_csv };
	const char *dot = output != NULL ? strrchr(output, '.') : NULL;
	size_t i;

	p->form = &print_html;
	if (output == NULL || strcmp(output, "-") == 0)
		return true;
	for (i = 0; dot != NULL && i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(dot, forms[i]->suffix) == 0) {
			p->form = forms[i];
			return true;
		}
	return false;
}

void
register_print(struct vt_cli *cli, const struct register_args *a)
{
	bool to_stdout = a->output == NULL || strcmp(a->output, "-") == 0;
	struct print p = { .head.year = (int)a->year };

	if (cli->argc != 1 || !choose_book(&p, cli->argv[0]))
		vt_cli_usage(cli, "which book? out, in, follow-up, or a series "
				  "out.CODE");
	else if (!register_year(cli, a))
		return;
	else if (!vt_cli_given(cli, "year"))
		vt_cli_usage(cli, "of which year? --year says it");
	else if (!choose_form(&p, a->output))
		vt_cli_usage(cli, "a book is printed as .html or .csv; a "
				  "browser makes .pdf of .html");
	else if (to_stdout && cli->json)
		vt_cli_usage(cli, "-o - and --json would both write to "
				  "standard output");
	else
		print_book(cli, &p, a->output);
}
