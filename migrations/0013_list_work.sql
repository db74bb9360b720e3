-- What waits for somebody is found by who must do it and by when, in indexes that
-- hold only what waits: they stay small however many proposals there are.
CREATE INDEX proposals_waiting_of_organ ON proposals (organ_id, state, reply_due, id)
    WHERE state IN ('received', 'accepted', 'reviewing', 'signed', 'issued');
CREATE INDEX proposals_drafting ON proposals (handler_id, reply_due, id) WHERE state = 'drafting';
CREATE INDEX proposals_return_requested ON proposals (reply_due, id) WHERE state = 'return_requested';
CREATE INDEX deadlines_waiting ON deadlines (organ_id, rule, due, id)
    WHERE rule IN ('COHANDLE_OPINION', 'PUBLISH', 'URGE_ANSWER') AND met IS NULL AND ended IS NULL;
CREATE INDEX copies_unacknowledged ON copies (organ_id, reply_id) WHERE sent_at IS NOT NULL AND acknowledged_at IS NULL;
CREATE INDEX commitments_noted_of_organ ON commitments (organ_id, (coalesce(due, words_due, 'infinity'::date)), id)
    WHERE state = 'noted';
CREATE INDEX commitments_offered_to ON commitments (offered_to, due, id) WHERE offered_to IS NOT NULL;
CREATE INDEX commitments_done ON commitments (due, id) INCLUDE (kind, owner_id, done_by) WHERE state = 'done';
CREATE INDEX commitments_done_of_organ ON commitments (organ_id, due, id) INCLUDE (owner_id, done_by) WHERE state = 'done';

-- A round with which somebody is not satisfied and of which nothing is decided
-- says so itself, since it is one of very many.
ALTER TABLE replies ADD COLUMN redo_waits boolean NOT NULL DEFAULT false;

CREATE FUNCTION redo_waits_of(reply bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM standing_feedbacks f WHERE f.reply_id = reply AND 'dissatisfied' IN (f.attitude, f.result))
       AND NOT EXISTS (SELECT FROM redo_decisions n
                       WHERE n.reply_id = reply
                         AND NOT EXISTS (SELECT FROM standing_feedbacks f
                                         WHERE f.reply_id = reply AND 'dissatisfied' IN (f.attitude, f.result) AND f.at > n.at))
$$;

CREATE FUNCTION watch_redo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE replies SET redo_waits = redo_waits_of(id) WHERE id = NEW.reply_id AND redo_waits <> redo_waits_of(id);
    RETURN NULL;
END
$$;

CREATE TRIGGER feedbacks_are_watched AFTER INSERT ON feedbacks FOR EACH ROW EXECUTE FUNCTION watch_redo();
CREATE TRIGGER redo_decisions_are_watched AFTER INSERT ON redo_decisions FOR EACH ROW EXECUTE FUNCTION watch_redo();

UPDATE replies SET redo_waits = true
WHERE id IN (SELECT f.reply_id FROM feedbacks f WHERE 'dissatisfied' IN (f.attitude, f.result)) AND redo_waits_of(id);

CREATE INDEX replies_redo_waits ON replies (proposal_id) WHERE redo_waits;

-- Each order of the list of proposals has an index, of all and of one organ's.
CREATE INDEX proposals_by_due ON proposals (
    (state NOT IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed')), reply_due, id);
CREATE INDEX proposals_by_due_of_organ ON proposals (
    organ_id, (state NOT IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed')), reply_due, id);
CREATE INDEX proposals_by_number ON proposals (kind, (-term), (-session), number, id);
CREATE INDEX proposals_by_number_of_organ ON proposals (organ_id, kind, (-term), (-session), number, id);
CREATE INDEX proposals_by_hand_over ON proposals (handed_over, id);
CREATE INDEX proposals_by_hand_over_of_organ ON proposals (organ_id, handed_over, id);
-- What few of them are, or have, is found by that.
CREATE INDEX proposals_by_state ON proposals (state, id);
CREATE INDEX proposals_of_sitting ON proposals (body, term, session, id);
CREATE INDEX replies_by_result ON replies (result, proposal_id) WHERE result <> '';
-- Which other organs' proposals an organ helps with.
CREATE INDEX assignments_helping ON assignments (organ_id, proposal_id) WHERE role = 'helper';

-- What words find a proposal by. It stands apart, so that a move of a proposal does
-- not write it again; title and number never change.
CREATE TABLE proposal_words (
    proposal_id bigint PRIMARY KEY REFERENCES proposals,
    plain       text NOT NULL,  -- as [plain_words] makes it
    grams       text[] NOT NULL -- each character, and each two beside each other
);

-- Letters of full width are those of half width, and great ones small ones.
CREATE FUNCTION plain_words(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(normalize(words, NFKC))
$$;

CREATE FUNCTION grams_of(plain text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(plain, at, n))
    FROM generate_series(1, length(plain)) at, generate_series(1, 2) n
    WHERE at + n - 1 <= length(plain)
$$;

CREATE FUNCTION index_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    plain text := plain_words(NEW.title || ' ' || NEW.number);
BEGIN
    INSERT INTO proposal_words VALUES (NEW.id, plain, grams_of(plain));
    RETURN NULL;
END
$$;

CREATE TRIGGER proposals_are_found AFTER INSERT ON proposals FOR EACH ROW EXECUTE FUNCTION index_proposal();

INSERT INTO proposal_words
SELECT p.id, w.plain, grams_of(w.plain)
FROM proposals p, LATERAL (SELECT plain_words(p.title || ' ' || p.number) AS plain) w;

CREATE INDEX proposal_words_grams ON proposal_words USING gin (grams);
ALTER TABLE proposal_words ALTER grams SET STATISTICS 1000;

-- The filters that people keep, as the contract's JSON.
CREATE TABLE filters (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    name    text NOT NULL CHECK (name <> ''),
    list    text NOT NULL,
    CONSTRAINT filter_name UNIQUE (user_id, name)
);
