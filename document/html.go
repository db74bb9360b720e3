package document

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// blocks are the elements that begin and end a line.
var blocks = []atom.Atom{
	atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd, atom.Details, atom.Div,
	atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5,
	atom.H6, atom.Header, atom.Hr, atom.Legend, atom.Li, atom.Main, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary,
	atom.Table, atom.Td, atom.Th, atom.Tr, atom.Ul,
}

// unseen are the elements that show no text of a letter.
var unseen = []atom.Atom{
	atom.Head, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Svg, atom.Audio, atom.Video,
	atom.Canvas, atom.Button, atom.Select, atom.Textarea, atom.Datalist, atom.Title, atom.Rt, atom.Rp,
}

var hiding = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all`)

// pageStart is what begins a page. Where one begins again its attributes are
// looked up among all those before, so that a few thousand take gigabytes.
var pageStart = regexp.MustCompile(`(?i)<(?:html|body)\b`)

// mostStarts is how many of them a page may have; scripts may hold some.
const mostStarts = 20

// fonts are the tags of elements that a parser opens anew in each paragraph until
// they are closed, attributes and all. They are read as span, which shows the
// same and ends with its paragraph.
var fonts = regexp.MustCompile(`(?i)<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)([\s/>])`)

// page returns the lines that a browser would show of a page.
func page(text string) (string, Fault) {
	if len(pageStart.FindAllStringIndex(text, mostStarts+1)) > mostStarts {
		return "", ManyPages
	}
	root, err := html.Parse(strings.NewReader(fonts.ReplaceAllString(text, "<${1}span$2")))
	if err != nil {
		return "", TooDeep
	}
	var p printer
	p.node(root)
	p.endLine()
	return p.out.String(), ""
}

// A printer collects lines.
type printer struct {
	out, line strings.Builder
	number    string // stands before the next text
	space     bool   // stands before the next word
	verbatim  bool   // inside pre
}

func (p *printer) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode && p.verbatim:
		p.lines(n.Data)
	case n.Type == html.TextNode:
		p.text(n.Data)
	case n.DataAtom == atom.Br:
		p.breakLine()
	case n.Type == html.ElementNode && hidden(n):
	case n.Type == html.ElementNode && slices.Contains(blocks, n.DataAtom):
		p.endLine()
		p.block(n)
		p.endLine()
	default:
		p.children(n)
	}
}

func (p *printer) block(n *html.Node) {
	switch n.DataAtom {
	case atom.Pre:
		before := p.verbatim
		p.verbatim = true
		p.children(n)
		p.verbatim = before
	case atom.Ol:
		p.list(n)
	default:
		p.children(n)
	}
}

func (p *printer) children(n *html.Node) {
	for c := range n.ChildNodes() {
		p.node(c)
	}
}

// listFormats are the types of an ordered list.
var listFormats = map[string]string{"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}

// list prints an ordered list with its numbers.
func (p *printer) list(n *html.Node) {
	number, err := strconv.Atoi(attribute(n, "start"))
	if err != nil {
		number = 1
	}
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Li && !hidden(c) {
			p.endLine()
			p.number = numeral(listFormats[attribute(n, "type")], number) + ". "
			number++
		}
		p.item(c)
	}
}

// item prints a child of a list on the line of its number.
func (p *printer) item(n *html.Node) {
	if n.DataAtom == atom.Li && !hidden(n) {
		p.children(n)
		p.endLine()
		p.number = ""
		return
	}
	p.node(n)
}

// text adds words with one space where there is any of the source's own; others,
// such as the indent of two ideographic spaces, stay.
func (p *printer) text(s string) {
	for i, word := range strings.FieldsFunc(s, sourceSpace) {
		if (p.space || i > 0 || sourceSpace(rune(s[0]))) && p.line.Len() > 0 {
			p.line.WriteByte(' ')
		}
		p.write(word)
		p.space = false
	}
	p.space = p.space || s != "" && sourceSpace(rune(s[len(s)-1]))
}

func sourceSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

func (p *printer) lines(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			p.breakLine()
		}
		p.write(line)
	}
}

func (p *printer) write(s string) {
	if s != "" {
		p.line.WriteString(p.number + s)
		p.number = ""
	}
}

// breakLine ends a line though it may be empty.
func (p *printer) breakLine() {
	p.out.WriteString(p.line.String() + "\n")
	p.line.Reset()
	p.space = false
}

func (p *printer) endLine() {
	if p.line.Len() > 0 {
		p.breakLine()
	}
	p.space = false
}

func hidden(n *html.Node) bool {
	if slices.Contains(unseen, n.DataAtom) {
		return true
	}
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "hidden" || a.Key == "style" && hiding.MatchString(a.Val)
	})
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
