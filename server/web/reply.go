package web

import (
	"fmt"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// replyPart is the reply of one round as the page of its proposal shows it.
type replyPart struct {
	*fuyanv1.Reply
	Result         string
	Draft          *fuyanv1.Draft // the latest; nil for none
	Older          []*fuyanv1.Draft
	Letter         *letterPart // the present edition; nil until issued
	Editions       []letterPart
	PublicationDue dueDay
	Versions       string // leads to its drafts side by side; empty for less than two
	Paper          string // leads to the letter as it looks on paper; empty for none to see
}

// letterPart is a letter with its promises marked where they stand.
type letterPart struct {
	*fuyanv1.Letter
	Pieces []piece
}

func replyPartOf(reply *fuyanv1.Reply, kind fuyanv1.Kind, found []*fuyanv1.Commitment) *replyPart {
	if reply == nil {
		return nil
	}
	part := &replyPart{Reply: reply, Result: results[kind].of(reply.Result)}
	if len(reply.Drafts) > 0 {
		part.Draft, part.Older = reply.Drafts[0], reply.Drafts[1:]
	}
	if len(reply.Drafts) > 1 {
		part.Versions = fmt.Sprintf("/proposals/%d/drafts?round=%d", reply.ProposalId, reply.Round)
	}
	for _, l := range reply.Letters {
		part.Editions = append(part.Editions, letterPart{l, pieces(l.Text, promisesOf(l.Id, found))})
	}
	if len(part.Editions) > 0 {
		part.Letter, part.Editions = &part.Editions[0], part.Editions[1:]
	}
	return part
}

// promisesOf marks the commitments that a letter makes, each leading to its page.
func promisesOf(letterID int64, found []*fuyanv1.Commitment) []mark {
	var marks []mark
	for _, c := range found {
		if c.LetterId == letterID {
			marks = append(marks, markAt(c.Span, "promise", fmt.Sprintf("c%d", c.Id), fmt.Sprintf("/commitments/%d", c.Id)))
		}
	}
	return marks
}
