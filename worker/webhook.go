package worker

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"fuyan/postgres"
)

// webhookTimeout bounds one call of a webhook.
const webhookTimeout = 15 * time.Second

// offLimitNetworks are those of this machine, its link, its town hall and its
// provider, and those that lead there under another name. Metadata services of
// clouds are among them.
var offLimitNetworks = networks(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func networks(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// NewWebhookClient returns the client that calls people's webhooks: it follows
// no redirect, and reaches this machine and private networks only where they are
// in one that is allowed.
func NewWebhookClient(allowed []netip.Prefix) *http.Client {
	dialer := &net.Dialer{Timeout: webhookTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		return mayReach(address, allowed)
	}}
	return &http.Client{
		Timeout:       webhookTimeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: webhookTimeout, IdleConnTimeout: time.Minute},
		CheckRedirect: stay,
	}
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

var errOffLimits = errors.New("the address is off limits")

// mayReach refuses an address after its name was resolved, so that no name leads
// where none may.
func mayReach(address string, allowed []netip.Prefix) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := to.Addr().Unmap().WithZone("") // with its zone, no network would hold it
	holds := func(n netip.Prefix) bool { return n.Contains(ip) }
	if slices.ContainsFunc(offLimitNetworks, holds) && !slices.ContainsFunc(allowed, holds) {
		return errOffLimits
	}
	return nil
}

// callWebhook posts a notice, signed by Standard Webhooks. What the other side
// says beside its status is not read.
func callWebhook(ctx context.Context, client *http.Client, o *postgres.Outgoing) error {
	req, err := webhookRequest(ctx, o)
	if err != nil {
		return &failure{kind: unwritable}
	}
	host := req.URL.Hostname()
	resp, err := client.Do(req)
	if err != nil {
		return &failure{kind: unanswered(err), host: host}
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return nil
	case resp.StatusCode == http.StatusGone: // wants no more, by Standard Webhooks
		return &failure{kind: gone, host: host, code: resp.StatusCode}
	}
	return &failure{kind: answered, host: host, code: resp.StatusCode}
}

// webhookRequest fails where the address or the secret is no good.
func webhookRequest(ctx context.Context, o *postgres.Outgoing) (*http.Request, error) {
	body, err := json.Marshal(o.Payload)
	if err != nil {
		return nil, err
	}
	hook, err := standardwebhooks.NewWebhook(o.Secret)
	if err != nil {
		return nil, err
	}
	signature, err := hook.Sign(o.MessageID, o.At, body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "fuyan")
	req.Header.Set(standardwebhooks.HeaderWebhookID, o.MessageID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(o.At.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return req, nil
}

// unanswered is the kind of an error that came in place of an answer.
func unanswered(err error) kind {
	dial, ok := errors.AsType[*net.OpError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return interrupted
	case errors.Is(err, errOffLimits):
		return offLimits
	case untrusted:
		return insecure
	case ok && dial.Op == "dial":
		return unreachable
	}
	return broken
}
