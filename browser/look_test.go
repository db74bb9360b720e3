package browser_test

import (
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
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	must(p.t, err)
	must(p.t, os.MkdirAll(screens, 0o755))
	file := fmt.Sprintf("%s-%d.png", strings.Trim(unsafe.ReplaceAllString(name, "-"), "-"), p.way.width)
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

// look checks the page that is open: everybody can use it, and it is not wider
// than the screen.
func (p *person) look(checker string) {
	p.t.Helper()
	if over := ask[string](p, `(() => {
		const wide = document.documentElement.scrollWidth - innerWidth;
		if (wide <= 0) return '';
		const e = [...document.querySelectorAll('main *')].find(e => e.getBoundingClientRect().right > innerWidth + 1);
		return wide + 'px: ' + (e ? e.outerHTML.slice(0, 200) : '');
	})()`); over != "" {
		p.t.Errorf("%s is wider than %d by %s", p.address(), p.way.width, over)
	}
	ask[bool](p, checker+`; true`)
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]violation](`axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)`, chromedp.EvalAwaitPromise))
	must(p.t, err)
	for _, v := range found {
		for _, n := range v.Nodes {
			p.t.Errorf("%s at %d: %s (%s): %s\n%s", p.address(), p.way.width, v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// A view is a page as somebody sees it.
type view struct{ account, kind, address string }

// TestEveryPageIsForEverybody opens a page of each kind, on a desk and on a
// telephone, with a checker of accessibility: as the first of those who have it,
// and where it differs from one to the other, or in a drill, as everybody.
func TestEveryPageIsForEverybody(t *testing.T) {
	t.Parallel()
	checker, err := os.ReadFile(axe)
	if err != nil {
		t.Skip("make test fetches axe-core where npm is: ", err)
	}
	s := newSite(t)
	views := s.views(t)
	for _, w := range []way{{width: 1280, height: 900}, {width: 390, height: 844}} {
		t.Run(fmt.Sprint(w.width), func(t *testing.T) {
			t.Parallel()
			people := map[string]*person{}
			for _, v := range views {
				if people[v.account] == nil {
					people[v.account] = s.person(t, w)
					people[v.account].take(v.account)
				}
				p := people[v.account]
				p.open(v.address)
				p.look(string(checker))
				p.shoot(v.kind + " " + v.account)
			}
		})
	}
}

// own are the pages that show each role the most that is its own.
var own = []string{"/work", "/proposals/{id}"}

func (s *site) views(t *testing.T) (out []view) {
	t.Helper()
	known := map[string]bool{}
	for _, account := range accounts() {
		crawled := s.crawl(t, account)
		for kind, addresses := range crawled.kinds {
			if known[kind] && !slices.Contains(own, kind) && os.Getenv("FUYAN_DRILL") == "" {
				continue
			}
			if _, shown := crawled.pages[addresses[0]]; shown {
				known[kind] = true
				out = append(out, view{account, kind, addresses[0]})
			}
		}
	}
	return out
}
