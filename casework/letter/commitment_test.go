package letter_test

import (
	"slices"
	"strings"
	"testing"

	"fuyan/casework/letter"
)

// around puts a body into a letter dated 2025-03-10.
func around(body string) string {
	return "青溪市水务局\n\n青水提复〔2025〕8号\n\n对市政协七届四次会议第0102号提案的答复\n\n林若水委员：\n\n" +
		"您提出的“关于保护内河的建议”的提案收悉，经研究，现将办理情况答复如下：\n\n" + body +
		"\n\n感谢您对本市水务工作的关心与支持！\n\n青溪市水务局\n\n2025年3月10日\n"
}

func texts(r letter.Reading) []string {
	var out []string
	for _, c := range r.Commitments {
		out = append(out, strings.Join(strings.Fields(c.Text), ""))
	}
	return out
}

func TestCommitments(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"one a sentence":             {"下一步，我局将疏浚三条河道。", []string{"下一步，我局将疏浚三条河道"}},
		"what was done is none":      {"近年来，我局疏浚了三条河道，正在建设两座泵站。", nil},
		"future of things is none":   {"泵站建成后，将有效缓解积水。", nil},
		"effect by an organ is one":  {"我局将进一步提升河道管理水平。", []string{"我局将进一步提升河道管理水平"}},
		"object marker is none":      {"我局将沿河企业纳入名单管理。", nil},
		"noun 计划 is none":            {"三年行动计划推进顺利。", nil},
		"verb 计划 is one":             {"我局计划于6月开工建设泵站。", []string{"我局计划于6月开工建设泵站"}},
		"completion by a day is one": {"泵站主体已封顶，预计9月底完工。", []string{"泵站主体已封顶，预计9月底完工"}},
		"forecast of a number":       {"预计全年水质达标率升至九成。", nil},
		"condition":                  {"待资金到位后，市财政局将安排补助。", []string{"待资金到位后，市财政局将安排补助"}},
		"proposer's wish restated":   {"您建议将内河治理列入规划，并建议我市将投入加倍。", nil},
		"plans of others":            {"水利部将于明年修订标准。", nil},
		"refusal":                    {"根据现行规定，我局将不再受理此类申请。", nil},
		"assurance":                  {"我们将认真研究您的建议，在今后的工作中予以吸收。", nil},
		"quoted 将":                   {"《内河条例（将修订稿）》明确了职责。", nil},
		"a further act goes on":      {"我局将清理河岸。加强日常巡查。市园林局会同街道管护绿地。", []string{"我局将清理河岸", "加强日常巡查"}},
		"a description does not":     {"我局将清理河岸。目前已清理两公里。", []string{"我局将清理河岸"}},
		"semicolon, both sides":      {"下阶段，我局将清理河岸；修复护栏。", []string{"下阶段，我局将清理河岸", "修复护栏"}},
		"semicolon, one side":        {"目前已修复护栏；下阶段，我局将清理河岸。", []string{"下阶段，我局将清理河岸"}},
		"bare lead-in": {"下一步，我局将重点做好以下工作：一是清理河岸。二是修复护栏。", []string{
			"一是清理河岸", "二是修复护栏",
		}},
		"lead-in with its own promise": {"下一步，我局将研究制订内河保护行动方案：一是清理河岸；二是修复护栏。", []string{
			"下一步，我局将研究制订内河保护行动方案", "一是清理河岸", "二是修复护栏",
		}},
		"lead-in that is a sentence": {"下一步，我局将持续改善内河水质。一是清理河岸。组织专班逐段清理。二是修复护栏。", []string{
			"下一步，我局将持续改善内河水质", "一是清理河岸。组织专班逐段清理", "二是修复护栏",
		}},
		"mixed list":           {"有关情况是：一是已清理河岸；二是将修复护栏。", []string{"二是将修复护栏"}},
		"list of what is done": {"主要做法如下：一是清理了河岸；二是修复了护栏。", nil},
		"list of commas":       {"下一步，我局将：一是清理河岸，二是修复护栏，三是补种绿植。", []string{"一是清理河岸", "二是修复护栏", "三是补种绿植"}},
		"paragraph items": {"下一步，我局将做好以下工作：\n（一）清理河岸\n逐段清理，分类处置。\n（二）修复护栏\n分批更换。", []string{
			"（一）清理河岸逐段清理，分类处置", "（二）修复护栏分批更换",
		}},
		"nested items": {"下一步，我局将做好以下工作：\n（一）清理河岸。1.清理东岸；2.清理西岸。\n（二）修复护栏。", []string{
			"1.清理东岸", "2.清理西岸", "（二）修复护栏",
		}},
		"heading governs its section": {"一、工作情况\n我局修复了护栏。\n二、下一步工作打算\n（一）清理河岸。逐段推进。\n（二）补种绿植。\n三、其他说明\n（一）职责分工由条例规定。", []string{
			"（一）清理河岸。逐段推进", "（二）补种绿植",
		}},
		"a later section is free of the list": {"一、关于河岸\n下一步，我局将做好以下工作：\n（一）清理河岸。\n二、关于护栏\n护栏属于市政设施。", []string{"（一）清理河岸"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := texts(letter.Read(around(tt.body))); !slices.Equal(got, tt.want) {
				t.Errorf("commitments of %q:\n got %q\nwant %q", tt.body, got, tt.want)
			}
		})
	}
}

func TestResponsible(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"itself":                  {"下一步，我局将清理河岸。", []string{"我局"}},
		"named":                   {"市水务局将会同有关部门清理河岸。", []string{"市水务局"}},
		"with another":            {"市水务局将会同市财政局研究补助办法。", []string{"市水务局"}},
		"nobody":                  {"下一步，将清理河岸。", nil},
		"unnamed departments":     {"下一步，有关部门将清理河岸。", nil},
		"subject of the clause":   {"市园林局牵头开展调查，拟于近期公布结果。", []string{"市园林局"}},
		"subject of the sentence": {"市园林局积极做好管护。后续，将补种绿植。", []string{"市园林局"}},
		"of the lead-in":          {"下一步，市城管局将做好以下工作：一是清理河岸。", []string{"市城管局"}},
		"of the item":             {"下一步，我们将做好以下工作：一是由市城管局清理河岸。", []string{"市城管局"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(around(tt.body))
			if len(r.Commitments) != 1 || !slices.Equal(r.Commitments[0].Responsible, tt.want) {
				t.Errorf("responsible in %q: got %+v, want %q", tt.body, r.Commitments, tt.want)
			}
		})
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{ // the letter is of 2025-03-10
		"今年年底前":      "2025-12-31 year",
		"2025年底前":    "2025-12-31 year",
		"年内":         "2025-12-31 year",
		"明年上半年":      "2026-06-30 month",
		"2025年第四季度":  "2025-12-31 quarter",
		"今年二季度末":     "2025-06-30 quarter",
		"6月底前":       "2025-06-30 month",
		"2月底前":       "2026-02-28 month",
		"9月中旬":       "2025-09-20 month",
		"2025年9月15日": "2025-09-15 day",
		"10月1日前":     "2025-10-01 day",
		"三年内":        "2028-03-10 year",
		"6个月内":       "2025-09-10 month",
		"半年内":        "2025-09-10 month",
		"“十四五”期间":    "2025-12-31 year",
		"“十五五”末":     "2030-12-31 year",
		"2026年":      "2026-12-31 year",
		"近期":         " ",
		"2024年底":     " ",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(around("我局将在" + words + "完成河岸清理。"))
			if len(r.Commitments) != 1 {
				t.Fatalf("%d commitments, want 1", len(r.Commitments))
			}
			d := r.Commitments[0].Due
			if got := d.Day.String() + " " + d.Unit; got != want {
				t.Errorf("due by %s: got %q, want %q", words, got, want)
			}
			if d.Words != "" && d.Words != words {
				t.Errorf("words: got %s, want %s", d.Words, words)
			}
		})
	}
}

func TestDueOfListComesFromLeadIn(t *testing.T) {
	t.Parallel()
	r := letter.Read(around("2025年底前，我局将完成以下工作：一是清理河岸；二是10月底前修复护栏。"))
	var got []string
	for _, c := range r.Commitments {
		got = append(got, c.Due.Day.String())
	}
	if want := []string{"2025-12-31", "2025-10-31"}; !slices.Equal(got, want) {
		t.Errorf("days: got %q, want %q", got, want)
	}
}
