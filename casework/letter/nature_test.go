package letter_test

import (
	"strings"
	"testing"

	"fuyan/casework/letter"
)

func TestNature(t *testing.T) {
	t.Parallel()
	for nature, bodies := range map[letter.Nature][]string{
		letter.Deliverable: {"我局将在年底前建成泵站两座", "下一步，我局将印发《河岸管护办法》", "主体工程预计9月底完工", "（一）补齐设施。新增监测点4处"},
		letter.Action:      {"我局将组织沿河单位逐段排查", "下一步，市水务局将约谈排污企业", "我局拟于5月召开座谈会"},
		letter.Continuing:  {"我局将继续加强巡查", "今后，我局将持续公布监测数据", "下一步，市发展改革委将进一步加大投入"},
		letter.Study:       {"我局将研究制定补助办法", "下一步，我局将积极争取上级资金", "市财政局将探索建立分担机制", "（二）降低成本。研究统一运维的可行性"},
	} {
		for _, body := range bodies {
			t.Run(body, func(t *testing.T) {
				t.Parallel()
				r := letter.Read(around("下一步工作打算如下：\n" + body + "。"))
				if n := len(r.Commitments); n == 0 || r.Commitments[n-1].Nature != nature {
					t.Errorf("reads %+v, want one that is %s", r.Commitments, nature)
				}
			})
		}
	}
}

func TestConditional(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		"待资金到位后，我局将启动拓宽":        true,
		"如资金允许，我局将优先安排该河段":      true,
		"条件成熟时，我局将扩大试点":         true,
		"我局将在具备条件的河段建设步道":       true,
		"一旦用地落实，我局将立即开工":        true,
		"我局将启动拓宽":               false,
		"我局将完善待业登记":             false,
		"我局将对标先进地区，如广州、杭州，完善制度": false,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(around(body + "。"))
			if len(r.Commitments) != 1 || r.Commitments[0].Conditional != want {
				t.Errorf("reads %+v, want one promise with Conditional %v", r.Commitments, want)
			}
		})
	}
}

// What the opening says otherwise than the title is reported at its place.
func TestConflicts(t *testing.T) {
	t.Parallel()
	text := "对市政协七届四次会议第0102号提案的答复\n\n林若水委员：\n\n您在市政协七届三次会议上提出的第0120号提案“关于保护内河的建议”收悉，现答复如下：\n\n我局将清理河岸。\n"
	r := letter.Read(text)
	if r.Session != 4 || r.CaseNumber != "0102" {
		t.Errorf("session %d and number %s, want those of the title", r.Session, r.CaseNumber)
	}
	want := map[string]string{"session": "市政协七届三次会议", "case_number": "0120"}
	if len(r.Conflicts) != len(want) {
		t.Fatalf("conflicts %+v, want %v", r.Conflicts, want)
	}
	for _, c := range r.Conflicts {
		if at := string([]rune(text)[c.Span.Start:c.Span.End]); c.Printed != want[c.Field] || at != c.Printed {
			t.Errorf("%s: %s at %s, want %s", c.Field, c.Printed, at, want[c.Field])
		}
	}
	if r := letter.Read(clean); len(r.Conflicts) > 0 {
		t.Errorf("conflicts %+v in a letter that has none", r.Conflicts)
	}
}

// Letters in traditional characters are read, and their words given, as printed.
func TestTraditional(t *testing.T) {
	t.Parallel()
	text := "對市政協七屆四次會議第0102號提案的答復\n\n林若水委員：\n\n您提出的「關於保護內河的建議」收悉，現答復如下：\n\n下一步，我局將在2025年底前開展清理，會同有關部門完善巡查機制。\n\n青溪市水務局\n2025年3月10日\n"
	r := letter.Read(text)
	if r.Body != "市政協" || r.Term != 7 || r.Session != 4 || r.Title != "關於保護內河的建議" || r.IssuingOrgan != "青溪市水務局" || r.IssueDate.String() != "2025-03-10" {
		t.Errorf("reads %+v", r)
	}
	if len(r.Commitments) != 1 || !strings.HasPrefix(r.Commitments[0].Text, "下一步，我局將") || r.Commitments[0].Due.Day.String() != "2025-12-31" {
		t.Errorf("promises %+v", r.Commitments)
	}
}
