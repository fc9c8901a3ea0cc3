-- What the log says of an entry beside its signed bytes: when it was first seen and where it came from. Nothing else could tell that a
-- bit of it flipped. Absent for entries that were written before there were seals.
ALTER TABLE entries ADD COLUMN seal INTEGER;
