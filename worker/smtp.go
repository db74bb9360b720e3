package worker

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"fuyan/postgres"
)

// mailTimeout bounds each part of the talk with a mail server: to dial and greet
// it, and to hand over the mail.
const mailTimeout = 15 * time.Second

// A mailServer takes mails from one sender.
type mailServer struct {
	host, port string
	sender     *mail.Address
	dial       func(ctx context.Context, network, address string) (net.Conn, error)
	options    []gomail.Option
}

// NewSMTP returns what sends mails by the server of a URL such as
// smtp://user:pass@mail.example.cn:587 or smtps://mail.example.cn. With smtp it
// changes to TLS before anything is said, and sends nothing by a server that
// offers none, unless that is this machine or the URL ends in ?tls=optional.
func NewSMTP(address, from string) (SendMail, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"smtp", "smtp?tls=optional", "smtps"}, strings.TrimSuffix(u.Scheme+"?"+u.RawQuery, "?")) {
		return nil, errors.New("want smtp://USER:PASSWORD@HOST:PORT, if need be with ?tls=optional, or smtps://")
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the address that mails come from: %w", err)
	}
	s := newMailServer(u, sender)
	if _, err := s.client(new(line)); err != nil {
		return nil, err
	}
	return s.send, nil
}

func newMailServer(u *url.URL, sender *mail.Address) *mailServer {
	s := &mailServer{host: u.Hostname(), port: cmp.Or(u.Port(), "25"), sender: sender, dial: new(net.Dialer).DialContext}
	config := &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	policy := gomail.TLSMandatory
	switch {
	case u.Scheme == "smtps":
		s.port, s.dial = cmp.Or(u.Port(), "465"), (&tls.Dialer{Config: config}).DialContext
		policy = gomail.TLSOpportunistic // it is TLS already, and offers no more
	case u.RawQuery != "" || onThisMachine(s.host):
		policy = gomail.TLSOpportunistic
	}
	s.options = []gomail.Option{
		gomail.WithTimeout(mailTimeout), gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(config),
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s
}

func onThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// A line is the connection of one talk: go-mail leaves it open where the talk
// fails before a mail is sent.
type line struct{ conn net.Conn }

func (l *line) close() {
	if l.conn != nil {
		_ = l.conn.Close() // the server has the mail or has not
	}
}

func (s *mailServer) client(l *line) (*gomail.Client, error) {
	return gomail.NewClient(s.host, slices.Concat(s.options, []gomail.Option{
		gomail.WithDialContextFunc(func(ctx context.Context, network, _ string) (_ net.Conn, err error) {
			l.conn, err = s.dial(ctx, network, net.JoinHostPort(s.host, s.port))
			return l.conn, err
		}),
	})...)
}

func (s *mailServer) send(ctx context.Context, o *postgres.Outgoing, sent func() error) error {
	m, err := compose(o, s.sender)
	if err != nil {
		return &failure{kind: unwritable}
	}
	l := new(line)
	defer l.close()
	client, err := s.client(l)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return s.notGreeted(l, err)
	}
	defer func() { _ = client.Close() }() // says goodbye
	if err := client.Send(m); err != nil && !m.IsDelivered() {
		return s.refused(err)
	}
	return sent()
}

// notGreeted says why the talk came to no mail.
func (s *mailServer) notGreeted(l *line, err error) error {
	f := &failure{kind: insecure, host: s.host}
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		f.code = e.Code
	}
	timeout, ok := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		f.kind = interrupted
	case l.conn == nil:
		f.kind = unreachable
	case ok && timeout.Timeout():
		f.kind = broken
	case f.code >= 400 && f.code < 500:
		f.kind = putOff
	}
	return f
}

// refused says why the server has no mail. Only what it says for good of the
// recipient or of the mail itself is final.
func (s *mailServer) refused(err error) error {
	f := &failure{kind: broken, host: s.host}
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return f
	}
	f.code = e.ErrorCode()
	switch {
	case f.code == 0:
	case f.code < 500:
		f.kind = putOff
	case e.Reason == gomail.ErrSMTPMailFrom:
		f.kind = senderRefused
	case e.Reason == gomail.ErrSMTPRcptTo:
		f.kind = recipientRefused
	case e.Reason == gomail.ErrSMTPData || e.Reason == gomail.ErrSMTPDataClose:
		f.kind = mailRefused
	}
	return f
}
