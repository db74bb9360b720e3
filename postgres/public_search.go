package postgres

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
)

// A PublicFilter says which published replies are wanted.
type PublicFilter struct {
	Query      string // words, all of which must stand in the title, the numbers or the text
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
	words := strings.Fields(casework.Plain(f.Query))
	switch {
	case casework.Wordless(f.Query):
		return nil, nil
	case len(words) == 0:
		return d.publishedReplies(ctx, f, f.listed(), nil)
	}
	return byWords(wordSample{among: 100, often: 4}, int(f.Limit), func(by wordSearch) ([]PublishedReply, error) {
		if by.indexed {
			return d.publishedReplies(ctx, f, f.indexed(words), words)
		}
		return d.publishedReplies(ctx, f, f.met(by.among), words)
	})
}

// latest is the order of every list.
const latest = ` ORDER BY x.published DESC, x.proposal_id DESC `

// listed chooses a page without a look at any text.
func (f PublicFilter) listed() string {
	return `SELECT x.* FROM published_replies x WHERE ` + f.where() + latest + `LIMIT @max_rows`
}

// met chooses a page among so many of the latest replies, by reading them until it
// is full.
func (f PublicFilter) met(among int) string {
	return fmt.Sprintf(`SELECT x.* FROM (SELECT x.* FROM published_replies x WHERE %s%sLIMIT %d) x
		WHERE (SELECT bool_and(strpos(x.plain, w) > 0) FROM unnest(@words::text[]) w)%sLIMIT @max_rows`, f.where(), latest, among, latest)
}

// indexed chooses a page among those that the index names; that it is asked, and
// none of the others, is why Postgres keeps no statistics of grams: it takes each for
// rare. Up to three characters beside each other the index knows; where a longer word
// has all its triples the text is asked, of the latest first and of no more than the
// page needs.
func (f PublicFilter) indexed(words []string) string {
	found := "SELECT x.* FROM published_replies x WHERE "
	if has(words, 1, 2) {
		found += "x.grams @@ @grams::tsquery AND "
	}
	if has(words, 3, math.MaxInt) {
		found += "x.triples @@ @triples::tsquery AND "
	}
	found += f.where() + latest
	if !has(words, 4, math.MaxInt) {
		return found + `LIMIT @max_rows`
	}
	return `SELECT x.* FROM (` + found + `OFFSET 0) x
		WHERE (SELECT bool_and(strpos(x.plain, w) > 0) FROM unnest(@words::text[]) w)` + latest + `LIMIT @max_rows`
}

// has tells whether one of the words has so many characters.
func has(words []string, from, to int) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		n := utf8.RuneCountInString(w)
		return from <= n && n <= to
	})
}

// queriesOf ask the index for the words of one and two characters, and for the triples
// of the others. Of letters and digits alone, they need no more than quotes.
func queriesOf(words []string) (grams, triples string) {
	var short, long []string
	for _, w := range words {
		switch utf8.RuneCountInString(w) {
		case 1:
			short = append(short, "'"+w+"':*") // whatever comes behind it
		case 2:
			short = append(short, "'"+w+"'")
		default:
			for _, triple := range casework.Triples(w) {
				long = append(long, "'"+triple+"'")
			}
		}
	}
	return strings.Join(short, " & "), strings.Join(long, " & ")
}

// where are the conditions that need no text. They are written by hand, for what
// is wanted decides the index.
func (f PublicFilter) where() string {
	where := []string{"true"}
	for _, c := range []struct {
		asked bool
		sql   string
	}{
		{f.Kind != "", "x.kind = @kind"},
		{f.OrganID != 0, "x.organ_id = @organ_id"},
		{f.Year != 0, "x.year = @year"},
		{f.Result != "", "x.result = @result"},
		{f.Sitting != nil, "x.body = @body AND x.term = @term AND x.session = @session"},
		{f.ProposalID != 0, "x.proposal_id = @proposal_id"},
		{f.AfterID != 0, "(x.published, x.proposal_id) < (@after_day::date, @after_id::bigint)"},
	} {
		if c.asked {
			where = append(where, c.sql)
		}
	}
	return strings.Join(where, " AND ")
}

// publishedReplies reads the page that chosen chooses: no text is read for others.
func (d *DB) publishedReplies(ctx context.Context, f PublicFilter, chosen string, words []string) ([]PublishedReply, error) {
	grams, triples := queriesOf(words)
	args := pgx.NamedArgs{
		"words": words, "grams": grams, "triples": triples, "kind": f.Kind, "organ_id": f.OrganID, "year": f.Year, "result": f.Result,
		"proposal_id": f.ProposalID, "after_day": f.AfterDay, "after_id": f.AfterID, "max_rows": f.Limit,
	}
	if f.Sitting != nil {
		args["body"], args["term"], args["session"] = f.Sitting.Body, f.Sitting.Term, f.Sitting.Session
	}
	rows, err := d.conn.Query(ctx, `-- name: PublishedReplies :many
SELECT p.id, p.kind, p.body, p.term, p.session, p.number, p.title, o.name, l.document_number, l.issue_date,
       u.published, r.result, r.publicity, u.text
FROM (`+chosen+`) x
JOIN publications u ON u.id = x.publication_id AND u.taken_down IS NULL
JOIN replies r ON r.id = u.reply_id
JOIN letters l ON l.reply_id = r.id AND l.edition = 1
JOIN proposals p ON p.id = x.proposal_id
JOIN organs o ON o.id = p.organ_id
ORDER BY u.published DESC, p.id DESC`, pgx.QueryExecModeCacheDescribe, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[PublishedReply])
}
