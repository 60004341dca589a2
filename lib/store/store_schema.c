/* store_schema.c - the tables of register.db, and what a later version added */
#include "store_int.h"

/*
 * To be read with nothing but the sqlite3 shell in thirty years: words, not
 * codes; dates as YYYY-MM-DD, instants as seconds UTC, digests as 32 bytes.
 *
 * A change of what vt_record_lower() or vt_record_fold() gives is a change of
 * the schema: `search` keeps no text, and is told the old one to forget it.
 */
const char vt_store_schema[] =
    /* The next number of a book in a year (NĐ 30/2020, Đ.15). */
    "CREATE TABLE book ("
    "  name TEXT NOT NULL, year INTEGER NOT NULL,"
    "  next INTEGER NOT NULL CHECK (next > 0),"
    "  PRIMARY KEY (name, year)) STRICT, WITHOUT ROWID;"

    /* id is the order of arrival: newest first costs no sorting. */
    "CREATE TABLE record ("
    "  id INTEGER PRIMARY KEY,"
    "  book TEXT NOT NULL, year INTEGER NOT NULL,"
    "  number INTEGER NOT NULL CHECK (number > 0),"
    "  code TEXT NOT NULL, notation TEXT, code_key TEXT NOT NULL,"
    "  date TEXT NOT NULL, arrived INTEGER, registered INTEGER NOT NULL,"
    "  organ_id TEXT, organ_name TEXT, organ_key TEXT,"
    "  sender_id TEXT, sender_name TEXT,"
    "  type TEXT NOT NULL, subject TEXT NOT NULL,"
    "  signer TEXT, position TEXT, competence TEXT,"
    "  urgency TEXT NOT NULL, due TEXT, pages INTEGER, copies INTEGER,"
    "  keeper TEXT, places TEXT, reply_to TEXT,"
    "  paper INTEGER NOT NULL, state TEXT NOT NULL, verdict TEXT,"
    "  document_id TEXT, given BLOB,"
    "  UNIQUE (book, year, number)) STRICT;"
    "CREATE INDEX record_notation ON record (notation, number);"
    "CREATE INDEX record_code ON record (code_key);"
    "CREATE INDEX record_series ON record (book, date);"
    "CREATE INDEX record_date ON record (date, organ_id);"
    "CREATE INDEX record_report"
    "  ON record (organ_id, date, book, state, type);"
    "CREATE INDEX record_document ON record (document_id)"
    "  WHERE document_id IS NOT NULL;"
    /* What a repeated `register out` is compared with. */
    "CREATE INDEX record_open ON record (notation, subject, given)"
    "  WHERE state IN ('registered', 'signed');"
    "CREATE TRIGGER record_stays BEFORE DELETE ON record BEGIN"
    "  SELECT raise(ABORT, 'a record is never removed'); END;"

    "CREATE TABLE file ("
    "  record INTEGER NOT NULL REFERENCES record (id),"
    "  seq INTEGER NOT NULL, version INTEGER NOT NULL,"
    "  name TEXT NOT NULL, size INTEGER NOT NULL,"
    "  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
    "  added INTEGER NOT NULL,"
    "  PRIMARY KEY (record, seq, version)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX file_sha256 ON file (sha256);"

    /* The history is only ever added to. */
    "CREATE TABLE event ("
    "  id INTEGER PRIMARY KEY, record INTEGER REFERENCES record (id),"
    "  at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,"
    "  reason TEXT, detail TEXT) STRICT;"
    "CREATE INDEX event_record ON event (record);"
    "CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN"
    "  SELECT raise(ABORT, 'history is never removed'); END;"
    "CREATE TRIGGER event_keeps BEFORE UPDATE ON event BEGIN"
    "  SELECT raise(ABORT, 'history is never changed'); END;"

    /* Counts, kept by whatever changes a record. */
    "CREATE TABLE tally ("
    "  book TEXT NOT NULL, year INTEGER NOT NULL, state TEXT NOT NULL,"
    "  n INTEGER NOT NULL,"
    "  PRIMARY KEY (book, year, state)) STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER tally_added AFTER INSERT ON record BEGIN"
    "  INSERT INTO tally VALUES (new.book, new.year, new.state, 1)"
    "    ON CONFLICT DO UPDATE SET n = n + 1; END;"
    "CREATE TRIGGER tally_moved AFTER UPDATE OF state ON record"
    "  WHEN old.state <> new.state BEGIN"
    "  UPDATE tally SET n = n - 1 WHERE book = old.book AND"
    "    year = old.year AND state = old.state;"
    "  INSERT INTO tally VALUES (new.book, new.year, new.state, 1)"
    "    ON CONFLICT DO UPDATE SET n = n + 1; END;"

    /* marked: NFC, lower case; folded: the same without marks. */
    "CREATE VIRTUAL TABLE search USING fts5 (marked, folded, content='',"
    "  tokenize='unicode61 remove_diacritics 0');"

    "CREATE TABLE inbox ("
    "  id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,"
    "  message_id TEXT, kind TEXT NOT NULL, business TEXT,"
    "  from_id TEXT, from_name TEXT, document_id TEXT,"
    "  code TEXT, subject TEXT, received INTEGER NOT NULL,"
    "  result TEXT NOT NULL, reason TEXT, verdict TEXT,"
    "  record INTEGER REFERENCES record (id),"
    "  earlier INTEGER REFERENCES inbox (id),"
    "  answered INTEGER NOT NULL, envelope BLOB) STRICT;"
    "CREATE INDEX inbox_document ON inbox (document_id);"
    "CREATE INDEX inbox_record ON inbox (record);"
    "CREATE INDEX inbox_held ON inbox (id) WHERE result = 'held';"

    "CREATE TABLE outbox ("
    "  id INTEGER PRIMARY KEY, record INTEGER REFERENCES record (id),"
    "  inbox INTEGER REFERENCES inbox (id),"
    "  kind TEXT NOT NULL, business TEXT, document_id TEXT, reason TEXT,"
    "  urgency INTEGER NOT NULL, created INTEGER NOT NULL,"
    "  envelope BLOB) STRICT;"
    "CREATE INDEX outbox_record ON outbox (record);"
    "CREATE INDEX outbox_document ON outbox (document_id);"

    "CREATE TABLE delivery ("
    "  id INTEGER PRIMARY KEY,"
    "  outbox INTEGER NOT NULL REFERENCES outbox (id),"
    "  organ_id TEXT, organ_name TEXT, unit TEXT,"
    "  state TEXT NOT NULL, reason TEXT, attempts INTEGER NOT NULL,"
    "  next_try INTEGER, changed INTEGER NOT NULL,"
    "  status INTEGER NOT NULL, UNIQUE (outbox, organ_id)) STRICT;"
    "CREATE INDEX delivery_due ON delivery (next_try)"
    "  WHERE state = 'queued';"

    "CREATE TABLE status ("
    "  id INTEGER PRIMARY KEY,"
    "  delivery INTEGER NOT NULL REFERENCES delivery (id),"
    "  code TEXT NOT NULL, description TEXT, timestamp INTEGER,"
    "  received INTEGER NOT NULL, unusual INTEGER NOT NULL) STRICT;"
    "CREATE INDEX status_delivery ON status (delivery);"

    "CREATE TABLE dossier ("
    "  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE,"
    "  title TEXT NOT NULL, retention TEXT NOT NULL,"
    "  opened INTEGER NOT NULL) STRICT;"
    "CREATE TABLE member ("
    "  dossier INTEGER NOT NULL REFERENCES dossier (id),"
    "  seq INTEGER NOT NULL, record INTEGER REFERENCES record (id),"
    "  name TEXT, size INTEGER, sha256 BLOB, added INTEGER NOT NULL,"
    "  PRIMARY KEY (dossier, seq), UNIQUE (dossier, record),"
    "  UNIQUE (dossier, sha256),"
    "  CHECK ((record IS NULL) <> (sha256 IS NULL))) STRICT, "
    "WITHOUT ROWID;"
    "CREATE INDEX member_record ON member (record);";

/*
 * Version 2.  Evidence is what was looked at before a key was used (TT
 * 15/2025/TT-BKHCN, 5): it may be pruned, unlike all else, and what it was
 * stays in the history.  Derived files show a stamp or a comment on a record's
 * file, or are copies of it; they are no files of the document.
 */
const char vt_store_schema_2[] =
    "CREATE TABLE evidence ("
    "  id INTEGER PRIMARY KEY,"
    "  record INTEGER NOT NULL REFERENCES record (id),"
    "  at INTEGER NOT NULL, who TEXT NOT NULL,"
    "  role TEXT NOT NULL, key TEXT NOT NULL, level TEXT NOT NULL,"
    "  signer TEXT, verdict TEXT NOT NULL, reason TEXT NOT NULL,"
    "  revocation TEXT NOT NULL, name TEXT NOT NULL,"
    "  before BLOB NOT NULL CHECK (length(before) = 32),"
    "  after BLOB NOT NULL CHECK (length(after) = 32)) STRICT;"
    "CREATE INDEX evidence_record ON evidence (record);"
    "CREATE INDEX evidence_at ON evidence (at);"
    /* What it was decided by: signer, certificate, crl, ocsp. */
    "CREATE TABLE evidence_part ("
    "  evidence INTEGER NOT NULL REFERENCES evidence (id),"
    "  seq INTEGER NOT NULL, kind TEXT NOT NULL,"
    "  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
    "  PRIMARY KEY (evidence, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX evidence_part_sha256 ON evidence_part (sha256);"
    /* Objects that were evidence, until they are removed from the disk. */
    "CREATE TABLE unwanted ("
    "  sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE derived ("
    "  record INTEGER NOT NULL REFERENCES record (id),"
    "  seq INTEGER NOT NULL, role TEXT NOT NULL,"
    "  name TEXT NOT NULL, size INTEGER NOT NULL,"
    "  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
    "  source BLOB NOT NULL CHECK (length(source) = 32),"
    "  words TEXT, added INTEGER NOT NULL,"
    "  PRIMARY KEY (record, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX derived_sha256 ON derived (sha256);"

    /* What an update changes, what a replacement replaces: JSON. */
    "ALTER TABLE outbox ADD COLUMN detail TEXT;";

/*
 * Version 3.  What waits is found without looking at what is done: of a million
 * messages only those that somebody must see to stand in these.  A status is
 * never acknowledged, so its delivery is told apart from a document's.
 */
const char vt_store_schema_3[] =
    "ALTER TABLE delivery ADD COLUMN kind TEXT;"
    "UPDATE delivery SET kind ="
    "  (SELECT m.kind FROM outbox AS m WHERE m.id = delivery.outbox);"
    "CREATE INDEX delivery_unanswered ON delivery (changed)"
    "  WHERE state = 'sent' AND kind = 'document' AND organ_id IS NOT NULL;"
    "CREATE INDEX delivery_failed ON delivery (changed)"
    "  WHERE state = 'failed';"
    "CREATE INDEX record_unissued ON record (registered)"
    "  WHERE state IN ('registered', 'signed') AND book <> 'in';"
    "CREATE INDEX record_unassigned ON record (registered)"
    "  WHERE state = 'registered' AND book = 'in';"
    "CREATE INDEX record_overdue ON record (due)"
    "  WHERE due IS NOT NULL AND book = 'in'"
    "    AND state IN ('registered', 'assigned', 'processing');"
    "CREATE INDEX inbox_quarantined ON inbox (received)"
    "  WHERE result = 'quarantined';";

/*
 * Version 4.  The directory of agencies: a code names one or more of them, of
 * which the valid one is meant; lists come and go, what was done by hand
 * ("local" aliases, groups) stays.  In which part an agency is to have a
 * document ("act", "report", "know") stands with the delivery.
 */
const char vt_store_schema_4[] =
    "CREATE TABLE agency ("
    "  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE,"
    "  name TEXT NOT NULL, name_key TEXT NOT NULL, parent TEXT,"
    "  email TEXT, phone TEXT, valid_from TEXT, valid_to TEXT,"
    "  gone INTEGER, seen INTEGER NOT NULL) STRICT;"
    "CREATE INDEX agency_name ON agency (name_key);"
    "CREATE INDEX agency_parent ON agency (parent)"
    "  WHERE parent IS NOT NULL;"
    "CREATE INDEX agency_seen ON agency (seen);"
    "CREATE TABLE agency_code ("
    "  code TEXT NOT NULL,"
    "  agency INTEGER NOT NULL REFERENCES agency (id),"
    "  kind TEXT NOT NULL CHECK (kind IN ('code', 'alias', 'local')),"
    "  PRIMARY KEY (code, agency)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX agency_code_agency ON agency_code (agency);"
    "CREATE TABLE agency_group ("
    "  name TEXT NOT NULL, code TEXT NOT NULL,"
    "  PRIMARY KEY (name, code)) STRICT, WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE agency_search USING fts5 (marked, folded,"
    "  content='', tokenize='unicode61 remove_diacritics 0');"
    "ALTER TABLE delivery ADD COLUMN role TEXT;"
    /* What a sender changed, for those who work on it. */
    "CREATE INDEX event_changed ON event (at)"
    "  WHERE what IN ('recalled', 'updated', 'replaced');";

/* Version 5.  Why a message was held or refused, in the words of that day. */
const char vt_store_schema_5[] = "ALTER TABLE inbox ADD COLUMN detail TEXT;";

/* Version 6.  What a recipient returned, or declined. */
const char vt_store_schema_6[] =
    "CREATE INDEX delivery_refused ON delivery (changed)"
    "  WHERE state = 'refused';";
