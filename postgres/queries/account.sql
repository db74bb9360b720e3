-- name: CreateOrgan :one
INSERT INTO organs (name, short_name, office_name, oversight, cppcc_prefix, npc_prefix)
VALUES (@name, @short_name, @office_name, @oversight, @cppcc_prefix, @npc_prefix)
RETURNING *;

-- name: UpdateOrgan :one
UPDATE organs
SET name = @name, short_name = @short_name, office_name = @office_name, oversight = @oversight,
    cppcc_prefix = @cppcc_prefix, npc_prefix = @npc_prefix
WHERE id = @id
RETURNING *;

-- name: Organ :one
SELECT * FROM organs WHERE id = @id;

-- name: Organs :many
SELECT * FROM organs ORDER BY id;

-- Those that proposals are handed over to, as a list may name them.
-- name: OrganNames :many
SELECT id, name, short_name FROM organs WHERE oversight = '' ORDER BY id;

-- Those that answer, of which the most is public.
-- name: OrgansAnswering :many
SELECT sqlc.embed(o)
FROM organs o LEFT JOIN published_organs c ON c.organ_id = o.id
WHERE o.oversight = ''
ORDER BY coalesce(c.replies, 0) DESC, o.id
LIMIT @max_rows;

-- name: Divisions :many
SELECT * FROM divisions ORDER BY organ_id, id;

-- name: DivisionsOfOrgan :many
SELECT * FROM divisions WHERE organ_id = @organ_id ORDER BY id;

-- name: CreateDivision :one
INSERT INTO divisions (organ_id, name) VALUES (@organ_id, @name) RETURNING *;

-- name: RenameDivision :execrows
UPDATE divisions SET name = @name WHERE id = @id AND organ_id = @organ_id;

-- name: CreateUser :one
INSERT INTO users (name, display_name, password_hash, roles, organ_id, division_id)
VALUES (@name, @display_name, @password_hash, @roles, sqlc.narg('organ_id'), sqlc.narg('division_id'))
RETURNING id;

-- name: UserByID :one
SELECT sqlc.embed(u), coalesce(o.name, '')::text AS organ, coalesce(o.oversight, '')::text AS oversight,
       coalesce(v.name, '')::text AS division
FROM users u
LEFT JOIN organs o ON o.id = u.organ_id
LEFT JOIN divisions v ON v.id = u.division_id
WHERE u.id = @id;

-- name: LockUser :one
SELECT * FROM users WHERE id = @id FOR NO KEY UPDATE;

-- name: UserByName :one
SELECT * FROM users WHERE name = @name;

-- name: Users :many
SELECT sqlc.embed(u), coalesce(o.name, '')::text AS organ, coalesce(o.oversight, '')::text AS oversight,
       coalesce(v.name, '')::text AS division
FROM users u
LEFT JOIN organs o ON o.id = u.organ_id
LEFT JOIN divisions v ON v.id = u.division_id
WHERE u.name > @after
  AND (@everyone::boolean OR u.organ_id = @organ_id OR @delegates::boolean AND u.organ_id IS NULL)
  AND (@of_organ::bigint = 0 OR u.organ_id = @of_organ)
ORDER BY u.name
LIMIT @max_rows;

-- Those of these names to sign in with, and those whose own names may be taken for one
-- of these. An array, for by any other look-up Postgres reads all.
-- name: DelegateAccounts :many
SELECT id, name, display_name FROM users
WHERE NOT disabled AND 'delegate' = ANY (roles)
  AND (name = ANY (@names::text[])
    OR name_key(display_name) = ANY (ARRAY(SELECT name_key(shown) FROM unnest(@display_names::text[]) shown)))
ORDER BY id;

-- name: SetRoles :exec
UPDATE users SET roles = @roles, disabled = @disabled, version = version + 1 WHERE id = @id;

-- name: SetPassword :exec
UPDATE users SET password_hash = @password_hash, version = version + 1 WHERE id = @id;

-- name: SetFailures :exec
UPDATE users SET failed_count = @failed_count, locked_until = sqlc.narg('locked_until') WHERE id = @id;

-- name: CreateToken :one
INSERT INTO tokens (user_id, kind, name, hash, created_at, expires_at)
VALUES (@user_id, @kind, @name, @hash, @created_at, @expires_at)
RETURNING *;

-- name: Token :one
SELECT * FROM tokens WHERE id = @id;

-- Everything that a call needs to know of its caller, by one index.
-- name: UserByToken :one
SELECT u.id, u.display_name, u.roles, u.organ_id, u.division_id, coalesce(o.oversight, '')::text AS oversight,
       t.id AS token_id
FROM tokens t
JOIN users u ON u.id = t.user_id
LEFT JOIN organs o ON o.id = u.organ_id
WHERE t.hash = @hash AND t.revoked_at IS NULL AND t.expires_at > @now::timestamptz AND NOT u.disabled;

-- name: RevokeToken :execrows
UPDATE tokens SET revoked_at = @revoked_at::timestamptz
WHERE id = @id AND user_id = @user_id AND revoked_at IS NULL;

-- name: RevokeSessions :exec
UPDATE tokens SET revoked_at = @revoked_at::timestamptz
WHERE user_id = @user_id AND kind = 'session' AND revoked_at IS NULL AND id <> @but;

-- name: RevokeAll :exec
UPDATE tokens SET revoked_at = @revoked_at::timestamptz WHERE user_id = @user_id AND revoked_at IS NULL;

-- name: ClaimRequest :execrows
INSERT INTO requests (id, user_id, digest, at) VALUES (@id, @user_id, @digest, @at)
ON CONFLICT DO NOTHING;

-- name: Request :one
SELECT * FROM requests WHERE id = @id;

-- name: FinishRequest :exec
UPDATE requests SET subject_id = @subject_id WHERE id = @id;

-- name: LockDivisions :many
SELECT * FROM divisions WHERE id = ANY (@ids::bigint[]) ORDER BY id FOR NO KEY UPDATE;

-- What was merged into the one that is merged now goes where it goes.
-- name: MergeDivision :exec
UPDATE divisions SET merged_into = @into_id::bigint WHERE id = @id OR merged_into = @id;

-- name: MoveUsers :exec
UPDATE users SET division_id = @into_id::bigint, version = version + 1 WHERE division_id = @id::bigint;

-- In the order in which proposals are locked. What is closed may be opened again. They
-- are found among those of its organ: an index of divisions would cost each write more.
-- name: ProposalsOfDivision :many
SELECT id FROM proposals
WHERE organ_id = @organ_id AND division_id = @division_id::bigint AND state NOT IN ('withdrawn', 'returned')
ORDER BY id;

-- name: OpenPromisesOf :one
SELECT count(*) FROM commitments
WHERE state = 'open' AND (owner_id = sqlc.narg('owner_id') OR division_id = sqlc.narg('division_id'));
