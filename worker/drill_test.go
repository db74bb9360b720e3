package worker_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/worker"
)

// The test binary is a worker where these are set.
const (
	workerDatabase = "FUYAN_TEST_WORKER_DATABASE"
	workerMail     = "FUYAN_TEST_WORKER_MAIL"
)

func TestMain(m *testing.M) {
	if os.Getenv(workerDatabase) != "" {
		if err := workUntilKilled(context.Background()); err != nil {
			slog.Error("worker", "error", err)
			os.Exit(1)
		}
		return
	}
	postgrestest.Main(m)
}

// quickly is the timing of a drill: a worker that was killed leaves its jobs to
// the other after seconds.
type quickly struct{}

func (quickly) NextRetry(*rivertype.JobRow) time.Time { return time.Now().Add(2 * time.Second) }

func workUntilKilled(ctx context.Context) error {
	config, err := pgxpool.ParseConfig(os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		return err
	}
	config.ConnConfig.Database = os.Getenv(workerDatabase)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return err
	}
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now, Sweeps: 2})
	if err != nil {
		return err
	}
	mail, err := worker.NewSMTP(os.Getenv(workerMail), "fuyan@example.cn")
	if err != nil {
		return err
	}
	client, err := worker.New(pool, d, worker.Options{
		Log: slog.New(slog.DiscardHandler), Mail: mail,
		Timing: worker.Timing{SendTimeout: 3 * time.Second, Rescue: 61 * time.Second, Retry: quickly{}},
	})
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	<-client.Stopped()
	return nil
}

// A drill is a database, a mail server, and two workers that are killed.
type drill struct {
	t       *testing.T
	pool    *pgxpool.Pool
	box     *mailbox
	jobs    *river.Client[pgx.Tx]
	workers [2]*exec.Cmd
	kills   []time.Time
	people  postgrestest.People
}

func (d *drill) start() {
	d.t.Helper()
	for i := range d.workers {
		if d.workers[i] != nil {
			continue
		}
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), workerDatabase+"="+d.pool.Config().ConnConfig.Database, workerMail+"="+d.box.url)
		c.Stderr = os.Stderr
		must(d.t, c.Start())
		d.workers[i] = c
	}
}

// kill ends a worker as a power cut would.
func (d *drill) kill(i int) {
	if d.workers[i] != nil {
		_ = d.workers[i].Process.Kill()
		_ = d.workers[i].Wait()
		d.kills = append(d.kills, time.Now())
		d.workers[i] = nil
	}
}

// arm puts n proposals on record whose replies have a rung due, and asks for a
// sweep.
func (d *drill) arm(n int) {
	d.t.Helper()
	_, err := d.pool.Exec(d.t.Context(), `WITH p AS (
			INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state,
				organ_id, division_id, handler_id, handed_over, reply_due, received_at, updated_at)
			SELECT 'cppcc_proposal', '市政协', 14, 4, nextval('river_job_id_seq')::text, '关于演练的提案', '', true, false, 'drafting',
				$1, $2, $3, '2025-12-05', '2026-03-05', now(), now() FROM generate_series(1, $4::int)
			RETURNING id)
		INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional, armed_at, next_notice)
		SELECT id, 'REPLY', '答复', '', 1, $1, '2025-12-05', '2026-03-05', '2026-03-05', false, '2026-01-01', '2026-03-02' FROM p`,
		d.people.Organ, d.people.Handler.DivisionID, d.people.Handler.ID, n)
	must(d.t, err)
	for range 2 { // two sweeps at once
		_, err = d.jobs.Insert(d.t.Context(), postgres.SweepNotices{}, nil)
		must(d.t, err)
	}
}

func (d *drill) count(sql string) (n int) {
	d.t.Helper()
	must(d.t, d.pool.QueryRow(d.t.Context(), sql).Scan(&n))
	return n
}

// TestDrillKilledWorkers kills workers at random moments while a mail server
// takes, refuses and hangs. In the end each notice is in the ledger once, and
// each went out once but for those whose worker was killed between the server's
// yes and the note of it: these come again with the same Message-ID.
func TestDrillKilledWorkers(t *testing.T) {
	t.Parallel()
	rounds, real := 4, os.Getenv("FUYAN_DRILL") != ""
	if real {
		rounds = 50
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	d := newDrill(t)
	const each = 10
	for range rounds {
		d.box.set([]mood{takes, takes, takes, putsOff, hangs, hangsAll}[random.IntN(6)])
		d.start()
		d.arm(each)
		time.Sleep(time.Duration(random.IntN(900)) * time.Millisecond)
		d.kill(random.IntN(2))
	}
	d.box.set(takes)
	if !real { // the workers are all dead, and need not wait for a rescue
		d.kill(0)
		d.kill(1)
		_, err := d.pool.Exec(t.Context(), `UPDATE river_job SET state = 'available' WHERE state = 'running'`)
		must(t, err)
	}
	d.start()
	_, err := d.jobs.Insert(t.Context(), postgres.SweepNotices{}, nil)
	must(t, err)
	d.drain()
	d.check(rounds * each * 2) // the handler and the head of each
}

func newDrill(t *testing.T) *drill {
	t.Helper()
	d := &drill{t: t, pool: postgrestest.New(t), box: newMailbox(t)}
	d.people = postgrestest.NewPeople(t, d.pool)
	var err error
	d.jobs, err = river.NewClient(riverpgxv5.New(d.pool), &river.Config{})
	must(t, err)
	db, err := postgres.New(d.pool, postgres.Options{Now: postgrestest.Now})
	must(t, err)
	for _, u := range []casework.User{d.people.Handler, d.people.Head} {
		_, _, err := db.SaveNoticeSettings(t.Context(), postgres.Call{User: u}, postgres.NoticeSettings{Mail: u.Name + "@example.cn", MailMode: "at_once"}, "")
		must(t, err)
	}
	t.Cleanup(func() {
		d.kill(0)
		d.kill(1)
	})
	return d
}

// drain waits until nothing is due and every way out has come to an end.
func (d *drill) drain() {
	d.t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		due := d.count(`SELECT count(*) FROM deadline_watch WHERE next_notice <= '2026-03-02 04:00Z'`)
		queued := d.count(`SELECT count(*) FROM river_job WHERE kind = 'send_notice' AND finalized_at IS NULL`)
		if due == 0 && queued == 0 {
			return
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("%d deadlines are due and %d ways out queued still", due, queued)
		}
	}
}

func (d *drill) check(want int) {
	d.t.Helper()
	if n := d.count(`SELECT count(*) FROM notices`); n != want {
		d.t.Errorf("%d notices in the ledger, want %d", n, want)
	}
	if n := d.count(`SELECT count(*) FROM notice_deliveries WHERE state = 'sent'`); n != want {
		d.t.Errorf("%d went out, want %d", n, want)
	}
	arrived := map[string][]time.Time{}
	for _, m := range d.box.all(false) {
		arrived[m.id] = append(arrived[m.id], m.at)
	}
	if len(arrived) != want {
		d.t.Errorf("%d different mails, want %d", len(arrived), want)
	}
	repeated := 0
	for id, times := range arrived {
		for _, at := range times[:len(times)-1] {
			repeated++
			if !d.killedAbout(at) {
				d.t.Errorf("the mail %s came at %s and again, and no worker was killed then", id, at)
			}
		}
	}
	d.t.Logf("%d notices, %d kills, %d mails came again", want, len(d.kills), repeated)
	if repeated > len(d.kills)*mailsAtOnce {
		d.t.Errorf("%d mails came again after %d kills", repeated, len(d.kills))
	}
}

// mailsAtOnce is how many mails a worker has under way at most.
const mailsAtOnce = 4

// killedAbout reports whether a worker was killed about when a mail arrived.
func (d *drill) killedAbout(at time.Time) bool {
	return slices.ContainsFunc(d.kills, func(k time.Time) bool { return k.Sub(at).Abs() < time.Second })
}
