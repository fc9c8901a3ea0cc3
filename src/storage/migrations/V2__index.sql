-- The index over the log: a pure function of the entries.

-- One row a notice, at the index of its first entry.
CREATE TABLE notices (
    idx       INTEGER PRIMARY KEY,
    notice_id BLOB    NOT NULL UNIQUE,
    kind      TEXT    NOT NULL,
    issuer    TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    issued    INTEGER NOT NULL,                -- seconds since 1970, as claimed
    first_seen INTEGER NOT NULL                -- milliseconds since 1970
) STRICT;

CREATE INDEX notices_of_issuer ON notices (issuer, idx);
CREATE INDEX notices_of_kind   ON notices (kind, idx);
CREATE INDEX notices_of_role   ON notices (role, idx);

CREATE TABLE facts (
    key  TEXT    NOT NULL,                     -- look-up key
    role TEXT    NOT NULL,                     -- what the notice says of it
    idx  INTEGER NOT NULL,
    PRIMARY KEY (key, role, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE priors (
    target BLOB    NOT NULL,                   -- the notice that is spoken of
    idx    INTEGER NOT NULL,                   -- the notice that speaks
    PRIMARY KEY (target, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE reasons (
    reason TEXT    NOT NULL,
    idx    INTEGER NOT NULL,
    PRIMARY KEY (reason, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_lists (
    algorithm TEXT    NOT NULL,
    list      BLOB    NOT NULL,
    role      TEXT    NOT NULL,
    idx       INTEGER NOT NULL,
    PRIMARY KEY (algorithm, list, role, idx)
) STRICT, WITHOUT ROWID;

-- Which detached documents the entries name.
CREATE TABLE document_names (
    hash  BLOB    NOT NULL,
    idx   INTEGER NOT NULL,
    kind  TEXT    NOT NULL,
    count INTEGER NOT NULL,                    -- digests of a list, 0 for texts
    PRIMARY KEY (hash, idx)
) STRICT, WITHOUT ROWID;

-- By notice: what fsck compares, and what a rebuild would replace.
CREATE INDEX facts_of_notice          ON facts (idx);
CREATE INDEX priors_of_notice         ON priors (idx);
CREATE INDEX reasons_of_notice        ON reasons (idx);
CREATE INDEX digest_lists_of_notice   ON digest_lists (idx);
CREATE INDEX document_names_of_notice ON document_names (idx);

-- Full-text search over names and texts; rowid is the index of the notice's first entry.
CREATE VIRTUAL TABLE words USING fts5 (names, texts, tokenize = "unicode61 remove_diacritics 2");
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
