/* store_search.c - words with and without marks (FTS5, two columns) */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"

#include "store_int.h"

#define QUERY_MAX (64u * 1024) /* bytes of one query */
#define SPACES " \t\r\n"

/* All that is looked for, one text after the other. */
static int
search_gather(const struct vt_record *rec, struct vt_buf *b)
{
	const struct vt_record_type *type =
	    rec->type != NULL ? vt_record_type_find(rec->type) : NULL;
	const char *texts[] = { rec->subject, rec->code, rec->organ_name,
		rec->sender_name, rec->signer, rec->organ_id,
		type != NULL ? type->name : rec->type };
	size_t i;
	int rc = VT_OK;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == VT_OK; i++) {
		if (texts[i] == NULL)
			continue;
		rc = vt_buf_puts(b, texts[i]);
		/* a phrase must not reach from one text into the next */
		if (rc == VT_OK)
			rc = vt_buf_puts(b, " | ");
	}
	return rc;
}

int
vt_store_search_text(const struct vt_record *rec, char **ret_marked,
    char **ret_folded, struct vt_error *err)
{
	char *marked = NULL, *folded = NULL;
	struct vt_buf b;
	int rc;

	vt_buf_init(&b, SIZE_MAX);
	if (search_gather(rec, &b) != VT_OK)
		rc = vt_error_nomem(err);
	else if ((rc = vt_record_lower(vt_buf_str(&b), &marked, err)) == VT_OK)
		rc = vt_record_fold(vt_buf_str(&b), &folded, err);
	vt_buf_release(&b);
	if (rc != VT_OK) {
		free(marked);
		return rc;
	}
	*ret_marked = marked;
	*ret_folded = folded;
	return VT_OK;
}

/* Is there a letter or digit in the folded WORD, as the tokenizer sees it? */
static bool
has_token(const char *word)
{
	for (; *word != '\0'; word++)
		if ((unsigned char)*word >= 0x80 ||
		    isalnum((unsigned char)*word))
			return true;
	return false;
}

/* Add one word: quoted, so that nothing in it is query language. */
static int
match_word(struct vt_buf *b, const char *word, struct vt_error *err)
{
	char *marked = NULL, *folded = NULL;
	const char *p;
	int rc;

	if ((rc = vt_record_lower(word, &marked, err)) != VT_OK ||
	    (rc = vt_record_fold(word, &folded, err)) != VT_OK ||
	    !has_token(folded))
		goto out;
	rc = vt_buf_puts(b, b->len > 0 ? " AND " : "");
	if (rc == VT_OK)
		rc = vt_buf_puts(b, strcmp(marked, folded) != 0 ? "marked : \""
								: "folded : "
								  "\"");
	for (p = marked; *p != '\0' && rc == VT_OK; p++)
		rc = vt_buf_puts(b, *p == '"' ? "\"\"" : (char[]){ *p, '\0' });
	if (rc == VT_OK)
		rc = vt_buf_putc(b, '"');
	if (rc == VT_ELIMIT)
		vt_error_set(err, rc, NULL, "the query is too long");
	else if (rc != VT_OK)
		vt_error_nomem(err);
out:
	free(marked);
	free(folded);
	return rc;
}

int
vt_store_match(const struct vt_list *words, char **ret, struct vt_error *err)
{
	struct vt_buf b;
	const char *p;
	char *word;
	size_t i, n;
	int rc = VT_OK;

	vt_buf_init(&b, QUERY_MAX);
	for (i = 0; i < words->n && rc == VT_OK; i++)
		for (p = words->items[i]; rc == VT_OK; p += n) {
			p += strspn(p, SPACES);
			if ((n = strcspn(p, SPACES)) == 0)
				break;
			if ((word = vt_bytes_dup(VT_BYTES(p, n))) == NULL)
				rc = vt_error_nomem(err);
			else
				rc = match_word(&b, word, err);
			free(word);
		}
	if (rc == VT_OK)
		*ret = b.len > 0 ? (char *)vt_buf_take(&b, NULL) : NULL;
	vt_buf_release(&b);
	return rc;
}
