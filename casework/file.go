package casework

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxFileSize is how many bytes a file of evidence may have.
const MaxFileSize = 20 << 20

// maxFileName is how many characters its name may have.
const maxFileName = 200

// A FileType is something that evidence may be.
type FileType struct {
	Media      string // as its content says
	Label      string
	Extensions []string // the first is the usual one
}

// FileTypes lists what evidence may be.
var FileTypes = []FileType{
	{"application/pdf", "PDF", []string{".pdf"}},
	{"image/png", "PNG 图片", []string{".png"}},
	{"image/jpeg", "JPEG 图片", []string{".jpg", ".jpeg"}},
	{"image/webp", "WebP 图片", []string{".webp"}},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文档（.docx）", []string{".docx"}},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 工作簿（.xlsx）", []string{".xlsx"}},
	{"application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint 演示文稿（.pptx）", []string{".pptx"}},
	{"application/ofd", "OFD", []string{".ofd"}},
	{"text/plain", "UTF-8 编码的文本（.txt）", []string{".txt"}},
}

// refusedTypes names what people upload in their place.
var refusedTypes = map[string]string{
	"text/html":                                     "网页（HTML）",
	"image/svg+xml":                                 "SVG 图片",
	"image/gif":                                     "GIF 图片",
	"image/bmp":                                     "BMP 图片",
	"image/tiff":                                    "TIFF 图片",
	"image/heic":                                    "HEIC 图片",
	"text/rtf":                                      "RTF 文档",
	"text/xml":                                      "XML",
	"text/plain; charset=unknown":                   "不是 UTF-8 编码的文本",
	"application/zip":                               "压缩包",
	"application/x-rar-compressed":                  "压缩包",
	"application/x-7z-compressed":                   "压缩包",
	"application/x-ole-storage":                     "旧格式的 Office 文件（如 .doc），或加了密码的文件",
	"application/msword":                            "旧格式的 Word 文档（.doc）",
	"application/vnd.ms-excel":                      "旧格式的 Excel 工作簿（.xls）",
	"application/vnd.ms-powerpoint":                 "旧格式的 PowerPoint 演示文稿（.ppt）",
	"application/vnd.ms-office.macro":               "带宏的 Office 文件",
	"application/octet-stream":                      "看不出类型的数据",
	"application/x-elf":                             "可执行程序",
	"application/x-mach-binary":                     "可执行程序",
	"application/x-msdownload":                      "可执行程序",
	"application/vnd.microsoft.portable-executable": "可执行程序",
}

// A NewFile is a file as somebody uploads it.
type NewFile struct {
	Name  string
	Media string // what its content is
	Size  int
}

// Check returns the name under which the file is kept, or a [FieldError] when it
// is nothing that evidence may be or its name says something else than its
// content.
func (f NewFile) Check() (string, error) {
	switch {
	case f.Size == 0:
		return "", Invalid("content", "是空文件，应有内容")
	case f.Size > MaxFileSize:
		return "", Invalid("content", "最多 %d MB", MaxFileSize>>20)
	}
	name := CleanName(f.Name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", Invalid("name", "应为文件名")
	case n > maxFileName:
		return "", Invalid("name", "最多 %d 个字", maxFileName)
	}
	i := slices.IndexFunc(FileTypes, func(t FileType) bool { return t.Media == f.Media })
	if i < 0 {
		return "", Invalid("content", "应为%s；这个文件的内容是%s", allowedTypes(), cmp.Or(refusedTypes[f.Media], f.Media))
	}
	if t := FileTypes[i]; !slices.Contains(t.Extensions, strings.ToLower(path.Ext(name))) {
		return "", Invalid("name", "内容是 %s，名字应以 %s 结尾", t.Label, strings.Join(t.Extensions, " 或 "))
	}
	return name, nil
}

func allowedTypes() string {
	var labels []string
	for _, t := range FileTypes {
		labels = append(labels, t.Label)
	}
	return strings.Join(labels, "、")
}

// CleanName leaves out the path before a name and what cannot be seen in it, such
// as the characters that make it read backwards.
func CleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && !unicode.IsControl(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		}
		return -1
	}, name)
	return strings.Trim(name, " .")
}

// shown are the verbs whose reports files may show.
var shown = []CommitmentVerb{ReportProgress, ReportDone, Drop}

// MayUpload returns nil if u may do something now that files show, else why not.
func (u User) MayUpload(s CommitmentStanding) (why error) {
	for _, v := range shown {
		_, err := u.DoCommitment(v, s)
		if err == nil {
			return nil
		}
		why = cmp.Or(why, err)
	}
	return why
}

// A FileStanding is what the right to read a file depends on.
type FileStanding struct {
	Public     bool
	Named      bool // a report names it
	UploaderID int64
	Proposal   Standing
}

// SeesFile reports whether u may read a file: everyone who sees the proposal, its
// proposers only what is public, and before a report names it only who uploaded
// it.
func (u User) SeesFile(f FileStanding) bool {
	if !f.Named && u.ID != f.UploaderID {
		return false
	}
	return u.SeesContacts(f.Proposal) || f.Public && u.Sees(f.Proposal)
}
