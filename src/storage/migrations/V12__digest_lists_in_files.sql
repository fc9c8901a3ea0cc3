-- Digest lists that have files of their own beside this one: those that came after their notice. A row is made before the first byte
-- comes, and its size is charged to an issuer from then on.
CREATE TABLE lists (
    hash   BLOB PRIMARY KEY,                   -- SHA-256 of the list, its name
    width  INTEGER NOT NULL,                   -- bytes of one digest
    count  INTEGER NOT NULL,                   -- digests
    issuer TEXT    NOT NULL,                   -- DID of the issuer that it is charged to
    state  TEXT    NOT NULL,                   -- 'coming' or 'here'
    blocks BLOB,                               -- RFC 6962 root over its blocks, when it is here
    since  INTEGER NOT NULL                    -- when something of it came last, milliseconds since 1970
) STRICT, WITHOUT ROWID;

CREATE INDEX lists_of_issuer ON lists (issuer);
CREATE INDEX lists_by_state  ON lists (state, since);
