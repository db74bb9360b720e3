-- Each move looks for the people it must tell, and must not read all accounts for it.
CREATE INDEX users_of_division ON users (division_id) WHERE division_id IS NOT NULL;
CREATE INDEX organs_that_oversee ON organs (id) WHERE oversight <> '';

-- The people of an organ by name.
CREATE INDEX users_of_organ ON users (organ_id, name);
DROP INDEX users_organ_id_idx; -- the one above begins as it does
