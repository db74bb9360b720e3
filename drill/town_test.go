package drill_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/casework"
	"fuyan/gen/fuyan/v1/fuyanv1connect"
	"fuyan/postgres/postgrestest"
)

// A town is people at work through one server or more, and what they were
// answered.
type town struct {
	t testing.TB
	postgrestest.People
	clients map[string]clients // by account
	turns   *turns
	patience
	pace     <-chan time.Time // a call may begin; nil never waits
	doubtful bool             // the servers do not agree on the day

	mu       sync.Mutex
	journal  []entry
	refused  []string // that should not have been
	failed   map[string]int
	calls    []timed
	reads    atomic.Int64
	again    atomic.Int64 // calls made again with the same request id
	stale    atomic.Int64 // answers that somebody else had changed the thing
	sequence atomic.Int64
}

// A patience is how long the people wait.
type patience struct {
	attempt time.Duration // for the answer of one call
	pause   time.Duration // until they call again
}

// timed is how long one call took.
type timed struct {
	what  string
	began time.Time
	took  time.Duration
}

// An entry is one write as its caller knows it.
type entry struct {
	request      string
	proposal     int64 // 0 before it is known
	verb         string
	acknowledged bool
	version      int64  // of the proposal, as answered; 0 where it was of something else
	promise      int64  // the version of the promise that it was of
	number       string // that a letter took, or that was voided
	made         int64  // the identity of what else it made: a file, a filter, a list
	unclaimed    bool   // its request is not on record under its own id
}

// newTown puts the people on record, who call the servers at addrs in turn.
func newTown(t testing.TB, pool *pgxpool.Pool, addrs ...string) *town {
	t.Helper()
	l := &town{
		t: t, People: postgrestest.NewPeople(t, pool), clients: map[string]clients{}, failed: map[string]int{},
		patience: patience{attempt: 20 * time.Second, pause: 50 * time.Millisecond},
	}
	_, err := pool.Exec(t.Context(), `INSERT INTO notice_settings (user_id, mail, mail_mode)
		SELECT id, name || '@example.cn', 'at_once' FROM users WHERE name IN ('handler', 'head', 'office', 'delegate')`)
	must(t, err)
	l.turns = newTurns(addrs)
	transport := connecthttp.NewTransport(&http.Client{Transport: l.turns}, "http://town")
	for _, u := range l.All() {
		l.clients[u.Name] = newClients(connect.NewClient(transport, bearer(postgrestest.Token(u))))
	}
	return l
}

// as is how somebody calls.
func (l *town) as(u casework.User) clients { return l.clients[u.Name] }

// clients are the RPCs as one person calls them.
type clients struct {
	proposals   fuyanv1connect.ProposalServiceClient
	replies     fuyanv1connect.ReplyServiceClient
	commitments fuyanv1connect.CommitmentServiceClient
	feedback    fuyanv1connect.FeedbackServiceClient
	boards      fuyanv1connect.BoardServiceClient
	work        fuyanv1connect.WorkServiceClient
	notices     fuyanv1connect.NoticeServiceClient
	figures     fuyanv1connect.ReportServiceClient
	public      fuyanv1connect.PublicServiceClient
	accounts    fuyanv1connect.AccountServiceClient
	filters     fuyanv1connect.FilterServiceClient
	follows     fuyanv1connect.FollowServiceClient
	imports     fuyanv1connect.ImportServiceClient
}

func newClients(c *connect.Client) clients {
	return clients{
		fuyanv1connect.NewProposalServiceClient(c), fuyanv1connect.NewReplyServiceClient(c),
		fuyanv1connect.NewCommitmentServiceClient(c), fuyanv1connect.NewFeedbackServiceClient(c),
		fuyanv1connect.NewBoardServiceClient(c), fuyanv1connect.NewWorkServiceClient(c),
		fuyanv1connect.NewNoticeServiceClient(c), fuyanv1connect.NewReportServiceClient(c),
		fuyanv1connect.NewPublicServiceClient(c), fuyanv1connect.NewAccountServiceClient(c),
		fuyanv1connect.NewFilterServiceClient(c), fuyanv1connect.NewFollowServiceClient(c),
		fuyanv1connect.NewImportServiceClient(c),
	}
}

// bearer adds a token to every call.
func bearer(token string) connect.ClientInterceptor {
	return func(next connect.ClientFunc) connect.ClientFunc {
		return func(ctx context.Context, spec connect.Spec) (connect.ClientStream, error) {
			info, _ := connect.CallInfoForClientContext(ctx)
			info.RequestHeader().Set("Authorization", "Bearer "+token)
			return next(ctx, spec)
		}
	}
}

// turns sends each request to the next of several servers. It repeats none, and
// counts those that were answered as they wished.
type turns struct {
	http  http.Transport
	addrs []string
	next  atomic.Uint64

	mu       sync.Mutex
	answered map[string]int // by path
}

func newTurns(addrs []string) *turns {
	return &turns{addrs: addrs, answered: map[string]int{}, http: http.Transport{
		DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, MaxIdleConnsPerHost: 64,
	}}
}

// RoundTrip sends the request.
func (r *turns) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Host = r.addrs[r.next.Add(1)%uint64(len(r.addrs))]
	resp, err := r.http.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusOK {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.answered[req.URL.Path]++
	}
	return resp, err
}

// answerLost reports whether a careful client calls again with the same request
// id: nobody knows whether the write was done, or it could not be done now.
func answerLost(err error) bool {
	e, ok := errors.AsType[*connect.Error](err)
	if !ok || !e.IsRemote() {
		return true
	}
	return slices.Contains([]connect.Code{connect.CodeUnavailable, connect.CodeDeadlineExceeded, connect.CodeResourceExhausted}, e.Code())
}

// write makes a write, and makes it again with the same request id until it has an
// answer or ctx ends.
func (l *town) write(ctx context.Context, e entry, do func(ctx context.Context, request string) (entry, error)) (entry, error) {
	e.request = uuid.NewString()
	for first := true; ; first = false {
		if !first {
			l.again.Add(1)
		}
		attempt := l.attempt
		if first && l.sequence.Add(1)%doubled == 0 {
			attempt = l.twice
		}
		answer, err := attempt(ctx, e, do)
		if err == nil {
			e.acknowledged, e.version, e.promise, e.number, e.made = true, answer.version, answer.promise, answer.number, answer.made
			e.proposal = max(e.proposal, answer.proposal)
			l.note(e)
			return e, nil
		}
		if !answerLost(err) {
			return e, err // nothing was done
		}
		l.fail(err)
		select {
		case <-time.After(l.pause):
		case <-ctx.Done():
			l.note(e)
			return e, ctx.Err()
		}
	}
}

// doubled is how many writes there are to one that is sent twice at once.
const doubled = 7

// twice makes an attempt as an impatient finger does: the same request comes twice
// at the same time. What one is answered, the other is answered too, unless its
// answer is lost or the servers do not agree on the day.
func (l *town) twice(ctx context.Context, e entry, do func(ctx context.Context, request string) (entry, error)) (entry, error) {
	var other entry
	var otherErr error
	var wg sync.WaitGroup
	wg.Go(func() { other, otherErr = l.attempt(ctx, e, do) })
	answer, err := l.attempt(ctx, e, do)
	wg.Wait()
	for _, e := range []error{err, otherErr} {
		if e != nil && answerLost(e) {
			return answer, e // of the two that is still to be asked
		}
	}
	differ := (err == nil) != (otherErr == nil)
	if differ && l.doubtful && err != nil {
		return other, otherErr // one server had not come to the day that the other took for today
	}
	if differ && !l.doubtful || err == nil && otherErr == nil && (other.number != answer.number || other.made != answer.made) {
		l.refuse("%s sent twice at once is answered %v %v and %v %v", e.verb, answer, err, other, otherErr)
	}
	return answer, err
}

func (l *town) attempt(ctx context.Context, e entry, do func(ctx context.Context, request string) (entry, error)) (entry, error) {
	l.wait()
	ctx, cancel := context.WithTimeout(ctx, l.patience.attempt)
	defer cancel()
	began := time.Now()
	answer, err := do(ctx, e.request)
	l.took("writes", began)
	return answer, err
}

// read makes a call that changes nothing, once.
func (l *town) read(ctx context.Context, what string, do func(ctx context.Context) error) error {
	l.wait()
	ctx, cancel := context.WithTimeout(ctx, l.patience.attempt)
	defer cancel()
	began := time.Now()
	err := do(ctx)
	l.took(what, began)
	l.reads.Add(1)
	if err == nil {
		return nil
	}
	if !answerLost(err) {
		l.refuse("a read: %v", err)
		return err
	}
	l.fail(err)
	return err
}

func (l *town) wait() {
	if l.pace != nil {
		<-l.pace
	}
}

func (l *town) note(e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.journal = append(l.journal, e)
}

// took notes how long a call took that began at a time.
func (l *town) took(what string, began time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, timed{what, began, time.Since(began)})
}

// slowest is how long the slowest call took. Nobody calls meanwhile.
func (l *town) slowest() (most time.Duration) {
	for _, c := range l.calls {
		most = max(most, c.took)
	}
	return most
}

// What happened to a call that no server answered: none took it or it lost the
// connection, or its caller had waited long enough.
const (
	noConnection = "no connection"
	noAnswer     = "no answer in time"
)

// fail counts a call without an answer by its code.
func (l *town) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	what := noConnection
	switch e, ok := errors.AsType[*connect.Error](err); {
	case ok && e.IsRemote():
		what = fmt.Sprintf("%v: %s", e.Code(), e.Message())
	case connect.CodeOf(err) == connect.CodeDeadlineExceeded, errors.Is(err, context.DeadlineExceeded):
		what = noAnswer
	}
	l.failed[what]++
}

// refuse puts an answer on record that nobody should have had.
func (l *town) refuse(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused = append(l.refused, fmt.Sprintf(format, args...))
}
