package postgres

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/mail"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// NoticeSettings say how a person wants to be told beside the inbox.
type NoticeSettings struct {
	Version    int64
	Mail       string
	MailMode   string // none, at_once, digest
	WebhookURL string
}

func settingsOf(r db.NoticeSetting) NoticeSettings {
	return NoticeSettings{r.Version, r.Mail, r.MailMode, r.WebhookUrl}
}

// GetNoticeSettings returns the settings of u.
func (d *DB) GetNoticeSettings(ctx context.Context, u casework.User) (NoticeSettings, error) {
	r, err := q.NoticeSettings(ctx, d.conn, u.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return NoticeSettings{MailMode: "none"}, nil
	}
	return settingsOf(r), err
}

// SaveNoticeSettings keeps the settings of the caller. secret is the one to sign
// webhooks with; where it is empty the present one stays. Where there is none
// one is made, and returned only the first time.
func (d *DB) SaveNoticeSettings(ctx context.Context, c Call, n NoticeSettings, secret string) (saved NoticeSettings, made string, err error) {
	if err := n.check(secret); err != nil {
		return n, "", err
	}
	saved, err = inTx(ctx, d, func(tx pgx.Tx) (NoticeSettings, error) {
		_, _, err := d.once(ctx, tx, c, func() (_ int64, err error) {
			made, err = saveSettings(ctx, tx, c, n, secret)
			return c.User.ID, err
		})
		if err != nil {
			return n, err
		}
		r, err := q.NoticeSettings(ctx, tx, c.User.ID)
		return settingsOf(r), err
	})
	return saved, made, err
}

func saveSettings(ctx context.Context, tx pgx.Tx, c Call, n NoticeSettings, secret string) (made string, err error) {
	if err := q.CreateNoticeSettings(ctx, tx, c.User.ID); err != nil {
		return "", err
	}
	row, err := q.LockNoticeSettings(ctx, tx, c.User.ID)
	if err != nil {
		return "", err
	}
	if c.Version != row.Version {
		return "", &casework.StaleError{Present: row.Version}
	}
	if secret == "" {
		secret = row.WebhookSecret
	}
	switch {
	case n.WebhookURL == "":
		secret = ""
	case secret == "":
		made = newWebhookSecret()
		secret = made
	}
	return made, q.SaveNoticeSettings(ctx, tx, db.SaveNoticeSettingsParams{
		Mail: n.Mail, MailMode: n.MailMode, WebhookUrl: n.WebhookURL, WebhookSecret: secret, UserID: c.User.ID,
	})
}

// check says what is wrong with settings beyond their shape.
func (n NoticeSettings) check(secret string) error {
	if n.Mail != "" {
		if a, err := mail.ParseAddress(n.Mail); err != nil || a.Address != n.Mail {
			return casework.Invalid("settings.mail", "应为一个邮件地址，如 name@example.cn")
		}
	}
	if n.MailMode != "none" && n.Mail == "" {
		return casework.Invalid("settings.mail", "要收邮件，应填邮件地址")
	}
	if n.WebhookURL != "" {
		u, err := url.Parse(n.WebhookURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
			return casework.Invalid("settings.webhook_url", "应为 https:// 或 http:// 开头的地址")
		}
	}
	if secret != "" {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
		if err != nil || len(key) < 24 || len(key) > 64 {
			return casework.Invalid("webhook_secret", "应为 whsec_ 开头的密钥，24至64字节，base64编码")
		}
	}
	return nil
}

// secretPrefix is that of Standard Webhooks.
const secretPrefix = "whsec_"

func newWebhookSecret() string {
	key := make([]byte, 24)
	rand.Read(key) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}
