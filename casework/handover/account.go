package handover

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// An Account is one of a person who hands proposals in.
type Account struct {
	ID          int64
	Name        string // to sign in with
	DisplayName string
}

// Accounts are those that proposers may have.
type Accounts struct {
	byName    map[string]int64
	byDisplay map[string][]int64
}

// AccountsOf makes accounts ready for look-up.
func AccountsOf(list []Account) Accounts {
	a := Accounts{byName: map[string]int64{}, byDisplay: map[string][]int64{}}
	for _, one := range list {
		a.byName[one.Name] = one.ID
		shown := solid(one.DisplayName)
		a.byDisplay[shown] = append(a.byDisplay[shown], one.ID)
	}
	return a
}

// Sought are the people in items whom [Item.Link] looks for: the names to sign in with
// that are written, and the names of the others. Each stands once.
func Sought(items []Item) (names, displayNames []string) {
	byName, byDisplay := map[string]bool{}, map[string]bool{}
	for _, it := range items {
		for _, p := range it.Proposers {
			switch {
			case p.Account != "":
				byName[p.Account] = true
			case !p.Organisation:
				byDisplay[solid(p.Name)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(byName)), slices.Sorted(maps.Keys(byDisplay))
}

// Link gives the proposers their accounts: the one that is written behind a name,
// or else the only one of that name. Who has none will not see the proposal.
func (it *Item) Link(a Accounts) {
	var without []string
	for i := range it.Proposers {
		p := &it.Proposers[i]
		same := a.byDisplay[solid(p.Name)]
		switch {
		case p.Account != "":
			if p.UserID = a.byName[p.Account]; p.UserID == 0 {
				it.wrong(Proposers, fmt.Sprintf("没有登录名为“%s”的委员或代表", p.Account))
			}
		case p.Organisation:
		case len(same) == 1:
			p.UserID = same[0]
		default:
			without = append(without, p.Name)
		}
	}
	if n := len(without); n > 3 {
		without = []string{strings.Join(without[:3], "、") + fmt.Sprintf("等 %d 位", n)}
	}
	if len(without) > 0 {
		it.warn(Proposers, strings.Join(without, "、")+"没有唯一对应的账号，提出人将看不到这件")
	}
}
