package web

import (
	"net/url"
	"slices"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// boardRoles are who has a board.
var boardRoles = []fuyanv1.Role{
	fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_REVIEWER, fuyanv1.Role_ROLE_HANDLER, fuyanv1.Role_ROLE_SUPERVISOR,
}

// lateOrgansOnPage is how many organs one page of the board shows.
const lateOrgansOnPage = 20

type boardPage struct {
	Day             string
	Kinds           []option
	Organs          organChoice
	Filtered        bool
	Decides         bool    // whether what waits, waits for the reader
	Waiting         []tally // for an oversight office
	Late            bool    // whether anything is
	Sorts           []lateRow
	Rows            []lateOrgan
	Others          int  // organs on other pages
	MoreOrgans      bool // than all pages have
	Previous, Later string
}

// A lateOrgan is what one organ has that is late: a row of each sort that it has.
type lateOrgan struct {
	Name, Href string
	Rows       []lateRow
}

// A lateRow is how many of one sort are late: all together, as a bar, and by age.
type lateRow struct {
	Total tally
	Bar   []segment
	Ages  []ageTally
}

// An ageTally is how many are late so long, with how its part of a bar is drawn: the
// older, the darker.
type ageTally struct {
	tally
	Class string
}

// A segment is the part of a bar that one age has, in thousandths of the longest.
type segment struct {
	Class    string
	X, Width int
}

// lateSorts are the sorts of what can be late, with the pages of their lists.
var lateSorts = []struct {
	label, path string
	of          func(*fuyanv1.OverdueCounts) []int32
}{
	{"答复", "/board/replies", (*fuyanv1.OverdueCounts).GetReplies},
	{"承诺", "/commitments", (*fuyanv1.OverdueCounts).GetPromises},
	{"公开", "/board/publications", (*fuyanv1.OverdueCounts).GetPublications},
}

func (p *pages) showBoard(r *request) (boardPage, error) {
	in := input{values: r.URL.Query()}
	req := &fuyanv1.GetOverdueBoardRequest{OrganId: in.number64("organ"), Kind: picked(in, "kind", kinds)}
	if req.OrganId == 0 && !r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR) {
		req.OrganId = r.me.GetOrganId() // so that each number leads to its own list
	}
	answer, err := p.boards.GetOverdueBoard(r.Context(), req)
	if err != nil {
		return boardPage{}, err
	}
	b, decides := answer.GetBoard(), r.is(fuyanv1.Role_ROLE_SUPERVISOR)
	page := boardPage{
		Day: b.GetDay(), Kinds: selected(kinds, req.Kind), Filtered: req.Kind != 0 || in.text("organ") != "",
		Decides: decides, Waiting: waitingTallies(b.GetWaiting(), req, decides), Late: len(b.GetOrgans()) > 0,
		MoreOrgans: b.GetMoreOrgans(),
	}
	for i := range lateSorts {
		page.Sorts = append(page.Sorts, lateRowOf(i, b.GetTotal(), req, longest(b.GetTotal())))
	}
	page.addOrgans(r, b.GetOrgans(), req)
	if r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR) {
		page.Organs, err = p.organsAnswering(r.Context(), req.OrganId)
	}
	return page, err
}

// addOrgans adds those of the page that the address asks for. All bars are drawn to
// one scale, that of the longest of any page.
func (page *boardPage) addOrgans(r *request, organs []*fuyanv1.OrganOverdue, req *fuyanv1.GetOverdueBoardRequest) {
	var most int32
	for _, o := range organs {
		most = max(most, longest(o.Counts))
	}
	from := max(min(int(input{values: r.URL.Query()}.number64("from")), len(organs)), 0)
	to := min(from+lateOrgansOnPage, len(organs))
	for _, o := range organs[from:to] {
		of := &fuyanv1.GetOverdueBoardRequest{OrganId: o.OrganId, Kind: req.Kind}
		row := lateOrgan{Name: o.Organ, Href: with(r, "/board", "organ", idText(o.OrganId))}
		for i, sort := range lateSorts {
			if total(sort.of(o.Counts)) > 0 {
				row.Rows = append(row.Rows, lateRowOf(i, o.Counts, of, most))
			}
		}
		page.Rows = append(page.Rows, row)
	}
	if page.Others = len(organs) - len(page.Rows); from > 0 {
		page.Previous = with(r, "/board", "from", idText(int64(max(from-lateOrgansOnPage, 0))))
	}
	if to < len(organs) {
		page.Later = with(r, "/board", "from", strconv.Itoa(to))
	}
}

// lateRowOf is the row of the sort i, whose bar is drawn to the scale of most.
func lateRowOf(i int, counts *fuyanv1.OverdueCounts, of *fuyanv1.GetOverdueBoardRequest, most int32) lateRow {
	sort, at := lateSorts[i], int32(0)
	row := lateRow{Total: lateTally(i, sort.label, total(sort.of(counts)), of, 0)}
	for j, n := range sort.of(counts) {
		age := fuyanv1.OverdueAge(j + 1)
		class := "age" + strconv.Itoa(j+1)
		row.Ages = append(row.Ages, ageTally{lateTally(i, overdueAges.of(age), n, of, age), class})
		if n > 0 {
			x, end := int(1000*at/most), int(1000*(at+n)/most)
			row.Bar = append(row.Bar, segment{class, x, max(end-x, 3)})
		}
		at += n
	}
	return row
}

// lateTally is a number that leads to its list.
func lateTally(i int, label string, n int32, of *fuyanv1.GetOverdueBoardRequest, age fuyanv1.OverdueAge) tally {
	sort := lateSorts[i]
	if sort.path == "/commitments" {
		return listOf{organ: of.OrganId, kind: of.Kind, group: fuyanv1.CommitmentGroup_COMMITMENT_GROUP_OVERDUE, age: age}.count(label, n)
	}
	return boardTally(sort.path, label, n, of, age)
}

// boardTally is a number that leads to a list of the board.
func boardTally(path, label string, n int32, of *fuyanv1.GetOverdueBoardRequest, age fuyanv1.OverdueAge) tally {
	if n == 0 {
		return tally{Label: label}
	}
	q := url.Values{}
	if of.OrganId != 0 {
		q.Set("organ", idText(of.OrganId))
	}
	if of.Kind != 0 {
		q.Set("kind", of.Kind.String())
	}
	if age != 0 {
		q.Set("age", age.String())
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return tally{label, n, path}
}

// waitingTallies are what waits for an oversight office; copies wait for the
// reader's own.
func waitingTallies(w *fuyanv1.WaitingCounts, of *fuyanv1.GetOverdueBoardRequest, own bool) []tally {
	out := []tally{
		boardTally("/board/extensions", "延期待审定", w.GetExtensions(), of, 0),
		boardTally("/board/returns", "退办待审定", w.GetReturns(), of, 0),
		boardTally("/board/redos", "二次办理待决定", w.GetRedos(), of, 0),
	}
	if own {
		out = append(out, boardTally("/board/copies", "抄送件待签收", w.GetCopies(), of, 0))
	}
	return out
}

func total(ages []int32) (n int32) {
	for _, of := range ages {
		n += of
	}
	return n
}

// longest is how many there are of the sort that has the most.
func longest(counts *fuyanv1.OverdueCounts) int32 {
	return slices.Max([]int32{total(counts.GetReplies()), total(counts.GetPromises()), total(counts.GetPublications())})
}
