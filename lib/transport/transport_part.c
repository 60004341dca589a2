/* transport_part.c - what is left of a message that never came whole */
#include <string.h>

#include "transport_int.h"
#include "vanthu/digest.h"
#include "vanthu/time.h"

#define DIGITS 12 /* of a place in an outbox, at least */

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* ".000000000123-" and a SHA-256 in hex: as an office's own messages begin. */
bool
vt_transport_is_part(const char *name)
{
	size_t n = 0, i;

	if (*name++ != '.')
		return false;
	while (name[n] >= '0' && name[n] <= '9')
		n++;
	if (n < DIGITS || name[n] != '-')
		return false;
	name += n + 1;
	for (i = 0; i < VT_SHA256_HEX - 1; i++)
		if (!is_hex(name[i]))
			return false;
	return strcmp(name + i, TRANSPORT_PART) == 0;
}

void
vt_transport_parts_add(struct transport_parts *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n; i++) /* a folder may be listed more than once */
		if (strcmp(p->names[i], name) == 0)
			return;
	if (p->n < TRANSPORT_PARTS)
		memcpy(p->names[p->n++], name, strlen(name) + 1);
}

bool
vt_transport_part_old(int64_t modified)
{
	return modified > 0 && modified < vt_time_now() - TRANSPORT_PART_S;
}
