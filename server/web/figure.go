package web

import (
	"fmt"
	"net/url"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// counters are those who may count.
var counters = []fuyanv1.Role{
	fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_REVIEWER, fuyanv1.Role_ROLE_HANDLER, fuyanv1.Role_ROLE_SUPERVISOR,
}

// A figureFilter is what is counted, as the form above the figures has it.
type figureFilter struct {
	url.Values // as they stand in the address
	Kinds      []option
	Bodies     []option
	Organs     organChoice // none where the caller counts one organ only
	Counted    []string    // what was counted, in words; empty where that was refused
	Refused    *refusal
}

type figurePage struct {
	figureFilter
	Groups []figureGroup
}

// A figureGroup holds the figures that count the same.
type figureGroup struct {
	Heading, Unit string
	Rows          []figureRow
}

type figureRow struct {
	*fuyanv1.Figure
	Rate         string
	Above, Below string // the addresses of the lists
}

var figureUnits = []struct {
	unit          fuyanv1.FigureUnit
	heading, name string
}{
	{fuyanv1.FigureUnit_FIGURE_UNIT_PROPOSAL, "办理", "件"},
	{fuyanv1.FigureUnit_FIGURE_UNIT_FORM, "反馈", "份"},
	{fuyanv1.FigureUnit_FIGURE_UNIT_COMMITMENT, "承诺", "项"},
}

// figureNames are the filters that stand in the address.
var figureNames = []string{"as_of", "kind", "organ", "body", "term", "session", "from", "to", "since"}

// figureLabels are what the page calls the fields of its question.
var figureLabels = map[string]string{
	"filter.as_of": "截止日", "filter.kind": "类别", "filter.organ_id": "单位", "filter.sitting": "届次",
	"filter.sitting.body": "会议", "filter.sitting.term": "届", "filter.sitting.session": "次",
	"filter.handed_over_from": "交办日自", "filter.handed_over_to": "交办日至", "filter.since": "承诺统计期起",
}

// figureQuestion reads the filters in the address. Who names a part of a sitting
// must name all of it: 次 0 is between sittings, and nothing is no number.
func figureQuestion(in input) *fuyanv1.FigureFilter {
	f := &fuyanv1.FigureFilter{
		AsOf: in.text("as_of"), Kind: picked(in, "kind", kinds), OrganId: in.number64("organ"),
		HandedOverFrom: in.text("from"), HandedOverTo: in.text("to"), Since: in.text("since"),
	}
	if in.text("body")+in.text("term")+in.text("session") != "" {
		f.Sitting = &fuyanv1.Sitting{Body: in.text("body"), Term: in.number32("term"), Session: in.number32("session")}
		if in.text("session") == "" {
			f.Sitting.Session = -1
		}
	}
	return f
}

func (p *pages) showFigures(r *request) (figurePage, error) {
	in := input{values: r.URL.Query()}
	question := figureQuestion(in)
	answer, err := p.reports.GetFigures(r.Context(), &fuyanv1.GetFiguresRequest{Filter: question})
	filter, err := p.figureFilter(r, in, answer.GetFilter(), err)
	page := figurePage{figureFilter: filter}
	for _, u := range figureUnits {
		g := figureGroup{Heading: u.heading, Unit: u.name}
		for _, f := range answer.GetFigures() {
			if f.Unit == u.unit {
				g.Rows = append(g.Rows, figureRow{
					f, rate(f.Numerator, f.Denominator), figureAddress(f.Code, "numerator", in), figureAddress(f.Code, "denominator", in),
				})
			}
		}
		page.Groups = append(page.Groups, g)
	}
	return page, err
}

// figureFilter is the form with what was asked, what was counted and, where that
// was refused, why.
func (p *pages) figureFilter(r *request, in input, counted *fuyanv1.FigureFilter, err error) (figureFilter, error) {
	f := figureFilter{Values: in.values, Kinds: selected(kinds, picked(in, "kind", kinds))}
	for _, body := range []string{"市政协", "市人大"} {
		f.Bodies = append(f.Bodies, option{body, body, body == in.text("body")})
	}
	if err := refusedInto(r, &f.Refused, err); err != nil {
		return f, err
	}
	if f.Refused != nil {
		f.Refused = f.Refused.named(figureLabels[f.Refused.Field])
	}
	if r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR) {
		if f.Organs, err = p.organsAnswering(r.Context(), in.number64("organ")); err != nil {
			return f, err
		}
	}
	name := "全部单位"
	if counted.GetOrganId() != 0 {
		one, err := p.accounts.ListOrgans(r.Context(), &fuyanv1.ListOrgansRequest{OrganId: counted.GetOrganId()})
		if err != nil {
			return f, err
		}
		for _, o := range one.GetOrgans() {
			name = o.Name
		}
	}
	if counted != nil {
		f.Counted = append([]string{p.asOf(counted.AsOf), name}, countedWords(counted)...)
	}
	return f, err
}

// asOf says up to when was counted.
func (p *pages) asOf(day string) string {
	if day == p.today() {
		return "截至" + chineseDay(day) + "此刻，今天到期的尚不算到期"
	}
	return "截至" + chineseDay(day) + "终了"
}

// countedWords says what of all that was counted, for a page on paper has no form.
func countedWords(f *fuyanv1.FigureFilter) []string {
	var out []string
	if f.Kind != 0 {
		out = append(out, kinds.of(f.Kind))
	}
	if f.Sitting != nil {
		out = append(out, sittingName(f.Sitting))
	}
	if f.HandedOverFrom != "" {
		out = append(out, chineseDay(f.HandedOverFrom)+"起交办")
	}
	if f.HandedOverTo != "" {
		out = append(out, chineseDay(f.HandedOverTo)+"止交办")
	}
	if f.Since != "" {
		out = append(out, "承诺统计期自"+chineseDay(f.Since)+"起")
	}
	return out
}

// figureAddress is that of a list behind a figure, with the filters of this page.
func figureAddress(code, side string, in input) string {
	query := filtersOnly(in)
	query.Set("side", side)
	return "/figures/" + code + "?" + query.Encode()
}

func filtersOnly(in input) url.Values {
	out := url.Values{}
	for _, name := range figureNames {
		if value := in.text(name); value != "" {
			out.Set(name, value)
		}
	}
	return out
}

// rate is a share to two places. Of nothing there is none; what is not all is
// never 100 %, and what is something never 0 %.
func rate(numerator, denominator int64) string {
	if denominator == 0 {
		return "—"
	}
	r := (numerator*20000 + denominator) / (2 * denominator) // ten thousandths, rounded
	if numerator < denominator {
		r = min(r, 9999)
	}
	if numerator > 0 {
		r = max(r, 1)
	}
	return fmt.Sprintf("%d.%02d%%", r/100, r%100)
}
