/* record_state.c - states of a record, statuses on the wire, what follows */
#include <stddef.h>
#include <string.h>

#include "vanthu/record.h"

#define BIT(x) (1u << (x))
/* What its sender may make of an incoming record at any time. */
#define UNDONE (BIT(VT_STATE_RECALLED) | BIT(VT_STATE_REPLACED))

/* One state: where it may go, in an outgoing and in an incoming record. */
static const struct {
	const char *name;
	bool out, in;
	unsigned out_next, in_next;
} states[] = {
	[VT_STATE_NONE] = { "", false, false, 0, 0 },
	[VT_STATE_REGISTERED] = { "registered", true, true,
	    /* what was never sent is recalled here alone */
	    BIT(VT_STATE_SIGNED) | BIT(VT_STATE_ISSUED) |
		BIT(VT_STATE_RECALLED),
	    /* 03 goes on to 04, 05, 06 and 02 */
	    BIT(VT_STATE_ASSIGNED) | BIT(VT_STATE_PROCESSING) |
		BIT(VT_STATE_DONE) | BIT(VT_STATE_RETURNED) | UNDONE },
	[VT_STATE_SIGNED] = { "signed", true, false,
	    BIT(VT_STATE_ISSUED) | BIT(VT_STATE_RECALLED), 0 },
	[VT_STATE_ISSUED] = { "issued", true, false,
	    BIT(VT_STATE_RECALLED) | BIT(VT_STATE_REPLACED), 0 },
	[VT_STATE_REPLACED] = { "replaced", true, true, 0, 0 },
	/* after an agreed recall it may be sent again, or replaced */
	[VT_STATE_RECALLED] = { "recalled", true, true,
	    BIT(VT_STATE_ISSUED) | BIT(VT_STATE_REPLACED), 0 },
	[VT_STATE_ASSIGNED] = { "assigned", false, true, 0,
	    BIT(VT_STATE_PROCESSING) | BIT(VT_STATE_DONE) | UNDONE },
	[VT_STATE_PROCESSING] = { "processing", false, true, 0,
	    BIT(VT_STATE_DONE) | UNDONE },
	[VT_STATE_DONE] = { "done", false, true, 0, UNDONE },
	[VT_STATE_RETURNED] = { "returned", false, true, 0, 0 },
};

#define NSTATES (sizeof(states) / sizeof(states[0]))

const char *
vt_state_name(enum vt_state s)
{
	return (size_t)s < NSTATES ? states[s].name : "";
}

bool
vt_state_parse(const char *text, enum vt_state *ret)
{
	size_t i;

	for (i = VT_STATE_REGISTERED; i < NSTATES; i++)
		if (strcmp(states[i].name, text) == 0) {
			*ret = (enum vt_state)i;
			return true;
		}
	return false;
}

bool
vt_state_fits(bool incoming, enum vt_state s)
{
	return (size_t)s < NSTATES && (incoming ? states[s].in : states[s].out);
}

bool
vt_state_follows(bool incoming, enum vt_state a, enum vt_state b)
{
	return (size_t)a < NSTATES && (size_t)b < NSTATES &&
	       ((incoming ? states[a].in_next : states[a].out_next) & BIT(b)) !=
		   0;
}

bool
vt_state_locked(enum vt_state s)
{
	return s == VT_STATE_ISSUED || s == VT_STATE_REPLACED ||
	       s == VT_STATE_RECALLED;
}

/* Texts as the national axis's own samples have them. */
static const struct {
	enum vt_status status;
	const char *code, *text;
} statuses[] = {
	{ VT_STATUS_ARRIVED, "01", "Đã đến" },
	{ VT_STATUS_REFUSED, "02", "Từ chối tiếp nhận" },
	{ VT_STATUS_ACCEPTED, "03", "Đã tiếp nhận" },
	{ VT_STATUS_ASSIGNED, "04", "Phân công" },
	{ VT_STATUS_PROCESSING, "05", "Đang xử lý" },
	{ VT_STATUS_DONE, "06", "Hoàn thành" },
	{ VT_STATUS_TAKE_BACK, "13", "Lấy lại" },
	{ VT_STATUS_AGREED, "15", "Đồng ý cập nhật / lấy lại" },
	{ VT_STATUS_DECLINED, "16", "Từ chối cập nhật / lấy lại" },
};

#define NSTATUSES (sizeof(statuses) / sizeof(statuses[0]))

const char *
vt_status_code(enum vt_status s)
{
	size_t i;

	for (i = 0; i < NSTATUSES; i++)
		if (statuses[i].status == s)
			return statuses[i].code;
	return NULL;
}

const char *
vt_status_text(enum vt_status s)
{
	size_t i;

	for (i = 0; i < NSTATUSES; i++)
		if (statuses[i].status == s)
			return statuses[i].text;
	return NULL;
}

bool
vt_status_parse(const char *code, enum vt_status *ret)
{
	size_t i;

	/* some systems keep it as an integer and lose the zero */
	for (i = 0; i < NSTATUSES; i++)
		if (strcmp(statuses[i].code, code) == 0 ||
		    (statuses[i].code[0] == '0' &&
			strcmp(statuses[i].code + 1, code) == 0)) {
			*ret = statuses[i].status;
			return true;
		}
	return false;
}

bool
vt_status_is_answer(enum vt_status st)
{
	return st == VT_STATUS_AGREED || st == VT_STATUS_DECLINED;
}

bool
vt_status_follows(enum vt_status a, enum vt_status b)
{
	switch (b) {
	case VT_STATUS_ARRIVED:
		return a == VT_STATUS_NONE;
	case VT_STATUS_REFUSED:
		return a == VT_STATUS_ARRIVED || a == VT_STATUS_ACCEPTED;
	case VT_STATUS_ACCEPTED:
		return a == VT_STATUS_ARRIVED;
	case VT_STATUS_ASSIGNED:
		return a == VT_STATUS_ACCEPTED;
	case VT_STATUS_PROCESSING:
		return a == VT_STATUS_ACCEPTED || a == VT_STATUS_ASSIGNED;
	case VT_STATUS_DONE:
		return a == VT_STATUS_ACCEPTED || a == VT_STATUS_ASSIGNED ||
		       a == VT_STATUS_PROCESSING;
	case VT_STATUS_TAKE_BACK:
	case VT_STATUS_AGREED:
	case VT_STATUS_DECLINED:
		return a != VT_STATUS_NONE && a != VT_STATUS_REFUSED;
	case VT_STATUS_NONE:
		break;
	}
	return false;
}

enum vt_status
vt_status_of_state(enum vt_state s)
{
	switch (s) {
	case VT_STATE_REGISTERED:
		return VT_STATUS_ACCEPTED;
	case VT_STATE_ASSIGNED:
		return VT_STATUS_ASSIGNED;
	case VT_STATE_PROCESSING:
		return VT_STATUS_PROCESSING;
	case VT_STATE_DONE:
		return VT_STATUS_DONE;
	case VT_STATE_RETURNED:
		return VT_STATUS_REFUSED;
	default:
		return VT_STATUS_NONE;
	}
}
