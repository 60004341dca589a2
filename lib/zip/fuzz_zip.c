/* fuzz_zip.c - any bytes as an archive, every member of it read */
#include "fuzz.h"
#include "vanthu/source.h"
#include "vanthu/zip.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vt_source *src = NULL;
	struct vt_zip *zip = NULL;
	struct vt_error err = { 0 };
	size_t i, n, at;

	if (vt_source_bytes(VT_BYTES(data, size), &src, &err) != VT_OK)
		return 0;
	(void)vt_zip_probe(src);
	if (fuzz_rc(vt_zip_open(src, &zip, &err), &err) == VT_OK) {
		(void)vt_zip_sole(zip);
		for (i = 0; i < vt_zip_count(zip); i++) {
			n = 0;
			(void)fuzz_rc(vt_zip_find(zip,
					  vt_zip_member(zip, i).name, &at,
					  &err),
			    &err);
			if (fuzz_rc(vt_zip_read(zip, i, fuzz_drop, &n, &err),
				&err) == VT_OK)
				FUZZ_PROMISE(n == vt_zip_member(zip, i).size);
		}
		vt_zip_free(zip);
	}
	vt_source_free(src);
	return 0;
}
