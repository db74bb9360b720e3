-- name: CreateFile :one
INSERT INTO files (commitment_id, name, media_type, size, sha256, public, uploaded_by, uploaded_at)
VALUES (@commitment_id, @name, @media_type, @size, @sha256, @public, @uploaded_by, @uploaded_at)
RETURNING id;

-- name: File :one
SELECT sqlc.embed(f), u.display_name AS uploader, c.proposal_id
FROM files f
JOIN users u ON u.id = f.uploaded_by
JOIN commitments c ON c.id = f.commitment_id
WHERE f.id = @id;

-- name: FilesOf :many
SELECT sqlc.embed(f), u.display_name AS uploader, c.proposal_id
FROM files f
JOIN users u ON u.id = f.uploaded_by
JOIN commitments c ON c.id = f.commitment_id
WHERE f.commitment_id = @commitment_id AND f.progress_id IS NOT NULL
ORDER BY f.id;

-- name: PublicFilesOf :many
SELECT sqlc.embed(f), u.display_name AS uploader, c.proposal_id
FROM files f
JOIN users u ON u.id = f.uploaded_by
JOIN commitments c ON c.id = f.commitment_id
WHERE f.commitment_id = ANY (@commitment_ids::bigint[]) AND f.progress_id IS NOT NULL AND f.public
ORDER BY f.id;

-- name: HoldDigest :exec
-- Whoever writes or removes bytes holds their digest, so that nobody removes what
-- another is about to refer to.
SELECT pg_advisory_xact_lock(@key::bigint);

-- name: LockFile :one
SELECT * FROM files WHERE id = @id FOR UPDATE;

-- name: MarkStored :exec
UPDATE files SET stored = true WHERE id = @id;

-- name: AttachableFiles :many
SELECT id FROM files
WHERE id = ANY (@ids::bigint[]) AND commitment_id = @commitment_id AND uploaded_by = @uploaded_by
  AND progress_id IS NULL AND stored
ORDER BY id
FOR UPDATE;

-- name: AttachFiles :exec
-- The line just written is the commitment's last: the commitment is locked.
UPDATE files
SET progress_id = (SELECT max(g.id) FROM progress g WHERE g.commitment_id = @commitment_id)
WHERE files.id = ANY (@ids::bigint[]);

-- name: TakeBackFiles :many
-- A file that nobody named in time is taken back first, so that nobody names it
-- while its bytes are removed.
WITH taken AS (
    UPDATE files SET stored = false
    WHERE id IN (SELECT f.id FROM files f
                 WHERE f.progress_id IS NULL AND f.uploaded_at < @before
                 ORDER BY f.uploaded_at LIMIT @max_rows
                 FOR UPDATE SKIP LOCKED)
      AND progress_id IS NULL
    RETURNING id, sha256
)
SELECT id, sha256 FROM taken ORDER BY id;

-- name: DeleteFile :execrows
DELETE FROM files WHERE id = @id AND progress_id IS NULL AND NOT stored;

-- name: DigestUsed :one
SELECT EXISTS (SELECT FROM files WHERE sha256 = @sha256);
