-- How much is public of each year, sitting and organ: what the public pages offer
-- to choose from, without a look at every reply. It is counted in the transaction
-- that publishes or takes down.
CREATE TABLE published_counts (
    year     int NOT NULL,
    body     text NOT NULL,
    term     int NOT NULL,
    session  int NOT NULL,
    organ_id bigint NOT NULL REFERENCES organs,
    replies  bigint NOT NULL CHECK (replies >= 0),
    PRIMARY KEY (year, body, term, session, organ_id)
);

INSERT INTO published_counts (year, body, term, session, organ_id, replies)
SELECT year, body, term, session, organ_id, count(*)
FROM published_replies
GROUP BY year, body, term, session, organ_id;

-- Whoever asks the index for grams has seen that they are rare. Without statistics
-- Postgres believes so, too; and to make them, it would read every letter.
ALTER TABLE published_replies ALTER grams SET STATISTICS 0, ALTER plain SET STATISTICS 0;

-- What is published goes into the index at once, and not on a list before it that
-- every search would read: there are many searches to a publication.
ALTER INDEX published_replies_grams SET (fastupdate = off);
