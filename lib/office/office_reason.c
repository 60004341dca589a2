/* office_reason.c - why a message was held, refused or kept apart */
#include <string.h>

#include "office_mail_int.h"
#include "vanthu/error.h"

static const struct {
	const char *code, *text;
} reasons[] = {
	/* held */
	{ "ask", VT_N_("the office registers nothing by itself") },
	{ "attachment-invalid", VT_N_("an attachment's signature is invalid") },
	{ "no-file", VT_N_("the message brings no file") },
	{ "not-addressed", VT_N_("this office is not among its recipients") },
	{ "another-organisation",
	    VT_N_("the signature is not that of the sender's organisation") },
	{ "attachment-of-another",
	    VT_N_("an attachment is signed by another organisation") },
	{ "sender-unknown",
	    VT_N_("the sender is not in the directory of agencies, or not "
		  "valid") },
	{ "sent-by-another",
	    VT_N_("another agency sent it than the one that it names") },
	{ "incomplete", VT_N_("the book needs what the message lacks") },
	{ "id-of-another",
	    VT_N_("another sender's document is known under this id") },
	{ VT_OFFICE_SECRET,
	    VT_N_("a text of it is a degree of secrecy, but not in capitals: "
		  "what is a state secret is to be refused") },
	{ "recall", VT_N_("the sender recalls a document") },
	{ "update", VT_N_("the sender updates a document") },
	{ "replace", VT_N_("the sender replaces a document") },
	{ "take-back", VT_N_("the sender asks to take a document back") },
	{ "agreed", VT_N_("the recipient agrees to what was asked of it") },
	{ "declined", VT_N_("the recipient declines what was asked of it") },
	{ "awaits-document",
	    VT_N_(
		"its document is not in the book yet; it is done when it is") },
	{ "not-proven",
	    VT_N_("nothing proves that the document's sender says so") },
	/* done */
	{ "recalled", VT_N_("its sender recalled it") },
	{ "updated", VT_N_("its sender updated it") },
	{ "replaced", VT_N_("its sender replaced it") },
	/* refused */
	{ "secret",
	    VT_N_("state secrets are neither sent nor kept here; nothing of "
		  "the content was kept") },
	/* quarantined */
	{ "malformed", VT_N_("the message is no sound edXML") },
	{ "too-large", VT_N_("the message is larger than any is let in") },
	{ "id-in-use",
	    VT_N_("another document of the same sender is known under this "
		  "id") },
	{ "from-ourselves", VT_N_("the message says that we sent it") },
	{ "unknown-document",
	    VT_N_("a status of a document that was not sent to its sender") },
	{ "unknown-status", VT_N_("a status code that is not known") },
	/* of a delivery */
	{ "recalled-unsent", VT_N_("recalled before it was sent") },
	/* status */
	{ "unusual-order",
	    VT_N_("the status does not follow the one before; it was kept") },
};

#define NREASONS (sizeof(reasons) / sizeof(reasons[0]))

const char *
vt_received_reason_at(size_t i)
{
	return i < NREASONS ? reasons[i].code : NULL;
}

const char *
vt_received_reason_text(const char *reason)
{
	size_t i;

	for (i = 0; i < NREASONS; i++)
		if (strcmp(reasons[i].code, reason) == 0)
			return vt_tr(reasons[i].text);
	return vt_reason_text(reason);
}

const char *
vt_received_result_name(enum vt_received_result r)
{
	static const char *const names[] = {
		[VT_RECEIVED_REGISTERED] = "registered",
		[VT_RECEIVED_DUPLICATE] = "duplicate",
		[VT_RECEIVED_HELD] = "held",
		[VT_RECEIVED_REFUSED] = "refused",
		[VT_RECEIVED_STATUS] = "status",
		[VT_RECEIVED_DONE] = "done",
		[VT_RECEIVED_QUARANTINED] = "quarantined",
	};

	return names[r];
}
