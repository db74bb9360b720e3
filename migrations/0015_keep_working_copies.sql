-- What a draft said beside its text, so that versions can be held against each
-- other field by field. Of drafts before this only the latest is known.
ALTER TABLE drafts
    ADD COLUMN result          text NOT NULL DEFAULT '' CHECK (result IN ('', 'adopted', 'in_progress', 'planned', 'reference')),
    ADD COLUMN publicity       text NOT NULL DEFAULT '' CHECK (publicity IN ('', 'full', 'summary', 'on_request', 'withheld')),
    ADD COLUMN withhold_reason text NOT NULL DEFAULT '',
    ADD COLUMN summary         text NOT NULL DEFAULT '';

ALTER TABLE drafts DISABLE TRIGGER drafts_are_final;
UPDATE drafts d
SET result = r.result, publicity = r.publicity, withhold_reason = r.withhold_reason, summary = r.summary
FROM replies r
WHERE r.id = d.reply_id AND r.draft_count = d.number;
ALTER TABLE drafts ENABLE TRIGGER drafts_are_final;

-- No two keepings have the same version, so that none is taken for another after
-- one was saved or thrown away.
CREATE SEQUENCE working_copy_versions;

-- What one person has written of a reply and not yet saved as a draft. It is
-- written over every few seconds and is no history.
CREATE TABLE working_copies (
    reply_id        bigint NOT NULL REFERENCES replies,
    user_id         bigint NOT NULL REFERENCES users,
    version         bigint NOT NULL DEFAULT nextval('working_copy_versions'),
    editor_id       uuid NOT NULL,
    revision        bigint NOT NULL CHECK (revision > 0), -- of what the editor sent
    base            int NOT NULL CHECK (base >= 0),       -- the draft that it began with; 0 for none
    text            text NOT NULL,
    result          text NOT NULL CHECK (result IN ('', 'adopted', 'in_progress', 'planned', 'reference')),
    publicity       text NOT NULL CHECK (publicity IN ('', 'full', 'summary', 'on_request', 'withheld')),
    withhold_reason text NOT NULL,
    summary         text NOT NULL,
    kept_at         timestamptz NOT NULL,
    PRIMARY KEY (reply_id, user_id)
);
