/* base_library.c - outside libraries that are loaded when first needed */
#include "vanthu/library.h"

#include <dlfcn.h>
#include <string.h>

#include "vanthu/error.h"

int
vt_library_load(const char *name, const struct vt_library_symbol *symbols,
    size_t n, void *table, void **ret, struct vt_error *err)
{
	void *library, *address;
	size_t i;

	if ((library = dlopen(name, RTLD_NOW | RTLD_LOCAL)) == NULL)
		return VT_ENOTFOUND;
	for (i = 0; i < n; i++) {
		if ((address = dlsym(library, symbols[i].name)) == NULL) {
			dlclose(library);
			return vt_error_set(err, VT_EIO, NULL,
			    "%s is too old: it has no %s", name,
			    symbols[i].name);
		}
		/* POSIX has a data pointer hold a function's; C does not */
		memcpy((unsigned char *)table + symbols[i].off, &address,
		    sizeof(address));
	}
	*ret = library;
	return VT_OK;
}
