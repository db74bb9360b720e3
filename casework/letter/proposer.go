package letter

import (
	"strings"
	"unicode/utf8"
)

// readProposers reads the names of the salutation. An opinion to another organ
// (会办意见) is not addressed to the proposers.
func (rd *reader) readProposers() {
	if rd.salutation < 0 || containsAny(rd.line(rd.subject), "会办", "协办", "分办意见") {
		return
	}
	start, end := rd.trim(rd.lines[rd.salutation].start, rd.colon, "尊敬的", "：")
	address := rd.flat[start:end]
	if !strings.Contains(address, "委员") && !strings.Contains(address, "代表") && governmentOrgan(address) && !rd.thanksProposer() {
		return
	}
	for _, n := range rd.names(start, end) {
		if name := squeeze(rd.found("proposers", n.start, n.end)); name != "" {
			rd.r.Proposers = append(rd.r.Proposers, name)
		}
	}
}

// thanksProposer reports whether the opening speaks to whoever made the proposal.
func (rd *reader) thanksProposer() bool {
	t := rd.flat[rd.opening.start:rd.opening.end]
	return containsAny(t, "您", "你", "贵") && !containsAny(t, "会办", "转来", "协办")
}

// governmentOrgan reports whether an addressee without 委员 or 代表 is an
// organ, and no party or people's organisation.
func governmentOrgan(s string) bool {
	if containsAny(s, "民革", "民盟", "民建", "民进", "农工", "致公", "九三", "台盟", "工商联", "共青团", "团市委", "妇联", "总工会",
		"青联", "侨联", "科协", "台联", "界", "政协", "专委会", "小组", "代表团", "联络", "知联会", "学联", "残联", "文联", "社科联", "党派") {
		return false
	}
	return hasAnySuffix(s, organEnds...)
}

// names splits a salutation into names. Names stand between 、 or white space;
// a name of two characters may itself be spaced (张  三).
func (rd *reader) names(start, end int) []line {
	var out []line
	from := start
	cut := func(to int) {
		if n := rd.name(from, to); n.end > n.start {
			out = append(out, rd.splitSpaced(n)...)
		}
	}
	for i := start; i < end; i++ {
		if w := separator(rd.flat[i:end]); w > 0 {
			cut(i)
			from = i + w
		}
	}
	cut(end)
	return out
}

func separator(s string) int {
	for _, m := range []string{"、", "，", "；"} {
		if strings.HasPrefix(s, m) {
			return len(m)
		}
	}
	return 0
}

// name strips the office, the noun and the number that stand around a name.
func (rd *reader) name(start, end int) line {
	t := rd.flat[start:end]
	for _, office := range []string{"政协委员", "人大代表", "各位"} {
		if k := strings.Index(t, office); k >= 0 && k+len(office) < len(t) && !strings.Contains(t[:k], "等") {
			start, t = start+k+len(office), t[k+len(office):]
		}
	}
	if k := strings.IndexAny(t, "（）"); k > 0 {
		t = t[:k]
	}
	for _, noun := range []string{"您好", "你好", "们好", "委员", "代表", "同志", "先生", "女士", "等"} {
		t = strings.TrimSuffix(t, noun)
	}
	for _, measure := range []string{"位", "名"} { // 马丽、张勇五位代表
		if n, ok := strings.CutSuffix(t, measure); ok && numeralBefore(n, len(n)) < len(n) {
			t = strings.TrimSuffix(n[:numeralBefore(n, len(n))], "等")
		}
	}
	if k := strings.LastIndex(t, "等"); k >= 6 { // 等十二名人大
		t = t[:k]
	}
	return line{start: start, end: start + len(t)}
}

// splitSpaced splits names that only white space divides.
func (rd *reader) splitSpaced(n line) []line {
	var out []line
	from := n.start
	for i := n.start + 3; i < n.end; i++ {
		if rd.gap(i) && utf8.RuneCountInString(rd.flat[from:i]) >= 2 && n.end-i >= 6 {
			out, from = append(out, line{start: from, end: i}), i
		}
	}
	return append(out, line{start: from, end: n.end})
}
