/* stamp_kit.c - libraries and fonts, loaded when first needed */
#include <stdlib.h>
#include <string.h>

#include "stamp_int.h"
#include "vanthu/library.h"

/* Both interfaces are older than any Debian that we run on. */
#define HB_LIBRARY "libharfbuzz-subset.so.0"
#define PNG_LIBRARY "libpng16.so.16"

static const struct vt_library_symbol hb_symbols[] = {
#define SYMBOL(name) { #name, offsetof(struct stamp_hb, name) },
	STAMP_HB(SYMBOL)
#undef SYMBOL
};

static const struct vt_library_symbol png_symbols[] = {
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
load(const char *name, const char *package,
    const struct vt_library_symbol *symbols, size_t n, void *table, void **ret,
    struct vt_error *err)
{
	int rc = vt_library_load(name, symbols, n, table, ret, err);

	if (rc != VT_ENOTFOUND)
		return rc;
	return vt_error_set(err, VT_EIO, NULL,
	    "%s, which a visible signature needs, is not installed; "
	    "install the package %s",
	    name, package);
}

int
vt_stamp_kit_hb(struct vt_stamp_kit *kit, struct vt_error *err)
{
	int rc;

	if (kit->hb.library == NULL &&
	    (rc = load(HB_LIBRARY, "libharfbuzz-subset0", hb_symbols,
		 sizeof(hb_symbols) / sizeof(hb_symbols[0]), &kit->hb,
		 &kit->hb.library, err)) != VT_OK)
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
	    sizeof(png_symbols) / sizeof(png_symbols[0]), &kit->png,
	    &kit->png.library, err);
}
