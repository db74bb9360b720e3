-- How much is public of each year and sitting, and of each organ: sums of
-- published_counts, whose rows are as many as organs times years. They are kept with
-- it, whoever writes it. Who publishes or takes down locks the row of its organ first.
CREATE TABLE published_organs (
    organ_id bigint PRIMARY KEY REFERENCES organs,
    replies  bigint NOT NULL
);
CREATE INDEX published_organs_most ON published_organs (replies DESC, organ_id);

CREATE TABLE published_sittings (
    year    int NOT NULL,
    body    text NOT NULL,
    term    int NOT NULL,
    session int NOT NULL,
    replies bigint NOT NULL,
    PRIMARY KEY (year, body, term, session)
);

CREATE FUNCTION sum_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    more bigint := coalesce(NEW.replies, 0) - coalesce(OLD.replies, 0);
    of published_counts := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    INSERT INTO published_organs VALUES (of.organ_id, more)
    ON CONFLICT (organ_id) DO UPDATE SET replies = published_organs.replies + more;
    INSERT INTO published_sittings VALUES (of.year, of.body, of.term, of.session, more)
    ON CONFLICT (year, body, term, session) DO UPDATE SET replies = published_sittings.replies + more;
    RETURN NULL;
END
$$;

CREATE TRIGGER published_counts_are_summed AFTER INSERT OR UPDATE OR DELETE ON published_counts
    FOR EACH ROW EXECUTE FUNCTION sum_published();

INSERT INTO published_organs SELECT organ_id, sum(replies) FROM published_counts GROUP BY organ_id;
INSERT INTO published_sittings SELECT year, body, term, session, sum(replies) FROM published_counts GROUP BY year, body, term, session;
