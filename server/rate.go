package server

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"connectrpc.com/connect/v2"
	"golang.org/x/time/rate"

	"fuyan/gen/fuyan/v1/fuyanv1connect"
)

// Attempts to sign in from one address. Behind it may be a whole department at
// nine o'clock; each account rests by itself after eight wrong passwords.
const (
	signInsASecond = 1
	signInsAtOnce  = 60
)

// mostRunning is how many calls may be under way, sixteen for each connection to
// the database. Those beyond would wait longer than it takes to ask again.
const mostRunning = 256

const tooMany = "请求过多，请稍候几秒再试"

var (
	errTooMany    = connect.NewError(connect.CodeResourceExhausted, tooMany)
	errTooManyIns = connect.NewError(connect.CodeResourceExhausted, "这一网络地址登录的次数过多，请一分钟后再试")
	errBusy       = connect.NewError(connect.CodeUnavailable, "系统繁忙，请稍后再试")
)

// A bucketKey is who makes requests: an account, or an address where nobody is
// signed in.
type bucketKey struct {
	user    int64
	address netip.Addr
}

// rates are a token bucket for each of who made requests lately. Whoever made none
// for two turns is forgotten, and is full again by then.
type rates struct {
	limit rate.Limit
	burst int
	turn  time.Duration

	mu          sync.Mutex
	now, before map[bucketKey]*rate.Limiter
	turned      time.Time
}

// mostBuckets is how many there may be in a turn: what one is, some 200 bytes.
const mostBuckets = 50_000

func newRates(aSecond float64, atOnce int) *rates {
	full := time.Duration(float64(atOnce) / aSecond * float64(time.Second))
	return &rates{limit: rate.Limit(aSecond), burst: atOnce, turn: full, now: map[bucketKey]*rate.Limiter{}}
}

// allow takes a token from the bucket of key, if it has one.
func (r *rates) allow(key bucketKey, at time.Time) bool {
	r.mu.Lock()
	if at.Sub(r.turned) > r.turn || len(r.now) >= mostBuckets {
		r.before, r.now, r.turned = r.now, map[bucketKey]*rate.Limiter{}, at
	}
	bucket := r.now[key]
	if bucket == nil {
		if bucket = r.before[key]; bucket == nil {
			bucket = rate.NewLimiter(r.limit, r.burst)
		}
		r.now[key] = bucket
	}
	r.mu.Unlock()
	return bucket.AllowN(at, 1)
}

// tooMany reports whether who makes a request made too many.
func (e *edge) tooMany(ctx context.Context) bool {
	key := bucketKey{user: userFrom(ctx).ID}
	if key.user == 0 {
		key.address = lineFrom(ctx).address
	}
	if e.rates == nil || key == (bucketKey{}) {
		return false
	}
	return !e.rates.allow(key, time.Now())
}

// refuses returns why a call is not done, nil where it is.
func (e *edge) refuses(ctx context.Context, spec connect.Spec) error {
	if overNetwork(ctx) && e.tooMany(ctx) {
		return errTooMany
	}
	key := bucketKey{address: lineFrom(ctx).address}
	if spec.Procedure == fuyanv1connect.AccountServiceSignInProcedure && e.signIns != nil && key.address.IsValid() &&
		!e.signIns.allow(key, time.Now()) {
		return errTooManyIns
	}
	return nil
}

// addressOf is where a request comes from, an IPv6 network where it is one: the
// last address of X-Forwarded-For that is no proxy of ours, if a proxy of ours
// sends it. A proxy that does not say so has none, for all that it passes on would
// be one.
func (e *edge) addressOf(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := peer.Addr().Unmap()
	if !e.isProxy(address) {
		return network(address)
	}
	named := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, name := range slices.Backward(named) {
		address, err := netip.ParseAddr(strings.TrimSpace(name))
		if err != nil {
			return netip.Addr{}
		}
		if address = address.Unmap(); !e.isProxy(address) {
			return network(address)
		}
	}
	return netip.Addr{}
}

func (e *edge) isProxy(a netip.Addr) bool {
	return slices.ContainsFunc(e.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// network is an address as one party has it, which has 2^64 of IPv6.
func network(a netip.Addr) netip.Addr {
	if a.Is4() {
		return a
	}
	p, _ := a.WithZone("").Prefix(64) // 64 is no more than it has
	return p.Addr()
}

// A place is a call's among those under way. It is taken when the request has been
// read and left when the answer goes out, so that who sends or reads slowly holds
// none.
type place struct {
	connect.ServerStream
	running *atomic.Int64
	taken   bool
}

// Receive reads the request and takes a place.
func (p *place) Receive(msg any) error {
	if err := p.ServerStream.Receive(msg); err != nil || p.taken {
		return err
	}
	if p.taken = true; p.running.Add(1) > mostRunning {
		p.leave()
		return errBusy
	}
	return nil
}

// Send leaves the place and answers.
func (p *place) Send(msg any) error {
	p.leave()
	return p.ServerStream.Send(msg)
}

func (p *place) leave() {
	if p.taken {
		p.taken = false
		p.running.Add(-1)
	}
}
