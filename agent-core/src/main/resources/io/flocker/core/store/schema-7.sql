CREATE TABLE confirmation (
  volume TEXT NOT NULL,
  peer TEXT NOT NULL,
  operation TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (volume, peer)
) STRICT, WITHOUT ROWID;
