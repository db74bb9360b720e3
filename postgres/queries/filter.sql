-- name: CreateFilter :one
INSERT INTO filters (user_id, name, list) VALUES (@user_id, @name, @list) RETURNING id;

-- name: CountFilters :one
SELECT count(*) FROM filters WHERE user_id = @user_id;

-- name: Filter :one
SELECT * FROM filters WHERE id = @id AND user_id = @user_id;

-- name: Filters :many
SELECT * FROM filters WHERE user_id = @user_id ORDER BY id;

-- name: DeleteFilter :execrows
DELETE FROM filters WHERE id = @id AND user_id = @user_id;
