-- Who speaks for a domain: when it was asked, which records wait for what it says; and whom the operator takes nothing from. Nothing
-- here is part of the log, and nothing can be derived from it.

-- Domains whose DID document is asked for. All times: milliseconds since 1970.
CREATE TABLE domains (
    did        TEXT PRIMARY KEY,               -- did:web:...
    due        INTEGER,                        -- when it is asked again; absent when nobody waits for its answer
    asked      INTEGER,                        -- the last try
    failures   INTEGER NOT NULL,               -- tries without a document since the last one that gave it
    answered   INTEGER,                        -- the last document
    keys       TEXT,                           -- the keys that it named: z6Mk..., with spaces between
    error_code TEXT,                           -- what went wrong since
    error_text TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX domains_due ON domains (due);

-- Records 0 of domains that nobody verified yet. They can harm nobody: nothing else is answered from here.
CREATE TABLE waiting_records (
    leaf       BLOB PRIMARY KEY,               -- RFC 6962 leaf hash of the entry
    did        TEXT    NOT NULL,
    record0    BLOB    NOT NULL,               -- payload id: with the DID the lineage that it begins
    provenance TEXT    NOT NULL,
    received   INTEGER NOT NULL,
    passed     INTEGER NOT NULL,               -- documents of its domain that did not name its keys
    entry      BLOB    NOT NULL                -- canonical envelope
) STRICT, WITHOUT ROWID;

CREATE INDEX waiting_records_of ON waiting_records (did, received);

-- Issuers from whom nothing new is taken, by the operator's word.
CREATE TABLE blocked_issuers (
    did   TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    why   TEXT                                 -- the operator's own note
) STRICT, WITHOUT ROWID;

-- What the operator of this server states is found without reading the whole log. An append of anything else does not touch it.
CREATE INDEX operator_statements ON entries (idx) WHERE payload_type = 'application/vnd.palinode.operator.v1+json';
