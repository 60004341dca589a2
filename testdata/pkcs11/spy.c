/*
 * spy.c - a PKCS#11 module for the tests: another one, with its calls counted
 *
 *	VANTHU_SPY_MODULE	the module that does the work
 *	VANTHU_SPY_LOG		a line is appended for each call looked at
 *	VANTHU_SPY_DO		what is otherwise than in that module, with
 *				blanks between:
 *
 * "last", "locked", "low" (the PIN's flags), "each" (CKA_ALWAYS_AUTHENTICATE),
 * "nopss", "gone=N" (from the N-th signature on the token is not there), "liar"
 * (signatures are of something else), "long", "empty" (of no length that one
 * has), "stuck" (a signature never comes), "many" (more objects are found than
 * there is room for), "huge" (attributes say that they are), "crash", "exit",
 * "hang", "babble" (on being started), "noslots" (no reader is there).
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST mine;
static unsigned signatures;
static int waits; /* a signature that has begun, for its own login */

static const char *
told(const char *word)
{
	const char *what = getenv("VANTHU_SPY_DO");

	return what != NULL ? strstr(what, word) : NULL;
}

static void
note(const char *what, CK_RV rv)
{
	const char *log = getenv("VANTHU_SPY_LOG");
	char line[64];
	int fd, n;

	if (log == NULL ||
	    (fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) <
		0)
		return;
	n = snprintf(line, sizeof(line), "%s %lx\n", what, rv);
	if (write(fd, line, (size_t)n) != n)
		abort();
	close(fd);
}

static CK_RV
spy_initialize(void *args)
{
	if (told("crash"))
		(void)raise(SIGSEGV);
	if (told("exit"))
		_exit(0);
	if (told("babble")) {
		puts("I am a module that talks");
		fputs("and complains\n", stderr);
	}
	while (told("hang"))
		pause();
	return real->C_Initialize(args);
}

static CK_RV
spy_slots(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count)
{
	if (!told("noslots"))
		return real->C_GetSlotList(present, slots, count);
	*count = 0;
	return CKR_OK;
}

static CK_RV
spy_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin,
    CK_ULONG len)
{
	CK_RV rv = CKR_OK;

	if (user != CKU_CONTEXT_SPECIFIC) {
		rv = real->C_Login(session, user, pin, len);
		note("login", rv);
		return rv;
	}
	/* SoftHSM has no such keys: the PIN itself is looked at. */
	if (!waits)
		rv = CKR_OPERATION_NOT_INITIALIZED;
	else if (len != 4 || memcmp(pin, "1234", 4) != 0)
		rv = CKR_PIN_INCORRECT;
	waits = rv != CKR_OK;
	note("relogin", rv);
	return rv;
}

static CK_RV
spy_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV rv = real->C_GetTokenInfo(slot, info);

	if (rv == CKR_OK && told("low"))
		info->flags |= CKF_USER_PIN_COUNT_LOW;
	if (rv == CKR_OK && told("last"))
		info->flags |= CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY;
	if (rv == CKR_OK && told("locked"))
		info->flags |= CKF_USER_PIN_LOCKED;
	return rv;
}

static CK_RV
spy_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type,
    CK_MECHANISM_INFO *info)
{
	if (type == CKM_RSA_PKCS_PSS && told("nopss"))
		return CKR_MECHANISM_INVALID;
	return real->C_GetMechanismInfo(slot, type, info);
}

static CK_RV
spy_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE *attrs, CK_ULONG n)
{
	CK_RV rv = real->C_GetAttributeValue(session, object, attrs, n);

	if (n == 1 && attrs[0].type == CKA_ALWAYS_AUTHENTICATE &&
	    attrs[0].pValue != NULL && told("each")) {
		*(CK_BBOOL *)attrs[0].pValue = CK_TRUE;
		attrs[0].ulValueLen = sizeof(CK_BBOOL);
		rv = CKR_OK;
	}
	if (n == 1 && told("huge"))
		attrs[0].ulValueLen = attrs[0].pValue == NULL
					  ? attrs[0].ulValueLen
					  : (CK_ULONG)-1 / 2;
	return rv;
}

static CK_RV
spy_sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *m, CK_OBJECT_HANDLE key)
{
	const char *gone = told("gone=");

	if (gone != NULL && signatures >= (unsigned)strtoul(gone + 5, NULL, 10))
		return CKR_DEVICE_REMOVED;
	waits = told("each") != NULL;
	return real->C_SignInit(session, m, key);
}

static CK_RV
spy_sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG len,
    unsigned char *sig, CK_ULONG *sig_len)
{
	CK_RV rv;

	if (waits)
		return CKR_USER_NOT_LOGGED_IN;
	if (told("liar"))
		data[len - 1] ^= 1;
	if (told("stuck"))
		note("stuck", CKR_OK);
	while (told("stuck"))
		pause();
	rv = real->C_Sign(session, data, len, sig, sig_len);
	if (told("long"))
		*sig_len = (CK_ULONG)-1 / 2;
	if (told("empty"))
		*sig_len = 0;
	signatures++;
	note("sign", rv);
	return rv;
}

static CK_RV
spy_find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *out, CK_ULONG max,
    CK_ULONG *ret_n)
{
	CK_RV rv = real->C_FindObjects(session, out, max, ret_n);

	if (told("many"))
		*ret_n = max + 1000000;
	return rv;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **ret);

__attribute__((visibility("default"))) CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **ret)
{
	const char *path = getenv("VANTHU_SPY_MODULE");
	union {
		void *object;
		CK_C_GetFunctionList fn;
	} u;
	void *dl = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

	u.object = dl != NULL ? dlsym(dl, "C_GetFunctionList") : NULL;
	if (u.fn == NULL || u.fn(&real) != CKR_OK)
		return CKR_GENERAL_ERROR;
	mine = *real;
	mine.C_Initialize = spy_initialize;
	mine.C_GetSlotList = spy_slots;
	mine.C_Login = spy_login;
	mine.C_GetTokenInfo = spy_token_info;
	mine.C_GetMechanismInfo = spy_mechanism_info;
	mine.C_GetAttributeValue = spy_attribute;
	mine.C_SignInit = spy_sign_init;
	mine.C_Sign = spy_sign;
	mine.C_FindObjects = spy_find_objects;
	*ret = &mine;
	return CKR_OK;
}
