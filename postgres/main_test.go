package postgres_test

import (
	"crypto/rand"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// TestMain draws fewer cases than a drill. The tests run side by side, so none
// may set this for itself.
func TestMain(m *testing.M) {
	if os.Getenv("FUYAN_DRILL") == "" {
		if err := flag.Set("rapid.checks", "30"); err != nil {
			panic(err)
		}
	}
	postgrestest.Main(m)
}

// bundle is a database with people, and a clock that tests set.
type bundle struct {
	postgrestest.People
	*postgres.DB
	conn  postgres.Conn
	files *blob.Bucket
	now   time.Time
}

func setup(t testing.TB, conn postgres.Conn) *bundle {
	t.Helper()
	b := &bundle{People: postgrestest.NewPeople(t, conn), conn: conn, files: memblob.OpenBucket(nil), now: postgrestest.Now()}
	d, err := postgres.New(conn, postgres.Options{Now: func() time.Time { return b.now }, Files: b.files})
	if err != nil {
		t.Fatal(err)
	}
	b.DB = d
	return b
}

// by is a call of u about the subject id with a new request.
func by(u casework.User, id int64) postgres.Call {
	request := uuid()
	digest := sha256.Sum256([]byte(request))
	return postgres.Call{User: u, ID: id, RequestID: request, Digest: digest[:]}
}

func uuid() string {
	b := make([]byte, 16)
	rand.Read(b)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

const draftText = "甲某委员：\n\n您提出的“关于试办夜间实验室的提案”的提案收悉，经研究，现将办理情况答复如下：\n\n" +
	"一、已经做的\n\n我委已开放三处实验室。\n\n二、接着要做的\n\n下一步，我委将在2026年9月底前再开放两处实验室。\n\n感谢您对本市科技工作的关心和支持。"

func newProposal(number string, delegate casework.User) postgres.NewProposal {
	return postgres.NewProposal{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}, Number: number,
		Title: "关于试办夜间实验室的提案", Text: "夜间实验室少。", HandedOver: casework.Date{Year: 2026, Month: 2, Day: 10},
		Proposers: []postgres.NewProposer{{Name: "甲某", UserID: delegate.ID}},
	}
}

// receive puts a proposal on record.
func (b *bundle) receive(t testing.TB, number string) int64 {
	t.Helper()
	p, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), newProposal(number, b.Delegate))
	must(t, err)
	return p.ID
}

// later lets a letter go out whose promises are not yet confirmed.
const later = "承诺随后确认"

// draft brings a new proposal to a saved draft.
func (b *bundle) draft(t testing.TB, number string) int64 {
	t.Helper()
	id := b.receive(t, number)
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.AcceptProposal(t.Context(), by(b.Office, id), casework.Date{}))
	done(b.AssignProposal(t.Context(), by(b.Office, id), b.Handler.ID))
	done(b.SaveDraft(t.Context(), by(b.Handler, id), postgres.NewDraft{Text: draftText, Result: "adopted", Publicity: "full"}))
	return id
}

// sign brings a new proposal to the signature.
func (b *bundle) sign(t testing.TB, number string) int64 {
	t.Helper()
	id := b.draft(t, number)
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.SubmitReply(t.Context(), by(b.Handler, id)))
	done(b.ApproveReply(t.Context(), by(b.Head, id), ""))
	done(b.ApproveReply(t.Context(), by(b.Office, id), ""))
	done(b.SignReply(t.Context(), by(b.Leader, id), ""))
	return id
}

// issue brings a new proposal to its letter.
func (b *bundle) issue(t testing.TB, number string) (int64, postgres.Letter) {
	t.Helper()
	id := b.sign(t, number)
	_, err := b.IssueReply(t.Context(), by(b.Office, id), later, casework.Date{})
	must(t, err)
	l, err := b.PresentLetter(t.Context(), b.Office, id)
	must(t, err)
	return id, l
}

// tell does the queued jobs that tell proposers.
func (b *bundle) tell(t testing.TB) {
	t.Helper()
	rows, err := b.conn.Query(t.Context(), `DELETE FROM river_job WHERE kind = 'tell_proposer' RETURNING args`)
	must(t, err)
	jobs, err := pgx.CollectRows(rows, pgx.RowTo[postgres.TellProposer])
	must(t, err)
	for _, job := range jobs {
		must(t, b.DoTellProposer(t.Context(), job))
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
