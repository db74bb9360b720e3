package casework

import (
	"fmt"
	"strings"
)

// More recipients, of what is told once because it happened.
const (
	ToNext     Recipient = "next"     // whose turn it is to review or sign
	ToHelper   Recipient = "helper"   // the office of the organ that is asked
	ToReceiver Recipient = "receiver" // the office that a copy was sent to, or whose urge is answered
	ToOffered  Recipient = "offered"  // who is to own a promise
)

// An Occasion says who is told once that something was done, and in what words.
type Occasion struct {
	Tells []Recipient
	Words string // %s is the proposal: 提案第0670号
}

// Unsatisfied is the occasion of the first feedback of a round that is not
// satisfied. It is no event: the feedback itself is on record.
const Unsatisfied Verb = "unsatisfied"

// Occasions are the moves of a proposal, and of its promises, that somebody is
// told of. Who made the move is not told.
var Occasions = map[Verb]Occasion{
	GrantReturn:         {[]Recipient{ToOffice}, "【退办】%s的退办申请已获同意"},
	RefuseReturn:        {[]Recipient{ToOffice}, "【退办】%s的退办申请未获同意，请继续办理"},
	Assign:              {[]Recipient{ToHandler}, "【分办】%s已交您办理"},
	RequestOpinion:      {[]Recipient{ToHelper}, "【会办】请对%s提出会办意见"},
	SubmitOpinion:       {[]Recipient{ToHandler}, "【会办】%s的会办意见已提交"},
	DecideExtension:     {[]Recipient{ToHandler, ToOffice}, "【延期】%s的延期申请已审批"},
	Redo:                {[]Recipient{ToHandler, ToOffice}, "【二次办理】%s已交回再次办理"},
	DeclineRedo:         {[]Recipient{ToHandler, ToOffice}, "【不予二次办理】%s不再交回办理"},
	Unsatisfied:         {[]Recipient{ToOversight}, "【不满意】%s有提出人不满意，请决定是否二次办理"},
	Submit:              {[]Recipient{ToNext}, "【待审核】%s的答复稿等您审核"},
	Approve:             {[]Recipient{ToNext}, "【待审核】%s的答复稿等您审核"},
	SendBack:            {[]Recipient{ToHandler}, "【退回】%s的答复稿被退回修改"},
	CopySent:            {[]Recipient{ToReceiver}, "【抄送】收到%s的复文，请签收"},
	Verb(Confirm):       {[]Recipient{ToHandler}, "【承诺】%s的一项承诺由您负责兑现"},
	Verb(ChangeDueDay):  {[]Recipient{ToHandler}, "【时限调整】%s的一项承诺调整了完成时限"},
	Verb(ReportDone):    {[]Recipient{ToHead, ToOffice}, "【待核查】%s的一项承诺报告完成，请核查"},
	Verb(VerifyKept):    {[]Recipient{ToHandler}, "【核销】%s的一项承诺已核销"},
	Verb(VerifyNotKept): {[]Recipient{ToHandler}, "【退回】%s的一项承诺未通过核查，请继续办理"},
	Verb(Drop):          {[]Recipient{ToHandler, ToOversight}, "【终止】%s的一项承诺经书面报告终止"},
	Verb(Reopen):        {[]Recipient{ToHandler, ToOffice}, "【重新办理】%s的一项承诺重新打开，请继续办理"},
	Verb(Offer):         {[]Recipient{ToOffered}, "【转交】%s的一项承诺转交给您，请决定是否接手"},
	Verb(TakeOver):      {[]Recipient{ToHandler, ToOffice}, "【接手】%s的一项承诺已由新的责任人接手"},
	Verb(WithdrawOffer): {[]Recipient{ToOffered}, "【转交】%s的一项承诺不再转交给您，无需答复"},
	Verb(DeclineOffer):  {[]Recipient{ToHandler, ToOffice}, "【转交】%s的一项承诺没有被接手"},
	Verb(Urge):          {[]Recipient{ToHandler, ToHead, ToOffice}, "【催办】督办单位催办%s的一项承诺，请签收并答复"},
	Verb(AnswerUrge):    {[]Recipient{ToReceiver}, "【催办答复】%s的一件催办已有答复"},
	Verb(SayNotKept):    {[]Recipient{ToOversight, ToOffice, ToHandler}, "【不同意见】提出人认为%s的一项承诺没有兑现，请督办单位决定"},
	Verb(Uphold):        {[]Recipient{ToHandler, ToOffice}, "【维持核销】督办单位对%s的一项承诺维持核销"},
	Verb(CarryOver):     {[]Recipient{ToHandler, ToOffice}, "【转下年度】%s的一项承诺转入下一年度继续办理"},
	TermEnded:           {[]Recipient{ToHandler, ToOffice}, "【换届】%s有承诺尚未兑现，请向提出人作出书面说明"},
}

// Subject says what happened, in one line. At the last step of the review it is
// the signature that is waited for.
func (o Occasion) Subject(k Kind, number string, signing bool) string {
	words := o.Words
	if signing {
		words = strings.NewReplacer("待审核", "待签发", "等您审核", "等您签发").Replace(words)
	}
	return fmt.Sprintf(words, Matter(k, number))
}

// A MoveCause is why many deadlines moved at once, or one moved by itself.
type MoveCause string

const (
	MovedByCalendar MoveCause = "calendar"
	MovedByRule     MoveCause = "rule"
	MovedByPause    MoveCause = "resume"
)

// Words are what those whom a deadline concerns are told of its move.
func (c MoveCause) Words(k Kind, number, name string, due Date) (subject, body string) {
	why := map[MoveCause]string{
		MovedByCalendar: "工作日历有调整",
		MovedByRule:     "时限规定有调整",
		MovedByPause:    "期限恢复计算",
	}[c]
	subject = fmt.Sprintf("【期限调整】%s%s期限改为%s", Matter(k, number), name, due.Chinese())
	return subject, why + "，" + Matter(k, number) + "的" + name + "期限随之调整，现为" + due.Chinese() + "。调整前后的日期和推算过程见期限页面。"
}
