-- A deadline also follows a commitment, may end unmet, may pause, and says when
-- somebody must next be told of it. It keeps what its rule said when it began:
-- rules are never edited, so these columns cannot drift from their row.
ALTER TABLE deadlines
    ADD COLUMN commitment_id bigint REFERENCES commitments,
    ADD COLUMN rule_from     date,        -- which row of deadline_rules it was started by
    ADD COLUMN unit          text NOT NULL DEFAULT 'none'
        CHECK (unit IN ('working_day', 'calendar_day', 'month', 'none')), -- none: the day was agreed
    ADD COLUMN amount        int NOT NULL DEFAULT 0,
    ADD COLUMN ended         date,        -- no longer asked for: withdrawn, returned, waived
    ADD COLUMN paused        date,        -- the day since which it does not run
    ADD COLUMN armed_at      timestamptz NOT NULL DEFAULT now(), -- since when its present day stands
    ADD COLUMN next_notice   timestamptz, -- when the sweep looks at it again; null for never
    ADD CONSTRAINT notice_only_while_running
        CHECK (next_notice IS NULL OR met IS NULL AND ended IS NULL AND paused IS NULL),
    ADD CHECK ((rule = 'COMMITMENT') = (commitment_id IS NOT NULL));

-- The sweep walks what is due, not what exists.
CREATE INDEX deadlines_next_notice ON deadlines (next_notice, id) WHERE next_notice IS NOT NULL;
CREATE INDEX deadlines_commitment ON deadlines (commitment_id) WHERE commitment_id IS NOT NULL;
-- A change of the calendar asks only for what counts working days and is still
-- ahead of the first day that changed; a change of a rule, for its own.
CREATE INDEX deadlines_by_calendar ON deadlines (due)
    WHERE unit = 'working_day' AND met IS NULL AND ended IS NULL;
CREATE INDEX deadlines_by_rule ON deadlines (rule, trigger_day) WHERE met IS NULL AND ended IS NULL;

DROP INDEX deadline_open;
CREATE UNIQUE INDEX deadline_open ON deadlines (proposal_id, rule, organ_id, round, coalesce(commitment_id, 0))
    WHERE met IS NULL AND ended IS NULL;

-- A reply whose deadline is paused is not overdue.
ALTER TABLE proposals ADD COLUMN reply_paused boolean NOT NULL DEFAULT false;
DROP INDEX proposals_waiting;
CREATE INDEX proposals_waiting ON proposals (reply_due)
    WHERE state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed') AND NOT reply_paused;

-- Every way in which a deadline stopped, ran again or moved.
CREATE TABLE deadline_changes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deadline_id bigint NOT NULL REFERENCES deadlines,
    cause       text NOT NULL
        CHECK (cause IN ('extension', 'calendar', 'rule', 'pause', 'resume', 'due_change', 'reopened')),
    cause_id    bigint, -- the calendar import or the rule
    before      date NOT NULL,
    after       date NOT NULL,
    provisional boolean NOT NULL DEFAULT false, -- whether the day after is
    rule_from   date,   -- of a rule: which row of deadline_rules it went by before
    met         date,   -- of one that was reopened: the day on which it had been met
    since       date,   -- of a resume: the first day that did not count
    until       date,   -- of a resume: the first day that counts again
    removed     int,    -- of a resume: how many days did not count, in the deadline's unit
    reason      text NOT NULL,
    author_id   bigint REFERENCES users,
    author      text NOT NULL,
    at          timestamptz NOT NULL,
    CHECK ((cause = 'resume') = (since IS NOT NULL AND until IS NOT NULL AND removed IS NOT NULL)),
    CHECK ((cause = 'reopened') = (met IS NOT NULL))
);

CREATE INDEX ON deadline_changes (deadline_id);
CREATE INDEX ON deadline_changes (cause, cause_id) WHERE cause_id IS NOT NULL;

CREATE TRIGGER deadline_changes_are_final BEFORE UPDATE OR DELETE ON deadline_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deadline_changes_are_kept BEFORE TRUNCATE ON deadline_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Rules that count nothing yet belong to the table: at once (0 days), on a day of
-- every year, and on record only.
ALTER TABLE deadline_rules
    DROP CONSTRAINT deadline_rules_amount_check,
    DROP CONSTRAINT deadline_rules_unit_check,
    ADD COLUMN id       bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN year_day text NOT NULL DEFAULT '' CHECK (year_day ~ '^((0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$'),
    ADD COLUMN note     text NOT NULL DEFAULT '',
    ADD COLUMN set_by   text NOT NULL DEFAULT '', -- empty for what was shipped
    ADD COLUMN set_at   timestamptz,
    ADD CHECK (amount >= 0),
    ADD CHECK (unit IN ('working_day', 'calendar_day', 'month', 'year_day', 'none')),
    ADD CHECK ((unit = 'year_day') = (year_day <> '')),
    ADD CHECK (unit NOT IN ('year_day', 'none') OR amount = 0);
ALTER TABLE deadline_rules RENAME CONSTRAINT deadline_rules_pkey TO deadline_rule;

-- SH-REG art. 14 counts from the day of receipt (收到之日), whenever it is signed for.
UPDATE deadline_rules SET trigger = '收到日' WHERE code = 'RETURN_WRONG';
UPDATE deadline_rules SET note = '督办单位决定的暂停不计入，这一日随之顺延' WHERE code = 'EXTEND_MAX';

CREATE TRIGGER deadline_rules_are_final BEFORE UPDATE OR DELETE ON deadline_rules
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deadline_rules_are_kept BEFORE TRUNCATE ON deadline_rules
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO deadline_rules (code, kind, name, trigger, amount, unit, year_day, basis, confirmed, valid_from, note) VALUES
    ('EXTEND_REQUEST', 'npc_suggestion', '申请延期', '答复期限届满前', 0, 'none', '', '上海市代表建议规定第十九条', true, '2000-01-01', '书面报告代表工作机构和市政府办公厅，经同意后延期，并告知代表'),
    ('EXTEND_REQUEST', 'cppcc_proposal', '申请延期', '答复期限届满前', 0, 'none', '', '比照代表建议', false, '2000-01-01', '书面报告提案办和市政府办公厅，经同意后延期，并告知提案者'),
    ('COPY', 'npc_suggestion', '抄送', '送达日', 0, 'calendar_day', '', '上海市代表建议规定第二十条', true, '2000-01-01', '答复代表的同时抄送；未抄送的不算办复'),
    ('COPY', 'cppcc_proposal', '抄送', '送达日', 0, 'calendar_day', '', '比照代表建议', false, '2000-01-01', '答复的同时抄送；未抄送的不算办复'),
    ('FEEDBACK_WAIT', 'npc_suggestion', '反馈', '送达日', 15, 'working_day', '', '上海无规定；外省市为10至20个工作日', false, '2000-01-01', '仅作提醒：届时未反馈的记为未反馈，不计入满意率'),
    ('FEEDBACK_WAIT', 'cppcc_proposal', '反馈', '送达日', 15, 'working_day', '', '上海无规定；外省市为10至20个工作日', false, '2000-01-01', '仅作提醒：届时未反馈的记为未反馈，不计入满意率'),
    ('HALF_YEAR_REPORT', 'npc_suggestion', '年中办理情况报告', '年中', 0, 'year_day', '06-30', '上海市代表建议规定第二十四条', false, '2000-01-01', '规定只说年中，没有写明日期'),
    ('YEAR_REPORT', 'npc_suggestion', '年终办理情况报告', '年终', 0, 'year_day', '11-15', '上海市代表建议规定第二十四条；2018年考核方案', false, '2000-01-01', '2018年为11月15日，2019年为11月下旬，以当年通知为准'),
    ('COMMIT_ROLL', 'npc_suggestion', '承诺转下年度', '年底', 0, 'year_day', '12-31', '上海市代表建议规定第二十二条', true, '2000-01-01', '年内尚未解决的，转下年度跟踪办理'),
    ('COMMIT_ROLL', 'cppcc_proposal', '承诺转下年度', '年底', 0, 'year_day', '12-31', '比照代表建议', false, '2000-01-01', '年内尚未解决的，转下年度跟踪办理'),
    ('COMMIT_TERM_END', 'npc_suggestion', '承诺届末说明', '换届', 0, 'none', '', '上海市代表建议规定第二十二条', true, '2000-01-01', '换届时尚未解决的，应向代表书面说明'),
    ('COMMIT_TERM_END', 'cppcc_proposal', '承诺届末说明', '换届', 0, 'none', '', '比照代表建议', false, '2000-01-01', '换届时尚未解决的，应向提案者书面说明');

-- What was loaded, by whom and from what: the calendar's own history.
CREATE TABLE calendar_imports (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source    text NOT NULL,
    content   bytea NOT NULL, -- the file as it was
    years     int[] NOT NULL, -- declared whole by it
    author_id bigint REFERENCES users,
    author    text NOT NULL,
    at        timestamptz NOT NULL
);

-- A year is complete because somebody said so, not because a day of it is known.
CREATE TABLE calendar_years (
    year      int PRIMARY KEY,
    import_id bigint REFERENCES calendar_imports -- null for what was shipped
);
INSERT INTO calendar_years SELECT generate_series(2021, 2026);

CREATE TABLE calendar_changes (
    import_id bigint NOT NULL REFERENCES calendar_imports,
    day       date NOT NULL,
    before    text NOT NULL, -- what the day was, in words; empty for what its weekday says
    after     text NOT NULL,
    PRIMARY KEY (import_id, day)
);

CREATE TRIGGER calendar_imports_are_final BEFORE UPDATE OR DELETE ON calendar_imports
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER calendar_imports_are_kept BEFORE TRUNCATE ON calendar_imports
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER calendar_changes_are_final BEFORE UPDATE OR DELETE ON calendar_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER calendar_changes_are_kept BEFORE TRUNCATE ON calendar_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was there before these columns.
UPDATE deadlines d SET rule_from = r.valid_from, unit = r.unit, amount = r.amount
FROM proposals p, deadline_rules r
WHERE p.id = d.proposal_id AND r.code = d.rule AND r.kind = p.kind
  AND r.valid_from = (SELECT max(x.valid_from) FROM deadline_rules x
                      WHERE x.code = d.rule AND x.kind = p.kind AND x.valid_from <= d.trigger_day);

-- Who asked to give a proposal back did so in time.
UPDATE deadlines d SET met = greatest(d.trigger_day, (r.at AT TIME ZONE 'Asia/Shanghai')::date)
FROM (SELECT proposal_id, min(asked_at) AS at FROM returns GROUP BY proposal_id) r
WHERE d.proposal_id = r.proposal_id AND d.rule = 'RETURN_WRONG' AND d.met IS NULL;

-- A reply that is out may still have to be published when all else is closed, but
-- not once another round has begun.
UPDATE deadlines d SET ended = greatest(d.trigger_day, (p.updated_at AT TIME ZONE 'Asia/Shanghai')::date)
FROM proposals p
WHERE p.id = d.proposal_id AND d.met IS NULL
  AND (p.state IN ('withdrawn', 'returned')
       OR p.state = 'closed' AND d.rule <> 'PUBLISH'
       OR p.state IN ('issued', 'answered') AND d.rule = 'COHANDLE_OPINION'
       OR d.rule = 'PUBLISH' AND d.round < p.round);

INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional, met, ended, commitment_id)
SELECT c.proposal_id, 'COMMITMENT', '承诺事项', l.document_number, r.round, p.organ_id, l.issue_date, c.first_due, c.due, false,
       CASE WHEN c.state IN ('done', 'kept') THEN c.done_day END,
       CASE WHEN c.state = 'dropped' THEN coalesce((SELECT max(g.day) FROM progress g
                                                    WHERE g.commitment_id = c.id AND g.kind = 'dropped'), c.due) END, c.id
FROM commitments c
JOIN letters l ON l.id = c.letter_id
JOIN replies r ON r.id = l.reply_id
JOIN proposals p ON p.id = c.proposal_id
WHERE c.state IN ('open', 'done', 'kept', 'dropped');

-- What its proposers say is waited for since the last of them has the letter.
INSERT INTO deadlines (proposal_id, rule, rule_from, name, basis, unit, amount, round, organ_id, trigger_day, first_due, due, provisional)
SELECT p.id, f.code, f.valid_from, f.name, f.basis, f.unit, f.amount, p.round, p.organ_id, v.last, w.day, w.day,
       NOT EXISTS (SELECT FROM calendar_years y WHERE y.year = extract(year FROM w.day))
FROM proposals p
JOIN deadline_rules f ON f.code = 'FEEDBACK_WAIT' AND f.kind = p.kind
JOIN LATERAL (SELECT max(s.day) AS last FROM deliveries s JOIN replies r ON r.id = s.reply_id
              WHERE r.proposal_id = p.id AND r.round = p.round
              HAVING count(*) = count(s.day)) v ON v.last IS NOT NULL
JOIN LATERAL (SELECT g.day::date AS day
              FROM generate_series(v.last + 1, v.last + 90, interval '1 day') g(day)
              LEFT JOIN calendar_days c ON c.day = g.day
              LEFT JOIN calendar_years y ON y.year = extract(year FROM g.day)
              WHERE NOT coalesce(c.off, extract(isodow FROM g.day) > 5
                                 OR y.year IS NULL AND to_char(g.day, 'MM-DD') IN ('01-01', '05-01', '05-02', '10-01', '10-02', '10-03'))
              ORDER BY g.day
              OFFSET f.amount - 1
              LIMIT 1) w ON true
WHERE p.state IN ('issued', 'answered');

INSERT INTO deadline_changes (deadline_id, cause, before, after, reason, author_id, author, at)
SELECT d.id, 'due_change', g.before, g.after, g.reason, g.author_id, u.display_name, g.at
FROM due_changes g
JOIN deadlines d ON d.commitment_id = g.commitment_id
JOIN users u ON u.id = g.author_id
WHERE g.before IS NOT NULL
ORDER BY g.id;

-- An extension went on from the one before it. When it was decided only the
-- history says.
INSERT INTO deadline_changes (deadline_id, cause, before, after, reason, author_id, author, at)
SELECT d.id, 'extension', lag(e.until, 1, d.first_due) OVER (PARTITION BY d.id ORDER BY e.id), e.until, e.decision_reason,
       e.decided_by, u.display_name, coalesce(v.at, e.asked_at)
FROM (SELECT x.*, row_number() OVER (PARTITION BY x.proposal_id ORDER BY x.id) AS place
      FROM extensions x WHERE x.granted IS NOT NULL) e
JOIN deadlines d ON d.proposal_id = e.proposal_id AND d.rule = 'REPLY'
JOIN users u ON u.id = e.decided_by
LEFT JOIN (SELECT x.proposal_id, x.at, row_number() OVER (PARTITION BY x.proposal_id ORDER BY x.seq) AS place
           FROM events x WHERE x.verb = 'decide_extension') v ON v.proposal_id = e.proposal_id AND v.place = e.place
WHERE e.granted
ORDER BY e.id;

INSERT INTO deadline_changes (deadline_id, cause, before, after, reason, author, at)
SELECT d.id, 'due_change', d.first_due, d.due, '交回时确定', '', now()
FROM deadlines d WHERE d.rule = 'REDO' AND d.first_due <> d.due;

UPDATE deadlines SET next_notice = now() WHERE met IS NULL AND ended IS NULL;

-- The code of before knows nothing of the new columns: what it starts is armed
-- and put under its rule, what it meets or ends is looked at no more.
CREATE FUNCTION arm_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rule deadline_rules;
BEGIN
    IF NEW.met IS NOT NULL OR NEW.ended IS NOT NULL OR NEW.paused IS NOT NULL THEN
        NEW.next_notice := NULL;
    ELSIF TG_OP = 'INSERT' AND NEW.next_notice IS NULL THEN
        NEW.next_notice := now();
    END IF;
    IF TG_OP = 'INSERT' AND NEW.rule_from IS NULL AND NEW.commitment_id IS NULL THEN
        SELECT r.* INTO rule
        FROM deadline_rules r JOIN proposals p ON p.kind = r.kind
        WHERE p.id = NEW.proposal_id AND r.code = NEW.rule AND r.valid_from <= NEW.trigger_day
        ORDER BY r.valid_from DESC
        LIMIT 1;
        IF FOUND THEN
            NEW.rule_from := rule.valid_from;
            NEW.unit := rule.unit;
            NEW.amount := rule.amount;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER deadlines_are_armed BEFORE INSERT OR UPDATE OF met, ended, paused ON deadlines
    FOR EACH ROW EXECUTE FUNCTION arm_deadline();

-- Where a deadline began it began.
CREATE FUNCTION refuse_other_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the first day of a deadline is kept' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER deadlines_keep_their_beginning BEFORE UPDATE OF first_due, trigger_day ON deadlines
    FOR EACH ROW WHEN (OLD.first_due <> NEW.first_due OR OLD.trigger_day <> NEW.trigger_day)
    EXECUTE FUNCTION refuse_other_beginning();
