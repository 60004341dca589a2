/* verify_name.c - a file that is opened as something else than was judged
 *
 * Comments of XML are not signed, and neither are unsigned attributes of CMS,
 * nor objects of a PDF that nothing refers to: each may hold a whole document
 * of another kind.  Who is told that "letter.docx" is valid opens it with a
 * reader of such, which shows that one.
 */
#include <string.h>
#include <strings.h>

#include "vanthu/error.h"
#include "vanthu/source.h"
#include "verify_int.h"

#define HEAD_MAX 1024 /* as far as readers look for a PDF's header */

/* How names end that are opened by readers of their own kind. */
static const char *const others[] = { "pdf", "doc", "docx", "docm", "dot",
	"dotx", "rtf", "odt", "xls", "xlsx", "xlsm", "xlsb", "ods", "ppt",
	"pptx", "pptm", "ppsx", "odp", "htm", "html", "mht", "mhtml", "eml",
	"msg", "ofd", "xps", "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff",
	"zip", "rar", "7z", "exe", "msi", "bat", "cmd", "js", "vbs", "ps1",
	"lnk", "hta", "dotm", "xlt", "xltx", "xltm", "pot", "potx", "potm",
	"pps", "ppsm", "odg", "epub", "shtml", "jar", "apk", "iso", "img",
	"cab", "tar", "gz", "tgz", "bz2", "xz", "com", "scr", "pif", "url",
	"wsf", "jse", "vbe", "chm", "ps", "eps", "djvu", "webp", "heic", NULL };
/* Of these some are XML, and shown as what it is. */
static const char *const of_xml[] = { "svg", "xht", "xhtml", "fodt", "fods",
	"fodp", NULL };

/* The last part behind a dot; dots and spaces at the end are dropped by some.
 */
static struct vt_bytes
extension(const char *name)
{
	size_t end = strlen(name), at;

	while (end > 0 && (name[end - 1] == '.' || name[end - 1] == ' '))
		end--;
	for (at = end; at > 0 && name[at - 1] != '.'; at--)
		if (name[at - 1] == '/')
			return VT_BYTES(NULL, 0);
	return at == 0 ? VT_BYTES(NULL, 0) : VT_BYTES(name + at, end - at);
}

static bool
is_among(struct vt_bytes ext, const char *const *list)
{
	for (; *list != NULL; list++)
		if (ext.len == strlen(*list) &&
		    strncasecmp((const char *)ext.data, *list, ext.len) == 0)
			return true;
	return false;
}

static bool
is_named_otherwise(const struct vt_report *r)
{
	static const char *const pdf[] = { "pdf", NULL };
	struct vt_bytes ext = extension(r->file);
	bool xml = r->format != VT_REPORT_CMS && r->format != VT_REPORT_PDF;

	if (r->format == VT_REPORT_PDF && is_among(ext, pdf))
		return false;
	return is_among(ext, others) || (!xml && is_among(ext, of_xml));
}

const char *
vt_verify_not_held(void)
{
	return vt_tr("not signed: the file that it was held against");
}

int
vt_verify_disguise(struct vt_source *src, struct vt_report *r,
    struct vt_error *err)
{
	struct vt_bytes head;
	bool other;
	int rc;

	if (r->verdict != VT_REPORT_VALID)
		return VT_OK;
	other = is_named_otherwise(r);
	if (!other && r->format != VT_REPORT_CMS &&
	    r->format != VT_REPORT_PDF) {
		rc = vt_source_view(src, 0, HEAD_MAX, &head, err);
		if (rc != VT_OK)
			return rc;
		other = vt_bytes_find(head, 0, "%PDF-") != SIZE_MAX;
	}
	if (!other)
		return VT_OK;
	return vt_report_conclude(r, VT_REPORT_UNDETERMINED, "malformed",
	    vt_tr("it is opened as another kind of file than what was signed, "
		  "and may then show something else"),
	    err);
}
