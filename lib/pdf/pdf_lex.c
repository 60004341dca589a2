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
	lx->skim = false;
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

/* A hexadecimal digit's value and 1; 0: it is none. */
static const unsigned char hex_digit[256] = {
	['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16,
};

static int
hex_value(int c)
{
	return c < 0 ? -1 : hex_digit[c] - 1;
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

/* Characters that a literal string holds as they are. */
static bool
is_plain(unsigned char c)
{
	return c != '(' && c != ')' && c != '\\' && c != '\r';
}

/* Regular ones, "#" of names aside (7.2.3, 7.3.5). */
static bool
is_unescaped(unsigned char c)
{
	return vt_pdf_class[c] == 0 && c != '#';
}

static bool
is_regular(unsigned char c)
{
	return vt_pdf_class[c] == 0;
}

/* Put what FITS from here on, as far as the window shows it. */
static inline int
put_run(struct pdf_lex *lx, bool (*fits)(unsigned char c))
{
	struct pdf_in *in = &lx->in;
	const unsigned char *s, *end, *p;

	if (pdf_peek(in) < 0)
		return VT_OK;
	p = s = in->win + (in->pos - in->base);
	end = in->win + in->nwin;
	while (p < end && fits(*p))
		p++;
	in->pos += (uint64_t)(p - s);
	return p == s ? VT_OK : vt_buf_put(&lx->text, s, (size_t)(p - s));
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
		if ((rc = put_run(lx, is_plain)) != VT_OK)
			return rc;
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

/* Pairs of digits from S on, up to what is none; returns where that is. */
static const unsigned char *
hex_pairs(const unsigned char *s, const unsigned char *end, unsigned char *out,
    size_t max, size_t *n)
{
	unsigned char high, low;

	while (end - s >= 2 && *n < max) {
		high = hex_digit[s[0]];
		low = hex_digit[s[1]];
		if (high == 0 || low == 0)
			break;
		out[(*n)++] = (unsigned char)((high - 1) << 4 | (low - 1));
		s += 2;
	}
	return s;
}

/* To behind the ">". */
static int
skip_hex(struct pdf_lex *lx)
{
	struct pdf_in *in = &lx->in;
	const unsigned char *s, *end, *p;

	while (pdf_peek(in) >= 0) {
		s = in->win + (in->pos - in->base);
		end = in->win + in->nwin;
		p = memchr(s, '>', (size_t)(end - s));
		in->pos += (uint64_t)((p != NULL ? p + 1 : end) - s);
		if (p != NULL)
			return VT_OK;
	}
	return bad(lx, VT_N_("a string does not end"));
}

/* Signatures are long: most of a string is read in pieces of the window. */
static int
lex_hex(struct pdf_lex *lx)
{
	unsigned char out[1024];
	const unsigned char *s;
	struct pdf_in *in = &lx->in;
	int c, v, high = -1, rc;
	size_t n = 0;

	lx->tok = PDF_T_STRING;
	lx->hex = true;
	if (lx->skim)
		return skip_hex(lx);
	for (;;) {
		if ((c = pdf_peek(in)) < 0)
			return bad(lx, VT_N_("a string does not end"));
		if (high < 0) {
			s = in->win + (in->pos - in->base);
			in->pos += (uint64_t)(hex_pairs(s, in->win + in->nwin,
						  out, sizeof(out) - 1, &n) -
					      s);
			if (n >= sizeof(out) - 1) {
				rc = vt_buf_put(&lx->text, out, n);
				if (rc != VT_OK)
					return rc;
				n = 0;
			}
		}
		if ((c = pdf_getc(in)) == '>')
			break;
		if (c < 0 || pdf_is_space(c))
			continue;
		if ((v = hex_value(c)) < 0)
			return bad(lx, VT_N_("a hexadecimal string holds "
					     "another character"));
		if (high >= 0)
			out[n++] = (unsigned char)(high << 4 | v);
		high = high < 0 ? v : -1;
	}
	/* 7.3.4.3: a missing last digit is 0 */
	if (high >= 0)
		out[n++] = (unsigned char)(high << 4);
	return vt_buf_put(&lx->text, out, n);
}

static int
lex_name(struct pdf_lex *lx)
{
	struct pdf_in *in = &lx->in;
	uint64_t pos;
	int c, high, low, rc;

	lx->tok = PDF_T_NAME;
	for (;;) {
		if ((rc = put_run(lx, is_unescaped)) != VT_OK)
			return rc;
		c = pdf_peek(in);
		if (!pdf_is_regular(c))
			return VT_OK;
		in->pos++;
		if (c == '#') {
			pos = in->pos;
			high = hex_value(pdf_getc(in));
			low = high < 0 ? -1 : hex_value(pdf_getc(in));
			if (low >= 0) {
				c = high << 4 | low;
				lx->mixed = lx->mixed || c == 0;
			} else { /* as PDF 1.1 wrote it */
				in->pos = pos;
				lx->stray = true;
				lx->mixed = lx->mixed || high >= 0;
			}
		}
		if ((rc = vt_buf_putc(&lx->text, c)) != VT_OK)
			return rc;
	}
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
		if ((rc = put_run(lx, is_regular)) != VT_OK)
			return rc;
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
	lx->stray = lx->mixed = false;
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
