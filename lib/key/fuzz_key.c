/* fuzz_key.c - any bytes as a file with a key: PEM, DER, PKCS#12 */
#include <sys/mman.h>

#include <stdio.h>
#include <unistd.h>

#include "fuzz.h"
#include "vanthu/file.h"
#include "vanthu/key.h"
#include "vanthu/signer.h"

static int
passphrase(void *ctx, const char *what, struct vt_secret *ret,
    struct vt_error *err)
{
	(void)ctx;
	(void)what;
	return vt_secret_set(ret, "test-passphrase", 15, err);
}

static void
look(int rc, struct vt_signer **signer, struct vt_error *err)
{
	if (fuzz_rc(rc, err) != VT_OK)
		return;
	FUZZ_PROMISE((*signer)->cert != NULL && vt_signer_max(*signer) > 0);
	vt_signer_free(*signer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct vt_key_ask ask = { .fn = passphrase };
	struct vt_signer *signer = NULL;
	struct vt_error err = { 0 };
	char path[64];
	int fd = memfd_create("key", MFD_CLOEXEC);

	if (fd < 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (vt_fd_write(fd, VT_BYTES(data, size), NULL) == VT_OK) {
		look(vt_key_p12(path, NULL, &ask, &signer, &err), &signer,
		    &err);
		look(vt_key_pem(path, path, NULL, &ask, &signer, &err), &signer,
		    &err);
	}
	close(fd);
	return 0;
}
