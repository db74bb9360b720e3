package browser_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"fuyan/seeds"
)

// patience is how long a page may take to do what it was asked: much longer than
// it ever does, on a machine that does other things too.
const patience = 30 * time.Second

// A way is how somebody uses the pages.
type way struct {
	width, height int64
	noScript      bool
	keyboard      bool // alone
}

// ways are those in which stories are told: together they have every width with
// and without JavaScript, by the keyboard alone and otherwise.
var ways = map[string]way{
	"desk":                        {width: 1280, height: 900},
	"telephone by keyboard":       {width: 390, height: 844, keyboard: true},
	"desk by keyboard, no script": {width: 1280, height: 900, noScript: true, keyboard: true},
	"telephone, no script":        {width: 390, height: 844, noScript: true},
}

// tried are the ways of what takes long: together they have both widths, with and
// without JavaScript. A drill tries all.
func tried() map[string]way {
	if os.Getenv("FUYAN_DRILL") != "" {
		return ways
	}
	return map[string]way{"desk": ways["desk"], "telephone, no script": ways["telephone, no script"]}
}

// chromium is one browser for all tests, started by the first that needs it.
var chromium = sync.OnceValues(func() (context.Context, error) {
	if _, err := exec.LookPath("chromium"); err != nil {
		return nil, err
	}
	ctx, _ := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("lang", "zh-CN"), chromedp.Flag("font-render-hinting", "none"))...)
	ctx, _ = chromedp.NewContext(ctx) // it ends with the program
	return ctx, chromedp.Do(ctx)
})

// A person sits before a browser of their own.
type person struct {
	t    *testing.T
	site *site
	way  way
	ctx  context.Context
	mu   sync.Mutex
	said []string // by the browser: scripts that failed, what the policy refused
	away []string // addresses of other hosts that were asked for
}

// person opens a browser in which nobody is signed in yet.
func (s *site) person(t *testing.T, w way) *person {
	t.Helper()
	browser, err := chromium()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("there is no chromium here")
	}
	must(t, err)
	p := &person{t: t, site: s, way: w}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	t.Cleanup(cancel)
	p.ctx = ctx
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(w.width, w.height))) // without a timeout, with which the tab would end
	command(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: w.noScript})
	t.Cleanup(p.checkQuiet)
	return p
}

// listen keeps what a page should never make a browser say.
func (p *person) listen(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		p.said = append(p.said, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		p.said = append(p.said, fmt.Sprint(e.Type))
	case *log.EventEntryAdded:
		// A page that was refused says so by its status too.
		if e.Entry.Source != log.EntrySourceNetwork && e.Entry.Level != log.EntryLevelVerbose {
			p.said = append(p.said, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, p.site.URL) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "about:") {
			p.away = append(p.away, u)
		}
	}
}

func (p *person) checkQuiet() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.said)+len(p.away) > 0 {
		p.t.Errorf("the browser said %q and asked other hosts for %q", p.said, p.away)
	}
}

func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	must(p.t, chromedp.Do(ctx, steps...))
}

// command gives the browser a command.
func command[P, R any](p *person, c cdp.Command[P, R], params P) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, c, params)
	must(p.t, err)
}

// ask evaluates an expression on the page.
func ask[T any](p *person, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// open goes to an address.
func (p *person) open(address string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.site.URL + address))
}

// signIn signs somebody in by the sign-in page.
func (p *person) signIn(account string) {
	p.t.Helper()
	p.open("/sign-in")
	p.write("登录名", account)
	p.write("密码", seeds.Password)
	p.press("登录")
}

// resize makes the window as wide and high as it is on another way.
func (p *person) resize(w way) {
	p.t.Helper()
	p.way.width, p.way.height = w.width, w.height
	p.do(chromedp.EmulateViewport(w.width, w.height))
}

// take lets the browser have a session that somebody opened elsewhere.
func (p *person) take(account string) {
	p.t.Helper()
	if account == nobody {
		return
	}
	c := p.site.session(p.t, account)
	command(p, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: p.site.URL, HTTPOnly: new(true)})
}

// found is a script that finds what a person sees under a name, marks it, and
// says whether it was there. What is hidden is not found, nor what is outside the
// form that was unfolded; the page comes before what stands around it.
const found = `((kinds, name) => {
	for (const old of document.querySelectorAll('[data-here]')) old.removeAttribute('data-here');
	const same = s => s.replace(/\s+/g, ' ').trim();
	const seen = e => e.getClientRects().length > 0;
	const named = e => {
		const labels = e.labels ? [...e.labels].map(l => same(l.innerText.replace(/选填$/, ''))) : [];
		return [...labels, same(e.innerText || ''), e.getAttribute('aria-label') || ''];
	};
	const main = document.querySelector('main');
	const form = document.querySelector('[data-form]') || document;
	const all = [...form.querySelectorAll(kinds)].filter(seen).sort((a, b) => main.contains(b) - main.contains(a));
	const e = all.find(e => named(e).includes(name)) || all.find(e => named(e).some(n => n.startsWith(name)));
	if (!e) return false;
	e.setAttribute('data-here', '');
	return true;
})(%s, %s)`

// find waits until something is there, and goes to it.
func (p *person) find(kinds, name string) {
	p.t.Helper()
	if !p.until(fmt.Sprintf(found, quoted(kinds), quoted(name))) {
		p.shoot("lost")
		p.t.Fatalf("no %s %q on %s:\n%s", kinds, name, p.address(), p.text())
	}
	if p.way.keyboard {
		p.tabTo(name)
	}
}

// until waits for an expression to become true.
func (p *person) until(expression string) bool {
	end := time.Now().Add(patience)
	for wait := 5 * time.Millisecond; time.Now().Before(end); wait = min(2*wait, 200*time.Millisecond) {
		// While a page gives way to the next one, nothing can be asked.
		if ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression)); err == nil && ok {
			return true
		}
		time.Sleep(wait)
	}
	return false
}

// tabTo presses Tab until what was found has the focus.
func (p *person) tabTo(name string) {
	p.t.Helper()
	const focused = `document.activeElement?.hasAttribute('data-here') ?? false`
	total := ask[int](p, `document.querySelectorAll('a,button,input,select,textarea,summary').length`)
	for range total + 10 {
		if ask[bool](p, focused) {
			if !ask[bool](p, `(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle != 'none' || s.boxShadow != 'none' })()`) {
				p.t.Errorf("%q has the focus and does not show it, on %s", name, p.address())
			}
			return
		}
		p.do(chromedp.KeyEvent(kb.Tab))
	}
	p.t.Fatalf("%q cannot be reached by the keyboard on %s", name, p.address())
}

// press presses a button or follows a link, and waits for the page that comes.
func (p *person) press(name string) {
	p.t.Helper()
	p.find("button, a", name)
	p.goOn()
}

// goOn presses what was found and waits for the next page.
func (p *person) goOn() {
	p.t.Helper()
	ask[bool](p, `window.before = true`)
	p.push(kb.Enter)
	if !p.until(`!window.before && document.readyState == 'complete'`) {
		p.t.Fatalf("no page came after %s:\n%s", p.address(), p.text())
	}
}

// back goes back by the browser's button.
func (p *person) back() {
	p.t.Helper()
	from := ask[string](p, `(history.back(), location.href)`)
	if !p.until(fmt.Sprintf(`location.href != %s && document.readyState == 'complete'`, quoted(from))) {
		p.t.Fatalf("there is no way back from %s", from)
	}
}

// pressTwice presses what was found twice, before a page can come.
func (p *person) pressTwice() {
	p.t.Helper()
	ask[bool](p, `window.before = true`)
	once := p.pushing(kb.Enter)
	p.do(once, once)
	if !p.until(`!window.before && document.readyState == 'complete'`) {
		p.t.Fatalf("no page came after %s:\n%s", p.address(), p.text())
	}
}

// push presses what was found, or a key on it.
func (p *person) push(key string) {
	p.t.Helper()
	p.do(p.pushing(key))
}

// pushing presses a key, or where what was found is seen: what lies over it would
// get the press.
func (p *person) pushing(key string) chromedp.Action[chromedp.Void] {
	p.t.Helper()
	if p.way.keyboard {
		return chromedp.KeyEvent(key)
	}
	at := ask[[]float64](p, `(() => {
		const e = document.querySelector('[data-here]');
		e.scrollIntoView({block: 'center', behavior: 'instant'});
		const r = e.getClientRects()[0];
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`)
	return chromedp.MouseClickXY(at[0], at[1])
}

// unfold opens what is folded, if it is.
func (p *person) unfold(name string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[data-form]')?.removeAttribute('data-form')`))
	p.find("summary", name)
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[data-here]').parentElement.setAttribute('data-form', '')`))
	if !ask[bool](p, `document.querySelector('[data-here]').parentElement.open`) {
		p.push(kb.Enter)
	}
}

// write puts a text into a field in place of what is there.
func (p *person) write(label, text string) {
	p.t.Helper()
	p.find("input, textarea", label)
	if !p.way.keyboard {
		p.push("")
	}
	ask[bool](p, `(document.querySelector('[data-here]').select(), true)`)
	if text == "" {
		p.do(chromedp.KeyEvent(kb.Backspace))
		return
	}
	command(p, input.InsertText, input.InsertTextParams{Text: text})
}

// choose picks an option by its words.
func (p *person) choose(label, option string) {
	p.t.Helper()
	p.find("select", label)
	chosen := fmt.Sprintf(`document.querySelector('[data-here]').selectedOptions[0].text.startsWith(%s)`, quoted(option))
	if !p.way.keyboard {
		ok := ask[bool](p, fmt.Sprintf(`(() => {
			const s = document.querySelector('[data-here]');
			const o = [...s.options].find(o => o.text.startsWith(%s));
			if (o) { s.value = o.value; s.dispatchEvent(new Event('change', {bubbles: true})) }
			return !!o })()`, quoted(option)))
		if !ok {
			p.t.Fatalf("%s has no %q on %s", label, option, p.address())
		}
		return
	}
	p.do(chromedp.KeyEvent(kb.Home))
	for range ask[int](p, `document.querySelector('[data-here]').options.length`) {
		if ask[bool](p, chosen) {
			return
		}
		p.do(chromedp.KeyEvent(kb.ArrowDown))
	}
	p.t.Fatalf("%s has no %q on %s", label, option, p.address())
}

// tick ticks a box.
func (p *person) tick(label string) {
	p.t.Helper()
	p.find(`input[type="checkbox"], input[type="radio"]`, label)
	if !ask[bool](p, `document.querySelector('[data-here]').checked`) {
		p.push(" ")
	}
}

// see wants words on the page.
func (p *person) see(words ...string) {
	p.t.Helper()
	for _, w := range words {
		if !p.until(fmt.Sprintf(`document.body.innerText.replace(/\s+/g, ' ').includes(%s)`, quoted(w))) {
			p.shoot("missing")
			p.t.Errorf("%q is not on %s:\n%s", w, p.address(), p.text())
		}
	}
}

func (p *person) address() string {
	return strings.TrimPrefix(ask[string](p, `location.href`), p.site.URL)
}

func (p *person) text() string { return ask[string](p, `document.body.innerText`) }

// quoted is a string as scripts have it.
func quoted(s string) string {
	b, _ := json.Marshal(s) // never fails
	return string(b)
}
