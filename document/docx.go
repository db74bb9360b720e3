package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// These bound what a .docx may unpack to, so that a small file cannot grow to
// fill the memory: the part with the text, those that say how it is numbered,
// and the text, which has the numbers in it.
const (
	maxUnpacked = 2 * MaxSize
	maxListing  = 2 << 20
	maxText     = 4 << 20
)

var errUnpacked = errors.New("unpacks to too much")

// docx returns the paragraphs of a Word document, those of table cells and text
// boxes among them.
func docx(data []byte) (string, Fault) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", Broken
	}
	main := part(z, "word/document*.xml") // Word on the web writes document2.xml
	switch {
	case main == nil:
		return "", OtherZip
	case main.Flags&1 != 0:
		return "", Encrypted
	}
	var d body
	err = errors.Join(
		unpack(part(z, "word/styles.xml"), maxListing, d.lists.readStyles),
		unpack(part(z, "word/numbering.xml"), maxListing, d.lists.readNumbering),
		unpack(main, maxUnpacked, d.read),
	)
	switch {
	case errors.Is(err, errUnpacked):
		return "", Unpacked
	case err != nil:
		return "", Broken
	}
	return d.out.String(), ""
}

// part returns the first file of the archive that matches, nil for none.
func part(z *zip.Reader, pattern string) *zip.File {
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { ok, err := path.Match(pattern, f.Name); return ok && err == nil })
	if i < 0 {
		return nil
	}
	return z.File[i]
}

// unpack gives read the XML of a part of at most so many bytes; a part that is
// not there is empty.
func unpack(f *zip.File, most int64, read func(*xml.Decoder) error) error {
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	bounded := &io.LimitedReader{R: r, N: most}
	err = read(xml.NewDecoder(bounded))
	if bounded.N <= 0 {
		return errUnpacked
	}
	return err
}

// A body is the text of a document as it is read. A paragraph may hold others,
// in its text boxes; the innermost is last.
type body struct {
	out    strings.Builder
	lists  lists
	open   []*paragraph
	size   int  // of the text so far, in bytes
	shown  bool // inside the text of a run
	hidden bool // inside a run of hidden text
}

type paragraph struct {
	text, boxes strings.Builder
	look        struct {
		Style   value     `xml:"pStyle"`
		Number  numbering `xml:"numPr"`
		Deleted *value    `xml:"rPr>del"` // it runs on into the next
	}
}

var errNested = errors.New("paragraphs nested too deep")

// read goes through the paragraphs wherever they stand.
func (d *body) read(x *xml.Decoder) error {
	for {
		token, err := x.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			err = d.start(x, t)
		case xml.EndElement:
			d.end(t.Name.Local)
		case xml.CharData:
			if d.shown {
				d.write(string(t))
			}
		}
		if err != nil {
			return err
		}
		if d.size > maxText {
			return errUnpacked
		}
	}
}

// signs are the elements that stand for a character.
var signs = map[string]string{"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}

func (d *body) start(x *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "p":
		if len(d.open) > 50 {
			return errNested
		}
		d.open = append(d.open, new(paragraph))
	case "pPr":
		if len(d.open) > 0 {
			return x.DecodeElement(&d.open[len(d.open)-1].look, &e)
		}
	case "del", "moveFrom", "rt", "Fallback": // what Fallback stands in for is read
		return x.Skip()
	case "r": // vanish before it was about the frame of a field
		d.hidden = false
	case "vanish":
		d.hidden = !slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Value == "0" || a.Value == "false" })
	case "t":
		d.shown = true
	default:
		d.write(signs[e.Name.Local])
	}
	return nil
}

func (d *body) write(s string) {
	if len(d.open) > 0 && !d.hidden {
		d.size += len(s)
		d.open[len(d.open)-1].text.WriteString(s)
	}
}

func (d *body) end(name string) {
	switch name {
	case "t":
		d.shown = false
	case "r":
		d.hidden = false
	case "p":
		d.endParagraph()
	}
}

// endParagraph writes a paragraph, and what its text boxes hold behind it.
func (d *body) endParagraph() {
	last := len(d.open) - 1
	p, out := d.open[last], &d.out
	if d.open = d.open[:last]; last > 0 {
		out = &d.open[last-1].boxes
	}
	if p.look.Deleted == nil {
		number := d.lists.next(p.look.Style.Val, p.look.Number)
		d.size += len(number)
		out.WriteString(number)
	}
	out.WriteString(p.text.String())
	if p.look.Deleted == nil {
		out.WriteByte('\n')
	}
	out.WriteString(p.boxes.String())
}
