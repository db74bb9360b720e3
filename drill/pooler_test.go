package drill_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// pooled starts a PgBouncer before c that lends a connection for a transaction, and
// returns the address of the database through it.
func (c *cluster) pooled() string {
	c.t.Helper()
	bin, err := exec.LookPath("pgbouncer")
	if err != nil {
		bin = "/usr/sbin/pgbouncer"
	}
	if _, err := os.Stat(bin); err != nil {
		c.t.Skip("there is no pgbouncer here")
	}
	_, port, _ := strings.Cut(freeAddr(c.t), ":")
	config := filepath.Join(c.dir, "pgbouncer.ini")
	must(c.t, os.WriteFile(config, fmt.Appendf(nil, `[databases]
fuyan = host=127.0.0.1 port=%s dbname=fuyan user=fuyan
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 6
`, c.port, port), 0o644))
	cmd := c.command("pgbouncer", config)
	cmd.Path = bin // not one of Postgres's own
	must(c.t, cmd.Start())
	c.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	url := "postgres://fuyan@127.0.0.1:" + port + "/fuyan?sslmode=disable&default_query_exec_mode=cache_describe"
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(c.t.Context(), url)
		if err == nil {
			must(c.t, conn.Close(c.t.Context()))
			return url
		}
		if time.Now().After(deadline) {
			c.t.Fatal(err)
		}
	}
}

// TestDrillPooler lets people work through a PgBouncer that lends a connection for a
// transaction, with fewer connections than people.
func TestDrillPooler(t *testing.T) {
	t.Parallel()
	random := newRandom(t)
	db := newCluster(t)
	direct, pooled := db.url("fuyan"), db.pooled()
	fuyan(t, "migrate", "--database-url", direct)
	servers := []*process{newServer(t, pooled), newServer(t, pooled)}
	workers := []*process{newWorker(t, pooled, "--poll-jobs"), newWorker(t, pooled, "--poll-jobs")}
	l := newTown(t, db.pool("fuyan"), servers[0].addr, servers[1].addr)
	load := l.run(12, random)
	time.Sleep(5 * time.Second)
	if full() {
		time.Sleep(time.Minute)
	}
	load.stop()
	if len(l.failed) > 0 {
		t.Errorf("calls without an answer: %v", l.failed)
	}
	l.verdict(db.pool("fuyan"), direct, workers...)
}
