/* cli_user.c - who runs the program */
#include <pwd.h>
#include <unistd.h>

#include "vanthu/cli.h"

const char *
vt_cli_user(void)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw != NULL && pw->pw_name[0] != '\0' ? pw->pw_name : "?";
}
