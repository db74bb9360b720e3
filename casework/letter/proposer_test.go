package letter_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// A salutation names the proposers, without 等, 委员 and 代表.
func TestReadSalutation(t *testing.T) {
	t.Parallel()
	for salutation, names := range map[string]string{
		// Names of two to four characters and with a dot.
		"柳青委员：":        "柳青",
		"柳青青委员：":       "柳青青",
		"欧阳柳委员：":       "欧阳柳",
		"欧阳柳青委员：":      "欧阳柳青",
		"柳青代表：":        "柳青",
		"司马青川代表：":      "司马青川",
		"迪力·买买提委员：":    "迪力·买买提",
		"古丽努尔·阿布都拉代表：": "古丽努尔·阿布都拉",
		"迪力•买买提、柳青委员：": "迪力•买买提 柳青",
		"党青委员：":        "党青",
		"委青、代青代表：":     "委青 代青",
		"柳青、柳青青、欧阳柳青、迪力·买买提委员：": "柳青 柳青青 欧阳柳青 迪力·买买提",

		// White space.
		"柳 青委员：":            "柳青",
		"柳  青 委 员：":         "柳青",
		"柳\u3000青委员：":       "柳青",
		"柳 青、白 露代表：":        "柳青 白露",
		"柳 青  柳青青  欧阳柳青委员：": "柳青 柳青青 欧阳柳青",
		"\u3000\u3000柳青委员：": "柳青",

		// More than are listed.
		"柳青等3名委员：":       "柳青",
		"柳青等3名代表：":       "柳青",
		"柳青、白露等5位代表：":    "柳青 白露",
		"柳青等委员：":         "柳青",
		"柳青、白露等代表：":      "柳青 白露",
		"柳青等十位委员：":       "柳青",
		"柳青等 12 名人大代表：":  "柳青",
		"柳青、白露、石青等3人代表：": "柳青 白露 石青",

		// Forms of address.
		"尊敬的柳青委员：":      "柳青",
		"尊敬的柳青代表：":      "柳青",
		"尊敬的柳青、白露委员：":   "柳青 白露",
		"柳青委员、白露委员：":    "柳青 白露",
		"柳青代表，白露代表：":    "柳青 白露",
		"柳青同志：":         "柳青",
		"柳青先生：":         "柳青",
		"柳青女士：":         "柳青",
		"市政协委员柳青：":      "柳青",
		"市人大代表柳青、白露：":   "柳青 白露",
		"柳青委员:":         "柳青",
		"柳青委员：您好！":      "柳青",
		"柳青（领衔）、白露代表：":  "柳青 白露",
		"尊敬的柳青委员：  您好！": "柳青",

		// Parties, organisations, delegations.
		"民革青溪市委：":          "民革青溪市委",
		"民盟青溪市委：":          "民盟青溪市委",
		"民建青溪市委：":          "民建青溪市委",
		"民进青溪市委：":          "民进青溪市委",
		"农工党青溪市委：":         "农工党青溪市委",
		"致公党青溪市委：":         "致公党青溪市委",
		"九三学社青溪市委：":        "九三学社青溪市委",
		"台盟青溪市委：":          "台盟青溪市委",
		"市工商联：":            "市工商联",
		"市妇联：":             "市妇联",
		"团市委：":             "团市委",
		"市总工会：":            "市总工会",
		"青溪代表团：":           "青溪代表团",
		"市政协教科卫体委员会：":      "市政协教科卫体委员会",
		"市政协经济界：":          "市政协经济界",
		"民革青溪市委、民盟青溪市委：":   "民革青溪市委 民盟青溪市委",
		"民盟青溪市委、市工商联、市妇联：": "民盟青溪市委 市工商联 市妇联",
		"民盟青溪市委，柳青委员：":     "民盟青溪市委 柳青",
	} {
		t.Run(salutation, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(salutation + "\n\n您提出的“关于保护内河的建议”收悉，现答复如下：\n\n我局将清理河岸。\n")
			if diff := cmp.Diff(strings.Fields(names), r.Proposers); diff != "" {
				t.Errorf("proposers (-want +got):\n%s", diff)
			}
		})
	}
}

// A colon alone makes no salutation.
func TestNoSalutation(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":            "",
		"no salutation":      "您提出的提案收悉，现答复如下：\n\n我局将清理河岸。\n",
		"label":              "联系人：柳青\n\n我局将清理河岸。\n",
		"lead-in":            "我局主要做法如下：\n\n一是清理河岸。\n",
		"organ (会办)":         "关于市政协七届四次会议第0102号提案的会办意见\n\n市水务局：\n\n贵局转来的提案收悉，会办意见如下：\n\n我局将清理河岸。\n",
		"sentence before it": "感谢您的来信。柳青委员：\n\n我局将清理河岸。\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := letter.Read(text).Proposers; len(got) > 0 {
				t.Errorf("got %q, want none", got)
			}
		})
	}
}

// What Salutation writes, Read reads.
func TestSalutationReadBack(t *testing.T) {
	t.Parallel()
	for _, kind := range casework.Kinds {
		for names, want := range map[string]string{
			"柳青":            "柳青",
			"柳青 白露":         "柳青 白露",
			"柳青 白露 石青":      "柳青 白露 石青",
			"柳青 白露 石青 沈舟":   "柳青 白露 石青",
			"欧阳柳青 迪力·买买提":   "欧阳柳青 迪力·买买提",
			"民盟青溪市委":        "民盟青溪市委",
			"民盟青溪市委 民建青溪市委": "民盟青溪市委 民建青溪市委",
			"民盟青溪市委 民建青溪市委 市妇联 市工商联": "民盟青溪市委 民建青溪市委 市妇联",
		} {
			text := letter.Salutation(kind, strings.Fields(names)) + "\n\n你们提出的“关于保护内河的建议”收悉，现答复如下：\n"
			if diff := cmp.Diff(strings.Fields(want), letter.Read(text).Proposers); diff != "" {
				t.Errorf("%s (-want +got):\n%s", text, diff)
			}
		}
	}
}
