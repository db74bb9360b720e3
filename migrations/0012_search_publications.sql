-- What the public finds: one row a proposal whose reply is published and was not
-- taken down. It is written and removed with the publication, in one transaction;
-- a job writes those from before this table.
CREATE TABLE published_replies (
    proposal_id    bigint PRIMARY KEY REFERENCES proposals,
    publication_id bigint NOT NULL UNIQUE REFERENCES publications,
    kind           text NOT NULL,
    organ_id       bigint NOT NULL REFERENCES organs,
    body           text NOT NULL,
    term           int NOT NULL,
    session        int NOT NULL,
    year           int NOT NULL, -- of the letter
    result         text NOT NULL,
    published      date NOT NULL,
    plain          text NOT NULL, -- title and text as the search sees them
    grams          tsvector NOT NULL
);

-- What is published goes into the index at once, and not on a list before it that
-- every search would read: there are many searches to a publication.
CREATE INDEX published_replies_grams ON published_replies USING gin (grams) WITH (fastupdate = off);
CREATE INDEX published_replies_latest ON published_replies (published DESC, proposal_id DESC);
CREATE INDEX published_replies_of_organ ON published_replies (organ_id, published DESC, proposal_id DESC);
CREATE INDEX published_replies_of_year ON published_replies (year, published DESC, proposal_id DESC);

-- Grams and texts are long: they stand apart from what lists read. Whoever asks the
-- index for grams has seen that they are rare. Without statistics Postgres believes
-- so, too; and to make them, it would read every letter.
ALTER TABLE published_replies SET (toast_tuple_target = 256);
ALTER TABLE published_replies ALTER grams SET STATISTICS 0, ALTER plain SET STATISTICS 0;

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
