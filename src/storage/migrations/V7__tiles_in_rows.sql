-- Tiles in rows of 16 hashes: an append writes over the last row of a tile and not over the whole of it, which is eight times as long
-- on average and lies on pages of its own.

CREATE TABLE tiles_in_rows (
    level  INTEGER NOT NULL,
    idx    INTEGER NOT NULL,
    part   INTEGER NOT NULL,                   -- from 0
    hashes BLOB    NOT NULL,                   -- up to 16 times 32 bytes
    PRIMARY KEY (level, idx, part)
) STRICT, WITHOUT ROWID;

WITH RECURSIVE parts (part) AS (SELECT 0 UNION ALL SELECT part + 1 FROM parts WHERE part < 15)
INSERT INTO tiles_in_rows SELECT level, idx, part, substr(hashes, 512 * part + 1, 512) FROM tiles, parts
WHERE 512 * part < length(hashes) ORDER BY level, idx, part;
DROP TABLE tiles;
ALTER TABLE tiles_in_rows RENAME TO tiles;
