/*
 * print_csv.c - a book as a table for spreadsheets (RFC 4180)
 *
 * UTF-8 with a mark in front, without which the usual one takes it for another
 * encoding.  A cell that would be a formula there, because somebody far away
 * began a subject with "=", gets an apostrophe in front.  Where a comma divides
 * digits a semicolon divides cells, and none of the quotes counts: what stands
 * behind one is treated alike.
 */
#include <string.h>

#include "print.h"
#include "vanthu/text.h"

#define TEXT_MAX (1024u * 1024) /* bytes of one text */
#define MARK "\xef\xbb\xbf"

/* What a spreadsheet begins a formula with; some know the wide ones, too. */
static const char *const formula[] = { "=", "+", "-", "@", "＝", "＋", "－",
	"＠" };

/* Blanks in front are cut off by some; quotes may count as empty ones. */
static bool
is_formula(const char *p)
{
	size_t i;

	p += strspn(p, " \"");
	for (i = 0; i < sizeof(formula) / sizeof(formula[0]); i++)
		if (strncmp(p, formula[i], strlen(formula[i])) == 0)
			return true;
	return false;
}

static void
put_cell(struct print_to *to, const char *text)
{
	struct vt_buf shown;
	const char *p;
	char c[2] = "";

	vt_buf_init(&shown, TEXT_MAX);
	(void)vt_text_escape(&shown, vt_bytes_str(text)); /* too long: cut */
	p = vt_buf_str(&shown);
	print_put(to, "\"");
	if (is_formula(p))
		print_put(to, "'");
	for (; *p != '\0'; p++) {
		c[0] = *p;
		print_put(to, *p == '"' ? "\"\"" : c);
		/* With a blank between, "A; -B" is what a list looks like. */
		if (*p == ';' && p[1] != ' ' && is_formula(p + 1))
			print_put(to, "'");
	}
	print_put(to, "\"");
	vt_buf_release(&shown);
}

static void
csv_row(struct print_to *to, const char *const *cells, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i > 0)
			print_put(to, ",");
		if (cells[i] != NULL)
			put_cell(to, cells[i]);
	}
	print_put(to, "\r\n");
}

static void
csv_begin(struct print_to *to, const struct print_head *head)
{
	const struct print_sheet *sheet = head->sheet;
	size_t n = 0;

	while (sheet->columns[n] != NULL)
		n++;
	print_put(to, MARK);
	csv_row(to, sheet->columns, n);
}

static void
csv_end(struct print_to *to)
{
	(void)to;
}

const struct print_form print_csv = { ".csv", csv_begin, csv_row, csv_end };
