package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A ProposalOrder is one in which proposals are listed.
type ProposalOrder string

const (
	ByLatest   ProposalOrder = ""            // the last on record first
	ByDue      ProposalOrder = "due"         // what awaits its letter first, by its day
	ByNumber   ProposalOrder = "number"      // by kind, the latest sitting first
	ByHandOver ProposalOrder = "handed_over" // the last day first
)

// An Openness says whether a reply is public.
type Openness string

const (
	Published    Openness = "published"
	NotPublished Openness = "not_published"
)

// A ProposalFilter says which proposals are wanted.
type ProposalFilter struct {
	IDs        []int64 // all when empty
	State      casework.State
	Kind       casework.Kind
	Sitting    *casework.Sitting
	OrganID    int64
	DivisionID int64
	HandlerID  int64
	Result     string // of the present letter
	Openness   Openness
	Overdue    bool
	Mine       bool
	Contains   string // words, all of which must stand in the title or the number
	Order      ProposalOrder
	After      *Proposal // the last of the page before; nil for the first page
	Limit      int32
}

// ListProposals returns the proposals that u may see, in the order asked for.
func (d *DB) ListProposals(ctx context.Context, u casework.User, f ProposalFilter) ([]ListedProposal, error) {
	list, err := d.findProposals(ctx, u, f)
	if err != nil {
		return nil, err
	}
	out := make([]ListedProposal, len(list))
	for i, r := range list {
		out[i] = ListedProposal{Proposal: r.Proposal, Organ: r.Organ, Division: r.Division, Handler: r.Handler, Proposers: r.Proposers}
	}
	return out, d.countDown(ctx, d.conn, out)
}

// searchProposals runs one query for a page.
func (d *DB) searchProposals(ctx context.Context, u casework.User, f ProposalFilter, by wordSearch) ([]foundProposal, error) {
	sql, args := proposalSearch(u, f, d.Today(), by)
	// Planned for these filters each time: a rare state is found otherwise than one
	// that most are in.
	rows, err := d.conn.Query(ctx, "-- name: SearchProposals :many\n"+sql, pgx.QueryExecModeCacheDescribe, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[foundProposal])
}

// ListSittings returns the sittings at which proposals on record were handed in,
// the latest first.
func (d *DB) ListSittings(ctx context.Context) ([]casework.Sitting, error) {
	rows, err := q.Sittings(ctx, d.conn)
	out := make([]casework.Sitting, len(rows))
	for i, r := range rows {
		out[i] = casework.Sitting{Body: r.Body, Term: int(r.Term), Session: int(r.Session)}
	}
	return out, err
}

// listedColumns are the columns of a foundProposal, in the order of its fields. Names
// are looked up and not joined: to plan one more join takes longer than to look up a
// page of names.
const listedColumns = `p.id, p.version, p.kind, p.body, p.term, p.session, p.number, p.title, p.text, p.text_public, p.no_written_reply,
       p.state, p.round, p.organ_id, p.division_id, p.handler_id, p.handed_over, p.reply_due, p.received_at, p.updated_at,
       p.event_count, p.event_hash, p.reply_paused,
       (SELECT o.name FROM organs o WHERE o.id = p.organ_id) AS organ,
       coalesce((SELECT v.name FROM divisions v WHERE v.id = p.division_id), '') AS division,
       coalesce((SELECT u.display_name FROM users u WHERE u.id = p.handler_id), '') AS handler,
       ARRAY(SELECT s.name FROM proposers s WHERE s.proposal_id = p.id ORDER BY s.place) AS proposers`

type foundProposal struct {
	db.Proposal
	Organ, Division, Handler string
	Proposers                []string
}

// settled is word for word the expression of the indexes by day of migration 14.
const settled = "(p.state NOT IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed'))"

// orders says in a query what each order is: the expressions, those of the last
// row of the page before, and whether it runs downwards. Each has an index.
var orders = map[ProposalOrder]struct {
	keys, after string
	down        bool
}{
	ByLatest:   {"p.id", "@after_id::bigint", true},
	ByDue:      {settled + ", p.reply_due, p.id", "@after_settled::boolean, @after_due::date, @after_id::bigint", false},
	ByNumber:   {"p.kind, (-p.term), (-p.session), p.number, p.id", "@after_kind::text, -@after_term::int, -@after_session::int, @after_number::text, @after_id::bigint", false},
	ByHandOver: {"p.handed_over, p.id", "@after_handed_over::date, @after_id::bigint", true},
}

// proposalSearch returns the query for one page, which it cuts before it reads
// names. It is written by hand as that of commitments is: what is wanted decides
// the index, and where u has several ways to see a proposal each is walked by
// itself.
func proposalSearch(u casework.User, f ProposalFilter, today casework.Date, by wordSearch) (string, pgx.NamedArgs) {
	order, args := orders[f.Order], proposalArgs(u, f, today)
	run, beyond := order.keys, " > "
	if order.down {
		run, beyond = strings.ReplaceAll(order.keys, ",", " DESC,")+" DESC", " < "
	}
	where := proposalConditions(f)
	words := wordConditions(f, by, args)
	if f.After != nil {
		where = append(where, "("+order.keys+")"+beyond+"("+order.after+")")
	}
	from := "proposals p"
	if f.Sitting != nil {
		// Found first, and then put in order: those of one sitting stand together in
		// most orders, which Postgres does not know.
		from = "(SELECT * FROM proposals s WHERE s.body = @body AND s.term = @term AND s.session = @session OFFSET 0) p"
	}
	var ways []string
	for _, way := range waysToProposals(u, f) {
		way, all := from, append([]string{way}, where...)
		if by.among > 0 {
			way = fmt.Sprintf("(SELECT * FROM %s WHERE %s ORDER BY %s LIMIT %d) p", from, strings.Join(all, "\n      AND "), run, by.among)
			all = nil
		}
		ways = append(ways, "(SELECT p.id FROM "+way+"\n    WHERE "+strings.Join(append(all, words...), "\n      AND ")+
			"\n    ORDER BY "+run+" LIMIT @max_rows)")
	}
	return `SELECT ` + listedColumns + `
FROM (` + strings.Join(ways, "\n    UNION ") + `) page
JOIN proposals p ON p.id = page.id
ORDER BY ` + run + `
LIMIT @max_rows`, args
}

func proposalArgs(u casework.User, f ProposalFilter, today casework.Date) pgx.NamedArgs {
	args := pgx.NamedArgs{
		"today": today, "max_rows": f.Limit, "me": u.ID, "own_organ": staffOrgan(u), "kinds": overseen(u),
		"state": string(f.State), "kind": string(f.Kind), "organ_id": f.OrganID, "division_id": f.DivisionID,
		"handler_id": f.HandlerID, "result": f.Result, "ids": f.IDs,
	}
	if s := f.Sitting; s != nil {
		args["body"], args["term"], args["session"] = s.Body, s.Term, s.Session
	}
	if a := f.After; a != nil {
		args["after_id"], args["after_settled"], args["after_due"] = a.ID, !a.State.Open(), a.ReplyDue
		args["after_kind"], args["after_term"], args["after_session"] = string(a.Kind), a.Term, a.Session
		args["after_number"], args["after_handed_over"] = a.Number, a.HandedOver
	}
	return args
}

// proposalConditions are those that f asks for, but for the words.
func proposalConditions(f ProposalFilter) []string {
	var out []string
	for _, c := range []struct {
		asked bool
		sql   string
	}{
		{len(f.IDs) > 0, "p.id = ANY (@ids)"},
		{f.State != "", "p.state = @state"},
		{f.Kind != "", "p.kind = @kind"},
		{f.OrganID != 0, "p.organ_id = @organ_id"},
		// A division's proposals are its organ's, among which there is an order.
		{f.DivisionID != 0, "p.division_id = @division_id AND p.organ_id = (SELECT v.organ_id FROM divisions v WHERE v.id = @division_id)"},
		{f.HandlerID != 0, "p.handler_id = @handler_id"},
		{f.Mine, "p.handler_id = @me"},
		{f.Result != "", "p.state IN ('issued', 'answered', 'closed') AND (p.id, p.round) IN (SELECT r.proposal_id, r.round FROM replies r WHERE r.result = @result)"},
		{f.Openness == Published, "p.id IN (SELECT x.proposal_id FROM published_replies x)"},
		{f.Openness == NotPublished, "NOT EXISTS (SELECT FROM published_replies x WHERE x.proposal_id = p.id)"},
		{f.Overdue, `p.reply_due < @today AND NOT p.reply_paused
      AND p.state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed')`},
	} {
		if c.asked {
			out = append(out, c.sql)
		}
	}
	return out
}

// waysToProposals say in a query what [casework.User.Sees] says of one proposal; a
// test holds them together.
func waysToProposals(u casework.User, f ProposalFilter) []string {
	if u.Has(casework.Admin) || len(overseen(u)) == len(casework.Kinds) {
		return []string{"true"}
	}
	ways := []string{}
	if f.Kind == "" && len(overseen(u)) > 0 || slices.Contains(overseen(u), string(f.Kind)) { // else all would be looked through for none
		ways = append(ways, "p.kind = ANY (@kinds)")
	}
	if own := staffOrgan(u); own != 0 {
		ways = append(ways, "p.organ_id = @own_organ")
		if f.OrganID != own { // else the other way leads to nothing more
			ways = append(ways, "p.id IN (SELECT a.proposal_id FROM assignments a WHERE a.organ_id = @own_organ AND a.role = 'helper')")
		}
	}
	if u.Has(casework.Delegate) {
		ways = append(ways, "p.id IN (SELECT s.proposal_id FROM proposers s WHERE s.user_id = @me)")
	}
	if len(ways) == 0 {
		return []string{"false"}
	}
	return ways
}
