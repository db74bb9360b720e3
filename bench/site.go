package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"connectrpc.com/connect/v2/connectproto"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// A call is one call of an RPC by somebody.
type call struct {
	spec   connect.Spec
	token  string // none for the public
	req    proto.Message
	answer protoreflect.MessageType
}

// newCall reads a call: the RPC as "ReplyService/GetReply", its request as JSON.
func newCall(rpc, token, request string) (*call, error) {
	service, method, _ := strings.Cut(rpc, "/")
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("fuyan.v1." + service + "." + method))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rpc, err)
	}
	schema := d.(protoreflect.MethodDescriptor)
	in, err := protoregistry.GlobalTypes.FindMessageByName(schema.Input().FullName())
	if err != nil {
		return nil, err
	}
	out, err := protoregistry.GlobalTypes.FindMessageByName(schema.Output().FullName())
	if err != nil {
		return nil, err
	}
	c := &call{
		spec:  connect.Spec{StreamType: connect.StreamTypeUnary, Schema: schema, Procedure: "/fuyan.v1." + rpc},
		token: token, req: in.New().Interface(), answer: out,
	}
	if err := protojson.Unmarshal([]byte(request), c.req); err != nil {
		return nil, fmt.Errorf("%s %s: %w", rpc, request, err)
	}
	return c, nil
}

// A codec is how messages are written.
type codec string

// The codecs that are measured.
const (
	inProto codec = connect.CodecNameProto
	inJSON  codec = connect.CodecNameJSON
)

// A site is something that answers over HTTP.
type site struct {
	server  *http.Server
	url     string
	http    *http.Client
	clients map[codec]*connect.Client
}

// unbounded is a server of h that waits for its clients.
func unbounded(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
}

// newSite serves on a port of its own until it is closed.
func newSite(ctx context.Context, server *http.Server) (*site, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &site{
		server:  server,
		url:     "http://" + l.Addr().String(),
		http:    &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4 * mostConns}},
		clients: map[codec]*connect.Client{},
	}
	for _, name := range []codec{inProto, inJSON} {
		s.clients[name] = connect.NewClient(connecthttp.NewTransport(s.http, s.url, connecthttp.WithSendCodec(string(name))))
	}
	go func() { _ = s.server.Serve(l) }() // it ends when it is closed
	return s, nil
}

func (s *site) close() {
	s.http.CloseIdleConnections()
	_ = s.server.Close() // nothing is under way
}

// call makes a call and returns the answer.
func (s *site) call(ctx context.Context, c *call, in codec) (proto.Message, error) {
	ctx, info := connect.NewClientContext(ctx)
	if c.token != "" {
		info.RequestHeader().Set("Authorization", "Bearer "+c.token)
	}
	answer := c.answer.New().Interface()
	if err := s.clients[in].CallUnary(ctx, c.spec, c.req, answer); err != nil {
		return nil, fmt.Errorf("%s: %w", c.spec.Procedure, err)
	}
	return answer, nil
}

// page returns the bytes of a page as the owner of a session sees it.
func (s *site) page(ctx context.Context, path, token string) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return 0, err
	}
	if token != "" {
		req.AddCookie(&http.Cookie{Name: "fuyan_session", Value: token})
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, resp.Status)
	}
	return n, err
}

// A bare handler answers with what the service once said, after it has run the
// statements that the service ran. It knows nothing else: not who asks, not what
// they may see, not what a request must look like.
type bare struct {
	pool *pgxpool.Pool
	now  atomic.Pointer[recording]
}

// A recording is what one call ran and what it answered.
type recording struct {
	*call
	tape  []*statement
	reply proto.Message
}

// handler serves every procedure of the calls.
func (b *bare) handler(calls []*call) http.Handler {
	rpcs, mux := connect.NewServer(), http.NewServeMux()
	have := map[string]bool{}
	for _, c := range calls {
		if !have[c.spec.Procedure] {
			have[c.spec.Procedure] = true
			rpcs.Register(connect.Method{Spec: c.spec, Handler: b.answer})
		}
	}
	connecthttp.Mount(mux, rpcs, connecthttp.WithCodecs(connectproto.NewBinaryCodec(), connectproto.NewJSONCodec()))
	return mux
}

func (b *bare) answer(ctx context.Context, _ connect.Spec, stream connect.ServerStream) error {
	r := b.now.Load()
	req := r.req.ProtoReflect().New().Interface()
	if err := stream.Receive(req); err != nil {
		return err
	}
	if err := replay(ctx, b.pool, r.tape); err != nil {
		return err
	}
	return stream.Send(r.reply)
}

// same says whether two answers are the same, however they were sent.
func same(a, b proto.Message) bool {
	write := proto.MarshalOptions{Deterministic: true}
	x, errX := write.Marshal(a)
	y, errY := write.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
