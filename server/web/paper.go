package web

import (
	"regexp"
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type paperPage struct {
	Proposal *fuyanv1.Proposal
	Letter   *fuyanv1.Letter // nil before it is issued
	Draft    *fuyanv1.Draft  // what it is made from; nil once it is issued
	Paper    paper
}

// A paper is a letter cut into the parts of a document (GB/T 9704-2012): what
// stands above the red rule, the body, what follows the signature, and the foot.
// All its lines are the letter's, in its order.
type paper struct {
	Labels []string // 办理结果, 公开属性
	Organ  string   // 发文机关标志
	Number string   // 发文字号
	Title  []string // in the pieces between which a line may end
	To     string   // 主送
	Body   []paperLine
	Signed string   // 署名
	Date   string   // 成文日期
	Notes  []string // 附注: whom to ask
	Copies string   // 抄送
	Issuer string   // 印发机关
	Issued string   // 印发日期
}

// A paperLine is a paragraph of the body; the class says which level of heading it
// is, empty for none.
type paperLine struct{ Class, Text string }

var (
	numberLine  = regexp.MustCompile(`^\p{Han}{2,12}[〔\[［【（(]\d{4}[〕\]］】）)]第?\d+号$`)
	titleLine   = regexp.MustCompile(`^(对|关于).{4,}(答复|复函|意见)$`)
	titleCut    = regexp.MustCompile(`^(.*?(?:会议|期间)|)(.*)$`)
	dateLine    = regexp.MustCompile(`^\d{4}年\d{1,2}月\d{1,2}日$`)
	issuedLine  = regexp.MustCompile(`^\d{4}年\d{1,2}月\d{1,2}日印发$`)
	noteLine    = regexp.MustCompile(`^[（(]?(联系人|联系电话|联系地址|邮政编码)`)
	labelLine   = regexp.MustCompile(`^(办理结果|公开属性)[：:]`)
	firstLevel  = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、`)
	secondLevel = regexp.MustCompile(`^（[一二三四五六七八九十]{1,3}）`)
)

// paperOf cuts a letter into its parts, from its head on and from its foot back.
// What it does not know stays in the body, so that nothing is left out.
func paperOf(text, organ string) paper {
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	var out paper
	lines = out.head(lines, organ)
	lines = out.foot(lines, organ)
	for _, l := range lines {
		line := paperLine{Text: l}
		switch {
		case firstLevel.MatchString(l):
			line.Class = "level-1"
		case secondLevel.MatchString(l):
			line.Class = "level-2"
		}
		out.Body = append(out.Body, line)
	}
	return out
}

// head takes what stands above the body off the lines.
func (p *paper) head(lines []string, organ string) []string {
	take := func(fits bool, part *string) {
		if fits && *part == "" && len(lines) > 0 {
			*part, lines = lines[0], lines[1:]
		}
	}
	first := func() string { return append(lines, "")[0] }
	for labelLine.MatchString(first()) {
		p.Labels, lines = append(p.Labels, lines[0]), lines[1:]
	}
	take(first() == organ, &p.Organ)
	take(numberLine.MatchString(first()), &p.Number)
	if titleLine.MatchString(first()) {
		p.Title, lines = titleCut.FindStringSubmatch(lines[0])[1:], lines[1:]
	}
	take(strings.HasSuffix(first(), "："), &p.To)
	return lines
}

// foot takes what stands below the body off the lines.
func (p *paper) foot(lines []string, organ string) []string {
	take := func(fits func(string) bool, part *string) {
		if last := len(lines) - 1; last >= 0 && fits(lines[last]) {
			*part, lines = lines[last], lines[:last]
		}
	}
	take(issuedLine.MatchString, &p.Issued)
	take(func(l string) bool { return strings.HasSuffix(l, "办公室") }, &p.Issuer)
	take(func(l string) bool { return strings.HasPrefix(l, "抄送") }, &p.Copies)
	for note := "?"; note != ""; {
		note = ""
		if take(noteLine.MatchString, &note); note != "" {
			p.Notes = append([]string{note}, p.Notes...)
		}
	}
	take(dateLine.MatchString, &p.Date)
	take(func(l string) bool { return l == organ }, &p.Signed)
	return lines
}

// showPaper shows the letter as it was issued, or as the saved draft will look.
func (p *pages) showPaper(r *request) (paperPage, error) {
	id, err := r.id()
	if err != nil {
		return paperPage{}, err
	}
	answer, err := p.proposals.GetProposal(r.Context(), &fuyanv1.GetProposalRequest{ProposalId: id})
	if err != nil {
		return paperPage{}, err
	}
	page := paperPage{Proposal: answer.GetView().GetProposal()}
	round, _ := strconv.ParseInt(r.URL.Query().Get("round"), 10, 32)
	reply, err := p.replyOf(r.Context(), id, int32(round))
	if err != nil {
		return page, err
	}
	if letters := reply.GetLetters(); len(letters) > 0 {
		page.Letter = letters[0]
		page.Paper = paperOf(page.Letter.Text, page.Proposal.GetOrgan())
		return page, nil
	}
	if page.Draft = latestDraft(reply); page.Draft == nil || reply.GetRound() != page.Proposal.GetRound() {
		return page, errNoPage
	}
	check, err := p.replies.CheckDraft(r.Context(), &fuyanv1.CheckDraftRequest{ProposalId: id})
	if err != nil {
		return page, err
	}
	page.Paper = paperOf(check.Letter, page.Proposal.GetOrgan())
	page.Paper.Date, page.Paper.Issued = "", "" // today's, until it is issued
	return page, nil
}
