package worker_test

import (
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"fuyan/casework"
	"fuyan/casework/handover"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/worker"
)

const text = `林若水、石青委员：

你们提出的“关于保护内河的建议”的提案收悉，经研究，现将办理情况答复如下：

下一步，我委将在2026年底前清理河岸。

感谢你们对本市相关工作的关心与支持！

某市试验委员会

2026年2月2日
`

// An answered is a proposal whose letter is on record, with the jobs that follow
// from it still in the queue: one record_commitments and two send_copy; and a
// hand-over list that was confirmed, with its receive_import.
type answered struct {
	pool  *pgxpool.Pool
	d     *postgres.DB
	again []river.JobArgs // the jobs once more
}

func setup(t *testing.T) answered {
	t.Helper()
	pool := postgrestest.New(t)
	people := postgrestest.NewPeople(t, pool)
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now})
	must(t, err)
	p, err := d.ReceiveProposal(t.Context(), postgres.Call{User: people.Office}, postgres.NewProposal{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 3}, Number: "0001",
		Title: "关于保护内河的建议", Text: "请保护内河。",
		Proposers: []postgres.NewProposer{{Name: "林若水"}, {Name: "石青"}},
		Letter:    &postgres.OldLetter{Text: text, DocumentNumber: "某试提复〔2026〕7号"},
	})
	must(t, err)
	for _, organ := range []int64{people.Government, people.CPPCC} {
		_, err := d.SendCopy(t.Context(), postgres.Call{User: people.Office, ID: p.ID}, organ)
		must(t, err)
	}
	reply, err := d.ViewReply(t.Context(), people.Office, p.ID, 0)
	must(t, err)
	list, err := d.UploadHandOverList(t.Context(), postgres.Call{User: people.Office}, postgres.NewImport{
		FileName: "市政协十四届三次会议.csv", Content: []byte("x"), Rows: []handover.Row{{Line: 1, Cells: []string{"案号", "案由", "提出人"}}, {Line: 2, Cells: []string{"0002", "关于保护湿地的建议", "林若水"}}},
	})
	must(t, err)
	imported := list.HandOverImport.ID
	_, err = d.ConfirmImport(t.Context(), postgres.Call{User: people.Office, ID: imported})
	must(t, err)
	return answered{pool, d, []river.JobArgs{
		postgres.RecordCommitments{LetterID: reply.Letters[0].Letter.ID},
		postgres.SendCopyJob{ReplyID: reply.ID, OrganID: people.Government},
		postgres.TellProposer{ProposalID: p.ID, Occasion: "issued", Ref: 1},
		postgres.TellProposer{ProposalID: p.ID, Occasion: "issued", Ref: 1},
		postgres.ReceiveImport{ImportID: imported},
	}}
}

// Every job is worked by a real client, and what it does is done once however
// often it runs.
func TestJobs(t *testing.T) {
	t.Parallel()
	a := setup(t)
	log := &lines{}
	client, err := worker.New(a.pool, a.d, worker.Options{Log: slog.New(slog.NewTextHandler(log, nil))})
	must(t, err)
	ended, cancel := client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	defer cancel()
	for _, args := range a.again {
		_, err := client.Insert(t.Context(), args, nil)
		must(t, err)
	}
	must(t, client.Start(t.Context()))
	jobs := 4 + len(a.again)
	for n := 0; n < jobs; {
		select {
		case e := <-ended:
			if !slices.Contains(byClock, e.Job.Kind) {
				n++
			}
			if e.Job.State != rivertype.JobStateCompleted {
				t.Errorf("%s: %+v", e.Job.Kind, e.Job.Errors)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("not every job was worked:\n" + log.String())
		}
	}
	must(t, client.Stop(t.Context()))

	checkDone(t, a.pool)
	for _, kind := range []string{"record_commitments", "send_copy", "tell_proposer", "receive_import"} {
		if !strings.Contains(log.String(), "msg=job kind="+kind) {
			t.Errorf("no line in the log about %s:\n%s", kind, log)
		}
	}
	came := 0
	for _, kind := range byClock {
		came += strings.Count(log.String(), "msg=job kind="+kind)
	}
	if got := strings.Count(log.String(), "msg=job kind=") - came; got != jobs {
		t.Errorf("%d lines about jobs, want %d:\n%s", got, jobs, log)
	}
}

// byClock are the jobs that come by themselves, sooner or later.
var byClock = []string{"sweep_notices", "remove_files", "remove_imports", "carry_over", "index_publications"}

func checkDone(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for query, want := range map[string]int{
		`SELECT count(*) FROM commitments`:                                                    1,
		`SELECT count(*) FROM copies WHERE sent_at IS NOT NULL`:                               2,
		`SELECT count(*) FROM messages WHERE organ_id IS NOT NULL`:                            2,
		`SELECT count(*) FROM messages WHERE occasion = 'issued' AND proposer_id IS NOT NULL`: 2,
		`SELECT count(*) FROM hand_over_imports WHERE state = 'done' AND received_count = 1`:  1,
		`SELECT count(*) FROM proposals WHERE number = '0002'`:                                1,
		`SELECT count(*) FROM proposals WHERE state = 'answered'`:                             1,
	} {
		var got int
		must(t, pool.QueryRow(t.Context(), query).Scan(&got))
		if got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lines is a log that many write to.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
