package casework_test

import (
	"errors"
	"strings"
	"testing"

	"fuyan/casework"
)

const wordMedia = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

func TestFileNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, media, want string }{
		{"批文.pdf", "application/pdf", "批文.pdf"},
		{"批文.PDF", "application/pdf", "批文.PDF"},
		{`C:\文档\批文.pdf`, "application/pdf", "批文.pdf"},
		{"../../etc/批文.pdf", "application/pdf", "批文.pdf"},
		{"a/b\\c/批文.pdf ", "application/pdf", "批文.pdf"},
		{"批\x00文\r\nX: 1\x7f.pdf", "application/pdf", "批文X: 1.pdf"},
		{"批文\u202efdp.exe\u200b.pdf", "application/pdf", "批文fdp.exe.pdf"},
		{"批　文\u00a0一.pdf.", "application/pdf", "批 文 一.pdf"},
		{"现场.jpg", "image/jpeg", "现场.jpg"},
		{"现场.jpeg", "image/jpeg", "现场.jpeg"},
		{"方案.docx", wordMedia, "方案.docx"},
		{"版式.ofd", "application/ofd", "版式.ofd"},
		{"说明.txt", "text/plain", "说明.txt"},
		{strings.Repeat("长", 196) + ".pdf", "application/pdf", strings.Repeat("长", 196) + ".pdf"},
	} {
		got, err := casework.NewFile{Name: test.name, Media: test.media, Size: 1}.Check()
		if err != nil || got != test.want {
			t.Errorf("%q = %q, %v; want %q", test.name, got, err, test.want)
		}
	}
}

func TestFilesAreRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file        casework.NewFile
		field, want string
	}{
		{casework.NewFile{Name: "a.pdf", Media: "application/pdf", Size: 0}, "content", "空文件"},
		{casework.NewFile{Name: "a.pdf", Media: "application/pdf", Size: casework.MaxFileSize + 1}, "content", "最多 20 MB"},
		{casework.NewFile{Name: "a.pdf", Media: "image/png", Size: 1}, "name", "内容是 PNG 图片，名字应以 .png 结尾"},
		{casework.NewFile{Name: "a.png", Media: "image/jpeg", Size: 1}, "name", ".jpg 或 .jpeg"},
		{casework.NewFile{Name: "a.pdf.exe", Media: "application/pdf", Size: 1}, "name", "内容是 PDF"},
		{casework.NewFile{Name: "pdf", Media: "application/pdf", Size: 1}, "name", "名字应以 .pdf 结尾"},
		{casework.NewFile{Name: "a.pdf/", Media: "application/pdf", Size: 1}, "name", "应为文件名"},
		{casework.NewFile{Name: "\u202e . ", Media: "application/pdf", Size: 1}, "name", "应为文件名"},
		{casework.NewFile{Name: strings.Repeat("长", 197) + ".pdf", Media: "application/pdf", Size: 1}, "name", "最多 200 个字"},
		{casework.NewFile{Name: "a.pdf", Media: "text/html", Size: 1}, "content", "内容是网页（HTML）"},
		{casework.NewFile{Name: "a.zip", Media: "application/zip", Size: 1}, "content", "内容是压缩包"},
		{casework.NewFile{Name: "a.mp4", Media: "video/mp4", Size: 1}, "content", "内容是video/mp4"},
		{casework.NewFile{Name: "a.txt", Media: "text/plain; charset=unknown", Size: 1}, "content", "不是 UTF-8"},
	} {
		_, err := test.file.Check()
		wrong, ok := errors.AsType[*casework.FieldError](err)
		if !ok || wrong.Field != test.field || !strings.Contains(wrong.Want, test.want) {
			t.Errorf("%+v: %v, want %s: %s", test.file, err, test.field, test.want)
		}
	}
	if _, err := (casework.NewFile{Name: "a.pdf", Media: "application/pdf", Size: casework.MaxFileSize}).Check(); err != nil {
		t.Errorf("a file of just 20 MB: %v", err)
	}
}

// TestMayUpload: who may report, and only while there is something to report.
func TestMayUpload(t *testing.T) {
	t.Parallel()
	owner := casework.User{ID: 7, OrganID: 1, Roles: []casework.Role{casework.Handler}}
	of := func(state casework.CommitmentState) casework.CommitmentStanding {
		return casework.CommitmentStanding{State: state, OwnerID: owner.ID, Proposal: casework.Standing{OrganID: 1, Helpers: []int64{2}, Proposers: []int64{9}}}
	}
	for _, test := range []struct {
		who   string
		u     casework.User
		state casework.CommitmentState
		want  error
	}{
		{"the owner", owner, casework.Open, nil},
		{"the office", casework.User{ID: 1, OrganID: 1, Roles: []casework.Role{casework.Office}}, casework.Open, nil},
		{"another handler", casework.User{ID: 8, OrganID: 1, Roles: []casework.Role{casework.Handler}}, casework.Open, casework.ErrForbidden},
		{"a reviewer", casework.User{ID: 8, OrganID: 1, Roles: []casework.Role{casework.Reviewer}}, casework.Open, casework.ErrForbidden},
		{"a helper's office", casework.User{ID: 3, OrganID: 2, Roles: []casework.Role{casework.Office}}, casework.Open, casework.ErrForbidden},
		{"a proposer", casework.User{ID: 9, Roles: []casework.Role{casework.Delegate}}, casework.Open, casework.ErrForbidden},
		{"an administrator", casework.User{ID: 4, Roles: []casework.Role{casework.Admin}}, casework.Open, casework.ErrForbidden},
		{"another organ", casework.User{ID: 5, OrganID: 5, Roles: []casework.Role{casework.Office}}, casework.Open, casework.ErrNotFound},
		{"the owner", owner, casework.Noted, casework.ErrNotAllowed},
		{"the owner", owner, casework.Done, casework.ErrNotAllowed},
		{"the owner", owner, casework.Kept, casework.ErrNotAllowed},
		{"the owner", owner, casework.Dropped, casework.ErrNotAllowed},
	} {
		if err := test.u.MayUpload(of(test.state)); !errors.Is(err, test.want) {
			t.Errorf("%s of a %s commitment: %v, want %v", test.who, test.state, err, test.want)
		}
	}
}

func TestSeesFile(t *testing.T) {
	t.Parallel()
	standing := casework.Standing{Kind: casework.CPPCCProposal, OrganID: 1, Helpers: []int64{2}, Proposers: []int64{9}}
	people := map[string]casework.User{
		"uploader":   {ID: 7, OrganID: 1, Roles: []casework.Role{casework.Handler}},
		"colleague":  {ID: 8, OrganID: 1, Roles: []casework.Role{casework.Reviewer}},
		"helper":     {ID: 3, OrganID: 2, Roles: []casework.Role{casework.Office}},
		"supervisor": {ID: 6, OrganID: 6, Oversight: casework.OverseesCPPCC, Roles: []casework.Role{casework.Supervisor}},
		"admin":      {ID: 4, Roles: []casework.Role{casework.Admin}},
		"proposer":   {ID: 9, Roles: []casework.Role{casework.Delegate}},
		"other":      {ID: 10, Roles: []casework.Role{casework.Delegate}},
		"stranger":   {ID: 5, OrganID: 5, Roles: []casework.Role{casework.Office}},
	}
	for _, test := range []struct {
		named, public bool
		who           string
	}{
		{true, true, "uploader colleague helper supervisor admin proposer"},
		{true, false, "uploader colleague helper supervisor admin"},
		{false, true, "uploader"},
		{false, false, "uploader"},
	} {
		for name, u := range people {
			f := casework.FileStanding{Public: test.public, Named: test.named, UploaderID: 7, Proposal: standing}
			if got, want := u.SeesFile(f), strings.Contains(" "+test.who+" ", " "+name+" "); got != want {
				t.Errorf("%s sees a file, named %t, public %t: %t, want %t", name, test.named, test.public, got, want)
			}
		}
	}
}
