package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// prepare makes the call of a move, with what the walk knows.
func (w *walk) prepare(ctx context.Context, s move) (func(*walk, context.Context) error, error) {
	if err := w.lookUp(ctx, s.request); err != nil {
		return nil, err
	}
	c, err := w.call(ctx, s.rpc, s.who, w.facts.fill(s.request))
	if err != nil {
		return nil, err
	}
	m := c.req.ProtoReflect()
	set := func(name protoreflect.Name, v any) {
		if f := m.Descriptor().Fields().ByName(name); f != nil && !strings.Contains(s.request, `"`+f.JSONName()+`"`) {
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
	w.facts["proposer"], w.facts["proposal"], w.facts["letter"] = fmt.Sprint(proposer), fmt.Sprint(w.proposal), fmt.Sprint(w.letter)
	err = w.other.QueryRow(ctx, `SELECT id, version FROM commitments WHERE proposal_id = $1 ORDER BY id LIMIT 1`, w.proposal).
		Scan(&w.commitment, &w.committed)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// lookups find what a request names and only a walk makes, by one statement each.
var lookups = map[string]string{
	"several": `SELECT jsonb_agg(jsonb_build_object('proposalId', id, 'expectedVersion', version))::text FROM (SELECT id, version FROM proposals
		WHERE id = $proposal OR organ_id = $organ AND state = 'drafting' ORDER BY id DESC LIMIT 10) p`,
	"deadline":      `SELECT id FROM deadlines WHERE proposal_id = $proposal AND rule = 'REPLY'`,
	"kept":          `SELECT version FROM working_copies WHERE user_id = $handler ORDER BY version DESC LIMIT 1`,
	"corrected":     `SELECT to_json(replace(text, '已开放两处', '已开放四处'))::text FROM letters WHERE id = $letter`,
	"other":         `SELECT max(id) FROM commitments WHERE proposal_id = $proposal`,
	"otherVersion":  `SELECT version FROM commitments WHERE proposal_id = $proposal ORDER BY id DESC LIMIT 1`,
	"urge":          `SELECT max(id) FROM urges`,
	"filter":        `SELECT max(id) FROM filters`,
	"notice":        `SELECT max(id) FROM notices WHERE user_id = $handler`,
	"settings":      `SELECT coalesce(max(version), 0) FROM notice_settings WHERE user_id = $delegate`,
	"ladder":        `SELECT coalesce(max(version), 0) FROM ladders WHERE organ_id = $organ AND code = 'PUBLISH'`,
	"secret":        `SELECT max(id) FROM tokens`,
	"user":          `SELECT version FROM users WHERE id = $delegate`,
	"from":          `SELECT max(id) - 1 FROM divisions`,
	"into":          `SELECT max(id) FROM divisions`,
	"queued":        `SELECT max(id) FROM river_job WHERE state = 'available'`,
	"cancelled":     `SELECT max(id) FROM river_job WHERE state = 'cancelled'`,
	"import":        `SELECT max(id) FROM hand_over_imports`,
	"importVersion": `SELECT version FROM hand_over_imports ORDER BY id DESC LIMIT 1`,
}

// lookUp finds what a request names.
func (w *walk) lookUp(ctx context.Context, request string) error {
	for _, name := range reference.FindAllString(request, -1) {
		sql, ok := lookups[name[1:]]
		if !ok {
			continue
		}
		var value any
		if err := w.other.QueryRow(ctx, w.facts.fill(sql)).Scan(&value); err != nil {
			return fmt.Errorf("find %s: %w", name, err)
		}
		w.facts[name[1:]] = fmt.Sprint(value)
	}
	return nil
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

func (w *walk) endTerm(ctx context.Context) error {
	term, err := strconv.ParseInt(w.facts["term"], 10, 32)
	if err != nil {
		return err
	}
	return w.recorded.DoEndTerm(ctx, postgres.EndTermJob{Body: "市政协", Term: int32(term)})
}

// receiveImport receives the list that was confirmed last.
func (w *walk) receiveImport(ctx context.Context) error {
	id, err := strconv.ParseInt(w.facts["import"], 10, 64)
	if err != nil {
		return err
	}
	return w.recorded.DoReceiveImport(ctx, postgres.ReceiveImport{ImportID: id})
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
	"urges":       `SELECT count(*), md5(string_agg(id || ' ' || document_number || ' ' || answer, ',' ORDER BY id)) FROM urges`,
	"tokens":      `SELECT count(*), md5(string_agg(id || ' ' || (revoked_at IS NULL), ',' ORDER BY id)) FROM tokens`,
	"divisions":   `SELECT count(*), md5(string_agg(id || name || coalesce(merged_into, 0), ',' ORDER BY id)) FROM divisions`,
	"rows":        `SELECT count(*), md5(string_agg(import_id || ' ' || line || ' ' || outcome, ',' ORDER BY import_id, line)) FROM hand_over_import_rows`,
	"calendar":    `SELECT count(*), md5(string_agg(day || name, ',' ORDER BY day)) FROM calendar_days`,
	"rules":       `SELECT count(*), md5(string_agg(code || kind || valid_from, ',' ORDER BY id)) FROM deadline_rules`,
	"events":      `SELECT count(*), '' FROM events`,
	"notices":     `SELECT count(*), '' FROM notices`,
	"rungs":       `SELECT count(*), '' FROM rungs`,
	"filters":     `SELECT count(*), '' FROM filters`,
	"copies":      `SELECT count(*), '' FROM working_copies`,
	"requests":    `SELECT count(*), md5(string_agg(id::text, ',' ORDER BY id)) FROM requests`,
	"river_job":   `SELECT count(*), md5(string_agg(kind || args || state, ',' ORDER BY id)) FROM river_job`,
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
