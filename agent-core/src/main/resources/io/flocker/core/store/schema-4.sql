CREATE TABLE hold (
  volume TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (volume, snapshot, tag)
) STRICT, WITHOUT ROWID;
