package letter_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/casework/letter"
)

var update = flag.Bool("update", false, "rewrite the golden letters")

func proposal() letter.Facts {
	return letter.Facts{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 2}, Number: "0102",
		Title: "关于保护“内河”的建议", Proposers: []string{"林若水"},
		Organ: "青溪市水务局", OrganOffice: "青溪市水务局办公室", Prefix: "青水提复",
		DocumentNumber: "青水提复〔2025〕8号", IssueDate: casework.Date{Year: 2025, Month: time.March, Day: 10},
		CopiedTo: []string{"市政府办公厅建议提案处", "市政协提案办"},
	}
}

func suggestion() letter.Facts {
	f := proposal()
	f.Kind, f.Sitting, f.Prefix = casework.NPCSuggestion, casework.Sitting{Body: "市人大", Term: 16}, "青水建复"
	f.Proposers = []string{"林若水", "石青", "沈舟", "白露"}
	f.DocumentNumber, f.Result, f.Publicity = "青水建复〔2025〕12号", "计划解决", "主动公开·全文"
	f.ContactName, f.ContactPhone, f.ContactAddress, f.ContactPostcode = "江帆", "021-55501234", "河滨路1号", "200000"
	f.CopiedTo = []string{"市政府办公厅建议提案处", "市人大代表工作处"}
	return f
}

// draft fills in an outline as a handler would.
func draft(f letter.Facts, body string) string {
	head, tail, _ := strings.Cut(letter.Outline(f), "\n\n\n\n")
	return head + "\n\n" + body + "\n\n" + tail
}

func TestComposeGolden(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]letter.Facts{"proposal": proposal(), "suggestion": suggestion()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("testdata", name+".golden")
			got := letter.Compose(f, draft(f, "一、关于河岸\n\n下一步，我局将在2025年底前清理河岸。"))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(read(t, path)); got != want {
				t.Errorf("%s:\n got %s\nwant %s", path, got, want)
			}
		})
	}
}

func TestSalutation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind  casework.Kind
		names string
		want  string
	}{
		{casework.CPPCCProposal, "林若水", "林若水委员："},
		{casework.NPCSuggestion, "林若水 石青", "林若水、石青代表："},
		{casework.CPPCCProposal, "林若水 石青 沈舟 白露", "林若水、石青、沈舟等委员："},
		{casework.CPPCCProposal, "民盟上海市委", "民盟上海市委："},
		{casework.CPPCCProposal, "市工商联", "市工商联："},
	} {
		if got := letter.Salutation(tt.kind, strings.Fields(tt.names)); got != tt.want {
			t.Errorf("Salutation(%s, %s) = %s, want %s", tt.kind, tt.names, got, tt.want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	prefix, year, n, err := letter.ParseNumber("沪科提复〔2024〕25号")
	if prefix != "沪科提复" || year != 2024 || n != 25 || err != nil {
		t.Errorf("got %s %d %d %v", prefix, year, n, err)
	}
	for wrong, right := range map[string]string{
		"沪科提复[2024]25号":     "沪科提复〔2024〕25号",
		"沪科提复（2024）025号":    "沪科提复〔2024〕25号",
		"沪科提复〔2024〕 25 号":   "沪科提复〔2024〕25号",
		"沪科提复〔2024〕第25号":    "沪科提复〔2024〕25号",
		"沪〔2024〕25号":        "沪科提复〔2024〕25号", // the form in general
		"":                  "沪科提复〔2024〕25号",
		"沪科提复〔2024〕0号":      "沪科提复〔2024〕25号",
		"沪科提复〔1824〕3号":      "沪科提复〔2024〕25号",
		"对沪科提复〔2024〕25号的答复": "沪科提复〔2024〕25号",
	} {
		if _, _, _, err := letter.ParseNumber(wrong); !errors.Is(err, casework.ErrInvalid) || !strings.Contains(err.Error(), right) {
			t.Errorf("ParseNumber(%q): error %v, want one with %s", wrong, err, right)
		}
	}
}

// What Compose writes, Read reads.
func TestComposeReadRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		text := letter.Compose(f, draft(f, "一、关于河岸\n\n近年来，内河水质稳定向好。"))
		r := letter.Read(text)
		listed := f.Proposers[:min(3, len(f.Proposers))]
		got := []any{
			r.Kind, r.IssuingOrgan, r.DocumentNumber, r.Body, r.Term, r.Session, r.CaseNumber, r.Title, r.Proposers,
			r.ResultLabel, r.PublicityLabel, r.IssueDate, r.CopiedTo, r.ContactName, r.ContactPhone, len(r.Commitments),
		}
		want := []any{
			f.Kind, f.Organ, f.DocumentNumber, f.Sitting.Body, f.Sitting.Term, f.Sitting.Session, f.Number, f.Title, listed,
			f.Result, f.Publicity, f.IssueDate, f.CopiedTo, f.ContactName, f.ContactPhone, 0,
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("fields:\n got %v\nwant %v\n%s", got, want, text)
		}
		if faults := letter.Check(text, f); len(faults) > 0 && f.Result != "计划解决" {
			t.Fatalf("faults: %+v\n%s", faults, text)
		}
	})
}

func anyFacts(t *rapid.T) letter.Facts {
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "pick") }
	below := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "number") }
	f := proposal()
	if below(2) == 0 {
		f = suggestion()
	}
	names := []string{"林若水", "石青", "沈舟", "白露", "欧阳江"}
	f.Proposers = names[:1+below(len(names))]
	f.Sitting.Body = pick("市", "区", "青溪县") + strings.TrimPrefix(f.Sitting.Body, "市")
	f.Sitting.Term, f.Sitting.Session = 1+below(30), below(12)
	f.Number = fmt.Sprintf("%s%04d", pick("", "B", "闭"), below(2000))
	f.Number = strings.TrimPrefix(f.Number, "闭")
	f.Title = pick("关于保护内河的建议", "关于‘内河’的提案", "关于《内河条例》修订 加强“执法”的建议", "将内河纳入规划")
	f.Organ = pick("青溪市水务局", "上海市科学技术委员会", "青溪县人民政府", "市教育局")
	f.IssueDate = casework.Date{Year: 2000 + below(50), Month: time.Month(1 + below(12)), Day: 1 + below(28)}
	f.DocumentNumber = letter.FormatNumber(f.Prefix, f.IssueDate.Year, 1+below(999))
	f.Result = pick("", "解决采纳", "留作参考", "计划解决")
	f.Publicity = pick("", "主动公开", "依申请公开", "主动公开·全文")
	f.ContactName, f.ContactPhone = pick("", "江帆"), pick("", "55501234", "021-55501234")
	return f
}
