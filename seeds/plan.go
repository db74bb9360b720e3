package seeds

import (
	"context"
	"slices"
)

// A plan says how far one proposal has come.
type plan struct {
	number  string
	ago     int    // days since it was handed over
	handler string // an account; nothing before it is assigned
	steps   []step
	// fates says what became of the letter's commitments, in their order; the
	// last stands for all that follow.
	fates []fate
}

// A step is done on a day: so many days after hand-over or, when negative,
// before the present.
type step struct {
	day int
	do  func(*walk, context.Context) error
}

// The usual stretches of the way.
var (
	prepare = []step{
		{1, (*walk).accept},
		{3, (*walk).assign},
		{4, (*walk).askHelpers},
		{20, (*walk).giveOpinions},
		{27, (*walk).contact},
	}
	write   = []step{{40, (*walk).draft}, {42, (*walk).planPromises}, {45, (*walk).submit}}
	review  = []step{{48, (*walk).approve}, {50, (*walk).approve}, {52, (*walk).sign}}
	issue   = []step{{54, (*walk).issue}}
	deliver = []step{{57, (*walk).deliverAll}, {58, (*walk).sendCopies}, {61, (*walk).acknowledge}}
	publish = []step{{68, (*walk).publish}}
	finish  = []step{{80, (*walk).close}}
)

// answer is the way to an answered proposal.
var answer = slices.Concat(prepare, write, review, issue, deliver)

// plans lists the proposals of the year, the oldest first: numbers are taken in
// the order of the letters' days.
var plans = []plan{
	{"0218", 200, "handler", slices.Concat(answer, publish, []step{{70, byMember}}, finish), []fate{inHand, done, moved}},
	{"0009", 195, "handler", slices.Concat(answer, publish, []step{{72, byParty}}, finish), []fate{urged, inHand, kept}},
	{"0068", 190, "handler2", slices.Concat(answer, publish), []fate{late, inHand, done}},
	{"0356", 185, "handler", slices.Concat(answer, publish), []fate{moved, kept, inHand}},
	{"0533", 180, "handler2", slices.Concat(answer, publish), []fate{inHand, late, kept}},
	{"0142", 175, "handler", slices.Concat(answer, publish, []step{{73, byVisit}}, finish), []fate{kept, inHand}},
	{"0402", 170, "handler2", slices.Concat(answer, publish, []step{{74, byFirst}, {-6, unanswered}}), []fate{inHand, dropped, inHand}},
	{"0311", 165, "handler2", slices.Concat(answer, publish, []step{{75, byOversees}}), []fate{refused, noted, waived}},
	{"0467", 160, "handler", slices.Concat(answer, publish, []step{{76, complaint}, {-12, redo}, {-3, (*walk).draft}}), []fate{kept, inHand}},
	{"0613", 110, "handler2", slices.Concat(prepare, []step{
		{60, extend}, {63, (*walk).grantExtension}, {80, (*walk).draft}, {82, (*walk).planPromises}, {85, (*walk).submit}, {88, (*walk).approve},
	}), nil},
	{"0207", 100, "handler", []step{
		{1, (*walk).accept}, {3, (*walk).assign}, {4, (*walk).askHelpers}, {20, (*walk).giveFirstOpinion}, {60, (*walk).draft},
	}, nil},
	{"0015", 90, "handler", slices.Concat(prepare, write, review, issue), []fate{noted}},
	{"0425", 86, "handler2", slices.Concat(prepare, write, review, issue, publish, []step{{70, (*walk).sendCopies}}), []fate{noted}},
	{"0127", 84, "handler", slices.Concat(prepare, []step{{50, (*walk).draft}, {80, extend}}), nil},
	{"0389", 80, "handler", slices.Concat(prepare, write, review), nil},
	{"1014", 70, "handler2", slices.Concat(prepare, write, review[:2]), nil},
	{"0476", 60, "handler2", []step{{1, (*walk).accept}, {3, (*walk).assign}, {30, withdraw}}, nil},
	{"1011", 58, "handler2", slices.Concat(prepare, write, []step{{47, sendBack}}), nil},
	{"1018", 50, "handler", slices.Concat(prepare, write), nil},
	{"0598", 40, "", []step{{2, askReturn}, {6, (*walk).grantReturn}}, nil},
	{"0043", 10, "", prepare[:1], nil},
	{"1007", 5, "", nil, nil},
	{"0702", 4, "", []step{{2, askReturn}}, nil},
	{"0581", 2, "", nil, nil},
}

// What is written on the way where the way is unusual.
var (
	askReturn = because((*walk).askReturn, "所涉事项不属于本单位职能，建议改由具有相应管理职责的部门主办，我单位可配合提出意见。")
	extend    = because((*walk).askExtension, "所提事项涉及多个部门，尚需进一步会商并听取提出人意见。")
	withdraw  = because((*walk).withdraw, "提出人来函说明情况已有变化，申请撤回。")
	redo      = because((*walk).redo, "提出人对首次答复中关于列支范围的说明不满意，请补充办理并重新答复。")
	sendBack  = because((*walk).sendBack, "请补充演练的牵头部门，并核对负荷数据的口径。")
)

// because gives a step its words.
func because(do func(*walk, context.Context, string) error, words string) func(*walk, context.Context) error {
	return func(w *walk, ctx context.Context) error { return do(w, ctx, words) }
}
