/* pdf_glyph.c - encodings and names of glyphs (ISO 32000-2, 9.6.5, Annex D) */
#include <string.h>

#include "pdf_page.h"

/* WinAnsiEncoding from 0x80 to 0x9f; all else is Latin-1. */
static const uint16_t win_80[32] = { 0x20ac, 0x2022, 0x201a, 0x0192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x2022,
	0x017d, 0x2022, 0x2022, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x2022, 0x017e,
	0x0178 };
/* MacRomanEncoding from 0x80 on. */
static const uint16_t mac_80[128] = { 0xc4, 0xc5, 0xc7, 0xc9, 0xd1, 0xd6, 0xdc,
	0xe1, 0xe0, 0xe2, 0xe4, 0xe3, 0xe5, 0xe7, 0xe9, 0xe8, 0xea, 0xeb, 0xed,
	0xec, 0xee, 0xef, 0xf1, 0xf3, 0xf2, 0xf4, 0xf6, 0xf5, 0xfa, 0xf9, 0xfb,
	0xfc, 0x2020, 0xb0, 0xa2, 0xa3, 0xa7, 0x2022, 0xb6, 0xdf, 0xae, 0xa9,
	0x2122, 0xb4, 0xa8, 0, 0xc6, 0xd8, 0, 0xb1, 0, 0, 0xa5, 0xb5, 0, 0, 0,
	0, 0, 0xaa, 0xba, 0, 0xe6, 0xf8, 0xbf, 0xa1, 0xac, 0, 0x0192, 0, 0,
	0xab, 0xbb, 0x2026, 0x20, 0xc0, 0xc3, 0xd5, 0x0152, 0x0153, 0x2013,
	0x2014, 0x201c, 0x201d, 0x2018, 0x2019, 0xf7, 0, 0xff, 0x0178, 0x2044,
	0xa4, 0x2039, 0x203a, 0xfb01, 0xfb02, 0x2021, 0xb7, 0x201a, 0x201e,
	0x2030, 0xc2, 0xca, 0xc1, 0xcb, 0xc8, 0xcd, 0xce, 0xcf, 0xcc, 0xd3,
	0xd4, 0, 0xd2, 0xda, 0xdb, 0xd9, 0x0131, 0x02c6, 0x02dc, 0xaf, 0x02d8,
	0x02d9, 0x02da, 0xb8, 0x02dd, 0x02db, 0x02c7 };

/* Names of ASCII and Latin-1 in their order; letters are their own names. */
static const char *const low[] = { "space", "exclam", "quotedbl", "numbersign",
	"dollar", "percent", "ampersand", "quotesingle", "parenleft",
	"parenright", "asterisk", "plus", "comma", "hyphen", "period", "slash",
	"zero", "one", "two", "three", "four", "five", "six", "seven", "eight",
	"nine", "colon", "semicolon", "less", "equal", "greater", "question",
	"at" };
static const char *const high[] = { "nbspace", "exclamdown", "cent", "sterling",
	"currency", "yen", "brokenbar", "section", "dieresis", "copyright",
	"ordfeminine", "guillemotleft", "logicalnot", "sfthyphen", "registered",
	"macron", "degree", "plusminus", "twosuperior", "threesuperior",
	"acute", "mu", "paragraph", "periodcentered", "cedilla", "onesuperior",
	"ordmasculine", "guillemotright", "onequarter", "onehalf",
	"threequarters", "questiondown", "Agrave", "Aacute", "Acircumflex",
	"Atilde", "Adieresis", "Aring", "AE", "Ccedilla", "Egrave", "Eacute",
	"Ecircumflex", "Edieresis", "Igrave", "Iacute", "Icircumflex",
	"Idieresis", "Eth", "Ntilde", "Ograve", "Oacute", "Ocircumflex",
	"Otilde", "Odieresis", "multiply", "Oslash", "Ugrave", "Uacute",
	"Ucircumflex", "Udieresis", "Yacute", "Thorn", "germandbls", "agrave",
	"aacute", "acircumflex", "atilde", "adieresis", "aring", "ae",
	"ccedilla", "egrave", "eacute", "ecircumflex", "edieresis", "igrave",
	"iacute", "icircumflex", "idieresis", "eth", "ntilde", "ograve",
	"oacute", "ocircumflex", "otilde", "odieresis", "divide", "oslash",
	"ugrave", "uacute", "ucircumflex", "udieresis", "yacute", "thorn",
	"ydieresis" };
static const struct {
	const char *name;
	uint16_t c;
} others[] = { { "bracketleft", '[' }, { "backslash", '\\' },
	{ "bracketright", ']' }, { "asciicircum", '^' }, { "underscore", '_' },
	{ "grave", '`' }, { "braceleft", '{' }, { "bar", '|' },
	{ "braceright", '}' }, { "asciitilde", '~' }, { "Abreve", 0x102 },
	{ "abreve", 0x103 }, { "Dcroat", 0x110 }, { "Dslash", 0x110 },
	{ "dcroat", 0x111 }, { "dmacron", 0x111 }, { "Ohorn", 0x1a0 },
	{ "ohorn", 0x1a1 }, { "Uhorn", 0x1af }, { "uhorn", 0x1b0 },
	{ "dong", 0x20ab }, { "dotlessi", 0x131 }, { "OE", 0x152 },
	{ "oe", 0x153 }, { "Scaron", 0x160 }, { "scaron", 0x161 },
	{ "Ydieresis", 0x178 }, { "Zcaron", 0x17d }, { "zcaron", 0x17e },
	{ "florin", 0x192 }, { "circumflex", 0x2c6 }, { "tilde", 0x2dc },
	{ "endash", 0x2013 }, { "emdash", 0x2014 }, { "quoteleft", 0x2018 },
	{ "quoteright", 0x2019 }, { "quotesinglbase", 0x201a },
	{ "quotedblleft", 0x201c }, { "quotedblright", 0x201d },
	{ "quotedblbase", 0x201e }, { "dagger", 0x2020 },
	{ "daggerdbl", 0x2021 }, { "bullet", 0x2022 }, { "ellipsis", 0x2026 },
	{ "perthousand", 0x2030 }, { "guilsinglleft", 0x2039 },
	{ "guilsinglright", 0x203a }, { "fraction", 0x2044 },
	{ "Euro", 0x20ac }, { "trademark", 0x2122 }, { "minus", 0x2212 },
	{ "ff", 0xfb00 }, { "fi", 0xfb01 }, { "fl", 0xfb02 }, { "ffi", 0xfb03 },
	{ "ffl", 0xfb04 } };

void
vt_pdf_encoding_base(const char *name, int32_t ret[256])
{
	bool mac = strcmp(name, "MacRomanEncoding") == 0;
	int i;

	for (i = 0; i < 256; i++) {
		if (i < 0x20 || i == 0x7f)
			ret[i] = 0;
		else if (i < 0x80)
			ret[i] = i;
		else if (mac)
			ret[i] = mac_80[i - 0x80];
		else
			ret[i] = i < 0xa0 ? win_80[i - 0x80] : i;
	}
	if (mac || strcmp(name, "WinAnsiEncoding") == 0)
		return;
	/* StandardEncoding: its upper half is not what texts are made of. */
	ret['\''] = 0x2019;
	ret['`'] = 0x2018;
	for (i = 0x80; i < 256; i++)
		ret[i] = 0;
}

/* "uniXXXX" and "uXXXX" to "uXXXXXX" (Adobe Glyph List, 2). */
static int32_t
hex_name(struct vt_bytes name)
{
	size_t i, from = vt_bytes_starts(name, "uni") ? 3 : 1;
	int32_t c = 0;

	if (name.len < from + 4 || name.len > from + 6 ||
	    (from == 3 && name.len != 7))
		return 0;
	for (i = from; i < name.len; i++) {
		int d = name.data[i];

		if (d >= '0' && d <= '9')
			c = c * 16 + (d - '0');
		else if (d >= 'A' && d <= 'F')
			c = c * 16 + (d - 'A' + 10);
		else
			return 0;
	}
	return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff) ? c : 0;
}

int32_t
vt_pdf_glyph_char(struct vt_bytes name)
{
	size_t i;

	for (i = 0; i < name.len; i++) /* "a.alt" looks another way */
		if (name.data[i] == '.' && i > 0)
			name.len = i;
	if (name.len == 1 &&
	    ((name.data[0] | 32) >= 'a' && (name.data[0] | 32) <= 'z'))
		return name.data[0];
	for (i = 0; i < sizeof(low) / sizeof(low[0]); i++)
		if (vt_bytes_equal_str(name, low[i]))
			return (int32_t)(0x20 + i);
	for (i = 0; i < sizeof(high) / sizeof(high[0]); i++)
		if (vt_bytes_equal_str(name, high[i]))
			return (int32_t)(0xa0 + i);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (vt_bytes_equal_str(name, others[i].name))
			return others[i].c;
	return name.len > 0 && name.data[0] == 'u' ? hex_name(name) : 0;
}
