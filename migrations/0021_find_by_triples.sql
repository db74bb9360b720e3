-- Every three characters of a word that stand beside each other, of what is published:
-- apart from the pairs, for one tsvector holds no more than 1 MB. A program of before,
-- which may publish meanwhile, knows of none; the trigger adds them.
ALTER TABLE published_replies ADD COLUMN IF NOT EXISTS triples tsvector NOT NULL DEFAULT '';

CREATE FUNCTION triples_of(plain text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT substr(word, at, 3)), '{}'))
    FROM unnest(regexp_split_to_array(plain, '\s+')) word, generate_series(1, length(word) - 2) at
$$;

CREATE FUNCTION add_triples() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.triples := triples_of(NEW.plain);
    RETURN NEW;
END
$$;

CREATE TRIGGER published_replies_have_triples BEFORE INSERT ON published_replies
    FOR EACH ROW WHEN (NEW.triples = '') EXECUTE FUNCTION add_triples();

UPDATE published_replies SET triples = triples_of(plain) WHERE triples = '';

DROP INDEX published_replies_grams;
CREATE INDEX published_replies_grams ON published_replies USING gin (grams, triples) WITH (fastupdate = off);
ALTER TABLE published_replies ALTER triples SET STATISTICS 0;
