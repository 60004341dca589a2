/* key_p11_look.c - what a module shows without a PIN, as bytes */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key_p11_int.h"
#include "vanthu/error.h"
#include "vanthu/text.h"

/*
 * Between two processes of the same program: these, one after the other.  Only
 * numbers and bytes, of which any value can be read.
 */
#define MAGIC 0x76743131u /* "vt11" */

struct wire_module {
	uint32_t magic, nslots;
	char manufacturer[33], description[33], version[16];
};

enum {
	HAS_TOKEN = 1,
	INITIALIZED = 2,
	LOGIN = 4,
	OWN_PAD = 8,
	RSA = 16,
	PSS = 32,
	ECDSA = 64
};

struct wire_slot {
	uint64_t id;
	uint32_t flags, pin, ncerts;
	char description[65], manufacturer[33];
	char label[33], maker[33], model[17], serial[17];
};

struct wire_cert {
	uint32_t id_len, der_len, has_key;
	unsigned char id[VT_KEY_ID_MAX];
	char label[VT_KEY_LABEL_MAX + 1];
};

/* --- writing, in the process that holds the module --- */

static int
put(struct vt_buf *out, const void *data, size_t len, struct vt_error *err)
{
	if (vt_buf_put(out, data, len) == VT_OK)
		return VT_OK;
	return vt_error_set(err, VT_ELIMIT, NULL,
	    "the module shows more than we look at");
}

/* A public or a private key of the same id. */
static bool
has_key(const struct p11_module *m, CK_SESSION_HANDLE session,
    const struct wire_cert *c)
{
	static const CK_OBJECT_CLASS kinds[] = { CKO_PUBLIC_KEY,
		CKO_PRIVATE_KEY };
	CK_OBJECT_CLASS class;
	CK_OBJECT_HANDLE one;
	CK_ULONG n = 0;
	size_t i;

	for (i = 0; i < 2 && c->id_len > 0; i++) {
		unsigned char id[VT_KEY_ID_MAX];
		CK_ATTRIBUTE templ[] = {
			{ CKA_CLASS, &class, sizeof(class) },
			{ CKA_ID, id, c->id_len },
		};

		class = kinds[i];
		memcpy(id, c->id, sizeof(id));
		if (vt_key_p11_find(m, session, templ, 2, &one, 1, &n) ==
			CKR_OK &&
		    n > 0)
			return true;
	}
	return false;
}

static int
put_cert(const struct p11_module *m, CK_SESSION_HANDLE session,
    CK_OBJECT_HANDLE object, struct vt_buf *out, uint32_t *n,
    struct vt_error *err)
{
	struct wire_cert c = { 0 };
	struct vt_buf small, der;
	int rc = VT_OK;

	vt_buf_init(&small, VT_KEY_LABEL_MAX);
	vt_buf_init(&der, VT_CERT_MAX);
	if (!vt_key_p11_get(m, session, object, CKA_VALUE, &der))
		goto out;
	if (vt_key_p11_get(m, session, object, CKA_LABEL, &small))
		vt_key_p11_text(small.data, small.len, c.label);
	if (vt_key_p11_get(m, session, object, CKA_ID, &small) &&
	    small.len <= sizeof(c.id)) {
		memcpy(c.id, small.data, small.len);
		c.id_len = (uint32_t)small.len;
	}
	c.has_key = has_key(m, session, &c);
	c.der_len = (uint32_t)der.len;
	if ((rc = put(out, &c, sizeof(c), err)) == VT_OK &&
	    (rc = put(out, der.data, der.len, err)) == VT_OK)
		(*n)++;
out:
	vt_buf_release(&small);
	vt_buf_release(&der);
	return rc;
}

static int
put_certs(const struct p11_module *m, CK_SLOT_ID slot, struct vt_buf *out,
    uint32_t *n, struct vt_error *err)
{
	CK_OBJECT_HANDLE found[VT_KEY_CERTS_MAX];
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_ATTRIBUTE templ[] = {
		{ CKA_CLASS, &class, sizeof(class) },
		{ CKA_CERTIFICATE_TYPE, &type, sizeof(type) },
	};
	CK_SESSION_HANDLE session;
	CK_ULONG nfound = 0, i;
	int rc = VT_OK;

	if (m->f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL,
		&session) != CKR_OK)
		return VT_OK;
	if (vt_key_p11_find(m, session, templ, 2, found, VT_KEY_CERTS_MAX,
		&nfound) == CKR_OK)
		for (i = 0; i < nfound && rc == VT_OK; i++)
			rc = put_cert(m, session, found[i], out, n, err);
	(void)m->f->C_CloseSession(session);
	return rc;
}

static void
look_token(const struct p11_module *m, CK_SLOT_ID id, struct wire_slot *s)
{
	CK_TOKEN_INFO info = { 0 };

	if (m->f->C_GetTokenInfo(id, &info) != CKR_OK)
		return;
	s->flags |= HAS_TOKEN;
	vt_key_p11_text(info.label, sizeof(info.label), s->label);
	vt_key_p11_text(info.manufacturerID, sizeof(info.manufacturerID),
	    s->maker);
	vt_key_p11_text(info.model, sizeof(info.model), s->model);
	vt_key_p11_text(info.serialNumber, sizeof(info.serialNumber),
	    s->serial);
	if ((info.flags & CKF_TOKEN_INITIALIZED) != 0)
		s->flags |= INITIALIZED;
	if ((info.flags & CKF_LOGIN_REQUIRED) != 0)
		s->flags |= LOGIN;
	if ((info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
		s->flags |= OWN_PAD;
	s->pin = vt_key_p11_pin(info.flags);
	if (vt_key_p11_signs(m, id, CKM_RSA_PKCS))
		s->flags |= RSA;
	if (vt_key_p11_signs(m, id, CKM_RSA_PKCS_PSS))
		s->flags |= PSS;
	if (vt_key_p11_signs(m, id, CKM_ECDSA))
		s->flags |= ECDSA;
}

static int
put_slot(const struct p11_module *m, CK_SLOT_ID id, struct vt_buf *out,
    struct vt_error *err)
{
	struct wire_slot s = { .id = id };
	CK_SLOT_INFO info = { 0 };
	size_t at = out->len;
	int rc;

	if (m->f->C_GetSlotInfo(id, &info) == CKR_OK) {
		vt_key_p11_text(info.slotDescription,
		    sizeof(info.slotDescription), s.description);
		vt_key_p11_text(info.manufacturerID,
		    sizeof(info.manufacturerID), s.manufacturer);
		if ((info.flags & CKF_TOKEN_PRESENT) != 0)
			look_token(m, id, &s);
	}
	if ((rc = put(out, &s, sizeof(s), err)) != VT_OK ||
	    (s.flags & INITIALIZED) == 0)
		return rc;
	rc = put_certs(m, id, out, &s.ncerts, err);
	memcpy(out->data + at, &s, sizeof(s)); /* now with their number */
	return rc;
}

int
vt_key_p11_look(const struct p11_module *m, struct vt_buf *out,
    struct vt_error *err)
{
	struct wire_module w = { .magic = MAGIC };
	CK_SLOT_ID ids[VT_KEY_SLOTS_MAX];
	CK_ULONG n = 0, i;
	CK_INFO info = { 0 };
	CK_RV rv;
	int rc;

	if (m->f->C_GetInfo(&info) == CKR_OK) {
		vt_key_p11_text(info.manufacturerID,
		    sizeof(info.manufacturerID), w.manufacturer);
		vt_key_p11_text(info.libraryDescription,
		    sizeof(info.libraryDescription), w.description);
		snprintf(w.version, sizeof(w.version), "%u.%u",
		    info.libraryVersion.major, info.libraryVersion.minor);
	}
	if ((rv = m->f->C_GetSlotList(CK_FALSE, NULL, &n)) != CKR_OK)
		return vt_key_p11_error(rv, err);
	if (n > VT_KEY_SLOTS_MAX)
		return vt_error_set(err, VT_ELIMIT, NULL,
		    "the module has more than %d slots", VT_KEY_SLOTS_MAX);
	n = VT_KEY_SLOTS_MAX;
	if ((rv = m->f->C_GetSlotList(CK_FALSE, ids, &n)) != CKR_OK)
		return vt_key_p11_error(rv, err);
	w.nslots = (uint32_t)(n < VT_KEY_SLOTS_MAX ? n : VT_KEY_SLOTS_MAX);
	rc = put(out, &w, sizeof(w), err);
	for (i = 0; i < w.nslots && rc == VT_OK; i++)
		rc = put_slot(m, ids[i], out, err);
	return rc;
}

/* --- reading, in the process that asked --- */

/* The next LEN bytes of *TEXT into RET. */
static int
take(struct vt_bytes *text, void *ret, size_t len, struct vt_error *err)
{
	if (text->len < len)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the module's answer ends too early");
	memcpy(ret, text->data, len);
	*text = vt_bytes_slice(*text, len, text->len);
	return VT_OK;
}

/* SIZE bytes that hold text: ended, and UTF-8. */
static void
copy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size - 1);

	if (!vt_utf8_valid(VT_BYTES(from, len)))
		len = 0;
	memcpy(to, from, len);
	to[len] = '\0';
}

/* What is no certificate is left out: other software may keep it there. */
static int
take_cert(struct vt_bytes *text, struct vt_key_slot *slot, struct vt_error *err)
{
	struct vt_key_cert *c = &slot->certs[slot->ncerts];
	struct wire_cert w;
	struct vt_bytes der;
	int rc;

	if ((rc = take(text, &w, sizeof(w), err)) != VT_OK)
		return rc;
	if (w.der_len > text->len || w.id_len > sizeof(w.id))
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the module's answer is damaged");
	der = vt_bytes_slice(*text, 0, w.der_len);
	*text = vt_bytes_slice(*text, w.der_len, text->len);
	rc = vt_cert_parse(der, &c->cert, NULL);
	if (rc == VT_ENOMEM)
		return vt_error_nomem(err);
	if (rc != VT_OK)
		return VT_OK;
	memcpy(c->id, w.id, w.id_len);
	c->id_len = w.id_len;
	c->has_key = w.has_key != 0;
	copy(c->label, w.label, sizeof(c->label));
	slot->ncerts++;
	return VT_OK;
}

static int
take_slot(struct vt_bytes *text, struct vt_key_slot *slot, struct vt_error *err)
{
	struct wire_slot w;
	uint32_t i;
	int rc;

	if ((rc = take(text, &w, sizeof(w), err)) != VT_OK)
		return rc;
	if (w.ncerts > VT_KEY_CERTS_MAX)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the module's answer is damaged");
	slot->id = w.id;
	copy(slot->description, w.description, sizeof(w.description));
	copy(slot->manufacturer, w.manufacturer, sizeof(w.manufacturer));
	copy(slot->label, w.label, sizeof(w.label));
	copy(slot->maker, w.maker, sizeof(w.maker));
	copy(slot->model, w.model, sizeof(w.model));
	copy(slot->serial, w.serial, sizeof(w.serial));
	slot->has_token = (w.flags & HAS_TOKEN) != 0;
	slot->initialized = (w.flags & INITIALIZED) != 0;
	slot->login_required = (w.flags & LOGIN) != 0;
	slot->own_pad = (w.flags & OWN_PAD) != 0;
	slot->rsa = (w.flags & RSA) != 0;
	slot->pss = (w.flags & PSS) != 0;
	slot->ecdsa = (w.flags & ECDSA) != 0;
	slot->pin = w.pin <= VT_KEY_PIN_CHANGE ? (enum vt_key_pin)w.pin
					       : VT_KEY_PIN_UNSET;
	slot->certs = calloc((size_t)w.ncerts + 1, sizeof(*slot->certs));
	if (slot->certs == NULL)
		return vt_error_nomem(err);
	for (i = 0; i < w.ncerts; i++)
		if ((rc = take_cert(text, slot, err)) != VT_OK)
			return rc;
	return VT_OK;
}

int
vt_key_p11_parse(struct vt_bytes text, struct vt_key_module *ret,
    struct vt_error *err)
{
	struct wire_module w;
	int rc;

	if ((rc = take(&text, &w, sizeof(w), err)) != VT_OK)
		return rc;
	if (w.magic != MAGIC || w.nslots > VT_KEY_SLOTS_MAX)
		return vt_error_set(err, VT_EFORMAT, NULL,
		    "the module's answer is damaged");
	copy(ret->manufacturer, w.manufacturer, sizeof(w.manufacturer));
	copy(ret->description, w.description, sizeof(w.description));
	copy(ret->version, w.version, sizeof(w.version));
	ret->slots = calloc((size_t)w.nslots + 1, sizeof(*ret->slots));
	if (ret->slots == NULL)
		return vt_error_nomem(err);
	for (ret->nslots = 0; ret->nslots < w.nslots && rc == VT_OK;
	     ret->nslots++)
		rc = take_slot(&text, &ret->slots[ret->nslots], err);
	if (rc == VT_OK && text.len > 0)
		rc = vt_error_set(err, VT_EFORMAT, NULL,
		    "the module's answer is damaged");
	return rc;
}

void
vt_key_p11_slot_release(struct vt_key_slot *slot)
{
	size_t i;

	for (i = 0; i < slot->ncerts; i++)
		vt_cert_free(slot->certs[i].cert);
	free(slot->certs);
	memset(slot, 0, sizeof(*slot));
}

void
vt_key_module_release(struct vt_key_module *module)
{
	size_t i;

	for (i = 0; i < module->nslots; i++)
		vt_key_p11_slot_release(&module->slots[i]);
	free(module->slots);
	memset(module, 0, sizeof(*module));
}
