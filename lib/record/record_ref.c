/* record_ref.c - books, and how a record is named */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"
#include "vanthu/text.h"

#define SERIES_MAX 20 /* characters */
#define SERIES_PREFIX "out."

bool
vt_book_valid(const char *book)
{
	const char *code, *p;
	char *fold = NULL;
	size_t n;
	bool ok;

	if (strcmp(book, VT_BOOK_IN) == 0 || strcmp(book, VT_BOOK_OUT) == 0)
		return true;
	if (strncmp(book, SERIES_PREFIX, strlen(SERIES_PREFIX)) != 0 ||
	    strlen(book) >= VT_BOOK_MAX)
		return false;
	code = book + strlen(SERIES_PREFIX);
	n = vt_utf8_len(vt_bytes_str(code));
	if (n == 0 || n > SERIES_MAX ||
	    vt_record_fold(code, &fold, NULL) != VT_OK)
		return false;
	for (p = fold; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80 ||
		    (!isalnum((unsigned char)*p) && *p != '-' && *p != '_'))
			break;
	/* as long as its fold: only letters with their marks, in NFC */
	ok = *p == '\0' && strlen(fold) == n;
	free(fold);
	return ok;
}

bool
vt_book_incoming(const char *book)
{
	return strcmp(book, VT_BOOK_IN) == 0;
}

/* A decimal number of 1 to MAX_DIGITS digits that all of TEXT's N bytes are. */
static bool
digits_parse(const char *text, size_t n, size_t max_digits, int64_t *ret)
{
	int64_t v = 0;
	size_t i;

	if (n == 0 || n > max_digits)
		return false;
	for (i = 0; i < n; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		v = v * 10 + (text[i] - '0');
	}
	*ret = v;
	return true;
}

static bool
number_parse(const char *text, size_t n, int64_t *ret)
{
	return digits_parse(text, n, VT_RECORD_NUMBER_TEXT - 1, ret) &&
	       *ret >= 1 && *ret <= VT_RECORD_NUMBER_MAX;
}

/* REST is "YEAR/NUMBER". */
static bool
numbered_parse(const char *rest, struct vt_ref *ret)
{
	size_t n = strcspn(rest, "/");
	int64_t year;

	if (n != 4 || rest[n] != '/' || !digits_parse(rest, n, 4, &year) ||
	    year < 1000 ||
	    !number_parse(rest + n + 1, strlen(rest + n + 1), &ret->number))
		return false;
	ret->year = (int)year;
	return true;
}

bool
vt_ref_parse(const char *text, bool record_only, struct vt_ref *ret)
{
	struct vt_ref ref = { .book = "" };
	char *clean = NULL, *rest;
	size_t n;
	bool ok = false;

	if (vt_record_clean(text, &clean, NULL) != VT_OK)
		return false;
	n = strcspn(clean, "/");
	if (clean[n] != '/')
		goto out;
	rest = clean + n + 1;
	if (n < sizeof(ref.book)) {
		memcpy(ref.book, clean, n);
		ref.book[n] = '\0';
		if (vt_book_valid(ref.book)) {
			ok = numbered_parse(rest, &ref);
			goto out;
		}
	}
	if (record_only && number_parse(clean, n, &ref.number) &&
	    *rest != '\0' && strlen(rest) < sizeof(ref.notation)) {
		ref.book[0] = '\0';
		memcpy(ref.notation, rest, strlen(rest) + 1);
		ok = true;
	}
out:
	if (ok)
		*ret = ref;
	free(clean);
	return ok;
}

char *
vt_ref_text(const char *book, int year, int64_t number, char out[VT_REF_TEXT])
{
	snprintf(out, VT_REF_TEXT, "%s/%d/%lld", book, year, (long long)number);
	return out;
}
