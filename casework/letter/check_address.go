package letter

import (
	"slices"
	"strings"
)

// salutation checks who is addressed, and how.
func (c *checker) salutation() {
	want := Salutation(c.f.Kind, c.f.Proposers)
	if c.frame.salutation < 0 || len(c.r.Proposers) == 0 {
		c.fault("salutation_names", Span{}, "缺少称谓，应为“%s”。", want)
		return
	}
	at := c.span(c.lines[c.frame.salutation].start, c.colon)
	address := c.flat[c.lines[c.frame.salutation].start:c.colon]
	for _, n := range c.r.Proposers {
		if !slices.Contains(c.f.Proposers, n) {
			c.fault("salutation_names", at, "称谓中的“%s”不是提出人，应为“%s”。", n, want)
		}
	}
	noun := strings.TrimSuffix(strings.TrimPrefix(want[:strings.LastIndex(want, "：")], strings.Join(c.f.Proposers, "、")), "等")
	if right := c.f.Kind.Address(); strings.HasSuffix(noun, right) && !strings.HasSuffix(address, right) {
		c.fault("salutation_noun", at, "称谓应以“%s”结尾，应为“%s”。", right, want)
	} else if noun == "" && hasAnySuffix(address, "委员", "代表") {
		c.fault("salutation_noun", at, "对单位不称“委员”或“代表”，应为“%s”。", want)
	}
	if len(c.r.Proposers) < len(c.f.Proposers) && !strings.Contains(address, "等") {
		c.warn("salutation_more", at, "提出人共%d位，称谓未全部列出，应加“等”，例如“%s”。", len(c.f.Proposers), want)
	}
}

// addressForm checks 您 and 你们 against the number of proposers, in the opening
// and in the thanks.
func (c *checker) addressForm() {
	right, wrong := you(c.f.Proposers), "您"
	if right == wrong {
		wrong = "你们"
	}
	for _, p := range c.paras {
		t := c.bare[p.start:p.end]
		if p != c.opening && !strings.Contains(t, "感谢") {
			continue
		}
		if k := strings.Index(t, wrong); k >= 0 {
			c.warn("address_form", c.span(p.start+k, p.start+k+len(wrong)), "提出人共%d位，应称“%s”，不称“%s”。", len(c.f.Proposers), right, wrong)
		}
	}
}

func (c *checker) copies() {
	at := c.where("copied_to")
	if len(c.r.CopiedTo) == 0 {
		if c.whole && len(c.f.CopiedTo) > 0 {
			c.fault("copies", at, "缺少抄送，应为“抄送：%s。”。", strings.Join(c.f.CopiedTo, "，"))
		}
		return
	}
	for _, want := range c.f.CopiedTo {
		if !slices.Contains(c.r.CopiedTo, want) {
			c.fault("copies", at, "抄送缺少%s，应补上。", want)
		}
	}
	for _, got := range c.r.CopiedTo {
		if !slices.Contains(c.f.CopiedTo, got) {
			c.fault("copies", at, "抄送多出%s，应删去。", got)
		}
	}
	last := Span{}
	for _, f := range c.r.Fields {
		if f.Name == "copied_to" {
			last = f.Span
		}
	}
	if !strings.HasPrefix(c.behind(last), "。") {
		c.fault("copies", last, "抄送应以句号“。”结束。")
	}
}

// behind is what follows a place, without white space.
func (c *checker) behind(at Span) string {
	i := c.offset(at.End)
	return c.flat[min(i, len(c.flat)):]
}
