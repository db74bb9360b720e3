package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"fuyan/postgres"
)

// webhookTimeout bounds one call of a webhook.
const webhookTimeout = 15 * time.Second

// NewWebhookClient returns the client that calls people's webhooks: it follows
// no redirect, and reaches neither this machine nor its link.
func NewWebhookClient() *http.Client {
	dialer := &net.Dialer{Timeout: webhookTimeout, Control: farAway}
	return &http.Client{
		Timeout:       webhookTimeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: webhookTimeout},
		CheckRedirect: stay,
	}
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

var errNear = errors.New("the address is of this machine or its link")

// farAway refuses an address after its name was resolved, so that no name leads
// here.
func farAway(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := to.Addr().Unmap()
	if ip.IsLoopback() || ip.IsUnspecified() || ip.IsLinkLocalUnicast() || ip.IsMulticast() {
		return errNear
	}
	return nil
}

// callWebhook posts a notice, signed by Standard Webhooks. What the other side
// says beside its status is not read.
func callWebhook(ctx context.Context, client *http.Client, o *postgres.Outgoing) error {
	body, err := json.Marshal(o.Payload)
	if err != nil {
		return &permanentError{err}
	}
	hook, err := standardwebhooks.NewWebhook(o.Secret)
	if err != nil {
		return &permanentError{err}
	}
	signature, err := hook.Sign(o.MessageID, o.At, body)
	if err != nil {
		return &permanentError{err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.URL, bytes.NewReader(body))
	if err != nil {
		return &permanentError{err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "fuyan")
	req.Header.Set(standardwebhooks.HeaderWebhookID, o.MessageID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(o.At.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	resp, err := client.Do(req)
	switch {
	case errors.Is(err, errNear):
		return &permanentError{errNear}
	case err != nil:
		return err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return nil
	case resp.StatusCode == http.StatusGone: // wants no more, by Standard Webhooks
		return &permanentError{fmt.Errorf("answered %s", resp.Status)}
	}
	return fmt.Errorf("answered %d", resp.StatusCode)
}
