package server_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/postgres"
)

const issuedLetter = `某试提复〔2026〕7号

对市政协十四届一次会议第0001号提案的答复

某某委员：

您提出的“标题”的提案收悉，经研究，现将办理情况答复如下：

一、下一步，我委将于2026年12月底前出台方案。

二、下一步，我委将建设实训基地。

三、下一步，我委将于2026年9月底前建成平台。

感谢您对我们工作的支持！

某市试验委员会
2026年2月10日
`

// TestIssuedLetter receives a proposal with its letter, and reads back the reply
// and the commitments, page by page: what is due first, then what has no day.
func TestIssuedLetter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	text, err := json.Marshal(issuedLetter)
	if err != nil {
		t.Fatal(err)
	}
	var p struct{ Proposal proposal }
	s.call(t, s.Office, "ProposalService/ReceiveProposal",
		"{"+id(1)+`, "handedOver": "2026-01-05", "issuedLetter": {"text": `+string(text)+"}, "+received+"}").into(t, &p)
	var r struct {
		Reply struct {
			Version string
			Letters []struct {
				ID, DocumentNumber, IssueDate, Text, SHA256 string
				Lines                                       []struct{ Part string }
			}
		}
	}
	s.call(t, s.Office, "ReplyService/GetReply", fmt.Sprintf(`{"proposalId": %s}`, p.Proposal.ID)).into(t, &r)
	if len(r.Reply.Letters) != 1 || r.Reply.Version != p.Proposal.Version {
		t.Fatalf("reply = %+v", r.Reply)
	}
	l := r.Reply.Letters[0]
	if l.DocumentNumber != "某试提复〔2026〕7号" || l.IssueDate != "2026-02-10" || l.Text != issuedLetter || len(l.SHA256) != 64 {
		t.Errorf("letter = %+v", l)
	}
	if lines := l.Lines; len(lines) == 0 || lines[len(lines)-1].Part != "LETTER_PART_DAY" {
		t.Errorf("its lines = %+v", lines)
	}

	var letterID int64
	if _, err := fmt.Sscan(l.ID, &letterID); err != nil {
		t.Fatal(err)
	}
	if err := s.db.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: letterID}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2026-09-30", "2026-12-31", ""}, s.commitmentDays(t)); diff != "" {
		t.Errorf("three commitments in pages of one: %s", diff)
	}
}

func (s *site) commitmentDays(t *testing.T) (days []string) {
	t.Helper()
	for token := ""; len(days) < 10; {
		var out struct {
			Commitments   []struct{ ID, WordsDue, State string }
			NextPageToken string
		}
		s.call(t, s.Office, "CommitmentService/ListCommitments", fmt.Sprintf(`{"pageSize": 1, "pageToken": %q}`, token)).into(t, &out)
		for _, c := range out.Commitments {
			days = append(days, c.WordsDue)
			var view struct {
				Commitment struct{ ID, State string }
				Moves      []struct{ RPC, Label string }
			}
			s.call(t, s.Office, "CommitmentService/GetCommitment", fmt.Sprintf(`{"commitmentId": %s}`, c.ID)).into(t, &view)
			if view.Commitment.ID != c.ID || view.Commitment.State != "COMMITMENT_STATE_NOTED" || len(view.Moves) != 2 {
				t.Errorf("commitment %s = %+v", c.ID, view)
			}
		}
		if token = out.NextPageToken; token == "" {
			break
		}
	}
	return days
}

// TestConfirmedLetter leaves one promise of a letter out, adds another, and finds
// exactly what was confirmed on record.
func TestConfirmedLetter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	text, err := json.Marshal(issuedLetter)
	if err != nil {
		t.Fatal(err)
	}
	var p struct{ Proposal proposal }
	s.call(t, s.Office, "ProposalService/ReceiveProposal",
		"{"+id(1)+`, "handedOver": "2026-01-05", "issuedLetter": {"promisesConfirmed": true, "promises": [
			{"text": "下一步，我委将于2026年12月底前出台方案", "responsible": ["我委"], "due": "2026-12-31"},
			{"text": "感谢您对我们工作的支持", "due": "2027-01-31"}], "text": `+string(text)+"}, "+received+"}").into(t, &p)
	var letterID int64
	if err := s.tx.QueryRow(t.Context(), `SELECT id FROM letters`).Scan(&letterID); err != nil {
		t.Fatal(err)
	}
	if err := s.db.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: letterID}); err != nil {
		t.Fatal(err)
	}
	var out struct {
		Commitments []struct{ Text, Cue, DueWords, WordsDue string }
	}
	s.call(t, s.Office, "CommitmentService/ListCommitments", "{}").into(t, &out)
	want := []struct{ Text, Cue, DueWords, WordsDue string }{
		{"下一步，我委将于2026年12月底前出台方案", "下一步/将", "2026年12月底前", "2026-12-31"},
		{"感谢您对我们工作的支持", "", "", "2027-01-31"},
	}
	if diff := cmp.Diff(want, out.Commitments); diff != "" {
		t.Errorf("commitments (-want +got):\n%s", diff)
	}
}
