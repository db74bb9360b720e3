package handover

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	bracketed = regexp.MustCompile(`[（(]([^（）()]*)[）)]`)
	account   = regexp.MustCompile(`@[A-Za-z0-9._-]*`)
	andOthers = regexp.MustCompile(`^等(?:共)?(?:([0-9]+|[一二三四五六七八九十]+)(?:人|名|位))?(?:委员|代表)?$`)
)

// separators stand between names. A space does too, but not between the two
// characters of a short name, which are set apart to stand under longer ones.
const separators = "、，,；;/\n|"

// peopleOf reads names: 张三、李　四, 民盟上海市委（集体）, 王五（某大学）等3人, 赵六 @zhaoliu. It
// returns how many there are said to be, 0 where that is not said.
func peopleOf(text string) (list []Proposer, said int) {
	at := map[string]int{} // where a name stands in the list, from 1
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		part, collective := withoutBrackets(part)
		part = narrow(part)
		if m := andOthers.FindStringSubmatch(part[max(0, strings.LastIndex(part, "等")):]); m != nil && len(m[0]) < len(part) {
			part, said = strings.TrimSpace(strings.TrimSuffix(part, m[0])), max(said, count(m[1]))
		}
		for _, p := range accountsIn(part) {
			if p.Name = withoutTitle(p.Name); p.Name == "" {
				continue
			}
			if at[p.Name] == 0 {
				p.Organisation = collective || organisation(p.Name)
				list = append(list, p)
				at[p.Name] = len(list)
			}
			if first := &list[at[p.Name]-1]; first.Account == "" {
				first.Account = p.Account
			}
		}
	}
	return list, said
}

// accountsIn are the names in a text, each with the account written behind it:
// 张三 @zhangsan 李四.
func accountsIn(text string) (list []Proposer) {
	from := 0
	add := func(until int) {
		for _, name := range names(text[from:until]) {
			list = append(list, Proposer{Name: name})
		}
	}
	for _, m := range account.FindAllStringIndex(text, -1) {
		add(m[0])
		if len(list) > 0 {
			list[len(list)-1].Account = strings.ToLower(text[m[0]+1 : m[1]])
		}
		from = m[1]
	}
	add(len(text))
	return list
}

// withoutBrackets is a name without what stands in brackets behind it, where its
// bearer works, and whether that says that it is one of many people.
func withoutBrackets(part string) (name string, collective bool) {
	if !strings.ContainsAny(part, "（(") {
		return part, false
	}
	for _, m := range bracketed.FindAllStringSubmatch(part, -1) {
		inside := solid(m[1])
		collective = collective || inside == "单位" || strings.Contains(inside, "集体")
	}
	return bracketed.ReplaceAllString(part, " "), collective
}

// count reads how many; 0 for what is no number.
func count(text string) int {
	n, err := strconv.Atoi(chineseDigits(text))
	if err != nil {
		return 0
	}
	return n
}

// names parts what no mark parts: at spaces, but for the single characters of a
// name that was set apart. A name in Latin letters keeps its spaces.
func names(text string) []string {
	words := strings.Fields(text)
	switch {
	case strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyz"):
		return []string{strings.Join(words, " ")}
	case len(words) == 2 && len(short(words)) > 0: // 张 三三
		return []string{strings.Join(words, "")}
	}
	var out []string
	for len(words) > 0 {
		n := len(short(words))
		switch {
		case n == 0:
			n = 1
		case n > 3: // 张 三 李 四
			n = 2
		}
		out, words = append(out, strings.Join(words[:n], "")), words[n:]
	}
	return out
}

// short is how words begin that have one character each.
func short(words []string) []string {
	for i, w := range words {
		if utf8.RuneCountInString(w) > 1 {
			return words[:i]
		}
	}
	return words
}

// withoutTitle is a name without what its bearer is.
func withoutTitle(name string) string {
	for _, title := range []string{"委员", "代表"} {
		if bare, ok := strings.CutSuffix(name, title); ok {
			if n := utf8.RuneCountInString(bare); n >= 2 && n <= 4 {
				return bare
			}
		}
	}
	return name
}
