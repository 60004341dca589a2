/* axis_int.h - inside axis: the store, one call, its answer */
#ifndef VANTHU_AXIS_INT_H
#define VANTHU_AXIS_INT_H

#include <pthread.h>

#include <sqlite3.h>

#include "vanthu/axis.h"
#include "vanthu/confine.h" /* enum vt_confine_end */
#include "vanthu/digest.h"
#include "vanthu/error.h"
#include "vanthu/vxp.h"

struct vt_json_out;
struct vt_objects;
struct vt_source;

struct vt_axis {
	char *dir, *path; /* of the folder, of the database */
	sqlite3 *db;
	struct vt_objects *objects;
	/* over DB and SENDING; every call below takes it itself */
	pthread_mutex_t mutex;
	struct axis_sending *sending; /* for which there is room */
};

/* ---- axis_sql.c: statements; the first failure sticks ---- */

struct axis_sql {
	struct vt_axis *a;
	struct vt_error *err;
	sqlite3_stmt *stmt;
	int rc, n;
};

void vt_axis_sql(struct axis_sql *q, struct vt_axis *a, const char *sql,
    struct vt_error *err);
void vt_axis_sql_int(struct axis_sql *q, int64_t v);
void vt_axis_sql_id(struct axis_sql *q, int64_t v);       /* 0 is NULL */
void vt_axis_sql_text(struct axis_sql *q, const char *s); /* until the end */
void vt_axis_sql_blob(struct axis_sql *q, const void *data, size_t len);
bool vt_axis_sql_row(struct axis_sql *q);
int64_t vt_axis_sql_get_int(const struct axis_sql *q, int i);
const char *vt_axis_sql_get_text(const struct axis_sql *q, int i);
int vt_axis_sql_end(struct axis_sql *q);
int vt_axis_sql_run(struct axis_sql *q);               /* to its end */
int vt_axis_sql_one(struct axis_sql *q, int64_t *ret); /* first, or 0 */

/* BEGIN IMMEDIATE, with the mutex; _end: commit where RC is VT_OK, else undo.
 */
int vt_axis_begin(struct vt_axis *a, struct vt_error *err);
int vt_axis_end(struct vt_axis *a, int rc, struct vt_error *err);
void vt_axis_lock(struct vt_axis *a);
void vt_axis_unlock(struct vt_axis *a);

extern const char vt_axis_schema[];
#define VT_AXIS_APPLICATION 0x56545841 /* "VTXA", of axis.db */
#define VT_AXIS_VERSION 2

/* ---- axis_agency.c ---- */

/* The caller of one call. */
struct axis_account {
	int64_t id;
	char code[VT_TRANSPORT_ORGAN_MAX + 1];
	bool locked, centre;
	int64_t quota;
};

/* true where CODE may be an agency's. */
bool vt_axis_code_valid(const char *code);
/*
 * The account CODE with its secret; *RET_FOUND false: there is none, and SECRET
 * is some that nobody knows.
 */
int vt_axis_account(struct vt_axis *a, const char *code,
    struct axis_account *ret, struct vt_secret *secret, bool *ret_found,
    struct vt_error *err);

/* The agency that CODE names, 0: none.  In the caller's transaction. */
int vt_axis_agency_find(struct vt_axis *a, const char *code, int64_t *ret,
    bool *ret_locked, struct vt_error *err);
/* May ACCOUNT speak for the agency CODE?  *RET its id, or 0. */
int vt_axis_speaks_for(struct vt_axis *a, const struct axis_account *account,
    const char *code, int64_t *ret, struct vt_error *err);

/* All whom an account with the id ?1 speaks for; ?2: it is a centre. */
#define AXIS_MEMBERS                                                           \
	"WITH RECURSIVE member(id) AS (SELECT ?1 UNION"                        \
	" SELECT agency.id FROM agency JOIN member"                            \
	" ON agency.parent = member.id WHERE ?2)"

/* One that a centre registers or takes away; VT_EREFUSED: not its own. */
int vt_axis_member_put(struct vt_axis *a, const struct axis_account *account,
    const struct vt_axis_agency *agency, struct vt_error *err);
int vt_axis_member_remove(struct vt_axis *a, const struct axis_account *account,
    const char *code, struct vt_error *err);

/* ---- axis_look.c: what a message says of itself ---- */

struct axis_looked {
	bool status;       /* else a document */
	char *from;        /* From/OrganId */
	struct vt_list to; /* To, or ResponseFor of a status */
	char *document_id, *notation, *title; /* or NULL */
};

/*
 * Read the edXML in the file FD, of SIZE bytes, in a confined worker.
 * VT_EFORMAT, VT_EUNSUPPORTED, VT_ELIMIT: it is none that can be carried.
 * VT_EIO: the worker was stopped, and not for what is in the file; try it
 * again.
 */
int vt_axis_look(int fd, uint64_t size, struct axis_looked *ret,
    struct vt_error *err);
void vt_axis_looked_release(struct axis_looked *l);
/*
 * What the END of its worker, with RC, makes of a file.  VT_EIO: nothing.  A
 * crash, or a limit that the file reached, comes again with it: it is none that
 * can be carried.
 */
int vt_axis_look_end(enum vt_confine_end end, int rc);

/* ---- axis_message.c ---- */

#define AXIS_DOC_ID 37 /* room for an id that we give */

/* One send. */
struct axis_sending {
	const struct axis_account *account;
	int64_t sender; /* the agency it is from */
	bool status;    /* messagetype, as the sender says */
	const struct axis_looked *looked;
	const struct vt_list *to; /* codes, as given; each once */
	unsigned char sha256[VT_SHA256_LEN];
	uint64_t size;
	struct axis_sending *next; /* of vt_axis' list */
};

/* A recipient that does not get it. */
struct axis_missed {
	const char *code;  /* of axis_sending's list */
	const char *error; /* VT_VXP_NO_RECEIVER or VT_VXP_LOCKED */
};

struct axis_sent {
	char doc_id[AXIS_DOC_ID];
	bool again;                 /* it was here before */
	struct axis_missed *missed; /* for free() */
	size_t nmissed;
};

/*
 * Is there room, and somebody to get it?  Before it is stored.  VT_EREFUSED
 * with *RET_CODE; VT_ELIMIT: the quota, of which what was here before takes no
 * more.  On VT_OK its room is kept, and S borrowed, until vt_axis_send_end().
 */
int vt_axis_send_begin(struct vt_axis *a, struct axis_sending *s,
    const char **ret_code, struct vt_error *err);
void vt_axis_send_end(struct vt_axis *a, const struct axis_sending *s);
/*
 * Put the message, whose file is stored, into the queues of its recipients.
 * The same again gives the same id; who failed it gets it once more.
 */
int vt_axis_send(struct vt_axis *a, const struct axis_sending *s,
    struct axis_sent *ret, struct vt_error *err);

/* Times as text of the call: NULL, or as the axis' answers have them. */
struct axis_period {
	int64_t from, to; /* VT_TIME_NONE: open */
};

/*
 * Rows of JSON, each as an answer has it, put into OUT with commas between.
 */
int vt_axis_received(struct vt_axis *a, const struct axis_account *account,
    bool status, const struct axis_period *period, struct vt_buf *out,
    struct vt_error *err);
/*
 * What ACCOUNT sent; of the message DOC_ID alone, if it sent that: a client may
 * still say the id of what it got before.
 */
int vt_axis_sent_rows(struct vt_axis *a, const struct axis_account *account,
    bool status, const char *doc_id, struct vt_buf *out, struct vt_error *err);
int vt_axis_count(struct vt_axis *a, const struct axis_account *account,
    bool status, int64_t *ret, struct vt_error *err);
/* Agencies as rows; KEY is what its other code is called. */
int vt_axis_agency_rows(struct vt_axis *a, const char *key, struct vt_buf *out,
    struct vt_error *err);

/* The file that waits for ACCOUNT as DOC_ID.  VT_ENOTFOUND: nothing of that. */
int vt_axis_get(struct vt_axis *a, const struct axis_account *account,
    const char *doc_id, unsigned char sha256[VT_SHA256_LEN],
    struct vt_error *err);
/* done, fail or processing; VT_ENOTFOUND; VT_EARG: another word. */
int vt_axis_update(struct vt_axis *a, const struct axis_account *account,
    const char *doc_id, const char *status, const char *description,
    struct vt_error *err);

/* Append O as one more row, and a comma before where it is not the first. */
int vt_axis_row_put(struct vt_buf *out, const struct vt_json_out *o,
    struct vt_error *err);
char *vt_axis_time_text(int64_t t, char out[32]); /* dd/MM/yyyy HH:mm:ss */
bool vt_axis_time_parse(const char *text, int64_t *ret);

/* ---- axis_call.c: one call, whatever carried it ---- */

/* What the request had. */
struct axis_request {
	const char *method, *path;
	const char *system_id, *sign_header, *hash_header; /* or NULL */
	/* "Content-Length", or UINT64_MAX: not announced */
	uint64_t announced;
};

/* What is answered. */
struct axis_answer {
	unsigned status; /* of HTTP */
	unsigned retry_after_s;
	struct vt_buf text; /* JSON */
	/* A file: raw, or in base64 where a place in TEXT is left for it. */
	struct vt_source *file;
	int fd; /* of FILE, or -1 */
	bool raw;
	size_t split;                       /* in TEXT, where the file goes */
	char doc_id[VT_VXP_DOC_ID_MAX + 1]; /* for the log */
	const char *code;                   /* ErrorCode; static */
	bool again;                         /* what was sent was here already */
};

struct axis_call; /* one that is under way */

/*
 * The headers are here.  *RET_BODY: so many bytes of a body are read at most,
 * and given to vt_axis_call_body().  VT_OK with a call, whose answer may be
 * ready already (vt_axis_call_ready()); VT_ENOMEM.
 */
int vt_axis_call_new(struct vt_axis *a, const struct axis_request *r,
    uint64_t max_size, struct axis_call **ret);
/* It is known already what is answered; a body would be of no use. */
bool vt_axis_call_ready(const struct axis_call *c);
void vt_axis_call_body(struct axis_call *c, struct vt_bytes piece);
/* The body has ended.  The answer is the call's. */
struct axis_answer *vt_axis_call_end(struct axis_call *c);
const char *vt_axis_call_account(const struct axis_call *c); /* "-": none */
void vt_axis_call_free(struct axis_call *c);

/* ---- axis_tls.c ---- */

/* Are these a certificate and its key, in PEM?  VT_EKEY. */
int vt_axis_tls_check(struct vt_bytes cert, struct vt_bytes key,
    struct vt_error *err);

/* ---- axis_watch.c: nothing lasts for ever ---- */

struct axis_watch;
struct axis_watched; /* one connection */

int vt_axis_watch_new(struct axis_watch **ret, struct vt_error *err);
void vt_axis_watch_free(struct axis_watch *w);
/* NULL: no memory. */
struct axis_watched *vt_axis_watch_add(struct axis_watch *w, int fd);
void vt_axis_watch_remove(struct axis_watch *w, struct axis_watched *c);
/* SECONDS from now on its connection is shut down, unless set anew. */
void vt_axis_watch_set(struct axis_watch *w, struct axis_watched *c,
    unsigned seconds);

#endif
