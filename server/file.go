package server

import (
	"errors"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
	"fuyan/document"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

// mostText is how many characters a letter may have.
const mostText = 200_000

// lineEnds makes every end of a line LF, as forms of the pages do: letters are
// counted and kept so.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// letterText is the letter that a request brings: as it is, or out of a file.
func letterText(req *fuyanv1.ReadLetterRequest) (string, error) {
	switch {
	case len(req.File) == 0 && strings.TrimSpace(req.Text) == "":
		return "", casework.Invalid("text", "应为复文全文，或者给出 file")
	case len(req.File) == 0:
		return req.Text, nil
	case req.Text != "":
		return "", casework.Invalid("file", "与 text 只能给出一样")
	}
	text, err := document.Text(req.FileName, req.File)
	if wrong, ok := errors.AsType[*document.Error](err); ok {
		return "", casework.Invalid("file", "%s", wrong.Chinese())
	}
	text = lineEnds.Replace(text)
	if utf8.RuneCountInString(text) > mostText {
		return "", casework.Invalid("file", "读出的文字最多 %d 个字", mostText)
	}
	return text, err
}
