/* office_organ.c - which ids name the same agency */
#include <string.h>

#include "office_mail_int.h"

bool
vt_office_same_organ(const struct vt_office *o, const char *a, const char *b)
{
	(void)o; /* its directory will know of aliases */
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}
