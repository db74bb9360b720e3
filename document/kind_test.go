package document_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"fuyan/document"
)

// packedWith is a zip file with these members.
func packedWith(t *testing.T, names ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte("<x/>"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const open = "application/vnd.openxmlformats-officedocument."

func TestMediaType(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(strings.Repeat("河岸已经清理完毕。", 20))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("河岸已经清理完毕。")
	if err != nil {
		t.Fatal(err)
	}
	docx := packedWith(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml")
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	page := "<!DOCTYPE html><html><script>alert(1)</script></html>"
	for name, test := range map[string]struct{ data, want string }{
		"PDF":                      {"%PDF-1.7\n", "application/pdf"},
		"PNG":                      {png, "image/png"},
		"JPEG":                     {"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"},
		"WebP":                     {"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"},
		"docx":                     {string(docx), open + "wordprocessingml.document"},
		"docx, main part first":    {string(packedWith(t, "word/document.xml", "[Content_Types].xml")), open + "wordprocessingml.document"},
		"xlsx":                     {string(packedWith(t, "[Content_Types].xml", "xl/workbook.xml")), open + "spreadsheetml.sheet"},
		"pptx":                     {string(packedWith(t, "[Content_Types].xml", "ppt/presentation.xml")), open + "presentationml.presentation"},
		"OFD":                      {string(packedWith(t, "OFD.xml", "Doc_0/Document.xml")), "application/ofd"},
		"OFD, main part last":      {string(packedWith(t, "Doc_0/Document.xml", "OFD.xml")), "application/ofd"},
		"text":                     {"河岸已清理。\r\n\t见附图。\f", "text/plain"},
		"text with a mark":         {"\ufeff河岸已清理。", "text/plain"},
		"text of commas":           {"日期,进展\n5月,过半\n6月,完成\n", "text/plain"},
		"text in braces":           {`{"a": 1}`, "text/plain"},
		"one letter":               {"x", "text/plain"},
		"PNG that goes on as HTML": {png + page, "image/png"},

		"HTML":                        {page, "text/html"},
		"HTML behind space":           {"\n\n  " + page, "text/html"},
		"HTML with a PDF inside":      {page + "%PDF-1.7", "application/octet-stream"},
		"PDF behind junk":             {"junk %PDF-1.7", "application/octet-stream"},
		"SVG":                         {`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, "image/svg+xml"},
		"SVG with a prolog":           {`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "image/svg+xml"},
		"XML":                         {`<?xml version="1.0"?><a/>`, "text/xml"},
		"XHTML":                       {`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, "application/xhtml+xml"},
		"RTF":                         {`{\rtf1 x}`, "text/rtf"},
		"program of Windows":          {"MZ\x90\x00\x03" + strings.Repeat("\x00", 100), "application/vnd.microsoft.portable-executable"},
		"program of Linux":            {"\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100), "application/x-elf"},
		"shell script":                {"#!/bin/sh\nrm -r x\n", "text/x-shellscript"},
		"old Word":                    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "application/x-ole-storage"},
		"zip":                         {string(packedWith(t, "a.exe")), "application/zip"},
		"zip with a folder like docx": {string(packedWith(t, "x/word/document.xml")), "application/zip"},
		"zip of two kinds":            {string(packedWith(t, "word/document.xml", "xl/workbook.xml")), "application/zip"},
		"docx with macros":            {string(packedWith(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")), "application/vnd.ms-office.macro"},
		"half a docx":                 {string(docx[:len(docx)/2]), "application/octet-stream"},
		"program that ends as docx":   {"MZ\x90\x00\x03" + strings.Repeat("\x00", 100) + string(docx), "application/vnd.microsoft.portable-executable"},
		"text in GB18030":             {gb, "text/plain; charset=unknown"},
		"text in UTF-16":              {wide, "text/plain; charset=unknown"},
		"text that ends in bytes":     {strings.Repeat("文", 5000) + "\x00\x01", "application/octet-stream"},
		"text that ends in no UTF-8":  {strings.Repeat("文", 5000) + "\xff", "text/plain; charset=unknown"},
		"bytes":                       {"\x00\x01\x02", "application/octet-stream"},
	} {
		if got := document.MediaType([]byte(test.data)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
