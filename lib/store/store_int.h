/* store_int.h - inside store: the handle, statements, the schema */
#ifndef VANTHU_STORE_INT_H
#define VANTHU_STORE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "vanthu/store.h"

struct vt_error;

#define VT_STORE_STATEMENTS 64 /* prepared ones that a handle keeps */

enum vt_store_mode { VT_STORE_IDLE = 0, VT_STORE_READS, VT_STORE_WRITES };

struct vt_store {
	sqlite3 *db;
	char *path, *who;
	int lock; /* of the lock file, or -1 */
	enum vt_store_mode mode;
	bool group, part; /* transactions are parts of one; in such a part */
	bool still;       /* read as one that does not change */
	struct stat was;  /* how it looked when it was opened so */
	struct {
		const char *sql; /* a literal: its address is its name */
		sqlite3_stmt *stmt;
		bool busy;
	} kept[VT_STORE_STATEMENTS];
};

extern const char vt_store_schema[];    /* of version 1 */
extern const char vt_store_schema_2[];  /* what version 2 has more */
extern const char vt_store_schema_3[];  /* and version 3 */
extern const char vt_store_schema_4[];  /* and version 4 */
extern const char vt_store_schema_5[];  /* and version 5 */
extern const char vt_store_schema_6[];  /* and version 6 */
#define VT_STORE_APPLICATION 0x56545255 /* "VTRU", of register.db */
#define VT_STORE_VERSION 6

/* The error of a failed SQLite call, as a code and a text for people. */
int vt_store_error(int sqlite_rc, const char *path, struct vt_error *err);

/* ---- where nothing can be written: store_still.c ---- */

/* A first read of PATH failed by SQLITE_RC: is it for want of what is made? */
bool vt_store_still_needed(const char *path, int sqlite_rc);
/*
 * Open S->path as it lies there.  VT_EIO: also where a log is beside it, in
 * which a part of it is.
 */
int vt_store_still_open(struct vt_store *s, struct vt_error *err);
/* VT_EIO: S was opened so, and somebody has written all the same. */
int vt_store_still(const struct vt_store *s, struct vt_error *err);

/* VT_EARG outside a transaction that writes. */
int vt_store_writes(const struct vt_store *s, struct vt_error *err);
/* Run statements that give no rows. */
int vt_store_exec(struct vt_store *s, const char *sql, struct vt_error *err);

/*
 * One call as one step: begin a savepoint; end it, undoing all since then
 * where RC is not VT_OK.  Returns RC, or the failure to end it.
 */
int vt_store_step_begin(struct vt_store *s, struct vt_error *err);
int vt_store_step_end(struct vt_store *s, int rc, struct vt_error *err);

/*
 * A statement being run.  The first failure sticks and turns the calls that
 * follow into nothing; vt_sql_end() tells it.
 */
struct vt_sql {
	struct vt_store *s;
	struct vt_error *err;
	sqlite3_stmt *stmt;
	int rc;   /* enum vt_code */
	int n;    /* parameters bound so far */
	int kept; /* index in s->kept, or -1 */
};

/* SQL is a literal, kept prepared by its address. */
void vt_sql_begin(struct vt_sql *q, struct vt_store *s, const char *sql,
    struct vt_error *err);
/* SQL was made for this once. */
void vt_sql_begin_once(struct vt_sql *q, struct vt_store *s, const char *sql,
    struct vt_error *err);

/* Bind the next parameter. */
void vt_sql_int(struct vt_sql *q, int64_t v);
void vt_sql_id(struct vt_sql *q, int64_t id);      /* 0 is NULL */
void vt_sql_time(struct vt_sql *q, int64_t t);     /* VT_TIME_NONE is NULL */
void vt_sql_text(struct vt_sql *q, const char *s); /* borrowed until _end */
void vt_sql_text_copy(struct vt_sql *q, const char *s);
void vt_sql_date(struct vt_sql *q, struct vt_date d); /* none is NULL */
void vt_sql_sha256(struct vt_sql *q, const unsigned char *sha256); /* NULL */

/* Go to the next row; false: there is none, or a failure. */
bool vt_sql_row(struct vt_sql *q);
bool vt_sql_is_null(const struct vt_sql *q, int i);
int64_t vt_sql_get_int(const struct vt_sql *q, int i); /* NULL is 0 */
int64_t vt_sql_get_time(const struct vt_sql *q, int i);
struct vt_date vt_sql_get_date(const struct vt_sql *q, int i);
const char *vt_sql_get_str(const struct vt_sql *q, int i); /* borrowed */
void vt_sql_get_text(struct vt_sql *q, int i, char **ret); /* a copy */
/* true where there is one. */
bool vt_sql_get_sha256(const struct vt_sql *q, int i,
    unsigned char sha256[VT_SHA256_LEN]);

/* Stop with a code of the caller's own, unless VT_OK; its text is set. */
void vt_sql_fail(struct vt_sql *q, int rc);
int vt_sql_end(struct vt_sql *q);
/* Run to the end, giving no row; then end it. */
int vt_sql_run(struct vt_sql *q);
/* The first row's first column, 0 where there is none; then end it. */
int vt_sql_one(struct vt_sql *q, int64_t *ret);

enum vt_message_kind vt_store_kind_of(const char *name);

/* A growing array of things of SIZE bytes; new ones are zeroed. */
struct vt_rows {
	void *items;
	size_t n, cap;
};

void *vt_rows_add(struct vt_rows *rows, size_t size, struct vt_error *err);

/* What search looks at in a record, for free(). */
int vt_store_search_text(const struct vt_record *rec, char **ret_marked,
    char **ret_folded, struct vt_error *err);
/* The FTS5 query of WORDS, for free(); *RET NULL where no word is in them. */
int vt_store_match(const struct vt_list *words, char **ret,
    struct vt_error *err);

/* The columns that vt_store_row() reads, of the table record AS r. */
#define VT_STORE_COLUMNS                                                       \
	"r.id, r.book, r.year, r.number, r.code, r.notation, r.date,"          \
	" r.arrived, r.registered, r.organ_id, r.organ_name, r.sender_id,"     \
	" r.sender_name, r.type, r.subject, r.signer, r.position,"             \
	" r.competence, r.urgency, r.due, r.pages, r.copies, r.keeper,"        \
	" r.places, r.reply_to, r.paper, r.state, r.verdict, r.document_id,"   \
	" r.given"
/* Fill RET, initialised, from the present row; files are not among it. */
void vt_store_row(struct vt_sql *q, struct vt_record *ret);
/* Bind all columns but id, in their order.  REC must outlive the statement. */
void vt_store_row_bind(struct vt_sql *q, const struct vt_record *rec);
int vt_store_file_insert(struct vt_store *s, int64_t id,
    const struct vt_record_file *file, struct vt_error *err);
int vt_store_row_files(struct vt_store *s, struct vt_record *rec,
    struct vt_error *err);

#endif
