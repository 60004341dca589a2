/* cli_nearest.c - what somebody may have meant */
#include <string.h>

#include "cli_int.h"

#define WORD_MAX 64

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters must change, come, go or swap with their neighbour to make
 * A of B; SIZE_MAX where a word is too long.
 */
static size_t
distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX], i, j, la = strlen(a), lb = strlen(b);
	size_t *row = rows[0], *above = rows[1], *before = rows[2], *spare;

	if (la >= WORD_MAX || lb >= WORD_MAX)
		return SIZE_MAX;
	for (j = 0; j <= lb; j++)
		row[j] = j;
	for (i = 1; i <= la; i++) {
		spare = before;
		before = above;
		above = row;
		row = spare;
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]),
			    least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[lb];
}

const char *
vt_cli_nearest(const char *word, const char *const *names, size_t n)
{
	size_t best = strlen(word) / 3 + 1, d, i;
	const char *found = NULL;

	if (strlen(word) < 2)
		return NULL;
	for (i = 0; i < n; i++) {
		d = distance(word, names[i]);
		if (d <= best && (found == NULL || d < best)) {
			best = d;
			found = names[i];
		}
	}
	return found;
}
