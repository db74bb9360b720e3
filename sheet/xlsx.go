package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// readXLSX reads the worksheets part by part and keeps only rows with something in
// them. excelize would build every row up to the last, of which a file of a few
// bytes may name the millionth.
func readXLSX(data []byte) ([]Grid, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, Broken
	}
	b := book{parts: z, left: maxPart}
	grids, err := b.read()
	if fault, ok := errors.AsType[Fault](err); ok {
		return nil, fault
	}
	if err != nil {
		return nil, Broken
	}
	if len(grids) == 0 {
		return nil, Empty
	}
	return grids, nil
}

// A book is a workbook under reading.
type book struct {
	parts   *zip.Reader
	left    int64 // bytes that may yet be unpacked
	shared  []string
	formats []format // by style
	since   int      // 1904 where days are counted from then
}

// read reads what the workbook names.
func (b *book) read() ([]Grid, error) {
	var w struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := b.decode("xl/workbook.xml", &w); err != nil {
		return nil, err
	}
	if err := b.decode("xl/_rels/workbook.xml.rels", &links); err != nil {
		return nil, err
	}
	if w.Properties.Date1904 == "1" || w.Properties.Date1904 == "true" {
		b.since = 1904
	}
	targets := map[string]string{}
	for _, l := range links.Links {
		part := path.Join("xl", l.Target)
		if strings.HasPrefix(l.Target, "/") {
			part = strings.TrimPrefix(l.Target, "/")
		}
		targets[l.ID] = part
		targets[path.Base(l.Type)] = part // sharedStrings, styles
	}
	if err := b.readShared(targets["sharedStrings"]); err != nil {
		return nil, err
	}
	if err := b.readStyles(targets["styles"]); err != nil {
		return nil, err
	}
	var grids []Grid
	for _, s := range w.Sheets {
		if s.State == "hidden" || s.State == "veryHidden" {
			continue
		}
		g, err := b.readSheet(targets[s.ID])
		if err != nil {
			return nil, err
		}
		if g.Name = s.Name; len(g.Rows) > 0 {
			grids = append(grids, g)
		}
	}
	return grids, nil
}

// open opens a part; what is unpacked of all parts is bounded, whatever they say of
// their size.
func (b *book) open(part string) (*xml.Decoder, io.Closer, error) {
	f, err := b.parts.Open(part)
	if err != nil {
		return nil, nil, err
	}
	if info, err := f.Stat(); err == nil && info.Size() > b.left {
		_ = f.Close() // of a reader in memory
		return nil, nil, Unpacked
	}
	return xml.NewDecoder(&bounded{f, &b.left}), f, nil
}

// bounded reads no more than is left.
type bounded struct {
	io.Reader
	left *int64
}

func (r *bounded) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if *r.left -= int64(n); *r.left < 0 {
		return 0, Unpacked
	}
	return n, err
}

// decode reads a small part whole.
func (b *book) decode(part string, into any) error {
	in, f, err := b.open(part)
	if err != nil {
		return err
	}
	defer f.Close()
	return in.Decode(into)
}

// each calls f with every element of a name in a part; none for no part.
func (b *book) each(part, name string, f func(*xml.Decoder, xml.StartElement) error) error {
	if part == "" {
		return nil
	}
	in, file, err := b.open(part)
	if err != nil {
		return err
	}
	defer file.Close()
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok && strings.Contains(name, "<"+start.Name.Local+">") {
			if err := f(in, start); err != nil {
				return err
			}
		}
	}
}

// A rich is a text in runs. The readings over its characters (rPh) are no part of
// it.
type rich struct {
	Text string `xml:"t"`
	Runs []struct {
		Text string `xml:"t"`
	} `xml:"r"`
}

func (r rich) String() string {
	text := r.Text
	for _, run := range r.Runs {
		text += run.Text
	}
	return strings.ReplaceAll(text, "_x000D_", "") // how a carriage return is written
}

func (b *book) readShared(part string) error {
	return b.each(part, "<si>", func(in *xml.Decoder, start xml.StartElement) error {
		var r rich
		err := in.DecodeElement(&r, &start)
		b.shared = append(b.shared, r.String())
		return err
	})
}
