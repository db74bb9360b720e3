package drill_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/google/uuid"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// longest is how long the public may read what was taken down: as long as a standby
// may be behind, and the time between two looks at it.
const longest = 33 * time.Second

// TestDrillLag takes a reply down that a standby does not know of, as it has
// stopped: who is signed in sees it at once, and everybody after a while.
func TestDrillLag(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	id := p.published()
	page := fmt.Sprintf("http://%s/replies/%d", p.server.addr, id)
	p.readsStandby()
	p.standby.exec("fuyan", "SELECT pg_wal_replay_pause()")
	p.takeDown(id)
	taken := time.Now()
	_, err := p.as(p.Delegate).public.GetPublishedReply(t.Context(), &fuyanv1.GetPublishedReplyRequest{ProposalId: id})
	if connect.CodeOf(err) != connect.CodeNotFound {
		t.Errorf("who is signed in reads what was taken down: %v", err)
	}
	if status, err := get(t.Context(), page); err != nil || status != http.StatusOK {
		t.Errorf("the standby has stopped, and the public gets %d, %v: it does not read there", status, err)
	}
	if !full() { // nobody waits until it is too far behind
		p.standby.exec("fuyan", "SELECT pg_wal_replay_resume()")
	}
	for status := 0; status != http.StatusNotFound; time.Sleep(100 * time.Millisecond) {
		var err error
		status, err = get(t.Context(), page)
		must(t, err)
		if time.Since(taken) > longest {
			t.Fatalf("the public reads it still: %d", status)
		}
	}
	t.Logf("not read after %v", time.Since(taken).Round(100*time.Millisecond))
	if full() {
		p.standby.exec("fuyan", "SELECT pg_wal_replay_resume()")
		p.readsStandby()
	}
}

// published lets people work until a reply is public, also on the standby, and
// returns its proposal.
func (p *pair) published() int64 {
	p.t.Helper()
	load := p.run(4, p.random)
	pool := p.primary.pool("fuyan")
	const first = `SELECT proposal_id::text FROM published_replies ORDER BY 1 LIMIT 1`
	for deadline := time.Now().Add(2 * time.Minute); len(texts(p.t, pool, first)) == 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatal("nobody publishes anything")
		}
	}
	load.stop()
	caughtUp(p.t, pool, p.standby.pool("fuyan"))
	id, err := strconv.ParseInt(texts(p.t, pool, first)[0], 10, 64)
	must(p.t, err)
	return id
}

func (p *pair) takeDown(id int64) {
	p.t.Helper()
	answer, err := p.as(p.Office).proposals.GetProposal(p.t.Context(), &fuyanv1.GetProposalRequest{ProposalId: id})
	must(p.t, err)
	_, err = p.as(p.Office).replies.TakeDownReply(p.t.Context(), &fuyanv1.TakeDownReplyRequest{
		RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: answer.View.Proposal.Version, Reason: "有误",
	})
	must(p.t, err)
}
