package handover

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
)

// A reader reads the rows of one list.
type reader struct {
	at       map[Field]int // the column of each field
	defaults Defaults
	world    World
	organs   map[string]Answerer // by every name that they go by
	first    map[key]int         // the line in which a number stands first
}

// A key is what tells one proposal from another. Zeros before a number do not:
// Excel drops them.
type key struct {
	kind    casework.Kind
	sitting casework.Sitting
	number  string
}

// key is what tells the item from others, with its number without zeros.
func (it Item) key() key {
	return key{it.Kind, it.Sitting, bareNumber(it.Number)}
}

func bareNumber(number string) string {
	letters := strings.TrimRight(number, "0123456789")
	return letters + strings.TrimLeft(strings.TrimPrefix(number, letters), "0")
}

// Items reads rows whose columns hold these fields.
func Items(rows []Row, columns []Field, d Defaults, w World) []Item {
	rd := reader{at: map[Field]int{}, defaults: d, world: w, organs: make(map[string]Answerer, 2*len(w.Organs)), first: map[key]int{}}
	for _, f := range Fields() {
		rd.at[f] = slices.Index(columns, f)
	}
	for _, o := range w.Organs {
		for _, name := range []string{o.Name, o.ShortName} {
			rd.organs[organKey(name)] = o
		}
	}
	out := make([]Item, len(rows))
	for i, row := range rows {
		out[i] = rd.item(row)
	}
	return out
}

// organKey is a name without the city before it.
func organKey(name string) string {
	name = solid(name)
	if _, after, ok := strings.Cut(name, "市"); ok && after != "" && strings.Index(name, "市") <= len("上海") {
		return after
	}
	return name
}

func (rd *reader) cell(row Row, f Field) string { return row.cell(rd.at[f]) }

// item reads one row. Each step notes what is wrong, so that all of it is mended
// at once.
func (rd *reader) item(row Row) Item {
	it := Item{Line: row.Line, Text: strings.TrimSpace(rd.cell(row, Text))}
	rd.readKind(row, &it)
	rd.readSitting(row, &it)
	rd.readNumber(row, &it)
	rd.readTitle(row, &it)
	rd.readProposers(row, &it)
	rd.readOrgan(row, &it)
	rd.readRole(row, &it)
	rd.readDay(row, &it)
	rd.readFlags(row, &it)
	if utf8.RuneCountInString(it.Text) > 100_000 {
		it.wrong(Text, "最多 100000 个字")
	}
	return it
}

func (rd *reader) readKind(row Row, it *Item) {
	it.Kind = rd.defaults.Kind
	words := oneLine(rd.cell(row, Kind))
	if words != "" {
		it.Kind = kindOf(words)
	}
	if it.Kind == "" && words == "" { // the sitting says it
		if s, ok := sittingOf(rd.cell(row, Sitting), "", rd.defaults.Sitting); ok {
			it.Kind = casework.KindOf(s.Body)
		}
	}
	if it.Kind == "" {
		it.wrong(Kind, saw("应为提案或建议", words))
	}
}

func (rd *reader) readSitting(row Row, it *Item) {
	it.Sitting = rd.defaults.Sitting
	words := oneLine(rd.cell(row, Sitting))
	if words != "" {
		var ok bool
		if it.Sitting, ok = sittingOf(words, it.Kind, rd.defaults.Sitting); !ok {
			it.wrong(Sitting, saw("应如“市政协十四届四次会议”", words))
			return
		}
	}
	switch {
	case it.Sitting.Body == "" || it.Sitting.Term == 0:
		it.wrong(Sitting, "没有写，也没有在上面选定")
	case it.Kind != "" && it.Kind != casework.KindOf(it.Sitting.Body):
		it.wrong(Sitting, fmt.Sprintf("“%s”与类别“%s”不合", it.Sitting.Body, it.Kind.Noun()))
	}
}

// saw adds what stands there to what would be right.
func saw(want, words string) string {
	if words == "" {
		return want + "，现在是空的"
	}
	if r := []rune(words); len(r) > 30 {
		words = string(r[:30]) + "…"
	}
	return want + "，现在是“" + words + "”"
}

func (rd *reader) readNumber(row Row, it *Item) {
	words := oneLine(rd.cell(row, Number))
	number, ok := numberOf(words, rd.defaults.NumberWidth)
	if !ok {
		it.wrong(Number, saw("应为数字，前面可有一个字母，如 0670", words))
		return
	}
	it.Number = number
	if before, twice := rd.first[it.key()]; twice {
		it.wrong(Number, fmt.Sprintf("与第 %d 行相同", before))
		return
	}
	rd.first[it.key()] = it.Line
}

func (rd *reader) readTitle(row Row, it *Item) {
	it.Title = titleOf(rd.cell(row, Title))
	switch n := utf8.RuneCountInString(it.Title); {
	case n == 0:
		it.wrong(Title, "必填，现在是空的")
	case n > 200:
		it.wrong(Title, fmt.Sprintf("最多 200 个字，现在有 %d 个", n))
	}
}

func (rd *reader) readProposers(row Row, it *Item) {
	first, said := peopleOf(rd.cell(row, Proposers))
	others, _ := peopleOf(rd.cell(row, Cosigners))
	it.Proposers = first
	for _, o := range others {
		if !slices.ContainsFunc(first, func(p Proposer) bool { return p.Name == o.Name }) {
			it.Proposers = append(it.Proposers, o)
		}
	}
	switch {
	case len(first) == 0:
		it.wrong(Proposers, "必填，现在是空的")
	case len(it.Proposers) > 200:
		it.wrong(Proposers, fmt.Sprintf("最多 200 位，现在有 %d 位", len(it.Proposers)))
	case said > len(it.Proposers):
		it.warn(Proposers, fmt.Sprintf("写明共 %d 位，只读到 %d 位", said, len(it.Proposers)))
	}
	for _, p := range it.Proposers {
		if n := utf8.RuneCountInString(p.Name); n < 2 || n > 60 {
			it.wrong(Proposers, saw("名字应为 2 至 60 个字", p.Name))
			return
		}
	}
}

func (rd *reader) readOrgan(row Row, it *Item) {
	words := oneLine(rd.cell(row, Organ))
	it.OrganID, it.Organ = rd.defaults.OrganID, words
	if it.OrganID == 0 && rd.world.User.Has(casework.Office) {
		it.OrganID = rd.world.User.OrganID
	}
	if words != "" {
		it.OrganID = rd.organs[organKey(words)].ID
	}
	at := slices.IndexFunc(rd.world.Organs, func(o Answerer) bool { return o.ID == it.OrganID })
	switch {
	case words == "" && at < 0:
		it.wrong(Organ, "没有写，也没有在上面选定")
		return
	case at < 0 && strings.ContainsAny(words, separators+" "):
		it.wrong(Organ, saw("应只写答复的一个单位", words))
		return
	case at < 0:
		it.wrong(Organ, saw("应为已登记的承办单位的全称或简称", words))
		return
	}
	it.Organ = rd.world.Organs[at].Name
	if it.Kind == "" || rd.world.User.MayReceive(it.Kind, it.OrganID) == nil {
		return
	}
	if rd.world.User.Has(casework.Supervisor) {
		it.wrong(Kind, "不由本单位督办，不能在这里登记")
	} else {
		it.wrong(Organ, "不是本单位承办的件，不在这里登记")
	}
}

func (rd *reader) readRole(row Row, it *Item) {
	for _, part := range strings.FieldsFunc(rd.cell(row, Helpers), func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if name := oneLine(part); name != "" && name != "无" {
			it.Helpers = append(it.Helpers, name)
		}
	}
	it.Role = rd.defaults.Role
	if words := oneLine(rd.cell(row, Role)); words != "" {
		var ok bool
		if it.Role, ok = roleOf(words); !ok {
			it.wrong(Role, saw("应为独办、主办、合办或分办", words))
			return
		}
	} else if len(it.Helpers) > 0 && (it.Role == "" || it.Role == "sole") {
		it.Role = "lead"
	}
	if it.Role == "" {
		it.Role = "sole"
	}
	if it.Role == "helper" {
		it.wrong(Role, "会办件不在这里登记，由主办单位征求意见")
	}
	if len(it.Helpers) > 0 {
		it.warn(Helpers, strings.Join(it.Helpers, "、")+"（请在签收后征求会办意见）")
	}
}

func (rd *reader) readDay(row Row, it *Item) {
	it.HandedOver = rd.defaults.HandedOver
	if words := oneLine(rd.cell(row, HandedOver)); words != "" {
		var ok bool
		if it.HandedOver, ok = dayOf(words); !ok {
			it.wrong(HandedOver, saw("应为某年某月某日，如 2026-03-04", words))
			return
		}
	}
	switch {
	case it.HandedOver.IsZero():
		it.wrong(HandedOver, "没有写，也没有在上面选定")
	case it.HandedOver.After(rd.world.Today):
		it.wrong(HandedOver, "应为今天或以前，现在是"+it.HandedOver.Chinese())
	case it.HandedOver.Year < 1990:
		it.wrong(HandedOver, "应为 1990 年以后，现在是"+it.HandedOver.Chinese())
	}
}

func (rd *reader) readFlags(row Row, it *Item) {
	it.TextPublic, it.NoWrittenReply = rd.defaults.TextPublic, rd.defaults.NoWrittenReply
	if words := oneLine(rd.cell(row, TextPublic)); words != "" {
		yes, known := yesOf(words)
		if it.TextPublic = yes; !known {
			it.wrong(TextPublic, saw("应为是或否", words))
		}
	}
	if words := oneLine(rd.cell(row, NoWrittenReply)); words != "" {
		yes, known := yesOf(words)
		if it.NoWrittenReply = !yes; !known {
			it.wrong(NoWrittenReply, saw("应为是或否", words))
		}
	}
}
