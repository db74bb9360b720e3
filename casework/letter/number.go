package letter

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"fuyan/casework"
)

// FormatNumber writes a document number (发文字号) in its normal form,
// 沪科提复〔2024〕25号.
func FormatNumber(prefix string, year, n int) string {
	return fmt.Sprintf("%s〔%d〕%d号", prefix, year, n)
}

// ParseNumber reads a document number in its normal form: two to eight Chinese
// characters, the year in 〔〕, a number without leading zeros, 号. Its error
// says how the number should be written.
func ParseNumber(s string) (prefix string, year, n int, err error) {
	if n, ok := findNumber(s); ok && n.start == 0 && n.end == len(s) && s == n.normal() && n.proper() {
		seq, _ := strconv.Atoi(n.seq)
		return n.prefix, n.year, seq, nil
	}
	if n, ok := findNumber(squeeze(s)); ok && n.proper() {
		return "", 0, 0, fmt.Errorf("发文字号“%s”应写作%s: %w", s, n.normal(), casework.ErrInvalid)
	}
	return "", 0, 0, fmt.Errorf("发文字号“%s”应形如沪科提复〔2024〕25号: %w", s, casework.ErrInvalid)
}

// A docNumber is a document number as found, in whatever brackets.
type docNumber struct {
	prefix     string
	year       int
	seq        string
	start, end int
}

func (n docNumber) normal() string {
	return n.prefix + "〔" + strconv.Itoa(n.year) + "〕" + strings.TrimLeft(n.seq, "0") + "号"
}

func (n docNumber) proper() bool {
	han := utf8.RuneCountInString(n.prefix)
	return han >= 2 && han <= 8 && strings.IndexFunc(n.prefix, notHan) < 0 &&
		n.year >= 1900 && n.year < 2100 && strings.TrimLeft(n.seq, "0") != "" && len(n.seq) < 10
}

const openBrackets, closeBrackets = "〔［[【（(﹝", "〕］]】）)﹞"

// findNumber finds the first document number in a text without white space.
func findNumber(s string) (docNumber, bool) {
	for i := range s {
		if !isDigit(s[i]) || i+4 > len(s) || !allDigits(s[i:i+4]) {
			continue
		}
		if n, ok := numberAround(s, i); ok {
			return n, true
		}
	}
	return docNumber{}, false
}

// numberAround reads the document number whose year stands at i.
func numberAround(s string, i int) (n docNumber, ok bool) {
	open, w := utf8.DecodeLastRuneInString(s[:i])
	rest := strings.TrimPrefix(s[i+4:], "年")
	shut, v := utf8.DecodeRuneInString(rest)
	if !strings.ContainsRune(openBrackets, open) || !strings.ContainsRune(closeBrackets, shut) {
		return n, false
	}
	rest = strings.TrimPrefix(rest[v:], "第")
	digits := leadingDigits(rest)
	if digits == "" || len(digits) > 9 || !strings.HasPrefix(rest[len(digits):], "号") {
		return n, false
	}
	n.year, _ = strconv.Atoi(s[i : i+4])
	n.seq, n.end = digits, len(s)-len(rest)+len(digits)+len("号")
	// A label may stand between the code and the year: 建议字：〔2023〕8号.
	code := strings.TrimSuffix(s[:i-w], "：")
	n.start = prefixStart(code, len(code))
	n.prefix = code[n.start:]
	_, label := labels[n.prefix]
	return n, n.prefix != "" && !(label && len(code) < i-w)
}

// bareNumber reads a whole line as a document number that lost its brackets:
// 沪科提复2024 25号.
func bareNumber(s string) (n docNumber, ok bool) {
	n.start = strings.IndexAny(s, "0123456789")
	if n.start < 6 || n.start > 36 || strings.IndexFunc(s[:n.start], notHan) >= 0 || containsAny(s[:n.start], "第", "届", "年", "共") {
		return n, false
	}
	year, rest, _ := strings.Cut(s[n.start:], "年")
	if rest == "" && len(year) > 4 {
		year, rest = year[:4], year[4:]
	}
	n.seq = leadingDigits(strings.TrimPrefix(rest, "第"))
	v, w := yearAt(year)
	n.prefix, n.year, n.end = s[:n.start], v, len(s)-len(rest)+strings.Index(rest, "号")+len("号")
	n.start = 0
	behind, numbered := strings.CutPrefix(strings.TrimPrefix(rest, "第"), n.seq+"号")
	return n, numbered && w == 4 && len(year) == 4 && n.seq != "" && len(n.seq) <= 4 && (behind == "" || classLetter(strings.Trim(behind, "（）")))
}

// prefixStart walks back from end over the characters of an organ's code.
func prefixStart(s string, end int) int {
	start := end
	for range 12 {
		r, w := utf8.DecodeLastRuneInString(s[:start])
		if w == 0 || notHan(r) {
			break
		}
		start -= w
	}
	return start
}

func notHan(r rune) bool { return !unicode.Is(unicode.Han, r) }

func allDigits(s string) bool { return len(leadingDigits(s)) == len(s) }

func leadingDigits(s string) string {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[:i]
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
}

// chinese writes 0 to 99 in Chinese numerals: 十四, 二十.
func chinese(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 0 || n > 99:
		return strconv.Itoa(n)
	case n < 10:
		return string(digits[n])
	}
	s := "十"
	if n >= 20 {
		s = string(digits[n/10]) + s
	}
	if n%10 > 0 {
		s += string(digits[n%10])
	}
	return s
}

// numeral reads a number below 10000 at the start of s, in Arabic or Chinese
// numerals, and how many bytes it takes; width 0 when there is none.
func numeral(s string) (n, width int) {
	if d := leadingDigits(s); d != "" {
		n, err := strconv.Atoi(d)
		if err != nil || n > 9999 {
			return 0, 0
		}
		return n, len(d)
	}
	digit := -1
	for _, r := range s {
		switch v := cnDigit(r); {
		case v >= 0:
			digit = v
		case r == '十' || r == '百':
			if digit < 0 {
				digit = 1
			}
			n, digit = n+digit*map[rune]int{'十': 10, '百': 100}[r], -1
		default:
			return n + max(digit, 0), width
		}
		if width += utf8.RuneLen(r); width > 15 {
			return 0, 0
		}
	}
	return n + max(digit, 0), width
}

// cnDigit is the value of a Chinese digit, or -1.
func cnDigit(r rune) int {
	switch r {
	case '〇', '零', 'O', 'o':
		return 0
	case '两':
		return 2
	}
	if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
		return i/3 + 1
	}
	return -1
}
