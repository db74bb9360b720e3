package web

import (
	"cmp"
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// plannedOwner is who was to keep a promise of a draft, at first who handles it,
// where the caller can tell who that is.
func plannedOwner(s subject) string {
	if id := s.promise.GetPlan().GetOwnerId(); id != 0 {
		return strconv.FormatInt(id, 10)
	}
	var named []*fuyanv1.User
	for _, u := range s.users {
		if u.DisplayName == s.proposal.GetProposal().GetHandler() && !u.Disabled {
			named = append(named, u)
		}
	}
	if len(named) == 1 {
		return strconv.FormatInt(named[0].Id, 10)
	}
	return strconv.FormatInt(s.me.GetId(), 10)
}

// plannedDue is by when, at first the day that its words name.
func plannedDue(s subject) string {
	return cmp.Or(s.promise.GetPlan().GetDue(), s.promise.GetDue())
}

// plannedDeliverable is what there will be, at first what the sentence says behind
// the words that make it a promise and that name its day: 将于9月底前开放两处实验室
// delivers 开放两处实验室.
func plannedDeliverable(s subject) string {
	if what := s.promise.GetPlan().GetDeliverable(); what != "" {
		return what
	}
	sentence := strings.TrimRight(s.promise.GetText(), "。；！ \n")
	rest := sentence
	for _, cue := range strings.Split(s.promise.GetCue(), "/") {
		if _, behind, ok := strings.Cut(rest, cue); ok && cue != "" {
			rest = behind
		}
	}
	// A day that stands first is no part of it; one in its midst is.
	if before, behind, ok := strings.Cut(rest, s.promise.GetDueWords()); ok && len([]rune(before)) <= 3 {
		rest = behind
	}
	rest = strings.TrimLeft(rest, "，、：； 于在")
	if len([]rune(rest)) < 4 { // the cue stood at the end
		rest = sentence
	}
	return rest
}

// plannedCriterion is how it will be judged, at first by what shows it.
func plannedCriterion(s subject) string {
	if how := s.promise.GetPlan().GetCriterion(); how != "" || s.promise.GetText() == "" {
		return how
	}
	return "有能够证明完成的凭据"
}
