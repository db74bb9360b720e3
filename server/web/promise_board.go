package web

import (
	"net/url"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// organsOnPage is how many organs one page of the board shows.
const organsOnPage = 30

type promiseBoard struct {
	*fuyanv1.CommitmentBoard
	Kinds           []option
	Organs          organChoice
	Filtered        bool
	Total           boardRow
	Rows            []boardRow
	Others          int // organs on other pages
	Previous, Later string
}

// A boardRow is the counts of an organ, or of all.
type boardRow struct {
	Name    string
	Overdue tally
	Ages    []tally
	Groups  []tally // but for the overdue, in the order of the page
	Owners  []tally
	Rest    string // of the owners
}

// A tally is a number that leads to what it counts; no way where it is 0.
type tally struct {
	Label string
	N     int32
	Href  string
}

// showPromises shows what must be looked after of promises.
func (p *pages) showPromises(r *request) (promiseBoard, error) {
	in := input{values: r.URL.Query()}
	req := &fuyanv1.GetCommitmentBoardRequest{OrganId: in.number64("organ"), Kind: picked(in, "kind", kinds)}
	if req.OrganId == 0 && !r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR) {
		req.OrganId = r.me.GetOrganId() // so that each number leads to its own list
	}
	answer, err := p.commitments.GetCommitmentBoard(r.Context(), req)
	if err != nil {
		return promiseBoard{}, err
	}
	b := answer.GetBoard()
	page := promiseBoard{CommitmentBoard: b, Kinds: selected(kinds, req.Kind), Filtered: req.Kind != 0 || in.text("organ") != ""}
	page.Total = boardRowOf("合计", b.GetCounts(), listOf{organ: req.OrganId, kind: req.Kind})
	from := max(min(int(in.number64("from")), len(b.GetOrgans())), 0)
	to := min(from+organsOnPage, len(b.GetOrgans()))
	for _, o := range b.GetOrgans()[from:to] {
		page.Rows = append(page.Rows, organRow(o, req.Kind))
	}
	if page.Others = len(b.GetOrgans()) - len(page.Rows); from > 0 {
		page.Previous = with(r, "/board/commitments", "from", idText(int64(max(from-organsOnPage, 0))))
	}
	if to < len(b.GetOrgans()) {
		page.Later = with(r, "/board/commitments", "from", strconv.Itoa(to))
	}
	if r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR) {
		page.Organs, err = p.organsAnswering(r.Context(), req.OrganId)
	}
	return page, err
}

func organRow(o *fuyanv1.OrganCounts, kind fuyanv1.Kind) boardRow {
	row := boardRowOf(o.Organ, o.Counts, listOf{organ: o.OrganId, kind: kind})
	overdue := listOf{organ: o.OrganId, kind: kind, group: fuyanv1.CommitmentGroup_COMMITMENT_GROUP_OVERDUE}
	for _, w := range o.Owners {
		overdue.owner = w.OwnerId
		row.Owners = append(row.Owners, overdue.count(w.Owner, w.Overdue))
	}
	if o.OtherOwners > 0 {
		row.Rest = "另有 " + idText(int64(o.OtherOwners)) + " 人 " + idText(int64(o.OthersOverdue)) + " 项"
	}
	return row
}

func boardRowOf(name string, c *fuyanv1.CommitmentCounts, of listOf) boardRow {
	row := boardRow{Name: name}
	of.group = fuyanv1.CommitmentGroup_COMMITMENT_GROUP_OVERDUE
	row.Overdue = of.count("逾期", c.GetOverdue())
	for i, n := range c.GetOverdueByAge() {
		of.age = fuyanv1.OverdueAge(i + 1)
		row.Ages = append(row.Ages, of.count(overdueAges.of(of.age), n))
	}
	of.age = 0
	for _, g := range []struct {
		group fuyanv1.CommitmentGroup
		n     int32
	}{
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_DUE_SOON, c.GetDueSoon()},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_SILENT, c.GetSilent()},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_SLIPPED, c.GetSlipped()},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_UNOWNED, c.GetUnowned()},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_CONTESTED, c.GetContested()},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_NOTED, c.GetNoted()},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_DROPPED, c.GetDropped()},
	} {
		of.group = g.group
		row.Groups = append(row.Groups, of.count(commitmentGroups.of(g.group), g.n))
	}
	return row
}

// A listOf is a list of commitments that a number of the board leads to.
type listOf struct {
	organ, owner int64
	kind         fuyanv1.Kind
	group        fuyanv1.CommitmentGroup
	age          fuyanv1.OverdueAge
}

func (l listOf) count(label string, n int32) tally {
	if n == 0 {
		return tally{Label: label}
	}
	q := url.Values{"group": {l.group.String()}}
	for name, id := range map[string]int64{"organ": l.organ, "owner": l.owner} {
		if id != 0 {
			q.Set(name, idText(id))
		}
	}
	if l.kind != 0 {
		q.Set("kind", l.kind.String())
	}
	if l.age != 0 {
		q.Set("age", l.age.String())
	}
	return tally{label, n, "/commitments?" + q.Encode()}
}
