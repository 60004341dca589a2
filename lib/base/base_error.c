/* base_error.c - error records, the translator, the trace */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/text.h"

/*
 * The only state of the library that outlives a call: set once by a program
 * before it works, so that texts speak its language.
 */
static vt_translate_fn *translator;
static vt_log_fn *logger;
static void *logger_ctx;

/*
 * The C library's own texts follow a catalogue that is seldom installed; these
 * are in ours.
 */
static const struct {
	int number;
	const char *text;
} errno_texts[] = {
	{ EACCES, VT_N_("permission denied") },
	{ EADDRINUSE, VT_N_("another program has this address") },
	{ EADDRNOTAVAIL, VT_N_("this machine has no such address") },
	{ EBADF, VT_N_("the descriptor is not open") },
	{ EBUSY, VT_N_("it is busy") },
	{ EDQUOT, VT_N_("the disk quota is used up") },
	{ EEXIST, VT_N_("it exists already") },
	{ EFBIG, VT_N_("the file is too large for the file system") },
	{ EINTR, VT_N_("interrupted") },
	{ EINVAL, VT_N_("not possible on this file system") },
	{ EIO, VT_N_("input or output error of the device") },
	{ EISDIR, VT_N_("it is a folder") },
	{ ELOOP, VT_N_("too many symbolic links") },
	{ EMFILE, VT_N_("too many open files") },
	{ ENAMETOOLONG, VT_N_("the name is too long") },
	{ ENFILE, VT_N_("too many open files") },
	{ ENODEV, VT_N_("no such device") },
	{ ENOENT, VT_N_("no such file or folder") },
	{ ENOEXEC, VT_N_("not a program") },
	{ ENOMEM, VT_N_("out of memory") },
	{ ENOSPC, VT_N_("no space left on the device") },
	{ ENOTDIR, VT_N_("a part of the path is not a folder") },
	{ ENOTEMPTY, VT_N_("the folder is not empty") },
	{ ENXIO, VT_N_("no such device") },
	{ EOPNOTSUPP, VT_N_("not possible on this file system") },
	{ EPERM, VT_N_("not permitted") },
	{ EPIPE, VT_N_("the reader is gone") },
	{ EROFS, VT_N_("the file system is read-only") },
	{ ESTALE, VT_N_("the file is gone from the file server") },
	{ ETXTBSY, VT_N_("the program is running") },
	{ EXDEV, VT_N_("on another file system") },
};

void
vt_translate_set(vt_translate_fn *fn)
{
	translator = fn;
}

const char *
vt_tr(const char *msgid)
{
	const char *text = translator != NULL ? translator(msgid) : NULL;

	return text != NULL ? text : msgid;
}

/* A cut text must not end within a character. */
static void
text_trim(char *text, size_t cut)
{
	size_t i = cut;

	while (i > 0 && ((unsigned char)text[i - 1] & 0xc0) == 0x80)
		i--;
	if (i > 0 && (unsigned char)text[i - 1] >= 0xc0)
		i--;
	if (!vt_utf8_valid(VT_BYTES(text + i, cut - i)))
		text[i] = '\0';
}

static void VT_PRINTF(3, 0)
    text_format(char *out, size_t size, const char *format, va_list ap)
{
	int n = vsnprintf(out, size, format, ap);

	if (n < 0)
		out[0] = '\0';
	else if ((size_t)n >= size)
		text_trim(out, size - 1);
}

static void VT_PRINTF(3, 4)
    text_print(char *out, size_t size, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	text_format(out, size, format, ap);
	va_end(ap);
}

static void VT_PRINTF(4, 0) error_fill(struct vt_error *err, enum vt_code code,
    const char *clause, const char *msgid, va_list ap)
{
	err->code = code;
	text_print(err->clause, sizeof(err->clause), "%s",
	    clause != NULL ? clause : "");
	text_format(err->text, sizeof(err->text), vt_tr(msgid), ap);
}

enum vt_code
vt_error_set(struct vt_error *err, enum vt_code code, const char *clause,
    const char *msgid, ...)
{
	va_list ap;

	if (err == NULL || err->code != VT_OK)
		return code;
	va_start(ap, msgid);
	error_fill(err, code, clause, msgid, ap);
	va_end(ap);
	return code;
}

enum vt_code
vt_error_io(struct vt_error *err, const char *msgid, ...)
{
	int number = errno;
	char number_text[VT_CLAUSE_MAX];
	const char *why = NULL;
	size_t i, len;
	va_list ap;

	if (err == NULL || err->code != VT_OK)
		return VT_EIO;
	va_start(ap, msgid);
	error_fill(err, VT_EIO, NULL, msgid, ap);
	va_end(ap);

	for (i = 0; i < sizeof(errno_texts) / sizeof(errno_texts[0]); i++)
		if (errno_texts[i].number == number)
			why = vt_tr(errno_texts[i].text);
	if (why == NULL) {
		text_print(number_text, sizeof(number_text),
		    vt_tr(VT_N_("system error %d")), number);
		why = number_text;
	}
	len = strlen(err->text);
	text_print(err->text + len, sizeof(err->text) - len, ": %s", why);
	return VT_EIO;
}

enum vt_code
vt_error_nomem(struct vt_error *err)
{
	return vt_error_set(err, VT_ENOMEM, NULL, "out of memory");
}

void
vt_error_prefix(struct vt_error *err, const char *prefix)
{
	char text[VT_TEXT_MAX];

	if (err == NULL || err->code == VT_OK)
		return;
	memcpy(text, err->text, sizeof(text));
	text_print(err->text, sizeof(err->text), "%s: %s", prefix, text);
}

void
vt_error_clear(struct vt_error *err)
{
	if (err != NULL)
		memset(err, 0, sizeof(*err));
}

const char *
vt_code_name(enum vt_code code)
{
	static const char *const names[VT_NCODES] = {
		[VT_OK] = "ok",
		[VT_ENOMEM] = "memory",
		[VT_EARG] = "argument",
		[VT_EIO] = "io",
		[VT_EFORMAT] = "format",
		[VT_EUNSUPPORTED] = "unsupported",
		[VT_ELIMIT] = "limit",
		[VT_ENOTFOUND] = "not-found",
		[VT_EEXISTS] = "exists",
		[VT_EKEY] = "key",
		[VT_ECRYPTO] = "crypto",
		[VT_ENET] = "network",
		[VT_EREFUSED] = "refused",
		[VT_EBUSY] = "busy",
	};

	return (unsigned int)code < VT_NCODES ? names[code] : "unknown";
}

void
vt_log_set(vt_log_fn *fn, void *ctx)
{
	logger = fn;
	logger_ctx = ctx;
}

void
vt_log(const char *fmt, ...)
{
	char text[2 * VT_TEXT_MAX];
	va_list ap;

	if (logger == NULL)
		return;
	va_start(ap, fmt);
	text_format(text, sizeof(text), fmt, ap);
	va_end(ap);
	logger(logger_ctx, text);
}
