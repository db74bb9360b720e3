package browser_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the checker of accessibility, where make test could have it.
const axe = "testdata/npm/node_modules/axe-core/axe.min.js"

// screens is where pictures of the pages are kept to be looked at.
const screens = "testdata/screens"

var unsafe = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// shoot keeps a picture of the page.
func (p *person) shoot(name string) {
	p.t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(70))
	must(p.t, err)
	must(p.t, os.MkdirAll(screens, 0o755))
	file := fmt.Sprintf("%s-%d.jpeg", strings.Trim(unsafe.ReplaceAllString(name, "-"), "-"), p.way.width)
	must(p.t, os.WriteFile(filepath.Join(screens, file), picture, 0o644))
}

// A violation is a rule of accessibility that a page breaks.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	} `json:"nodes"`
}

// look checks the page that is open, and has the checker in it: everybody can use it,
// and it is not wider than the screen.
func (p *person) look() {
	p.t.Helper()
	if over := ask[string](p, `(() => {
		const wide = document.documentElement.scrollWidth - innerWidth;
		if (wide <= 0) return '';
		const e = [...document.querySelectorAll('main *')].find(e => e.getBoundingClientRect().right > innerWidth + 1);
		return wide + 'px: ' + (e ? e.outerHTML.slice(0, 200) : '');
	})()`); over != "" {
		p.t.Errorf("%s is wider than %d by %s", p.address(), p.way.width, over)
	}
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]violation](`axe.run(document, {resultTypes: ['violations'], preload: false}).then(r => r.violations)`, chromedp.EvalAwaitPromise))
	must(p.t, err)
	for _, v := range found {
		for _, n := range v.Nodes {
			p.t.Errorf("%s at %d: %s (%s): %s\n%s", p.address(), p.way.width, v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// A view is a page that somebody looks at.
type view struct{ kind, address string }

// checkLooks opens a page of each kind, on a desk and on a telephone, with a checker
// of accessibility: as the first of those who have it, and where it differs from one to
// the other, or in a drill, as everybody.
func (s *site) checkLooks(t *testing.T, crawls map[string]*crawl) {
	checker, err := os.ReadFile(axe)
	if err != nil {
		t.Skip("make test fetches axe-core where npm is: ", err)
	}
	for account, views := range views(crawls) {
		t.Run(cmp.Or(account, "nobody"), func(t *testing.T) {
			t.Parallel()
			p := s.person(t, ways["desk"])
			p.take(account)
			for _, v := range views {
				p.open(v.address)
				ask[bool](p, string(checker)+`; true`)
				for _, w := range []way{ways["desk"], ways["telephone, no script"]} {
					p.resize(w)
					p.look()
					p.shoot(v.kind + " " + account)
				}
			}
		})
	}
}

// own are the pages that show each role the most that is its own.
var own = []string{"/work", "/proposals/{id}"}

// views are the pages to look at, by account.
func views(crawls map[string]*crawl) map[string][]view {
	out := map[string][]view{}
	known := map[string]bool{}
	for _, account := range accounts() {
		crawled := crawls[account]
		for kind, addresses := range crawled.kinds {
			if known[kind] && !slices.Contains(own, kind) && os.Getenv("FUYAN_DRILL") == "" {
				continue
			}
			if _, shown := crawled.pages[addresses[0]]; shown {
				known[kind] = true
				out[account] = append(out[account], view{kind, addresses[0]})
			}
		}
	}
	return out
}
