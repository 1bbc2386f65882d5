CREATE TABLE release (
  volume TEXT PRIMARY KEY,
  record TEXT,
  peer TEXT NOT NULL,
  operation TEXT NOT NULL,
  final_snapshot TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE bare_folder (
  volume TEXT PRIMARY KEY,
  folder TEXT NOT NULL,
  mounted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
