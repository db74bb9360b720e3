-- name: WorkingCopy :one
SELECT * FROM working_copies WHERE reply_id = @reply_id AND user_id = @user_id;

-- name: KeepWorkingCopy :one
INSERT INTO working_copies (reply_id, user_id, editor_id, revision, base, text, result, publicity, withhold_reason, summary, kept_at)
VALUES (@reply_id, @user_id, @editor_id, @revision, @base, @text, @result, @publicity, @withhold_reason, @summary, @kept_at)
ON CONFLICT (reply_id, user_id) DO UPDATE
SET version = nextval('working_copy_versions'), editor_id = excluded.editor_id, revision = excluded.revision, base = excluded.base,
    text = excluded.text, result = excluded.result, publicity = excluded.publicity, withhold_reason = excluded.withhold_reason,
    summary = excluded.summary, kept_at = excluded.kept_at
RETURNING *;

-- name: DropWorkingCopy :execrows
DELETE FROM working_copies WHERE reply_id = @reply_id AND user_id = @user_id AND version = @version;

-- A draft that was saved takes up what its editor kept and what its writer read.
-- name: SettleWorkingCopy :exec
DELETE FROM working_copies
WHERE reply_id = @reply_id AND user_id = @user_id AND (editor_id::text = @editor_id::text OR version = @version);

-- name: OwnDraft :one
SELECT coalesce(max(number), 0)::int FROM drafts WHERE reply_id = @reply_id AND author_id = @author_id;
