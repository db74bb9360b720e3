package letter

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
)

// Subject is the letter's title (标题), 对市政协十四届二次会议第0670号提案的答复.
func Subject(f Facts) string {
	return "对" + SittingName(f.Sitting) + "第" + f.Number + "号" + f.Kind.Noun() + "的答复"
}

// SittingName names a meeting as letters do: the People's Congress stands behind its
// term, 市十五届人大六次会议.
func SittingName(s casework.Sitting) string {
	body, term := s.Body, chinese(s.Term)+"届"
	if place, ok := strings.CutSuffix(s.Body, "人大"); ok {
		body, term = place, term+"人大"
	}
	if s.Session == 0 {
		return body + term + "闭会期间"
	}
	return body + term + chinese(s.Session) + "次会议"
}

// shown is how many names a salutation lists before 等.
const shown = 3

// Salutation is the line that addresses the proposers, 顾伟华、芮海燕委员：. Of more
// than three it names the first three. Organisations are not called 委员 or 代表.
func Salutation(kind casework.Kind, names []string) string {
	more := ""
	if len(names) > shown {
		names, more = names[:shown], "等"
	}
	noun := kind.Address()
	for _, n := range names {
		if !person(n) {
			noun = ""
		}
	}
	return strings.Join(names, "、") + more + noun + "："
}

// person tells a person's name from an organisation's: 民盟上海市委.
func person(name string) bool {
	n := utf8.RuneCountInString(name)
	if strings.Contains(name, "·") {
		return true
	}
	if n < 2 || n > 4 {
		return false
	}
	return !hasAnyPrefix(name, "民革", "民盟", "民建", "民进", "农工", "致公", "九三", "台盟", "市", "区") &&
		!hasAnySuffix(name, "党", "委", "会", "联", "社", "界", "组", "团")
}

// you is how the letter speaks to the proposers: 您 to one person, else 你们.
func you(names []string) string {
	if len(names) == 1 && person(names[0]) {
		return "您"
	}
	return "你们"
}

// Outline is a draft to start from: salutation, opening, an empty line for what
// there is to say, and thanks.
func Outline(f Facts) string {
	return fmt.Sprintf("%s\n\n%s提出的“%s”的%s收悉，经研究，现将办理情况答复如下：\n\n\n\n感谢%[2]s对本市相关工作的关心与支持！\n",
		Salutation(f.Kind, f.Proposers), you(f.Proposers), f.Title, f.Kind.Noun())
}

// Compose is the whole letter as it is issued, around a draft that begins with
// the salutation and ends with the thanks.
func Compose(f Facts, draft string) string {
	var parts []string
	add := func(before, value string) {
		if value != "" {
			parts = append(parts, before+value)
		}
	}
	add("办理结果：", f.Result)
	add("公开属性：", f.Publicity)
	add("", f.Organ)
	add("", f.DocumentNumber)
	add("", Subject(f))
	add("", strings.Trim(strings.ReplaceAll(draft, "\r\n", "\n"), "\n"))
	add("", f.Organ)
	add("", day(f.IssueDate))
	add("联系人：", f.ContactName)
	add("联系电话：", f.ContactPhone)
	add("联系地址：", f.ContactAddress)
	add("邮政编码：", f.ContactPostcode)
	if len(f.CopiedTo) > 0 {
		add("抄送：", strings.Join(f.CopiedTo, "，")+"。")
	}
	add("", f.OrganOffice)
	if !f.IssueDate.IsZero() {
		add("", day(f.IssueDate)+"印发")
	}
	return strings.Join(parts, "\n\n") + "\n"
}

func day(d casework.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Chinese()
}
