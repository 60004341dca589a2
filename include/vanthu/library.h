/* library.h - outside libraries that are loaded when first needed */
#ifndef VANTHU_LIBRARY_H
#define VANTHU_LIBRARY_H

#include <stddef.h>

struct vt_error;

struct vt_library_symbol {
	const char *name;
	size_t off; /* of its pointer in the table, in bytes */
};

/*
 * Load NAME ("libpng16.so.16") by dlopen(), and put the addresses of its N
 * SYMBOLS into TABLE, a structure of pointers.  On VT_OK *RET is dlopen()'s
 * handle, the caller's, which may keep it as long as the process lives.  Else
 * *RET is untouched and TABLE is not to be used.  VT_ENOTFOUND: it is not here,
 * and ERR is untouched: the caller says what needed it and which package has
 * it.  VT_EIO: it is too old and lacks a symbol, which ERR names.
 */
int vt_library_load(const char *name, const struct vt_library_symbol *symbols,
    size_t n, void *table, void **ret, struct vt_error *err);

#endif
