package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// takeNew lets the browser have a session that is opened now.
func (p *person) takeNew(account string) {
	p.t.Helper()
	p.site.mu.Lock()
	delete(p.site.signedIn, account)
	p.site.mu.Unlock()
	p.take(account)
}

// copies counts the texts that are kept and not saved.
func (s *site) copies(t *testing.T, text string) (n int) {
	t.Helper()
	must(t, s.pool.QueryRow(t.Context(), `SELECT count(*) FROM working_copies WHERE text = $1`, text).Scan(&n))
	return n
}

// TestKeepAfterSignIn replaces the session under an editor: by a new one of the
// same person it goes on keeping, and by somebody else's it keeps nothing.
func TestKeepAfterSignIn(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p, _ := site.drafted(t, ways["desk"])
	p.takeNew("handler")
	p.write("正文", "同一人重新登录以后写的。")
	p.see("已暂存")
	if n := site.copies(t, "同一人重新登录以后写的。"); n != 1 {
		t.Errorf("after signing in again %d texts are kept, want 1", n)
	}
	p.take("office")
	p.write("正文", "另一人登录以后写的。")
	p.see("现在登录的是另一人，文字没有暂存")
	p.take("member")
	p.write("正文", "另一人登录以后又写的。")
	p.see("现在登录的人不能写这份稿件，文字没有暂存，请另存")
	if n := site.copies(t, "另一人登录以后写的。") + site.copies(t, "另一人登录以后又写的。"); n != 0 {
		t.Errorf("%d texts are kept as another's", n)
	}
	p.takeNew("handler")
	p.write("正文", "换回来以后写的。")
	p.see("已暂存")
	if n := site.copies(t, "换回来以后写的。"); n != 1 {
		t.Errorf("after changing back %d texts are kept, want 1", n)
	}
}

// TestSaveWhileCutOff presses the button while there is no connection: the text
// stays on the page, and is saved by the next press.
func TestSaveWhileCutOff(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	p, address := site.drafted(t, ways["desk"])
	p.cut(true)
	p.write("正文", "断网时写的。")
	p.find("button", "保存")
	p.push("")
	p.see("没有保存 · 文字还在本页")
	if got := ask[string](p, `document.querySelector('textarea[name="text"]').value`); got != "断网时写的。" || p.address() != address {
		t.Errorf("on %s there is %q", p.address(), got)
	}
	p.cut(false)
	p.press("保存")
	p.see("已保存")
	if _, body := site.get(t, "handler", address); !strings.Contains(body, "断网时写的。") {
		t.Error("the text is not saved")
	}
}

// cut takes the browser's connection away, or gives it back.
func (p *person) cut(off bool) {
	p.t.Helper()
	command(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	command(p, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
}
