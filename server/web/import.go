package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type importPage struct {
	*fuyanv1.Import
	Waiting, Running, Done  bool // its state
	May                     bool // the reader may change it
	Columns                 []columnView
	Header                  fieldView // the line that has the headings
	Missing                 []string  // fields that no column holds and that no row can do without
	Match, Confirm, Discard formView
	Filters                 []filterLink
	Rows                    []importRow
	Settled                 int32 // rows received or refused
	Percent                 int32
	First, Next             string
}

// A columnView is a column of the file, for a person to say what it holds.
type columnView struct {
	*fuyanv1.ImportColumn
	Name    string // of its field in the form
	Letter  string // as Excel calls it
	Options []option
}

// An importRow is a row with what is to become, or became, of it.
type importRow struct {
	*fuyanv1.ImportRow
	Proposers []string // an organisation marked as one
	Result    string
	Wrong     bool // it is not received
}

func importRowOf(row *fuyanv1.ImportRow) importRow {
	people := slices.Clone(row.Proposers)
	for i, name := range people {
		if slices.Contains(row.Organisations, name) {
			people[i] += "（单位）"
		}
	}
	wrong := slices.ContainsFunc(row.Problems, func(p *fuyanv1.ImportProblem) bool { return !p.Warning })
	switch {
	case row.ProposalId != 0:
		return importRow{row, people, "已登记", false}
	case row.Refused != "":
		return importRow{row, people, "未登记", true}
	case wrong:
		return importRow{row, people, "有误", true}
	}
	return importRow{row, people, "可登记", false}
}

// A filterLink leads to some of the rows.
type filterLink struct {
	Href, Label string
	Count       int32
	Here        bool
}

// importForms stand on the page of an import.
func (p *pages) importForms() []form {
	of := func(f func(*fuyanv1.ImportDefaults) string) func(subject) string {
		return func(s subject) string { return f(s.imported.GetDefaults()) }
	}
	enum := func(value fmt.Stringer, zero bool) string {
		if zero {
			return ""
		}
		return value.String()
	}
	yes := func(is bool) string {
		if is {
			return "yes"
		}
		return ""
	}
	return []form{
		entry("MatchColumns", "按此核对", "已按新的对应关系核对", calls(p.imports.MatchColumns, matchColumns),
			number("header_line", "表头在第几行").must().hint("没有表头填 0").from(func(s subject) string { return strconv.Itoa(int(s.imported.GetHeaderLine())) }),
			pick("defaults.kind", "类别", fixed(kinds)).from(of(func(d *fuyanv1.ImportDefaults) string { return enum(d.GetKind(), d.GetKind() == 0) })),
			line("defaults.sitting.body", "会议").hint("市政协、市人大").from(of(func(d *fuyanv1.ImportDefaults) string { return d.GetSitting().GetBody() })),
			number("defaults.sitting.term", "届").hint("14 即十四届").from(of(func(d *fuyanv1.ImportDefaults) string { return count(d.GetSitting().GetTerm()) })),
			number("defaults.sitting.session", "次").hint("留空为闭会期间").from(of(func(d *fuyanv1.ImportDefaults) string { return count(d.GetSitting().GetSession()) })),
			day("defaults.handed_over", "交办日期").from(of(func(d *fuyanv1.ImportDefaults) string { return d.GetHandedOver() })),
			pick("defaults.organ_id", "承办单位", answeringOrgans).hint("办公室留空为本单位").from(of(func(d *fuyanv1.ImportDefaults) string { return idText(d.GetOrganId()) })),
			pick("defaults.role", "承办方式", answeringParts).hint("留空为独办").from(of(func(d *fuyanv1.ImportDefaults) string { return enum(d.GetRole(), d.GetRole() == 0) })),
			number("defaults.number_width", "案号补足到几位").hint("670 补足 4 位即 0670；留空照原样").from(of(func(d *fuyanv1.ImportDefaults) string { return count(d.GetNumberWidth()) })),
			flag("defaults.text_public", "正文可以公开").from(of(func(d *fuyanv1.ImportDefaults) string { return yes(d.GetTextPublic()) })),
			flag("defaults.no_written_reply", "提出人不需要书面答复").from(of(func(d *fuyanv1.ImportDefaults) string { return yes(d.GetNoWrittenReply()) }))),
		entry("ConfirmImport", "确认登记", "已确认，正在逐件登记", calls(p.imports.ConfirmImport, confirmImport), sure()),
	}
}

// answeringOrgans are the organs that can answer.
func answeringOrgans(s subject) []option {
	var out []option
	for _, o := range s.organs {
		if o.Oversight == fuyanv1.Oversight_OVERSIGHT_UNSPECIFIED {
			out = append(out, choice(o.Id, o.Name))
		}
	}
	return out
}

// answeringParts are the parts of an organ that answers.
func answeringParts(subject) []option {
	return slices.DeleteFunc(parts.options(), func(o option) bool {
		return o.Value == fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_HELPER.String()
	})
}

func matchColumns(in input) *fuyanv1.MatchColumnsRequest {
	req := &fuyanv1.MatchColumnsRequest{
		RequestId: in.requestID, ImportId: in.id, ExpectedVersion: in.version, HeaderLine: in.number32("header_line"),
		Defaults: &fuyanv1.ImportDefaults{
			Kind: picked(in, "defaults.kind", kinds), OrganId: in.number64("defaults.organ_id"), Role: picked(in, "defaults.role", parts),
			HandedOver: in.text("defaults.handed_over"), NumberWidth: in.number32("defaults.number_width"),
			TextPublic: in.flag("defaults.text_public"), NoWrittenReply: in.flag("defaults.no_written_reply"),
		},
	}
	sitting := &fuyanv1.Sitting{
		Body: in.text("defaults.sitting.body"), Term: in.number32("defaults.sitting.term"), Session: in.number32("defaults.sitting.session"),
	}
	if sitting.Body != "" || sitting.Term != 0 || sitting.Session != 0 {
		req.Defaults.Sitting = sitting
	}
	for n := range min(in.number32("columns"), mostColumns) {
		req.Fields = append(req.Fields, picked(in, columnName(int(n)), importFields))
	}
	return req
}

// mostColumns is how many columns a list may have.
const mostColumns = 100

func columnName(n int) string { return "fields[" + strconv.Itoa(n) + "]" }

func confirmImport(in input) *fuyanv1.ConfirmImportRequest {
	return &fuyanv1.ConfirmImportRequest{RequestId: in.requestID, ImportId: in.id, ExpectedVersion: in.version}
}

// discardImport removes a list and leads back to the others.
func (p *pages) discardImport(r *request) (string, error) {
	in := r.input()
	_, err := p.imports.DiscardImport(r.Context(), &fuyanv1.DiscardImportRequest{RequestId: in.requestID, ImportId: in.id, ExpectedVersion: in.version})
	return "/imports?done=DiscardImport", refuse("DiscardImport", err)
}

// importPages shows an import, and while its rows are received shows it again and
// again.
func (p *pages) importPages() handler {
	shown := render[importPage](p, "import.html")
	return func(w http.ResponseWriter, r *request) error {
		page, err := p.showImport(r)
		if err != nil {
			return err
		}
		if page.Running {
			w.Header().Set("Refresh", fmt.Sprintf("2; url=/imports/%d", page.GetId()))
		}
		return shown(w, r, page)
	}
}

// rowFilters are the rows that can be asked for, by their value in the address.
var rowFilters = []struct {
	value                  string
	rows                   fuyanv1.ImportRows
	label, afterwards      string
	count, countAfterwards func(*fuyanv1.Import) int32
}{
	{"", fuyanv1.ImportRows_IMPORT_ROWS_UNSPECIFIED, "全部", "全部", (*fuyanv1.Import).GetRowCount, (*fuyanv1.Import).GetRowCount},
	{"wrong", fuyanv1.ImportRows_IMPORT_ROWS_WRONG, "有误", "未登记", func(i *fuyanv1.Import) int32 { return i.RowCount - i.GoodCount }, (*fuyanv1.Import).GetRefusedCount},
	{"good", fuyanv1.ImportRows_IMPORT_ROWS_GOOD, "可登记", "已登记", (*fuyanv1.Import).GetGoodCount, (*fuyanv1.Import).GetReceivedCount},
}

func (p *pages) showImport(r *request) (importPage, error) {
	id, err := r.id()
	if err != nil {
		return importPage{}, err
	}
	req := &fuyanv1.GetImportRequest{ImportId: id, PageToken: r.URL.Query().Get("page")}
	for _, f := range rowFilters {
		if f.value == r.URL.Query().Get("rows") {
			req.Rows = f.rows
		}
	}
	answer, err := p.imports.GetImport(r.Context(), req)
	if err != nil {
		return importPage{}, err
	}
	i := answer.Import
	page := importPage{
		Import: i, May: r.is(receiverRoles...), Settled: i.ReceivedCount + i.RefusedCount,
		Waiting: i.State == fuyanv1.ImportState_IMPORT_STATE_UPLOADED, Running: i.State == fuyanv1.ImportState_IMPORT_STATE_CONFIRMED,
		Done: i.State == fuyanv1.ImportState_IMPORT_STATE_DONE,
	}
	for _, row := range answer.Rows {
		page.Rows = append(page.Rows, importRowOf(row))
	}
	page.Percent = 100 * page.Settled / max(i.RowCount, 1)
	page.First, page.Next = paging(r.importPath(), r, answer.NextPageToken)
	page.filter(r, req.Rows)
	if !page.Waiting && r.failed == nil {
		return page, nil
	}
	organs, err := p.organsOf(r.Context())
	page.addForms(p, r, subject{imported: i, organs: organs})
	return page, err
}

// importPath is the page's own address, also where one of its forms was refused.
func (r *request) importPath() string { return "/imports/" + url.PathEscape(r.PathValue("id")) }

func (page *importPage) filter(r *request, chosen fuyanv1.ImportRows) {
	for _, f := range rowFilters {
		link := filterLink{Href: r.importPath(), Label: f.label, Count: f.count(page.Import), Here: f.rows == chosen}
		if !page.Waiting {
			link.Label, link.Count = f.afterwards, f.countAfterwards(page.Import)
		}
		if f.value != "" {
			link.Href += "?rows=" + f.value
		}
		page.Filters = append(page.Filters, link)
	}
}

// addForms adds what can be done to an import that waits.
func (page *importPage) addForms(p *pages, r *request, s subject) {
	form := func(rpc string) formView {
		return p.forms[rpc].view(r, place{rpc, r.importPath() + "/" + rpc, s.imported.Version}, s)
	}
	page.Match, page.Confirm, page.Discard = form("MatchColumns"), form("ConfirmImport"), form("DiscardImport")
	for _, form := range []*formView{&page.Match, &page.Confirm} {
		if why := form.Failed; why != nil && (why.Field == "fields" || why.Field == "import_id") {
			form.Failed = why.named("") // no control is called so
		}
	}
	page.Header, page.Match.Fields = page.Match.Fields[0], page.Match.Fields[1:]
	held := map[fuyanv1.ImportField]bool{}
	for n, c := range s.imported.Columns {
		held[c.Field] = true
		chosen := c.Field
		if page.Match.Failed != nil {
			chosen = importFields.value(r.PostForm.Get(columnName(n)))
		}
		page.Columns = append(page.Columns, columnView{c, columnName(n), letters(n), selected(importFields, chosen)})
	}
	for _, f := range []fuyanv1.ImportField{
		fuyanv1.ImportField_IMPORT_FIELD_NUMBER, fuyanv1.ImportField_IMPORT_FIELD_TITLE, fuyanv1.ImportField_IMPORT_FIELD_PROPOSERS,
	} {
		if !held[f] {
			page.Missing = append(page.Missing, importFields.of(f))
		}
	}
}

// letters is what Excel calls a column: A, Z, AA.
func letters(n int) string {
	if n >= 26 {
		return letters(n/26-1) + letters(n%26)
	}
	return string(rune('A' + n))
}

// exportRefused answers with the rows that were not received, as a file.
func (p *pages) exportRefused(w http.ResponseWriter, r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	answer, err := p.imports.ExportRefusedRows(r.Context(), &fuyanv1.ExportRefusedRowsRequest{ImportId: id})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", cmp.Or(answer.MediaType, "text/csv"))
	w.Header().Set("Content-Length", strconv.Itoa(len(answer.Content)))
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(answer.FileName))
	_, err = w.Write(answer.Content)
	return err
}
