/*
 * xml_floor - what libxml2 takes to look at a file, and nothing else
 *
 * xml_floor FILE
 *
 * Feeds FILE to the push parser in pieces of 64 KiB and counts the bytes of
 * text.  No program that reads XML by libxml2 takes less.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>

static void
count(void *arg, const xmlChar *text, int len)
{
	unsigned long long *n = arg;

	(void)text;
	*n += (unsigned long long)len;
}

int
main(int argc, char *argv[])
{
	static char piece[65536];
	unsigned long long total = 0;
	xmlSAXHandler sax;
	xmlParserCtxtPtr xml;
	ssize_t n;
	int fd;

	if (argc != 2)
		errx(2, "usage: xml_floor FILE");
	if ((fd = open(argv[1], O_RDONLY)) == -1)
		err(2, "%s", argv[1]);
	memset(&sax, 0, sizeof(sax));
	sax.initialized = XML_SAX2_MAGIC;
	sax.characters = sax.ignorableWhitespace = count;
	xml = xmlCreatePushParserCtxt(&sax, &total, NULL, 0, NULL);
	if (xml == NULL)
		errx(2, "no parser");
	xmlCtxtUseOptions(xml, XML_PARSE_NONET);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		xmlParseChunk(xml, piece, (int)n, 0);
	xmlParseChunk(xml, "", 0, 1);
	if (!xml->wellFormed)
		errx(1, "%s: not well-formed", argv[1]);
	printf("%llu\n", total);
	xmlFreeParserCtxt(xml);
	close(fd);
	return 0;
}
