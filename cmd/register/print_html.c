/* print_html.c - a book as a page to print: its head on each sheet */
#include <stdio.h>

#include "print.h"
#include "vanthu/text.h"

#define TEXT_MAX (1024u * 1024) /* bytes of one text */

static void
put_text(struct print_to *to, const char *text)
{
	struct vt_buf html;

	vt_buf_init(&html, TEXT_MAX);
	(void)vt_text_html(&html, vt_bytes_str(text)); /* too long: cut */
	print_put(to, vt_buf_str(&html));
	vt_buf_release(&html);
}

static void
html_begin(struct print_to *to, const struct print_head *head)
{
	static const char *const before =
	    "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
	static const char *const style =
	    "<style>\n"
	    "@page { size: A3 landscape; margin: 15mm; }\n"
	    "body { font: 11pt \"Times New Roman\", \"Liberation Serif\", "
	    "serif; }\n"
	    "h1 { text-align: center; font-size: 16pt; }\n"
	    "p { text-align: center; }\n"
	    "table { border-collapse: collapse; width: 100%; }\n"
	    "thead { display: table-header-group; }\n"
	    "tr { break-inside: avoid; }\n"
	    "th, td { border: 1px solid #000; padding: 3px 5px; "
	    "vertical-align: top; overflow-wrap: anywhere; }\n"
	    "</style>\n</head>\n<body>\n";
	const struct print_sheet *sheet = head->sheet;
	char number[32];
	size_t i;

	print_put(to, before);
	print_put(to, "<title>");
	put_text(to, sheet->title);
	snprintf(number, sizeof(number), "%d", head->year);
	print_put(to, " ");
	print_put(to, number);
	print_put(to, "</title>\n");
	print_put(to, style);
	print_put(to, "<p>");
	put_text(to, head->organ);
	print_put(to, "</p>\n<h1>");
	put_text(to, sheet->title);
	print_put(to, "</h1>\n<p>Năm: ");
	print_put(to, number);
	print_put(to, "<br>Sổ: ");
	put_text(to, head->book);
	print_put(to, "</p>\n<table>\n<thead>\n<tr>");
	for (i = 0; sheet->columns[i] != NULL; i++) {
		print_put(to, "<th>");
		put_text(to, sheet->columns[i]);
		print_put(to, "</th>");
	}
	print_put(to, "</tr>\n<tr>");
	for (i = 0; sheet->columns[i] != NULL; i++) {
		snprintf(number, sizeof(number), "<th>(%zu)</th>", i + 1);
		print_put(to, number);
	}
	print_put(to, "</tr>\n</thead>\n<tbody>\n");
}

static void
html_row(struct print_to *to, const char *const *cells, size_t n)
{
	size_t i;

	print_put(to, "<tr>");
	for (i = 0; i < n; i++) {
		print_put(to, "<td>");
		if (cells[i] != NULL)
			put_text(to, cells[i]);
		print_put(to, "</td>");
	}
	print_put(to, "</tr>\n");
}

static void
html_end(struct print_to *to)
{
	print_put(to, "</tbody>\n</table>\n</body>\n</html>\n");
}

const struct print_form print_html = { ".html", html_begin, html_row,
	html_end };
