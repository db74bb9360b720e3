package letter_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fuyan/casework/letter"
)

// sound checks what holds for the reading of any text at all.
func sound(text string, r letter.Reading) error {
	runes := []rune(text)
	inside := func(s letter.Span) bool { return s.Start >= 0 && s.Start <= s.End && s.End <= len(runes) }
	end := 0
	for _, c := range r.Commitments {
		if !inside(c.Span) || c.Span.Start == c.Span.End || c.Span.Start < end {
			return fmt.Errorf("commitment at %v, behind %d, in %d characters", c.Span, end, len(runes))
		}
		if got := string(runes[c.Span.Start:c.Span.End]); got != string([]rune(c.Text)) {
			return fmt.Errorf("commitment %q, but its place holds %q", c.Text, got)
		}
		if c.Cue == "" {
			return fmt.Errorf("commitment %q has no cue", c.Text)
		}
		end = c.Span.End
	}
	for _, f := range r.Fields {
		if !inside(f.Span) || f.Span.Start == f.Span.End {
			return fmt.Errorf("%s at %v in %d characters", f.Name, f.Span, len(runes))
		}
	}
	for _, s := range r.Sections {
		if !inside(s.Span) {
			return fmt.Errorf("section at %v in %d characters", s.Span, len(runes))
		}
	}
	return nil
}

// pieces are what letters are made of; shuffled they make letters that nobody
// would write.
var pieces = []string{
	"下一步，", "我局将", "清理河岸", "。", "；", "：", "，", "\n", "\n\n", "\r\n", "一是", "二是", "（一）", "1.", "①", "“", "”", "《", "》", "（", "）",
	"已", "正在", "目前，", "市财政局", "会同", "2025年底前", "“十四五”期间", "三年内", "十", "二〇二五年", "三月十日", "您提出的", "收悉", "林若水委员：", "抄送：",
	"联系人：", "55501234", "青水提复〔2025〕8号", "对市政协十四届二次会议第0102号提案的答复", "青溪市水务局", "印发", "感谢", "下一步工作打算", "一、",
	"\u3000", "\ufeff", "\xff", "\x00", "\"", "'", "<p>", "</p>", "<br>", "&nbsp;", "&amp;", "&ldquo;", "協(xié)", "將", "計劃", "|", "— 3 —", "版权所有", "【打印】", "将", "的", "号", "届", "次会议", "第", "、", "等", "a", "😀",
}

func TestReadAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 120).Draw(t, "pieces"), "")
		got := letter.Read(text)
		if err := sound(text, got); err != nil {
			t.Fatalf("%v\n%q", err, text)
		}
		if again := letter.Read(text); !reflect.DeepEqual(got, again) {
			t.Fatalf("two readings differ\n%q", text)
		}
		letter.Check(text, proposal())
	})
}

func FuzzRead(f *testing.F) {
	f.Add(village)
	f.Add(around(promised))
	f.Add("关于\xff第号届。《“（")
	f.Fuzz(func(t *testing.T, text string) {
		if err := sound(text, letter.Read(text)); err != nil {
			t.Error(err)
		}
		letter.Check(text, proposal())
		_, _, _, _ = letter.ParseNumber(text)
	})
}

// BenchmarkLinear reads what is hostile to a reader in a length and in four times
// that; x4 is how much longer that takes. Well above 4 is not linear.
func BenchmarkLinear(b *testing.B) {
	for name, piece := range map[string]string{
		"letter":       "一、关于河岸\n近年来，我局清理河岸30公里，修复护栏200处。\n下一步，我局将会同有关部门，在2025年底前完成清理；加强巡查。\n",
		"one line":     "我局将推进。",
		"one sentence": "我局将推进，",
		"one clause":   "将一是预计",
		"expectations": "预计一",
		"brackets":     "（“《",
		"organs":       "青溪市水务局\n",
		"subjects":     "市财政局，",
		"tags":         "<p>将</",
		"entities":     "&amp;将",
		"digits":       "2025年",
		"conditions":   "待一，如二，",
		"back":         "已推进，争取将",
	} {
		b.Run(name, func(b *testing.B) {
			once, four := around(strings.Repeat(piece, 20_000/len(piece))), around(strings.Repeat(piece, 80_000/len(piece)))
			var short, long time.Duration
			for b.Loop() {
				began := time.Now()
				letter.Read(once)
				between := time.Now()
				letter.Read(four)
				short, long = short+between.Sub(began), long+time.Since(between)
			}
			b.ReportMetric(float64(long)/float64(short), "x4")
		})
	}
}

func ExampleRead() {
	r := letter.Read(village)
	fmt.Println(r.DocumentNumber, r.Title)
	for _, c := range r.Commitments {
		fmt.Println(c.Text, c.Cue, c.Due.Day)
	}
	// Output:
	// 云交提〔2024〕7号 关于建设城北“公交枢纽”的提案
	// 主体结构已经完成，预计9月底完工 预计 2024-09-30
	// 我局将调整12路走向 将
}
