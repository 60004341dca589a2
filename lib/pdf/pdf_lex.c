/* pdf_lex.c - tokens (ISO 32000-2, 7.2 and 7.3) */
#include <string.h>

#include "pdf_int.h"

const unsigned char vt_pdf_class[256] = {
	[0] = PDF_SPACE,
	['\t'] = PDF_SPACE,
	['\n'] = PDF_SPACE,
	['\f'] = PDF_SPACE,
	['\r'] = PDF_SPACE,
	[' '] = PDF_SPACE,
	['('] = PDF_DELIM,
	[')'] = PDF_DELIM,
	['<'] = PDF_DELIM,
	['>'] = PDF_DELIM,
	['['] = PDF_DELIM,
	[']'] = PDF_DELIM,
	['{'] = PDF_DELIM,
	['}'] = PDF_DELIM,
	['/'] = PDF_DELIM,
	['%'] = PDF_DELIM,
};

void
vt_pdf_lex_init(struct pdf_lex *lx)
{
	vt_buf_init(&lx->text, VT_PDF_OBJECT_MAX); /* the window stays as is */
}

void
vt_pdf_lex_release(struct pdf_lex *lx)
{
	vt_buf_release(&lx->text);
}

void
vt_pdf_skip_space(struct pdf_in *in)
{
	int c;

	for (;;) {
		c = pdf_peek(in);
		if (c == '%') {
			do
				in->pos++;
			while (
			    (c = pdf_peek(in)) >= 0 && c != '\r' && c != '\n');
		} else if (pdf_is_space(c)) {
			in->pos++;
		} else {
			return;
		}
	}
}

static int
hex_value(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int
bad(struct pdf_lex *lx, const char *why)
{
	lx->tok = PDF_T_BAD;
	lx->why = why;
	return VT_OK;
}

/* The character behind a backslash (7.3.4.2, Table 3); -1: none. */
static int
escape(struct pdf_in *in)
{
	int c = pdf_getc(in), d, i;

	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case '\r':
		if (pdf_peek(in) == '\n')
			in->pos++;
		return -1;
	case '\n':
		return -1;
	default:
		break;
	}
	if (c < '0' || c > '7')
		return c;
	c -= '0';
	for (i = 0; i < 2; i++) {
		d = pdf_peek(in);
		if (d < '0' || d > '7')
			break;
		c = c * 8 + (d - '0');
		in->pos++;
	}
	return c & 0xff; /* high-order overflow shall be ignored */
}

static int
lex_literal(struct pdf_lex *lx)
{
	struct pdf_in *in = &lx->in;
	size_t open = 1;
	int c, rc;

	lx->tok = PDF_T_STRING;
	lx->hex = false;
	for (;;) {
		c = pdf_getc(in);
		if (c < 0)
			return bad(lx, VT_N_("a string does not end"));
		if (c == '(') {
			open++;
		} else if (c == ')') {
			if (--open == 0)
				return VT_OK;
		} else if (c == '\\') {
			if (pdf_peek(in) < 0)
				continue;
			if ((c = escape(in)) < 0)
				continue;
		} else if (c == '\r') {
			if (pdf_peek(in) == '\n')
				in->pos++;
			c = '\n'; /* 7.3.4.2: any end of line reads as LF */
		}
		if ((rc = vt_buf_putc(&lx->text, c)) != VT_OK)
			return rc;
	}
}

static int
lex_hex(struct pdf_lex *lx)
{
	int c, v, high = -1, rc;

	lx->tok = PDF_T_STRING;
	lx->hex = true;
	for (;;) {
		c = pdf_getc(&lx->in);
		if (c == '>')
			break;
		if (pdf_is_space(c))
			continue;
		if (c < 0)
			return bad(lx, VT_N_("a string does not end"));
		if ((v = hex_value(c)) < 0)
			return bad(lx, VT_N_("a hexadecimal string holds "
					     "another character"));
		if (high < 0) {
			high = v;
			continue;
		}
		if ((rc = vt_buf_putc(&lx->text, high << 4 | v)) != VT_OK)
			return rc;
		high = -1;
	}
	/* 7.3.4.3: a missing last digit is 0 */
	return high < 0 ? VT_OK : vt_buf_putc(&lx->text, high << 4);
}

static int
lex_name(struct pdf_lex *lx)
{
	struct pdf_in *in = &lx->in;
	uint64_t pos;
	int c, high, low, rc;

	lx->tok = PDF_T_NAME;
	while ((c = pdf_peek(in)), pdf_is_regular(c)) {
		in->pos++;
		if (c == '#') {
			pos = in->pos;
			high = hex_value(pdf_getc(in));
			low = high < 0 ? -1 : hex_value(pdf_getc(in));
			if (low >= 0) {
				c = high << 4 | low;
			} else { /* as PDF 1.1 wrote it */
				in->pos = pos;
				lx->stray = true;
			}
		}
		if ((rc = vt_buf_putc(&lx->text, c)) != VT_OK)
			return rc;
	}
	return VT_OK;
}

/* Sets tok where TEXT is a number (7.3.3); else leaves PDF_T_WORD. */
static void
number(struct pdf_lex *lx)
{
	const unsigned char *s = lx->text.data;
	size_t i = 0, n = lx->text.len, digits = 0;
	bool minus = false, point = false, big = false;
	uint64_t v = 0;
	double real = 0, scale = 1;

	if (s[0] == '+' || s[0] == '-') {
		minus = s[0] == '-';
		i = 1;
	}
	for (; i < n; i++) {
		if (s[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (s[i] < '0' || s[i] > '9')
			return;
		if (++digits <= 300) { /* finite, whatever is written */
			real = real * 10 + (s[i] - '0');
			if (point)
				scale *= 10;
		}
		if (v > (UINT64_MAX - 9) / 10)
			big = true;
		else
			v = v * 10 + (s[i] - '0');
	}
	if (digits == 0)
		return;
	if (v > INT64_MAX)
		big = true; /* the lowest of all is not worth a special case */
	if (!point && !big) {
		lx->tok = PDF_T_INT;
		lx->integer = minus ? -(int64_t)v : (int64_t)v;
		return;
	}
	lx->tok = PDF_T_REAL;
	lx->real = (minus ? -real : real) / scale;
}

static int
lex_regular(struct pdf_lex *lx, int c)
{
	int rc;

	lx->tok = PDF_T_WORD;
	do {
		if ((rc = vt_buf_putc(&lx->text, c)) != VT_OK)
			return rc;
		lx->in.pos++;
		c = pdf_peek(&lx->in);
	} while (pdf_is_regular(c));
	c = lx->text.data[0];
	if ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')
		number(lx);
	return VT_OK;
}

static int
lex_delimiter(struct pdf_lex *lx, int c)
{
	struct pdf_in *in = &lx->in;

	in->pos++;
	switch (c) {
	case '(':
		return lex_literal(lx);
	case '/':
		return lex_name(lx);
	case '[':
		lx->tok = PDF_T_ARRAY;
		return VT_OK;
	case ']':
		lx->tok = PDF_T_ARRAY_END;
		return VT_OK;
	case '<':
		if (pdf_peek(in) != '<')
			return lex_hex(lx);
		in->pos++;
		lx->tok = PDF_T_DICT;
		return VT_OK;
	case '>':
		if (pdf_peek(in) != '>')
			return bad(lx, VT_N_("a single \">\""));
		in->pos++;
		lx->tok = PDF_T_DICT_END;
		return VT_OK;
	default:
		return bad(lx,
		    VT_N_("a bracket or parenthesis that closes nothing"));
	}
}

int
vt_pdf_lex_next(struct pdf_lex *lx)
{
	int c, rc;

	vt_buf_reset(&lx->text);
	lx->stray = false;
	vt_pdf_skip_space(&lx->in);
	lx->start = lx->in.pos;
	c = pdf_peek(&lx->in);
	if (c < 0) {
		lx->tok = PDF_T_EOF;
		rc = VT_OK;
	} else if (vt_pdf_class[c] == PDF_DELIM) {
		rc = lex_delimiter(lx, c);
	} else {
		rc = lex_regular(lx, c);
	}
	lx->end = lx->in.pos;
	if (lx->in.rc != VT_OK)
		return lx->in.rc;
	return rc == VT_OK ? VT_OK : vt_pdf_buf_error(rc, lx->in.err);
}

bool
vt_pdf_lex_is(const struct pdf_lex *lx, const char *word)
{
	return lx->tok == PDF_T_WORD &&
	       vt_bytes_equal_str(vt_buf_bytes(&lx->text), word);
}

int
vt_pdf_lex_word(struct pdf_lex *lx, const char *word)
{
	int rc;

	if ((rc = vt_pdf_lex_next(lx)) != VT_OK)
		return rc;
	return vt_pdf_lex_is(lx, word) ? VT_OK : VT_EFORMAT;
}
