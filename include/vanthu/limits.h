/* limits.h - every bound on what comes from elsewhere, in one place */
#ifndef VANTHU_LIMITS_H
#define VANTHU_LIMITS_H

#include <stdint.h>

/*
 * What stands here bounds bytes that somebody else made: documents, signatures,
 * certificates, lists, answers, messages, key files.  Each line says what it
 * bounds, and in which unit.  What is exactly at a bound is taken.
 *
 * One more is VT_ELIMIT, unless a line says otherwise, and never an acceptance:
 *
 *   verify    undetermined, "limit" (exit 3), or for one signature of several
 *             its own reason; a worker that dies or is late: undetermined,
 *             "worker-died"
 *   receive   held for a clerk, with the same reason
 *   others    the input is refused (exit 4), nothing is written
 *
 * A line in parentheses says what else happens.  "Cut" is text that only
 * people read, and is shorter; "not seen" is something that could only have
 * helped, as a certificate among many; "not excused" is a change to a PDF that
 * counts as any other, so that the document is invalid.
 */

/* --- bytes of a file or stream --- */

#define VT_SOURCE_COPY_MAX (16u * 1024 * 1024) /* bytes (source.h) */
/* Bytes of a pipe: endless devices must not fill the disk. */
#define VT_SOURCE_SPOOL_MAX (8ull << 30)

/* --- certificates, lists, answers (RFC 5280, RFC 6960) --- */

#define VT_CERT_MAX (64u * 1024)       /* bytes of one certificate */
#define VT_CRL_MAX (32u * 1024 * 1024) /* bytes of one list */
#define VT_OCSP_MAX (256u * 1024)      /* bytes of one answer */
#define VT_OCSP_SINGLES 256            /* certificates that it speaks of */
#define VT_OCSP_CERTS 16               /* certificates that come with it */
#define VT_X509_FILE_MAX (64u * 1024 * 1024) /* bytes of one file of them */
#define VT_X509_OBJECTS 4096                 /* in one file, in one set */
#define VT_X509_TEXT_MAX (64u * 1024)        /* bytes of one name, shown */
#define VT_X509_UNITS_MAX 16 /* organizational units of one name (cut) */
/* Octets (4.1.2.2); a longer one is a defect of the certificate. */
#define VT_X509_SERIAL_MAX 20
#define VT_CRL_EXTENSIONS_MAX 64 /* of one list */
/* Extensions of one entry (the list is not used). */
#define VT_CRL_ENTRY_EXTENSIONS_MAX 8

/* --- trust: paths, and what is asked for them --- */

/* Paths; over these another that holds counts, and none fails for sure. */
#define VT_TRUST_DEPTH 12     /* certificates of one, the anchor too */
#define VT_TRUST_PATHS 16     /* of one certificate */
#define VT_TRUST_CHECKS 256   /* signatures, to find them */
#define VT_TRUST_OPEN_MAX 4   /* for which something is fetched (not fetched) */
#define VT_TRUST_FILES 10000  /* files in one folder */
#define VT_TRUST_FETCHES 16   /* wants of one judgement (not fetched) */
#define VT_TRUST_URL_MAX 2048 /* bytes of an address (not asked) */
#define VT_TRUST_URLS_MAX 8   /* of one kind, a certificate (not asked) */
#define VT_TRUST_UPDATE_URLS_MAX 4096 /* addresses of one store (not asked) */
#define VT_TRUST_ISSUERS_MAX 4        /* fetched, each above the other */
#define VT_TRUST_ISSUERS_BYTES (1024u * 1024) /* of one answer (not had) */
#define VT_TRUST_NEST 4 /* the signer of a list about the signer ... */
/* Of one certificate's revocation; over these it is not known. */
/* Lists that are tried; older ones without an entry of it are not seen. */
#define VT_TRUST_LISTS_OURS 48  /* of the store */
#define VT_TRUST_LISTS_ITS 16   /* of the message; as many that are fetched */
#define VT_TRUST_ANSWERS_MAX 64 /* OCSP answers that are tried */
#define VT_TRUST_STATEMENTS_MAX 192 /* what lists and answers say */

/* --- signatures in CMS, time stamps (RFC 5652, RFC 3161) --- */

#define VT_CMS_MAX (16u << 20)     /* bytes beside the content */
#define VT_CMS_PEM_MAX (24u << 20) /* characters of an armoured message */
#define VT_CMS_HEAD_MAX 8192u      /* bytes of digestAlgorithms, of an OID */
#define VT_CMS_INDEFINITE_MAX 32   /* indefinite lengths in each other */
#define VT_CMS_DEPTH_MAX 8         /* segments in segments of BER content */
#define VT_CMS_SIGNERS_MAX 64      /* in one message */
#define VT_CMS_CERTS_MAX 512       /* certificates; the same for lists */
#define VT_CMS_ATTRS_MAX 64        /* attributes in one set */
#define VT_CMS_VALUES_MAX 512      /* values in one set of unsigned ones */
#define VT_CMS_COUNTERS_MAX 64     /* counter-signatures of one signer */
#define VT_CMS_COUNTER_DEPTH 4     /* of these on each other */
#define VT_CMS_STAMPS_MAX 64       /* time stamps of one signer */
#define VT_CMS_ARCHIVES_MAX 16     /* of these, over the whole archive */
#define VT_CMS_INDEX_MAX 1024      /* entries of one archive stamp's index */
#define VT_CMS_ESS_MAX 32          /* certificate identifiers, an attribute */
#define VT_CMS_TRIES_MAX 8         /* certificates of one name */
#define VT_CMS_SALT_MAX 1024       /* bytes of PSS salt (bad-parameters) */
#define VT_CMS_MORE_MAX (8u << 20) /* bytes that extend adds at once */
#define VT_TSP_MAX (1u << 20)      /* bytes of one token or answer */
#define VT_TSP_POLICY_MAX 128      /* characters of a policy's OID */
#define VT_TSP_IMPRINT_MAX 64      /* bytes of an imprint */
#define VT_TSP_WHY_MAX 200         /* bytes of an authority's reason (cut) */

/* --- PDF (ISO 32000-2): reading --- */

#define VT_PDF_ENTRIES_MAX 4000000 /* cross-reference entries, all of it */
#define VT_PDF_SECTIONS_MAX 4096   /* cross-reference sections */
#define VT_PDF_DEPTH_MAX 100       /* arrays, dictionaries in each other */
#define VT_PDF_NEST_MAX 8          /* objects whose loading needs another */
#define VT_PDF_REF_HOPS_MAX 16     /* references that lead to references */
#define VT_PDF_OBJECT_MAX                                                      \
	(16u << 20)                    /* bytes of a string; of an object, to  \
					  copy it */
#define VT_PDF_DECODED_MAX (64u << 20) /* bytes of one decoded stream */
#define VT_PDF_ARENA_MAX (64u << 20)   /* bytes of objects held at a time */
#define VT_PDF_FILTERS_MAX 4           /* filters of one stream */
/* Decoded bytes for each encoded one; one deflate reaches 1,032. */
#define VT_PDF_RATIO_MAX 2000
#define VT_PDF_RATIO_FREE (1u << 20)  /* decoded bytes, in any case */
#define VT_PDF_WORK_FREE (256u << 20) /* decoded bytes of one document ... */
#define VT_PDF_WORK_RATIO 20          /* ... and for each byte of the file */
#define VT_PDF_TREE_DEPTH_MAX 512     /* levels of the page tree */
#define VT_PDF_FORM_DEPTH_MAX 64      /* levels of the field tree */
#define VT_PDF_PAGES_MAX 1000000
#define VT_PDF_FIELDS_MAX 100000
#define VT_PDF_NAME_MAX 2048   /* bytes of a field's full name in UTF-8 */
#define VT_PDF_FINDINGS_MAX 64 /* told one by one (more are counted) */
#define VT_PDF_SCAN_MAX 256    /* /ByteRange in raw bytes (more are counted) */
#define VT_PDF_CRYPT_FILTERS_MAX 8   /* of one document */
#define VT_PDF_LOCK_FIELDS_MAX 10000 /* fields that one lock names */
#define VT_PDF_REFERENCES_MAX 256    /* of one signature (it is a stray) */

/* --- PDF: what changed after a signature --- */

#define VT_PDF_SIGNATURES_MAX 256 /* signatures of one document */
#define VT_PDF_STATES_MAX 64      /* older states looked at (see pdf_compare) */
#define VT_PDF_DIFFERENCES_MAX 256 /* told one by one (more are counted) */
/*
 * Objects looked at for one document; a long one counts as many.  What an
 * honest one needs grows with its objects and its signatures.
 */
#define VT_PDF_COMPARE_MAX 2000000
#define VT_PDF_STATE_ENTRIES_MAX 8000000 /* entries of all states, compared */
#define VT_PDF_USES_MAX 100000           /* places that refer to a change */
#define VT_PDF_PATHS_MAX (16u << 20)     /* bytes of the paths to them */
#define VT_PDF_WIDGETS_MAX 64            /* of one field (not excused) */
#define VT_PDF_EXCUSED_MAX 1000    /* entries, a dictionary (not excused) */
#define VT_PDF_NEW_FIELDS_MAX 64   /* that a step adds (not excused) */
#define VT_PDF_BLANK_MAX 4096      /* bytes of an empty look (not excused) */
#define VT_PDF_XMP_MAX (16u << 20) /* bytes of metadata (not excused) */
#define VT_PDF_XMP_DEPTH_MAX 64    /* open elements in it (not excused) */
#define VT_PDF_PAGES_LOOKED 500    /* pages, for where a change is (not told) */
#define VT_PDF_OBJECTS_LOOKED 20000 /* objects, for the same (not told) */

/* --- PDF: what a signature brings for later (12.8.4.3) --- */

#define VT_PDF_DSS_ITEMS_MAX 2048        /* certificates, lists, answers */
#define VT_PDF_DSS_BYTES_MAX (64u << 20) /* of all of them, decoded */
#define VT_PDF_VRI_MAX 512               /* entries of /VRI */
#define VT_PDF_VRI_REFS_MAX 8192         /* references in all of them */

/* --- PDF: reading a page's text, to find a place (sign) --- */

#define VT_PDF_PAGE_UNIT 14400.0   /* points in a unit of a page */
#define VT_PDF_CHARS_MAX 400000    /* characters on one page */
#define VT_PDF_CONTENT_MAX 4000000 /* words of one page's content */
#define VT_PDF_OPERANDS_MAX 4096   /* of one operator */
#define VT_PDF_SAVED_MAX 64        /* graphics states that come back */
#define VT_PDF_FORMS_NEST_MAX 8    /* form XObjects in each other */
#define VT_PDF_PAGE_FONTS_MAX 512  /* fonts of one page */
/* Over these two the font's text counts as unreadable. */
#define VT_PDF_FONT_MAP_MAX 70000  /* entries of a /ToUnicode, of a /W */
#define VT_PDF_CMAP_MAX (8u << 20) /* bytes of a /ToUnicode */
#define VT_PDF_FIND_PAGES_MAX 2000 /* pages whose text is looked through */
#define VT_PDF_HOLE_MAX (4u << 20) /* bytes left for a signature */

/* --- XML, and signatures in it --- */

#define VT_XML_DEPTH 64             /* open elements */
#define VT_XML_ATTRS 64             /* attributes of one element */
#define VT_XML_ATTR_MAX (64 * 1024) /* bytes of all values of one element */
/*
 * libxml2 waits for the whole of a tag or comment, up to 10 MB, and then takes
 * a time that grows with the square of its attributes.  Names it never
 * forgets.
 */
#define VT_XML_TAG_MAX (256 * 1024)  /* bytes of one tag or comment */
#define VT_XML_NAMES_MAX 10000       /* different names in one document */
#define VT_XML_TREE_MAX (64u << 20)  /* bytes of a document read as a tree */
#define VT_XML_TREE_MEM (256u << 20) /* bytes that its tree may take */
#define VT_XSIG_SIGNATURES_MAX 64    /* in one document */
#define VT_XSIG_REFERENCES_MAX 1024  /* in one signature and its manifests */
#define VT_XSIG_MANIFESTS_MAX 16     /* in one signature */
#define VT_XSIG_CERTS_MAX 512        /* in one signature */
#define VT_XSIG_CERT_IDS_MAX 32      /* that name the signer's certificate */
#define VT_XSIG_VALUES_MAX 1024      /* lists and answers in one signature */
#define VT_XSIG_STAMPS_MAX 64        /* time stamps in one signature */
#define VT_XSIG_IDS_MAX (1u << 20)   /* attributes that may be Ids */
#define VT_XSIG_TRIES_MAX 16         /* of its certificates, none named */
#define VT_XSIG_SERIAL_MAX 80        /* decimal digits (names no certificate) */
#define VT_XSIG_TEXT_MAX (64u * 1024)            /* bytes, a name or number */
#define VT_XSIG_SIGNATURE_VALUE_MAX (64u * 1024) /* bytes */
#define VT_XSIG_SIGNED_INFO_MAX (8u << 20) /* bytes of its canonical form */
/*
 * Bytes that may be digested, in canonical form or decoded, for one document;
 * its references may name the same element again and again.
 */
#define VT_XSIG_WORK_MAX (512u << 20)

/* --- archives: a member may grow to VT_ZIP_RATIO times its packed size --- */

#define VT_ZIP_RATIO 100
#define VT_ZIP_RATIO_FREE (1024 * 1024)      /* bytes, in any case */
#define VT_ZIP_TOTAL_MAX (UINT64_C(4) << 30) /* bytes of all members */
#define VT_ZIP_COUNT_MAX 65536               /* members */
#define VT_ZIP_NAME_MAX 1024                 /* bytes of a member's name */

/* --- envelopes and messages --- */

#define VT_ENVELOPE_TEXT_MAX (64 * 1024)          /* bytes of one value */
#define VT_ENVELOPE_HEADER_MAX (16 * 1024 * 1024) /* bytes of all values */
#define VT_ENVELOPE_TO_MAX 20000         /* receivers; also of other lists */
#define VT_ENVELOPE_ATTACHMENTS_MAX 1000 /* attachments, and references */
#define VT_ENVELOPE_ATTACHMENT_MAX (UINT64_C(8) << 30) /* bytes, as sent */
#define VT_ENVELOPE_ATTACHMENT_NAME_MAX 1024           /* bytes that are read */
#define VT_OFFICE_MESSAGE_MAX (UINT64_C(1) << 30)      /* bytes (quarantined) */
#define VT_TRANSPORT_ORGAN_MAX 35 /* characters of an organ id (QD 20/2020) */
#define VT_TRANSPORT_NAME_MAX 200 /* bytes of a message's name */
#define VT_TRANSPORT_REASON_MAX 1024 /* bytes of a reason (cut) */

/* --- the document axis (VXP) --- */

#define VT_VXP_HEADER_MAX 2000000    /* bytes of a header line */
#define VT_VXP_DOC_ID_MAX 128        /* bytes of its id of a message */
#define VT_VXP_SECRET_MAX 1024       /* bytes of a secret */
#define VT_VXP_ANSWER_MAX (1u << 20) /* bytes of an answer without data */
#define VT_VXP_REST_MAX (64u * 1024) /* bytes of an answer beside "data" */
#define VT_VXP_ROW_MAX (64u * 1024)  /* bytes of a row of "data" */
#define VT_VXP_LIST_MAX (64u << 20)  /* bytes of a list of messages */
#define VT_VXP_LISTED_MAX 100000     /* messages of it (the rest is later) */
#define VT_VXP_DIRECTORY_MAX (256u << 20) /* bytes of a list of agencies */
#define VT_VXP_FILE_MAX (2ull << 30) /* bytes of a message in base64 (cut) */

/* --- folders of a server (WebDAV, SFTP) --- */

/* Bytes of a listing (the rest is later). */
#define VT_DAV_LIST_MAX (64u << 20)
#define VT_SFTP_LIST_MAX (16u << 20)
/* Of the same as it is written for people (all behind them are asked for). */
#define VT_SFTP_LONG_MAX (64u << 20)

/* --- an axis of one's own (over these a call is refused) --- */

#define VT_AXIS_MESSAGE_MAX (UINT64_C(512) << 20) /* bytes, unless said */
#define VT_AXIS_CONNECTIONS 128 /* at a time, unless said (not accepted) */
#define VT_AXIS_ADDRESS_PART 4  /* of these one address has a quarter */
#define VT_AXIS_IDLE_S 60       /* seconds for headers (shut down) */
#define VT_AXIS_TO_MAX 20000    /* recipients of one message */
#define VT_AXIS_LISTED 20000    /* rows of one list (the rest is later) */
#define VT_AXIS_ROWS_MAX (255u << 20) /* bytes of the rows of one list */
#define VT_AXIS_NAME_MAX 1000   /* bytes of a name, of an id in a message */
#define VT_AXIS_REASON_MAX 4096 /* bytes of a reason (left out) */
#define VT_AXIS_SECRET_MIN 12   /* bytes of a secret, at least */

/* --- one verdict --- */

#define VT_VERIFY_SIGNATURES 256   /* judged in one file */
#define VT_VERIFY_ATTACHMENTS 1000 /* of one envelope */
#define VT_VERIFY_STAMPS 64        /* time stamps of one signature */
#define VT_VERIFY_LATE_MAX 64      /* detached signatures, an envelope */
#define VT_VERIFY_LATE_BYTES (1024 * 1024) /* of one of these */
#define VT_VERIFY_WANTS_MAX 64             /* to be fetched (not asked for) */
#define VT_VERIFY_USED_MAX 2048 /* told as what it was judged by (left out) */
#define VT_VERIFY_USED_BYTES (8u << 20) /* of these with it (left out) */
/*
 * Workers of one file; one knows what the one before it wanted, as an issuer,
 * and where a server is down another address.  (The rest is not asked for.)
 */
#define VT_VERIFY_ROUNDS 8
#define VT_VERIFY_TEXT_MAX (64u * 1024) /* bytes of one text (cut) */
#define VT_VERIFY_LIST_MAX 4096         /* texts in one list (cut) */
#define VT_VERIFY_NOTE_MAX 1024         /* bytes of a foreign note (left out) */

/* --- a worker (confine.h): over these it is ended --- */

#define VT_CONFINE_MEMORY (512ull << 20) /* bytes of address space */
#define VT_CONFINE_CPU_S 5               /* seconds of processor time */
#define VT_CONFINE_CPU_BYTES (64u << 20) /* of input, for one second more */
#define VT_CONFINE_WALL_S 60            /* seconds, and twice the processor's */
#define VT_CONFINE_ANSWER (16u << 20)   /* bytes of an answer */
#define VT_CONFINE_FILES 8              /* descriptors kept open */
#define VT_CONFINE_SCRATCH (4ull << 30) /* bytes of a scratch file */

/* --- the network --- */

#define VT_FETCH_MAX (64u * 1024 * 1024) /* bytes of an answer at most */
#define VT_FETCH_S 20                    /* seconds, unless said */
#define VT_HTTP_URL_MAX 2048             /* bytes of a URL */
#define VT_HTTP_HOST_MAX 255             /* bytes of a name (RFC 1035, 2.3.4) */
#define VT_HTTP_HEAD_MAX (64u * 1024) /* bytes of the headers of one answer */
#define VT_HTTP_ETAG_MAX 200          /* bytes of an entity tag (not taken) */
#define VT_HTTP_REDIRECTS 3           /* followed, one after the other */
#define VT_HTTP_CONNECT_S 10          /* seconds until a connection stands */
#define VT_HTTP_ALLOW_MAX 64          /* hosts in one list */
#define VT_HTTP_FILE_S (6 * 3600)     /* seconds for a file, on any line */
#define VT_HTTP_RATE_MIN 2000         /* bytes a second that a file moves */
/* Times the seconds of silence: for all but files; how late a file may be. */
#define VT_HTTP_PATIENCE 10
#define VT_FETCHER_KEPT (64u * 1024 * 1024) /* bytes of answers (not kept) */
#define VT_FETCHER_ENTRIES 1024 /* requests that are remembered (not kept) */
#define VT_FETCHER_TRIES 2      /* that one server may fail (not asked again) */

/* --- JSON --- */

#define VT_JSON_DEPTH 32                /* arrays, objects in each other */
#define VT_JSON_MEMBERS 256             /* of one object */
#define VT_JSON_MAX (16u * 1024 * 1024) /* bytes */

/* --- keys and tokens --- */

#define VT_KEY_FILE_MAX (4u << 20)     /* bytes of one file */
#define VT_KEY_BLOCKS_MAX 64           /* blocks in one PEM file */
#define VT_KEY_SAFES_MAX 16            /* parts of one PKCS#12 file */
#define VT_KEY_BAGS_MAX 256            /* things in one of them */
#define VT_KEY_ITERATIONS_MAX 10000000 /* of all derivations of one file */
#define VT_KEY_RSA_MIN 2048            /* bits */
#define VT_KEY_RSA_MAX 16384           /* bits; OpenSSL verifies no longer */
#define VT_KEY_CHAIN_MAX 32            /* certificates beside the own */
#define VT_KEY_URI_MAX 4096            /* bytes of a URI */
#define VT_KEY_ID_MAX 64               /* bytes of a CKA_ID (not seen) */
#define VT_KEY_LABEL_MAX 128           /* bytes of a CKA_LABEL (not seen) */
#define VT_KEY_SLOTS_MAX 64            /* slots of one module (not seen) */
#define VT_KEY_CERTS_MAX 256  /* certificates in one token (not seen) */
#define VT_KEY_MODULES_MAX 64 /* modules of one machine */
#define VT_KEY_PROBE_S 30     /* seconds that a module may take to answer */
#define VT_KEY_PIN_MAX 255    /* bytes of a PIN */

/* --- images of signatures and seals --- */

#define VT_STAMP_PNG_MAX (16u << 20)   /* bytes of a PNG */
#define VT_STAMP_PIXELS_MAX (4u << 20) /* pixels of a PNG */
#define VT_STAMP_CHUNKS_MAX 1024 /* before its data (its scale is not read) */

#endif
