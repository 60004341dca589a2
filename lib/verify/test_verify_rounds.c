/* test_verify_rounds.c - what one worker wants, and the next one has */
#include "test_verify_time.h"

#define URL "http://pki.test.invalid/"
#define DOWN URL "down"

/* Addresses that were asked, and what is had there. */
static struct {
	const struct vt_crl *list; /* at "good" */
	char text[1024];
} web;

static int
serve(void *ctx, const struct vt_trust_want *want, struct vt_buf *ret,
    struct vt_error *err)
{
	const char *name = want->url + strlen(URL);

	(void)ctx;
	(void)err;
	snprintf(web.text + strlen(web.text),
	    sizeof(web.text) - strlen(web.text), "%s ", name);
	if (strcmp(name, "good") == 0)
		return vt_buf_bytes_put(ret, vt_crl_der(web.list));
	if (strncmp(name, "bad", 3) == 0)
		return vt_buf_puts(ret, "no list");
	return VT_ENET;
}

/* Judge what a signer whose certificate has EXT and MORE signs. */
static void
judge(struct world *w, const char *ext, const char *more, const char *reason,
    const char *asked)
{
	const struct vt_verify_options opts = { .trust = w->trust,
		.at = VT_TIME_NONE,
		.fetch = serve };
	struct vt_report *r = NULL;
	struct vt_source *src = NULL;
	struct vt_error err = { 0 };
	CMS_ContentInfo *cms;
	struct vt_buf b;

	signer_is(w, party_new((struct spec){ .cn = "Signer",
			 .issuer = &w->ca,
			 .until = IN(100),
			 .ext = { LEAF_EXT, ext, more } }));
	cms = signs(&w->signer, today);
	cms_put(cms, &b);
	CMS_ContentInfo_free(cms);
	web.text[0] = '\0';
	assert_vt_ok(vt_source_bytes(vt_buf_bytes(&b), &src, &err), &err);
	assert_vt_ok(vt_verify_confined(src, "a.p7m", &opts, &r, &err), &err);
	assert_string_equal(web.text, asked);
	assert_string_equal(r->reason, reason);
	vt_report_free(r);
	vt_source_free(src);
	vt_buf_release(&b);
}

static void
begin(struct world *w, struct vt_crls *lists)
{
	world_bare(w);
	store_list(w, &w->root, AGO(1), IN(1));
	set_list(lists, &w->ca, AGO(1), IN(1));
	web.list = lists->items[0];
}

/* A server that is down is no reason not to ask the next. */
static void
where_one_address_fails_the_next_is_asked(void **state)
{
	struct vt_crls lists = { 0 };
	struct world w;

	(void)state;
	begin(&w, &lists);
	judge(&w, "crlDistributionPoints=URI:" URL "good", NULL, "ok", "good ");
	judge(&w, "crlDistributionPoints=URI:" DOWN ",URI:" URL "good", NULL,
	    "ok", "down good ");
	judge(&w, "authorityInfoAccess=OCSP;URI:" DOWN,
	    "crlDistributionPoints=URI:" URL "good", "ok", "down good ");
	judge(&w, "authorityInfoAccess=OCSP;URI:" DOWN, NULL,
	    "revocation-unknown", "down ");
	vt_crls_release(&lists);
	world_free(&w);
}

/* Each worker learns that one more address has no list. */
static void
workers_are_counted(void **state)
{
	struct vt_crls lists = { 0 };
	struct vt_buf ext, asked;
	struct world w;
	size_t more, i;

	(void)state;
	begin(&w, &lists);
	for (more = 0; more < 2; more++) {
		vt_buf_init(&ext, 1024);
		vt_buf_init(&asked, 1024);
		assert_int_equal(vt_buf_puts(&ext, "crlDistributionPoints="),
		    VT_OK);
		for (i = 1; i + 1 < VT_VERIFY_ROUNDS + more; i++) {
			vt_buf_printf(&ext, "URI:" URL "bad%zu,", i);
			vt_buf_printf(&asked, "bad%zu ", i);
		}
		vt_buf_puts(&ext, "URI:" URL "good");
		if (more == 0)
			vt_buf_puts(&asked, "good ");
		judge(&w, vt_buf_str(&ext), NULL,
		    more == 0 ? "ok" : "revocation-unknown",
		    vt_buf_str(&asked));
		vt_buf_release(&ext);
		vt_buf_release(&asked);
	}
	vt_crls_release(&lists);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_one_address_fails_the_next_is_asked),
		cmocka_unit_test(workers_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
