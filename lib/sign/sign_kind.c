/* sign_kind.c - what a file is, by its name (RFC 2046), and how it is called */
#include <string.h>
#include <strings.h>

#include "sign_int.h"
#include "vanthu/text.h"

static const struct {
	const char *suffix, *type;
} kinds[] = {
	{ ".csv", "text/csv" },
	{ ".doc", "application/msword" },
	{ ".docx", "application/vnd.openxmlformats-officedocument."
		   "wordprocessingml.document" },
	{ ".gif", "image/gif" },
	{ ".htm", "text/html" },
	{ ".html", "text/html" },
	{ ".jpeg", "image/jpeg" },
	{ ".jpg", "image/jpeg" },
	{ ".json", "application/json" },
	{ ".odp", "application/vnd.oasis.opendocument.presentation" },
	{ ".ods", "application/vnd.oasis.opendocument.spreadsheet" },
	{ ".odt", "application/vnd.oasis.opendocument.text" },
	{ ".pdf", "application/pdf" },
	{ ".png", "image/png" },
	{ ".ppt", "application/vnd.ms-powerpoint" },
	{ ".pptx", "application/vnd.openxmlformats-officedocument."
		   "presentationml.presentation" },
	{ ".rtf", "application/rtf" },
	{ ".tif", "image/tiff" },
	{ ".tiff", "image/tiff" },
	{ ".txt", "text/plain" },
	{ ".xls", "application/vnd.ms-excel" },
	{ ".xlsx", "application/vnd.openxmlformats-officedocument."
		   "spreadsheetml.sheet" },
	{ ".xml", "application/xml" },
	{ ".zip", "application/zip" },
};

const char *
vt_sign_mime_type(const char *name)
{
	const char *dot = name != NULL ? strrchr(name, '.') : NULL;
	size_t i;

	for (i = 0; dot != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcasecmp(dot, kinds[i].suffix) == 0)
			return kinds[i].type;
	return "application/octet-stream";
}

const char *
vt_sign_file_name(const char *path)
{
	const char *base = path != NULL ? strrchr(path, '/') : NULL;

	base = base != NULL ? base + 1 : path;
	/* What could not be shown as it is says nothing. */
	if (base == NULL || base[0] == '\0' || strcmp(base, "-") == 0 ||
	    vt_text_hides(vt_bytes_str(base)))
		return NULL;
	return base;
}
