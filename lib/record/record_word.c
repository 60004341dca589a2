/* record_word.c - urgency, secrecy, competence, retention */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const char *const urgencies[] = { "none", "khan", "thuong-khan",
	"hoa-toc" };
static const char *const secrecies[] = { "none", "mat", "toi-mat",
	"tuyet-mat" };
static const char *const competences[] = { "", "TM", "Q", "KT", "TL", "TUQ" };

/* The place of TEXT in WORDS, its case, marks and spaces set aside; or N. */
static size_t
word_find(const char *const *words, size_t n, const char *text)
{
	char *clean = NULL, *fold = NULL, *p;
	size_t i = n;

	if (vt_record_clean(text, &clean, NULL) != VT_OK ||
	    vt_record_fold(clean, &fold, NULL) != VT_OK)
		goto out;
	for (p = fold; *p != '\0'; p++)
		if (*p == ' ')
			*p = '-';
	for (i = 0; i < n; i++)
		if (strcmp(words[i], fold) == 0)
			break;
out:
	free(clean);
	free(fold);
	return i;
}

const char *
vt_urgency_name(enum vt_urgency u)
{
	return (size_t)u < N(urgencies) ? urgencies[u] : urgencies[0];
}

bool
vt_urgency_parse(const char *text, enum vt_urgency *ret)
{
	size_t i = word_find(urgencies, N(urgencies), text);

	if (i == N(urgencies) && vt_record_same(text, "thường"))
		i = VT_URGENCY_NONE;
	if (i == N(urgencies))
		return false;
	*ret = (enum vt_urgency)i;
	return true;
}

const char *
vt_secrecy_name(enum vt_secrecy s)
{
	return (size_t)s < N(secrecies) ? secrecies[s] : secrecies[0];
}

bool
vt_secrecy_parse(const char *text, enum vt_secrecy *ret)
{
	size_t i = word_find(secrecies, N(secrecies), text);

	if (i == N(secrecies))
		return false;
	*ret = (enum vt_secrecy)i;
	return true;
}

int
vt_secrecy_allow(enum vt_secrecy s, struct vt_error *err)
{
	if (s == VT_SECRECY_NONE)
		return VT_OK;
	return vt_error_set(err, VT_EREFUSED, NULL,
	    "state secrets are not kept here: use the paper book");
}

static const char *const marks[] = { NULL, "MẬT", "TỐI MẬT", "TUYỆT MẬT" };
static const char *const small[] = { NULL, "mật", "tối mật", "tuyệt mật" };

/* Is CLEAN the I-th degree, in capitals, or in either? */
static bool
is_degree(const char *clean, size_t i, bool either)
{
	const char *a = marks[i], *b = small[i];

	if (!either)
		return strcmp(a, clean) == 0;
	/* in UTF-8, the two forms of each letter here are of one length */
	while (*clean != '\0' && (*clean == *a || *clean == *b))
		clean++, a++, b++;
	return *clean == '\0' && *a == '\0';
}

static enum vt_secrecy
degree_of(const char *text, bool either)
{
	enum vt_secrecy found = VT_SECRECY_NONE;
	char *clean = NULL;
	size_t i;

	/* clean: the source of this file is in NFC, an envelope need not be */
	if (vt_record_clean(text, &clean, NULL) != VT_OK)
		return VT_SECRECY_NONE;
	for (i = 1; i < N(marks); i++)
		if (is_degree(clean, i, either))
			found = (enum vt_secrecy)i;
	free(clean);
	return found;
}

enum vt_secrecy
vt_secrecy_of_text(const char *text)
{
	return degree_of(text, false);
}

bool
vt_secrecy_is_like(const char *text)
{
	return degree_of(text, true) != VT_SECRECY_NONE &&
	       degree_of(text, false) == VT_SECRECY_NONE;
}

const char *
vt_competence_name(enum vt_competence c)
{
	return (size_t)c < N(competences) ? competences[c] : competences[0];
}

bool
vt_competence_parse(const char *text, enum vt_competence *ret)
{
	size_t i, n = strlen(text);

	if (n > 0 && text[n - 1] == '.') /* as it stands on the document */
		n--;
	for (i = 1; i < N(competences); i++)
		if (strlen(competences[i]) == n &&
		    strncmp(competences[i], text, n) == 0) {
			*ret = (enum vt_competence)i;
			return true;
		}
	return false;
}

bool
vt_retention_parse(const char *text, int *ret)
{
	size_t n = strspn(text, "0123456789");
	int years = 0;

	if (n == 0) {
		static const char *const forever[] = { "vinh-vien" };

		if (word_find(forever, 1, text) != 0)
			return false;
		*ret = VT_RETENTION_FOREVER;
		return true;
	}
	if (text[n] != '\0' || n > 3)
		return false;
	while (*text != '\0')
		years = years * 10 + (*text++ - '0');
	if (years == 0)
		return false;
	*ret = years;
	return true;
}

char *
vt_retention_text(int years, char out[VT_RETENTION_TEXT])
{
	if (years == VT_RETENTION_FOREVER)
		snprintf(out, VT_RETENTION_TEXT, "vinh-vien");
	else if (years == VT_RETENTION_NONE)
		out[0] = '\0';
	else
		snprintf(out, VT_RETENTION_TEXT, "%d", years);
	return out;
}
