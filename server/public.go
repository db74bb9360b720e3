package server

import (
	"context"
	"fmt"
	"strings"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// publicService implements fuyanv1connect.PublicServiceHandler.
type publicService struct{ db *postgres.DB }

// read asks the database for who is signed in, who may have published or taken down
// a moment ago what is looked at, and for everybody else a standby if there is one.
func read[T any](ctx context.Context, d *postgres.DB, ask func(context.Context, *postgres.DB) (T, error)) (T, error) {
	if userFrom(ctx).ID != 0 {
		return ask(ctx, d)
	}
	return postgres.ForPublic(ctx, d, ask)
}

func (s *publicService) SearchReplies(ctx context.Context, req *fuyanv1.SearchRepliesRequest) (*fuyanv1.SearchRepliesResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	f := postgres.PublicFilter{
		Query: req.Query, Kind: kinds.from[req.Kind], OrganID: req.OrganId, Year: req.Year, Result: results.from[req.Result],
		Limit: page.limit(),
	}
	if req.Sitting != nil {
		f.Sitting = &casework.Sitting{Body: req.Sitting.Body, Term: int(req.Sitting.Term), Session: int(req.Sitting.Session)}
	}
	if f.AfterDay, f.AfterID, err = page.dayAndNumber(); err != nil {
		return nil, err
	}
	rows, err := read(ctx, s.db, func(ctx context.Context, d *postgres.DB) ([]postgres.PublishedReply, error) {
		return d.SearchReplies(ctx, f)
	})
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, func(r postgres.PublishedReply) string { return fmt.Sprint(r.Published, " ", r.ProposalID) })
	out := &fuyanv1.SearchRepliesResponse{NextPageToken: next, Wordless: casework.Wordless(req.Query)}
	words := strings.Fields(casework.Plain(req.Query))
	for _, r := range rows {
		reply, x := toPublishedReply(r), casework.ExcerptOf(r.Text, words)
		reply.Excerpt = x.Text
		for _, m := range x.Marks {
			reply.Marks = append(reply.Marks, &fuyanv1.Span{Start: int32(m[0]), End: int32(m[1])})
		}
		out.Replies = append(out.Replies, reply)
	}
	return out, nil
}

func (s *publicService) GetPublishedReply(ctx context.Context, req *fuyanv1.GetPublishedReplyRequest) (*fuyanv1.GetPublishedReplyResponse, error) {
	p, err := read(ctx, s.db, func(ctx context.Context, d *postgres.DB) (postgres.PublicPage, error) {
		return d.PublishedReply(ctx, req.ProposalId)
	})
	if err != nil {
		return nil, err
	}
	reply := toPublishedReply(p.PublishedReply)
	reply.Text, reply.Lines = p.Text, toLetterLines(p.Text)
	for _, c := range p.Commitments {
		reply.Commitments = append(reply.Commitments, &fuyanv1.PublicCommitment{
			Text: c.Text, State: commitmentStates.to[c.State], FirstDue: c.FirstDue.String(), Due: c.Due.String(),
		})
	}
	return &fuyanv1.GetPublishedReplyResponse{Reply: reply}, nil
}

func (s *publicService) GetPublicCatalogue(ctx context.Context, _ *fuyanv1.GetPublicCatalogueRequest) (*fuyanv1.GetPublicCatalogueResponse, error) {
	c, err := read(ctx, s.db, func(ctx context.Context, d *postgres.DB) (postgres.Catalogue, error) {
		return d.PublicCatalogue(ctx)
	})
	if err != nil {
		return nil, err
	}
	out := &fuyanv1.GetPublicCatalogueResponse{MoreOrgans: c.More}
	for _, y := range c.Years {
		out.Years = append(out.Years, &fuyanv1.PublishedYear{Year: y.Year, Replies: y.Replies})
	}
	for _, t := range c.Sittings {
		out.Sittings = append(out.Sittings, &fuyanv1.PublishedSitting{
			Sitting: &fuyanv1.Sitting{Body: t.Body, Term: t.Term, Session: t.Session}, Replies: t.Replies,
		})
	}
	for _, o := range c.Organs {
		out.Organs = append(out.Organs, &fuyanv1.PublishedOrgan{OrganId: o.ID, Name: o.Name, Replies: o.Replies})
	}
	return out, nil
}

// addressesInPart is how many addresses a part of a year has.
const addressesInPart = 1000

func (s *publicService) ListPublishedAddresses(
	ctx context.Context, req *fuyanv1.ListPublishedAddressesRequest,
) (*fuyanv1.ListPublishedAddressesResponse, error) {
	rows, err := read(ctx, s.db, func(ctx context.Context, d *postgres.DB) ([]postgres.PublishedAddress, error) {
		return d.PublishedOfYear(ctx, req.Year, (req.Part-1)*addressesInPart, addressesInPart)
	})
	if err != nil {
		return nil, err
	}
	out := new(fuyanv1.ListPublishedAddressesResponse)
	for _, r := range rows {
		out.Addresses = append(out.Addresses, &fuyanv1.PublishedAddress{ProposalId: r.ProposalID, Published: r.Published.String()})
	}
	return out, nil
}

func toPublishedReply(r postgres.PublishedReply) *fuyanv1.PublishedReply {
	return &fuyanv1.PublishedReply{
		ProposalId: r.ProposalID, Kind: kinds.to[r.Kind], Sitting: &fuyanv1.Sitting{Body: r.Body, Term: r.Term, Session: r.Session},
		Number: r.Number, Title: r.Title, Organ: r.Organ, DocumentNumber: r.DocumentNumber, IssueDate: r.IssueDate.String(),
		Published: r.Published.String(), Result: results.to[r.Result], Publicity: publicities.to[r.Publicity],
	}
}
