// Package letter reads, checks and writes the letters (复文) in which a
// department answers a proposal (政协提案) or a suggestion (代表建议).
//
// Read takes a letter apart in passes, each a few files:
//
//   - source, markup, traditional: the text without white space, page clutter and
//     markup, its punctuation and characters in one form, with a map back to the
//     place of each character;
//   - frame, para: lines become head, salutation, paragraphs and foot;
//   - head, field, number, sitting, proposer, foot: the fields, each by its label
//     or its shape;
//   - read, unit: headings are the sections, paragraphs are cut into units, which
//     are sentences, sides of a semicolon and items of lists;
//   - cue, modal, when, condition, voice, past: what marks a unit as a promise
//     (下一步, 将, 拟, a day to come), who speaks in it, and what only looks like
//     one: forecasts, courtesies, quoted plans, what was done;
//   - teller, promise: the units in order, for a heading, a lead-in or the
//     sentence before may govern what has no cue of its own;
//   - due, organ, nature: until when, by whom, and what kind of thing.
//
// The rules are tables of words and shapes of the language. No letter is read
// by words that only it has; a corpus in testdata says how well that goes.
//
// Check holds a draft or a whole letter against what is on record, and Compose
// writes the letter as it is issued. What a fault means for the work, and what
// becomes of a promise, package casework decides.
package letter

import "fuyan/casework"

// A Span is a stretch of a text, counted in characters (Unicode code points).
// End is the first character behind it.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// A Field is the place where one field of a letter was read. Name is its JSON
// key, for example document_number.
type Field struct {
	Name string
	Span Span
}

// A Due is a day that the words of a promise name.
type Due struct {
	Words string        // as printed: 今年年底前
	Day   casework.Date // its last day
	Unit  string        // day, month, quarter or year
}

// A Section is a top-level heading of the body, with the place where it is printed.
type Section struct {
	Heading string
	Span    Span
}

// A Commitment (承诺事项) is one promise of a letter.
type Commitment struct {
	Text        string   // exactly the letter's characters
	Span        Span     // where Text stands
	Cue         string   // the words that mark it, joined by /: 下一步/将
	Responsible []string // the organs named as doing it, as printed
	Due         Due      // zero when the words name no day
	Nature      Nature   // empty when the words do not say
	Conditional bool     // it depends on something: 待资金到位后
}

// A Reading is what a letter says. What is not printed is the zero value.
type Reading struct {
	Kind           casework.Kind
	IssuingOrgan   string // 署名
	DocumentNumber string // 发文字号
	Body           string // 市政协
	Term, Session  int    // 届, 次
	CaseNumber     string
	Title          string // 案由
	Proposers      []string
	ResultLabel    string // 办理结果
	PublicityLabel string // 公开属性
	IssueDate      casework.Date
	CopiedTo       []string
	ContactName    string
	ContactPhone   string
	Sections       []Section
	Commitments    []Commitment
	Fields         []Field // where each field above was found, in reading order
	Conflicts      []Conflict
}

// A Conflict is a field that the opening prints otherwise than the letter's
// title, which is followed.
type Conflict struct {
	Field   string // its JSON key
	Printed string // what the opening says
	Span    Span
}

// Facts is what is on record about a proposal and its reply.
type Facts struct {
	Kind            casework.Kind
	Sitting         casework.Sitting
	Number          string // as printed: 0670
	Title           string // 案由
	Proposers       []string
	Organ           string // 上海市科学技术委员会
	OrganOffice     string // 上海市科委办公室
	Prefix          string // 沪科提复
	Result          string // as printed, may be empty
	Publicity       string // as printed, may be empty
	DocumentNumber  string // empty before issue
	IssueDate       casework.Date
	ReplyDue        casework.Date
	CopiedTo        []string // who must receive a copy
	ContactName     string   // the department's own contact, optional
	ContactPhone    string
	ContactAddress  string
	ContactPostcode string
	// Plans are what was decided of the promises of the draft, by sentence; nil
	// where nobody asks for that: a letter read alone.
	Plans map[string]Plan
}

// A Plan is what was decided of a promise: it will be followed until a day, or it
// is none to follow.
type Plan struct {
	Due    casework.Date
	Waived bool
}

// A Fault is something in a letter that a rule forbids or warns of.
type Fault struct {
	Rule    string // short stable id: number_form
	Error   bool   // false: a warning
	Message string // one Chinese sentence: what is wrong and what would be right
	Span    Span   // place in the text checked; zero when something is missing
}
