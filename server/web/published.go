package web

import (
	"fmt"
	"net/http"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type publicPage struct {
	*fuyanv1.PublishedReply
	Result  string
	Summary bool
	Paper   paper
	Rows    []publicPromise
}

type publicPromise struct {
	*fuyanv1.PublicCommitment
	Anchor string // of its sentence in the text
	Moved  bool   // the day that holds is not the one first promised
	Late   bool
}

// showPublished is the permanent page of a published reply.
func (p *pages) showPublished(r *request) (publicPage, error) {
	reply, err := p.published(r)
	if err != nil {
		return publicPage{}, err
	}
	page := publicPage{PublishedReply: reply, Result: results[reply.Kind].of(reply.Result), Summary: reply.Publicity == fuyanv1.Publicity_PUBLICITY_SUMMARY}
	var promises []mark
	for i, c := range reply.Commitments {
		row := publicPromise{PublicCommitment: c, Moved: c.Due != c.FirstDue}
		row.Late = c.State == fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN && c.Due != "" && c.Due < p.today()
		if before, _, found := strings.Cut(reply.Text, c.Text); found {
			start := len([]rune(before))
			row.Anchor = fmt.Sprintf("c%d", i+1)
			promises = append(promises, mark{Start: start, End: start + len([]rune(c.Text)), Class: "promise", ID: row.Anchor})
		}
		page.Rows = append(page.Rows, row)
	}
	page.Paper = paperOf(reply.Text, reply.Lines, promises)
	return page, nil
}

func (p *pages) published(r *request) (*fuyanv1.PublishedReply, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	answer, err := p.public.GetPublishedReply(r.Context(), &fuyanv1.GetPublishedReplyRequest{ProposalId: id})
	return answer.GetReply(), err
}

// showPublishedText is a published reply as plain text.
func (p *pages) showPublishedText(w http.ResponseWriter, r *request) error {
	reply, err := p.published(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = fmt.Fprintln(w, reply.Text)
	return err
}
