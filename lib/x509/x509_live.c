/* x509_live.c - each certificate that is alive, once */
#include <pthread.h>
#include <string.h>

#include "x509_int.h"

#define BUCKETS 1024 /* a power of two */

/*
 * The one thing here that changes and belongs to nobody: what is in it shows
 * only in the time that parsing takes.
 */
static struct {
	pthread_mutex_t lock;
	struct vt_cert *buckets[BUCKETS];
} live = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Digests are as good as random. */
static struct vt_cert **
bucket_of(const unsigned char *sha256)
{
	size_t i = ((size_t)sha256[0] << 8 | sha256[1]) & (BUCKETS - 1);

	return &live.buckets[i];
}

struct vt_cert *
vt_x509_live_find(struct vt_bytes der, const unsigned char *sha256)
{
	struct vt_cert *cert;

	(void)pthread_mutex_lock(&live.lock);
	for (cert = *bucket_of(sha256); cert != NULL; cert = cert->next)
		if (vt_bytes_equal(vt_cert_der(cert), der))
			break;
	if (cert != NULL)
		(void)vt_cert_ref(cert);
	(void)pthread_mutex_unlock(&live.lock);
	return cert;
}

/* One that another thread has added meanwhile does no harm. */
void
vt_x509_live_add(struct vt_cert *cert)
{
	struct vt_cert **bucket = bucket_of(cert->sha256);

	(void)pthread_mutex_lock(&live.lock);
	cert->next = *bucket;
	*bucket = cert;
	(void)pthread_mutex_unlock(&live.lock);
}

bool
vt_x509_live_drop(struct vt_cert *cert)
{
	struct vt_cert **at;
	bool last;

	/* Under the lock, so that nobody finds it once it is gone. */
	(void)pthread_mutex_lock(&live.lock);
	last = atomic_fetch_sub(&cert->refs, 1) == 1;
	if (last) {
		for (at = bucket_of(cert->sha256); *at != cert;
		     at = &(*at)->next)
			;
		*at = cert->next;
	}
	(void)pthread_mutex_unlock(&live.lock);
	return last;
}
