package server

import (
	"context"
	"fmt"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// workService implements fuyanv1connect.WorkServiceHandler.
type workService struct{ db *postgres.DB }

func (s *workService) ListWork(ctx context.Context, req *fuyanv1.ListWorkRequest) (*fuyanv1.ListWorkResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	f, err := page.workFilter()
	if err != nil {
		return nil, err
	}
	f.Step, f.Limit = workSteps.from[req.Step], page.limit()
	rows, err := s.db.ListWork(ctx, userFrom(ctx), f)
	if err != nil {
		return nil, err
	}
	counts, err := s.db.CountWork(ctx, userFrom(ctx))
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, workKey)
	out := &fuyanv1.ListWorkResponse{NextPageToken: next}
	for _, w := range rows {
		out.Items = append(out.Items, toWorkItem(w, s.db.Today()))
	}
	for _, c := range counts {
		out.Counts = append(out.Counts, &fuyanv1.WorkCount{Step: workSteps.to[c.Step], Count: c.Count})
	}
	return out, nil
}

// workKey is the place of a thing in the list.
func workKey(w postgres.WorkItem) string { return fmt.Sprintf("%d %d %s", w.Key, w.Place, w.Due) }

// workFilter reads a key of workKey.
func (p page) workFilter() (f postgres.WorkFilter, err error) {
	if p.key == "" {
		return f, nil
	}
	var day string
	if n, _ := fmt.Sscan(p.key, &f.AfterKey, &f.AfterPlace, &day); n < 2 || f.AfterKey <= 0 {
		return f, errPageToken
	}
	if f.AfterDay.UnmarshalText([]byte(day)) != nil {
		return f, errPageToken
	}
	return f, nil
}

func toWorkItem(w postgres.WorkItem, today casework.Date) *fuyanv1.WorkItem {
	rpc, label := casework.NextAct(w.Verb)
	return &fuyanv1.WorkItem{
		Step: workSteps.to[w.Step], ProposalId: w.ProposalID, CommitmentId: w.CommitmentID, Kind: kinds.to[w.Kind],
		Sitting: &fuyanv1.Sitting{Body: w.Body, Term: w.Term, Session: w.Session},
		Number:  w.Number, Title: w.Title, Text: w.Text, Organ: w.Organ, Person: w.Person,
		Due: w.Due.String(), Overdue: w.Running && w.Due.Before(today), Running: w.Running,
		WorkingDaysLeft: int32(w.Left.Days), LeftProvisional: w.Left.Provisional,
		Next: &fuyanv1.Move{Rpc: rpc, Label: moveLabel(rpc, label)},
	}
}

var workSteps = tableOf(map[casework.WorkStep]fuyanv1.WorkStep{
	casework.WorkSignFor:         fuyanv1.WorkStep_WORK_STEP_SIGN_FOR,
	casework.WorkAssign:          fuyanv1.WorkStep_WORK_STEP_ASSIGN,
	casework.WorkOpinion:         fuyanv1.WorkStep_WORK_STEP_OPINION,
	casework.WorkDraft:           fuyanv1.WorkStep_WORK_STEP_DRAFT,
	casework.WorkReview:          fuyanv1.WorkStep_WORK_STEP_REVIEW,
	casework.WorkSign:            fuyanv1.WorkStep_WORK_STEP_SIGN,
	casework.WorkNumber:          fuyanv1.WorkStep_WORK_STEP_NUMBER,
	casework.WorkDeliver:         fuyanv1.WorkStep_WORK_STEP_DELIVER,
	casework.WorkCopy:            fuyanv1.WorkStep_WORK_STEP_COPY,
	casework.WorkPublish:         fuyanv1.WorkStep_WORK_STEP_PUBLISH,
	casework.WorkDecideReturn:    fuyanv1.WorkStep_WORK_STEP_DECIDE_RETURN,
	casework.WorkDecideExtension: fuyanv1.WorkStep_WORK_STEP_DECIDE_EXTENSION,
	casework.WorkDecideRedo:      fuyanv1.WorkStep_WORK_STEP_DECIDE_REDO,
	casework.WorkAcknowledge:     fuyanv1.WorkStep_WORK_STEP_ACKNOWLEDGE,
	casework.WorkConfirm:         fuyanv1.WorkStep_WORK_STEP_CONFIRM,
	casework.WorkTakeOver:        fuyanv1.WorkStep_WORK_STEP_TAKE_OVER,
	casework.WorkKeep:            fuyanv1.WorkStep_WORK_STEP_KEEP,
	casework.WorkUrge:            fuyanv1.WorkStep_WORK_STEP_URGE,
	casework.WorkVerify:          fuyanv1.WorkStep_WORK_STEP_VERIFY,
	casework.WorkContest:         fuyanv1.WorkStep_WORK_STEP_CONTEST,
})
