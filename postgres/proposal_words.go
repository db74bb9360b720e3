package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
)

// A wordSearch is a way to find words. Each finds the same, but for one that reads
// too few to fill a page.
type wordSearch struct {
	indexed bool // ask the index of all words; else read each proposal, in their order
	among   int  // how many are read at most; 0 for all
}

// wordsAmong is how many proposals are read in the hope to meet a page of them. Where
// wordsOften of them have the words, it is worth to read on.
const (
	wordsAmong = 200
	wordsOften = 2
)

// findProposals looks for words as [DB.SearchReplies] does: it reads the first in their
// order, and asks the index for words that are hardly met there. Among the few of one
// organ, handler or delegate it only reads.
func (d *DB) findProposals(ctx context.Context, u casework.User, f ProposalFilter) ([]foundProposal, error) {
	ways := waysToProposals(u, f)
	switch {
	case f.Contains == "" || f.OrganID != 0 || f.DivisionID != 0 || f.HandlerID != 0 || f.Mine || len(f.IDs) > 0 || few(u):
		return d.searchProposals(ctx, u, f, wordSearch{})
	case len(ways) > 1: // what is first in one of them is not first in all
		return d.searchProposals(ctx, u, f, wordSearch{indexed: true})
	}
	list, err := d.searchProposals(ctx, u, f, wordSearch{among: wordsAmong})
	if err == nil && len(list) >= wordsOften && len(list) < int(f.Limit) {
		list, err = d.searchProposals(ctx, u, f, wordSearch{among: enough(wordsAmong, len(list), int(f.Limit))})
	}
	if err != nil || len(list) == int(f.Limit) {
		return list, err
	}
	return d.searchProposals(ctx, u, f, wordSearch{indexed: true})
}

// enough is how many must be read to fill a page where so many met some, and four times
// as many, as words come in crowds. One that fills no page then was the talk of a
// season, and the index names the few that have it.
func enough(among, met, page int) int { return 4 * among * page / met }

// few tells whether u sees only what concerns an organ or a delegate.
func few(u casework.User) bool { return !u.Has(casework.Admin) && len(overseen(u)) == 0 }

// wordConditions are that all words stand in the title or the number. It adds them
// to args.
func wordConditions(f ProposalFilter, by wordSearch, args pgx.NamedArgs) []string {
	var out []string
	for i, word := range strings.Fields(f.Contains) {
		name := fmt.Sprintf("word_%d", i)
		args[name] = word
		condition := `EXISTS (SELECT FROM proposal_words w WHERE w.proposal_id = p.id AND strpos(w.plain, plain_words(@%[1]s::text)) > 0 OFFSET 0)`
		if by.indexed {
			condition = `p.id IN (SELECT w.proposal_id FROM proposal_words w
        WHERE w.grams @> grams_of(plain_words(@%[1]s::text)) AND strpos(w.plain, plain_words(@%[1]s::text)) > 0)`
		}
		out = append(out, fmt.Sprintf(condition, name))
	}
	return out
}
