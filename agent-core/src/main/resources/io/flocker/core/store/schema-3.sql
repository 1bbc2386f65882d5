ALTER TABLE operation ADD COLUMN subject TEXT;

UPDATE operation SET subject = volume;

ALTER TABLE operation DROP COLUMN volume;

ALTER TABLE operation RENAME COLUMN subject TO volume;
