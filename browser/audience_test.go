package browser_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
)

// TestStoryOfAnOversightOffice goes from the board to a request for more time, and
// grants it; then to a copy, and acknowledges it.
func TestStoryOfAnOversightOffice(t *testing.T) {
	t.Parallel()
	for name, way := range tried() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newSite(t).person(t, way)
			p.signIn("government")
			p.press("督办台")
			p.see("逾期", "延期待审定")
			p.open("/board/extensions")
			p.press("审定")
			p.unfold("审批延期")
			p.choose("决定", "同意")
			p.write("理由", "情况属实。")
			p.press("审批延期")
			p.see("延期申请已审定", "情况属实。")
			p.open("/board/copies")
			p.press("签收")
			p.unfold("签收抄送件")
			p.press("签收抄送件")
			p.see("抄送件已签收")
		})
	}
}

// list is a hand-over list as it is pasted: one row is good, one has no title, and
// one is on record already.
const list = "2026年市政协提案交办清单\n案号\t案由\t提出人\n%d\t关于整治飞线充电的建议\t陆怀瑾\n%d\t\t沈知衡\n0581\t关于加强实验动物资源统筹供给的建议\t殷叔同"

// TestStoryOfAHandOverList pastes a list, looks what is wrong, and receives what
// is good.
func TestStoryOfAHandOverList(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for name, way := range tried() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 8000 + 2*numbers.Add(1)
			p := site.person(t, way)
			p.take("office")
			p.open("/imports")
			p.write("或者粘贴表格", fmt.Sprintf(list, n, n+1))
			p.press("读取清单")
			p.see("关于整治飞线充电的建议")
			p.write("会议", "市政协")
			p.write("届", "14")
			p.write("次", "4")
			p.press("按此核对")
			p.see("已按新的对应关系核对")
			sure(p)
			p.press("登记 1 件")
			if !p.until(`document.body.innerText.includes('登记完毕')`) {
				p.open(p.address())
			}
			p.see("登记完毕", "已登记 1 件")
		})
	}
}

// TestStoryOfAnAdministrator looks at jobs, and disables an account.
func TestStoryOfAnAdministrator(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for name, way := range tried() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := site.person(t, way)
			p.signIn("admin")
			p.press("任务")
			p.choose("状态", "已完成")
			p.press("筛选")
			p.see("登记复文中的承诺")
			p.press("用户")
			p.see("许亦舟")
			p.press("单位")
			p.see("市财政局")
		})
	}
}

// checkNothingOfOthers looks at what people find who see a part of the proposals: none
// of the others is named anywhere, but where it is published.
func (s *site) checkNothingOfOthers(t *testing.T, crawls map[string]*crawl) {
	everything := s.titles(t, "admin")
	for _, account := range []string{"finance", "cppcc", "npc", "member", "deputy"} {
		own := s.titles(t, account)
		hidden := slices.DeleteFunc(slices.Clone(everything), func(title string) bool { return slices.Contains(own, title) })
		if len(hidden) == 0 {
			t.Errorf("%s sees everything: the test shows nothing", account)
		}
		c := crawls[account]
		if c == nil { // one account of each role was enough
			c = s.crawl(t, account)
		}
		for address, page := range c.pages {
			for _, title := range hidden {
				if strings.Contains(page, title) && !public(address) {
					t.Errorf("%s shows %s the proposal %q", address, account, title)
				}
			}
		}
	}
}

// titles are those of the proposals that somebody may see.
func (s *site) titles(t *testing.T, account string) (out []string) {
	t.Helper()
	list, err := s.db.ListProposals(t.Context(), s.user(t, account), postgres.ProposalFilter{Limit: 100})
	must(t, err)
	for _, p := range list {
		out = append(out, p.Title)
	}
	return out
}

func (s *site) user(t *testing.T, account string) casework.User {
	t.Helper()
	id, err := s.db.Identify(t.Context(), s.session(t, account).Value)
	must(t, err)
	return id.User
}
