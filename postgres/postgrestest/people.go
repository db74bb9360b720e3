package postgrestest

import (
	"context"
	"crypto/sha256"
	"testing"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
)

// Conn is what both a pool and a transaction can do.
type Conn interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// People are one organ that answers, one that helps, and everybody around them.
type People struct {
	Organ, Helper, Government, CPPCC, NPC int64 // organs
	Admin, Office                         casework.User
	Handler, OtherHandler                 casework.User // of the same division
	Head, Leader                          casework.User // 处长 of that division, 委领导
	HelperOffice                          casework.User
	Supervisor, CPPCCSupervisor           casework.User // 建议提案处, 提案办
	NPCSupervisor                         casework.User // 代表工作处
	Delegate, OtherDelegate               casework.User
}

// NewPeople puts the people on record. Each has a bearer token, see [Token].
func NewPeople(t testing.TB, conn Conn) People {
	t.Helper()
	id := func(sql string, args ...any) (id int64) {
		must(t, conn.QueryRow(t.Context(), sql, args...).Scan(&id))
		return id
	}
	organ := func(name, short, cppcc, npc string) int64 {
		return id(`INSERT INTO organs (name, short_name, office_name, cppcc_prefix, npc_prefix)
			VALUES ($1, $2, $2 || '办公室', $3, $4) RETURNING id`, name, short, cppcc, npc)
	}
	var p People
	p.Organ = organ("某市试验委员会", "市试验委", "某试提复", "某试建复")
	p.Helper = organ("某市帮办局", "市帮办局", "", "")
	oversees := func(o casework.Oversight) int64 { return id(`SELECT id FROM organs WHERE oversight = $1`, o) }
	p.Government, p.CPPCC, p.NPC = oversees("government"), oversees("cppcc"), oversees("npc")
	division := id(`INSERT INTO divisions (organ_id, name) VALUES ($1, '试验处') RETURNING id`, p.Organ)
	user := func(name string, role casework.Role, organ, division int64, o casework.Oversight) casework.User {
		u := casework.User{Name: name, Roles: []casework.Role{role}, OrganID: organ, DivisionID: division, Oversight: o}
		u.ID = id(`INSERT INTO users (name, display_name, password_hash, roles, organ_id, division_id)
			VALUES ($1, $1, '', $2, nullif($3, 0), nullif($4, 0)) RETURNING id`, name, u.Roles, organ, division)
		hash := sha256.Sum256([]byte(Token(u)))
		id(`INSERT INTO tokens (user_id, kind, name, hash, created_at, expires_at)
			VALUES ($1, 'api', 'test', $2, '2000-01-01', '2100-01-01') RETURNING id`, u.ID, hash[:])
		return u
	}
	p.Admin = user("admin", casework.Admin, 0, 0, "")
	p.Office = user("office", casework.Office, p.Organ, 0, "")
	p.Handler = user("handler", casework.Handler, p.Organ, division, "")
	p.OtherHandler = user("other-handler", casework.Handler, p.Organ, division, "")
	p.Head = user("head", casework.Reviewer, p.Organ, division, "")
	p.Leader = user("leader", casework.Reviewer, p.Organ, 0, "")
	p.HelperOffice = user("helper-office", casework.Office, p.Helper, 0, "")
	p.Supervisor = user("supervisor", casework.Supervisor, p.Government, 0, casework.OverseesGovernment)
	p.CPPCCSupervisor = user("cppcc-supervisor", casework.Supervisor, p.CPPCC, 0, casework.OverseesCPPCC)
	p.NPCSupervisor = user("npc-supervisor", casework.Supervisor, p.NPC, 0, casework.OverseesNPC)
	p.Delegate = user("delegate", casework.Delegate, 0, 0, "")
	p.OtherDelegate = user("other-delegate", casework.Delegate, 0, 0, "")
	return p
}

// All lists everybody.
func (p People) All() []casework.User {
	return []casework.User{
		p.Admin, p.Office, p.Handler, p.OtherHandler, p.Head, p.Leader, p.HelperOffice,
		p.Supervisor, p.CPPCCSupervisor, p.NPCSupervisor, p.Delegate, p.OtherDelegate,
	}
}

// Token is the secret with which u of [People] calls RPCs.
func Token(u casework.User) string { return "secret of " + u.Name }
