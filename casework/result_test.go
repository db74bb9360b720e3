package casework_test

import (
	"testing"

	"fuyan/casework"
)

func TestResultLabels(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		result     casework.Result
		cppcc, npc string
	}{
		{casework.Adopted, "解决或采纳", "解决采纳"},
		{casework.InProgress, "", "正在解决"},
		{casework.Planned, "列入计划拟解决", "计划解决"},
		{casework.Reference, "留作参考", "留作参考"},
		{"", "", ""},
	} {
		for kind, want := range map[casework.Kind]string{casework.CPPCCProposal: tt.cppcc, casework.NPCSuggestion: tt.npc} {
			if got := tt.result.Label(kind); got != want {
				t.Errorf("%q.Label(%s) = %q, want %q", tt.result, kind, got, want)
			}
			if want == "" {
				continue
			}
			if got := casework.ResultOf(want); got != tt.result {
				t.Errorf("ResultOf(%q) = %q, want %q", want, got, tt.result)
			}
		}
	}
	for _, label := range []string{"", "adopted", "解决"} {
		if got := casework.ResultOf(label); got != "" {
			t.Errorf("ResultOf(%q) = %q, want none", label, got)
		}
	}
}

func TestPublicityLabels(t *testing.T) {
	t.Parallel()
	for p, want := range map[casework.Publicity]string{
		casework.Full:      "主动公开·全文",
		casework.Summary:   "主动公开·摘要",
		casework.OnRequest: "依申请公开",
		casework.Withheld:  "不予公开",
		"":                 "",
	} {
		if got := p.Label(); got != want {
			t.Errorf("%q.Label() = %q, want %q", p, got, want)
		}
		if got := casework.PublicityOf(want); got != p {
			t.Errorf("PublicityOf(%q) = %q, want %q", want, got, p)
		}
	}
	if got := casework.PublicityOf("主动公开"); got != casework.Full {
		t.Errorf("PublicityOf(主动公开) = %q, want %q", got, casework.Full)
	}
	if got := casework.PublicityOf("公开"); got != "" {
		t.Errorf("PublicityOf(公开) = %q, want none", got)
	}
}
