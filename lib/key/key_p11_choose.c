/* key_p11_choose.c - which token of this machine a URI means */
#include <stdlib.h>
#include <string.h>

#include "key_p11_int.h"
#include "vanthu/error.h"

static bool
says(const char *wanted, const char *is)
{
	return wanted == NULL || strcmp(wanted, is) == 0;
}

/* "3" is 3.0. */
static bool
is_version(const char *wanted, const char *is)
{
	size_t len;

	if (wanted == NULL || strcmp(wanted, is) == 0)
		return true;
	len = strlen(wanted);
	return strchr(wanted, '.') == NULL && strncmp(is, wanted, len) == 0 &&
	       strcmp(is + len, ".0") == 0;
}

bool
vt_key_slot_fits(const struct vt_key_uri *uri,
    const struct vt_key_module *module, const struct vt_key_slot *slot)
{
	return slot->has_token && says(uri->token, slot->label) &&
	       says(uri->manufacturer, slot->maker) &&
	       says(uri->model, slot->model) &&
	       says(uri->serial, slot->serial) &&
	       (!uri->has_slot_id || uri->slot_id == slot->id) &&
	       says(uri->slot_description, slot->description) &&
	       says(uri->slot_manufacturer, slot->manufacturer) &&
	       says(uri->library_manufacturer, module->manufacturer) &&
	       says(uri->library_description, module->description) &&
	       is_version(uri->library_version, module->version);
}

/* A certificate without the PIN shows that the object is there. */
static bool
shows_object(const struct vt_key_uri *uri, const struct vt_key_slot *slot)
{
	const struct vt_key_cert *c;
	size_t i;

	for (i = 0; i < slot->ncerts; i++) {
		c = &slot->certs[i];
		if (uri->has_id ? c->id_len == uri->id_len &&
				      memcmp(c->id, uri->id, c->id_len) == 0
				: says(uri->object, c->label))
			return true;
	}
	return false;
}

/* What has been found so far, and what there was. */
struct choice {
	const struct vt_key_uri *uri;
	char *path;
	struct vt_key_slot slot;
	size_t nfits;   /* tokens that fit */
	bool by_object; /* they show the object, too */
	size_t ntokens, nmodules;
	struct vt_error reason; /* of a module that does not work */
};

/* One token seen through two modules is one. */
static bool
same_token(const struct vt_key_slot *a, const struct vt_key_slot *b)
{
	return a->serial[0] != '\0' && strcmp(a->serial, b->serial) == 0 &&
	       strcmp(a->label, b->label) == 0;
}

static int
consider(struct choice *c, const char *path, struct vt_key_slot *slot,
    struct vt_error *err)
{
	bool object = shows_object(c->uri, slot);

	/* One without a PIN, or not made ready, is named only by itself. */
	if (c->nfits > 0 && c->by_object && !object)
		return VT_OK;
	if (c->nfits > 0 && c->by_object == object) {
		if (!same_token(&c->slot, slot))
			c->nfits++;
		return VT_OK;
	}
	free(c->path);
	if ((c->path = strdup(path)) == NULL)
		return vt_error_nomem(err);
	vt_key_p11_slot_release(&c->slot);
	c->slot = *slot;
	memset(slot, 0, sizeof(*slot));
	c->nfits = 1;
	c->by_object = object;
	return VT_OK;
}

static int
ask_module(struct choice *c, const char *path, struct vt_error *err)
{
	struct vt_key_module m = { 0 };
	struct vt_key_slot *s;
	size_t i;
	int rc;

	if ((rc = vt_key_module_probe(path, &m, err)) != VT_OK)
		return rc;
	c->nmodules++;
	if (m.state != VT_KEY_MODULE_OK && c->reason.code == VT_OK) {
		(void)vt_error_set(&c->reason, VT_EKEY, NULL, "%s", m.reason);
		vt_error_prefix(&c->reason, path);
	}
	for (i = 0; i < m.nslots && rc == VT_OK; i++) {
		s = &m.slots[i];
		c->ntokens += s->has_token && s->initialized;
		if (s->initialized && vt_key_slot_fits(c->uri, &m, s))
			rc = consider(c, path, s, err);
	}
	vt_key_module_release(&m);
	return rc;
}

static int
ask_modules(const struct vt_key_token *how, struct choice *c,
    struct vt_error *err)
{
	const char *only = c->uri->module_path;
	struct vt_key_module_paths all = { 0 };
	size_t i;
	int rc;

	if (only == NULL && c->uri->module_name == NULL)
		only = how->conf_module;
	if ((rc = vt_key_modules(only, how->conf_module, &all, err)) != VT_OK)
		return rc;
	for (i = 0; i < all.n && rc == VT_OK; i++)
		if (only != NULL ? i == 0
				 : c->uri->module_name == NULL ||
				       vt_key_module_named(all.items[i].path,
					   c->uri->module_name))
			rc = ask_module(c, all.items[i].path, err);
	vt_key_modules_release(&all);
	return rc;
}

/* Why there is not one: what stands in the way first. */
static int
explain(const struct choice *c, struct vt_error *err)
{
	if (c->nfits > 1)
		return vt_error_set(err, VT_EKEY, NULL,
		    "%zu tokens fit the URI; say which, by token= or serial= "
		    "(vanthu token list shows them)",
		    c->nfits);
	if (c->nmodules == 0)
		return vt_error_set(err, VT_EKEY, NULL,
		    "no PKCS#11 module was found; install the token's "
		    "software, or name its module by module-path= in the URI "
		    "or in vanthu.conf");
	if (c->ntokens == 0 && c->reason.code != VT_OK)
		return vt_error_set(err, VT_EKEY, NULL, "%s", c->reason.text);
	if (c->ntokens == 0)
		return vt_error_set(err, VT_EKEY, NULL,
		    "no token is there; plug it in, then see vanthu token "
		    "list");
	return vt_error_set(err, VT_EKEY, NULL,
	    "no token here is the one that the URI names (vanthu token list "
	    "shows those that are)");
}

int
vt_key_p11_choose(const struct vt_key_token *how, const struct vt_key_uri *uri,
    char **ret_path, struct vt_key_slot *ret, struct vt_error *err)
{
	struct choice c = { .uri = uri };
	int rc;

	rc = ask_modules(how, &c, err);
	if (rc == VT_OK && c.nfits != 1)
		rc = explain(&c, err);
	if (rc == VT_OK) {
		*ret_path = c.path;
		*ret = c.slot;
		return VT_OK;
	}
	free(c.path);
	vt_key_p11_slot_release(&c.slot);
	return rc;
}
