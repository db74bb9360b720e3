package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// prepare makes the call of a move, with what the walk knows.
func (w *walk) prepare(ctx context.Context, s move) (func(*walk, context.Context) error, error) {
	c, err := w.call(ctx, s.rpc, s.who, w.facts.fill(s.request))
	if err != nil {
		return nil, err
	}
	m := c.req.ProtoReflect()
	set := func(name protoreflect.Name, v any) {
		if f := m.Descriptor().Fields().ByName(name); f != nil {
			m.Set(f, protoreflect.ValueOf(v))
		}
	}
	set("request_id", newUUID())
	set("expected_version", w.version)
	set("proposal_id", w.proposal)
	if m.Descriptor().Fields().ByName("commitment_id") != nil {
		set("commitment_id", w.commitment)
		set("expected_version", w.committed)
	}
	return func(w *walk, ctx context.Context) error {
		answer, err := w.listened.call(ctx, c, inProto)
		w.learn(answer)
		return err
	}, nil
}

// look finds out what jobs made since: the version of the proposal, its reply, its
// letter and its first promise. It is no part of what is measured.
func (w *walk) look(ctx context.Context) error {
	if w.proposal == 0 {
		return nil
	}
	var proposer int64
	err := w.other.QueryRow(ctx, `SELECT p.version, (SELECT min(id) FROM proposers WHERE proposal_id = p.id),
			coalesce((SELECT max(id) FROM replies WHERE proposal_id = p.id), 0), coalesce((SELECT max(id) FROM letters WHERE proposal_id = p.id), 0)
		FROM proposals p WHERE p.id = $1`, w.proposal).Scan(&w.version, &proposer, &w.reply, &w.letter)
	if err != nil {
		return err
	}
	w.facts["proposer"] = fmt.Sprint(proposer)
	err = w.other.QueryRow(ctx, `SELECT id, version FROM commitments WHERE proposal_id = $1 ORDER BY id LIMIT 1`, w.proposal).
		Scan(&w.commitment, &w.committed)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// learn takes the proposal's id from an answer.
func (w *walk) learn(answer proto.Message) {
	if p, ok := answer.(interface{ GetProposal() *fuyanv1.Proposal }); ok && w.proposal == 0 {
		w.proposal = p.GetProposal().GetId()
	}
}

func (w *walk) recordCommitments(ctx context.Context) error {
	return w.recorded.DoRecordCommitments(ctx, postgres.RecordCommitments{LetterID: w.letter})
}

func (w *walk) sendCopy(ctx context.Context, organ string) error {
	id, err := strconv.ParseInt(w.facts[organ], 10, 64)
	if err != nil {
		return err
	}
	return w.recorded.DoSendCopy(ctx, postgres.SendCopyJob{ReplyID: w.reply, OrganID: id})
}

func (w *walk) sendFirstCopy(ctx context.Context) error { return w.sendCopy(ctx, "governmentOrgan") }

func (w *walk) sendLastCopy(ctx context.Context) error { return w.sendCopy(ctx, "cppccOrgan") }

func (w *walk) tellProposer(ctx context.Context) error {
	return w.recorded.DoTellProposer(ctx, postgres.TellProposer{ProposalID: w.proposal, Occasion: "issued", Ref: w.letter})
}

func newUUID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // it never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// sums say what a database holds, one line a table, by what no clock decides.
var sums = map[string]string{
	"proposals":   `SELECT count(*), md5(string_agg(id || ' ' || version || ' ' || state || ' ' || encode(event_hash, 'hex'), ',' ORDER BY id)) FROM proposals`,
	"commitments": `SELECT count(*), md5(string_agg(id || ' ' || version || ' ' || state, ',' ORDER BY id)) FROM commitments`,
	"deadlines":   `SELECT count(*), md5(string_agg(id || ' ' || due || ' ' || coalesce(met::text, ''), ',' ORDER BY id)) FROM deadlines`,
	"letters":     `SELECT count(*), md5(string_agg(encode(sha256, 'hex'), ',' ORDER BY id)) FROM letters`,
	"events":      `SELECT count(*), '' FROM events`,
	"notices":     `SELECT count(*), '' FROM notices`,
	"requests":    `SELECT count(*), md5(string_agg(id::text, ',' ORDER BY id)) FROM requests`,
	"river_job":   `SELECT count(*), md5(string_agg(kind || args, ',' ORDER BY id)) FROM river_job`,
}

// agreeOn checks that both databases hold the same: that the replay did what the
// operations did.
func (r *run) agreeOn(ctx context.Context) error {
	for table, sql := range sums {
		var said [2]struct {
			rows int64
			sum  *string
		}
		for i, pool := range []*pgxpool.Pool{r.other, r.twin} {
			if err := pool.QueryRow(ctx, sql).Scan(&said[i].rows, &said[i].sum); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		if said[0].rows != said[1].rows || orEmpty(said[0].sum) != orEmpty(said[1].sum) {
			return fmt.Errorf("the operations and their replay left two different tables of %s: %d and %d rows", table, said[0].rows, said[1].rows)
		}
	}
	return nil
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
