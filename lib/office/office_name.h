/* office_name.h - do two names of agencies say the same? */
#ifndef VANTHU_OFFICE_NAME_H
#define VANTHU_OFFICE_NAME_H

#include <stdbool.h>

#include "vanthu/bytes.h"

struct vt_error;

/*
 * What two spellings of an agency's name have in common, for free(): words in
 * lower case without marks, a space between, no other signs, the usual
 * abbreviations (UBND, HĐND, TP.) written out.
 */
int vt_office_name_key(const char *name, char **ret, struct vt_error *err);

/* Keys: true where the words of A begin with all the words of BEGIN. */
bool vt_office_name_begins(const char *a, const char *begin);

#endif
