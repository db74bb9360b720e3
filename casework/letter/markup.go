package letter

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A markup is what is left of a web page in a text: a tag or an entity.
type markup struct {
	width  int    // in bytes, 0 for none
	text   string // what it stands for
	breaks bool   // it ends a line
}

// blocks are the tags that end a line.
var blocks = map[string]bool{
	"p": true, "br": true, "div": true, "tr": true, "td": true, "th": true, "li": true, "ul": true, "ol": true, "table": true, "hr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "section": true, "article": true, "title": true,
}

// markupAt reads the tag or the entity that opens s.
func markupAt(s string) markup {
	if s[0] == '&' {
		return entityAt(s)
	}
	name := strings.TrimPrefix(s[1:min(len(s), 24)], "/")
	letters := 0
	for letters < len(name) && (isLetter(name[letters]) || letters > 0 && isDigit(name[letters])) {
		letters++
	}
	end := strings.IndexByte(s[:min(len(s), 400)], '>')
	if rest := strings.TrimPrefix(s[1:], "/")[letters:]; letters > 0 && (rest == "" || !strings.ContainsRune(" \t/>", rune(rest[0]))) {
		return markup{} // T时 behind a less-than sign
	}
	if end < 0 || letters == 0 && !strings.HasPrefix(s, "<!--") || strings.ContainsAny(s[:end], "\n。") {
		return markup{}
	}
	return markup{width: end + 1, breaks: blocks[strings.ToLower(name[:letters])]}
}

func entityAt(s string) markup {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 0 {
		return markup{}
	}
	text := html.UnescapeString(s[:end+1])
	if utf8.RuneCountInString(text) != 1 {
		return markup{}
	}
	return markup{width: end + 1, text: text}
}

// glossWidth is the width of a reading in Latin letters that a mirror puts behind
// a character: 協(xié).
func glossWidth(s string) int {
	if s[0] != '(' {
		return 0
	}
	letters := 0
	for i, r := range s[1:min(len(s), 16)] {
		if r == ')' && letters > 0 {
			return i + 2
		}
		if letters++; letters > 6 || !unicode.IsLower(r) {
			break
		}
	}
	return 0
}

// clutterWords stand in the lines that a web page prints around its text.
var clutterWords = lexiconOf(
	"扫一扫", "打印本页", "关闭窗口", "分享到", "上一篇", "下一篇", "网站地图", "无障碍", "长者版", "返回顶部", "返回首页", "相关链接", "相关新闻",
	"分辨率", "阅读数", "点击数", "阅读次数", "点击次数", "当前位置", "您的位置", "您现在的位置", "现在位置", "首页》", "字体：", "【字体", "大中小", "背景色",
	"收藏本页", "附件下载", "二维码", "手机查看", "手机打开", "相关阅读", "猜你喜欢", "责任编辑", "审核：", "网友评论",
)

// footerWords begin the footer of a site.
var footerWords = lexiconOf("版权所有", "网站标识码", "ICP备", "公网安备")

// buttons are all that is in a line of them.
var buttons = strings.NewReplacer("打印", "", "关闭", "", "分享", "", "收藏", "", "纠错", "", "复制链接", "", "微信", "", "微博", "", "朋友圈", "", "QQ空间", "", "本页", "", "窗口", "", "此页", "", "大", "", "中", "", "小", "",
	"【", "", "】", "", "[", "", "]", "", "（", "", "）", "", "、", "", "：", "", "/", "", "A-", "", "A+", "")

// clutter reports whether a line is a web page's and not the letter's.
func (f *flattener) clutter(l string) bool {
	if len(l) > 60*3 || strings.Contains(l, "。") {
		return false
	}
	if f.footer = f.footer || len(f.lines) > 5 && footerWords.within(l) && !containsAny(l, "，", "我"); f.footer {
		return true
	}
	if clutterWords.within(l) && enumAt(l).rank == 0 && !containsAny(l, "，", "；", "将", "我") {
		return true
	}
	return len(l) <= 24*3 && containsAny(l, "打印", "分享") && buttons.Replace(l) == ""
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
