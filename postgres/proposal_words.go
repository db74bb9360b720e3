package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
)

// findProposals looks for words as [byWords] does. Among the few of one organ, handler
// or delegate it only reads.
func (d *DB) findProposals(ctx context.Context, u casework.User, f ProposalFilter) ([]foundProposal, error) {
	ways := waysToProposals(u, f)
	switch {
	case f.Contains == "" || f.OrganID != 0 || f.DivisionID != 0 || f.HandlerID != 0 || f.Mine || len(f.IDs) > 0 || few(u):
		return d.searchProposals(ctx, u, f, wordSearch{})
	case len(ways) > 1: // what is first in one of them is not first in all
		return d.searchProposals(ctx, u, f, wordSearch{indexed: true})
	}
	return byWords(wordSample{among: 200, often: 2}, int(f.Limit), func(by wordSearch) ([]foundProposal, error) {
		return d.searchProposals(ctx, u, f, by)
	})
}

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
