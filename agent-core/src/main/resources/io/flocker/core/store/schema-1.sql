CREATE TABLE operation (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  kind TEXT NOT NULL,
  volume TEXT NOT NULL,
  input TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  state TEXT NOT NULL,
  started INTEGER NOT NULL,
  finished INTEGER,
  phase TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  total_bytes INTEGER,
  bytes_per_second INTEGER NOT NULL,
  result TEXT,
  problem TEXT
) STRICT;

CREATE INDEX operation_of_owner ON operation (owner, number);

CREATE INDEX operation_unfinished ON operation (number) WHERE finished IS NULL;

CREATE INDEX operation_finished ON operation (finished) WHERE finished IS NOT NULL;

CREATE TABLE idempotency_key (
  caller TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  claimed INTEGER NOT NULL,
  operation TEXT REFERENCES operation (id),
  status INTEGER,
  headers TEXT,
  body BLOB,
  PRIMARY KEY (caller, route, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_key_claimed ON idempotency_key (claimed);

CREATE INDEX idempotency_key_operation ON idempotency_key (operation) WHERE operation IS NOT NULL;
