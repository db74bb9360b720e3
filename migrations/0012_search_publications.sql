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

CREATE INDEX published_replies_grams ON published_replies USING gin (grams);
CREATE INDEX published_replies_latest ON published_replies (published DESC, proposal_id DESC);
CREATE INDEX published_replies_of_organ ON published_replies (organ_id, published DESC, proposal_id DESC);
CREATE INDEX published_replies_of_year ON published_replies (year, published DESC, proposal_id DESC);

-- Grams and texts are long: they stand apart from what lists read, and Postgres
-- learns of enough of the common grams to tell a rare word from one that is in
-- every other letter.
ALTER TABLE published_replies ALTER plain SET STORAGE EXTENDED, ALTER grams SET STORAGE EXTENDED;
ALTER TABLE published_replies ALTER grams SET STATISTICS 1000;
ALTER TABLE published_replies SET (toast_tuple_target = 256);
