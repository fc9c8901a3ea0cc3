-- The index moves into a file of its own, which is derived: here stays what cannot be made again, in the order in which it comes,
-- so that a commit touches few pages. Uniqueness of entries is the single writer's to keep, who asks the index before it appends.

DROP TABLE words;
DROP TABLE document_names;
DROP TABLE digest_lists;
DROP TABLE reasons;
DROP TABLE priors;
DROP TABLE facts;
DROP TABLE notices;

CREATE TABLE entries_in_order (
    idx          INTEGER PRIMARY KEY,          -- from 0, without holes
    leaf         BLOB    NOT NULL,             -- RFC 6962 leaf hash, 32 bytes
    payload_type TEXT    NOT NULL,
    payload_id   BLOB    NOT NULL,             -- SHA-256 of the payload
    public_key   BLOB    NOT NULL,             -- the key that signed, 32 bytes
    issuer       TEXT    NOT NULL,             -- DID
    first_seen   INTEGER NOT NULL,             -- milliseconds since 1970
    provenance   TEXT    NOT NULL,
    bytes        BLOB    NOT NULL              -- canonical envelope
) STRICT;

INSERT INTO entries_in_order SELECT idx, leaf, payload_type, payload_id, public_key, issuer, first_seen, provenance, bytes
FROM entries ORDER BY idx;
DROP TABLE entries;
ALTER TABLE entries_in_order RENAME TO entries;

-- Numbered in the order in which they came, so that the index knows how far it is.
CREATE TABLE documents_in_order (
    seq      INTEGER PRIMARY KEY,
    hash     BLOB    NOT NULL UNIQUE,
    state    TEXT    NOT NULL,                 -- 'available' or 'removed'
    bytes    BLOB,                             -- absent when removed
    received INTEGER NOT NULL                  -- milliseconds since 1970
) STRICT;

INSERT INTO documents_in_order (hash, state, bytes, received) SELECT hash, state, bytes, received FROM documents ORDER BY received;
DROP TABLE documents;
ALTER TABLE documents_in_order RENAME TO documents;
