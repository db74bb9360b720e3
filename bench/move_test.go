package bench_test

import (
	"testing"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/postgres"
)

// lists reads what each role reads first.
func (c city) lists(t *testing.T) {
	p, ctx := c.people, t.Context()
	for name, u := range map[string]casework.User{
		"admin": p.Admin, "office": p.Office, "handler": p.Handler, "head": p.Head, "leader": p.Leader,
		"government": p.Government, "cppcc": p.CPPCC, "npc": p.NPC, "delegate": p.Delegate,
	} {
		list, err := c.ListProposals(ctx, u, postgres.ProposalFilter{Limit: 20})
		if err != nil || len(list) == 0 {
			t.Errorf("%s sees %d proposals: %v", name, len(list), err)
			continue
		}
		v, err := c.ViewProposal(ctx, u, list[0].ID)
		if err != nil || len(v.ProposerRows) == 0 {
			t.Errorf("%s opens %d: %v", name, list[0].ID, err)
		}
		if _, err := c.ListWork(ctx, u, postgres.WorkFilter{Limit: 20}); err != nil {
			t.Errorf("work of the %s: %v", name, err)
		}
		if _, err := c.ListCommitments(ctx, u, postgres.CommitmentFilter{Limit: 20}); err != nil {
			t.Errorf("commitments of the %s: %v", name, err)
		}
	}
	work, err := c.ListWork(ctx, p.CPPCC, postgres.WorkFilter{Limit: 20})
	if err != nil || len(work) == 0 {
		t.Errorf("the oversight office has %d things to do: %v", len(work), err)
	}
}

// moves takes a proposal that waits for its acceptance through to its letter, whose
// number is the next of its series.
func (c city) moves(t *testing.T) {
	ctx, p := t.Context(), c.people
	made, err := c.ReceiveProposal(ctx, by(p.CPPCC, 0), postgres.NewProposal{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}, Number: "990001", Title: "关于一件新事的提案",
		Text: "建议办好。", OrganID: p.Office.OrganID, Proposers: []postgres.NewProposer{{Name: p.Delegate.Name, UserID: p.Delegate.ID}},
	})
	must(t, err)
	if n := count(t, c.pool, `SELECT max(id) FROM proposals WHERE number <> '990001'`); made.ID != n+1 {
		t.Errorf("the next proposal is %d, after %d", made.ID, n)
	}
	var last int
	must(t, c.pool.QueryRow(ctx, `SELECT coalesce(max(s.last), 0) FROM series s JOIN organs o ON o.cppcc_prefix = s.prefix
		WHERE o.id = $1 AND s.year = 2026`, p.Office.OrganID).Scan(&last))
	c.answer(t, made.ID)
	v, err := c.ViewReply(ctx, p.Office, made.ID, 1)
	must(t, err)
	_, year, n, err := letter.ParseNumber(v.Letters[0].Letter.DocumentNumber)
	if err != nil || year != 2026 || n != last+1 {
		t.Errorf("%s after number %d: %v", v.Letters[0].Letter.DocumentNumber, last, err)
	}
	if _, err := c.Verify(ctx); err != nil {
		t.Error(err)
	}
	c.continues(t)
}

// continues does the next thing to one loaded proposal in each state.
func (c city) continues(t *testing.T) {
	ctx := t.Context()
	for state, do := range map[casework.State]func(office, handler casework.User, id int64) error{
		casework.Received: func(office, _ casework.User, id int64) error {
			_, err := c.AcceptProposal(ctx, by(office, id), casework.Date{})
			return err
		},
		casework.Accepted: func(office, handler casework.User, id int64) error {
			_, err := c.RecordContact(ctx, by(office, id), postgres.NewContact{ProposerID: c.proposer(t, id), Channel: "call", Day: c.Today(), Summary: "已联系。"})
			return err
		},
		casework.Drafting: func(_, handler casework.User, id int64) error {
			_, err := c.SaveDraft(ctx, by(handler, id), postgres.NewDraft{Text: "稿"})
			return err
		},
		casework.Reviewing: func(office, _ casework.User, id int64) error {
			_, err := c.SendBackReply(ctx, by(office, id), "请补充。")
			return err
		},
		casework.Signed: func(office, _ casework.User, id int64) error {
			_, err := c.IssueReply(ctx, by(office, id), "样例", casework.Date{})
			return err
		},
	} {
		var id int64
		var office, handler casework.User
		must(t, c.pool.QueryRow(ctx, `SELECT p.id, u.id, u.organ_id, coalesce(p.handler_id, 0) FROM proposals p JOIN users u ON u.organ_id = p.organ_id AND 'office' = ANY (u.roles)
			WHERE p.state = $1 ORDER BY p.id LIMIT 1`, state).Scan(&id, &office.ID, &office.OrganID, &handler.ID))
		office.Roles, handler.Roles, handler.OrganID = []casework.Role{casework.Office}, []casework.Role{casework.Handler}, office.OrganID
		if err := do(office, handler, id); err != nil {
			t.Errorf("%s proposal %d: %v", state, id, err)
		}
	}
}

func (c city) proposer(t *testing.T, id int64) int64 {
	t.Helper()
	v, err := c.ViewProposal(t.Context(), c.people.Admin, id)
	must(t, err)
	return v.ProposerRows[0].ID
}

// answer takes a received proposal to its letter.
func (c city) answer(t *testing.T, id int64) {
	ctx, p := t.Context(), c.people
	_, err := c.AcceptProposal(ctx, by(p.Office, id), casework.Date{})
	must(t, err)
	_, err = c.AssignProposal(ctx, by(p.Office, id), p.Handler.ID)
	must(t, err)
	_, err = c.SaveDraft(ctx, by(p.Handler, id), postgres.NewDraft{
		Text:   p.Delegate.Name + "委员：\n\n您提出的“关于一件新事的提案”的提案收悉，经研究，现将办理情况答复如下：\n\n此事已经办好。\n\n感谢您对本市工作的关心与支持！\n",
		Result: "adopted", Publicity: "full",
	})
	must(t, err)
	_, err = c.SubmitReply(ctx, by(p.Handler, id))
	must(t, err)
	_, err = c.ApproveReply(ctx, by(p.Head, id), "")
	must(t, err)
	_, err = c.ApproveReply(ctx, by(p.Office, id), "")
	must(t, err)
	_, err = c.SignReply(ctx, by(p.Leader, id), "")
	must(t, err)
	_, err = c.IssueReply(ctx, by(p.Office, id), "", casework.Date{})
	must(t, err)
}

func by(u casework.User, id int64) postgres.Call { return postgres.Call{User: u, ID: id} }
