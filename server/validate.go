package server

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"buf.build/go/protovalidate"
	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"

	"fuyan/casework"
)

// wants says what a rule of proto asks for; %v is the rule's value. A rule that
// is not here speaks for itself, in English.
var wants = map[string]string{
	"required":           "必填",
	"string.min_len":     "至少 %v 个字",
	"string.max_len":     "最多 %v 个字",
	"string.uuid":        "应为 UUID",
	"string.uuid_empty":  "应为 UUID",
	"repeated.min_items": "至少 %v 项",
	"repeated.max_items": "最多 %v 项",
	"repeated.unique":    "不应重复",
	"int64.gt":           "应大于 %v",
	"int64.gte":          "应不小于 %v",
	"int32.gte":          "应不小于 %v",
	"enum.defined_only":  "应为列出的值之一",
	"enum.not_in":        "应为列出的值之一",
	"string.pattern":     "应符合 %v",
}

// dayPattern is the rule by which proto knows a day.
const dayPattern = `^\d{4}-\d{2}-\d{2}$`

// wantDay is what a field that holds a day asks for.
const wantDay = "应为日历上有的一天，写作 2025-06-17"

// between turns the words of a range into ours.
var between = strings.NewReplacer("must be greater than or equal to ", "应不小于 ", "value 应", "应", " and less than or equal to ", "、不大于 ")

// violated returns the first violation of the rules of proto.
func violated(e *protovalidate.ValidationError) error {
	if len(e.Violations) == 0 {
		return casework.ErrInvalid
	}
	v := e.Violations[0]
	return casework.Invalid(protovalidate.FieldPathString(v.Proto.GetField()), "%s", want(v))
}

func want(v *protovalidate.Violation) string {
	format, ok := wants[v.Proto.GetRuleId()]
	switch {
	case !ok:
		return between.Replace(v.Proto.GetMessage())
	case !strings.Contains(format, "%v"):
		return format
	case v.RuleValue.String() == dayPattern:
		return wantDay
	}
	return fmt.Sprintf(format, v.RuleValue)
}

// refuseText refuses what is no text to Postgres: bytes that are not UTF-8, which
// only a page can send, and the character U+0000; and white space alone where
// words are wanted.
func refuseText(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		return next(ctx, spec, textRefuser{stream})
	}
}

type textRefuser struct{ connect.ServerStream }

func (r textRefuser) Receive(msg any) error {
	if err := r.ServerStream.Receive(msg); err != nil {
		return err
	}
	m, ok := msg.(proto.Message)
	if !ok {
		return nil
	}
	return protorange.Range(m.ProtoReflect(), func(at protopath.Values) error {
		s, ok := at.Index(-1).Value.Interface().(string)
		switch {
		case !ok:
			return nil
		case !utf8.ValidString(s) || strings.Contains(s, "\x00"):
			return casework.Invalid(strings.TrimPrefix(at.Path[1:].String(), "."), "应为 UTF-8 文字，不含空字符 U+0000")
		case s != "" && strings.TrimSpace(s) == "" && wanted(at.Path):
			return casework.Invalid(strings.TrimPrefix(at.Path[1:].String(), "."), "不能只有空白")
		}
		return nil
	})
}

// wanted reports whether the rules of proto ask for words at the end of a path:
// for a string, or strings of a list, of at least one character.
func wanted(at protopath.Path) bool {
	last := at.Index(-1)
	items := last.Kind() == protopath.ListIndexStep
	if items {
		last = at.Index(-2)
	}
	if last.Kind() != protopath.FieldAccessStep {
		return false
	}
	rules, err := protovalidate.ResolveFieldRules(last.FieldDescriptor())
	if err != nil {
		return false // no rules that can be read: the validator says so itself
	}
	if items {
		rules = rules.GetRepeated().GetItems()
	}
	return rules.GetString().GetMinLen() > 0
}
