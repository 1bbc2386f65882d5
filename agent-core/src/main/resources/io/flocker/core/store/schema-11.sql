CREATE TABLE notification (
  target TEXT NOT NULL,
  volume TEXT NOT NULL,
  peer TEXT NOT NULL,
  state TEXT NOT NULL,
  told INTEGER NOT NULL,
  PRIMARY KEY (target, volume, peer)
) STRICT, WITHOUT ROWID;
