package document

import (
	"bytes"
	"net/http"
	"strings"
)

// A Fault is what is wrong with a file.
type Fault string

// The faults that files have. Each is described in faults.
const (
	Empty      Fault = "empty"
	TooLarge   Fault = "too_large"
	Unpacked   Fault = "unpacked"
	PDF        Fault = "pdf"
	OldWord    Fault = "old_word"
	RichText   Fault = "rich_text"
	Image      Fault = "image"
	Broken     Fault = "broken"
	Encrypted  Fault = "encrypted"
	OtherZip   Fault = "other_zip"
	TooDeep    Fault = "too_deep"
	ManyPages  Fault = "many_pages"
	NotText    Fault = "not_text"
	NotDecoded Fault = "not_decoded"
)

// faults says of each fault what the file is and what would be right.
var faults = map[Fault]struct{ is, want, chinese string }{
	Empty:      {"has no text in it", "a letter's text; a scan has to be typed out first", "里没有文字；扫描件请先转成文字"},
	TooLarge:   {"is larger than 20 MB", "a letter alone, without its enclosures", "超过 20 MB；请只选复文，不带附件"},
	Unpacked:   {"unpacks to far more than a letter", "a letter alone, without its enclosures", "解开后远大于一封复文；请只选复文，不带附件"},
	PDF:        {"is a PDF", "its text as .txt, or the .docx or .html that it was made of", "是 PDF；请选生成它的 .docx 或 .html，或把文字存成 .txt"},
	OldWord:    {"is a binary file of Office 97-2003 or WPS, as .doc is", "the same saved as .docx or .txt", "是旧格式的 Office 或 WPS 文件（如 .doc）；请另存为 .docx 或 .txt"},
	RichText:   {"is rich text (RTF)", "the same saved as .docx or .txt", "是 RTF；请另存为 .docx 或 .txt"},
	Image:      {"is an image", "the text as .txt, .docx or .html", "是图片；请选 .txt、.docx 或 .html 的文字"},
	Broken:     {"is a damaged .docx", "one that Word opens, or its text as .txt", "是损坏的 .docx；请在 Word 里打开后另存，或存成 .txt"},
	Encrypted:  {"is locked with a password", "the same saved without a password", "有密码；请去掉密码后另存"},
	OtherZip:   {"is a zip file and no .docx", "a .docx, or the letter that was packed", "是压缩包，不是 .docx；请选解开后的复文"},
	TooDeep:    {"is HTML nested too deep", "the text as .txt or .docx", "是嵌套过深的 HTML；请存成 .txt 或 .docx"},
	ManyPages:  {"is HTML of many pages in one", "a letter alone, as .txt, .docx or .html", "是许多网页拼成的 HTML；请只选复文，或存成 .txt"},
	NotText:    {"is no text", "a letter as .txt, .docx or .html", "不是文字；请选 .txt、.docx 或 .html"},
	NotDecoded: {"is text in neither UTF-8 nor GB18030", "the same saved as UTF-8", "不是 UTF-8 或 GB18030 编码的文字；请另存为 UTF-8"},
}

// An Error refuses a file that holds no text.
type Error struct {
	Name  string
	Fault Fault
}

// Error says what the file is and what would be right.
func (e *Error) Error() string {
	f := faults[e.Fault]
	return e.Name + " " + f.is + "; want " + f.want
}

// Chinese says the same for a page.
func (e *Error) Chinese() string {
	if e.Name == "" {
		return "文件" + faults[e.Fault].chinese
	}
	return "“" + e.Name + "”" + faults[e.Fault].chinese
}

// foreign names what a file is that people often take for a text: what its
// first bytes say for certain.
func foreign(data []byte) Fault {
	switch {
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(data, []byte(`{\rtf`)):
		return RichText
	case !bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return ""
	case bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")):
		return Encrypted
	}
	return OldWord
}

// notText names what bytes are that make no text.
func notText(data []byte) Fault {
	kind := http.DetectContentType(data)
	switch {
	case strings.HasPrefix(kind, "image/") || photo(data):
		return Image
	case strings.HasPrefix(kind, "text/"):
		return NotDecoded
	}
	return NotText
}

// photo reports whether the bytes are a picture of a telephone or a scanner.
func photo(data []byte) bool {
	return len(data) > 12 && bytes.HasPrefix(data[4:], []byte("ftyp")) ||
		bytes.HasPrefix(data, []byte("II*\x00")) || bytes.HasPrefix(data, []byte("MM\x00*"))
}
