package web

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// evidence is what the names of files of evidence end in.
const evidence = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.pptx,.ofd,.txt"

// evidenceFields are the files of a report. What was uploaded before the report
// was refused is among what was typed, as “12/现场.png”.
func evidenceFields() []field {
	return []field{
		{
			Name: "file_ids", Label: "附件", Kind: "files", Accept: evidence,
			Hint: "可选多个，每个最多 20 MB，一次共 60 MB：PDF、图片、docx、xlsx、pptx、OFD、UTF-8 文本",
		},
		flag("public", "提出人可以查看附件"),
	}
}

// uploadFiles uploads what was chosen in a form that has a field for files, and
// puts it among what was typed. It goes on after one that is refused, so that
// only that one has to be chosen again, and returns the first refusal.
func (p *pages) uploadFiles(r *request, f form) (first error) {
	if !f.has("files") || r.MultipartForm == nil {
		return nil
	}
	for _, chosen := range r.MultipartForm.File["file_ids"] {
		if chosen.Filename == "" {
			continue
		}
		err := p.uploadFile(r, &upload{chosen})
		refused, ok := errors.AsType[*refusal](refuse(r.formKey(f.rpc), err))
		switch {
		case err != nil && !ok:
			return err
		case err != nil && first == nil:
			refused.Message = "“" + chosen.Filename + "”：" + refused.plain()
			refused.Field = "file_ids"
			first = refused
		}
	}
	return first
}

func (p *pages) uploadFile(r *request, u *upload) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	content, err := u.read()
	if err != nil {
		return err
	}
	req := &fuyanv1.UploadFileRequest{CommitmentId: id, Name: u.Filename, Content: content, Public: r.input().flag("public")}
	req.RequestId = uploadID(r.input().requestID, req)
	answer, err := p.commitments.UploadFile(r.Context(), req)
	if err == nil {
		kept := fmt.Sprintf("%d/%s", answer.File.GetId(), answer.File.GetName())
		if answer.File.GetPublic() {
			kept += "，提出人可以查看"
		}
		r.PostForm.Add("file_ids", kept)
	}
	return err
}

// uploadID is a UUID by which the same file in the same form sent twice is known.
func uploadID(form string, req *fuyanv1.UploadFileRequest) string {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(form), []byte(req.Name), strconv.AppendBool(nil, req.Public), req.Content} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	return uuidOf([16]byte(h.Sum(nil)), 8)
}

// named are the files that a form names. A field in which nothing was chosen is
// sent as no name.
func named(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// fileIDs are the numbers of the files that a form names.
func (in input) fileIDs() []int64 {
	var ids []int64
	for _, kept := range named(in.values["file_ids"]) {
		number, _, _ := strings.Cut(kept, "/")
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			id = -1 // so that the RPC refuses it
		}
		ids = append(ids, id)
	}
	return ids
}

// keptFiles are the files that a form names, as its page offers them again.
func keptFiles(values []string) []option {
	var out []option
	for _, kept := range named(values) {
		_, name, _ := strings.Cut(kept, "/")
		out = append(out, option{Value: kept, Label: name, Selected: true})
	}
	return out
}

// harmless are the types that a browser shows rather than keeps.
var harmless = map[string]bool{"image/png": true, "image/jpeg": true, "image/webp": true}

// serveFile answers with a file, which can do nothing in a browser whatever it
// holds.
func (p *pages) serveFile(w http.ResponseWriter, r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	answer, err := p.commitments.GetFile(r.Context(), &fuyanv1.GetFileRequest{FileId: id})
	if err != nil {
		return err
	}
	f := answer.File
	shown, media := "attachment", f.GetMediaType()
	if harmless[media] {
		shown = "inline"
	}
	if media == "text/plain" {
		media += "; charset=utf-8"
	}
	header := w.Header()
	header.Set("Content-Type", media)
	header.Set("Content-Disposition", shown+"; filename*=UTF-8''"+strings.ReplaceAll(url.QueryEscape(f.GetName()), "+", "%20"))
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Content-Length", strconv.Itoa(len(answer.Content)))
	_, err = w.Write(answer.Content)
	return err
}

// fileTypes are what people call what a file is.
var fileTypes = map[string]string{
	"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP", "application/ofd": "OFD", "text/plain": "文本",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   "Word",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         "Excel",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
}

// fileSize is about how large a file is.
func fileSize(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1000*1000:
		return fmt.Sprintf("%d KB", (bytes+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
