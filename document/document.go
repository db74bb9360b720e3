// Package document turns a file that holds a letter into the letter's plain
// text, which package letter reads.
//
// People have their letters as .txt in UTF-8 or GB18030, as .docx, or as a page
// saved from the web. What a file is, its content says: it may come without a
// name, from a pipe, and names lie. Only where the content leaves it open does
// the name decide.
//
// A plain text keeps its characters, line ends included. A Word document or a
// page becomes lines: one for each paragraph, cell or other block, with the
// numbers that Word or a browser would print before it, because 一、 and （一）
// are the headings of a letter. What its reader would not see is left out:
// deleted text of tracked changes, hidden text, scripts.
//
// A file that holds no such text is refused with an [Error], which says what it
// is and what would be right. What the text means is not decided here.
package document

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// MaxSize is how many bytes a file may have.
const MaxSize = 20 << 20

// Text returns the text of the file with these bytes. The name serves as a hint
// and stands in the error.
func Text(name string, data []byte) (string, error) {
	text, err := read(name, data)
	if err == "" && strings.TrimSpace(text) == "" {
		err = Empty
	}
	if err != "" {
		return "", &Error{name, err}
	}
	return text, nil
}

func read(name string, data []byte) (string, Fault) {
	if len(data) > MaxSize {
		return "", TooLarge
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) {
		return docx(data)
	}
	if is := foreign(data); is != "" {
		return "", is
	}
	text, declared := decode(data)
	switch {
	case isPage(name, text):
		return page(text)
	case declared || strings.ContainsAny(text, "\x00"+string(utf8.RuneError)):
		return "", notText(data)
	}
	return text, ""
}

// decode reads the bytes as UTF-8 if they are, else as what a byte order mark
// or a meta element declares, else as GB18030. What a page calls gb2312 or gbk
// may hold characters of GB18030.
func decode(data []byte) (text string, declared bool) {
	if utf8.Valid(data) {
		return strings.TrimPrefix(string(data), bom), false
	}
	encoding, name, _ := charset.DetermineEncoding(data, "")
	declared = !slices.Contains([]string{"utf-8", "gbk", "gb18030", "windows-1252"}, name) // the last is a guess
	if !declared {
		encoding = simplifiedchinese.GB18030
	}
	out, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return string(utf8.RuneError), declared
	}
	return strings.TrimPrefix(string(out), bom), declared
}

const bom = "\ufeff"

var (
	tag      = regexp.MustCompile(`(?i)<(?:!doctype\s+html|html|head|body|div|p|br|span|table|ul|ol|h[1-6])(?:[\s/][^<>]*)?>`)
	pageName = regexp.MustCompile(`(?i)\.x?html?$`)
)

// isPage reports whether a text is HTML: it opens with a tag and has one that
// pages have, or it has one and the file is called .html.
func isPage(name, text string) bool {
	head := strings.TrimSpace(text[:min(len(text), 64<<10)])
	return (strings.HasPrefix(head, "<") || pageName.MatchString(name)) && tag.MatchString(head)
}
