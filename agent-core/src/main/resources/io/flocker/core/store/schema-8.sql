CREATE TABLE configuration (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  generation INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  deployment TEXT NOT NULL
) STRICT;
