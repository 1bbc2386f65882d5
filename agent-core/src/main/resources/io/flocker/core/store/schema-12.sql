ALTER TABLE replication ADD COLUMN verified INTEGER;
ALTER TABLE replication ADD COLUMN verified_guid TEXT;
ALTER TABLE replication ADD COLUMN verified_snapshot TEXT;
ALTER TABLE replication ADD COLUMN drift TEXT;
