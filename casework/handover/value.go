package handover

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// narrow writes the wide forms of Latin letters, digits and marks as the usual
// ones, and leaves out what cannot be seen.
func narrow(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text))
}

// solid is narrow without spaces.
func solid(text string) string { return strings.ReplaceAll(narrow(text), " ", "") }

var numberForm = regexp.MustCompile(`^([A-Z]?)([0-9]{1,10})$`)

// numberOf reads a number: 0670, 第0670号, Ｂ12.
func numberOf(text string, width int) (string, bool) {
	text = strings.ToUpper(solid(text))
	text = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(text, "第"), "号"), ".0")
	m := numberForm.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[1] + strings.Repeat("0", max(0, width-len(m[2]))) + m[2], true
}

// oneLine is a text without line ends, and with one space where there were more.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// titleOf reads a title without the marks around it.
func titleOf(text string) string {
	text = oneLine(text)
	for _, marks := range []string{"《》", "“”", `""`} {
		open, end := string([]rune(marks)[0]), string([]rune(marks)[1])
		inside, ok := strings.CutPrefix(text, open)
		if inside, closed := strings.CutSuffix(inside, end); ok && closed && !strings.Contains(inside, open) {
			text = strings.TrimSpace(inside)
		}
	}
	return text
}

// kindOf reads a kind; empty for what is none.
func kindOf(text string) casework.Kind {
	switch {
	case strings.Contains(text, "提案"), strings.Contains(text, "政协"):
		return casework.CPPCCProposal
	case strings.Contains(text, "建议"), strings.Contains(text, "议案"), strings.Contains(text, "书面意见"), strings.Contains(text, "人大"):
		return casework.NPCSuggestion
	}
	return ""
}

// sittingOf reads a sitting. Where it names no body it is of the one that all are
// of, or of the usual one of its kind.
func sittingOf(text string, kind casework.Kind, usual casework.Sitting) (casework.Sitting, bool) {
	text = solid(text)
	if s, ok := letter.ParseSitting(text); ok {
		return s, true
	}
	body := usual.Body
	switch {
	case body != "":
	case kind == casework.CPPCCProposal:
		body = "市政协"
	case kind == casework.NPCSuggestion:
		body = "市人大"
	}
	if body == "" {
		return casework.Sitting{}, false
	}
	s, ok := letter.ParseSitting("市政协" + text) // which any parser finds before the term
	s.Body = body
	return s, ok
}

var (
	dayForm   = regexp.MustCompile(`^([0-9]{4})(?:年|[-./])([0-9]{1,2})(?:月|[-./])([0-9]{1,2})日?(?:[ T].*)?$`)
	dayDigits = regexp.MustCompile(`^([0-9]{4})([0-9]{2})([0-9]{2})$`)
	serialDay = regexp.MustCompile(`^([0-9]{5})(?:\.[0-9]+)?$`)
)

// dayOf reads a day: 2025年3月4日, 2025-03-04, 2025/3/4, 2025.3.4, 20250304,
// 二〇二五年三月四日, or the number that Excel has for it.
func dayOf(text string) (casework.Date, bool) {
	text = chineseDigits(narrow(text))
	if m := serialDay.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return casework.Date{Year: 1899, Month: time.December, Day: 30}.AddDays(n), true
	}
	m := dayForm.FindStringSubmatch(text)
	if spaceless := strings.ReplaceAll(text, " ", ""); m == nil {
		if m = dayForm.FindStringSubmatch(spaceless); m == nil {
			m = dayDigits.FindStringSubmatch(spaceless)
		}
	}
	if m == nil {
		return casework.Date{}, false
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1])
	}
	d := casework.Date{Year: n[0], Month: time.Month(n[1]), Day: n[2]}
	if d.AddDays(0) != d { // 30 February
		return casework.Date{}, false
	}
	return d, true
}

// chineseDigits writes the numerals of a day in digits: 二〇二五年十二月三十一日.
func chineseDigits(text string) string {
	if !strings.ContainsAny(text, "一二三四五六七八九十") {
		return text
	}
	digits := strings.NewReplacer("〇", "0", "零", "0", "○", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")
	var out strings.Builder
	for _, part := range strings.SplitAfter(text, "月") {
		for _, piece := range strings.SplitAfter(part, "年") {
			before, after, ten := strings.Cut(piece, "十")
			if !ten {
				out.WriteString(digits.Replace(piece))
				continue
			}
			if before = digits.Replace(before); before == "" {
				before = "1"
			}
			if after = digits.Replace(after); after == "" || after[0] < '0' || after[0] > '9' {
				after = "0" + after
			}
			out.WriteString(before + after)
		}
	}
	return out.String()
}

// roles are the parts of an organ by the word that each begins with.
var roles = []struct{ word, role string }{
	{"独", "sole"}, {"单独", "sole"}, {"主", "lead"}, {"合", "joint"}, {"分", "split"}, {"会", "helper"}, {"协", "helper"},
}

func roleOf(text string) (string, bool) {
	text = solid(text)
	for _, r := range roles {
		if strings.HasPrefix(text, r.word) {
			return r.role, true
		}
	}
	return "", false
}

// yesOf reads whether something is so.
func yesOf(text string) (yes, known bool) {
	text = strings.ToLower(solid(text))
	for _, no := range []string{"否", "不", "无", "非", "n", "×", "x", "✗", "0", "口头", "电话", "面"} {
		if strings.HasPrefix(text, no) {
			return false, true
		}
	}
	for _, word := range []string{"是", "同意", "公开", "可", "要", "需", "有", "y", "√", "✓", "✔", "1", "书面", "全文", "主动", "对"} {
		if strings.HasPrefix(text, word) {
			return true, true
		}
	}
	return false, false
}
