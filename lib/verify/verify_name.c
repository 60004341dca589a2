/* verify_name.c - a file that is opened as something else than was judged
 *
 * Comments of XML are not signed, and neither are unsigned attributes of CMS,
 * nor objects of a PDF that nothing refers to: each may hold a whole document
 * of another kind.  Who is told that "letter.docx" is valid opens it with a
 * reader of such, which shows that one; a spreadsheet or an editor shows what
 * lines it finds.
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
	"wsf", "jse", "vbe", "chm", "ps", "eps", "djvu", "webp", "heic", "txt",
	"text", "log", "md", "csv", "tsv", "tab", "json", "yaml", "yml", "ini",
	"ics", "vcf", "slk", "dif", "wps", "et", "dps", "ott", "pages",
	"numbers", "key", "oxps", "jfif", "mp3", "mp4", "avi", "mov", "wav",
	"dwg", "dxf", "vsd", "vsdx", "mdb", "accdb", "py", "sh", "reg", NULL };
/* Of these some are XML, and shown as what it is. */
static const char *const of_xml[] = { "svg", "xht", "xhtml", "fodt", "fods",
	"fodp", NULL };

/* CMS has no reader but those that open signatures, by these names. */
static const char *const of_cms[] = { "p7s", "p7m", "p7c", "p7b", "p7", "pk7",
	"pkcs7", "cms", "der", "ber", "pem", "sig", "csig", "sgn", "sign",
	"signature", "cades", NULL };

/*
 * The last part behind a dot.  Dots and spaces at the end are dropped by some;
 * with an attachment's name so are line ends, and the '>' that the SDK's own
 * reader forgives, when it becomes a file's.
 */
static struct vt_bytes
extension(const char *name)
{
	size_t end = strlen(name), at;

	while (end > 0 && strchr(". >\t\r\n", name[end - 1]) != NULL)
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

/* A number, as of a copy or in a reference ("12.2026"), opens nothing. */
static bool
is_number(struct vt_bytes ext)
{
	size_t i;

	for (i = 0; i < ext.len; i++)
		if (ext.data[i] < '0' || ext.data[i] > '9')
			return false;
	return true;
}

static bool
is_named_otherwise(const struct vt_report *r)
{
	static const char *const pdf[] = { "pdf", NULL };
	struct vt_bytes ext = extension(r->file);

	if (r->format == VT_REPORT_CMS)
		return !is_number(ext) && !is_among(ext, of_cms);
	if (r->format == VT_REPORT_PDF)
		return !is_among(ext, pdf) &&
		       (is_among(ext, others) || is_among(ext, of_xml));
	return is_among(ext, others);
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
