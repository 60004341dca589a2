/* vxp_int.h - an answer of the axis, while it is read */
#ifndef VANTHU_VXP_INT_H
#define VANTHU_VXP_INT_H

#include "vanthu/encode.h"
#include "vanthu/vxp.h"

#define CHUNK 4096 /* characters of base64 that are decoded at once */
#define PARTS_KEY "attachments" /* of a platform: files, beside the message */

/* What the next byte belongs to. */
enum place {
	REST, /* all but the value of "data"; kept, for jansson to judge */
	ROWS, /* in the array, between rows */
	ROW,
	BASE64,
	TEXT, /* a string that is the file, or its base64 */
	SKIP  /* a value that nobody wants */
};

/* Where a JSON text is, by brackets and quotes. */
struct nesting {
	int depth;
	bool string, escape;
};

struct vt_vxp_answer {
	struct vt_vxp_answer_calls calls;
	enum place place;
	struct vt_buf rest, row;
	struct nesting in_rest,
	    in_row;  /* IN_ROW: of a row, of what is skipped */
	size_t seen; /* bytes of a mark of byte order, then of all else */

	/* The last string of the outer object, or of a platform's "data". */
	char key[sizeof(PARTS_KEY)];
	size_t key_len;
	bool key_next; /* what follows is the value of KEY */
	bool in_data;  /* a platform's, an object */
	bool has_data, has_parts;

	bool row_before, comma_before;

	struct vt_base64_decoder decoder;
	char chunk[CHUNK];
	size_t chunk_len;
	bool escape;
	int unicode; /* digits of \uXXXX that are to come */
	unsigned unit;
	unsigned high;      /* the first of a pair of surrogates, or 0 */
	bool begun, base64; /* what TEXT was found to be */
};

/* VT_EFORMAT: this is no answer of the protocol. */
int vt_vxp_no_answer(struct vt_error *err);
/* Put C into B.  VT_ELIMIT. */
int vt_vxp_keep(struct vt_buf *b, int c, struct vt_error *err);
bool vt_vxp_blank(int c);

/* ---- vxp_file.c: a string that is a file ---- */

int vt_vxp_feed_base64(struct vt_vxp_answer *a, int c, struct vt_error *err);
int vt_vxp_feed_text(struct vt_vxp_answer *a, int c, struct vt_error *err);
/* As many bytes of PIECE as are base64 and nothing else, at once. */
int vt_vxp_feed_run(struct vt_vxp_answer *a, struct vt_bytes piece,
    size_t *ret_n, struct vt_error *err);

#endif
