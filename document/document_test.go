package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	plain = "沪科提复〔2024〕25号\n\n顾伟华委员：\n下一步，我委将建设𠮷林路实训基地。\n"
	word  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>`
)

// gb18030 is the text in GB18030.
func gb18030(text string) []byte {
	out, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return []byte(out)
}

// in is the text in the charset of this name.
func in(name, text string) []byte {
	e, _ := charset.Lookup(name)
	out, err := e.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return []byte(out)
}

// zipped is an archive of parts, by name and content in turn.
func zipped(parts ...string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// docxOf is a Word document with this body and these other parts.
func docxOf(body string, parts ...string) []byte {
	return zipped(append([]string{"[Content_Types].xml", "<Types/>", "word/document.xml", word + body + "</w:body></w:document>"}, parts...)...)
}

// par is a paragraph of one run.
func par(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func TestText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"UTF-8", "a.txt", []byte(plain), plain},
		{"UTF-8 with BOM", "a.txt", []byte("\ufeff" + plain), plain},
		{"GB18030", "a.txt", gb18030(plain), plain},
		{"line ends as they are", "a.txt", []byte("一\r\n二\r三\n"), "一\r\n二\r三\n"},
		{"text in angle brackets", "a.txt", []byte("<关于科技服务业的提案>的答复"), "<关于科技服务业的提案>的答复"},
		{"text that is called .docx", "a.docx", []byte(plain), plain},
		{"text that is called .html", "a.html", []byte(plain), plain},
		{"docx without a name", "standard input", docxOf(par("下一步")), "下一步\n"},
		{"docx that is called .txt", "a.txt", docxOf(par("下一步")), "下一步\n"},
		{"docx of Word on the web", "a.docx", zipped("word/document2.xml", word+par("下一步")+"</w:body></w:document>"), "下一步\n"},
		{"HTML without a name", "standard input", []byte("<!DOCTYPE html><title>标题</title><p>下一步"), "下一步\n"},
		{"HTML behind a comment", "a.txt", []byte("<!-- saved from url --><html><body>下一步</body></html>"), "下一步\n"},
		{"HTML by its name", "a.HTM", []byte("下一步<br>我委将"), "下一步\n我委将\n"},
		{"HTML in GB2312", "a.html", gb18030(`<html><meta charset="gb2312"><body>下一步，𠮷林路</body></html>`), "下一步，𠮷林路\n"},
		{"HTML in GBK without meta", "a.html", gb18030(`<html><body>下一步</body></html>`), "下一步\n"},
		{"HTML in Big5", "a.html", in("big5", `<html><meta charset="big5"><body>下一步</body></html>`), "下一步\n"},
		{"HTML in UTF-16", "a.html", append([]byte("\xff\xfe"), in("utf-16le", "<html><body>下一步</body></html>")...), "下一步\n"},
		{"HTML in UTF-8 with a broken byte", "a.html", []byte(`<html><meta charset="utf-8"><body>下一步，` + "\xe5" + `我委将</body></html>`), "下一步，\ufffd我委将\n"},
		{"HTML in GBK with a broken byte of UTF-8", "a.html", []byte(`<html><meta charset="gbk"><body>下一步，` + "\xe5" + `我委将</body></html>`), "下一步，\ufffd我委将\n"},
		{"HTML in GB18030 that says UTF-8", "a.html", gb18030(`<html><meta charset="utf-8"><body>下一步</body></html>`), "下一步\n"},
		{"text with a character that was lost before", "a.txt", []byte("下一\ufffd，我委将"), "下一\ufffd，我委将"},
		{"HTML that lies about its charset", "a.html", []byte(`<html><meta charset="gb2312"><body>下一步</body></html>`), "下一步\n"},
	} {
		got, err := Text(test.file, test.data)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestWrongFiles(t *testing.T) {
	t.Parallel()
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 504)
	locked := docxOf(par("下一步"))
	for _, header := range []string{"PK\x01\x02", "PK\x03\x04"} { // the bit that says encrypted
		for rest := locked; bytes.Contains(rest, []byte(header)); {
			rest = rest[bytes.Index(rest, []byte(header))+4:]
			rest[map[string]int{"PK\x01\x02": 4, "PK\x03\x04": 2}[header]] |= 1
		}
	}
	for _, test := range []struct {
		name string
		data []byte
		want Fault
	}{
		{"nothing", nil, Empty},
		{"white space", []byte("\ufeff \n\u3000\n"), Empty},
		{"docx of pictures", docxOf("<w:p><w:r><w:drawing/></w:r></w:p>"), Empty},
		{"page of scripts", []byte("<html><script>下一步</script></html>"), Empty},
		{"letter that goes on", docxOf(par(strings.Repeat("长", maxText/3+1))), Unpacked},
		{"letter of numbers", docxOf(strings.Repeat(numbered("1", "0", ""), maxText/200), "word/numbering.xml", numberingOf(strings.Repeat("长", 80))), Unpacked},
		{"large styles", docxOf(par("下一步"), "word/styles.xml", "<styles>"+strings.Repeat(" ", maxListing)+"</styles>"), Unpacked},
		{"large numbering", docxOf(par("下一步"), "word/numbering.xml", "<numbering>"+strings.Repeat(" ", maxListing)+"</numbering>"), Unpacked},
		{"large", make([]byte, MaxSize+1), TooLarge},
		{"bomb", docxOf(par(strings.Repeat("长", maxUnpacked/3))), Unpacked},
		{"PDF", []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), PDF},
		{"doc", []byte(ole + "W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00"), OldWord},
		{"docx with a password", []byte(ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), Encrypted},
		{"zip with a password", locked, Encrypted},
		{"RTF", []byte(`{\rtf1\ansi text}`), RichText},
		{"PNG", []byte("\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR"), Image},
		{"JPEG", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), Image},
		{"TIFF", []byte("II*\x00\x08\x00\x00\x00\x10\x00\xfe\x00\x04\x00"), Image},
		{"docx cut off", docxOf(par("下一步"))[:200], Broken},
		{"docx without an end", zipped("word/document.xml", word+par("下一步")), Broken},
		{"docx of no XML", zipped("word/document.xml", "下一步 & 我委"), Broken},
		{"docx in a knot", docxOf(strings.Repeat("<w:p>", 100) + strings.Repeat("</w:p>", 100)), Broken},
		{"spreadsheet", zipped("xl/workbook.xml", "<workbook/>"), OtherZip},
		{"empty zip", zipped(), OtherZip},
		{"deep page", []byte("<html><body>" + strings.Repeat("<div>", 2000)), TooDeep},
		{"page upon page", []byte("<html>" + strings.Repeat("<BODY\na=1><p>下一步", 20)), ManyPages},
		{"page of broken bytes", []byte("<html><meta charset=utf-8><body>\xff\xff\xff\xff下一步"), NotDecoded},
		{"text with a broken byte", []byte("下一步，\xe5\xbb我委将"), NotDecoded},
		{"UTF-16", append([]byte("\xff\xfe"), in("utf-16le", plain)...), NotDecoded},
		{"Latin-1", []byte("caf\xe9 au lait, d\xe9j\xe0 vu"), NotDecoded},
		{"program", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"), NotText},
	} {
		_, err := Text("letter.x", test.data)
		got, ok := errors.AsType[*Error](err)
		if !ok || got.Fault != test.want {
			t.Errorf("%s: %v; want the fault %s", test.name, err, test.want)
			continue
		}
		f := faults[got.Fault]
		if text := got.Error(); !strings.HasPrefix(text, "letter.x ") || !strings.Contains(text, f.is) || !strings.Contains(text, "; want "+f.want) {
			t.Errorf("%s says %q", test.name, text)
		}
		if text := got.Chinese(); text != "“letter.x”"+f.chinese || f.chinese == "" {
			t.Errorf("%s says %q", test.name, text)
		}
	}
}

// FuzzText gives any bytes under any name: what is read is text.
func FuzzText(f *testing.F) {
	for _, seed := range [][]byte{
		[]byte(plain), gb18030(plain), docxOf(par("下一步")), []byte("<html><ol start=3><li>一<li hidden>二</ol><pre>\n三"),
		docxOf(numbered("1", "0", "标题"), "word/numbering.xml", numberingPart),
	} {
		f.Add("a.txt", seed)
		f.Add("a.html", seed)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		text, err := Text(name, data)
		if err != nil && text != "" || err == nil && strings.TrimSpace(text) == "" {
			t.Errorf("Text = %q, %v", text, err)
		}
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			t.Errorf("Text = %q", text)
		}
		_, _ = docx(data)
		_, _ = page(string(data))
	})
}

// FuzzParts gives any XML to the parts of a Word document.
func FuzzParts(f *testing.F) {
	f.Add(par("一"), numberingPart, stylesPart)
	f.Add(numbered("1", "8", "一"), numberingPart, "")
	f.Fuzz(func(t *testing.T, body, numbering, styles string) {
		text, _ := docx(docxOf(body, "word/numbering.xml", numbering, "word/styles.xml", styles))
		if !utf8.ValidString(text) {
			t.Errorf("docx = %q", text)
		}
	})
}
