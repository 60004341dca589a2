/* transport_sftp_kind.c - which names in a folder on a server are no files
 *
 * To ask for a pipe waits until the server is given up, and what a link leads
 * to may have no end.  What is listed for people ("-rw-r--r-- ... NAME") tells
 * them apart.  That is OpenSSH's way to write it; of what another server writes
 * otherwise nothing is known, and all is asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "transport_sftp_int.h"
#include "vanthu/source.h"

#define MODE 10         /* "-rw-r--r--" */
#define LINE_BYTES 8192 /* bytes: a name, a path that a link leads to */
#define ARROW " -> "    /* between these two, put there by libcurl */

static bool
digits(const unsigned char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* "1 Nov 30 14:30 " or "1 Nov  3  2025 ": the end of a size, and a time. */
#define STAMP 15
static bool
is_stamp(const unsigned char *s)
{
	static const char shape[] = "9 Aaa d9 ????? ";
	size_t i;

	for (i = 0; i < STAMP; i++)
		if ((shape[i] == ' ' && s[i] != ' ') ||
		    (shape[i] == '9' && !digits(s + i, 1)) ||
		    (shape[i] == 'A' && (s[i] < 'A' || s[i] > 'Z')) ||
		    (shape[i] == 'a' && (s[i] < 'a' || s[i] > 'z')) ||
		    (shape[i] == 'd' && s[i] != ' ' && !digits(s + i, 1)))
			return false;
	s += 9;
	return (digits(s, 2) && s[2] == ':' && digits(s + 3, 2)) ||
	       (s[0] == ' ' && digits(s + 1, 4));
}

char
vt_sftp_way_kind(struct vt_bytes line, struct vt_bytes *ret_name)
{
	size_t i;

	for (i = 0; i < MODE && i < line.len; i++)
		if (line.data[i] <= ' ' || line.data[i] > '~')
			return '\0';
	/* the first: whoever names a file comes behind it */
	for (; i + STAMP < line.len; i++)
		if (is_stamp(line.data + i)) {
			*ret_name = vt_bytes_slice(line, i + STAMP, SIZE_MAX);
			return (char)line.data[0];
		}
	return '\0';
}

/* ---- a whole listing ---- */

struct marking {
	struct transport_oldest *o;
	unsigned char line[LINE_BYTES];
	size_t len; /* more than LINE_BYTES: it is none */
};

static int
compare(const void *key, const void *item)
{
	return strcmp(key, ((const struct transport_item *)item)->name);
}

/* A name with a line end in it makes lines of any kind: a file stays one. */
static void
mark(const struct marking *m, struct vt_bytes name, bool file)
{
	struct transport_item *item;
	char text[NAME_MAX + 1];

	if (name.len > NAME_MAX)
		return;
	memcpy(text, name.data, name.len);
	text[name.len] = '\0';
	item = bsearch(text, m->o->items, m->o->n, sizeof(*item), compare);
	if (item != NULL && item->kind != TRANSPORT_FILE)
		item->kind = file ? TRANSPORT_FILE : TRANSPORT_NO_FILE;
}

static void
take_line(const struct marking *m)
{
	const size_t arrow = strlen(ARROW);
	struct vt_bytes name;
	char kind = vt_sftp_way_kind(VT_BYTES(m->line, m->len), &name);
	size_t i;

	if (kind == '-')
		mark(m, name, true);
	else if (kind == 'l') /* either may have an arrow in it */
		for (i = 0; i + arrow < name.len; i++) {
			if (memcmp(name.data + i, ARROW, arrow) == 0)
				mark(m, vt_bytes_slice(name, 0, i), false);
		}
	else if (kind == 'p' || kind == 'c' || kind == 'b' || kind == 's')
		mark(m, name, false);
}

static int
take_piece(void *ctx, struct vt_bytes piece, struct vt_error *err)
{
	struct marking *m = ctx;
	size_t i;

	(void)err;
	for (i = 0; i < piece.len; i++) {
		if (piece.data[i] == '\n') {
			if (m->len <= LINE_BYTES)
				take_line(m);
			m->len = 0;
		} else if (m->len < LINE_BYTES)
			m->line[m->len++] = piece.data[i];
		else
			m->len = LINE_BYTES + 1;
	}
	return VT_OK;
}

int
vt_sftp_way_mark(struct vt_source *listing, struct transport_oldest *o,
    struct vt_error *err)
{
	struct marking m = { .o = o };

	return vt_source_stream(listing, 0, vt_source_size(listing), take_piece,
	    &m, err);
}
