CREATE TABLE replication (
  volume TEXT NOT NULL,
  peer TEXT NOT NULL,
  changed INTEGER,
  guid TEXT,
  snapshot TEXT,
  taken INTEGER,
  proven INTEGER,
  setback TEXT,
  tries INTEGER NOT NULL,
  failed INTEGER,
  problem TEXT,
  next_try INTEGER,
  PRIMARY KEY (volume, peer)
) STRICT, WITHOUT ROWID;
