package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// drafted is a proposal of the demo data that this handler drafts, with a browser
// of theirs on the draft's page.
func (s *site) drafted(t *testing.T, w way) (p *person, address string) {
	t.Helper()
	p = s.person(t, w)
	p.take("handler")
	for _, page := range s.crawl(t, "handler").kinds["/proposals/{id}/draft"] {
		if _, body := s.get(t, "handler", page); strings.Contains(body, `name="text"`) {
			p.open(page)
			return p, page
		}
	}
	t.Fatal("the demo data has no draft of the handler's")
	return nil, ""
}

// TestTwoPeopleOnOneDraft lets the office save what the handler has open: the
// handler's text is shown beside it, and neither is lost.
func TestTwoPeopleOnOneDraft(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for name, way := range tried() {
		t.Run(name, func(t *testing.T) {
			handler, address := site.drafted(t, way)
			office := site.person(t, way)
			office.take("office")
			office.open(address)
			office.write("正文", "办公室在"+name+"改过的稿。")
			office.press("保存")
			office.see("已保存")

			handler.write("正文", "经办人在"+name+"改过的稿。")
			handler.press("保存")
			handler.see("周岚保存了第", "两边都改动了")
			handler.tick("用我的")
			handler.press("按所选填入")
			handler.see("还没有保存")
			handler.press("保存")
			handler.see("已保存")
			if got := ask[string](handler, `document.querySelector('textarea[name="text"]').value`); got != "经办人在"+name+"改过的稿。" {
				t.Errorf("saved is %q", got)
			}
			handler.press("各稿对照")
			handler.see("经办人", "办公室", "改过的稿。")
		})
	}
}

// TestSessionEndsWhileTyping ends a session while a draft is written: it is saved
// after signing in again.
func TestSessionEndsWhileTyping(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for name, way := range tried() {
		t.Run(name, func(t *testing.T) {
			p, address := site.drafted(t, way)
			text := "写到一半，" + name + "的登录过期了。"
			p.write("正文", text)
			command(p, network.DeleteCookies, network.DeleteCookiesParams{Name: "fuyan_session", URL: site.URL})
			p.press("保存")
			p.see("登录已经过期")
			p.write("登录名", "handler")
			p.write("密码", "fuyan-demo-2026")
			p.press("登录")
			p.see(text)
			p.press("继续提交")
			p.see("已保存")
			p.open(address)
			if got := ask[string](p, `document.querySelector('textarea[name="text"]').value`); got != text {
				t.Errorf("saved is %q", got)
			}
		})
	}
}

// TestPressedTwice presses a button twice at once, and then goes back and presses
// it again: one contact is recorded.
func TestPressedTwice(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for name, way := range tried() {
		t.Run(name, func(t *testing.T) {
			p, page := site.drafted(t, way)
			address := strings.TrimSuffix(page, "/draft")
			summary := "在" + name + "上通了电话。"
			p.open(address)
			p.unfold("登记沟通")
			p.find("select", "提出人")
			ask[bool](p, `(document.querySelector('[data-here]').selectedIndex = 1, true)`)
			p.choose("方式", "电话")
			p.write("沟通内容", summary)
			p.find("button", "登记沟通")
			p.pressTwice()
			if n := strings.Count(p.text(), summary); n != 1 {
				t.Errorf("pressed twice it is recorded %d times:\n%s", n, p.text())
			}
			p.back()
			p.unfold("登记沟通")
			if ask[string](p, `document.querySelector('[data-form] textarea').value`) == summary {
				p.press("登记沟通")
			}
			p.open(address)
			if n := strings.Count(p.text(), summary); n != 1 {
				t.Errorf("after going back it is recorded %d times:\n%s", n, p.text())
			}
		})
	}
}
