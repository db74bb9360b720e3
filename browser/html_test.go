package browser_test

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// void are the elements that have no end.
var void = []atom.Atom{atom.Meta, atom.Link, atom.Input, atom.Br, atom.Hr, atom.Img, atom.Col, atom.Wbr, atom.Base, atom.Source}

// faultsOf says what is wrong with a page: elements that do not nest or that a
// browser would move elsewhere, identifiers that are there twice or that nothing
// has, and what a page of ours never holds.
func faultsOf(page string) []string {
	written, faults := nesting(page)
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return append(faults, err.Error())
	}
	if read := outline(root); !slices.Equal(written, read) {
		faults = append(faults, "a browser reads other elements than are written: "+difference(written, read))
	}
	return append(faults, references(root)...)
}

// nesting lists the elements as they are written, each with its depth.
func nesting(page string) (elements, faults []string) {
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.TextToken, html.CommentToken, html.DoctypeToken:
		case html.ErrorToken:
			if len(open) > 0 {
				faults = append(faults, "not closed: "+strings.Join(open, " "))
			}
			return elements, faults
		case html.SelfClosingTagToken:
			elements = append(elements, fmt.Sprint(len(open), " ", z.Token().Data))
		case html.StartTagToken:
			token := z.Token()
			elements = append(elements, fmt.Sprint(len(open), " ", token.Data))
			if !slices.Contains(void, token.DataAtom) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			name := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				return elements, append(faults, fmt.Sprintf("</%s> closes %v", name, open))
			}
			open = open[:len(open)-1]
		}
	}
}

// outline lists the elements as a browser reads them, each with its depth.
func outline(root *html.Node) (elements []string) {
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		if n.Type == html.ElementNode {
			elements = append(elements, fmt.Sprint(depth, " ", n.Data))
			depth++
		}
		for c := range n.ChildNodes() {
			walk(c, depth)
		}
	}
	walk(root, 0)
	return elements
}

func difference(written, read []string) string {
	for i := range min(len(written), len(read)) {
		if written[i] != read[i] {
			return fmt.Sprintf("element %d is %q and is read as %q", i, written[i], read[i])
		}
	}
	return fmt.Sprintf("%d and %d elements", len(written), len(read))
}

// references checks what names something else on the page, and what may not be
// there at all.
func references(root *html.Node) (faults []string) {
	ids := map[string]int{}
	for n := range root.Descendants() {
		if id := attribute(n, "id"); id != "" {
			ids[id]++
		}
	}
	for id, times := range ids {
		if times > 1 {
			faults = append(faults, fmt.Sprintf("id %q is there %d times", id, times))
		}
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			switch {
			case a.Key == "for", a.Key == "aria-labelledby", a.Key == "aria-describedby", a.Key == "aria-controls", a.Key == "list":
				for _, id := range strings.Fields(a.Val) {
					if ids[id] == 0 {
						faults = append(faults, fmt.Sprintf("%s %q names nothing", a.Key, id))
					}
				}
			case a.Key == "href" && strings.HasPrefix(a.Val, "#") && ids[a.Val[1:]] == 0:
				faults = append(faults, fmt.Sprintf("the link %q leads nowhere", a.Val))
			case a.Key == "style", strings.HasPrefix(a.Key, "on"):
				faults = append(faults, fmt.Sprintf("<%s %s> is written into the page", n.Data, a.Key))
			case (a.Key == "src" || a.Key == "href" || a.Key == "action") && (strings.Contains(a.Val, "//") && !strings.HasPrefix(a.Val, "/")):
				faults = append(faults, fmt.Sprintf("<%s %s=%q> leads to another host", n.Data, a.Key, a.Val))
			case a.Val == "ZgotmplZ", strings.Contains(a.Val, "#ZgotmplZ"):
				faults = append(faults, fmt.Sprintf("<%s %s> holds what no template may write", n.Data, a.Key))
			}
		}
	}
	return faults
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
