package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fuyan/casework"
)

// fuyan runs the command on a database and returns what it printed.
func fuyan(t *testing.T, database, stdin, typed string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(t.Context(), append(strings.Fields(typed), "--database-url", database), strings.NewReader(stdin), &out)
	return out.String(), err
}

func TestDue(t *testing.T) {
	t.Parallel()
	database := newURL(t)
	out, err := fuyan(t, database, "", "due --rule PUBLISH --kind npc_suggestion --from 2025-05-19 --json")
	var got casework.Reckoning
	if err != nil || json.Unmarshal([]byte(out), &got) != nil || !strings.HasPrefix(out, `{"due":"2025-06-17","provisional":false,"steps":[{"kind":"rule",`) {
		t.Errorf("fuyan due --json: %v\n%s", err, out)
	}
	for _, want := range []string{"政府信息公开条例第二十六条", "2025年5月31日（周六）端午放假（国办发明电〔2024〕12号），不计"} {
		if !strings.Contains(out, want) {
			t.Errorf("the steps lack %q:\n%s", want, out)
		}
	}
	for _, step := range []struct{ typed, want, fails string }{
		{"--rule reply --kind 提案 --from 2022-10-01", "2023-01-01\n\n答复：自交办日起3个月。依据：比照代表建议（未经确认）", ""},
		{"--rule REPLY --kind 建议 --from 2022-10-01 --mode rollover", "2023-01-03\n", ""},
		{"--rule PUBLISH --kind 提案 --from 2026-12-28", "2027-01-26 暂定\n", ""},
		{"--rule YEAR_REPORT --kind 建议 --from 2026-02-01", "2026-11-15\n", ""},
		{"--rule SOON --kind 建议 --from 2026-02-01", "", "--rule: 应为这一类别的时限规定之一：COHANDLE_OPINION COMMIT_ROLL COPY"},
		{"--rule COMMIT_TERM_END --kind 建议 --from 2026-02-01", "", "--rule: COMMIT_TERM_END（承诺届末说明）只作记载"},
		{"--rule REPLY --kind 建议 --from 2200-01-01", "", "--from: 应在2199年或以前，现在是2200年1月1日"},
		{"--rule REPLY --kind 建议 --from 1999-02-01", "", "--from: 应在2000年1月1日或以后"},
	} {
		out, err := fuyan(t, database, "", "due "+step.typed)
		if (err != nil) != (step.fails != "") || err != nil && !strings.Contains(err.Error(), step.fails) || !strings.HasPrefix(out, step.want) {
			t.Errorf("fuyan due %s: %v, want %q\n%s\nwant %q", step.typed, err, step.fails, out, step.want)
		}
		if _, ok := errors.AsType[usageError](err); err != nil && !ok {
			t.Errorf("fuyan due %s: %v is no usage error", step.typed, err)
		}
	}
}

func TestCalendarImport(t *testing.T) {
	t.Parallel()
	database := newURL(t)
	right := filepath.Join(t.TempDir(), "2027.csv")
	year := "日期,类型,名称\n2027-01-01,休,元旦\n2027-02-06,班\n"
	for name, days := range map[string]string{"春节": "02-05 02-20 02-21 02-22 02-23", "劳动节": "05-01 05-02 05-03", "国庆节": "10-01 10-02 10-03 10-04"} {
		for d := range strings.FieldsSeq(days) {
			year += "2027-" + d + ",休," + name + "\n"
		}
	}
	if err := os.WriteFile(right, []byte(year), 0o600); err != nil {
		t.Fatal(err)
	}
	const question = "due --rule RETURN_WRONG --kind 建议 --from 2027-02-01"
	if out, _ := fuyan(t, database, "", question); !strings.HasPrefix(out, "2027-02-10 暂定\n") {
		t.Errorf("before: %s", out)
	}
	for _, step := range []struct{ typed, stdin, want, fails string }{
		{"calendar import " + right + " -", "2027-02-07,假\n", "", "-: 第1行“类型”：应为“休”"},
		{"calendar import " + right + " -", "2027-02-05,休\n", "", "2027-02-05 is named by another file as well"},
		{"calendar import --preview -", "2200-01-01,撤销\n", "", "-: 第1行“日期”：应在1950年至2199年之间"},
		{"calendar import --years 2200 " + right, "", "", "--years \"2200\""},
		{"calendar import missing.csv", "", "", "missing.csv"},
		{"calendar import --preview " + right, "", "14 days would change, complete now: 2027; 0 open deadlines would move", ""},
		{question, "", "2027-02-10 暂定", ""}, // nothing is stored so far
		{"calendar import --notice 国办发明电〔2026〕9号 " + right, "", "14 days changed, complete now: 2027; 0 open deadlines moved", ""},
		{question, "", "2027-02-10\n", ""}, // a Friday off, a Saturday worked
		{question, "", "2027年2月6日（周六）调休上班（国办发明电〔2026〕9号），计入", ""},
		{"calendar import -", "2027-02-06,撤销\n", "1 days changed; 0 open", ""},
		{question, "", "2027-02-11\n", ""},
	} {
		out, err := fuyan(t, database, step.stdin, step.typed)
		if (err != nil) != (step.fails != "") || err != nil && !strings.Contains(err.Error(), step.fails) || !strings.Contains(out, step.want) {
			t.Errorf("fuyan %s: %v, want %q\n%s\nwant %q", step.typed, err, step.fails, out, step.want)
		}
	}
}
