package casework

import (
	"fmt"
	"slices"
	"strings"
)

// A Rating is what a proposer says of one side of the handling (SH-REG art. 21).
type Rating string

const (
	Satisfied    Rating = "satisfied"    // 满意
	Basically    Rating = "basically"    // 基本满意
	Dissatisfied Rating = "dissatisfied" // 不满意
)

// Label returns what people call r.
func (r Rating) Label() string {
	switch r {
	case Satisfied:
		return "满意"
	case Basically:
		return "基本满意"
	case Dissatisfied:
		return "不满意"
	}
	return ""
}

// Own is the channel of what a proposer says with their own account. By every
// other channel somebody collected it.
const Own = "own"

// feedbackChannels are how people call the channels of feedback.
var feedbackChannels = map[string]string{Own: "本人", "visit": "走访", "call": "电话", "meeting": "座谈", "letter": "书面"}

// A Feedback (反馈) is what a proposer says of a round of the handling.
type Feedback struct {
	Attitude Rating // 办理态度
	Result   Rating // 办理结果
	Text     string
	Channel  string // Own, visit, call, meeting or letter
}

// Dissatisfied reports whether the proposer is not satisfied with one side or the
// other.
func (f Feedback) Dissatisfied() bool { return f.Attitude == Dissatisfied || f.Result == Dissatisfied }

// Check says what is missing in what somebody wrote.
func (f Feedback) Check() error {
	switch {
	case f.Attitude.Label() == "":
		return Invalid("attitude", "应为满意、基本满意或不满意")
	case f.Result.Label() == "":
		return Invalid("result", "应为满意、基本满意或不满意")
	case f.Dissatisfied() && strings.TrimSpace(f.Text) == "":
		return Invalid("text", "不满意的，应写明具体意见")
	}
	return nil
}

// Note says who rates how and by which channel it came, without the words: all
// proposers read the history, and each one's words are for the offices alone.
func (f Feedback) Note(name string) string {
	return fmt.Sprintf("%s·%s：办理态度%s，办理结果%s", name, feedbackChannels[f.Channel], f.Attitude.Label(), f.Result.Label())
}

// collects says who may ask the proposers what they think and write it down.
func collects(u User, s Standing) bool {
	return u.Has(Office) && answers(u, s) || u.Has(Supervisor) && oversees(u, s)
}

// givesFeedback says who may bring feedback at all: a proposer, and who collects
// it.
func givesFeedback(u User, s Standing) bool {
	return collects(u, s) || proposes(u, s)
}

// MaySay refuses a channel by which u cannot have what a proposer with the
// account says; 0 is a proposer who has none. Proposers speak for themselves and
// with their own account alone; whoever collects says how they came by it.
func (u User) MaySay(s Standing, account int64, channel string) error {
	switch {
	case account != 0 && account == u.ID:
		if channel != Own {
			return Invalid("channel", "本人的反馈应以本人账号提出")
		}
	case !collects(u, s):
		return fmt.Errorf("give another proposer's feedback: %w", ErrForbidden)
	case channel == Own || feedbackChannels[channel] == "":
		return Invalid("channel", "应为走访、电话、座谈或书面；本人账号的反馈只能由本人提出")
	}
	return nil
}

// awaits reports whether u can bring feedback that is still to come: a proposer
// their own, who collects anybody's.
func (u User) awaits(s Standing) bool {
	return slices.Contains(s.Unspoken, u.ID) || collects(u, s) && len(s.Awaited) > 0
}
