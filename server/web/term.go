package web

import fuyanv1 "fuyan/gen/fuyan/v1"

type termPage struct {
	Rows []*fuyanv1.EndedTerm
	May  bool
	Form formView
}

func (p *pages) listTerms(r *request) (termPage, error) {
	answer, err := p.proposals.ListEndedTerms(r.Context(), &fuyanv1.ListEndedTermsRequest{})
	if err != nil {
		return termPage{}, err
	}
	return termPage{
		Rows: answer.EndedTerms, May: r.is(fuyanv1.Role_ROLE_SUPERVISOR, fuyanv1.Role_ROLE_ADMIN),
		Form: p.forms["EndTerm"].view(r, place{"EndTerm", "/terms/EndTerm", 0}, subject{today: p.today()}),
	}, nil
}
