package postgres

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"fuyan/casework"
	"fuyan/gen/db"
)

// publish puts a text on the public pages and into their search.
func publish(ctx context.Context, tx pgx.Tx, m *move, text string, day casework.Date) error {
	if err := q.LockPublishedOrgan(ctx, tx, m.p.OrganID); err != nil {
		return err
	}
	id, err := q.CreatePublication(ctx, tx, m.reply.ID, text, day)
	if err != nil {
		return err
	}
	_, err = indexPublication(ctx, tx, id)
	return err
}

// takeDown takes what is public of a proposal off the pages and out of the search.
func takeDown(ctx context.Context, tx pgx.Tx, m *move, day casework.Date, reason string) error {
	if err := q.LockPublishedOrgan(ctx, tx, m.p.OrganID); err != nil {
		return err
	}
	if err := q.TakeDownPublication(ctx, tx, day, reason, m.p.ID); err != nil {
		return err
	}
	return q.UnindexPublication(ctx, tx, m.p.ID)
}

// indexPublication puts a publication into the search, and says how many it put in:
// none where it is taken down or another of its proposal is found.
func indexPublication(ctx context.Context, tx pgx.Tx, id int64) (int64, error) {
	words, err := q.WordsOfPublication(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	plain := casework.Plain(words)
	return q.IndexPublication(ctx, tx, db.IndexPublicationParams{ID: id, Plain: plain, Grams: casework.Grams(plain), Triples: casework.Triples(plain)})
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

// DoIndexPublications puts what is public and not yet found into the search. It ends
// when there is no more that it can put in.
func (d *DB) DoIndexPublications(ctx context.Context) error {
	for {
		rows, err := q.UnindexedPublications(ctx, d.conn, 200)
		if err != nil || len(rows) == 0 {
			return err
		}
		var added int64
		for _, r := range rows {
			n, err := d.indexLater(ctx, r)
			if err != nil {
				return err
			}
			added += n
		}
		if added == 0 {
			return nil
		}
	}
}

// indexLater locks the proposal first, as everybody does who takes down.
func (d *DB) indexLater(ctx context.Context, r db.UnindexedPublicationsRow) (int64, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (int64, error) {
		p, err := q.LockProposal(ctx, tx, r.ProposalID)
		if err != nil {
			return 0, err
		}
		if err := q.LockPublishedOrgan(ctx, tx, p.OrganID); err != nil {
			return 0, err
		}
		return indexPublication(ctx, tx, r.ID)
	})
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
	More     bool // organs than those
}

// PublicCatalogue returns what there is to choose from: the latest first, and the
// organs of which the most is public. Of more, words find what the others answered:
// each letter names who wrote it.
func (d *DB) PublicCatalogue(ctx context.Context) (c Catalogue, err error) {
	if c.Years, err = q.PublishedYears(ctx, d.conn); err != nil {
		return c, err
	}
	if c.Sittings, err = q.PublishedSittings(ctx, d.conn); err != nil {
		return c, err
	}
	c.Organs, err = q.PublishedOrgans(ctx, d.conn, mostOrgans+1)
	c.Organs, c.More = most(c.Organs)
	slices.SortFunc(c.Organs, func(x, y db.PublishedOrgansRow) int { return cmp.Compare(x.ID, y.ID) })
	return c, err
}

// A PublishedAddress is where a published reply is found, and since when.
type PublishedAddress = db.PublishedOfYearRow

// PublishedOfYear returns the addresses of a year, the oldest first, behind so many.
func (d *DB) PublishedOfYear(ctx context.Context, year, skipped, limit int32) ([]PublishedAddress, error) {
	return q.PublishedOfYear(ctx, d.conn, year, skipped, limit)
}
