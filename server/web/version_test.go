package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fuyan/server/web"
)

// shownRows writes rows as text: one a line, before | after, with [] around what
// one side has alone.
func shownRows(rows []web.VersionRow) string {
	side := func(pieces []web.VersionPiece) string {
		var out strings.Builder
		for _, p := range pieces {
			if p.Only {
				out.WriteString("[" + p.Text + "]")
			} else {
				out.WriteString(p.Text)
			}
		}
		return strings.ReplaceAll(out.String(), "\n", "⏎")
	}
	var lines []string
	for _, r := range rows {
		lines = append(lines, side(r.Before)+" | "+side(r.After))
	}
	return strings.Join(lines, "\n")
}

func TestVersionRows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, before, after, want string }{
		{"nothing", "", "", ""},
		{"the same", "一。\n二。", "一。\n二。", "一。⏎ | 一。⏎\n二。 | 二。"},
		{"the first draft", "", "一。", " | [一。]"},
		{"a number", "将于9月底前开放两处。", "将于10月底前开放两处。", "将于[9]月底前开放两处。 | 将于[10]月底前开放两处。"},
		{
			"only the sentence that changed is taken apart", "已开放三处。将再开放两处。\n谢谢。", "已开放三处。将再开放四处。\n谢谢。",
			"已开放三处。将再开放[两]处。⏎ | 已开放三处。将再开放[四]处。⏎\n谢谢。 | 谢谢。",
		},
		{"a sentence more", "甲。\n丙。\n", "甲。\n乙。\n丙。\n", "甲。⏎ | 甲。⏎\n丙。⏎ | [乙。⏎]丙。⏎"},
		{"a sentence less", "甲。乙！丙？", "甲。丙？", "甲。[乙！]丙？ | 甲。丙？"},
		{"beyond the basic plane", "𠮷林路已开放。", "𠮷野路已开放。", "𠮷[林]路已开放。 | 𠮷[野]路已开放。"},
		{"a mark behind the stop", "他说“好。”然后走了。", "他说“好。”然后来了。", "他说“好。”然后[走]了。 | 他说“好。”然后[来]了。"},
	} {
		if diff := cmp.Diff(tt.want, shownRows(web.VersionRows(tt.before, tt.after))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestBrief(t *testing.T) {
	t.Parallel()
	text := "一。\n\n二。\n\n三。\n\n四。\n\n五。\n\n六。\n\n七。\n"
	for _, tt := range []struct{ name, after, want string }{
		{"in the middle", strings.Replace(text, "四", "肆", 1), "略2\n三。⏎ | 三。⏎\n[四]。⏎ | [肆]。⏎\n五。⏎ | 五。⏎\n略2"},
		{"at both ends", strings.NewReplacer("一", "壹", "七", "柒").Replace(text), "[一]。⏎ | [壹]。⏎\n二。⏎ | 二。⏎\n略3\n六。⏎ | 六。⏎\n[七]。⏎ | [柒]。⏎"},
		{"nothing", text, "略7"},
		{"everything", "別的", "[一。⏎⏎二。⏎⏎三。⏎⏎四。⏎⏎五。⏎⏎六。⏎⏎七。⏎] | [別的]"},
	} {
		var got []string
		for _, row := range web.Brief(web.VersionRows(text, tt.after)) {
			if row.Skipped > 0 {
				got = append(got, fmt.Sprintf("略%d", row.Skipped))
				continue
			}
			got = append(got, shownRows([]web.VersionRow{row}))
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestVersionRowsHoldBothTexts: whatever the texts are, each side reads as its
// text, and what both have is the same on both.
func TestVersionRowsHoldBothTexts(t *testing.T) {
	t.Parallel()
	texts := rapid.StringOfN(rapid.SampledFrom([]rune("一二三将。！；\n”𠮷 a")), 0, 60, -1)
	rapid.Check(t, func(rt *rapid.T) {
		before, after := texts.Draw(rt, "before"), texts.Draw(rt, "after")
		var left, right, leftBoth, rightBoth string
		for _, row := range web.VersionRows(before, after) {
			changed := false
			for _, p := range row.Before {
				if left += p.Text; !p.Only {
					leftBoth += p.Text
				}
				changed = changed || p.Only
			}
			for _, p := range row.After {
				if right += p.Text; !p.Only {
					rightBoth += p.Text
				}
				changed = changed || p.Only
			}
			if changed != row.Changed {
				rt.Fatalf("row %+v says changed: %v", row, row.Changed)
			}
		}
		if left != before || right != after || leftBoth != rightBoth {
			rt.Fatalf("left %q\nright %q\nboth %q, %q", left, right, leftBoth, rightBoth)
		}
	})
}

// TestVersionRowsOfLongTexts: two long texts that share nothing are compared in
// time, and many different sentences do not meet the surrogates.
func TestVersionRowsOfLongTexts(t *testing.T) {
	t.Parallel()
	var before, after strings.Builder
	for i := range 33_000 {
		before.WriteString(string(rune(0x4E00+i%20000)) + string(rune(0x4E00+i/20000)) + "。")
		after.WriteString(string(rune(0x4E00+i/20000)) + string(rune(0x5E00+i%15000)) + "。")
	}
	var left, right string
	for _, row := range web.VersionRows(before.String(), after.String()) {
		for _, p := range row.Before {
			left += p.Text
		}
		for _, p := range row.After {
			right += p.Text
		}
	}
	if left != before.String() || right != after.String() {
		t.Error("the sides do not read as the texts")
	}
}
