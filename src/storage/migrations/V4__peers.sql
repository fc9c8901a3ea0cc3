-- Peers: who they are, how far their logs were read, what was cosigned of them. Cannot be derived from the entries.

CREATE TABLE peers (
    origin       TEXT PRIMARY KEY,
    url          TEXT    NOT NULL,
    log_key      TEXT    NOT NULL,             -- verifier keys, as signed-note writes them
    witness_key  TEXT    NOT NULL,
    operator_key TEXT    NOT NULL,             -- z6Mk...
    vouch        INTEGER NOT NULL,
    source       TEXT    NOT NULL              -- 'configuration' or 'command'
) STRICT, WITHOUT ROWID;

-- How far we are with each peer's log, and it with ours.
CREATE TABLE peer_logs (
    origin        TEXT PRIMARY KEY,
    head_size     INTEGER,                     -- newest verified checkpoint
    head_root     BLOB,
    head_note     BLOB,
    verified      INTEGER NOT NULL DEFAULT 0,
    pulled        INTEGER NOT NULL DEFAULT 0,
    acknowledged  INTEGER NOT NULL DEFAULT 0,
    pause         TEXT,
    day           INTEGER NOT NULL DEFAULT 0,  -- days since 1970
    leaves_of_day INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE peer_work (
    origin     TEXT    NOT NULL,
    work       TEXT    NOT NULL,               -- 'announce', 'pull' or 'documents'
    failures   INTEGER NOT NULL,
    not_before INTEGER,                        -- all times: milliseconds since 1970
    last_ok    INTEGER,
    error_code TEXT,
    error_text TEXT,
    error_at   INTEGER,
    PRIMARY KEY (origin, work)
) STRICT, WITHOUT ROWID;

-- The inventory: hash tiles of peers' logs, verified against a root that the peer signed.
CREATE TABLE peer_tiles (
    origin TEXT    NOT NULL,
    level  INTEGER NOT NULL,
    idx    INTEGER NOT NULL,
    hashes BLOB    NOT NULL,                   -- up to 256 times 32 bytes
    PRIMARY KEY (origin, level, idx)
) STRICT, WITHOUT ROWID;

-- Leaves of peers that are not in our log, and why.
CREATE TABLE peer_leaves (
    leaf       BLOB    NOT NULL,
    origin     TEXT    NOT NULL,               -- the peer that has it
    state      TEXT    NOT NULL,               -- 'wanted', 'pending', 'refused' or 'twin'
    rule       TEXT,
    tries      INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    entry      BLOB,                           -- while it waits
    PRIMARY KEY (leaf, origin)
) STRICT;

CREATE INDEX peer_leaves_due ON peer_leaves (state, not_before);
CREATE INDEX peer_leaves_of ON peer_leaves (origin, state, not_before);

-- Documents that a peer was asked for and did not give.
CREATE TABLE document_tries (
    hash       BLOB    NOT NULL,
    origin     TEXT    NOT NULL,
    tries      INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    PRIMARY KEY (hash, origin)
) STRICT, WITHOUT ROWID;

-- The newest checkpoint of each peer that our witness key cosigned.
CREATE TABLE witnessed (
    origin TEXT PRIMARY KEY,
    size   INTEGER NOT NULL,
    root   BLOB    NOT NULL,
    note   BLOB    NOT NULL,
    name   TEXT    NOT NULL,
    time   INTEGER NOT NULL,                   -- seconds since 1970
    line   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- What convicts a peer, kept whole and for good.
CREATE TABLE evidence (
    digest BLOB    NOT NULL UNIQUE,            -- SHA-256 over kind and parts, so that the same is kept once
    origin TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    found  INTEGER NOT NULL,                   -- milliseconds since 1970
    first  BLOB    NOT NULL,
    second BLOB    NOT NULL,
    leaves BLOB    NOT NULL
) STRICT;
