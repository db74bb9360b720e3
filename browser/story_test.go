package browser_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

// numbers are those of the proposals that stories hand in.
var numbers atomic.Int64

// A story is one proposal and the people around it, each before a browser of
// their own.
type story struct {
	t      *testing.T
	site   *site
	way    way
	title  string
	at     string // the address of the proposal
	people map[string]*person
}

// who is somebody signed in by the page, once.
func (s *story) who(account string) *person {
	s.t.Helper()
	p, ok := s.people[account]
	if !ok {
		p = s.site.person(s.t, s.way)
		p.signIn(account)
		s.people[account] = p
	}
	return p
}

// move makes one of the moves that the proposal's page offers.
func (s *story) move(account, label string, fill func(*person)) {
	s.t.Helper()
	p := s.who(account)
	p.open(s.at)
	p.unfold(label)
	if fill != nil {
		fill(p)
	}
	p.press(label)
	if p.address() != s.at && !strings.HasPrefix(p.address(), s.at+"?done=") {
		s.t.Fatalf("%s: %s leads to %s:\n%s", account, label, p.address(), p.text())
	}
}

func sure(p *person) { p.tick("已核对，确认办理") }

// TestStoryOfAProposal goes from hand-over to the delegate's word, by the pages
// alone.
func TestStoryOfAProposal(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 7000 + numbers.Add(1)
			s := &story{t: t, site: site, way: way, title: fmt.Sprintf("关于第%d处老旧泵房改造的建议", n), people: map[string]*person{}}
			s.receive(fmt.Sprint(n))
			s.draft()
			s.issue()
			s.publish()
			s.answer()
		})
	}
}

// receive is the office's: it puts the proposal on record and hands it on.
func (s *story) receive(number string) {
	s.t.Helper()
	p := s.who("office")
	p.open("/proposals/new")
	p.choose("类别", "提案")
	p.write("案号", number)
	p.write("会议", "市政协")
	p.write("届", "14")
	p.write("次", "4")
	p.write("案由", s.title)
	p.write("提出人", "陆怀瑾 * @member")
	p.press("登记")
	p.see("已登记", s.title)
	s.at, _, _ = strings.Cut(p.address(), "?")
	s.move("office", "签收", nil)
	s.move("office", "分办", func(p *person) { p.choose("经办人", "许亦舟") })
}

const promise = "下一步，我委将会同有关单位改造这处泵房，于2030年6月底前完成"

// draft is the handler's, whose reviewers let it pass.
func (s *story) draft() {
	s.t.Helper()
	p := s.who("handler")
	p.open(s.at)
	p.press("去拟稿")
	p.write("正文", "陆怀瑾委员：\n\n您提出的“"+s.title+"”的提案收悉，经研究，现将办理情况答复如下：\n\n一、现状\n\n泵房已经停用。\n\n二、措施\n\n"+
		promise+"。\n\n感谢您对本市科技工作的关心和支持。")
	p.choose("办理结果", "解决或采纳")
	p.choose("公开属性", "主动公开")
	p.press("保存")
	p.see("已保存", promise)
	p.unfold("确认")
	p.choose("责任人", "许亦舟")
	p.write("交付什么", "改造完成的泵房")
	p.write("怎样算完成", "验收合格")
	p.press("确认")
	p.see("承诺已确认")
	s.move("handler", "送审", nil)
	s.move("head", "审核通过", nil)
	s.move("office", "审核通过", nil)
	s.move("leader", "签发", nil)
}

// issue is the office's again: number, delivery, and the copies' receipt.
func (s *story) issue() {
	s.t.Helper()
	s.move("office", "编号印发", sure)
	s.who("office").see("沪科提复")
	s.move("office", "登记送达", func(p *person) {
		p.choose("提出人", "陆怀瑾")
		p.choose("方式", "当面送达")
	})
	for _, organ := range []string{"市政府办公厅建议提案处", "市政协提案办"} {
		s.move("office", "抄送", func(p *person) { p.choose("抄送单位", organ) })
	}
	s.move("cppcc", "签收抄送件", nil)
}

// publish is the office's, and what comes of it everybody's.
func (s *story) publish() {
	s.t.Helper()
	s.move("office", "公开", nil)
	p := s.site.person(s.t, s.way)
	p.open("/replies")
	p.write("查找", s.title)
	p.press("查找")
	p.press(s.title)
	p.see(promise, "主动公开")
}

// answer is the delegate's, who is not satisfied, and the oversight office's.
func (s *story) answer() {
	s.t.Helper()
	p := s.who("member")
	p.open("/mine")
	p.see("已答复", promise)
	p.press(s.title)
	s.move("member", "反馈", func(p *person) {
		p.choose("办理态度", "满意")
		p.choose("办理结果", "不满意")
		p.write("意见", "泵房仍在漏水。")
	})
	p.see("泵房仍在漏水。")
	s.move("cppcc", "不予二次办理", func(p *person) {
		p.write("理由", "改造以后再看。")
		sure(p)
	})
	p.open(s.at)
	p.see("改造以后再看。")
}
