-- What was removed here and why, what operators of peers state in their logs, and which logs go on under another name.

-- Documents that were removed, for as long as this folder lives. `statement` is what the operator's statement about it says, or absent
-- where only that it was removed is known.
CREATE TABLE tombstones (
    document  BLOB PRIMARY KEY,
    removed   INTEGER NOT NULL,                -- milliseconds since 1970
    statement BLOB
) STRICT, WITHOUT ROWID;

INSERT INTO tombstones (document, removed) SELECT hash, received FROM documents WHERE state = 'removed';

-- Removals that were asked for and are not done: 'asked', then 'buried' when no byte is left, and no row when the log says so too.
CREATE TABLE removals (
    document  BLOB PRIMARY KEY,
    step      TEXT    NOT NULL,
    asked     INTEGER NOT NULL,                -- milliseconds since 1970
    statement BLOB    NOT NULL,                -- what is to be signed
    trouble   TEXT                             -- what stood in the way last
) STRICT, WITHOUT ROWID;

-- What the operators of peers state, each in the log of their own. Every row was verified under the operator key of that peer.
CREATE TABLE peer_statements (
    origin  TEXT    NOT NULL,                  -- the log in which it stands
    leaf    BLOB    NOT NULL,                  -- RFC 6962 leaf hash of the entry
    kind    TEXT    NOT NULL,                  -- 'domain-verified', 'document-removed' or 'log-succeeds'
    subject TEXT    NOT NULL,                  -- what it is about: a lineage, a document, an origin
    seen    INTEGER NOT NULL,                  -- when it was read, milliseconds since 1970
    entry   BLOB    NOT NULL,                  -- canonical envelope, with the payload
    PRIMARY KEY (origin, leaf)
) STRICT, WITHOUT ROWID;

CREATE INDEX peer_statements_about ON peer_statements (kind, subject);

-- Until now these were refused like anything that nobody may submit. They are asked for again.
UPDATE peer_leaves SET state = 'wanted', rule = NULL, tries = 0, not_before = 0
WHERE state = 'refused' AND rule = 'not-submittable';

-- Logs of peers that ended, and the peer that goes on for each.
CREATE TABLE peer_successors (
    origin    TEXT PRIMARY KEY,                -- the log that ended
    successor TEXT    NOT NULL,
    leaf      BLOB    NOT NULL,                -- the statement, in the log of the successor
    since     INTEGER NOT NULL                 -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

-- The last claim to succeed a peer that was not believed.
CREATE TABLE peer_claims (
    origin   TEXT PRIMARY KEY,                 -- the peer
    claimant TEXT    NOT NULL,                 -- who would succeed it
    rule     TEXT    NOT NULL,
    why      TEXT    NOT NULL,                 -- a sentence
    at       INTEGER NOT NULL                  -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

-- The logs that this one succeeds, and the entry of this log that says so.
CREATE TABLE succeeded (
    origin TEXT PRIMARY KEY,
    leaf   BLOB NOT NULL
) STRICT, WITHOUT ROWID;
