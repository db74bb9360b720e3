package bench

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Facts are the people and the subjects of a database about which the bench asks:
// by their name in calls, pages and in the facts that follow.
type facts map[string]string

// factsOf finds each fact by one statement, which may name those before it. Who
// asks has more than nine of ten have: those who have much are measured, and not the
// one at the very end, who has the more the more of them there are.
var factsOf = []struct{ name, sql string }{
	{"organ", busy("organ_id", "proposals", "true")},
	{"handler", `SELECT p.handler_id FROM proposals p JOIN users u ON u.id = p.handler_id
		WHERE p.organ_id = $organ AND NOT u.disabled AND u.division_id IS NOT NULL
		GROUP BY p.handler_id ORDER BY count(*) DESC, p.handler_id LIMIT 1`},
	{"division", `SELECT division_id FROM users WHERE id = $handler`},
	{"office", `SELECT id FROM users WHERE organ_id = $organ AND 'office' = ANY (roles) AND NOT disabled ORDER BY id LIMIT 1`},
	{"head", `SELECT id FROM users WHERE organ_id = $organ AND 'reviewer' = ANY (roles) AND NOT disabled
		ORDER BY division_id = $division DESC NULLS LAST, id LIMIT 1`},
	{"leader", `SELECT id FROM users WHERE organ_id = $organ AND 'reviewer' = ANY (roles) AND NOT disabled AND division_id IS NULL
		ORDER BY id LIMIT 1`},
	{"government", supervisorOf("government")},
	{"cppcc", supervisorOf("cppcc")},
	{"governmentOrgan", `SELECT organ_id FROM users WHERE id = $government`},
	{"cppccOrgan", `SELECT organ_id FROM users WHERE id = $cppcc`},
	{"admin", `SELECT id FROM users WHERE 'admin' = ANY (roles) AND NOT disabled ORDER BY id LIMIT 1`},
	{"colleague", `SELECT id FROM users WHERE organ_id = $organ AND 'handler' = ANY (roles) AND NOT disabled AND id <> $handler ORDER BY id LIMIT 1`},
	{"helperOffice", `SELECT u.id FROM users u JOIN organs o ON o.id = u.organ_id
		WHERE o.oversight = '' AND o.id <> $organ AND 'office' = ANY (u.roles) AND NOT u.disabled ORDER BY u.id LIMIT 1`},
	{"helper", `SELECT organ_id FROM users WHERE id = $helperOffice`},
	{"delegate", busy("user_id", "proposers", "user_id IS NOT NULL")},
	{"followed", `SELECT max(proposal_id) FROM proposers WHERE user_id = $delegate`},
	{"published", `SELECT r.proposal_id FROM publications u JOIN replies r ON r.id = u.reply_id
		JOIN proposals p ON p.id = r.proposal_id AND p.round = r.round
		WHERE u.taken_down IS NULL AND p.organ_id = $organ ORDER BY u.id DESC LIMIT 1`},
	{"drafted", `SELECT p.id FROM proposals p JOIN replies r ON r.proposal_id = p.id AND r.round = p.round
		WHERE p.organ_id = $organ AND p.state IN ('drafting', 'reviewing', 'signed') AND r.draft_count > 0 ORDER BY p.id DESC LIMIT 1`},
	{"commitment", `SELECT id FROM commitments WHERE organ_id = $organ AND state = 'open' ORDER BY id DESC LIMIT 1`},
	{"owner", busy("owner_id", "commitments", "organ_id = $organ AND owner_id IS NOT NULL")},
	{"reader", `SELECT coalesce((` + busy("user_id", "notices", "true") + `), $handler)`},
	{"title", `SELECT regexp_replace(title, '^关于|的(提案|建议)$', '', 'g') FROM proposals WHERE id = $published`},
	{"year", `SELECT extract(year FROM published)::int FROM publications ORDER BY id DESC LIMIT 1`},
}

// busy finds one who has more rows of a table than nine of ten.
func busy(who, table, where string) string {
	return `SELECT of FROM (SELECT ` + who + ` AS of, row_number() OVER (ORDER BY count(*) DESC, ` + who + `) AS place, count(*) OVER () AS people
		FROM ` + table + ` WHERE ` + where + ` GROUP BY ` + who + `) x WHERE place = 1 + people / 10`
}

func supervisorOf(oversight string) string {
	return `SELECT u.id FROM users u JOIN organs o ON o.id = u.organ_id
		WHERE o.oversight = '` + oversight + `' AND 'supervisor' = ANY (u.roles) AND NOT u.disabled ORDER BY u.id LIMIT 1`
}

// find finds the facts of a database.
func find(ctx context.Context, pool *pgxpool.Pool) (facts, error) {
	f := facts{}
	for _, q := range factsOf {
		var value any
		err := pool.QueryRow(ctx, f.fill(q.sql)).Scan(&value)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && value == nil {
			return nil, fmt.Errorf("the data have no %s to measure with", q.name)
		}
		if err != nil {
			return nil, fmt.Errorf("find %s: %w", q.name, err)
		}
		f[q.name] = fmt.Sprint(value)
	}
	title := []rune(f["title"])
	f["word"], f["phrase"] = string(title[:min(2, len(title))]), string(title[:min(6, len(title))])
	f["words"] = f["word"] + " " + string(title[max(len(title)-2, 0):])
	return f, nil
}

// reference is how a text names a fact.
var reference = regexp.MustCompile(`\$[a-zA-Z]+`)

// fill puts the facts where a text names them: $organ.
func (f facts) fill(text string) string {
	// A name that begins another must not be taken for it.
	return reference.ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := f[strings.TrimPrefix(name, "$")]; ok {
			return value
		}
		return name
	})
}

// token lets the person of a fact call RPCs, and returns the secret; none for "". It
// is the same in both databases, for there are writes that change it.
func (r *run) token(ctx context.Context, who string) (string, error) {
	if who == "" {
		return "", nil
	}
	secret := "measured as " + r.facts[who]
	hash := sha256.Sum256([]byte(secret))
	for _, pool := range []*pgxpool.Pool{r.pool, r.twin} {
		_, err := pool.Exec(ctx, `INSERT INTO tokens (id, user_id, kind, name, hash, created_at, expires_at) OVERRIDING SYSTEM VALUE
			SELECT -id, id, 'api', 'bench', $2, now(), now() + interval '30 days' FROM users WHERE id::text = $1
			ON CONFLICT (hash) DO UPDATE SET revoked_at = NULL WHERE tokens.revoked_at IS NOT NULL`, r.facts[who], hash[:])
		if err != nil {
			return "", err
		}
	}
	return secret, nil
}
