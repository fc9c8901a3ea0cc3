-- The log itself. Everything in the other migrations, peers aside, can be derived again from `entries`.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row an entry, in the order of the log.
CREATE TABLE entries (
    idx          INTEGER PRIMARY KEY,          -- from 0, without holes
    leaf         BLOB    NOT NULL UNIQUE,      -- RFC 6962 leaf hash, 32 bytes
    payload_type TEXT    NOT NULL,
    payload_id   BLOB    NOT NULL,             -- SHA-256 of the payload
    public_key   BLOB    NOT NULL,             -- the key that signed, 32 bytes
    issuer       TEXT    NOT NULL,             -- DID
    first_seen   INTEGER NOT NULL,             -- milliseconds since 1970
    provenance   TEXT    NOT NULL,
    bytes        BLOB    NOT NULL,             -- canonical envelope
    UNIQUE (payload_id, payload_type, public_key)
) STRICT;

CREATE INDEX entries_of_issuer ON entries (issuer, payload_type, first_seen);

-- Hash tiles of tlog-tiles; a partial tile is rewritten longer, readers cut it to the width they know.
CREATE TABLE tiles (
    level  INTEGER NOT NULL,
    idx    INTEGER NOT NULL,
    hashes BLOB    NOT NULL,                   -- up to 256 times 32 bytes
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

-- Every head; `checkpoint` is absent until it is signed and published.
CREATE TABLE heads (
    size       INTEGER PRIMARY KEY,
    root       BLOB NOT NULL,
    checkpoint BLOB,
    signed_at  INTEGER                         -- milliseconds since 1970
) STRICT;

CREATE TABLE cosignatures (
    size    INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    time    INTEGER NOT NULL,                  -- seconds since 1970
    line    TEXT    NOT NULL,
    PRIMARY KEY (size, name)
) STRICT, WITHOUT ROWID;
