package letter_test

import (
	"errors"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/casework/letter"
)

func TestCheckMarked(t *testing.T) {
	t.Parallel()
	const read = "下一步，我局将清理河岸"
	text := "林若水委员：\n\n一、已做的\n\n　　我局已清淤三处；两处已验收！还有一处？" + read + "。汛前完成清理，并公布结果。\n" +
		"（一）河道每月巡查一次\n1. 岸边设牌。他说：“水清了。”我局随即回访。每月巡查。\n每月巡查，每月公布。\n\n感谢您的关心。"
	promises := []letter.Commitment{promiseIn(text, read), promiseIn(text, "感谢您的关心")}
	for _, tt := range []struct {
		name, sentence string
		want           string // in what the refusal says; empty for none
	}{
		{"a promise there", read, ""},
		{"up to a semicolon", "我局已清淤三处", ""},
		{"from it to an exclamation mark", "两处已验收", ""},
		{"with the mark that ends it", "两处已验收！", ""},
		{"up to a question mark", "还有一处", ""},
		{"with the space before it", "　　我局已清淤三处", ""},
		{"two whole sentences", "我局已清淤三处；两处已验收！", ""},
		{"behind a promise", "汛前完成清理，并公布结果", ""},
		{"to the end of a line", "（一）河道每月巡查一次", ""},
		{"behind the number of an item", "河道每月巡查一次", ""},
		{"behind a number and a space", "岸边设牌。", ""},
		{"with the quote that closes", "他说：“水清了。”", ""},
		{"behind a closing quote", "我局随即回访", ""},
		{"part of one sentence, whole as another", "每月巡查", ""},
		{"a heading", "一、已做的", ""},

		{"nowhere", "我局将清理湖岸", "逐字相同"},
		{"nothing", "", "逐字相同"},
		{"only a mark", "。\n", "逐字相同"},
		{"half a sentence, from its start", "汛前完成清理", "“汛前完成清理，并公布结果”"},
		{"half a sentence, to its end", "并公布结果。", "“汛前完成清理，并公布结果”"},
		{"its middle", "完成", "“汛前完成清理，并公布结果”"},
		{"a sentence and a half", "两处已验收！还有", "“两处已验收！还有一处”"},
		{"half an item", "每月巡查一次", "“（一）河道每月巡查一次”"},
		{"part of a promise", "我局将清理河岸", "是已列出的承诺“" + read + "”的一部分"},
		{"a promise and more", read + "。汛前完成清理，并公布结果", "与已列出的承诺“" + read + "”有重叠"},
		{"into a promise", "还有一处？下一步", "与已列出的承诺“" + read + "”有重叠"},
		{"a promise and its mark", read + "。", "应与已列出的承诺逐字相同：“" + read + "”"},
	} {
		err := letter.CheckMarked(text, tt.sentence, promises)
		wrong, ok := errors.AsType[*casework.FieldError](err)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: CheckMarked(%q) = %v, want none", tt.name, tt.sentence, err)
		case tt.want != "" && (!ok || wrong.Field != "text" || !strings.Contains(wrong.Want, tt.want)):
			t.Errorf("%s: CheckMarked(%q) = %v, want a refusal of text that says %s", tt.name, tt.sentence, err, tt.want)
		}
	}
}

// promiseIn is a promise at its place.
func promiseIn(text, sentence string) letter.Commitment {
	start := len([]rune(text[:strings.Index(text, sentence)]))
	return letter.Commitment{Text: sentence, Span: letter.Span{Start: start, End: start + len([]rune(sentence))}}
}
