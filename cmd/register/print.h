/* print.h - a book on its way to paper */
#ifndef PRINT_H
#define PRINT_H

#include <stddef.h>

#include "vanthu/bytes.h"
#include "vanthu/error.h"

struct vt_out;

#define PRINT_COLUMNS_MAX 10

/* A book as the law has it (NĐ 30/2020/NĐ-CP, Annex IV): in Vietnamese. */
struct print_sheet {
	const char *word; /* on the command line */
	const char *title;
	const char *columns[PRINT_COLUMNS_MAX + 1]; /* up to NULL */
};

/* What stands above one. */
struct print_head {
	const struct print_sheet *sheet;
	const char *organ, *book;
	int year;
};

/* Where it goes, piece by piece. */
struct print_to {
	struct vt_out *out; /* NULL: standard output */
	struct vt_buf buf;
	struct vt_error err; /* the first thing that went wrong; it sticks */
};

void print_put(struct print_to *to, const char *text);
/* All that was put goes out. */
void print_flush(struct print_to *to);

/* One way to write it; CELLS are as many as there are columns, NULL: empty. */
struct print_form {
	const char *suffix;
	void (*begin)(struct print_to *to, const struct print_head *head);
	void (*row)(struct print_to *to, const char *const *cells, size_t n);
	void (*end)(struct print_to *to);
};

extern const struct print_form print_html, print_csv;

#endif
