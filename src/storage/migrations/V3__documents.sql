-- Detached documents: named by an entry, stored beside the log, removable by law.
CREATE TABLE documents (
    hash     BLOB PRIMARY KEY,
    state    TEXT    NOT NULL,                 -- 'available' or 'removed'
    bytes    BLOB,                             -- absent when removed
    received INTEGER NOT NULL                  -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

CREATE TABLE upload_grants (
    token_hash BLOB    NOT NULL,
    document   BLOB    NOT NULL,
    expires    INTEGER NOT NULL,               -- milliseconds since 1970
    PRIMARY KEY (token_hash, document)
) STRICT, WITHOUT ROWID;
