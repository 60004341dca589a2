/* pdf_int.h - what the parts of the PDF module share */
#ifndef PDF_INT_H
#define PDF_INT_H

#include <stdio.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"
#include "vanthu/pdf.h"
#include "vanthu/source.h"

#define PDF_IN_BUF 4096
#define PDF_CACHE 256               /* loaded objects that are found again */
#define PDF_OBJSTM_CACHE 4          /* decoded object streams held */
#define PDF_OBJSTM_BYTES (8u << 20) /* ... and the bytes of all of them */
#define PDF_TAIL 2048 /* "startxref" stands in so many last bytes */
#define PDF_NUM_MAX 0x7fffffff
/*
 * ISO 32000-2, Annex C: readers need not take more, and some (mupdf) look for
 * objects themselves then; what is appended has none above it.
 */
#define PDF_NUM_HIGHEST 8388607
#define PDF_GEN_MAX 65535

/* --- arena: memory given back in the reverse order --- */

struct pdf_chunk;
struct pdf_arena {
	struct pdf_chunk *top;
	size_t used; /* bytes given out; a mark is a value of this */
	size_t max;
};

void *vt_pdf_arena_alloc(struct pdf_arena *a, size_t len);
void vt_pdf_arena_rewind(struct pdf_arena *a, size_t mark);

/* --- text being read --- */

struct pdf_in {
	struct vt_source *src;    /* NULL: the window is all there is */
	const unsigned char *win; /* bytes from base on */
	size_t nwin;
	uint64_t base;
	uint64_t pos;
	uint64_t limit;
	int rc; /* VT_EIO once reading failed; then the text seems to end */
	struct vt_error *err;
	unsigned char buf[PDF_IN_BUF];
};

void vt_pdf_in_source(struct pdf_in *in, struct vt_source *src, uint64_t pos,
    uint64_t limit, struct vt_error *err);
void vt_pdf_in_bytes(struct pdf_in *in, struct vt_bytes b, uint64_t pos,
    struct vt_error *err);
int vt_pdf_in_fill(struct pdf_in *in); /* the byte at pos, or -1 */

static inline int
pdf_peek(struct pdf_in *in)
{
	uint64_t i = in->pos - in->base; /* huge where pos is before base */

	return i < in->nwin ? in->win[i] : vt_pdf_in_fill(in);
}

static inline int
pdf_getc(struct pdf_in *in)
{
	int c = pdf_peek(in);

	if (c >= 0)
		in->pos++;
	return c;
}

/* Steps over TEXT where it stands at pos; else stays. */
bool vt_pdf_in_accept(struct pdf_in *in, const char *text);
/* Steps over one end of line: CR LF, LF or CR. */
bool vt_pdf_in_eol(struct pdf_in *in);

/* --- tokens --- */

enum pdf_tok {
	PDF_T_EOF,
	PDF_T_INT,
	PDF_T_REAL,
	PDF_T_STRING,
	PDF_T_NAME,
	PDF_T_ARRAY,
	PDF_T_ARRAY_END,
	PDF_T_DICT,
	PDF_T_DICT_END,
	PDF_T_WORD,
	PDF_T_BAD
};

struct pdf_lex {
	struct pdf_in in;
	enum pdf_tok tok;
	uint64_t start, end;
	bool hex;
	bool skim;  /* what hexadecimal strings hold is not wanted */
	bool stray; /* a name with a "#" that is not of #xx */
	bool mixed; /* that readers differ about, or of #00 */
	int64_t integer;
	double real;
	struct vt_buf text; /* of strings, names, words, reals */
	const char *why;    /* of PDF_T_BAD: a message id */
};

extern const unsigned char vt_pdf_class[256];
#define PDF_SPACE 1
#define PDF_DELIM 2
#define pdf_is_space(c) ((c) >= 0 && vt_pdf_class[(c)] == PDF_SPACE)
#define pdf_is_regular(c) ((c) >= 0 && vt_pdf_class[(c)] == 0)

void vt_pdf_lex_init(struct pdf_lex *lx);
void vt_pdf_lex_release(struct pdf_lex *lx);
void vt_pdf_skip_space(struct pdf_in *in); /* and comments */
/* VT_OK with lx->tok; VT_ENOMEM, VT_ELIMIT, VT_EIO with a text. */
int vt_pdf_lex_next(struct pdf_lex *lx);
/* The same, but VT_OK only for this word; VT_EFORMAT sets no text. */
int vt_pdf_lex_word(struct pdf_lex *lx, const char *word);
bool vt_pdf_lex_is(const struct pdf_lex *lx, const char *word);

/* --- the document --- */

struct pdf_xentry {
	uint32_t num;
	uint16_t gen;
	uint8_t type;   /* enum vt_pdf_xref_type */
	uint8_t hidden; /* free in a hybrid's table (7.5.8.4) */
	/* in file: offset; in stream: number << 32 | index; free: the next */
	uint64_t where;
};

struct pdf_section {
	uint64_t off;
	uint64_t end;  /* behind its trailer or "endobj" */
	uint64_t prev; /* as written, from the header; 0: none */
	uint64_t xrefstm;
	bool has_prev;
	bool has_xrefstm;
	bool missing;
	bool twice; /* lists a number in use with two places */
	enum vt_pdf_xref_kind kind;
	struct pdf_xentry *entries; /* ascending */
	size_t n, cap;
	size_t revision;
	const struct vt_pdf_obj *trailer;
};

struct pdf_index {
	uint32_t num;
	uint32_t section;
};

struct pdf_cached {
	uint32_t num; /* 0: none */
	uint32_t gen;
	size_t mark; /* the arena before it was loaded */
	const struct vt_pdf_obj *obj;
	struct vt_pdf_extent extent;
};

struct pdf_objstm {
	uint32_t num;  /* 0: none */
	uint64_t used; /* when, for throwing out the oldest */
	struct vt_buf data;
	size_t first;
	size_t n;
	struct pdf_objstm_entry {
		uint32_t num;
		uint32_t off; /* from "first" */
	} * entries;
};

struct vt_pdf {
	struct vt_source *src;
	struct vt_source *own; /* freed with the document */
	enum vt_pdf_mode mode;
	uint64_t header;
	uint64_t size;
	uint64_t startxref;  /* the number behind the last one */
	uint64_t eof;        /* behind the last "%%EOF" and its end of line */
	uint64_t linearized; /* /L, or 0 */

	struct pdf_arena keep; /* trailers */
	struct pdf_arena objs;
	struct pdf_arena *arena; /* where parsing puts objects */

	struct pdf_section *sections; /* newest first */
	size_t nsections, csections;
	size_t nentries;         /* of all sections */
	struct pdf_index *index; /* where more than one section is */
	size_t nindex;
	struct vt_pdf_revision *revisions;
	size_t nrevisions;
	uint32_t highest;
	uint32_t referred; /* highest number in a reference, once all
			      were seen; those far beyond do not count */
	uint64_t decoded;  /* bytes, of all streams until now */
	size_t walked;     /* form fields, each time that one was visited */
	/* Streams whose /Length is wrong; see pdf_length.c. */
	struct pdf_length {
		uint64_t off, len;
		bool found;
	} * lengths;
	size_t nlengths;
	uint64_t *offsets; /* of all objects in the file, ascending */
	size_t noffsets;
	uint64_t searched; /* bytes */
	bool rebuilt;  /* its cross-reference is ours, and not in the file */
	bool repaired; /* that, or the way to it is not in the file */
	bool encrypted;
	struct pdf_crypt *crypt; /* NULL: not encrypted, or locked */
	struct vt_secret password;

	struct vt_pdf_finding *findings;
	size_t nfindings;
	size_t ndamage;

	struct pdf_cached cache[PDF_CACHE];
	/* The slots that were filled, in order of the marks as rewound to. */
	struct pdf_filled {
		size_t mark;
		uint32_t slot;
	} filled[2 * PDF_CACHE];
	size_t nfilled;
	struct pdf_objstm objstm[PDF_OBJSTM_CACHE];
	uint64_t clock;
	unsigned nest;
	uint32_t loading[VT_PDF_NEST_MAX]; /* each for the one before */
	bool named;     /* an error tells which object is broken */
	bool no_lookup; /* while the chain is being read */
	/*
	 * Only references are wanted: hexadecimal strings are empty.  Objects
	 * loaded meanwhile must be rewound before it ends.
	 */
	bool skim;
	bool unsure; /* a limit, or what we do not know, hid something */
};

/* Note something odd; damage is for what makes objects unreadable. */
void vt_pdf_note(struct vt_pdf *pdf, bool damage, enum vt_pdf_finding_code code,
    uint64_t off, uint32_t num, const char *clause, const char *msgid, ...)
    VT_PRINTF(7, 8);
/* VT_EFORMAT "byte N: why"; WHY is a message id. */
int vt_pdf_bad(struct vt_error *err, uint64_t off, const char *clause,
    const char *why);
/*
 * For what strict mode refuses and tolerant mode notes as damage: VT_EFORMAT
 * in the former, VT_OK in the latter.
 */
int vt_pdf_damage(struct vt_pdf *pdf, enum vt_pdf_finding_code code,
    uint64_t off, uint32_t num, const char *clause, const char *why,
    struct vt_error *err);

/*
 * The number of data bytes of a stream at OFF whose /Length, *LEN, does not
 * lead to "endstream", or is PDF_LENGTH_UNKNOWN.  VT_EFORMAT: it could be
 * several; DICT is the stream's, for the text.
 */
#define PDF_LENGTH_UNKNOWN UINT64_MAX
int vt_pdf_length_recover(struct vt_pdf *pdf, uint64_t off, uint64_t *len,
    uint32_t num, const struct vt_pdf_obj *dict, struct vt_error *err);

/* Hands E on to ERR, unless that holds one already, and returns its code. */
int vt_pdf_pass(struct vt_error *err, const struct vt_error *e);

/* *RET: nothing but white space, and not much, stands between FROM and TO. */
int vt_pdf_only_space(struct vt_source *src, uint64_t from, uint64_t to,
    bool *ret, struct vt_error *err);

/* LEN zeroed bytes from pdf->arena.  VT_ENOMEM, VT_ELIMIT. */
int vt_pdf_alloc(struct vt_pdf *pdf, size_t len, void **ret,
    struct vt_error *err);

/* One object from lx on, into pdf->arena. */
int vt_pdf_parse(struct vt_pdf *pdf, struct pdf_lex *lx, uint32_t in_stream,
    uint32_t num, struct vt_pdf_obj *ret, struct vt_error *err);
/*
 * "num gen obj ... endobj" at OFF, into pdf->arena.
 */
int vt_pdf_load_at(struct vt_pdf *pdf, uint64_t off, struct vt_pdf_ref *ret_ref,
    const struct vt_pdf_obj **ret, uint64_t *ret_end, struct vt_error *err);
/*
 * The dictionary of the stream at X, whose end is not asked for; *RET is NULL
 * where none stands there.  Errors are those that end the work.
 */
int vt_pdf_load_head(struct vt_pdf *pdf, const struct vt_pdf_xref *x,
    const struct vt_pdf_obj **ret, struct vt_error *err);
/* As vt_pdf_resolve(), and the last reference on the way; 0: OBJ is direct. */
int vt_pdf_resolve_ref(struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    const struct vt_pdf_obj **ret, struct vt_pdf_ref *ret_ref,
    struct vt_error *err);

/* The object that stream STM holds at INDEX, which must be NUM. */
int vt_pdf_objstm_get(struct vt_pdf *pdf, uint32_t stm, uint32_t index,
    uint32_t num, const struct vt_pdf_obj **ret, struct vt_pdf_extent *ext,
    struct vt_error *err);
/* The number of that object; VT_ENOTFOUND: STM has no such index. */
int vt_pdf_objstm_at(struct vt_pdf *pdf, uint32_t stm, uint32_t index,
    uint32_t *ret_num, struct vt_error *err);
int vt_pdf_objstm_data(struct vt_pdf *pdf, uint32_t stm, struct vt_bytes *ret,
    struct vt_error *err);
void vt_pdf_objstm_release(struct pdf_objstm *os);

/* --- encryption --- */

/* What /Encrypt says, and the key where pdf->password, or none, opens it. */
int vt_pdf_crypt_open(struct vt_pdf *pdf, struct vt_error *err);
void vt_pdf_crypt_free(struct pdf_crypt *c); /* NULL is allowed */
/* Decrypts the strings of an object that was just parsed from the file. */
int vt_pdf_crypt_object(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    const struct vt_pdf_obj *obj, struct vt_error *err);
/*
 * TEXT is that of OBJ: put the part between two of OBJ's offsets, with its
 * strings, where they are encrypted, in plain.
 */
int vt_pdf_crypt_plain(const struct vt_pdf *pdf, const struct vt_pdf_obj *obj,
    struct vt_bytes text, uint64_t from, uint64_t to, struct vt_buf *out);
/* The text of a new object REF with its strings and its stream encrypted. */
int vt_pdf_crypt_body(struct vt_pdf *pdf, struct vt_pdf_ref ref,
    struct vt_bytes body, struct vt_buf *out, struct vt_error *err);
/* PDFDocEncoding of UTF-8; VT_EFORMAT, without a text, where there is none. */
int vt_pdf_text_doc(struct vt_bytes utf8, struct vt_buf *ret);

/* Decodes without asking whether the file is encrypted. */
int vt_pdf_decode(struct vt_pdf *pdf, const struct vt_pdf_obj *stream,
    struct vt_buf *ret, struct vt_error *err);
struct pdf_predictor {
	int64_t predictor, colors, bits, columns;
};
int vt_pdf_unpredict(const struct pdf_predictor *p, struct vt_buf *data,
    struct vt_error *err);
int vt_pdf_lzw(struct vt_bytes in, bool early, struct vt_buf *out,
    struct vt_error *err);
int vt_pdf_ascii_hex(struct vt_bytes in, struct vt_buf *out,
    struct vt_error *err);
int vt_pdf_ascii85(struct vt_bytes in, struct vt_buf *out,
    struct vt_error *err);
int vt_pdf_run_length(struct vt_bytes in, struct vt_buf *out,
    struct vt_error *err);
/* A name may hold any byte; NUL must not end it here before its end. */
int vt_pdf_put_name(struct vt_buf *buf, struct vt_bytes name);
/* VT_ENOMEM or VT_ELIMIT, as a call on a buffer said, with a text. */
int vt_pdf_buf_error(int rc, struct vt_error *err);

/* The order of keys: <0, 0 or >0. */
int vt_pdf_key_order(const struct vt_pdf_entry *a,
    const struct vt_pdf_entry *b);
/* All entries of a dictionary in it; RET has room. */
void vt_pdf_keys_sort(const struct vt_pdf_obj *dict,
    const struct vt_pdf_entry **ret);

/* A document of which nothing but the header was read. */
int vt_pdf_new(struct vt_source *src, enum vt_pdf_mode mode,
    struct vt_pdf **ret, struct vt_error *err);
/* The rest, once pdf->startxref and pdf->eof are known. */
int vt_pdf_open_chain(struct vt_pdf *pdf, struct vt_error *err);
/* The whole chain; fills sections, index, revisions. */
int vt_pdf_xref_read(struct vt_pdf *pdf, struct vt_error *err);
int vt_pdf_xref_tail(struct vt_pdf *pdf, struct vt_error *err);
int vt_pdf_xref_table(struct vt_pdf *pdf, struct pdf_lex *lx,
    struct pdf_section *sec, struct vt_error *err);
int vt_pdf_xref_stream(struct vt_pdf *pdf, uint64_t off,
    struct pdf_section *sec, struct vt_error *err);
int vt_pdf_xref_reserve(struct vt_pdf *pdf, struct pdf_section *sec,
    size_t more, struct vt_error *err);
int vt_pdf_xref_add(struct vt_pdf *pdf, struct pdf_section *sec,
    const struct pdf_xentry *e, struct vt_error *err);
int vt_pdf_xref_index(struct vt_pdf *pdf, struct vt_error *err);
int vt_pdf_revisions_make(struct vt_pdf *pdf, struct vt_error *err);
/* "startxref N %%EOF", if that stands at POS. */
struct pdf_startxref {
	bool found;
	bool eof; /* with its "%%EOF" */
	uint64_t value;
	uint64_t end;
};
/* The value of the file's first object; VT_EFORMAT: something else. */
int vt_pdf_first_object(struct vt_pdf *pdf, struct vt_pdf_obj *ret,
    struct vt_error *err);
int vt_pdf_startxref_at(struct vt_pdf *pdf, uint64_t pos,
    struct pdf_startxref *ret, struct vt_error *err);
void vt_pdf_section_release(struct pdf_section *sec);
/* Does only a hybrid's stream say that NUM is in use, not its table? */
bool vt_pdf_xref_hidden(const struct vt_pdf *pdf, uint32_t num);

/* --- pages --- */

/* Page INDEX is REF, 0 where direct; false: no more of them. */
typedef bool pdf_page_fn(void *ctx, size_t index, struct vt_pdf_ref ref);
int vt_pdf_pages_each(struct vt_pdf *pdf, pdf_page_fn *each, void *ctx,
    struct vt_error *err);

/* --- form fields --- */

struct pdf_field {
	struct vt_pdf_ref ref;
	const struct vt_pdf_obj *obj;
	const char *name; /* full, UTF-8 */
	const char *type; /* "Sig", "Tx", ... or "" */
	bool root;        /* has no parent */
	bool terminal;
};
/* Stops with FN's code where that is not VT_OK. */
typedef int pdf_field_fn(void *ctx, const struct pdf_field *field,
    struct vt_error *err);
int vt_pdf_fields_walk(struct vt_pdf *pdf, pdf_field_fn *fn, void *ctx,
    struct vt_error *err);
/* The form's dictionary, or VT_PDF_NULL. */
int vt_pdf_form(struct vt_pdf *pdf, const struct vt_pdf_obj **ret,
    struct vt_error *err);
int vt_pdf_sigfield_fill(struct vt_pdf *pdf, const struct pdf_field *f,
    struct vt_pdf_sigfield *ret, struct vt_error *err);
void vt_pdf_sigfield_release(struct vt_pdf_sigfield *f);
/* What a signature dictionary, and what a field's own /Lock, forbids. */
int vt_pdf_references_read(struct vt_pdf *pdf, const struct vt_pdf_obj *sig,
    struct vt_pdf_sigfield *ret, struct vt_error *err);
int vt_pdf_lock_read(struct vt_pdf *pdf, const struct vt_pdf_obj *field,
    struct vt_pdf_sigfield *ret, struct vt_error *err);

/* --- updates --- */

/*
 * Text for an array value with ITEM added at its end.  ARRAY as found: NULL or
 * null makes "[ITEM]".  *RET_REF is set to the reference of the array where it
 * is an object of its own: then the text is for that object.
 */
int vt_pdf_array_append(struct vt_pdf *pdf, const struct vt_pdf_obj *array,
    struct vt_bytes item, struct vt_buf *out, struct vt_pdf_ref *ret_ref,
    struct vt_error *err);
/* How long the written file is. */
uint64_t vt_pdf_update_written(const struct vt_pdf_update *up);
/* Refuses what this document's certification or locks forbid. */
int vt_pdf_sign_allowed(struct vt_pdf *pdf, const struct vt_pdf_sigfields *all,
    struct vt_error *err);

#endif
