-- name: GroupCounts :many
-- What there is of each group, of the organs that have the most overdue. What depends
-- on the day is counted in its index, the rest is kept counted. What all organs have
-- together stands in the lines of the organ 0.
WITH counted AS (
    SELECT 'overdue' AS what, c.organ_id, count(*) AS n,
           count(*) FILTER (WHERE c.due >= @since_30::date) AS to_30,
           count(*) FILTER (WHERE c.due >= @since_90::date AND c.due < @since_30) AS to_90,
           count(*) FILTER (WHERE c.due >= @since_180::date AND c.due < @since_90) AS to_180
    FROM commitments c
    WHERE c.state = 'open' AND c.due < @today::date AND c.kind = ANY (@kinds::text[])
      AND (sqlc.narg('organ_id')::bigint IS NULL OR c.organ_id = sqlc.narg('organ_id'))
    GROUP BY c.organ_id
    UNION ALL
    SELECT t.what, t.organ_id, sum(t.n), 0, 0, 0
    FROM commitment_tallies t
    WHERE t.what IN ('silent', 'slipped', 'dropped', 'contested', 'noted') AND t.kind = ANY (@kinds)
      AND (sqlc.narg('organ_id')::bigint IS NULL OR t.organ_id = sqlc.narg('organ_id'))
    GROUP BY t.what, t.organ_id
    HAVING sum(t.n) > 0
    UNION ALL
    SELECT 'due_soon', c.organ_id, count(*), 0, 0, 0
    FROM commitments c
    WHERE c.state = 'open' AND c.due BETWEEN @today AND @soon::date AND c.kind = ANY (@kinds)
      AND (sqlc.narg('organ_id')::bigint IS NULL OR c.organ_id = sqlc.narg('organ_id'))
    GROUP BY c.organ_id
    UNION ALL
    SELECT 'unowned', c.organ_id, count(*), 0, 0, 0
    FROM unowned_commitments c
    WHERE c.kind = ANY (@kinds)
      AND (sqlc.narg('organ_id')::bigint IS NULL OR c.organ_id = sqlc.narg('organ_id'))
    GROUP BY c.organ_id
), most AS (
    SELECT g.organ_id FROM counted g
    GROUP BY g.organ_id
    ORDER BY sum(CASE g.what WHEN 'overdue' THEN g.n ELSE 0 END) DESC, g.organ_id
    LIMIT @max_organs
), lines AS (
    SELECT 0 AS organ_id, g.what, sum(g.n) AS n, sum(g.to_30) AS to_30, sum(g.to_90) AS to_90, sum(g.to_180) AS to_180
    FROM counted g GROUP BY g.what
    UNION ALL
    SELECT g.organ_id, g.what, g.n, g.to_30, g.to_90, g.to_180
    FROM most m JOIN counted g ON g.organ_id = m.organ_id
)
SELECT l.organ_id::bigint AS organ_id, coalesce(o.name, '')::text AS organ,
       l.what::text AS what, l.n::int AS n, l.to_30::int AS to_30, l.to_90::int AS to_90, l.to_180::int AS to_180
FROM lines l
LEFT JOIN organs o ON o.id = l.organ_id
ORDER BY l.organ_id, l.what;

-- name: OverdueOwners :many
-- Of each of these organs, the owners with the most overdue at the places 1 to 5, the
-- others together at the place 6.
WITH owners AS (
    SELECT c.organ_id, c.owner_id, count(*) AS overdue
    FROM commitments c
    WHERE c.state = 'open' AND c.due < @today::date AND c.kind = ANY (@kinds::text[]) AND c.organ_id = ANY (@organ_ids::bigint[])
    GROUP BY c.organ_id, c.owner_id
), ranked AS (
    SELECT *, least(row_number() OVER (PARTITION BY organ_id ORDER BY overdue DESC, owner_id), 6) AS place FROM owners
), placed AS (
    SELECT organ_id, place, count(*) AS people, min(owner_id) AS owner_id, sum(overdue) AS overdue
    FROM ranked GROUP BY organ_id, place
)
SELECT p.organ_id, p.place::int AS place, p.people::int AS people, p.owner_id::bigint AS owner_id,
       (SELECT u.display_name FROM users u WHERE u.id = p.owner_id)::text AS owner, p.overdue::int AS overdue
FROM placed p
ORDER BY p.organ_id, p.place;

-- name: SlipCounts :many
-- By how many days those that were put off are later now than at first.
SELECT t.days, sum(t.n)::int AS n
FROM commitment_tallies t
WHERE t.what = 'slip' AND t.organ_id = 0 AND t.kind = ANY (@kinds::text[])
GROUP BY t.days
HAVING sum(t.n) > 0
ORDER BY t.days;

-- name: SlipCountsOfOrgan :many
SELECT greatest(c.due - c.first_due, 0)::int AS days, count(*)::int AS n
FROM commitments c
WHERE c.slips > 0 AND c.organ_id = @organ_id AND c.kind = ANY (@kinds::text[])
GROUP BY 1
ORDER BY 1;

-- name: LatestProgress :many
-- Each looks at the end of one commitment's history, not at all of it.
SELECT sqlc.embed(g), coalesce(u.display_name, '')::text AS author
FROM unnest(@commitment_ids::bigint[]) AS wanted (id)
JOIN LATERAL (
    SELECT p.id FROM progress p
    WHERE p.commitment_id = wanted.id AND p.kind IN ('progress', 'done', 'accepted', 'not_accepted', 'reopened', 'dropped')
    ORDER BY p.at DESC, p.id DESC LIMIT 1) last ON true
JOIN progress g ON g.id = last.id
LEFT JOIN users u ON u.id = g.author_id
ORDER BY g.commitment_id;

-- Who changes several commitments in as many statements takes their tallies first,
-- in the order in which a statement takes them.
-- name: LockTallies :exec
SELECT FROM commitment_tallies WHERE organ_id = @organ_id ORDER BY what, organ_id, kind, owner_id, days FOR UPDATE;
