package worker

import (
	"bytes"
	"context"
	"crypto/tls"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"fuyan/postgres"
)

// A SendMail sends one mail from an address. It calls sent as soon as the mail
// has been accepted, before anything else: what happens between the two, the
// next attempt repeats, with the same Message-ID.
type SendMail func(ctx context.Context, o *postgres.Outgoing, sent func() error) error

// mailTimeout bounds each part of the talk with a mail server: to dial and greet
// it, and to hand over the mail.
const mailTimeout = 15 * time.Second

// NewSMTP returns what sends mails by the server of a URL such as
// smtp://user:pass@mail.example.cn:587 or smtps://mail.example.cn. With smtp it
// changes to TLS where the server offers it.
func NewSMTP(address, from string) (SendMail, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("want smtp://USER:PASSWORD@HOST:PORT, or smtps://")
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the address that mails come from: %w", err)
	}
	options := []gomail.Option{
		gomail.WithTimeout(mailTimeout), gomail.WithoutNoop(), gomail.WithoutRset(),
		gomail.WithTLSPolicy(gomail.TLSOpportunistic), gomail.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}),
	}
	if u.Scheme == "smtps" {
		options = append(options, gomail.WithSSLPort(false))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		options = append(options, gomail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	if _, err := gomail.NewClient(u.Hostname(), options...); err != nil {
		return nil, err
	}
	return func(ctx context.Context, o *postgres.Outgoing, sent func() error) error {
		client, err := gomail.NewClient(u.Hostname(), options...)
		if err != nil {
			return err
		}
		return sendBy(ctx, client, sender, o, sent)
	}, nil
}

func sendBy(ctx context.Context, client *gomail.Client, sender *mail.Address, o *postgres.Outgoing, sent func() error) error {
	m, err := compose(o, sender)
	if err != nil {
		return &permanentError{err}
	}
	if err := client.DialWithContext(ctx); err != nil {
		return refused(err)
	}
	defer func() { _ = client.Close() }() // the server has the mail or has not
	if err := client.Send(m); err != nil && !m.IsDelivered() {
		return refused(err)
	}
	return sent()
}

// A permanentError is one that no further try will mend.
type permanentError struct{ cause error }

func (e *permanentError) Error() string { return e.cause.Error() }
func (e *permanentError) Unwrap() error { return e.cause }

// refused makes the mail server's final no (5xx to the mail itself) permanent.
func refused(err error) error {
	if e, ok := errors.AsType[*gomail.SendError](err); ok && e.ErrorCode() >= 500 {
		return &permanentError{err}
	}
	return err
}

// NewFolder returns what keeps mails as .eml files, each whole or not at all. A
// mail that is sent again takes the place of the one before.
func NewFolder(dir, from string) (SendMail, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the address that mails come from: %w", err)
	}
	return func(_ context.Context, o *postgres.Outgoing, sent func() error) error {
		m, err := compose(o, sender)
		if err != nil {
			return &permanentError{err}
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		var text bytes.Buffer
		if _, err := m.WriteTo(&text); err != nil {
			return err
		}
		if err := writeWhole(filepath.Join(dir, o.MessageID+".eml"), text.Bytes()); err != nil {
			return err
		}
		return sent()
	}, nil
}

// writeWhole writes a file that nobody sees half.
func writeWhole(name string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".eml-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

//go:embed mail.html
var mailHTML string

var mailPage = template.Must(template.New("mail").Parse(mailHTML))

// compose writes a mail as text and as HTML.
func compose(o *postgres.Outgoing, sender *mail.Address) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(sender)
	if err := m.AddToFormat(o.Name, o.Mail); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(sender.Address, "@")
	m.Subject(o.Subject)
	m.SetDateWithValue(o.At)
	m.SetMessageIDWithValue(o.MessageID + "@" + domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, o.Name+"，您好：\n\n"+o.Text+"\n\n"+foot+"\n")
	var page bytes.Buffer
	err := mailPage.Execute(&page, struct {
		*postgres.Outgoing
		Lines []string
		Foot  string
	}{o, strings.Split(o.Text, "\n"), foot})
	m.AddAlternativeString(gomail.TypeTextHTML, page.String())
	return m, err
}

const foot = "此件由复言自动发出。接收方式可在“我的账户”中更改。"
