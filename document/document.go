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
		if garbled(text) {
			return "", notText(data)
		}
		return page(text)
	case declared || strings.ContainsRune(text, 0) || !utf8.Valid(data) && strings.ContainsRune(text, utf8.RuneError):
		return "", notText(data)
	}
	return text, ""
}

// decode reads the bytes as UTF-8 if they are, else as what a byte order mark
// or a meta element declares. Of the charsets that it may declare without being
// right, it takes UTF-8 where all but a few characters are, with U+FFFD for those
// that are not, else GB18030: what a page calls gb2312 or gbk may hold characters
// of it.
func decode(data []byte) (text string, declared bool) {
	if utf8.Valid(data) {
		return strings.TrimPrefix(string(data), bom), false
	}
	encoding, name, _ := charset.DetermineEncoding(data, "")
	declared = !slices.Contains([]string{"utf-8", "gbk", "gb18030", "windows-1252"}, name) // the last is a guess
	switch {
	case declared:
	case !garbled(string(data)):
		return strings.TrimPrefix(strings.ToValidUTF8(string(data), string(utf8.RuneError)), bom), false
	default:
		encoding = simplifiedchinese.GB18030
	}
	out, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return string(utf8.RuneError), declared
	}
	return strings.TrimPrefix(string(out), bom), declared
}

// garbled reports whether of a text's characters beyond ASCII more than one for
// every four whole ones is U+FFFD or no UTF-8. Of Chinese in GB18030 most are none.
func garbled(text string) bool {
	broken, whole := 0, 0
	for _, r := range text {
		switch {
		case r == utf8.RuneError:
			broken++
		case r >= utf8.RuneSelf:
			whole++
		}
	}
	return 4*broken > whole
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
