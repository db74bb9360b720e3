package document

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

const (
	unknown   = "application/octet-stream"
	packed    = "application/zip"
	withMacro = "application/vnd.ms-office.macro"
	plainText = "text/plain"
	openXML   = "application/vnd.openxmlformats-officedocument."
)

// MediaType says what bytes are, whatever they are called. It is stricter than a
// program that only opens them: a PDF begins as one, what is packed is what its
// directory says, and a text is UTF-8 to its end. A text that is laid out, as CSV
// or JSON is, remains a text; a page, a script or a drawing does not.
func MediaType(data []byte) string {
	found := mimetype.Detect(data)
	media, _, _ := strings.Cut(found.String(), ";")
	switch {
	case media == "application/pdf" && !bytes.HasPrefix(data, []byte("%PDF-")):
		return unknown
	case slices.Contains(zipTypes, media):
		return directory(data)
	case slices.Contains(textTypes, media):
		return textOf(data)
	}
	return media
}

// zipTypes are the types that only the directory of a zip file tells apart.
var zipTypes = []string{
	packed, openXML + "wordprocessingml.document", openXML + "spreadsheetml.sheet", openXML + "presentationml.presentation",
}

// textTypes are what a text may look like.
var textTypes = []string{
	plainText, "text/csv", "text/tab-separated-values", "application/json", "application/x-ndjson", "application/x-subrip", "text/vtt",
	"message/rfc822",
}

// mainParts tell by a member what a zip file is.
var mainParts = map[string]string{
	"word/document.xml":    openXML + "wordprocessingml.document",
	"xl/workbook.xml":      openXML + "spreadsheetml.sheet",
	"ppt/presentation.xml": openXML + "presentationml.presentation",
	"OFD.xml":              "application/ofd", // GB/T 33190
}

// directory says what a zip file is by its members: one kind of document, without
// macros, or just a zip file.
func directory(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return unknown
	}
	kind := ""
	for _, f := range z.File {
		if strings.EqualFold(f.Name[strings.LastIndexByte(f.Name, '/')+1:], "vbaProject.bin") {
			return withMacro
		}
		part, ok := mainParts[f.Name]
		switch {
		case !ok:
		case kind != "":
			return packed
		default:
			kind = part
		}
	}
	if kind == "" {
		return packed
	}
	return kind
}

// textOf says whether a text is one to its end, and in UTF-8.
func textOf(data []byte) string {
	if !utf8.Valid(data) {
		return plainText + "; charset=unknown"
	}
	if bytes.ContainsFunc(data, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) {
		return unknown
	}
	return plainText
}
