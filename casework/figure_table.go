package casework

// ProposalFigures are the figures about proposals, in the order of reports.
var ProposalFigures = []FigureOf[ProposalFacts]{
	{
		Figure{
			"answered", "办复率",
			"已办复件 ÷ 承办件；承办件是截止日已收到、未退办也未撤回的独办、主办、合办、分办件；办复指复文已送达全部提出人并已抄送，或者提出人不需书面答复而办结；交回二次办理的仍按首次办复计入。",
			"全国政协2015年：已办复÷立案",
		},
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
		func(p ProposalFacts, _ Cut) bool { return p.counts() },
	},
	{
		Figure{
			"on_time", "按期办复率",
			"首次复文的成文日期不晚于截止日当时有效的答复期限（含已批准的延期和暂停）的已办复件 ÷ 已办复或者答复期限已满的承办件；未办复而期限暂停的不计入。",
			"北京通州2015年：在规定期限内并按规定程序办复；上海市代表建议规定第十九条",
		},
		func(p ProposalFacts, _ Cut) bool { return p.answered() && !p.Answered.After(p.Due) },
		func(p ProposalFacts, c Cut) bool {
			return p.answered() || p.counts() && !p.Paused && c.past(p.Due)
		},
	},
	{
		Figure{"closed", "办结率", "已办结件 ÷ 承办件（未退办、未撤回）。", "杭州2022年：办结率、面商率、上网率、满意率并列"},
		func(p ProposalFacts, _ Cut) bool { return p.Closed },
		func(p ProposalFacts, _ Cut) bool { return p.counts() },
	},
	{
		Figure{"adopted", "解决采纳率", "最近一次办复的结果为解决采纳（解决或采纳）的件 ÷ 已办复件。", "上海2023年：652÷820；上海市代表建议规定第十八条"},
		func(p ProposalFacts, _ Cut) bool { return p.Result == Adopted },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"in_progress", "结果：正在解决", "最近一次办复的结果为正在解决的件 ÷ 已办复件。", "上海市代表建议规定第十八条"},
		func(p ProposalFacts, _ Cut) bool { return p.Result == InProgress },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"planned", "结果：计划解决", "最近一次办复的结果为计划解决（列入计划拟解决）的件 ÷ 已办复件。", "上海市代表建议规定第十八条"},
		func(p ProposalFacts, _ Cut) bool { return p.Result == Planned },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"reference", "结果：留作参考", "最近一次办复的结果为留作参考的件 ÷ 已办复件。", "上海市代表建议规定第十八条"},
		func(p ProposalFacts, _ Cut) bool { return p.Result == Reference },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"no_result", "结果：未载明", "没有书面答复或者复文没有载明办理结果的件 ÷ 已办复件。", "四类结果之外的余数"},
		func(p ProposalFacts, _ Cut) bool { return p.Result == "" },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"solving", "解决或计划解决率", "最近一次办复的结果为解决采纳、正在解决或者计划解决的件 ÷ 已办复件。", "全国人大2019年：解决或计划逐步解决"},
		func(p ProposalFacts, _ Cut) bool { return p.Result != "" && p.Result != Reference },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"public", "主动公开率", "截止日有复文（全文或者摘要）在公开页面上、没有撤下的件 ÷ 已办复件。", "市人大2023年：公开办理结果的件数"},
		func(p ProposalFacts, _ Cut) bool { return p.Public },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"to_be_public", "主动公开属性率", "最近一次办复的公开属性为主动公开（全文或者摘要）的件 ÷ 已办复件，不论是否已经公开。", "市住建委2023年：56÷58"},
		func(p ProposalFacts, _ Cut) bool { return p.Publicity == Full || p.Publicity == Summary },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"met", "面商率", "登记过走访或者座谈、面商的件 ÷ 承办件（未退办、未撤回）。", "杭州2022年；各地没有统一的算式"},
		func(p ProposalFacts, _ Cut) bool { return p.Met },
		func(p ProposalFacts, _ Cut) bool { return p.counts() },
	},
	{
		Figure{"contacted", "沟通率", "登记过走访、座谈、电话或者书面沟通的件 ÷ 承办件（未退办、未撤回）。", "各地名称，没有统一的算式"},
		func(p ProposalFacts, _ Cut) bool { return p.Contacted },
		func(p ProposalFacts, _ Cut) bool { return p.counts() },
	},
	{
		Figure{"redone", "二次办理率", "办复后曾被交回二次办理的件 ÷ 已办复件；一件交回几次都只计一次。", "上海市代表建议规定第二十一条"},
		func(p ProposalFacts, _ Cut) bool { return p.Redone },
		func(p ProposalFacts, _ Cut) bool { return p.answered() },
	},
	{
		Figure{"lead", "主办件数", "独办和主办件 ÷ 全部承办件和会办件（未退办、未撤回，同一件只计一次）。", "市住建委2023年：140＝主合办59＋会办81"},
		func(p ProposalFacts, _ Cut) bool { return p.Answers && (p.Part == Sole || p.Part == Lead) },
		func(p ProposalFacts, _ Cut) bool { return p.takesPart() },
	},
	{
		Figure{"joint", "合办件数", "合办件 ÷ 全部承办件和会办件（未退办、未撤回，同一件只计一次）。", "市住建委2023年：140＝主合办59＋会办81"},
		func(p ProposalFacts, _ Cut) bool { return p.Answers && p.Part == Joint },
		func(p ProposalFacts, _ Cut) bool { return p.takesPart() },
	},
	{
		Figure{"split", "分办件数", "分办件 ÷ 全部承办件和会办件（未退办、未撤回，同一件只计一次）。", "上海市代表建议规定第十三条"},
		func(p ProposalFacts, _ Cut) bool { return p.Answers && p.Part == Split },
		func(p ProposalFacts, _ Cut) bool { return p.takesPart() },
	},
	{
		Figure{"helper", "会办件数", "被征求会办意见的件 ÷ 全部承办件和会办件（未退办、未撤回，同一件只计一次）；没有选定单位时，指有单位会办的件。", "市住建委2023年：140＝主合办59＋会办81"},
		func(p ProposalFacts, _ Cut) bool { return p.Helps },
		func(p ProposalFacts, _ Cut) bool { return p.takesPart() },
	},
}

func (p ProposalFacts) takesPart() bool { return (p.Answers || p.Helps) && !p.Returned && !p.Withdrawn }

// FormFigures are the figures about what proposers said of their replies.
var FormFigures = []FigureOf[FormFacts]{
	{
		Figure{"returned", "反馈率", "已收回的反馈 ÷ 应反馈数；复文送达一位提出人即为一份，每轮答复各计一份，撤回的件不计。", "上海市代表建议规定第二十一条"},
		func(f FormFacts, _ Cut) bool { return f.returned() },
		asked,
	},
	{
		Figure{"attitude", "满意率（办理态度）", "对办理态度满意或者基本满意的反馈 ÷ 已收回的反馈；没有反馈的不计入。", "宁波2012年：满意和基本满意÷收回；重庆规定第二十九条：未收回的不计"},
		func(f FormFacts, _ Cut) bool { return f.Attitude.pleased() },
		func(f FormFacts, _ Cut) bool { return f.returned() },
	},
	{
		Figure{"result", "满意率（办理结果）", "对办理结果满意或者基本满意的反馈 ÷ 已收回的反馈；没有反馈的不计入。", "宁波2012年：满意和基本满意÷收回；重庆规定第二十九条：未收回的不计"},
		func(f FormFacts, _ Cut) bool { return f.Result.pleased() },
		func(f FormFacts, _ Cut) bool { return f.returned() },
	},
	{
		Figure{"attitude_of_asked", "满意率（办理态度，对应反馈数）", "对办理态度满意或者基本满意的反馈 ÷ 应反馈数；没有反馈的不算满意。", "北京通州2015年：以全部件为分母"},
		func(f FormFacts, _ Cut) bool { return f.Attitude.pleased() },
		asked,
	},
	{
		Figure{"result_of_asked", "满意率（办理结果，对应反馈数）", "对办理结果满意或者基本满意的反馈 ÷ 应反馈数；没有反馈的不算满意。", "北京通州2015年：以全部件为分母"},
		func(f FormFacts, _ Cut) bool { return f.Result.pleased() },
		asked,
	},
	{
		Figure{"first_round", "初次办理满意率", "对首次答复的办理态度和办理结果都满意或者基本满意的反馈 ÷ 已收回的对首次答复的反馈；其后二次办理的结果不改变它。", "某市2023年：初次办理满意率86÷93"},
		func(f FormFacts, _ Cut) bool { return f.Attitude.pleased() && f.Result.pleased() },
		func(f FormFacts, _ Cut) bool { return f.returned() && f.Round == 1 },
	},
}

func asked(f FormFacts, _ Cut) bool { return !f.Withdrawn }

// CommitmentFigures are the figures about promises. Those of a proposal that was
// withdrawn later still count: the letter made them.
var CommitmentFigures = []FigureOf[CommitmentFacts]{
	{
		Figure{"kept", "承诺落实率", "已核销的承诺 ÷ 现行期限在统计期内已满的承诺，加上期限早于统计期、统计期开始时尚未了结而转入的，各计一次；终止的仍在分母，待确认和不列入的不计。", "青岛规定第三十一条列入考核，没有算式；按已核销÷到期"},
		func(c CommitmentFacts, _ Cut) bool { return c.State == Kept },
		func(c CommitmentFacts, t Cut) bool { return c.due(c.Due, t) },
	},
	{
		Figure{"kept_on_time", "承诺按期兑现率", "已核销、且完成日不晚于首个约定期限的承诺 ÷ 首个约定期限在统计期内已满的承诺，加上期限早于统计期、统计期开始时尚未了结而转入的；调整期限不改变首个期限。", "按首个约定期限计；上海市代表建议规定第二十二条"},
		func(c CommitmentFacts, _ Cut) bool { return c.State == Kept && !c.Done.After(c.FirstDue) },
		func(c CommitmentFacts, t Cut) bool { return c.due(c.FirstDue, t) },
	},
	{
		Figure{"overdue", "逾期未结承诺", "进行中、且现行期限已满的承诺 ÷ 进行中的承诺。", "上海市代表建议规定第二十二条"},
		func(c CommitmentFacts, t Cut) bool { return t.past(c.Due) },
		func(c CommitmentFacts, _ Cut) bool { return c.State == Open },
	},
	{
		Figure{"moved", "调整期限的承诺", "现行期限不同于首个约定期限的承诺 ÷ 已确认的承诺。", "与落实率分列"},
		func(c CommitmentFacts, _ Cut) bool { return c.Due != c.FirstDue },
		func(c CommitmentFacts, _ Cut) bool { return c.followed() },
	},
	{
		Figure{"dropped", "终止的承诺", "经书面报告终止的承诺 ÷ 已确认的承诺。", "与落实率分列；上海市代表建议规定第二十二条"},
		func(c CommitmentFacts, _ Cut) bool { return c.State == Dropped },
		func(c CommitmentFacts, _ Cut) bool { return c.followed() },
	},
	{
		Figure{"unconfirmed", "待确认的承诺", "复文中读出、还没有确认或者决定不列入的承诺 ÷ 复文中读出的全部承诺。", "待确认的不在落实率中"},
		func(c CommitmentFacts, _ Cut) bool { return c.State == Noted },
		func(CommitmentFacts, Cut) bool { return true },
	},
}
