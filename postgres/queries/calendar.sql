-- The rule that holds for a trigger day: the newest one valid on it.
-- name: Rule :one
SELECT * FROM deadline_rules
WHERE code = @code AND kind = @kind AND valid_from <= @day
ORDER BY valid_from DESC
LIMIT 1;

-- The rule by which a deadline was started.
-- name: RuleFrom :one
SELECT * FROM deadline_rules WHERE code = @code AND kind = @kind AND valid_from = @valid_from;

-- name: RuleByID :one
SELECT * FROM deadline_rules WHERE id = @id;

-- The day on which another rule takes over, null for never.
-- name: RuleEnd :one
SELECT min(valid_from)::date FROM deadline_rules WHERE code = @code AND kind = @kind AND valid_from > @valid_from;

-- name: Rules :many
SELECT * FROM deadline_rules ORDER BY code, kind, valid_from DESC;

-- The names that rules of these codes have and had.
-- name: NamesOfRules :many
SELECT DISTINCT name FROM deadline_rules WHERE code = ANY (@codes::text[]) ORDER BY name;

-- name: CreateRule :one
INSERT INTO deadline_rules (code, kind, name, trigger, amount, unit, year_day, basis, confirmed, valid_from, note, set_by, set_at)
VALUES (@code, @kind, @name, @trigger, @amount, @unit, @year_day, @basis, @confirmed, @valid_from, @note, @set_by,
        @set_at::timestamptz)
RETURNING *;

-- name: CalendarDays :many
SELECT * FROM calendar_days WHERE day BETWEEN @first AND @last ORDER BY day;

-- name: CalendarYears :many
SELECT year FROM calendar_years ORDER BY year;

-- name: PutCalendarDay :exec
INSERT INTO calendar_days (day, off, name, notice) VALUES (@day, @off, @name, @notice)
ON CONFLICT (day) DO UPDATE SET off = excluded.off, name = excluded.name, notice = excluded.notice;

-- name: DropCalendarDay :exec
DELETE FROM calendar_days WHERE day = @day;

-- name: CreateCalendarYears :exec
INSERT INTO calendar_years (year, import_id) SELECT unnest(@years::int[]), @import_id::bigint ON CONFLICT DO NOTHING;

-- The years that an import made whole.
-- name: YearsOfImport :many
SELECT year FROM calendar_years WHERE import_id = @import_id::bigint ORDER BY year;

-- name: CreateCalendarImport :one
INSERT INTO calendar_imports (source, content, years, author_id, author, at)
VALUES (@source, @content, @years, sqlc.narg('author_id'), @author, @at)
RETURNING id;

-- name: CreateCalendarChange :exec
INSERT INTO calendar_changes (import_id, day, before, after) VALUES (@import_id, @day, @before, @after);

-- name: CalendarImports :many
SELECT i.id, i.source, i.years, i.author, i.at,
       (SELECT count(*) FROM calendar_changes c WHERE c.import_id = i.id)::int AS days
FROM calendar_imports i
ORDER BY i.id DESC
LIMIT 50;

-- name: CalendarChanges :many
SELECT * FROM calendar_changes WHERE import_id = @import_id ORDER BY day;
