-- name: CreateImport :one
INSERT INTO hand_over_imports (organ_id, file_name, size, sha256, sheet, unread, hidden_rows, state, header_line, columns,
    kind, body, term, session, answering, role, handed_over, number_width, text_public, no_written_reply,
    uploaded_by, uploaded_at, row_count)
VALUES (@organ_id, @file_name, @size, @sha256, @sheet, @unread, @hidden_rows, 'uploaded', @header_line, @columns,
    @kind, @body, @term, @session, @answering, @role, @handed_over, @number_width, @text_public, @no_written_reply,
    @uploaded_by, @uploaded_at, @row_count)
RETURNING id;

-- name: CreateImportFile :exec
INSERT INTO hand_over_import_files (import_id, content) VALUES (@import_id, @content);

-- name: CreateImportRows :copyfrom
INSERT INTO hand_over_import_rows (import_id, line, cells) VALUES (@import_id, @line, @cells);

-- name: ImportByID :one
SELECT sqlc.embed(i), o.name AS organ, u.display_name AS uploader, coalesce(c.display_name, '')::text AS confirmer
FROM hand_over_imports i
JOIN organs o ON o.id = i.organ_id
JOIN users u ON u.id = i.uploaded_by
LEFT JOIN users c ON c.id = i.confirmed_by
WHERE i.id = @id;

-- name: ListedImports :many
SELECT sqlc.embed(i), o.name AS organ, u.display_name AS uploader, coalesce(c.display_name, '')::text AS confirmer
FROM hand_over_imports i
JOIN organs o ON o.id = i.organ_id
JOIN users u ON u.id = i.uploaded_by
LEFT JOIN users c ON c.id = i.confirmed_by
WHERE (@everything::boolean OR i.organ_id = @organ_id) AND (@before::bigint = 0 OR i.id < @before)
ORDER BY i.id DESC
LIMIT @max_rows;

-- name: LockImport :one
SELECT * FROM hand_over_imports WHERE id = @id FOR UPDATE;

-- name: ImportRows :many
SELECT line, cells, outcome, proposal_id, reason FROM hand_over_import_rows WHERE import_id = @import_id ORDER BY line;

-- name: MatchImport :exec
UPDATE hand_over_imports
SET version = version + 1, header_line = @header_line, columns = @columns, kind = @kind, body = @body, term = @term,
    session = @session, answering = @answering, role = @role, handed_over = @handed_over, number_width = @number_width,
    text_public = @text_public, no_written_reply = @no_written_reply, row_count = @row_count
WHERE id = @id;

-- name: ConfirmImport :exec
UPDATE hand_over_imports
SET version = version + 1, state = 'confirmed', confirmed_by = @confirmed_by::bigint, confirmed_at = @at::timestamptz
WHERE id = @id;

-- name: DeleteImport :exec
DELETE FROM hand_over_imports WHERE id = @id AND state = 'uploaded';

-- name: RemoveImports :exec
DELETE FROM hand_over_imports WHERE state = 'uploaded' AND uploaded_at < @before;

-- name: LockImportRow :one
SELECT outcome FROM hand_over_import_rows WHERE import_id = @import_id AND line = @line FOR UPDATE;

-- name: SettleImportRow :exec
-- The row and the count of its list change together.
WITH settled AS (
    UPDATE hand_over_import_rows r
    SET outcome = CASE WHEN sqlc.narg('proposal_id')::bigint IS NULL THEN 'refused' ELSE 'received' END,
        proposal_id = sqlc.narg('proposal_id')::bigint, reason = @reason
    WHERE r.import_id = @import_id AND r.line = @line
    RETURNING r.import_id, r.outcome
)
UPDATE hand_over_imports i
SET received_count = received_count + (s.outcome = 'received')::int, refused_count = refused_count + (s.outcome = 'refused')::int
FROM settled s WHERE i.id = s.import_id;

-- name: FinishImport :exec
UPDATE hand_over_imports SET state = 'done', done_at = @at::timestamptz WHERE id = @id AND state = 'confirmed';

-- name: TakenNumbers :many
-- Each is looked up by the index of numbers.
SELECT p.kind, p.body, p.term, p.session, p.number
FROM proposals p
JOIN (SELECT unnest(@kinds::text[]) AS kind, unnest(@bodies::text[]) AS body, unnest(@terms::int[]) AS term,
             unnest(@sessions::int[]) AS session, unnest(@numbers::text[]) AS number) w
  ON w.kind = p.kind AND w.body = p.body AND w.term = p.term AND w.session = p.session AND w.number = p.number
WHERE p.state <> 'returned'
ORDER BY p.number;
