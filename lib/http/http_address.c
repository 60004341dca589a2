/* http_address.c - which addresses are public, and which are not */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "http_int.h"
#include "vanthu/http_client.h"

/*
 * The special-purpose registries of IANA (RFC 6890), with multicast (RFC 5771,
 * RFC 4291).  The first block that fits decides.
 */
struct block {
	const unsigned char net[16];
	unsigned bits;
	enum http_address kind;
};

static const struct block v4[] = {
	{ { 0 }, 8, HTTP_NOBODY },              /* this network */
	{ { 10 }, 8, HTTP_SPECIAL },            /* private */
	{ { 100, 64 }, 10, HTTP_SPECIAL },      /* behind a carrier's NAT */
	{ { 127 }, 8, HTTP_SPECIAL },           /* loopback */
	{ { 169, 254 }, 16, HTTP_SPECIAL },     /* link-local */
	{ { 172, 16 }, 12, HTTP_SPECIAL },      /* private */
	{ { 192, 0, 0 }, 24, HTTP_SPECIAL },    /* protocol assignments */
	{ { 192, 0, 2 }, 24, HTTP_SPECIAL },    /* documentation */
	{ { 192, 88, 99 }, 24, HTTP_SPECIAL },  /* 6to4 relays, of old */
	{ { 192, 168 }, 16, HTTP_SPECIAL },     /* private */
	{ { 198, 18 }, 15, HTTP_SPECIAL },      /* benchmarks */
	{ { 198, 51, 100 }, 24, HTTP_SPECIAL }, /* documentation */
	{ { 203, 0, 113 }, 24, HTTP_SPECIAL },  /* documentation */
	{ { 224 }, 4, HTTP_NOBODY },            /* multicast */
	{ { 255, 255, 255, 255 }, 32, HTTP_NOBODY },
	{ { 240 }, 4, HTTP_SPECIAL }, /* reserved */
};

static const struct block v6[] = {
	{ { 0 }, 128, HTTP_NOBODY }, /* unspecified */
	{ { 0xff }, 8, HTTP_NOBODY },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, HTTP_SPECIAL }, /* documentation */
	{ { 0x20, 0x01 }, 23, HTTP_SPECIAL }, /* assignments, Teredo */
	{ { 0x20, 0x02 }, 16, HTTP_SPECIAL }, /* 6to4 */
	{ { 0x3f, 0xff }, 20, HTTP_SPECIAL }, /* documentation */
	{ { 0x20 }, 3, HTTP_PUBLIC },         /* global unicast */
};

/* An IPv4 address stands in the last four bytes. */
static const struct block mapped[] = {
	{ { [10] = 0xff, [11] = 0xff }, 96, HTTP_PUBLIC },
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, HTTP_PUBLIC }, /* NAT64, RFC 6052 */
};

#define N(a) (sizeof(a) / sizeof((a)[0]))

static bool
within(const unsigned char *address, const struct block *b)
{
	size_t whole = b->bits / 8;
	unsigned rest = b->bits % 8;

	return memcmp(address, b->net, whole) == 0 &&
	       (rest == 0 ||
		   address[whole] >> (8 - rest) == b->net[whole] >> (8 - rest));
}

static enum http_address
of_v4(const unsigned char *address)
{
	size_t i;

	for (i = 0; i < N(v4); i++)
		if (within(address, &v4[i]))
			return v4[i].kind;
	return HTTP_PUBLIC;
}

static enum http_address
of_v6(const unsigned char *address)
{
	size_t i;

	for (i = 0; i < N(mapped); i++)
		if (within(address, &mapped[i]))
			return of_v4(address + 12);
	for (i = 0; i < N(v6); i++)
		if (within(address, &v6[i]))
			return v6[i].kind;
	return HTTP_SPECIAL; /* loopback, private, link-local, unassigned */
}

enum http_address
vt_http_address(const struct sockaddr *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	/* what a caller hands over need not be aligned for these */
	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof(in));
		return of_v4((const unsigned char *)&in.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof(in6));
		return of_v6(in6.sin6_addr.s6_addr);
	}
	return HTTP_NOBODY;
}

bool
vt_http_loopback(const struct sockaddr *address)
{
	static const struct block own4 = { { 127 }, 8, HTTP_SPECIAL };
	static const struct block own6 = { { [15] = 1 }, 128, HTTP_SPECIAL };
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof(in));
		return within((const unsigned char *)&in.sin_addr, &own4);
	}
	if (address->sa_family != AF_INET6)
		return false;
	memcpy(&in6, address, sizeof(in6));
	return within(in6.sin6_addr.s6_addr, &own6) ||
	       (within(in6.sin6_addr.s6_addr, &mapped[0]) &&
		   within(in6.sin6_addr.s6_addr + 12, &own4));
}

bool
vt_http_own_host(const char *host)
{
	static const char localhost[] = ".localhost";
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	size_t len = strlen(host);

	if (inet_pton(AF_INET, host, &in.sin_addr) == 1)
		return vt_http_loopback((const struct sockaddr *)&in);
	if (inet_pton(AF_INET6, host, &in6.sin6_addr) == 1)
		return vt_http_loopback((const struct sockaddr *)&in6);
	return strcasecmp(host, localhost + 1) == 0 ||
	       (len > strlen(localhost) &&
		   strcasecmp(host + len - strlen(localhost), localhost) == 0);
}

/* RFC 6761, RFC 6762, RFC 8375; a name without a dot is the local network's. */
static bool
local_name(const char *host)
{
	static const char *const ends[] = { ".localhost", ".local", ".internal",
		".home.arpa" };
	size_t len = strlen(host), i;

	for (i = 0; i < N(ends); i++)
		if (len > strlen(ends[i]) &&
		    strcasecmp(host + len - strlen(ends[i]), ends[i]) == 0)
			return true;
	return strchr(host, '.') == NULL;
}

enum http_address
vt_http_host(const char *host)
{
	unsigned char address[16];

	if (inet_pton(AF_INET, host, address) == 1)
		return of_v4(address);
	if (inet_pton(AF_INET6, host, address) == 1)
		return of_v6(address);
	return local_name(host) ? HTTP_SPECIAL : HTTP_PUBLIC;
}
