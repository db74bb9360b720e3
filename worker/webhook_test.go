package worker_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"fuyan/postgres"
	"fuyan/worker"
)

// thisMachine returns a client whose webhooks are on this machine.
func thisMachine() *http.Client {
	return worker.NewWebhookClient([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
}

// TestWebhook posts the notice, signed, and follows no redirect.
func TestWebhook(t *testing.T) {
	t.Parallel()
	type call struct {
		header http.Header
		body   []byte
	}
	calls := make(chan call, 99)
	var status atomic.Int32
	status.Store(http.StatusNoContent)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		calls <- call{r.Header, body}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(int(status.Load()))
	}))
	t.Cleanup(srv.Close)
	p := newPost(t, worker.Options{Hook: thisMachine()})
	_, secret, err := p.SaveNoticeSettings(t.Context(), postgres.Call{User: p.Handler}, postgres.NoticeSettings{MailMode: "none", WebhookURL: srv.URL + "/hook"}, "")
	must(t, err)
	id := p.receive("0670")
	p.rest()
	got := <-calls
	hook, err := standardwebhooks.NewWebhook(secret)
	must(t, err)
	must(t, hook.VerifyIgnoringTimestamp(got.body, got.header))
	var payload postgres.Payload
	must(t, json.Unmarshal(got.body, &payload))
	if d := payload.Data; payload.Type != "notice.v1" || d.ProposalID != id || d.Occasion != "assign" || d.Subject != "【分办】提案第0670号已交您办理" {
		t.Errorf("payload %s", got.body)
	}
	if got := p.states(); got["handler webhook sent"] != 1 {
		t.Errorf("%v, want one sent", got)
	}

	status.Store(http.StatusFound)
	p.receive("0671")
	p.rest()
	if n := p.count(`SELECT count(*) FROM notice_deliveries WHERE state = 'failed' AND error = '推送地址没有接受（302）'`); n != 1 || len(calls) != postgres.MostTries {
		t.Errorf("a redirect: %d failed after %d calls, want 1 after %d", n, len(calls), postgres.MostTries)
	}
}

// TestWebhooksOffLimits reach nothing but what is public or allowed, whatever
// their name or writing.
func TestWebhooksOffLimits(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was reached") }))
	t.Cleanup(srv.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "http://"), ":")
	client := worker.NewWebhookClient([]netip.Prefix{netip.MustParsePrefix("10.7.0.0/16")})
	for _, host := range []string{
		"localhost", "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.8.0.1", "172.31.0.1", "192.168.0.1", "100.100.100.200",
		"169.254.169.254", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:10.8.0.1]",
		"[64:ff9b::7f00:1]", "[fc00::1]", "[fe80::1%25lo]", "[ff02::1%25lo]", "[2002:7f00:1::1]",
	} {
		if resp, err := client.Post("http://"+host+":"+port, "", nil); err == nil {
			_ = resp.Body.Close()
			t.Errorf("%s was reached", host)
		} else if !strings.Contains(err.Error(), "off limits") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// TestWebhookClientLetsConnectionsGo that nobody uses.
func TestWebhookClientLetsConnectionsGo(t *testing.T) {
	t.Parallel()
	if idle := worker.NewWebhookClient(nil).Transport.(*http.Transport).IdleConnTimeout; idle != time.Minute {
		t.Errorf("an idle connection is kept for %s", idle)
	}
}

// TestSecretsOfWebhooksStaySecret: what failed is in the log, in the job and on
// the notice, without the URL.
func TestSecretsOfWebhooksStaySecret(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close() // nobody listens
	log := &lines{}
	p := newPost(t, worker.Options{Hook: thisMachine(), Log: slog.New(slog.NewTextHandler(log, nil))})
	p.reads(p.Handler, postgres.NoticeSettings{MailMode: "none", WebhookURL: srv.URL + "/hook?token=hush"})
	p.receive("0670")
	p.rest()
	must(t, p.client.Stop(t.Context()))
	if n := p.count(`SELECT count(*) FROM notice_deliveries WHERE state = 'failed' AND error = '连接不上对方服务器'`); n != 1 {
		t.Errorf("%d notices say why, want one", n)
	}
	if n := p.count(`SELECT count(*) FROM river_job WHERE array_to_string(errors, '') LIKE '%127.0.0.1: unreachable%'`); n != 1 {
		t.Errorf("%d jobs say why, want one", n)
	}
	if n := p.count(`SELECT count(*) FROM river_job WHERE array_to_string(errors, '') LIKE '%hush%'`); n != 0 || strings.Contains(log.String(), "hush") {
		t.Errorf("the secret is in %d jobs, or in the log:\n%s", n, log)
	}
	if !strings.Contains(log.String(), "127.0.0.1: unreachable") {
		t.Errorf("the log says nothing of it:\n%s", log)
	}
}
