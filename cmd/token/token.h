/* token.h - what the parts of vanthu-token share */
#ifndef CMD_TOKEN_H
#define CMD_TOKEN_H

#include <stdbool.h>

#include "vanthu/key_token.h"

struct vt_cli;

/* What is missing before one can sign; with what to do about it. */
enum token_next {
	TOKEN_READY,
	TOKEN_NO_MODULE,
	TOKEN_MODULE_FAILS,
	TOKEN_NO_READER,
	TOKEN_NO_TOKEN,
	TOKEN_NOT_INITIALIZED,
	TOKEN_PIN_UNSET,
	TOKEN_PIN_CHANGE,
	TOKEN_PIN_LOCKED,
	TOKEN_NO_MECHANISM,
	TOKEN_NO_CERTIFICATE,
	TOKEN_EXPIRED,
	TOKEN_NEXT_COUNT
};

/* Its stable code, and the next step in words, translated. */
const char *token_next_code(enum token_next next);
const char *token_next_text(enum token_next next);
enum token_next token_next_of(const struct vt_key_slot *slot);

/* Print what MODULE says, which PATH names; the best of its slots' states. */
enum token_next token_show(struct vt_cli *cli,
    const struct vt_key_module_path *path, const struct vt_key_module *module);
/* There is no module at all. */
void token_show_none(struct vt_cli *cli);

#endif
