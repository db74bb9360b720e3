package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"fuyan/casework"
	"fuyan/gen/db"
)

// publish puts a text on the public pages and into their search.
func publish(ctx context.Context, tx pgx.Tx, m *move, text string, day casework.Date) error {
	id, err := q.CreatePublication(ctx, tx, m.reply.ID, text, day)
	if err != nil {
		return err
	}
	return indexPublication(ctx, tx, id, m.p.Title, text)
}

// takeDown takes what is public of a proposal off the pages and out of the search.
func takeDown(ctx context.Context, tx pgx.Tx, proposalID int64, day casework.Date, reason string) error {
	if err := q.TakeDownPublication(ctx, tx, day, reason, proposalID); err != nil {
		return err
	}
	return q.UnindexPublication(ctx, tx, proposalID)
}

func indexPublication(ctx context.Context, tx db.DBTX, id int64, title, text string) error {
	plain := casework.Plain(title + "\n" + text)
	return q.IndexPublication(ctx, tx, plain, casework.Grams(plain), id)
}

// IndexPublications is queued each hour: what was published before there was a
// search is put into it.
type IndexPublications struct{}

// Kind names the job.
func (IndexPublications) Kind() string { return "index_publications" }

// InsertOpts keeps them from piling up: what one leaves undone the next does.
func (IndexPublications) InsertOpts() river.InsertOpts {
	return alone
}

// DoIndexPublications puts what is public and not yet found into the search.
func (d *DB) DoIndexPublications(ctx context.Context) error {
	for {
		rows, err := q.UnindexedPublications(ctx, d.conn, 200)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			// Taken down meanwhile, it is not put in: see the query.
			if err := indexPublication(ctx, d.conn, r.ID, r.Title, r.Text); err != nil {
				return err
			}
		}
	}
}

// A PublicFilter says which published replies are wanted.
type PublicFilter struct {
	Query      string // words, all of which must stand in the title or the text
	Kind       casework.Kind
	OrganID    int64
	Year       int32 // of the letter
	Result     string
	Sitting    *casework.Sitting
	ProposalID int64
	AfterDay   casework.Date // with AfterID, the last of the page before
	AfterID    int64
	Limit      int32
}

// A PublishedReply is what the public sees of a reply in a list.
type PublishedReply struct {
	ProposalID     int64
	Kind           casework.Kind
	Body           string
	Term, Session  int32
	Number, Title  string
	Organ          string
	DocumentNumber string
	IssueDate      casework.Date
	Published      casework.Date
	Result         string
	Publicity      string
	Text           string
}

// SearchReplies returns what is published, the latest first. It asks nobody who
// they are.
func (d *DB) SearchReplies(ctx context.Context, f PublicFilter) ([]PublishedReply, error) {
	sql, args := publicSearch(f)
	// Planned for these words each time: a common one is found otherwise than a
	// rare one.
	rows, err := d.conn.Query(ctx, sql, pgx.QueryExecModeCacheDescribe, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[PublishedReply])
}

// publicSearch returns the query of one page. It is written by hand, for what is
// wanted decides the index, and finds the page before it reads any text. That the
// two characters of a word stand beside each other is what the index knows; of
// longer words the text is asked.
func publicSearch(f PublicFilter) (string, pgx.NamedArgs) {
	words := strings.Fields(casework.Plain(f.Query))
	var grams, long []string
	for _, w := range words {
		grams = append(grams, casework.WordGrams(w)...)
		if len([]rune(w)) > 2 {
			long = append(long, w)
		}
	}
	args := pgx.NamedArgs{
		"grams": "'" + strings.Join(grams, "' & '") + "'", "long": long, "kind": f.Kind, "organ_id": f.OrganID, "year": f.Year,
		"result": f.Result, "proposal_id": f.ProposalID, "after_day": f.AfterDay, "after_id": f.AfterID, "max_rows": f.Limit,
	}
	if f.Sitting != nil {
		args["body"], args["term"], args["session"] = f.Sitting.Body, f.Sitting.Term, f.Sitting.Session
	}
	where := "true"
	for _, c := range []struct {
		asked bool
		sql   string
	}{
		{len(grams) > 0, "x.grams @@ @grams::tsquery"},
		{len(long) > 0, "(SELECT bool_and(strpos(x.plain, w) > 0) FROM unnest(@long::text[]) w)"},
		{f.Kind != "", "x.kind = @kind"},
		{f.OrganID != 0, "x.organ_id = @organ_id"},
		{f.Year != 0, "x.year = @year"},
		{f.Result != "", "x.result = @result"},
		{f.Sitting != nil, "x.body = @body AND x.term = @term AND x.session = @session"},
		{f.ProposalID != 0, "x.proposal_id = @proposal_id"},
		{f.AfterID != 0, "(x.published, x.proposal_id) < (@after_day::date, @after_id::bigint)"},
	} {
		if c.asked {
			where += " AND " + c.sql
		}
	}
	return `SELECT p.id, p.kind, p.body, p.term, p.session, p.number, p.title, o.name, l.document_number, l.issue_date,
       u.published, r.result, r.publicity, u.text
FROM (SELECT x.proposal_id, x.publication_id, x.published
      FROM published_replies x
      WHERE ` + where + `
      ORDER BY x.published DESC, x.proposal_id DESC
      LIMIT @max_rows) x
JOIN publications u ON u.id = x.publication_id
JOIN replies r ON r.id = u.reply_id
JOIN letters l ON l.reply_id = r.id AND l.edition = 1
JOIN proposals p ON p.id = x.proposal_id
JOIN organs o ON o.id = p.organ_id
ORDER BY x.published DESC, x.proposal_id DESC`, args
}

// A PublicPage is a published reply with those of its promises that its text
// says.
type PublicPage struct {
	PublishedReply
	Commitments []db.PublicCommitmentsRow
}

// PublishedReply returns the published reply of a proposal; [casework.ErrNotFound]
// where there is none, whatever else there is of it.
func (d *DB) PublishedReply(ctx context.Context, proposalID int64) (PublicPage, error) {
	rows, err := d.SearchReplies(ctx, PublicFilter{ProposalID: proposalID, Limit: 1})
	if err != nil {
		return PublicPage{}, err
	}
	if len(rows) == 0 {
		return PublicPage{}, casework.ErrNotFound
	}
	page := PublicPage{PublishedReply: rows[0]}
	page.Commitments, err = q.PublicCommitments(ctx, d.conn, proposalID)
	return page, err
}

// PublicCatalogue returns the years and the organs of which something is
// published, the latest year first.
func (d *DB) PublicCatalogue(ctx context.Context) ([]db.PublishedYearsRow, []db.PublishedOrgansRow, error) {
	years, err := q.PublishedYears(ctx, d.conn)
	if err != nil {
		return nil, nil, err
	}
	organs, err := q.PublishedOrgans(ctx, d.conn)
	return years, organs, err
}
