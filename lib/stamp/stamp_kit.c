/* stamp_kit.c - libraries and fonts, loaded when first needed */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "stamp_int.h"

/* Both interfaces are older than any Debian that we run on. */
#define HB_LIBRARY "libharfbuzz-subset.so.0"
#define PNG_LIBRARY "libpng16.so.16"

struct symbol {
	const char *name;
	size_t off; /* of the pointer */
};

static const struct symbol hb_symbols[] = {
#define SYMBOL(name) { #name, offsetof(struct stamp_hb, name) },
	STAMP_HB(SYMBOL)
#undef SYMBOL
};

static const struct symbol png_symbols[] = {
#define SYMBOL(name) { #name, offsetof(struct stamp_png, name) },
	STAMP_PNG(SYMBOL)
#undef SYMBOL
};

int
vt_stamp_kit_new(const struct vt_stamp_kit_options *how,
    struct vt_stamp_kit **ret, struct vt_error *err)
{
	struct vt_stamp_kit *kit;

	if ((kit = calloc(1, sizeof(*kit))) == NULL)
		return vt_error_nomem(err);
	if (how != NULL && how->fonts != NULL &&
	    (kit->fonts = strdup(how->fonts)) == NULL) {
		free(kit);
		return vt_error_nomem(err);
	}
	*ret = kit;
	return VT_OK;
}

void
vt_stamp_kit_opaque(struct vt_stamp_kit *kit, bool opaque)
{
	kit->opaque = opaque;
}

void
vt_stamp_kit_free(struct vt_stamp_kit *kit)
{
	size_t i;

	if (kit == NULL)
		return;
	if (kit->hb.library != NULL) {
		for (i = 0; i < STAMP_FACES; i++) {
			kit->hb.hb_font_destroy(kit->font[i].font);
			kit->hb.hb_face_destroy(kit->font[i].face);
		}
		kit->hb.hb_buffer_destroy(kit->buffer);
	}
	/* the libraries stay loaded: the next kit will want them */
	free(kit->fonts);
	free(kit);
}

static int
load(const char *name, const char *package, const struct symbol *symbols,
    size_t n, unsigned char *table, void **ret, struct vt_error *err)
{
	void *library, *address;
	size_t i;

	if ((library = dlopen(name, RTLD_NOW | RTLD_LOCAL)) == NULL)
		return vt_error_set(err, VT_EIO, NULL,
		    "%s, which a visible signature needs, is not installed; "
		    "install the package %s",
		    name, package);
	for (i = 0; i < n; i++) {
		if ((address = dlsym(library, symbols[i].name)) == NULL) {
			dlclose(library);
			return vt_error_set(err, VT_EIO, NULL,
			    "%s is too old: it has no %s", name,
			    symbols[i].name);
		}
		memcpy(table + symbols[i].off, &address, sizeof(address));
	}
	*ret = library;
	return VT_OK;
}

int
vt_stamp_kit_hb(struct vt_stamp_kit *kit, struct vt_error *err)
{
	int rc;

	if (kit->hb.library == NULL &&
	    (rc = load(HB_LIBRARY, "libharfbuzz-subset0", hb_symbols,
		 sizeof(hb_symbols) / sizeof(hb_symbols[0]),
		 (unsigned char *)&kit->hb, &kit->hb.library, err)) != VT_OK)
		return rc;
	if (kit->buffer == NULL)
		kit->buffer = kit->hb.hb_buffer_create();
	return VT_OK;
}

int
vt_stamp_kit_png(struct vt_stamp_kit *kit, struct vt_error *err)
{
	if (kit->png.library != NULL)
		return VT_OK;
	return load(PNG_LIBRARY, "libpng16-16", png_symbols,
	    sizeof(png_symbols) / sizeof(png_symbols[0]),
	    (unsigned char *)&kit->png, &kit->png.library, err);
}
