package server

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"

	"fuyan/casework"
	"fuyan/document"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
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

func (s *commitmentService) UploadFile(ctx context.Context, req *fuyanv1.UploadFileRequest) (*fuyanv1.UploadFileResponse, error) {
	f, err := s.db.UploadFile(ctx, callOf(ctx, req, req.CommitmentId, 0), postgres.NewFile{
		Name: req.Name, Media: document.MediaType(req.Content), Content: req.Content, Public: req.Public,
	})
	if err != nil {
		return nil, err
	}
	return &fuyanv1.UploadFileResponse{File: toFile(f)}, nil
}

func (s *commitmentService) GetFile(ctx context.Context, req *fuyanv1.GetFileRequest) (*fuyanv1.GetFileResponse, error) {
	f, content, err := s.db.ReadFile(ctx, userFrom(ctx), req.FileId)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GetFileResponse{File: toFile(f), Content: content}, nil
}

func toFile(row postgres.File) *fuyanv1.File {
	f := row.File
	return &fuyanv1.File{
		Id: f.ID, Name: f.Name, MediaType: f.MediaType, Size: f.Size, Sha256: hex.EncodeToString(f.Sha256), Public: f.Public,
		UploadedBy: row.Uploader, UploadTime: timestamppb.New(f.UploadedAt),
	}
}

func toFiles(rows []postgres.File) []*fuyanv1.File {
	var out []*fuyanv1.File
	for _, f := range rows {
		out = append(out, toFile(f))
	}
	return out
}
