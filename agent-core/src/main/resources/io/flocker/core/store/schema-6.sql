CREATE TABLE signer (
  fingerprint TEXT PRIMARY KEY,
  certificate TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE volume_grant (
  volume TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  giver TEXT NOT NULL,
  taker TEXT NOT NULL,
  operation TEXT NOT NULL,
  final_snapshot TEXT NOT NULL,
  at INTEGER NOT NULL,
  signer TEXT NOT NULL REFERENCES signer,
  signature TEXT NOT NULL,
  PRIMARY KEY (volume, epoch)
) STRICT, WITHOUT ROWID;
