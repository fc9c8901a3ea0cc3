-- Grants that ended are forgotten when the next one is given, so that they take no room for ever.
CREATE INDEX upload_grants_by_end ON upload_grants (expires);
