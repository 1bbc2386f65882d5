CREATE TABLE replication_look (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  at INTEGER NOT NULL
) STRICT;
