package web

import (
	"fmt"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// receiverRoles may receive hand-over lists.
var receiverRoles = []fuyanv1.Role{fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_SUPERVISOR}

type importList struct {
	Form        formView
	May         bool // upload
	Rows        []*fuyanv1.Import
	First, Next string
}

func uploadListFields() []field {
	return []field{
		file("file", "清单文件", ".xlsx,.csv,.txt").hint("Excel 工作簿（.xlsx）或 CSV，不超过 10 MB、5000 行"),
		area("text", "或者粘贴表格").hint("在 Excel 里选中表格（连同表头）复制，粘贴在这里"),
	}
}

func (p *pages) listImports(r *request) (importList, error) {
	answer, err := p.imports.ListImports(r.Context(), &fuyanv1.ListImportsRequest{PageToken: r.URL.Query().Get("page")})
	if err != nil {
		return importList{}, err
	}
	list := importList{
		Form: p.forms["UploadHandOverList"].view(r, place{"UploadHandOverList", "/imports", 0}, subject{}),
		May:  r.is(receiverRoles...), Rows: answer.Imports,
	}
	list.First, list.Next = paging("/imports", r, answer.NextPageToken)
	return list, nil
}

// uploadList keeps a hand-over list and leads to its page.
func (p *pages) uploadList(r *request) (string, error) {
	in := r.input()
	req := &fuyanv1.UploadHandOverListRequest{RequestId: in.requestID, Text: in.verbatim("text")}
	if up := r.upload("file"); up != nil {
		data, err := up.read()
		if err != nil {
			return "", unreadable(err)
		}
		req.File, req.FileName = data, up.Filename
	}
	answer, err := p.imports.UploadHandOverList(r.Context(), req)
	if err != nil {
		return "", refuse("UploadHandOverList", err)
	}
	return fmt.Sprintf("/imports/%d", answer.Import.GetId()), nil
}
