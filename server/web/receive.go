package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type receivePage struct {
	Form    formView
	Letter  []fieldView // the fields about a letter issued before
	Reading *fuyanv1.Reading
	Pieces  []piece // the letter read, with its promises marked
	Read    *refusal
}

// receiveFields are named by the path of the field of ReceiveProposalRequest.
// Those of an issued letter come last.
func receiveFields() []field {
	return []field{
		pick("kind", "类别", fixed(kinds)).must(),
		line("number", "案号").must().hint("照原样：0670"),
		today("handed_over", "交办日期"),
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

		letter("issued_letter.text", "复文全文"),
		line("issued_letter.document_number", "发文字号").hint("留空则从复文读取"),
		day("issued_letter.issue_date", "成文日期").hint("留空则从复文读取"),
		pick("issued_letter.result", "办理结果", allResults).hint("留空则从复文读取"),
		pick("issued_letter.publicity", "公开属性", fixed(publicities)).hint("留空则从复文读取"),
		day("issued_letter.published", "公开日期").hint("未公开则留空"),
	}
}

func (p *pages) receiveForm(r *request) (receivePage, error) {
	all, err := p.organsOf(r.Context())
	if err != nil {
		return receivePage{}, err
	}
	form := p.forms["ReceiveProposal"].view(r, place{"ReceiveProposal", "/proposals/new", 0}, subject{organs: all, today: p.today()})
	split := slices.IndexFunc(form.Fields, func(f fieldView) bool { return strings.HasPrefix(f.Name, "issued_letter.") })
	page := receivePage{Form: form, Letter: form.Fields[split:]}
	page.Form.Fields = form.Fields[:split]
	return page, nil
}

// readLetter reads the letter pasted into the form and fills the form with what
// it says. Nothing is stored.
func (p *pages) readLetter(r *request) (receivePage, error) {
	text := r.input().verbatim("issued_letter.text")
	answer, err := p.replies.ReadLetter(r.Context(), &fuyanv1.ReadLetterRequest{Text: text})
	if refused, ok := errors.AsType[*refusal](refuse("ReceiveProposal", err)); ok {
		refused.Field = "issued_letter.text"
		r.failed = refused
		return p.receiveForm(r)
	}
	if err != nil {
		return receivePage{}, err
	}
	r.typed = filled(r.PostForm, answer.Reading)
	page, err := p.receiveForm(r)
	page.Reading = answer.Reading
	page.Pieces = pieces(text, promiseMarks(answer.Reading.GetPromises()))
	return page, err
}

// filled is what was typed, with what the letter says in its place where it says
// something.
func filled(typed url.Values, read *fuyanv1.Reading) url.Values {
	out := url.Values{}
	for name, values := range typed {
		out[name] = values
	}
	set := func(name, value string) {
		if value != "" && value != "0" {
			out.Set(name, value)
		}
	}
	if read.GetKind() != "" {
		set("kind", "KIND_"+read.GetKind())
	}
	set("sitting.body", read.GetBody())
	set("sitting.term", strconv.Itoa(int(read.GetTerm())))
	set("sitting.session", strconv.Itoa(int(read.GetSession())))
	set("number", read.GetCaseNumber())
	set("title", read.GetTitle())
	set("proposers", strings.Join(read.GetProposers(), "\n"))
	set("issued_letter.document_number", read.GetDocumentNumber())
	set("issued_letter.issue_date", read.GetIssueDate())
	return out
}

func promiseMarks(promises []*fuyanv1.Promise) []mark {
	var marks []mark
	for i, pr := range promises {
		marks = append(marks, markAt(pr.Span, "promise", fmt.Sprintf("p%d", i+1), ""))
	}
	return marks
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
		return "", refuse("ReceiveProposal", err)
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
