-- name: FollowedIDs :many
SELECT s.proposal_id FROM proposers s
WHERE s.user_id = @user_id::bigint AND s.proposal_id < @before::bigint
GROUP BY s.proposal_id
ORDER BY s.proposal_id DESC
LIMIT @max_rows;

-- What comes next of each proposal depends on this, for one of its proposers; it
-- says the same as Standing does of one.
-- name: Courses :many
SELECT p.id,
       EXISTS (SELECT FROM deliveries v JOIN proposers s ON s.id = v.proposer_id
               WHERE v.reply_id = r.id AND v.day IS NOT NULL AND s.user_id = @user_id::bigint
                 AND NOT EXISTS (SELECT FROM feedbacks f
                                 WHERE f.reply_id = v.reply_id AND f.proposer_id = v.proposer_id AND f.channel = 'own')) AS unspoken,
       EXISTS (SELECT FROM deliveries v JOIN proposers s ON s.id = v.proposer_id
               WHERE v.reply_id = r.id AND v.day IS NULL AND s.user_id = @user_id) AS undelivered,
       -- Of a letter of long ago nobody waits for feedback, though all have it.
       (EXISTS (SELECT FROM deadlines d WHERE d.proposal_id = p.id AND d.rule = 'FEEDBACK_WAIT' AND d.round = r.round)
        OR EXISTS (SELECT FROM deliveries v WHERE v.reply_id = r.id AND v.day IS NULL))::boolean AS asked,
       EXISTS (SELECT FROM standing_feedbacks f
               WHERE f.reply_id = r.id AND (f.attitude = 'dissatisfied' OR f.result = 'dissatisfied')
                 AND NOT EXISTS (SELECT FROM redo_decisions n WHERE n.reply_id = f.reply_id AND n.at >= f.at)) AS undecided,
       (SELECT min(d.due) FROM deadlines d
        WHERE d.proposal_id = p.id AND d.rule = 'FEEDBACK_WAIT' AND d.met IS NULL AND d.ended IS NULL AND d.paused IS NULL)::date AS feedback_due,
       (SELECT min(d.due) FROM deadlines d
        WHERE d.proposal_id = p.id AND d.rule = 'PUBLISH' AND d.met IS NULL AND d.ended IS NULL AND d.paused IS NULL)::date AS publish_due,
       (SELECT min(c.due) FROM commitments c WHERE c.proposal_id = p.id AND c.state = 'open')::date AS promise_due,
       ARRAY(SELECT DISTINCT ON (l.reply_id) l.document_number FROM letters l
             WHERE l.proposal_id = p.id ORDER BY l.reply_id DESC, l.edition DESC)::text[] AS letters,
       e.at AS seen_at
FROM proposals p
JOIN replies r ON r.proposal_id = p.id AND r.round = p.round
LEFT JOIN visits w ON w.proposal_id = p.id AND w.user_id = @user_id
LEFT JOIN events e ON e.proposal_id = w.proposal_id AND e.seq = w.seq
WHERE p.id = ANY (@ids::bigint[])
ORDER BY p.id;

-- The latest events of each proposal that one of its proposers has not said to
-- have seen, with how many there are. What they did themselves is no news.
-- name: News :many
SELECT sqlc.embed(e), n.total
FROM unnest(@ids::bigint[]) AS wanted (id)
LEFT JOIN visits w ON w.proposal_id = wanted.id AND w.user_id = @user_id::bigint
JOIN LATERAL (
    SELECT x.seq, count(*) OVER ()::int AS total FROM events x
    WHERE x.proposal_id = wanted.id AND x.seq > coalesce(w.seq, 0) AND x.actor_id IS DISTINCT FROM @user_id
      AND NOT (x.verb = ANY (@hidden::text[]))
      AND NOT (x.verb = ANY (@about_deadlines::text[])
               AND EXISTS (SELECT FROM unnest(@hidden_names::text[]) AS h(name)
                           WHERE starts_with(x.note, h.name || '，') OR starts_with(x.note, h.name || '；')))
    ORDER BY x.seq DESC
    LIMIT @most::int) n ON true
JOIN events e ON e.proposal_id = wanted.id AND e.seq = n.seq
ORDER BY e.proposal_id, e.seq;

-- name: MarkSeen :exec
INSERT INTO visits (user_id, proposal_id, seq) VALUES (@user_id, @proposal_id, @seq)
ON CONFLICT (user_id, proposal_id) DO UPDATE SET seq = greatest(visits.seq, excluded.seq);
