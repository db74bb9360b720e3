package web

import (
	"fmt"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type boardListPage struct {
	boardListName
	Path        string
	Kinds, Ages []option // no ages where nothing is overdue
	Organs      organChoice
	Organ       string // whose, where the reader may not choose; empty for everybody's
	Filtered    bool
	Rows        []boardItemRow
	First, Next string
	Decides     bool
}

type boardItemRow struct {
	*fuyanv1.BoardItem
	Ago  string
	Href string // where it is decided
}

// A boardListName is how people call a list of the board.
type boardListName struct {
	list  fuyanv1.BoardList
	Title string
	Since string // what the day of a line is
	Late  bool   // whether its lines are overdue
	form  string // of the proposal's page, by which it is decided; empty for none
	Do    string // what the link there says
	Empty string
}

// boardListNames are the lists by the last part of their addresses.
var boardListNames = map[string]boardListName{
	"replies":      {fuyanv1.BoardList_BOARD_LIST_REPLIES, "答复逾期", "答复期限", true, "", "", "没有逾期的答复。"},
	"publications": {fuyanv1.BoardList_BOARD_LIST_PUBLICATIONS, "公开逾期", "公开期限", true, "", "", "没有逾期未公开的答复。"},
	"extensions":   {fuyanv1.BoardList_BOARD_LIST_EXTENSIONS, "延期待审定", "申请日期", false, "DecideExtension", "审定", "没有待审定的延期申请。"},
	"returns":      {fuyanv1.BoardList_BOARD_LIST_RETURNS, "退办待审定", "申请日期", false, "DecideReturn", "审定", "没有待审定的退办申请。"},
	"redos":        {fuyanv1.BoardList_BOARD_LIST_REDOS, "二次办理待决定", "反馈日期", false, "RedoProposal", "决定", "没有待决定是否二次办理的不满意反馈。"},
	"copies":       {fuyanv1.BoardList_BOARD_LIST_COPIES, "抄送件待签收", "送出日期", false, "AcknowledgeCopy", "签收", "没有待签收的抄送件。"},
}

func (p *pages) listBoard(r *request) (boardListPage, error) {
	name, ok := boardListNames[r.PathValue("list")]
	if !ok {
		return boardListPage{}, errNoPage
	}
	in := input{values: r.URL.Query()}
	req := &fuyanv1.ListBoardItemsRequest{
		List: name.list, OrganId: in.number64("organ"), Kind: picked(in, "kind", kinds), PageToken: in.values.Get("page"),
	}
	page := boardListPage{boardListName: name, Path: r.URL.Path, Kinds: selected(kinds, req.Kind), Decides: r.is(fuyanv1.Role_ROLE_SUPERVISOR)}
	if name.Late {
		req.OverdueAge = picked(in, "age", overdueAges)
		page.Ages = selected(overdueAges, req.OverdueAge)
	}
	answer, err := p.boards.ListBoardItems(r.Context(), req)
	if err != nil {
		return page, err
	}
	page.Filtered, page.Organ = req.Kind != 0 || req.OrganId != 0 || req.OverdueAge != 0, idText(req.OrganId)
	page.First, page.Next = paging(page.Path, r, answer.NextPageToken)
	for _, i := range answer.Items {
		page.Rows = append(page.Rows, name.row(i))
	}
	if r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR) {
		page.Organs, err = p.organsAnswering(r.Context(), req.OrganId)
	}
	return page, err
}

func (n boardListName) row(i *fuyanv1.BoardItem) boardItemRow {
	row := boardItemRow{i, "", fmt.Sprintf("/proposals/%d", i.GetProposal().GetId())}
	switch {
	case n.Late:
		row.Ago = fmt.Sprintf("逾期 %d 天", i.Days)
	case i.Days == 0:
		row.Ago = "今天"
	default:
		row.Ago = fmt.Sprintf("已 %d 天", i.Days)
	}
	if n.form != "" {
		row.Href += "#" + n.form
	}
	return row
}
