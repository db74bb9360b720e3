package postgres

import (
	"context"

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

// A Catalogue is what there is to choose from: of each year, sitting and organ
// with anything published, how much.
type Catalogue struct {
	Years    []db.PublishedYearsRow
	Sittings []db.PublishedSittingsRow
	Organs   []db.PublishedOrgansRow
}

// PublicCatalogue returns what there is to choose from, the latest first.
func (d *DB) PublicCatalogue(ctx context.Context) (c Catalogue, err error) {
	if c.Years, err = q.PublishedYears(ctx, d.conn); err != nil {
		return c, err
	}
	if c.Sittings, err = q.PublishedSittings(ctx, d.conn); err != nil {
		return c, err
	}
	c.Organs, err = q.PublishedOrgans(ctx, d.conn)
	return c, err
}

// A PublishedAddress is where a published reply is found, and since when.
type PublishedAddress = db.PublishedOfYearRow

// PublishedOfYear returns the addresses of a year, the oldest first, behind so many.
func (d *DB) PublishedOfYear(ctx context.Context, year, skipped, limit int32) ([]PublishedAddress, error) {
	return q.PublishedOfYear(ctx, d.conn, year, skipped, limit)
}
