package drill_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres/postgrestest"
)

// written are the commands of the README's section about backups, by what the first
// line of each block says that it is.
func written(t testing.TB) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	must(t, err)
	_, section, _ := strings.Cut(string(text), "\n## Backup and restore\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := map[string]string{}
	for i, block := range strings.Split(section, "```sh\n") {
		if commands, _, ok := strings.Cut(block, "```"); i > 0 && ok {
			title, _, _ := strings.Cut(commands, "\n")
			blocks[strings.TrimPrefix(title, "# ")] = commands
		}
	}
	return blocks
}

// sh does a block of the README as it stands there.
func sh(t testing.TB, title string, env ...string) {
	t.Helper()
	commands := written(t)[title]
	if commands == "" {
		t.Fatalf("the README has no commands %q", title)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", commands)
	path := "PATH=" + filepath.Dir(binary()) + ":" + binaries(t) + ":" + os.Getenv("PATH")
	cmd.Env = append(append(os.Environ(), path), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v\n%s", commands, err, out)
	}
	t.Logf("%s: %s", title, out)
}

// A backup is one that was taken while people worked.
type backup struct {
	dir     string
	before  []entry // what was acknowledged before it began
	restore func(t testing.TB, b backup, files string) *cluster
}

// told is what was acknowledged until now.
func (l *town) told() (list []entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.journal {
		if e.acknowledged {
			list = append(list, e)
		}
	}
	return list
}

// TestDrillBackup takes backups while people work, in both ways that the README
// names, and has the program go on from each on another server.
func TestDrillBackup(t *testing.T) {
	t.Parallel()
	random := newRandom(t)
	db := newCluster(t)
	fuyan(t, "migrate", "--database-url", db.url("fuyan"))
	files := t.TempDir()
	server := newServer(t, db.url("fuyan"), "--files", "file://"+files)
	newWorker(t, db.url("fuyan"), "--files", "file://"+files)
	l := newTown(t, db.pool("fuyan"), server.addr)
	load := l.run(6, random)
	load.lives.Go(load.upload)

	pool := db.pool("fuyan")
	take := func(title string, restore func(testing.TB, backup, string) *cluster) backup {
		time.Sleep(time.Duration(1000+random.IntN(2000)) * time.Millisecond)
		awaitWork(t, pool)
		b := backup{dir: t.TempDir(), before: l.told(), restore: restore}
		sh(t, title, "FUYAN_DATABASE_URL="+db.url("fuyan"), "BACKUP="+b.dir, "FILES="+files)
		return b
	}
	dump := take("A backup of the database", restoreDump)
	base := take("A backup of the server", restoreBase)
	time.Sleep(time.Second)
	load.stop()
	for _, b := range []backup{dump, base} {
		l.goOn(b, random)
	}
}

// awaitWork waits until there is something to lose.
func awaitWork(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if texts(t, pool, `SELECT ((SELECT count(*) FROM letters) > 1 AND (SELECT count(*) FROM files WHERE stored) > 1)::text`)[0] == "true" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody issues a letter and brings evidence")
		}
	}
}

// upload brings evidence to a promise until the load ends.
func (r *load) upload() {
	f := &life{load: r, random: rand.New(rand.NewPCG(1, 0))}
	for _, step := range []func() bool{f.receive, f.accept, f.assign, f.draft, f.review, f.issue} {
		if !step() {
			return
		}
	}
	c := f.promise()
	for n := 0; c != nil && !r.ended(); n++ {
		answer, err := f.as(f.Handler).commitments.UploadFile(r.ctx, &fuyanv1.UploadFileRequest{
			RequestId: uuid.NewString(), CommitmentId: c.Id, Name: "公告.txt", Content: []byte(strings.Repeat(fmt.Sprintf("第%d份公告。\n", n), 1+f.random.IntN(5000))),
		})
		if err != nil {
			f.complain("upload_file", err)
			return
		}
		ok := f.follow(c, casework.ReportProgress, func(ctx context.Context, request string) (kept, error) {
			return f.as(f.Handler).commitments.ReportProgress(ctx, &fuyanv1.ReportProgressRequest{
				RequestId: request, CommitmentId: c.Id, ExpectedVersion: c.Version, Text: "已公告。", FileIds: []int64{answer.File.Id},
			})
		})
		if !ok {
			return
		}
	}
}

// promise confirms the first promise of the letter, once the job has recorded it,
// unless that was done in the draft.
func (f *life) promise() *fuyanv1.Commitment {
	for !f.ended() {
		answer, err := f.as(f.Handler).commitments.ListCommitments(f.ctx, &fuyanv1.ListCommitmentsRequest{ProposalId: f.id})
		if err != nil || len(answer.Commitments) == 0 {
			time.Sleep(f.pause)
			continue
		}
		c := answer.Commitments[0]
		ok := c.State != fuyanv1.CommitmentState_COMMITMENT_STATE_NOTED || f.follow(c, casework.Confirm, func(ctx context.Context, request string) (kept, error) {
			return f.as(f.Handler).commitments.ConfirmCommitment(ctx, &fuyanv1.ConfirmCommitmentRequest{
				RequestId: request, CommitmentId: c.Id, ExpectedVersion: c.Version, OwnerId: f.Handler.ID,
				Due: today().AddDays(30).String(), Deliverable: "三处图书室",
			})
		})
		if ok {
			return c
		}
		return nil
	}
	return nil
}

// restoreDump makes a server with an empty database and fills it.
func restoreDump(t testing.TB, b backup, files string) *cluster {
	t.Helper()
	c := newCluster(t)
	sh(t, "A database from its backup", "NEW_DATABASE_URL="+c.url("fuyan"), "BACKUP="+b.dir, "NEW_FILES="+files)
	return c
}

// restoreBase starts a server on the data of another.
func restoreBase(t testing.TB, b backup, files string) *cluster {
	t.Helper()
	c := emptyCluster(t)
	sh(t, "A server from its backup", "PGDATA="+c.data(), "BACKUP="+b.dir, "NEW_FILES="+files)
	if cred := serverUser(t); cred != nil { // what root restored root owns
		must(t, filepath.Walk(c.data(), func(path string, _ os.FileInfo, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(path, int(cred.Uid), int(cred.Gid))
		}))
	}
	c.start()
	t.Log(fuyan(t, "verify", "--database-url", c.url("fuyan")))
	return c
}

// goOn restores a backup and lets people work on it.
func (l *town) goOn(b backup, random *rand.Rand) {
	l.t.Helper()
	files := l.t.TempDir()
	c := b.restore(l.t, b, files)
	pool, url := c.pool("fuyan"), c.url("fuyan")
	l.checkRestored(pool, b, files)
	release(l.t, pool) // the short form does not wait for a rescue
	server := newServer(l.t, url, "--files", "file://"+files)
	newWorker(l.t, url, "--files", "file://"+files)
	then := l.at(server.addr)
	one := then.run(0, random)
	then.checkNumber(pool, &life{load: one, random: random})
	one.stop()
	after := then.run(4, random)
	time.Sleep(time.Second)
	after.stop()
	settle(l.t, pool)
	for _, w := range wrongs {
		for _, found := range texts(l.t, pool, w.sql) {
			l.t.Errorf("%s: %s", w.what, found)
		}
	}
	l.t.Log(fuyan(l.t, "verify", "--database-url", url))
}

// at are the same people at another server.
func (l *town) at(addr string) *town {
	n := &town{t: l.t, People: l.People, clients: map[string]clients{}, failed: map[string]int{}, patience: l.patience}
	n.sequence.Store(l.sequence.Load())
	n.turns = newTurns([]string{addr})
	transport := connecthttp.NewTransport(&http.Client{Transport: n.turns}, "http://town")
	for _, u := range l.All() {
		n.clients[u.Name] = newClients(connect.NewClient(transport, bearer(postgrestest.Token(u))))
	}
	return n
}

// checkRestored: all that was acknowledged before the backup began is in it, and the
// bytes of each file.
func (l *town) checkRestored(pool *pgxpool.Pool, b backup, files string) {
	l.t.Helper()
	var requests, numbers []string
	for _, e := range b.before {
		if !e.unclaimed {
			requests = append(requests, e.request)
		}
		if e.number != "" && e.verb != voidNumber {
			numbers = append(numbers, e.number)
		}
	}
	for what, sql := range map[string]string{
		"write":  `SELECT r FROM unnest($1::text[]) r WHERE NOT EXISTS (SELECT FROM requests q WHERE q.id = r::uuid)`,
		"letter": `SELECT n FROM unnest($1::text[]) n WHERE NOT EXISTS (SELECT FROM letters WHERE document_number = n AND edition = 1)`,
	} {
		list := requests
		if what == "letter" {
			list = numbers
		}
		for _, lost := range texts(l.t, pool, sql, list) {
			l.t.Errorf("the %s %s was acknowledged before the backup and is not in it", what, lost)
		}
	}
	stored := texts(l.t, pool, `SELECT DISTINCT encode(sha256, 'hex') FROM files WHERE stored`)
	for _, digest := range stored {
		content, err := os.ReadFile(filepath.Join(files, "evidence", digest))
		if got := sha256.Sum256(content); err != nil || hex.EncodeToString(got[:]) != digest {
			l.t.Errorf("the file %s is in the database, and its bytes are not: %v", digest, err)
		}
	}
	there := texts(l.t, pool, `SELECT count(*)::text FROM requests`)
	l.t.Logf("%s writes are restored, of which %d were acknowledged before, with %d letters; %d files", there[0], len(requests), len(numbers), len(stored))
	if len(numbers) == 0 || len(stored) == 0 {
		l.t.Error("there was no letter or no file to lose")
	}
}

// checkNumber issues one letter, which takes the number behind the last.
func (l *town) checkNumber(pool *pgxpool.Pool, f *life) {
	l.t.Helper()
	const last = `SELECT sum(last)::text FROM series`
	before := texts(l.t, pool, last)[0]
	for _, step := range []func() bool{f.receive, f.accept, f.assign, f.draft, f.review, f.issue} {
		if !step() {
			l.t.Fatalf("nothing can be done on what was restored: %q", l.refused)
		}
	}
	issued := l.told()
	number := issued[len(issued)-1].number
	for _, wrong := range texts(l.t, pool, `SELECT 'the series are at ' || sum(last) || ' after ' || $1 FROM series HAVING sum(last) <> $1::int + 1
		UNION ALL SELECT $2 || ' is not the last of its series' WHERE NOT EXISTS (
			SELECT FROM letters l JOIN series_numbers x ON x.letter_id = l.id JOIN series s USING (prefix, year)
			WHERE l.document_number = $2 AND s.last = x.number)`, before, number) {
		l.t.Error(wrong)
	}
}
