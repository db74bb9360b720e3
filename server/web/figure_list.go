package web

import (
	"slices"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type figureListPage struct {
	figureFilter
	*fuyanv1.Figure
	Sides       []sideLink
	Back        string
	Rows        []figureEntry
	First, Next string
}

type sideLink struct {
	Href, Label string
	Here        bool
}

type figureEntry struct {
	*fuyanv1.FigureEntry
	Answer string // of a form, in words
	Due    dueDay // of a commitment
}

var figureSides = []struct {
	side       fuyanv1.FigureSide
	name, text string
}{
	{fuyanv1.FigureSide_FIGURE_SIDE_NUMERATOR, "numerator", "分子"},
	{fuyanv1.FigureSide_FIGURE_SIDE_DENOMINATOR, "denominator", "分母"},
	{fuyanv1.FigureSide_FIGURE_SIDE_REST, "rest", "分母中不在分子的"},
}

func (p *pages) showFigure(r *request) (figureListPage, error) {
	in := input{values: r.URL.Query()}
	code := r.PathValue("code")
	req := &fuyanv1.ListFigureProposalsRequest{
		Code: code, Side: fuyanv1.FigureSide_FIGURE_SIDE_NUMERATOR, Filter: figureQuestion(in), PageToken: in.text("page"),
	}
	var page figureListPage
	for _, s := range figureSides {
		here := s.name == in.text("side")
		if here {
			req.Side = s.side
		}
		page.Sides = append(page.Sides, sideLink{figureAddress(code, s.name, in), s.text, here})
	}
	if !slices.ContainsFunc(page.Sides, func(s sideLink) bool { return s.Here }) {
		page.Sides[0].Here = true
	}
	answer, err := p.reports.ListFigureProposals(r.Context(), req)
	if err != nil {
		return page, err
	}
	page.Figure = answer.Figure
	page.Back = "/figures?" + filtersOnly(in).Encode()
	page.First, page.Next = paging("/figures/"+code, r, answer.NextPageToken)
	for _, e := range answer.Entries {
		open := e.Commitment.GetState() == fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN
		page.Rows = append(page.Rows, figureEntry{e, formAnswer(e.Form), p.due(e.Commitment.GetDue(), open)})
	}
	page.figureFilter, err = p.figureFilter(r, in, answer.Filter, nil)
	return page, err
}

// formAnswer is what a proposer answered.
func formAnswer(f *fuyanv1.FigureForm) string {
	words := map[string]string{"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}
	if f.GetAttitude() == "" {
		return "未反馈"
	}
	return "态度" + words[f.Attitude] + "，结果" + words[f.Result]
}
