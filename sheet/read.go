package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// What a table that is read may have.
const (
	MaxSize    = 10 << 20 // bytes of the file
	MaxRows    = 5_100    // rows with something in them: 5,000 and what stands around them
	MaxColumns = 100
	maxPart    = 64 << 20 // bytes of all parts when they are unpacked
	mostLines  = 10 << 20 // no file has more
)

// A Grid is a table as it was read: texts, and nothing of what a program would
// make of them.
type Grid struct {
	Name   string // of the worksheet; empty for text
	Rows   []Row  // those with something in them
	Hidden int    // rows with something in them that Excel does not show, which are not among Rows
}

// A Row is a row of a grid. Its last cell is not empty.
type Row struct {
	Line  int // counted from 1, as Excel does
	Cells []string
}

// A Fault is why a file is no table that can be read.
type Fault string

// The faults that files have.
const (
	Empty    Fault = "里没有内容"
	TooLarge Fault = "超过 10 MB；请只留交办清单"
	TooLong  Fault = "超过 5000 行；请分成几个文件"
	TooWide  Fault = "超过 100 列；请只留交办清单"
	Unpacked Fault = "解开后过大；请只留交办清单"
	Broken   Fault = "已损坏或不是 .xlsx；请在 Excel 或 WPS 里打开后另存为 .xlsx"
	OldExcel Fault = "是旧格式（.xls）或加了密码；请去掉密码，另存为 .xlsx"
	NotText  Fault = "不是表格；请选 .xlsx，或 UTF-8、GB18030 编码的 .csv"
)

// Error says what is wrong with the file and what would be right, in Chinese.
func (f Fault) Error() string { return "文件" + string(f) }

// Read reads the tables in a file: each visible worksheet of .xlsx that has
// something in it, or CSV or text with tabs as one table. It returns a [Fault]
// where there is none.
func Read(data []byte) ([]Grid, error) {
	switch {
	case len(data) > MaxSize:
		return nil, TooLarge
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, OldExcel
	case bytes.HasPrefix(data, []byte("PK")):
		return readXLSX(data)
	}
	text, ok := decode(data)
	if !ok {
		return nil, NotText
	}
	g, err := ReadText(text)
	return []Grid{g}, err
}

// ReadText reads a table as text, with commas, semicolons or tabs between its
// cells, as it comes out of a file or is pasted out of Excel.
func ReadText(text string) (Grid, error) {
	text = strings.TrimPrefix(text, byteOrderMark)
	comma := delimiter(text)
	g, err := readCSV(text, comma, false)
	if _, unquoted := errors.AsType[*csv.ParseError](err); unquoted {
		g, err = readCSV(text, comma, true)
	}
	if _, unquoted := errors.AsType[*csv.ParseError](err); unquoted {
		return Grid{}, NotText
	}
	if err == nil && len(g.Rows) == 0 {
		err = Empty
	}
	return g, err
}

// delimiter is what stands between the cells: of the candidates the one that most
// lines at the beginning have.
func delimiter(text string) rune {
	best, most := ',', 0
	lines := strings.SplitN(text, "\n", 20)
	for _, d := range "\t,;" {
		n := 0
		for _, line := range lines {
			if strings.ContainsRune(line, d) {
				n++
			}
		}
		if n > most {
			best, most = d, n
		}
	}
	return best
}

// readCSV reads strictly, or takes quotation marks that are not paired as they
// stand.
func readCSV(text string, comma rune, lazy bool) (Grid, error) {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.LazyQuotes, in.FieldsPerRecord, in.ReuseRecord = comma, lazy, -1, true
	var g Grid
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return g, err
		}
		line, _ := in.FieldPos(0)
		if err := g.add(line, record); err != nil {
			return g, err
		}
	}
}

// add adds a row unless nothing is in it.
func (g *Grid) add(line int, cells []string) error {
	n := len(cells)
	for n > 0 && strings.TrimSpace(cells[n-1]) == "" {
		n--
	}
	switch {
	case n == 0:
		return nil
	case n > MaxColumns:
		return TooWide
	case len(g.Rows) == MaxRows:
		return TooLong
	case len(g.Rows) > 0 && line <= g.Rows[len(g.Rows)-1].Line || line > mostLines:
		return Broken
	}
	row := Row{Line: line, Cells: make([]string, n)}
	for i, c := range cells[:n] {
		row.Cells[i] = printable(c)
	}
	g.Rows = append(g.Rows, row)
	return nil
}

// printable leaves out what no text has and Postgres does not keep.
func printable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "")
}

// decode reads bytes as UTF-8, UTF-16 with a byte order mark, or GB18030.
func decode(data []byte) (string, bool) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) {
		units := make([]uint16, 0, len(data)/2)
		for i := 2; i+1 < len(data); i += 2 {
			units = append(units, uint16(data[i])|uint16(data[i+1])<<8)
		}
		data = []byte(string(utf16.Decode(units)))
	}
	if !utf8.Valid(data) {
		var err error
		if data, err = simplifiedchinese.GB18030.NewDecoder().Bytes(data); err != nil {
			return "", false
		}
	}
	text := string(data)
	return text, !strings.ContainsRune(text, utf8.RuneError) && !strings.ContainsRune(text, 0) && !strings.HasPrefix(text, "%PDF-")
}
