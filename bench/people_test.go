package bench_test

import (
	"testing"

	"fuyan/bench"
	"fuyan/casework"
	"fuyan/casework/letter"
)

// TestOrganNames: of the organs of ten million proposals each has names and numbers of
// its own, and letters of every place are read as those of the city.
func TestOrganNames(t *testing.T) {
	t.Parallel()
	whose := map[string]int{}
	for n := range 40_000 {
		name, short, prefixes := bench.OrganNamed(n)
		for _, s := range []string{name, short, prefixes[0], prefixes[1]} {
			if other, taken := whose[s]; taken {
				t.Fatalf("the organs %d and %d are both %s", other, n, s)
			}
			whose[s] = n
		}
		if n%997 != 0 {
			continue
		}
		date := casework.Date{Year: 2026, Month: 3, Day: 2}
		read := letter.Read(letter.Compose(letter.Facts{
			Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}, Number: "0012", Organ: name,
			Result: "采纳", Publicity: "主动公开", DocumentNumber: letter.FormatNumber(prefixes[0], 2026, 7), IssueDate: date,
		}, "李明委员：\n\n您提出的“关于养老的提案”的提案收悉，现答复如下：\n\n已经办结。"))
		if want := letter.FormatNumber(prefixes[0], 2026, 7); read.DocumentNumber != want || read.CaseNumber != "0012" {
			t.Errorf("%s about 0012 reads %s about %s", want, read.DocumentNumber, read.CaseNumber)
		}
	}
}
