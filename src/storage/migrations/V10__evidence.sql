-- Under which signed checkpoint the leaf hashes of a peer were verified: with it, a later one that contradicts them convicts the peer.
-- It may be larger than what was verified, which then goes on under it.
ALTER TABLE peer_logs ADD COLUMN read_size INTEGER;
ALTER TABLE peer_logs ADD COLUMN read_root BLOB;
ALTER TABLE peer_logs ADD COLUMN read_note BLOB;
UPDATE peer_logs SET read_size = head_size, read_root = head_root, read_note = head_note WHERE head_size = verified;

CREATE INDEX evidence_of ON evidence (origin);
