package worker

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"fuyan/postgres"
)

// A SendMail sends one mail from an address. It calls sent as soon as the mail
// has been accepted, before anything else: what happens between the two, the
// next attempt repeats, with the same Message-ID.
type SendMail func(ctx context.Context, o *postgres.Outgoing, sent func() error) error

//go:embed mail.html
var mailHTML string

var mailPage = template.Must(template.New("mail").Parse(mailHTML))

// compose writes a mail as text and as HTML.
func compose(o *postgres.Outgoing, sender *mail.Address) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(o.Mail)
	if err != nil {
		return nil, err
	}
	to.Name = o.Name
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(sender)
	m.AddToMailAddress(to)
	_, domain, _ := strings.Cut(sender.Address, "@")
	m.Subject(o.Subject)
	m.SetDateWithValue(o.At)
	m.SetMessageIDWithValue(o.MessageID + "@" + domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, o.Name+"，您好：\n\n"+o.Text+"\n\n"+foot+"\n")
	var page bytes.Buffer
	err = mailPage.Execute(&page, struct {
		*postgres.Outgoing
		Lines []string
		Foot  string
	}{o, strings.Split(o.Text, "\n"), foot})
	m.AddAlternativeString(gomail.TypeTextHTML, page.String())
	return m, err
}

const foot = "此件由复言自动发出。接收方式可在“我的账户”中更改。"
