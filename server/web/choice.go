package web

import (
	"context"
	"slices"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func choice(id int64, label string) option {
	return option{Value: strconv.FormatInt(id, 10), Label: label}
}

// handlers are the people whom a proposal can be given to.
func handlers(s subject) []option {
	return people(s.users, func(u *fuyanv1.User) bool { return slices.Contains(u.Roles, fuyanv1.Role_ROLE_HANDLER) })
}

// owners are the people who can keep a promise: everyone of the house whom the
// caller may see, and the caller.
func owners(s subject) []option {
	if len(s.users) == 0 {
		return people([]*fuyanv1.User{s.me}, func(*fuyanv1.User) bool { return true })
	}
	return people(s.users, func(u *fuyanv1.User) bool { return u.OrganId != 0 })
}

func people(users []*fuyanv1.User, wanted func(*fuyanv1.User) bool) []option {
	var out []option
	for _, u := range users {
		if u.Disabled || !wanted(u) {
			continue
		}
		label := u.DisplayName
		if u.Division != "" {
			label += "（" + u.Division + "）"
		}
		out = append(out, choice(u.Id, label))
	}
	return out
}

// An organChoice are the organs that a list can be narrowed to.
type organChoice struct {
	Options []option
	More    bool // organs than those, to which the page of the organs leads
}

// organsAnswering offers the organs that answer, with the one chosen, which need not
// be among those that are offered of many.
func (p *pages) organsAnswering(ctx context.Context, chosen int64) (organChoice, error) {
	answer, err := p.accounts.ListOrgans(ctx, &fuyanv1.ListOrgansRequest{Answering: true})
	if err != nil {
		return organChoice{}, err
	}
	offered := organChoice{More: answer.MoreOrgans}
	named := chosen == 0
	for _, o := range answer.Organs {
		named = named || o.Id == chosen
		offered.Options = append(offered.Options, option{idText(o.Id), o.Name, o.Id == chosen})
	}
	if named || !offered.More {
		return offered, nil
	}
	answer, err = p.accounts.ListOrgans(ctx, &fuyanv1.ListOrgansRequest{OrganId: chosen})
	for _, o := range answer.GetOrgans() {
		offered.Options = append(offered.Options, option{idText(o.Id), o.Name, true})
	}
	return offered, err
}

func organs(s subject) []option {
	var out []option
	for _, o := range s.organs {
		out = append(out, choice(o.Id, o.Name))
	}
	return out
}

// helpers are the organs that can be asked for an opinion: all but the one that
// answers.
func helpers(s subject) []option {
	var out []option
	for _, o := range s.organs {
		if o.Name != s.proposal.GetProposal().GetOrgan() {
			out = append(out, choice(o.Id, o.Name))
		}
	}
	return out
}

// divisions are those of every organ, each behind its organ's name.
func divisions(s subject) []option {
	var out []option
	for _, o := range s.organs {
		for _, d := range standing(o) {
			out = append(out, choice(d.Id, o.ShortName+" · "+d.Name))
		}
	}
	return out
}

func proposers(s subject) []option {
	var out []option
	for _, p := range s.proposal.GetProposers() {
		out = append(out, choice(p.Id, p.Name))
	}
	return out
}

// undelivered are the proposers whom the letter has not reached.
func undelivered(s subject) []option {
	var out []option
	for _, d := range s.reply.GetDeliveries() {
		if d.Day == "" {
			out = append(out, choice(d.ProposerId, d.Proposer))
		}
	}
	if len(s.reply.GetDeliveries()) == 0 {
		return proposers(s)
	}
	return out
}

// uncopied are the offices that the letter was not sent to.
func uncopied(s subject) []option {
	var out []option
	for _, c := range s.reply.GetCopies() {
		if c.SendTime == nil {
			out = append(out, choice(c.OrganId, c.Organ))
		}
	}
	return out
}

// resultsOf are the results that this kind of proposal can have.
func resultsOf(s subject) []option { return results[s.proposal.GetProposal().GetKind()].options() }

// allResults are the results of both kinds, for a form that does not know yet.
func allResults(subject) []option {
	return []option{
		{Value: fuyanv1.Result_RESULT_ADOPTED.String(), Label: "解决采纳 / 解决或采纳"},
		{Value: fuyanv1.Result_RESULT_IN_PROGRESS.String(), Label: "正在解决（建议）"},
		{Value: fuyanv1.Result_RESULT_PLANNED.String(), Label: "计划解决 / 列入计划拟解决"},
		{Value: fuyanv1.Result_RESULT_REFERENCE.String(), Label: "留作参考"},
	}
}

func verdicts(subject) []option {
	return []option{{Value: "yes", Label: "核销"}, {Value: "no", Label: "未完成，退回"}}
}

func acceptances(subject) []option {
	return []option{{Value: "yes", Label: "接手"}, {Value: "no", Label: "不接手"}}
}

func keepings(subject) []option {
	return []option{{Value: "yes", Label: "已经兑现"}, {Value: "no", Label: "没有兑现"}}
}

// silentProposers are those who have not said whether a promise is kept.
func silentProposers(s subject) []option {
	var out []option
	for _, p := range s.silent {
		out = append(out, choice(p.Id, p.Name))
	}
	return out
}

// firstSilent is the only one who can speak, where there is no choice.
func firstSilent(s subject) string {
	if len(s.silent) == 1 {
		return strconv.FormatInt(s.silent[0].Id, 10)
	}
	return ""
}

// answerWays are how a proposer can have said something: by their own account, or
// to who puts it on record.
func answerWays(s subject) []option {
	if slices.Contains(s.me.GetRoles(), fuyanv1.Role_ROLE_DELEGATE) {
		return feedbackChannels[:1].options()
	}
	return feedbackChannels[1:].options()
}

func ownWay(s subject) string {
	if ways := answerWays(s); len(ways) == 1 {
		return ways[0].Value
	}
	return ""
}

func unansweredUrges(s subject) []option {
	var out []option
	for _, u := range s.urges {
		if u.AnswerTime == nil {
			out = append(out, choice(u.Id, u.DocumentNumber))
		}
	}
	return out
}

func firstUrge(s subject) string {
	if open := unansweredUrges(s); len(open) > 0 {
		return open[0].Value
	}
	return ""
}

func presentLetter(s subject) string {
	if letters := s.reply.GetLetters(); len(letters) > 0 {
		return letters[0].Text
	}
	return ""
}

func wordsDue(s subject) string { return s.commitment.GetWordsDue() }

func userID(s subject) string { return strconv.FormatInt(s.user.GetId(), 10) }

func userRoles(s subject) []string {
	var names []string
	for _, r := range s.user.GetRoles() {
		names = append(names, r.String())
	}
	return names
}

func userDisabled(s subject) string {
	if s.user.GetDisabled() {
		return "yes"
	}
	return ""
}
