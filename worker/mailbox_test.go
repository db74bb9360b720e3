package worker_test

import (
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// A mood is how a mail server answers.
type mood int

const (
	takes    mood = iota
	putsOff       // refuses for now
	refuses       // refuses mails for good
	disowns       // refuses the sender for good
	hangs         // says nothing to the mail itself
	hangsAll      // says nothing at all
)

// A received mail is one that the server said yes to.
type received struct {
	to, subject, id, text string
	header                mail.Header
	at                    time.Time
}

// A mailbox is a mail server that keeps what it takes.
type mailbox struct {
	url string

	mu    sync.Mutex
	mood  mood
	mails []received
	freed chan struct{} // closed when it hangs no more
}

// newMailbox starts a mail server.
func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{freed: make(chan struct{})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	m.url = "smtp://" + l.Addr().String()
	s := smtp.NewServer(m)
	s.Domain, s.ReadTimeout, s.WriteTimeout = "localhost", time.Minute, time.Minute
	s.ErrorLog = discard{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l) // until it is closed
	}()
	t.Cleanup(func() {
		m.set(takes)
		must(t, s.Close())
		<-done
	})
	return m
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// set changes the server's mood, and lets go what hangs.
func (m *mailbox) set(to mood) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mood = to
	close(m.freed)
	m.freed = make(chan struct{})
}

// all returns the mails so far and forgets them if asked.
func (m *mailbox) all(forget bool) []received {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.mails
	if forget {
		m.mails = nil
	}
	return list
}

// NewSession implements smtp.Backend.
func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) {
	if m.wait(hangsAll) {
		return nil, &smtp.SMTPError{Code: 421, Message: "closing"}
	}
	return &session{box: m}, nil
}

// wait hangs while the server is in this mood, and reports whether it did.
func (m *mailbox) wait(in mood) bool {
	m.mu.Lock()
	hang, freed := m.mood == in, m.freed
	m.mu.Unlock()
	if !hang {
		return false
	}
	select {
	case <-freed:
	case <-time.After(30 * time.Second):
	}
	return true
}

type session struct {
	box *mailbox
	to  string
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(string, *smtp.MailOptions) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.box.mood == disowns {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not your address"}
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	return nil
}

// Data keeps a mail, as the server's mood is.
func (s *session) Data(r io.Reader) error {
	raw, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(raw.Body)
	if err != nil {
		return err
	}
	if s.box.wait(hangs) {
		return &smtp.SMTPError{Code: 451, Message: "too late"}
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	switch s.box.mood {
	case putsOff:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "come again"}
	case refuses:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no"}
	case takes, disowns, hangs, hangsAll:
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(raw.Header.Get("Subject"))
	if err != nil {
		return err
	}
	s.box.mails = append(s.box.mails, received{s.to, subject, raw.Header.Get("Message-Id"), string(body), raw.Header, time.Now()})
	return nil
}
