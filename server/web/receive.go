package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type receivePage struct {
	Form   formView
	Letter []fieldView // the fields about a letter issued before
	Read   *readView   // what was read in it; nil before it was read
}

// receiveFields are named by the path of the field of ReceiveProposalRequest.
// Those of an issued letter come last.
func receiveFields() []field {
	return []field{
		pick("kind", "类别", fixed(kinds)).must(),
		line("number", "案号").must().hint("照原样：0670"),
		today("handed_over", "交办日期").hint("有复文而留空，即按成文日期"),
		line("sitting.body", "会议").must().hint("市政协、市人大"),
		number("sitting.term", "届").must().hint("14 即十四届"),
		number("sitting.session", "次").hint("留空为闭会期间"),
		long("title", "案由").must().hint("不加外层引号"),
		area("proposers", "提出人").must().hint("每行一位。行末可加：* 领衔（不加则第一位）、单位、@登录名"),
		pick("organ_id", "承办单位", organs).hint("留空为本单位"),
		pick("role", "承办方式", fixed(parts)).hint("留空为独办"),
		area("text", "正文"),
		flag("text_public", "正文可以公开"),
		flag("no_written_reply", "提出人不需要书面答复"),

		file("issued_letter.file", "复文文件", ".txt,.docx,.html,.htm").hint("Word 文档（.docx）、网页（.html）或文本（.txt），不超过 20 MB。选了文件，就以文件为准"),
		letter("issued_letter.text", "复文全文"),
		line("issued_letter.document_number", "发文字号").hint("留空则从复文读取"),
		day("issued_letter.issue_date", "成文日期").hint("留空则从复文读取"),
		pick("issued_letter.result", "办理结果", allResults).hint("留空则从复文读取"),
		pick("issued_letter.publicity", "公开属性", fixed(publicities)).hint("留空则从复文读取"),
		day("issued_letter.published", "公开日期").hint("未公开则留空"),
	}
}

// receiveForm shows the form, and of a form that was sent with a letter read,
// what was read.
func (p *pages) receiveForm(r *request) (receivePage, error) {
	var read *fuyanv1.ReadLetterResponse
	if rowsOf(r.PostForm) > 0 {
		var err error
		read, err = p.replies.ReadLetter(r.Context(), &fuyanv1.ReadLetterRequest{Text: r.input().verbatim("issued_letter.text")})
		if refused(err) == nil && err != nil {
			return receivePage{}, err
		}
	}
	return p.receiveWith(r, read)
}

// receiveWith shows the form with a letter as it was read; nil for none.
func (p *pages) receiveWith(r *request, read *fuyanv1.ReadLetterResponse) (receivePage, error) {
	all, err := p.organsOf(r.Context())
	if err != nil {
		return receivePage{}, err
	}
	form := p.forms["ReceiveProposal"].view(r, place{"ReceiveProposal", "/proposals/new", 0}, subject{organs: all, today: p.today()})
	page := receivePage{Form: form}
	if r.typed != nil || r.failed != nil {
		page.Read = readingOf(form, r.values(), read)
	}
	if page.Read != nil {
		page.Read.place(page.Form.Fields)
	}
	split := slices.IndexFunc(form.Fields, func(f fieldView) bool { return strings.HasPrefix(f.Name, "issued_letter.") })
	page.Form.Fields, page.Letter = form.Fields[:split], form.Fields[split:]
	return page, nil
}

// postReceive puts a proposal on record. One that comes with a file, or with a
// letter that was not read, is only read: nobody has seen yet what it says.
func (p *pages) postReceive(show, read handler) handler {
	receive := do(p.receive, show)
	return parsed(func(w http.ResponseWriter, r *request) error {
		if r.upload("issued_letter.file") != nil || r.input().text("issued_letter.text") != "" && rowsOf(r.PostForm) == 0 {
			return read(w, r)
		}
		return receive(w, r)
	})
}

// receive puts a proposal on record and leads to its page.
func (p *pages) receive(r *request) (string, error) {
	in := r.input()
	req := receiveProposal(in)
	if err := p.findAccounts(r.Context(), req.Proposers, proposerLines(in)); err != nil {
		return "", refuse("ReceiveProposal", err)
	}
	answer, err := p.proposals.ReceiveProposal(r.Context(), req)
	if err != nil {
		return "", atRow(in, refuse("ReceiveProposal", err))
	}
	return fmt.Sprintf("/proposals/%d?done=ReceiveProposal", answer.Proposal.GetId()), nil
}

func receiveProposal(in input) *fuyanv1.ReceiveProposalRequest {
	req := &fuyanv1.ReceiveProposalRequest{
		RequestId: in.requestID, Kind: picked(in, "kind", kinds),
		Sitting: &fuyanv1.Sitting{
			Body: in.text("sitting.body"), Term: in.number32("sitting.term"), Session: in.number32("sitting.session"),
		},
		Number: in.text("number"), Title: in.text("title"), Text: in.verbatim("text"),
		OrganId: in.number64("organ_id"), Role: picked(in, "role", parts), HandedOver: in.text("handed_over"),
		TextPublic: in.flag("text_public"), NoWrittenReply: in.flag("no_written_reply"),
	}
	for _, l := range proposerLines(in) {
		req.Proposers = append(req.Proposers, &fuyanv1.NewProposer{Name: l.name, Organisation: l.organisation, Lead: l.lead})
	}
	if in.text("issued_letter.text") != "" {
		req.IssuedLetter = &fuyanv1.IssuedLetter{
			Text: in.verbatim("issued_letter.text"), DocumentNumber: in.text("issued_letter.document_number"),
			IssueDate: in.text("issued_letter.issue_date"), Result: pickedResult(in, "issued_letter.result"),
			Publicity: picked(in, "issued_letter.publicity", publicities), Published: in.text("issued_letter.published"),
			PromisesConfirmed: rowsOf(in.values) > 0,
		}
		for _, n := range keptRows(in) {
			req.IssuedLetter.Promises = append(req.IssuedLetter.Promises, confirmedPromise(in, n))
		}
	}
	return req
}

// A proposerLine is a line of the proposers' field: 顾伟华 * @guwh, 民盟上海市委 单位.
type proposerLine struct {
	name               string
	organisation, lead bool
	account            string // the name to sign in with; empty for none
}

func proposerLines(in input) []proposerLine {
	var out []proposerLine
	for _, text := range strings.Split(in.text("proposers"), "\n") {
		var l proposerLine
		words := strings.Fields(text)
		for len(words) > 1 && l.takes(words[len(words)-1]) {
			words = words[:len(words)-1]
		}
		if l.name = strings.Join(words, " "); l.name != "" {
			out = append(out, l)
		}
	}
	return out
}

// takes notes the last word of a line if it says something about the name before
// it.
func (l *proposerLine) takes(word string) bool {
	account, isAccount := strings.CutPrefix(word, "@")
	switch {
	case word == "*" || word == "＊" || word == "领衔":
		l.lead = true
	case word == "单位":
		l.organisation = true
	case isAccount:
		l.account = account
	default:
		return false
	}
	return true
}

// findAccounts gives proposers the accounts named on their lines.
func (p *pages) findAccounts(ctx context.Context, proposers []*fuyanv1.NewProposer, lines []proposerLine) error {
	if !slices.ContainsFunc(lines, func(l proposerLine) bool { return l.account != "" }) {
		return nil
	}
	users, err := p.allUsers(ctx)
	if err != nil {
		return err
	}
	for i, l := range lines {
		if l.account == "" {
			continue
		}
		at := slices.IndexFunc(users, func(u *fuyanv1.User) bool { return u.Name == l.account })
		if at < 0 {
			return connect.Errorf(connect.CodeInvalidArgument, "没有登录名为“%s”的用户", l.account)
		}
		proposers[i].UserId = users[at].Id
	}
	return nil
}
