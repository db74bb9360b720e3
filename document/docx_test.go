package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// numbered is a paragraph of a list and level.
func numbered(list, level, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%s"/><w:numId w:val="%s"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, list, text)
}

func styled(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

// numberingOf is a part with list 1, whose one level has this pattern, and these
// overrides of the list.
func numberingOf(pattern string, overrides ...string) string {
	return `<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:lvlText w:val="` + pattern + `"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/>` + strings.Join(overrides, "") + `</w:num></w:numbering>`
}

const (
	numberingPart = `<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="H1"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="H2"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%4"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="19"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="9"/></w:num>
</w:numbering>`
	stylesPart = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:style w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="H2"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Mine"><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="Knot"><w:basedOn w:val="Knot"/></w:style>
</w:styles>`
)

func TestWordParagraphs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, body, want string }{
		{"runs", `<w:p><w:r><w:t>下一</w:t></w:r><w:hyperlink><w:r><w:t xml:space="preserve">步 </w:t></w:r></w:hyperlink></w:p>` + par(""), "下一步 \n\n"},
		{"tabs and breaks", `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:cr/><w:t>丁</w:t><w:noBreakHyphen/></w:r></w:p>`, "甲\t乙\n丙\n丁-\n"},
		{"table", `<w:tbl><w:tr><w:tc>` + par("一") + `</w:tc><w:tc>` + par("二") + par("三") + `</w:tc></w:tr></w:tbl>` + par("四"), "一\n二\n三\n四\n"},
		{"tracked changes", `<w:p><w:ins><w:r><w:t>我委将</w:t></w:r></w:ins><w:del><w:r><w:delText>拟</w:delText><w:tab/></w:r></w:del><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>建设</w:t></w:r></w:moveTo></w:p>`, "我委将建设\n"},
		{"deleted end of a paragraph", `<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>我委</w:t></w:r></w:p>` + par("将"), "我委将\n"},
		{"hidden text", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>批注</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>正文</w:t></w:r></w:p>`, "正文\n"},
		{"hidden mark of a field", `<w:p><w:sdt><w:sdtPr><w:rPr><w:vanish/></w:rPr></w:sdtPr><w:sdtContent><w:r><w:t>正文</w:t></w:r></w:sdtContent></w:sdt></w:p>`, "正文\n"},
		{"hidden run in a hidden field", `<w:p><w:sdt><w:sdtPr><w:rPr><w:vanish/></w:rPr></w:sdtPr><w:sdtContent><w:r><w:rPr><w:vanish/></w:rPr><w:t>批注</w:t></w:r></w:sdtContent></w:sdt></w:p>` + par("正文"), "\n正文\n"},
		{"fields", `<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple w:instr="DATE"><w:r><w:t>2026年</w:t></w:r></w:fldSimple></w:p>`, "2026年\n"},
		{"content control", `<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>` + par("发文字号") + `</w:sdtContent></w:sdt>`, "发文字号\n"},
		{"text box", `<w:p><w:r><w:t>前</w:t><mc:AlternateContent><mc:Choice><w:txbxContent>` + par("框") + `</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>` + par("框") + `</w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>后</w:t></w:r></w:p>`, "前后\n框\n"},
		{"ruby", `<w:p><w:r><w:ruby><w:rt><w:r><w:t>fu</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>复</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`, "复\n"},
		{"entities", par("A&amp;B &lt;甲&gt;"), "A&B <甲>\n"},
		{
			"list", numbered("1", "0", "已做") + numbered("1", "1", "市场") + numbered("1", "2", "甲") + numbered("1", "2", "乙") + numbered("1", "1", "人才") +
				numbered("1", "2", "丙") + numbered("1", "0", "将做") + numbered("1", "3", "丁"),
			"一、已做\n（一）市场\n1. 甲\n2. 乙\n（二）人才\n1. 丙\n二、将做\n2.1.1 丁\n",
		},
		{"list that starts elsewhere", numbered("3", "0", "甲") + numbered("3", "0", "乙") + numbered("3", "0", "丙"), "第十九条甲\n第二十条乙\n第二十一条丙\n"},
		{"list that goes on, and one that starts anew", numbered("1", "0", "甲") + par("正文") + numbered("1", "0", "乙") + numbered("2", "0", "丙") + numbered("2", "0", "丁"), "一、甲\n正文\n二、乙\n三、丙\n四、丁\n"},
		{"bullets", numbered("4", "0", "甲"), "• 甲\n"},
		{"styles", styled("H1", "已做") + styled("H2", "市场") + styled("Mine", "将做") + styled("Knot", "正文"), "一、已做\n（一）市场\n二、将做\n正文\n"},
		{"style without its number", `<w:p><w:pPr><w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>正文</w:t></w:r></w:p>`, "正文\n"},
		{"list that is not there", numbered("99", "0", "甲") + numbered("1", "7", "乙") + numbered("1", "-3", "丙"), "甲\n乙\n一、丙\n"},
	} {
		got, err := Text("a.docx", docxOf(test.body, "word/numbering.xml", numberingPart, "word/styles.xml", stylesPart))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestWordNumbering leaves out what no list of Word has, and reads the rest.
func TestWordNumbering(t *testing.T) {
	t.Parallel()
	third := `<w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride>`
	for _, test := range []struct{ name, numbering, want string }{
		{"pattern", numberingOf("第%1条"), "第1条甲\n"},
		{"pattern as long as a letter", numberingOf(strings.Repeat("长", 30_000) + "%1"), "甲\n"},
		{"nine overrides", numberingOf("第%1条", strings.Repeat("<w:lvlOverride/>", 8), third), "第3条甲\n"},
		{"more overrides than levels", numberingOf("第%1条", strings.Repeat("<w:lvlOverride/>", 9), third), "第1条甲\n"},
		{"override of no level", numberingOf("第%1条", strings.Replace(third, `"0"`, `"9"`, 1), strings.Replace(third, `"0"`, `"-1"`, 1), strings.Replace(third, `"0"`, `"/"`, 1)), "第1条甲\n"},
		{"more levels than nine", strings.Replace(numberingOf("第%1条"), `<w:lvl w`, strings.Repeat("<w:lvl/>", 9)+`<w:lvl w`, 1), "甲\n"},
	} {
		got, err := Text("a.docx", docxOf(numbered("1", "0", "甲"), "word/numbering.xml", test.numbering))
		if err != nil || got != test.want {
			t.Errorf("%s: %q, %v; want %q", test.name, got, err, test.want)
		}
	}
}

func TestNumerals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		format string
		n      int
		want   string
	}{
		{"decimal", 12, "12"},
		{"decimalZero", 3, "03"},
		{"decimalFullWidth", 12, "１２"},
		{"chineseCounting", 10, "十"},
		{"chineseCounting", 21, "二十一"},
		{"chineseCounting", 100, "100"},
		{"ideographTraditional", 2, "乙"},
		{"ideographTraditional", 11, "11"},
		{"decimalEnclosedCircleChinese", 3, "③"},
		{"chineseLegalSimplified", 3, "叁"},
		{"upperLetter", 2, "B"},
		{"lowerRoman", 1994, "mcmxciv"},
		{"upperRoman", 0, "0"},
		{"none", 1, ""},
		{"hebrew1", 4, "4"},
	} {
		if got := numeral(test.format, test.n); got != test.want {
			t.Errorf("numeral(%s, %d) = %s; want %s", test.format, test.n, got, test.want)
		}
	}
}
