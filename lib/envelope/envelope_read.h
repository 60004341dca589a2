/* envelope_read.h - what the parts of the reader share */
#ifndef ENVELOPE_READ_H
#define ENVELOPE_READ_H

#include "envelope_int.h"
#include "vanthu/xml.h"

/* The Reference of a manifest, until it is joined with its attachment. */
struct vt_reference {
	char *content_id, *content_type, *description, *name;
	char *href; /* xlink:href, where there is no ContentId */
};

struct vt_edxml_frame {
	enum vt_node node;
	const struct vt_rule *rule; /* NULL at the root */
	void *object;               /* whose parts the elements in it fill in */
	uint64_t seen;              /* by slot */
};

struct vt_edxml_reader {
	struct vt_envelope *env;
	struct vt_edxml_frame stack[VT_XML_DEPTH + 1];
	unsigned depth;
	unsigned skipped; /* depth within an element that we do not know */
	unsigned dsig;    /* depth within a Signature of XMLDSig */
	struct vt_buf text;
	size_t total; /* bytes of all values */
	struct vt_reference *references;
	size_t nreferences;
	bool message;  /* there is a MessageHeader */
	bool status;   /* it is in Bkav's container */
	bool business; /* BussinessDocType was there */
	bool change;   /* ReceiverType was, in the present Receiver */
	struct vt_edxml_secret_scan secret;

	/* Attachments taken out on the way; X is NULL where none are. */
	struct vt_edxml_extract *x;
	bool header_done; /* the envelope proper has ended */
	bool later;       /* they stand before it: a second pass does it */
};

/* The text of leaf F, which ends in LINE, into its object. */
int vt_edxml_set(struct vt_edxml_reader *r, const struct vt_edxml_frame *f,
    unsigned line, struct vt_error *err);

/* A ContentId without white space around it and one "cid:" before it. */
struct vt_bytes vt_edxml_content_id(struct vt_bytes text);

/* Take over what the manifest, which was read, says of attachment A. */
void vt_edxml_join(struct vt_edxml_reader *r, struct vt_attachment *a);
/* All was read: manifest and attachments belong together. */
int vt_edxml_finish(struct vt_edxml_reader *r, struct vt_error *err);

int vt_edxml_missing(const char *element, struct vt_error *err);

#endif
