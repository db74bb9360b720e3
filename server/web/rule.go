package web

import (
	fuyanv1 "fuyan/gen/fuyan/v1"
)

type rulePage struct {
	Rows    []*fuyanv1.Rule
	MaySet  bool
	Form    formView
	Preview *rulePreview // what the rule that was just sent would do
}

type rulePreview struct {
	*fuyanv1.SetRuleResponse
	Moved   movedList
	Confirm formView
}

func (p *pages) showRules(r *request) (rulePage, error) {
	answer, err := p.calendars.ListRules(r.Context(), &fuyanv1.ListRulesRequest{})
	if err != nil {
		return rulePage{}, err
	}
	if r.failed != nil { // a confirmation that failed shows in the form that is seen
		r.failed.Form = "PreviewRule"
	}
	s := subject{rules: answer.Rules, today: p.today()}
	form := p.forms["PreviewRule"].view(r, place{"PreviewRule", "/rules/preview", 0}, s)
	return rulePage{Rows: answer.Rules, MaySet: r.is(fuyanv1.Role_ROLE_ADMIN), Form: form}, nil
}

// previewRule shows which deadlines a rule would move, with a button that sets it.
func (p *pages) previewRule(r *request) (rulePage, error) {
	req := setRule(r.input())
	req.Preview, req.ExpectedMoves, req.RequestId = true, "", newUUID()
	answer, err := p.calendars.SetRule(r.Context(), req)
	var refused *refusal
	if err := refusedInto(r, &refused, err); err != nil {
		return rulePage{}, err
	}
	if refused == nil {
		r.typed = r.PostForm
		r.typed.Set("expected_moves", answer.Moves)
	}
	page, err := p.showRules(r)
	if err != nil || refused != nil {
		return page, err
	}
	confirm := p.forms["SetRule"].view(r, place{"SetRule", "/rules/SetRule", 0}, subject{})
	page.Preview = &rulePreview{answer, movedRows(answer.Moved), confirm}
	return page, nil
}

func ruleFields() []field {
	codes := func(s subject) []option {
		var out []option
		seen := map[string]bool{}
		for _, rule := range s.rules {
			if !seen[rule.Code] {
				out = append(out, option{Value: rule.Code, Label: rule.Name + "（" + rule.Code + "）"})
			}
			seen[rule.Code] = true
		}
		return out
	}
	return []field{
		pick("rule.code", "规定", codes).must(), pick("rule.kind", "类别", fixed(kinds)).must(),
		line("rule.name", "名称").must().hint("答复"), line("rule.trigger", "起算日").must().hint("交办日、签收日、成文日期、送达日"),
		number("rule.amount", "数量"), pick("rule.unit", "单位", fixed(units)).must(),
		line("rule.year_day", "每年某日").hint("11-15；只用于“每年某日”"), day("rule.valid_from", "施行日").must().hint("起算日在这一天及以后的适用"),
		line("rule.basis", "依据").must(), line("rule.note", "说明"), flag("rule.confirmed", "依据已核实"),
	}
}

func setRule(in input) *fuyanv1.SetRuleRequest {
	return &fuyanv1.SetRuleRequest{
		RequestId: in.requestID, ExpectedMoves: in.text("expected_moves"),
		Rule: &fuyanv1.Rule{
			Code: in.text("rule.code"), Kind: picked(in, "rule.kind", kinds), Name: in.text("rule.name"), Trigger: in.text("rule.trigger"),
			Amount: in.number32("rule.amount"), Unit: picked(in, "rule.unit", units), YearDay: in.text("rule.year_day"),
			Basis: in.text("rule.basis"), Confirmed: in.flag("rule.confirmed"), ValidFrom: in.text("rule.valid_from"), Note: in.text("rule.note"),
		},
	}
}
