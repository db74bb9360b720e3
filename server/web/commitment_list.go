package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type commitmentList struct {
	States, Groups, Ages, Kinds []option
	Organs                      organChoice // none where the list is of the caller's own
	Overdue, Mine               bool
	Organ, Owner                string // whose, in numbers; empty for everybody's
	OwnerName                   string
	WithoutOwner                string // this list, of everybody
	Filtered                    bool
	Rows                        []commitmentRow
	First, Next                 string
	XLSX, CSV                   string // where the whole list is a file
}

type commitmentRow struct {
	*fuyanv1.Commitment
	Due dueDay
}

func (p *pages) listCommitments(r *request) (commitmentList, error) {
	req := commitmentsAsked(r)
	req.PageToken = r.URL.Query().Get("page")
	answer, err := p.commitments.ListCommitments(r.Context(), req)
	if err != nil {
		return commitmentList{}, err
	}
	list := commitmentList{
		States: selected(commitmentStates, req.State), Groups: selected(commitmentGroups, req.Group),
		Ages: selected(overdueAges, req.OverdueAge), Kinds: selected(kinds, req.Kind),
		Overdue: req.Overdue, Mine: req.Mine, Organ: idText(req.OrganId), Owner: idText(req.OwnerId),
		Filtered: req.State != 0 || req.Overdue || req.Mine || req.Group != 0 || req.OverdueAge != 0 || req.Kind != 0 || req.OrganId != 0 || req.OwnerId != 0,
		Rows:     p.commitmentRows(answer.Commitments),
		XLSX:     with(r, "/commitments/export", "format", fuyanv1.ExportFormat_EXPORT_FORMAT_XLSX.String()),
		CSV:      with(r, "/commitments/export", "format", fuyanv1.ExportFormat_EXPORT_FORMAT_CSV.String()),
	}
	list.First, list.Next = paging("/commitments", r, answer.NextPageToken)
	if req.OwnerId != 0 {
		list.OwnerName, list.WithoutOwner = "编号 "+list.Owner, with(r, "/commitments", "owner", "")
		if len(list.Rows) > 0 {
			list.OwnerName = list.Rows[0].Owner
		}
	}
	if r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR) {
		list.Organs, err = p.organsAnswering(r.Context(), req.OrganId)
	}
	return list, err
}

// commitmentsAsked reads the filters in the address.
func commitmentsAsked(r *request) *fuyanv1.ListCommitmentsRequest {
	in := input{values: r.URL.Query()}
	return &fuyanv1.ListCommitmentsRequest{
		State: picked(in, "state", commitmentStates), Group: picked(in, "group", commitmentGroups),
		OverdueAge: picked(in, "age", overdueAges), Kind: picked(in, "kind", kinds),
		OrganId: in.number64("organ"), OwnerId: in.number64("owner"), Overdue: in.flag("overdue"), Mine: in.flag("mine"),
	}
}

// exportCommitments answers with the whole list as a file.
func (p *pages) exportCommitments(w http.ResponseWriter, r *request) error {
	req := &fuyanv1.ExportCommitmentsRequest{List: commitmentsAsked(r), Format: fuyanv1.ExportFormat_EXPORT_FORMAT_XLSX}
	if r.URL.Query().Get("format") == fuyanv1.ExportFormat_EXPORT_FORMAT_CSV.String() {
		req.Format = fuyanv1.ExportFormat_EXPORT_FORMAT_CSV
	}
	answer, err := p.commitments.ExportCommitments(r.Context(), req)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", answer.MediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer.Content)))
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(answer.FileName))
	_, err = w.Write(answer.Content)
	return err
}

// with is the address of the page path with the filters of this one, but for one
// that has another value, or none where that is empty.
func with(r *request, path, name, value string) string {
	q := r.URL.Query()
	for _, other := range []string{"page", "done", name} {
		q.Del(other)
	}
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// idText writes an id; nothing for none.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func (p *pages) commitmentRows(found []*fuyanv1.Commitment) []commitmentRow {
	var rows []commitmentRow
	for _, c := range found {
		open := c.State == fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN
		rows = append(rows, commitmentRow{c, p.due(c.Due, open)})
	}
	return rows
}

// commitmentsOf are all commitments of a proposal.
func (p *pages) commitmentsOf(ctx context.Context, id int64) ([]*fuyanv1.Commitment, error) {
	return p.allCommitments(ctx, &fuyanv1.ListCommitmentsRequest{ProposalId: id})
}

// allCommitments are those of every page of a list.
func (p *pages) allCommitments(ctx context.Context, req *fuyanv1.ListCommitmentsRequest) ([]*fuyanv1.Commitment, error) {
	return everyPage(func(token string) ([]*fuyanv1.Commitment, string, error) {
		req.PageSize, req.PageToken = pageSize, token
		answer, err := p.commitments.ListCommitments(ctx, req)
		return answer.GetCommitments(), answer.GetNextPageToken(), err
	})
}
