/* key_p11_module.c - a PKCS#11 module in this process, and what it says */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/text.h"

static const struct {
	CK_RV rv;
	const char *word;
} words[] = {
#define WORD(name)                                                             \
	{                                                                      \
		name, #name                                                    \
	}
	WORD(CKR_CANCEL),
	WORD(CKR_HOST_MEMORY),
	WORD(CKR_SLOT_ID_INVALID),
	WORD(CKR_GENERAL_ERROR),
	WORD(CKR_FUNCTION_FAILED),
	WORD(CKR_ARGUMENTS_BAD),
	WORD(CKR_NEED_TO_CREATE_THREADS),
	WORD(CKR_CANT_LOCK),
	WORD(CKR_ATTRIBUTE_TYPE_INVALID),
	WORD(CKR_ATTRIBUTE_VALUE_INVALID),
	WORD(CKR_DATA_INVALID),
	WORD(CKR_DATA_LEN_RANGE),
	WORD(CKR_DEVICE_ERROR),
	WORD(CKR_DEVICE_MEMORY),
	WORD(CKR_DEVICE_REMOVED),
	WORD(CKR_FUNCTION_CANCELED),
	WORD(CKR_FUNCTION_NOT_SUPPORTED),
	WORD(CKR_KEY_HANDLE_INVALID),
	WORD(CKR_KEY_SIZE_RANGE),
	WORD(CKR_KEY_TYPE_INCONSISTENT),
	WORD(CKR_KEY_FUNCTION_NOT_PERMITTED),
	WORD(CKR_MECHANISM_INVALID),
	WORD(CKR_MECHANISM_PARAM_INVALID),
	WORD(CKR_OBJECT_HANDLE_INVALID),
	WORD(CKR_OPERATION_ACTIVE),
	WORD(CKR_OPERATION_NOT_INITIALIZED),
	WORD(CKR_PIN_INCORRECT),
	WORD(CKR_PIN_INVALID),
	WORD(CKR_PIN_LEN_RANGE),
	WORD(CKR_PIN_EXPIRED),
	WORD(CKR_PIN_LOCKED),
	WORD(CKR_SESSION_CLOSED),
	WORD(CKR_SESSION_COUNT),
	WORD(CKR_SESSION_HANDLE_INVALID),
	WORD(CKR_SESSION_EXISTS),
	WORD(CKR_TOKEN_NOT_PRESENT),
	WORD(CKR_TOKEN_NOT_RECOGNIZED),
	WORD(CKR_TOKEN_WRITE_PROTECTED),
	WORD(CKR_USER_ALREADY_LOGGED_IN),
	WORD(CKR_USER_NOT_LOGGED_IN),
	WORD(CKR_USER_PIN_NOT_INITIALIZED),
	WORD(CKR_USER_TYPE_INVALID),
	WORD(CKR_USER_ANOTHER_ALREADY_LOGGED_IN),
	WORD(CKR_USER_TOO_MANY_TYPES),
	WORD(CKR_BUFFER_TOO_SMALL),
	WORD(CKR_CRYPTOKI_NOT_INITIALIZED),
	WORD(CKR_FUNCTION_REJECTED),
#undef WORD
};

const char *
vt_key_p11_word(CK_RV rv, char out[P11_WORD])
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].rv == rv)
			return words[i].word;
	snprintf(out, P11_WORD, "CKR_0x%lX", rv);
	return out;
}

int
vt_key_p11_error(CK_RV rv, struct vt_error *err)
{
	char word[P11_WORD];

	if (rv == CKR_HOST_MEMORY)
		return vt_error_nomem(err);
	return vt_error_set(err, VT_EKEY, NULL, "the token answers %s",
	    vt_key_p11_word(rv, word));
}

bool
vt_key_p11_is_gone(CK_RV rv)
{
	switch (rv) {
	case CKR_DEVICE_ERROR:
	case CKR_DEVICE_REMOVED:
	case CKR_TOKEN_NOT_PRESENT:
	case CKR_TOKEN_NOT_RECOGNIZED:
	case CKR_SESSION_CLOSED:
	case CKR_SESSION_HANDLE_INVALID:
	case CKR_KEY_HANDLE_INVALID:
	case CKR_OBJECT_HANDLE_INVALID:
	case CKR_USER_NOT_LOGGED_IN:
	case CKR_CRYPTOKI_NOT_INITIALIZED:
	case CKR_SLOT_ID_INVALID:
		return true;
	default:
		return false;
	}
}

void
vt_key_p11_text(const CK_UTF8CHAR *text, size_t n, char *out)
{
	size_t len = n;

	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\0'))
		len--;
	if (memchr(text, '\0', len) != NULL)
		len = strnlen((const char *)text, len);
	if (!vt_utf8_valid(VT_BYTES(text, len)))
		len = 0; /* PKCS#11 wants UTF-8; what is none has no name */
	memcpy(out, text, len);
	out[len] = '\0';
}

enum vt_key_pin
vt_key_p11_pin(CK_FLAGS flags)
{
	if ((flags & CKF_USER_PIN_LOCKED) != 0)
		return VT_KEY_PIN_LOCKED;
	if ((flags & CKF_USER_PIN_INITIALIZED) == 0)
		return VT_KEY_PIN_UNSET;
	if ((flags & CKF_USER_PIN_TO_BE_CHANGED) != 0)
		return VT_KEY_PIN_CHANGE;
	if ((flags & CKF_USER_PIN_FINAL_TRY) != 0)
		return VT_KEY_PIN_LAST;
	if ((flags & CKF_USER_PIN_COUNT_LOW) != 0)
		return VT_KEY_PIN_LOW;
	return VT_KEY_PIN_GOOD;
}

CK_RV
vt_key_p11_find(const struct p11_module *m, CK_SESSION_HANDLE session,
    CK_ATTRIBUTE *templ, CK_ULONG n, CK_OBJECT_HANDLE *out, CK_ULONG max,
    CK_ULONG *ret_n)
{
	CK_ULONG got = 0, total = 0;
	CK_RV rv;

	if ((rv = m->f->C_FindObjectsInit(session, templ, n)) != CKR_OK)
		return rv;
	while (total < max) {
		got = 0;
		rv = m->f->C_FindObjects(session, out + total, max - total,
		    &got);
		if (rv != CKR_OK || got == 0 || got > max - total)
			break;
		total += got;
	}
	(void)m->f->C_FindObjectsFinal(session);
	if (rv == CKR_OK)
		*ret_n = total;
	return rv;
}

bool
vt_key_p11_get(const struct p11_module *m, CK_SESSION_HANDLE session,
    CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct vt_buf *ret)
{
	CK_ATTRIBUTE a = { type, NULL, 0 };

	vt_buf_reset(ret);
	if (m->f->C_GetAttributeValue(session, object, &a, 1) != CKR_OK ||
	    a.ulValueLen == CK_UNAVAILABLE_INFORMATION || a.ulValueLen == 0 ||
	    a.ulValueLen > ret->max ||
	    vt_buf_reserve(ret, a.ulValueLen) != VT_OK)
		return false;
	a.pValue = ret->data;
	if (m->f->C_GetAttributeValue(session, object, &a, 1) != CKR_OK ||
	    a.ulValueLen > ret->cap || a.ulValueLen > ret->max)
		return false;
	ret->len = a.ulValueLen;
	return true;
}

bool
vt_key_p11_signs(const struct p11_module *m, CK_SLOT_ID slot,
    CK_MECHANISM_TYPE type)
{
	CK_MECHANISM_INFO info = { 0 };

	return m->f->C_GetMechanismInfo(slot, type, &info) == CKR_OK &&
	       (info.flags & CKF_SIGN) != 0;
}

/* Code that anybody may have put there is not run. */
static int
check_file(const char *path, struct vt_error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PKCS#11 module is not there; install the token's "
		    "software, or name another module");
	if (!S_ISREG(st.st_mode))
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PKCS#11 module is not a file");
	if ((st.st_mode & S_IWOTH) != 0)
		return vt_error_set(err, VT_EKEY, NULL,
		    "anybody may write to the PKCS#11 module: it is not run; "
		    "take that right away");
	return VT_OK;
}

/* POSIX lets dlsym() give functions; C gives them through a union only. */
static CK_C_GetFunctionList
get_list(void *dl)
{
	union {
		void *object;
		CK_C_GetFunctionList fn;
	} u = { dlsym(dl, "C_GetFunctionList") };

	return u.fn;
}

static int
start(struct p11_module *m, struct vt_error *err)
{
	CK_C_INITIALIZE_ARGS args = { .flags = CKF_OS_LOCKING_OK };
	char word[P11_WORD];
	CK_RV rv = m->f->C_Initialize(&args);

	if (rv == CKR_CANT_LOCK || rv == CKR_ARGUMENTS_BAD)
		rv = m->f->C_Initialize(NULL);
	if (rv == CKR_CRYPTOKI_ALREADY_INITIALIZED)
		return VT_OK;
	if (rv != CKR_OK)
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PKCS#11 module does not start (%s); is its service "
		    "running?",
		    vt_key_p11_word(rv, word));
	m->started = true;
	return VT_OK;
}

int
vt_key_p11_load(const char *path, struct p11_module *ret, struct vt_error *err)
{
	struct p11_module m = { .owner = getpid() };
	CK_C_GetFunctionList list;
	const char *why;
	int rc;

	if ((rc = check_file(path, err)) != VT_OK)
		return rc;
	if ((m.dl = dlopen(path, RTLD_NOW | RTLD_LOCAL)) == NULL) {
		why = dlerror();
		return vt_error_set(err, VT_EKEY, NULL,
		    "the PKCS#11 module cannot be loaded: %s",
		    why != NULL ? why : path);
	}
	list = get_list(m.dl);
	if (list == NULL || list(&m.f) != CKR_OK || m.f == NULL ||
	    m.f->version.major != 2 || m.f->C_Initialize == NULL) {
		m.f = NULL;
		rc = vt_error_set(err, VT_EKEY, NULL,
		    "the file is not a PKCS#11 module of version 2");
	} else {
		rc = start(&m, err);
	}
	if (rc == VT_OK)
		*ret = m;
	else
		vt_key_p11_unload(&m);
	return rc;
}

void
vt_key_p11_unload(struct p11_module *m)
{
	if (m->dl != NULL && m->owner == getpid()) {
		if (m->started)
			(void)m->f->C_Finalize(NULL);
		dlclose(m->dl);
	}
	memset(m, 0, sizeof(*m));
}
