/* error.h - error codes and the one line of text that goes with them */
#ifndef VANTHU_ERROR_H
#define VANTHU_ERROR_H

/* Codes are for deciding; the text in struct vt_error is for people. */
enum vt_code {
	VT_OK = 0,
	VT_ENOMEM,       /* out of memory */
	VT_EARG,         /* the caller's argument makes no sense */
	VT_EIO,          /* local file, pipe or database */
	VT_EFORMAT,      /* input breaks the rules of its format */
	VT_EUNSUPPORTED, /* input is well-formed but not for us */
	VT_ELIMIT,       /* a limit that we set was reached */
	VT_ENOTFOUND,    /* no such record, field, certificate */
	VT_EEXISTS,      /* it is there already, and is not replaced */
	VT_EKEY,         /* private key, passphrase, PIN, token */
	VT_ECRYPTO,      /* the crypto library failed us */
	VT_ENET,         /* remote side out of reach; a retry may help */
	VT_EREFUSED,     /* a rule or the remote side says no */
	VT_EBUSY,        /* another process is at the same work */
	VT_NCODES
};

#define VT_CLAUSE_MAX 64
#define VT_TEXT_MAX 512

/*
 * What went wrong.  Fixed size, no allocation.  Zero it before use; every
 * function that takes one accepts NULL.  The first error wins: setting an
 * error that is set already changes nothing.
 */
struct vt_error {
	enum vt_code code;
	char clause[VT_CLAUSE_MAX]; /* "RFC 5652, 5.3", or empty */
	char text[VT_TEXT_MAX];     /* translated, no full stop, no newline */
};

/*
 * Record an error and return CODE.  CLAUSE names the rule that was broken, or
 * is NULL.  MSGID is a literal, translated before it is formatted.  Text that
 * does not fit is cut.  Foreign text may be passed as it is: whoever shows the
 * message escapes it.
 */
#define VT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
enum vt_code vt_error_set(struct vt_error *err, enum vt_code code,
    const char *clause, const char *msgid, ...) VT_PRINTF(4, 5);

/* The same with VT_EIO, followed by ": " and what errno says. */
enum vt_code vt_error_io(struct vt_error *err, const char *msgid, ...)
    VT_PRINTF(2, 3);

/* VT_ENOMEM with its text. */
enum vt_code vt_error_nomem(struct vt_error *err);

/* Put "PREFIX: " before the text.  PREFIX is a name, not translated. */
void vt_error_prefix(struct vt_error *err, const char *prefix);

void vt_error_clear(struct vt_error *err);

/* The stable name of CODE, for JSON: "io", "format", ... */
const char *vt_code_name(enum vt_code code);

/*
 * Every text of the library goes through this function, which returns MSGID
 * itself until a program sets a translator.  The result lives as long as the
 * translator's catalogue.  Not for use while threads run.
 */
typedef const char *vt_translate_fn(const char *msgid);
void vt_translate_set(vt_translate_fn *fn);
const char *vt_tr(const char *msgid) __attribute__((format_arg(1)));

#define VT_N_(msgid) msgid /* marks a text for the catalogue only */

/*
 * Traces for whoever debugs: off until a program sets a function.  TEXT is one
 * line and may hold foreign bytes.
 */
typedef void vt_log_fn(void *ctx, const char *text);
void vt_log_set(vt_log_fn *fn, void *ctx);
void vt_log(const char *fmt, ...) VT_PRINTF(1, 2);

#endif
