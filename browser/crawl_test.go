package browser_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"fuyan/seeds"
)

// each is how many pages of one kind a crawl looks at.
const each = 4

// A crawl is all that somebody reaches by following links from the first page.
type crawl struct {
	account string
	pages   map[string]string // by address
	kinds   map[string][]string
}

var (
	digits = regexp.MustCompile(`/\d+`)
	figure = regexp.MustCompile(`^/figures/[a-z_]+$`)
)

// kindOf is an address without what differs from page to page.
func kindOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return figure.ReplaceAllString(digits.ReplaceAllString(path, "/{id}"), "/figures/{code}")
}

// crawl follows every link. Each leads to something that the person may see: a
// page that is sound, small and whole.
func (s *site) crawl(t *testing.T, account string) *crawl {
	t.Helper()
	c := &crawl{account: account, pages: map[string]string{}, kinds: map[string][]string{}}
	seen := map[string]bool{}
	for next := []string{"/"}; len(next) > 0; next = next[1:] {
		address := next[0]
		kind := kindOf(address)
		if seen[address] || len(c.kinds[kind]) >= each {
			continue
		}
		seen[address] = true
		resp, body := s.get(t, account, address)
		if resp.StatusCode == http.StatusSeeOther {
			next = append(next, resp.Header.Get("Location"))
			continue
		}
		c.kinds[kind] = append(c.kinds[kind], address)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("a link leads %q to %s: %s", account, address, resp.Status)
		}
		if !isPage(resp) {
			continue
		}
		c.pages[address] = body
		for _, fault := range faultsOf(body) {
			t.Errorf("%s for %q: %s", address, account, fault)
		}
		if len(body) > 100<<10 {
			t.Errorf("%s for %q has %d KB", address, account, len(body)>>10)
		}
		next = append(next, links(t, address, body)...)
	}
	return c
}

// links are the addresses of the site that a page leads to.
func links(t *testing.T, address, page string) (out []string) {
	t.Helper()
	at, err := url.Parse(address)
	must(t, err)
	root, err := html.Parse(strings.NewReader(page))
	must(t, err)
	for n := range root.Descendants() {
		if n.Data != "a" && n.Data != "link" {
			continue
		}
		to, err := at.Parse(attribute(n, "href"))
		if err != nil || to.Host != "" || to.Path == "" {
			continue
		}
		to.Fragment = ""
		out = append(out, to.String())
	}
	return out
}

// accounts are nobody and one account of each role.
func accounts() []string {
	out := []string{nobody}
	var roles []string
	for _, a := range seeds.Accounts {
		if !slices.Contains(roles, a.RoleName) {
			roles = append(roles, a.RoleName)
			out = append(out, a.Name)
		}
	}
	return out
}

// TestEveryPage follows all links as everybody, and looks at what is found.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	crawls := map[string]*crawl{}
	for _, account := range accounts() {
		crawls[account] = s.crawl(t, account)
	}
	for name, check := range map[string]func(*site, *testing.T, map[string]*crawl){
		"is shown or refused":      (*site).checkEveryAddress,
		"tells nothing of others":  (*site).checkNothingOfOthers,
		"can be used by everybody": (*site).checkLooks,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(s, t, crawls)
		})
	}
}

// checkEveryAddress asks, as everybody, for every address that anybody reached.
func (s *site) checkEveryAddress(t *testing.T, crawls map[string]*crawl) {
	all := map[string]bool{}
	for account, c := range crawls {
		for kind, addresses := range c.kinds {
			all[addresses[0]], all[addresses[len(addresses)-1]] = true, true
			t.Logf("%-12s %-40s %d", account, kind, len(addresses))
		}
	}
	for address := range all {
		for _, account := range accounts() {
			s.checkShownOrRefused(t, account, address)
		}
	}
}

// checkShownOrRefused asks for an address that somebody else may have.
func (s *site) checkShownOrRefused(t *testing.T, account, address string) {
	t.Helper()
	resp, body := s.get(t, account, address)
	switch resp.StatusCode {
	case http.StatusOK, http.StatusForbidden:
		if account == nobody && !public(address) {
			t.Errorf("%s is shown to everybody: %s", address, resp.Status)
		}
	case http.StatusNotFound, http.StatusSeeOther:
	default:
		t.Errorf("%s for %q: %s\n%s", address, account, resp.Status, body)
	}
}

// public tells what is there without signing in.
func public(address string) bool {
	kind := kindOf(address)
	return kind == "/" || kind == "/sign-in" || kind == "/sitemap.xml" || kind == "/robots.txt" ||
		strings.HasPrefix(kind, "/replies") || strings.HasPrefix(kind, "/assets/")
}
