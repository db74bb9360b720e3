package letter_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework/letter"
)

// duties lists the responsible organs of each promise.
func duties(r letter.Reading) [][]string {
	var out [][]string
	for _, c := range r.Commitments {
		out = append(out, c.Responsible)
	}
	return out
}

// An organ is given as the letter prints it, at the start of one promise.
func TestResponsibleAsPrinted(t *testing.T) {
	t.Parallel()
	for _, organ := range []string{
		"我局", "我委", "我办", "我厅", "我院", "我中心", "我们", "我单位", "本局", "本委",
		"市水务局", "市财政局", "市发展改革委", "市教委", "市卫生健康委", "市住房城乡建设管理委", "市规划资源局", "市农业农村委",
		"市公安局", "市人力资源社会保障局", "市绿化市容局", "市政府办公厅", "市科委", "市经济信息化委", "市城管执法局",
		"区教育局", "区政府", "区水务局", "县水利局", "县农业农村局", "省教育厅", "省财政厅", "青溪市水务局", "青溪区人民政府",
		"市环境监测站", "市图书馆", "市疾控中心", "青溪水务集团", "青溪公交公司", "青溪街道",
	} {
		for what, body := range map[string]string{
			"will":      organ + "将清理河岸。",
			"next step": "下一步，" + organ + "将清理河岸。",
			"plans":     organ + "计划于9月开展河岸清理。",
			"intends":   organ + "拟开展河岸清理。",
		} {
			t.Run(organ+" "+what, func(t *testing.T) {
				t.Parallel()
				if diff := cmp.Diff([][]string{{organ}}, duties(letter.Read(around(body)))); diff != "" {
					t.Errorf("responsible in %q (-want +got):\n%s", body, diff)
				}
			})
		}
	}
}

func TestResponsibleOrgans(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want [][]string
	}{
		"two joined by 、":           {"市水务局、市财政局将研究补助办法。", [][]string{{"市水务局", "市财政局"}}},
		"three joined by 、":         {"市水务局、市财政局、市教委将研究补助办法。", [][]string{{"市水务局", "市财政局", "市教委"}}},
		"two joined by 和":           {"市水务局和市财政局将研究补助办法。", [][]string{{"市水务局", "市财政局"}}},
		"two joined by 与":           {"市水务局与市财政局将研究补助办法。", [][]string{{"市水务局", "市财政局"}}},
		"我局 and a helper":           {"我局将会同市财政局研究补助办法。", [][]string{{"我局"}}},
		"我局 and two helpers":        {"我局将会同市财政局、市教委研究补助办法。", [][]string{{"我局"}}},
		"helper in the next clause": {"我局将加强统筹，会同市财政局研究补助办法。", [][]string{{"我局"}}},
		"联合":                        {"下一步，我局将联合市教委开展节水宣传。", [][]string{{"我局"}}},
		"helper 有关部门":               {"我局将会同有关部门清理河岸。", [][]string{{"我局"}}},
		"helper 相关单位":               {"我局将会同相关单位清理河岸。", [][]string{{"我局"}}},
		"有关部门 alone":                {"下一步，有关部门将清理河岸。", [][]string{nil}},
		"各区 alone":                  {"下一步，各区将清理河岸。", [][]string{nil}},
		"相关部门 alone":                {"下一步，相关部门将清理河岸。", [][]string{nil}},
		"none":                      {"下一步，将继续清理河岸。", [][]string{nil}},
		"passive":                   {"下一步，河岸清理将由市水务局实施。", [][]string{nil}},
		"by an organ":               {"下一步，由市水务局清理河岸。", [][]string{{"市水务局"}}},
		"我们 goes on":                {"我们将清理河岸。加强日常巡查。", [][]string{{"我们"}, {"我们"}}},
		"two sentences, two organs": {"我局将清理河岸。市教委将开展节水宣传。", [][]string{{"我局"}, {"市教委"}}},
		"semicolon, two organs":     {"我局将清理河岸；市教委将开展节水宣传。", [][]string{{"我局"}, {"市教委"}}},
		"semicolon, inherited":      {"下一步，我局将清理河岸；修复护栏。", [][]string{{"我局"}, {"我局"}}},
		"lead-in, inherited":        {"下一步，我局将做好以下工作：一是清理河岸；二是修复护栏。", [][]string{{"我局"}, {"我局"}}},
		"lead-in, item of another":  {"下一步，我局将做好以下工作：一是清理河岸；二是由市教委开展节水宣传。", [][]string{{"我局"}, {"市教委"}}},
		"lead-in of two":            {"下一步，我局、市财政局将做好以下工作：一是清理河岸；二是修复护栏。", [][]string{{"我局", "市财政局"}, {"我局", "市财政局"}}},
		"lead-in without organ":     {"下一步，将做好以下工作：一是清理河岸；二是修复护栏。", [][]string{nil, nil}},
		"items each of their own":   {"下一步：一是市水务局将清理河岸；二是市教委将开展节水宣传。", [][]string{{"市水务局"}, {"市教委"}}},
		"items as lines":            {"下一步，我局将做好以下工作：\n（一）清理河岸。\n（二）修复护栏。", [][]string{{"我局"}, {"我局"}}},
		"under a heading":           {"二、下一步工作打算\n我局将清理河岸。", [][]string{{"我局"}}},
		"subject before the cue":    {"市水务局已完成调查，下一步将清理河岸。", [][]string{{"市水务局"}}},
		"spaces in the name":        {"下一步，市 水务局将清理河岸。", [][]string{{"市 水务局"}}},
		"condition":                 {"待资金到位后，我局将清理河岸。", [][]string{{"我局"}}},
		"completion":                {"青溪水务集团负责实施，预计9月底完工。", [][]string{{"青溪水务集团"}}},
		"object is no subject":      {"下一步，我局将督促市水务集团清理河岸。", [][]string{{"我局"}}},
		"organ in brackets":         {"下一步，我局（市河长制办公室设在我局）将清理河岸。", [][]string{{"我局"}}},
		"no subject in 会议":          {"下一步，我局将召开会议部署清理。", [][]string{{"我局"}}},
		"医院 as object":              {"下一步，我局将支持社区医院建设。", [][]string{{"我局"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(around(tt.body))
			if diff := cmp.Diff(tt.want, duties(r)); diff != "" {
				t.Errorf("responsible in %q (-want +got):\n%s", texts(r), diff)
			}
		})
	}
}

// The organ of one paragraph does not answer for the next.
func TestResponsibleEndsWithParagraph(t *testing.T) {
	t.Parallel()
	r := letter.Read(around("市教委将开展节水宣传。\n\n下一步，将清理河岸。"))
	if diff := cmp.Diff([][]string{{"市教委"}, nil}, duties(r)); diff != "" {
		t.Errorf("responsible (-want +got):\n%s", diff)
	}
}
